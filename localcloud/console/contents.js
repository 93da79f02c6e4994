// What lies in a KV namespace, a bucket, a database or a queue.
import { make, show } from "./dom.js";
import { called, doing } from "./api.js";
import { json } from "./json.js";
import { ask } from "./live.js";
import { ago } from "./moments.js";
import { button, clipped, filterBox, foreign, note, paged, table, wanted } from "./parts.js";
import { path } from "./routes.js";

/**
 * @typedef {"kv" | "r2" | "d1" | "queue" | "analytics"} Shelf
 * @typedef {{ shelf: Shelf, id: string, scope?: string | undefined }} Place `scope` tells it from others of its name
 */

/** Entries that are asked for at once. */
const LIMIT = 1_000;

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("value"));

/**
 * How entries of each kind are shown: what they are called, whether they are found by a prefix, and their columns.
 * @type {Record<Shelf, { title: string, prefix: boolean, columns: [string, (entry: any, place: Place) => import("./dom.js").Child][] }>}
 */
const SHELVES = {
  kv: {
    title: "Keys",
    prefix: true,
    columns: [
      ["Key", (entry, place) => opener(place, entry.key)],
      ["Size", ({ size }) => bytes(size)],
      ["Expires", ({ expires }) => (expires ? ago(expires) : "never")],
      ["Metadata", ({ metadata }) => brief(metadata)],
    ],
  },
  r2: {
    title: "Objects",
    prefix: true,
    columns: [
      ["Key", (entry, place) => opener(place, entry.key)],
      ["Size", ({ size }) => bytes(size)],
      ["Written", ({ when }) => (when ? ago(when) : "–")],
    ],
  },
  d1: {
    title: "Tables",
    prefix: false,
    columns: [
      ["Table", (entry, place) => opened(`open ${entry.key}`, entry.key, () => rows(place, entry.key))],
      ["Rows", ({ rows: count }) => count],
      ["Columns", ({ columns }) => foreign(columns.map((/** @type {any} */ column) => `${column.name} ${column.type}`).join(", "))],
    ],
  },
  queue: {
    title: "Messages waiting",
    prefix: false,
    columns: [
      ["Message", (entry, place) => opener(place, entry.key, clipped(entry.body || entry.key, 200))],
      ["Size", ({ size }) => bytes(size)],
      ["Sent", ({ when }) => (when ? ago(when) : "–")],
      ["Tries", ({ attempts }) => attempts],
    ],
  },
  analytics: {
    title: "Last data points",
    prefix: false,
    columns: [
      ["Written", ({ when }) => (when ? ago(when) : "–")],
      ["Point", ({ when, at, ...point }) => brief(point)],
    ],
  },
};

/**
 * The path of a control call about a place.
 * @param {Place} place
 * @param {Record<string, string>} query
 */
const at = ({ shelf, id, scope }, query) =>
  `/contents${path(shelf, id)}?${new URLSearchParams({ ...query, ...(scope === undefined ? {} : { scope }) })}`;

/** @param {Place} place */
export function contents(place) {
  const { shelf, id, scope } = place;
  const { title, prefix } = SHELVES[shelf];
  const key = `contents ${shelf} ${scope ?? ""} ${id}`;
  const begins = prefix ? wanted(key) : "";
  const query = { limit: String(LIMIT), ...(begins === "" ? {} : { prefix: begins }) };
  return make(
    "section.card",
    { "data-key": "contents", "aria-labelledby": "contents-title" },
    make("h2", { id: "contents-title" }, title),
    prefix && make("div.tools", {}, filterBox(key, "Keys that begin with")),
    ...listed(ask(at(place, query)), place, key),
  );
}

/** @param {import("./live.js").Told} told @param {Place} place @param {string} key */
function listed({ value, problem, there }, place, key) {
  if (!there) return [note("One moment …")];
  if (problem !== null) return [note(problem)];
  const { title, columns } = SHELVES[place.shelf];
  const entries = /** @type {any[]} */ (value.entries);
  if (entries.length === 0) return [note("Nothing.")];
  const { page, pager } = paged(key, entries);
  return [
    table(
      title,
      columns.map(([name]) => name),
      page.map((entry) => columns.map(([, cell]) => cell(entry, place))),
      (index) => String(page[index].key ?? index),
    ),
    pager,
    value.more > 0 && note(`${value.more.toLocaleString()} more are not shown.`),
  ];
}

/** @param {Place} place @param {string} name */
async function rows(place, name) {
  const told = JSON.parse(await called("GET", at(place, { table: name, limit: "100" })));
  const columns = Object.keys(told.entries[0] ?? {});
  return [
    columns.length === 0
      ? note("No rows.")
      : make(
          "div.across",
          { tabindex: "0", role: "group", "aria-label": `Rows of ${name}` },
          table(`Rows of ${name}`, columns, told.entries.map((/** @type {any} */ row) => columns.map((column) => brief(row[column])))),
        ),
    told.more > 0 && note("There are more rows; these are the first."),
  ];
}

/** @param {Place} place @param {string} key @param {string} [label] */
function opener(place, key, label = key) {
  return opened(`open ${key}`, label, async () => {
    // Not in the path: browsers take `a/../b` for `b` there.
    return value(JSON.parse(await called("GET", at(place, { key }))));
  });
}

/** @param {string} key @param {string} title @param {() => Promise<import("./dom.js").Child[]>} content of the dialog */
function opened(key, title, content) {
  const show = (/** @type {any} */ { currentTarget }) => doing(currentTarget, async () => open(title, await content()));
  return button(key, foreign(title), show, { class: "like-link", "aria-haspopup": "dialog" });
}

/** @param {any} value */
const brief = (value) => {
  if (value === null || value === undefined) return "–";
  return make("code", {}, foreign(clipped(typeof value === "object" ? JSON.stringify(value) : value, 400)));
};

/** @param {any} told */
function value({ text, base64, cut, size, media_type: type }) {
  const words = typeof text === "string" ? text : null;
  return [
    make("p.quiet.small", {}, [bytes(size), type].filter(Boolean).join(", ")),
    words === null && note("Not text; in base64:"),
    words === null ? plain(String(base64 ?? "")) : (parsed(words) ?? plain(words)),
    cut && note("Cut: it is longer than what is shown."),
  ];
}

/** @param {string} words */
const plain = (words) => make("pre", { tabindex: "0", role: "group", "aria-label": "Value" }, clipped(words, 65_536));

/** @param {string} words */
function parsed(words) {
  try {
    const told = JSON.parse(words);
    return told !== null && typeof told === "object" ? json(told, "Value") : null;
  } catch {
    return null;
  }
}

/** @param {string} title @param {import("./dom.js").Child[]} nodes */
function open(title, nodes) {
  show(/** @type {Element} */ (document.getElementById("value-title")), [foreign(clipped(title, 300))]);
  show(/** @type {Element} */ (document.getElementById("value-content")), nodes);
  dialog.showModal();
}

/** @param {number} size */
const bytes = (size) => (typeof size !== "number" ? "–" : size < 1_024 ? `${size} B` : size < 1_048_576 ? `${(size / 1_024).toFixed(1)} KB` : `${(size / 1_048_576).toFixed(1)} MB`);
