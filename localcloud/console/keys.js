// Shortcuts: what every key does, and the dialog that says so.
import { make, show } from "./dom.js";

/** After `g`. @type {Record<string, [view: string, title: string]>} */
const VIEWS = {
  s: ["services", "Services"],
  w: ["workers", "Workers"],
  i: ["inbox", "Inbox"],
  r: ["resources", "Resources"],
  f: ["faults", "Faults"],
};

/** How long `g` waits for the next key, in milliseconds. */
const CHORD = 1_500;

const help = /** @type {HTMLDialogElement} */ (document.getElementById("help"));

/** @param {EventTarget | null} target */
function takesText(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

/** The box to filter with, if the view has one. */
const filter = () => /** @type {HTMLInputElement | null} */ (document.querySelector("main [data-filter]"));

/** Where the focus goes when a view is left by Escape. */
const main = () => /** @type {HTMLElement} */ (document.getElementById("main"));

/**
 * @param {number} step
 */
function move(step) {
  const cards = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("main [data-card]")]);
  const at = cards.findIndex((card) => card.contains(document.activeElement));
  const next = cards[at < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, at + step))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  "?": () => help.showModal(),
  "/": () => filter()?.select(),
  j: () => move(1),
  k: () => move(-1),
};

/** @type {[string[], string][]} */
const HELP = [
  ...Object.entries(VIEWS).map(([key, [, title]]) => /** @type {[string[], string]} */ ([["g", key], title])),
  [["/"], "Filter what is shown"],
  [["j"], "Next card"],
  [["k"], "Card before"],
  [["Esc"], "Empty the filter, close a dialog, go back from one resource"],
  [["?"], "This list"],
];

/** @param {{ back: () => void }} how `back` goes up from where one is */
export function listenToKeys({ back }) {
  let chord = -Infinity;
  show(
    /** @type {Element} */ (document.getElementById("help-keys")),
    HELP.flatMap(([keys, what]) => [
      make("dt", {}, ...keys.flatMap((key) => [make("kbd", {}, key), " "])),
      make("dd", {}, what),
    ]),
  );
  document.getElementById("help-button")?.addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      escaped(event, back);
      return;
    }
    if (takesText(event.target)) return;
    const chosen = event.timeStamp - chord < CHORD ? VIEWS[event.key] : undefined;
    chord = event.key === "g" ? event.timeStamp : -Infinity;
    if (chosen !== undefined) location.hash = `#/${chosen[0]}`;
    else KEYS[event.key]?.();
    if (chosen !== undefined || event.key in KEYS) event.preventDefault();
  });
}

/**
 * @param {KeyboardEvent} event
 * @param {() => void} back
 */
function escaped(event, back) {
  const box = filter();
  if (box !== null && event.target === box) {
    if (box.value === "") main().focus();
    box.value = "";
    box.dispatchEvent(new Event("input"));
    event.preventDefault();
  } else if (takesText(event.target)) main().focus();
  else back();
}
