// A mail as a mail program shows it. Its HTML stands in a frame that runs nothing and reaches nothing.
import { make } from "./dom.js";
import { clipped, fold, foreign, pairs } from "./parts.js";

/** Links of a mail open in a page of their own: inside the frame nothing may be loaded. */
const TARGET = '<base target="_blank">';

/** @param {any} message of the inbox */
export function mail({ channel, id, at, payload }) {
  const text = make("pre.part", { tabindex: "0", role: "group", "aria-label": "Text of the mail" }, clipped(payload.text));
  const to = Array.isArray(payload.to) ? payload.to.join(", ") : payload.to;
  return make(
    "div.mail",
    {},
    pairs([
      ["Subject", make("strong", {}, foreign(payload.subject))],
      ["From", foreign(payload.from)],
      ["To", foreign(to)],
      ["Date", new Date(at).toLocaleString()],
      ["Message", foreign(id)],
      ...Object.entries(payload.headers ?? {}),
    ]),
    payload.html
      ? make("iframe", {
          sandbox: "allow-popups allow-popups-to-escape-sandbox",
          referrerpolicy: "no-referrer",
          srcdoc: `${TARGET}${payload.html}`,
          title: `Mail: ${clipped(payload.subject, 200)}`,
        })
      : text,
    payload.html && payload.text && fold(`text ${channel} ${id}`, make("span.quiet", {}, "Text part"), () => [text]),
  );
}
