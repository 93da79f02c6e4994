// A card as Microsoft Teams shows it: adaptive cards, and the older MessageCard.
import { make } from "./dom.js";
import { json } from "./json.js";
import { entry } from "./lookup.js";
import { markdown } from "./marks.js";
import { clipped, foreign, link, pairs } from "./parts.js";

/** How deep containers may lie in each other; no real card goes near it. */
const DEEPEST = 12;

/** @param {any} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);

/** @param {any[]} entries @param {string} name */
const facts = (entries, name) => pairs(list(entries).map((fact) => [String(fact?.[name] ?? ""), make("span.lines", {}, ...markdown(fact?.value))]));

/** @param {any} one of a block's runs, which know no markup */
function run(one) {
  if (typeof one === "string") return clipped(one);
  const { text, size, weight, isSubtle } = one ?? {};
  const looks = [size === "Medium" && ".heading", weight === "Bolder" && ".bold", isSubtle && ".quiet"].filter(Boolean).join("");
  return make(`span${looks}`, {}, clipped(text));
}

/** @param {any} action */
const action = ({ title, url }) => make("span.slack-button", {}, url ? link(url, foreign(title ?? url)) : foreign(title));

/** @type {Record<string, (element: any, depth: number) => any>} */
const ELEMENTS = {
  TextBlock: ({ text, size, weight, color, isSubtle, style }) => {
    const large = style === "heading" || ["large", "extralarge", "medium"].includes(String(size).toLowerCase());
    const bold = String(weight).toLowerCase() === "bolder";
    const looks = [large && ".heading", bold && ".bold", isSubtle && ".quiet"].filter(Boolean).join("");
    return make(`p.lines${looks}`, { "data-colour": String(color ?? "").toLowerCase() || null }, ...markdown(text));
  },
  RichTextBlock: ({ inlines }) => make("p.lines", {}, ...list(inlines).map(run)),
  FactSet: (element) => facts(element.facts, "title"),
  Container: ({ items, style }, depth) => make("div.container", { "data-colour": style }, ...elements(items, depth)),
  ColumnSet: ({ columns }, depth) => make("div.columns", {}, ...list(columns).map((one) => make("div", {}, ...elements(one?.items, depth + 1)))),
  Image: ({ altText }) => make("p.quiet", {}, "Image: ", foreign(altText ?? "without words")),
  ActionSet: ({ actions }) => make("p.row", {}, ...list(actions).map(action)),
  Table: ({ rows }, depth) =>
    make("div.columns", {}, ...list(rows).flatMap((row) => list(row?.cells).map((cell) => make("div", {}, ...elements(cell?.items, depth + 1))))),
};

/**
 * @param {any} items
 * @param {number} depth
 * @returns {any[]}
 */
function elements(items, depth) {
  if (depth > DEEPEST) return [make("p.quiet", {}, "Nested too deeply to be shown.")];
  return list(items).map((one) => entry(ELEMENTS, one?.type)?.(one, depth + 1) ?? json(one, "Unknown element"));
}

/** @param {any} card */
const adaptive = (card) =>
  make(
    "div.teams",
    {},
    ...elements(card?.body, 0),
    list(card?.actions).length > 0 && make("p.row", {}, ...list(card.actions).map(action)),
  );

/** @param {any} card */
function messageCard(card) {
  const hex = /^#?([0-9a-f]{6})$/i.exec(String(card.themeColor ?? ""));
  return make(
    "div.teams.topped",
    hex === null ? {} : { style: `--bar: #${hex[1]}` },
    card.title && make("p.heading", {}, foreign(card.title)),
    card.text && make("div.lines", {}, ...markdown(card.text)),
    ...list(card.sections).flatMap((section) => [
      (section?.activityTitle || section?.title) && make("p.bold", {}, ...markdown(section.activityTitle ?? section.title)),
      section?.activitySubtitle && make("p.quiet.small", {}, ...markdown(section.activitySubtitle)),
      section?.text && make("div.lines", {}, ...markdown(section.text)),
      facts(section?.facts, "name"),
    ]),
    list(card.potentialAction).length > 0 &&
      make("p.row", {}, ...list(card.potentialAction).map((one) => action({ title: one?.name, url: list(one?.targets)[0]?.uri }))),
  );
}

/** @param {any} payload @returns {any[]} */
const cards = ({ attachments }) => list(attachments).filter((one) => one?.content?.type === "AdaptiveCard").map(({ content }) => content);

/** Whether something sent to a webhook is meant for Teams. @param {any} payload */
export const isTeams = (payload) => payload?.["@type"] === "MessageCard" || payload?.type === "AdaptiveCard" || (payload !== null && typeof payload === "object" && cards(payload).length > 0);

/** @param {any} message of the inbox */
export function teams({ payload }) {
  if (payload.type === "AdaptiveCard") return adaptive(payload);
  const found = cards(payload);
  return found.length > 0 ? make("div", {}, ...found.map(adaptive)) : messageCard(payload);
}

/** The first words of a card, however deep they stand. @param {any} items @param {number} depth @returns {string} */
function words(items, depth) {
  if (depth > DEEPEST) return "";
  for (const one of list(items)) {
    const runs = list(one?.inlines).map((inline) => (typeof inline === "string" ? inline : inline?.text)).join("");
    const found = one?.text || runs || words(one?.items, depth + 1);
    if (found) return String(found);
  }
  return "";
}

/** The line of a notification. @param {any} payload */
export function teamsSummary(payload) {
  const card = payload.type === "AdaptiveCard" ? payload : cards(payload)[0];
  return String(payload.title ?? payload.summary ?? (words(card?.body, 0) || (payload.text ?? "")));
}
