// Marked-up text of channels: Slack's mrkdwn, and the Markdown of Discord and Teams. Both become elements.
import { make } from "./dom.js";
import { entry } from "./lookup.js";
import { clipped, link } from "./parts.js";

/** @typedef {string | HTMLElement} Piece */

/** Slack's own escapes, taken back. @param {string} text */
const unescaped = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** Names of emoji that monitoring uses. @type {Record<string, string>} */
const EMOJI = {
  bell: "🔔",
  boom: "💥",
  fire: "🔥",
  green_circle: "🟢",
  heavy_check_mark: "✔️",
  information_source: "ℹ️",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  red_circle: "🔴",
  rotating_light: "🚨",
  warning: "⚠️",
  white_check_mark: "✅",
  x: "❌",
};

/** @param {string} text */
const plain = (text) => unescaped(text).replace(/:([a-z_]+):/g, (whole, name) => entry(EMOJI, name) ?? whole);

const SLACK = /```([^]+?)```|`([^`\n]+)`|<([^<>|\n]+)(?:\|([^<>\n]*))?>|\*([^*\n]+)\*|\b_([^_\n]+)_\b|~([^~\n]+)~/g;

/**
 * Slack's mrkdwn: links, mentions, bold, italic, struck, code.
 * @param {unknown} source
 * @returns {Piece[]}
 */
export function mrkdwn(source) {
  return marked(clipped(source), SLACK, plain, ([, block, code, address, label, bold, italic, struck]) => {
    if (block !== undefined) return make("pre", {}, unescaped(block).trim());
    if (code !== undefined) return make("code", {}, unescaped(code));
    if (address !== undefined) return pointed(address, label);
    if (bold !== undefined) return make("strong", {}, ...mrkdwn(bold));
    if (italic !== undefined) return make("em", {}, ...mrkdwn(italic));
    return make("s", {}, ...mrkdwn(struck));
  });
}

/**
 * What stands in angle brackets: a link, or somebody who is called.
 * @param {string} address
 * @param {string | undefined} label
 */
function pointed(address, label) {
  if (/^[!@#]/.test(address)) {
    const name = label ?? address.replace(/^[!@#]+/, "").replace(/\^.*$/, "");
    return make("span.mention", {}, `${address.startsWith("#") ? "#" : "@"}${unescaped(name)}`);
  }
  return link(unescaped(address), make("bdi", {}, unescaped(label ?? address)));
}

const MARKDOWN =
  /```(?:\w*\n)?([^]+?)```|`([^`\n]+)`|\[([^\]\n]+)\]\(([^()\s]+)\)|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\b_([^_\n]+)_\b|~~([^~\n]+)~~|(https?:\/\/[^\s<>"')\]]+)/g;

/**
 * Markdown as chats know it.
 * @param {unknown} source
 * @returns {Piece[]}
 */
export function markdown(source) {
  return marked(clipped(source), MARKDOWN, String, ([, block, code, label, address, bold, star, low, struck, bare]) => {
    if (block !== undefined) return make("pre", {}, block.trim());
    if (code !== undefined) return make("code", {}, code);
    if (label !== undefined) return link(address, make("bdi", {}, label));
    if (bare !== undefined) return link(bare);
    if (bold !== undefined) return make("strong", {}, ...markdown(bold));
    if (struck !== undefined) return make("s", {}, ...markdown(struck));
    return make("em", {}, ...markdown(star ?? low));
  });
}

/**
 * @param {string} text
 * @param {RegExp} marks
 * @param {(text: string) => string} between what becomes of text that is not marked
 * @param {(match: any) => Piece} element what becomes of a mark
 * @returns {Piece[]}
 */
function marked(text, marks, between, element) {
  /** @type {Piece[]} */
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    pieces.push(between(text.slice(end, match.index)), element(match));
    end = match.index + match[0].length;
  }
  return [...pieces, between(text.slice(end))];
}
