// Faults: answers that are late, wrong or lost, set by hand to see what becomes of it.
import { doing } from "./api.js";
import { make } from "./dom.js";
import { ask, change, redraw } from "./live.js";
import { button, foreign, note, table } from "./parts.js";

/**
 * @typedef {{ match: string, status?: number | null, delay?: number | null, drop?: boolean, before?: boolean,
 *   times?: number | null, retry_after?: number | null }} Fault `delay` and `retry_after` in seconds
 * @typedef {Fault & { id: string, times: number, hits: number }} Set one that is set; `times` 0: it is spent
 */

/** What can become of a request. @type {Record<string, [title: string, fields: Partial<Fault>]>} */
const EFFECTS = {
  status: ["a wrong status is answered, nothing is done", {}],
  lost: ["the work is done, its answer lost", { status: null, drop: true, before: false }],
  dropped: ["the connection ends before anything is done", { status: null, drop: true, before: true }],
  late: ["the real answer, but late", { status: null, drop: false, before: false }],
};

/** What is often wanted. @type {[string, Fault][]} */
const EXAMPLES = [
  ["Cloudflare fails three times", { match: "(POST|PUT|PATCH|DELETE) /client/v4/.*", status: 500, times: 3 }],
  ["Cloudflare says: too many requests", { match: ".* /client/v4/.*", status: 429, times: 5, retry_after: 2 }],
  ["Grafana is slow", { match: ".* /grafana/.*", delay: 3, times: 50 }],
  ["An answer is lost after the work", { match: "POST /client/v4/.*", drop: true, times: 1 }],
  ["Slack does not take messages", { match: "POST /inbox/slack/.*", status: 503, times: 10 }],
];

/** @param {Fault} fault */
function effectOf({ status, drop, before }) {
  if (typeof status === "number") return "status";
  return drop ? (before ? "dropped" : "lost") : "late";
}

/** @type {Fault} */
let draft = { match: "", status: 500, delay: 0, times: 1, retry_after: 0 };
let chosen = "status";

/** What the form asks for. @returns {Fault} */
function asked() {
  const { match, status, delay, times, retry_after } = draft;
  return { match, status: status ?? 500, retry_after, delay: delay ?? 0, times: times ?? 1, ...EFFECTS[chosen]?.[1] };
}

/** @param {Fault} fault */
function told(fault) {
  const { status, delay, retry_after } = fault;
  const effect = effectOf(fault);
  return [
    (delay ?? 0) > 0 && `late by ${delay} s`,
    effect === "status" ? `answers ${status}` : effect !== "late" && EFFECTS[effect]?.[0],
    effect === "status" && (retry_after ?? 0) > 0 && `says to retry after ${retry_after} s`,
  ]
    .filter(Boolean)
    .join(", ");
}

/**
 * @param {"match" | "status" | "delay" | "times" | "retry_after"} name
 * @param {string} title
 * @param {import("./dom.js").Attributes} attributes
 */
function field(name, title, attributes) {
  return make(
    "label.field",
    { "data-key": `${name} ${drafts}` },
    make("span", {}, title),
    make("input", {
      name,
      ...attributes,
      value: draft[name] ?? "",
      oninput: (/** @type {any} */ { currentTarget: box }) => {
        const number = box.value === "" ? null : Number(box.value);
        draft = { ...draft, [name]: attributes.type === "number" ? number : box.value };
      },
    }),
  );
}

function effectField() {
  return make(
    "label.field.whole",
    { "data-key": `effect ${drafts}` },
    make("span", {}, "What happens"),
    make(
      "select",
      {
        name: "effect",
        onchange: (/** @type {any} */ { currentTarget }) => {
          chosen = currentTarget.value;
          redraw();
        },
      },
      ...Object.entries(EFFECTS).map(([name, [title]]) => make("option", { value: name, selected: name === chosen }, title)),
    ),
  );
}

/** Counted, so that boxes are made anew when an example fills them. */
let drafts = 0;

/** @param {Fault} next */
function fill(next) {
  draft = { delay: 0, retry_after: 0, ...next };
  chosen = effectOf(next);
  drafts += 1;
  redraw();
}

function form() {
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    void doing(event.submitter ?? event.currentTarget, () => change("POST", "/faults/add", asked()));
  };
  return make(
    "form.card",
    { onsubmit: submit, "aria-labelledby": "fault-title" },
    make("h2", { id: "fault-title" }, "Set a fault"),
    make(
      "div.examples",
      { role: "group", "aria-label": "Examples" },
      make("span.quiet", {}, "Fill in: "),
      ...EXAMPLES.map(([title, example]) => button(title, title, () => fill(example))),
    ),
    make(
      "div.fields",
      {},
      field("match", "Requests that match (METHOD /path, a regular expression)", { type: "text", required: true, spellcheck: "false", autocomplete: "off", "data-wide": true }),
      effectField(),
      chosen === "status" && field("status", "Status", { type: "number", min: "200", max: "599" }),
      chosen === "status" && field("retry_after", "Says to retry after (s)", { type: "number", min: "0", step: "any" }),
      field("delay", "Late by (s)", { type: "number", min: "0", step: "any" }),
      field("times", "How often", { type: "number", min: "1" }),
    ),
    make("div.tools", {}, make("button.main", { type: "submit", "data-key": "set" }, "Set the fault")),
  );
}

/** @param {Set} fault */
const applies = ({ times }) => times > 0;

/** @param {Set[]} faults */
function list(faults) {
  const clear = (/** @type {any} */ { currentTarget }) => doing(currentTarget, () => change("DELETE", "/faults"));
  return make(
    "section.card",
    { "aria-labelledby": "set-title" },
    make("h2", { id: "set-title" }, "Faults that are set"),
    table(
      "Faults that are set",
      ["Requests", "What happens", "Hits", "Still", "Change"],
      faults.map((fault) => [
        make("code", {}, foreign(fault.match)),
        told(fault),
        fault.hits,
        applies(fault) ? fault.times : "spent",
        button(
          "remove",
          "Remove",
          ({ currentTarget }) => doing(currentTarget, () => change("DELETE", `/faults/${fault.id}`)),
          { "aria-label": `Remove the fault for ${fault.match}` },
        ),
      ]),
      (index) => /** @type {Set} */ (faults[index]).id,
    ),
    make("div.tools", {}, button("clear", "Clear all faults", clear)),
  );
}

/** @type {import("./main.js").View} */
export const faultsView = {
  title: "Faults",
  path: "/faults",
  count: (faults) => faults.filter(applies).length || "",
  alarm: (faults) => faults.some(applies),
  draw() {
    const { value } = ask("/faults");
    const faults = /** @type {Set[]} */ (value ?? []);
    return [
      faults.length === 0 ? note("None is set: every request is answered as it should be.") : list(faults),
      form(),
    ];
  },
};
