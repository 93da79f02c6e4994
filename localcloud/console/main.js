// Which view is shown, what the frame around it says, and how it stands with localcloud.
import { settle } from "./api.js";
import { make, show } from "./dom.js";
import { faultsView } from "./faults.js";
import { inboxView } from "./inbox.js";
import { listenToKeys } from "./keys.js";
import { ask, follow, redraw } from "./live.js";
import { age } from "./moments.js";
import { resourcesView } from "./resources.js";
import { address, route } from "./routes.js";
import { servicesView } from "./services.js";
import { workersView } from "./workers.js";

/**
 * @typedef {{
 *   title: string, path: string, count: (value: any) => string | number, alarm?: (value: any) => boolean,
 *   draw: (parts: string[]) => import("./dom.js").Child[],
 * }} View `path` tells what is counted; `alarm`: whether something there is not as it should be
 */

/** @type {Record<string, View>} */
const VIEWS = {
  services: servicesView,
  workers: workersView,
  inbox: inboxView,
  resources: resourcesView,
  faults: faultsView,
};
const FIRST = "services";
/** Milliseconds that counts may be behind. */
const PACE = 3_000;

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const banner = /** @type {HTMLElement} */ (document.getElementById("banner"));
const link = /** @type {HTMLElement} */ (document.getElementById("link"));
const reload = /** @type {HTMLElement} */ (document.getElementById("reload"));

function current() {
  const [name = "", ...parts] = route();
  return Object.hasOwn(VIEWS, name) ? { name, parts } : { name: FIRST, parts: [] };
}

function draw() {
  const { name, parts } = current();
  const view = /** @type {View} */ (VIEWS[name]);
  show(main, [
    make(
      "div.view",
      { "data-key": `view ${name} ${parts.join("/")}` },
      make("h1", { tabindex: "-1", id: "title" }, view.title),
      ...view.draw(parts),
    ),
  ]);
  for (const tab of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-view]"))) {
    const own = tab.dataset.view ?? "";
    if (own === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
    count(tab, /** @type {View} */ (VIEWS[own]));
  }
  document.title = `${view.title} · localcloud`;
}

/**
 * @param {HTMLElement} tab
 * @param {View} view
 */
function count(tab, { path, count: counted, alarm }) {
  const { value } = ask(path, PACE);
  const told = /** @type {Element} */ (tab.querySelector(".count"));
  const bad = value !== null && alarm?.(value) === true;
  show(told, value === null ? [] : [counted(value), bad && make("span.unseen", {}, ", not all well")]);
  told.classList.toggle("bad", bad);
}

/** Whoever goes somewhere else starts at its top, and hears where they are. */
function arrive() {
  settle();
  redraw();
  scrollTo(0, 0);
  document.getElementById("title")?.focus({ preventScroll: true });
}

/** @type {Record<"live" | "lost" | "foreign", [words: string, banner: () => string]>} */
const STATES = {
  live: ["live", () => ""],
  lost: [
    "not connected",
    () => `localcloud does not answer. What you see is how it was at ${seen.toLocaleTimeString()}; trying again every 2 seconds.`,
  ],
  foreign: ["another localcloud", () => "Another localcloud answers here now. This page has no key for it."],
};
let state = "";
let seen = new Date();

/** @param {"live" | "lost" | "foreign"} next */
function stands(next) {
  if (next === "live") seen = new Date();
  if (next === state) return;
  const [words, told] = STATES[next];
  link.textContent = state !== "" && next === "live" ? "live again" : words;
  link.className = next;
  /** @type {Element} */ (banner.firstElementChild).textContent = told();
  banner.hidden = next === "live";
  reload.hidden = next !== "foreign";
  state = next;
}

addEventListener("hashchange", () => {
  if (location.hash.startsWith("#/")) arrive();
});
reload.addEventListener("click", () => location.reload());
document.getElementById("complaint-close")?.addEventListener("click", () => {
  settle();
  main.focus();
});
document.getElementById("skip")?.addEventListener("click", (event) => {
  // The address stays the view's.
  event.preventDefault();
  main.focus();
  main.scrollIntoView();
});
listenToKeys({
  back: () => {
    const { name, parts } = current();
    if (parts.length > 0) location.hash = address(name, ...parts.slice(0, parts.length > 1 ? 1 : 0));
  },
});
setInterval(age, 1_000);
void follow(draw, stands);
