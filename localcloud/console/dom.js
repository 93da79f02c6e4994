// Elements from values. Text is only ever set as text, so nothing that arrives can become markup.

/**
 * @param {string} name element name, classes after dots: `p.quiet`
 * @param {Record<string, unknown>} [attributes] `on…` are listeners, null and false leave out
 * @param {...(Node | string | number | null | false)} children
 */
export function make(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes.filter(Boolean));
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (attribute.startsWith("on")) element.addEventListener(attribute.slice(2), value);
    else element.setAttribute(attribute, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** A table with a head. */
export function table(titles, rows) {
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col" }, title)))),
    make("tbody", {}, ...rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell))))),
  );
}

/** Names and values, one under the other. */
export function pairs(entries) {
  return make(
    "dl.pairs",
    {},
    ...entries
      .filter(([, value]) => value !== null && value !== undefined && value !== "")
      .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, shown(value))]),
  );
}

function shown(value) {
  if (value instanceof Node || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(shown).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A link, if the address is one of the web; otherwise its text. */
export function link(address, text = address) {
  if (!/^https?:\/\//i.test(address)) return text;
  return make("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, text);
}

/** Part that opens; it stays as it was when the page is drawn anew. */
export function fold(key, title, ...children) {
  return make("details", { "data-key": key }, make("summary", { "data-key": `${key} title` }, title), ...children);
}

/**
 * Replace what a section shows; the focus and what was opened stay.
 * @param {string} section id
 * @param {Node[]} nodes
 */
export function show(section, nodes) {
  const content = document.querySelector(`#${section} > .content`);
  const focused = content.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  const open = new Set([...content.querySelectorAll("details[open]")].map(({ dataset }) => dataset.key));
  content.replaceChildren(...nodes);
  for (const details of content.querySelectorAll("details")) details.open = open.has(details.dataset.key);
  if (focused !== undefined) content.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** A point in time: how long ago, and exactly in its title. */
export function ago(iso) {
  const element = make("time", { datetime: iso, title: new Date(iso).toLocaleString() });
  element.textContent = distance(iso);
  return element;
}

const STEPS = [
  [60, "s", 1],
  [3600, "min", 60],
  [86_400, "h", 3600],
  [Infinity, "d", 86_400],
];

function distance(iso) {
  const seconds = Math.round((Date.now() - Date.parse(iso)) / 1000);
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit);
  const amount = `${Math.floor(Math.abs(seconds) / size)} ${unit}`;
  return seconds < 0 ? `in ${amount}` : `${amount} ago`;
}

/** Bring what `ago` says up to date. */
export function age() {
  for (const element of document.querySelectorAll("time")) element.textContent = distance(element.dateTime);
}
