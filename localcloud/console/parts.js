// Parts that every view is put together from.
import { make } from "./dom.js";
import { redraw } from "./live.js";

/** @typedef {import("./dom.js").Child} Child */

/** Characters of a text that are shown; all of a longer one would only make the page slow. */
const LONGEST = 20_000;
const ROWS = 50;

/**
 * A text of somebody else, kept from turning round what stands beside it.
 * @param {unknown} text
 */
export const foreign = (text) => make("bdi", {}, clipped(text));

/**
 * @param {unknown} text
 * @param {number} [most]
 */
export function clipped(text, most = LONGEST) {
  const whole = String(text ?? "");
  return whole.length <= most ? whole : `${whole.slice(0, most)}… (${whole.length - most} more characters are not shown)`;
}

/**
 * A table with a head.
 * @param {string} caption for who does not see it
 * @param {string[]} titles
 * @param {Child[][]} rows
 * @param {(index: number) => string} [key] of a row
 */
export function table(caption, titles, rows, key = String) {
  return make(
    "table",
    {},
    make("caption.unseen", {}, caption),
    make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)))),
    make(
      "tbody",
      {},
      ...rows.map((cells, index) =>
        make(
          "tr",
          { "data-key": `row ${key(index)}` },
          ...cells.map((cell, column) => make("td", { "data-title": titles[column] }, cell)),
        ),
      ),
    ),
  );
}

/**
 * Names and values, one under the other; what is empty is left out.
 * @param {[string, unknown][]} entries
 */
export function pairs(entries) {
  return make(
    "dl.pairs",
    {},
    ...entries
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .flatMap(([name, value]) => [make("dt", {}, clipped(name, 200)), make("dd", {}, shown(value))]),
  );
}

/** @param {unknown} value */
function shown(value) {
  if (value instanceof Node) return value;
  return clipped(Array.isArray(value) && value.every((one) => typeof one !== "object") ? value.join(", ") : text(value));
}

/** @param {unknown} value */
const text = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/**
 * A link, if the address is one of the web; otherwise its text.
 * @param {unknown} address
 * @param {Child} [label]
 */
export function link(address, label = foreign(address)) {
  const href = typeof address === "string" && /^https?:\/\//i.test(address) && URL.canParse(address) ? address : null;
  if (href === null) return make("span", {}, label);
  return make("a", { href, rel: "noreferrer noopener", target: "_blank" }, label);
}

/** @type {Set<string>} */
const opened = new Set();

/**
 * A part that opens; what is in it is made when it does.
 * @param {string} key
 * @param {Child} title
 * @param {() => Child[]} content
 */
export function fold(key, title, content) {
  const open = opened.has(key);
  // By the click, not by the event after it: until that comes the page may be drawn anew, and would close it.
  const toggle = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    if (!opened.delete(key)) opened.add(key);
    redraw();
  };
  return make(
    "details",
    { "data-key": key, open },
    make("summary", { onclick: toggle }, title),
    ...(open ? content() : []),
  );
}

/**
 * @param {string} key
 * @param {Child} label
 * @param {import("./dom.js").Listener} onclick
 * @param {import("./dom.js").Attributes} [more]
 */
export function button(key, label, onclick, more = {}) {
  return make("button", { type: "button", "data-key": key, onclick, ...more }, label);
}

/** @type {Map<string, string>} */
const typed = new Map();

/**
 * What was typed into a filter box.
 * @param {string} key
 */
export const wanted = (key) => typed.get(key) ?? "";

/**
 * A box to filter with; `/` goes to it.
 * @param {string} key
 * @param {string} label
 */
export function filterBox(key, label) {
  return make(
    "label.filter",
    { "data-key": `filter ${key}` },
    make("span.unseen", {}, label),
    make("input", {
      type: "search",
      placeholder: `${label}  /`,
      value: wanted(key),
      autocomplete: "off",
      spellcheck: "false",
      "data-filter": true,
      oninput: (/** @type {any} */ { currentTarget }) => {
        typed.set(key, currentTarget.value);
        pages.delete(key);
        redraw();
      },
    }),
  );
}

/**
 * Whether some texts together hold every word that was typed.
 * @param {string} filter
 * @param {...unknown} texts
 */
export function matches(filter, ...texts) {
  if (filter === "") return true;
  const all = texts.join(" ").toLowerCase();
  return filter.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

/** @type {Map<string, number>} */
const pages = new Map();

/**
 * One page of many, and what leads to the others.
 * @template T
 * @param {string} key
 * @param {T[]} all
 * @param {number} [size]
 * @returns {{ page: T[], pager: HTMLElement | null }}
 */
export function paged(key, all, size = ROWS) {
  const last = Math.max(0, Math.ceil(all.length / size) - 1);
  const at = Math.min(pages.get(key) ?? 0, last);
  const page = all.slice(at * size, (at + 1) * size);
  if (last === 0) return { page, pager: null };
  const go = (/** @type {number} */ to) => () => {
    pages.set(key, Math.min(last, Math.max(0, to)));
    redraw();
  };
  const where = `${(at * size + 1).toLocaleString()}–${(at * size + page.length).toLocaleString()} of ${all.length.toLocaleString()}`;
  // Not `disabled`, or the focus would be lost on the last page.
  const pager = make(
    "nav.pager",
    { "data-key": `pages ${key}`, "aria-label": "Pages" },
    button("earlier", "Previous", go(at - 1), { "aria-disabled": String(at === 0) }),
    make("span.quiet", { role: "status" }, where),
    button("later", "Next", go(at + 1), { "aria-disabled": String(at === last) }),
  );
  return { page, pager };
}

/**
 * A line that stands where something is missing.
 * @param {...Child} children
 */
export const note = (...children) => make("p.note", {}, ...children);
