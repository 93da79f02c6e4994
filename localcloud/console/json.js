// JSON as text that can be read, with its parts told apart by colour.
import { make } from "./dom.js";

const MOST = 65_536;
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** More than this is shown without colours: an element for each word would make the page slow. */
const COLOURED = 16_384;

/**
 * @param {unknown} value
 * @param {string} label for who does not see it
 */
export function json(value, label) {
  const text = JSON.stringify(value, null, 2) ?? "";
  const cut = text.length > MOST;
  const shown = cut ? text.slice(0, MOST) : text;
  return make(
    "pre.json",
    { tabindex: "0", role: "group", "aria-label": label, "data-still": shown },
    ...(shown.length > COLOURED ? [shown] : coloured(shown)),
    cut && make("span.quiet", {}, `\n… ${text.length - MOST} more characters are not shown`),
  );
}

/** @param {string} text */
function coloured(text) {
  /** @type {(string | HTMLElement)[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, word, colon] = match;
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (colon !== undefined && word !== undefined) parts.push(make("span.name", {}, word), colon);
    else parts.push(make(word === undefined ? "span.plain" : "span.text", {}, whole));
  }
  return [...parts, text.slice(end)];
}
