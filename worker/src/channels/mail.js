// What a mail says: a subject, a plain text, and HTML that needs nothing from elsewhere.
import { facts, fill, foot, headline, links, look } from "../messages.js";
import { MAIL } from "../wording.js";

/** @typedef {import("../messages.js").Message} Message */

/**
 * @param {Message} message
 * @returns {{ subject: string, text: string, html: string }} lines end with a line feed alone
 */
export function mail(message) {
  const subject = headline(message);
  const said = facts(message);
  const pointers = links(message);
  const text = [
    subject,
    "",
    ...said.map(({ part, text }) => `${part.label}: ${text}`),
    "",
    ...pointers.map(({ label, url }) => `${label}: ${url}`),
    ...(pointers.length === 0 ? [] : [""]),
    foot(message),
    "",
  ].join("\n");
  const html = [
    fill(MAIL.head, { headline: escape(subject), colour: look(message).colour }),
    ...said.map(({ part, text }) => fill(MAIL.fact, { label: part.label, text: escape(text) })),
    MAIL.links,
    ...pointers.map(({ label, url }) => fill(MAIL.link, { label, url: escape(url) })),
    fill(MAIL.foot, { foot: escape(foot(message)) }),
  ].join("");
  return { subject, text, html };
}

/**
 * Text that HTML shows as it is, between tags and in an attribute's quotes.
 * @param {string} value
 */
function escape(value) {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
