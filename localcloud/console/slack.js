// A message as Slack shows it: blocks, attachments, mrkdwn.
import { make } from "./dom.js";
import { json } from "./json.js";
import { entry } from "./lookup.js";
import { mrkdwn } from "./marks.js";
import { clock } from "./moments.js";
import { clipped, foreign, link } from "./parts.js";

/** @param {any} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);

/**
 * A text object of Slack's blocks.
 * @param {any} object
 */
function words(object) {
  if (object === undefined || object === null) return [];
  if (typeof object === "string") return mrkdwn(object);
  if (object.type === "image") return [clipped(object.alt_text)];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : [clipped(object.text)];
}

/** What follows a link is shown as a button, as it cannot do more here. @param {any} element */
function action({ text, url, style, alt_text: alt, type }) {
  if (type === "image") return make("span.quiet", {}, clipped(alt));
  const looks = style === "danger" || style === "primary" ? `.${style}` : "";
  return make(`span.slack-button${looks}`, {}, url ? link(url, make("bdi", {}, ...words(text))) : make("bdi", {}, ...words(text)));
}

/** @type {Record<string, (element: any) => any>} */
const RICH = {
  rich_text_section: ({ elements }) => make("p.lines", {}, ...list(elements).map(rich)),
  rich_text_quote: ({ elements }) => make("blockquote", {}, ...list(elements).map(rich)),
  rich_text_preformatted: ({ elements }) => make("pre", {}, ...list(elements).map(rich)),
  rich_text_list: ({ elements, style }) => make(style === "ordered" ? "ol" : "ul", {}, ...list(elements).map((one) => make("li", {}, rich(one)))),
  text: ({ text, style = {} }) => make(style.code ? "code" : style.bold ? "strong" : style.italic ? "em" : style.strike ? "s" : "span", {}, clipped(text)),
  link: ({ url, text }) => link(url, foreign(text ?? url)),
  emoji: ({ name }) => `:${name}:`,
  user: ({ user_id: user }) => make("span.mention", {}, `@${user}`),
};

/** @param {any} element */
const rich = (element) => entry(RICH, element?.type)?.(element) ?? json(element, "Unknown element");

/** @type {Record<string, (block: any) => any>} */
const BLOCKS = {
  header: ({ text }) => make("p.block.heading", {}, ...words(text)),
  divider: () => make("hr"),
  context: ({ elements }) => make("p.block.quiet.small.lines", {}, ...list(elements).flatMap((one) => [...words(one), " "])),
  section: ({ text, fields, accessory }) =>
    make(
      "div.block",
      {},
      text !== undefined && make("div.lines", {}, ...words(text)),
      list(fields).length > 0 && make("div.fields", {}, ...list(fields).map((field) => make("div.lines", {}, ...words(field)))),
      accessory && make("p.row", {}, action(accessory)),
    ),
  actions: ({ elements }) => make("p.block.row", {}, ...list(elements).map(action)),
  image: ({ title, alt_text: alt }) => make("p.block.quiet", {}, "Image: ", ...words(title), " ", clipped(alt)),
  rich_text: ({ elements }) => make("div.block", {}, ...list(elements).map(rich)),
  markdown: ({ text }) => make("div.block.lines", {}, ...mrkdwn(text)),
};

/** @param {any} one */
const block = (one) => entry(BLOCKS, one?.type)?.(one) ?? json(one, "Unknown block");

/** @param {unknown} colour */
function bar(colour) {
  if (typeof colour !== "string") return {};
  if (["danger", "warning", "good"].includes(colour)) return { "data-colour": colour };
  const hex = /^#?([0-9a-f]{6})$/i.exec(colour);
  return hex === null ? {} : { style: `--bar: #${hex[1]}` };
}

/** @param {any} one */
function attachment(one) {
  return make(
    "div.attachment",
    bar(one.color),
    one.pretext && make("p.lines", {}, ...mrkdwn(one.pretext)),
    one.title && make("p", {}, make("strong", {}, one.title_link ? link(one.title_link, foreign(one.title)) : foreign(one.title))),
    one.text && make("div.lines", {}, ...mrkdwn(one.text)),
    ...list(one.blocks).map(block),
    list(one.fields).length > 0 &&
      make(
        "div.fields",
        {},
        ...list(one.fields).map((field) => make("div", {}, make("strong", {}, clipped(field?.title)), make("div.lines", {}, ...mrkdwn(field?.value)))),
      ),
    one.footer && make("p.quiet.small", {}, clipped(one.footer)),
  );
}

/** @param {any} message of the inbox */
export function slack({ payload, at }) {
  const blocks = list(payload.blocks);
  const name = clipped(payload.username ?? "Belfry", 80);
  return make(
    "div.slack",
    {},
    make("span.avatar", { "aria-hidden": "true" }, [...name][0] ?? "?"),
    make(
      "div",
      {},
      make("p.sender", {}, make("strong", {}, foreign(name)), " ", make("span.app", {}, "APP"), " ", make("span.quiet.small", {}, clock(at))),
      blocks.length === 0 && payload.text && make("div.lines", {}, ...mrkdwn(payload.text)),
      ...blocks.map(block),
      ...list(payload.attachments).map(attachment),
    ),
  );
}

/** The line of a notification. @param {any} payload */
export function slackSummary({ text, blocks, attachments }) {
  const header = list(blocks).find((one) => one?.type === "header")?.text?.text;
  const first = list(attachments)[0] ?? {};
  return make("p", {}, ...mrkdwn(text || header || first.fallback || first.title || first.text || "")).textContent;
}
