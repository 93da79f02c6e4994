// Slack incoming webhooks: https://docs.slack.dev/messaging/formatting-message-text
import { clip, facts, headline, links } from "../messages.js";

/** @typedef {import("../messages.js").Message} Message */

const SECTION = 3000;
const HEADER = 150;

/**
 * @param {Message} message
 * @returns {{ text: string, blocks: object[] }}
 */
export function slack(message) {
  const title = headline(message);
  const body = facts(message)
    .map(([label, text]) => `${label}: ${clip(text, 600)}`)
    .join("\n");
  const pointers = links(message)
    .filter(([, url]) => URL.canParse(url))
    .map(([label, url]) => `<${address(url)}|${escape(label)}>`)
    .join("   ");
  const blocks = [
    { type: "header", text: plain(title, HEADER) },
    ...(body === "" ? [] : [{ type: "section", text: plain(body, SECTION) }]),
    ...(pointers === ""
      ? []
      : [{ type: "section", text: { type: "mrkdwn", text: clip(pointers, SECTION) } }]),
    { type: "context", elements: [plain(`Incident ${message.incident}`, HEADER)] },
  ];
  return { text: escape(title), blocks };
}

/**
 * Text that Slack shows as it is, whatever it holds.
 * @param {string} text
 * @param {number} most
 */
function plain(text, most) {
  return { type: "plain_text", text: clip(text, most), emoji: false };
}

/** @param {string} text */
function escape(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** @param {string} url */
function address(url) {
  return escape(new URL(url).href.replace(/\|/g, "%7C"));
}
