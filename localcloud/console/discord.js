// A message as Discord shows it: content and embeds.
import { make } from "./dom.js";
import { markdown } from "./marks.js";
import { clock } from "./moments.js";
import { clipped, foreign, link } from "./parts.js";

/** @param {any} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);

/** @param {unknown} colour a number, as Discord has it */
function bar(colour) {
  if (!Number.isInteger(colour)) return {};
  return { style: `--bar: #${(Number(colour) & 0xffffff).toString(16).padStart(6, "0")}` };
}

/** @param {any} embed */
function shown(embed) {
  return make(
    "div.attachment.embed",
    bar(embed.color),
    embed.author?.name && make("p.small", {}, foreign(embed.author.name)),
    embed.title && make("p", {}, make("strong", {}, embed.url ? link(embed.url, foreign(embed.title)) : foreign(embed.title))),
    embed.description && make("div.lines", {}, ...markdown(embed.description)),
    list(embed.fields).length > 0 &&
      make(
        "div.fields",
        {},
        ...list(embed.fields).map((field) =>
          make(`div${field?.inline ? "" : ".whole"}`, {}, make("strong", {}, foreign(field?.name)), make("div.lines", {}, ...markdown(field?.value))),
        ),
      ),
    (embed.footer?.text || embed.timestamp) &&
      make("p.quiet.small", {}, foreign([embed.footer?.text, embed.timestamp && new Date(embed.timestamp).toLocaleString()].filter(Boolean).join(" · "))),
  );
}

/** @param {any} message of the inbox */
export function discord({ payload, at }) {
  const name = clipped(payload.username ?? "Belfry", 80);
  return make(
    "div.slack.discord",
    {},
    make("span.avatar.round", { "aria-hidden": "true" }, [...name][0] ?? "?"),
    make(
      "div",
      {},
      make("p.sender", {}, make("strong", {}, foreign(name)), " ", make("span.app", {}, "APP"), " ", make("span.quiet.small", {}, clock(at))),
      payload.content && make("div.lines", {}, ...markdown(payload.content)),
      ...list(payload.embeds).map(shown),
    ),
  );
}

/** The line of a notification. @param {any} payload */
export function discordSummary({ content, embeds }) {
  const first = list(embeds)[0] ?? {};
  return make("p", {}, ...markdown(content || first.title || first.description || "")).textContent;
}
