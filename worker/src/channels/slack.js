// Slack incoming webhooks, in blocks. Colours exist only beside attachments, whose blocks go without fields of the old
// kind. What other people wrote stands in text objects of its own, so that nothing in one reaches into another.
import { clip } from "../characters.js";
import { facts, foot, headline, links, look, row } from "../messages.js";
import { SLACK } from "../wording.js";

/** @typedef {import("../messages.js").Message} Message */

/** Text objects in one section. */
const FIELDS = 10;

/** @param {Message} message */
export function slack(message) {
  const title = headline(message);
  const pointers = row(
    links(message).map(({ label, url }) => `<${escape(url)}|${label}>`),
    SLACK.links,
  );
  return {
    text: escape(title),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: "header", text: plain(clip(title, SLACK.header)) }],
    attachments: [
      {
        color: look(message).colour,
        blocks: [
          ...sections(message),
          ...(pointers === "" ? [] : [{ type: "section", text: marked(pointers) }]),
          { type: "context", elements: [plain(foot(message))] },
        ],
      },
    ],
  };
}

/**
 * A section a fact; short ones that follow each other share one.
 * @param {Message} message
 */
function sections(message) {
  /** @type {object[]} */
  const all = [];
  /** @type {object[]} */
  let beside = [];
  for (const { part, text } of facts(message)) {
    const said = marked(`*${part.label}*\n${escape(clip(text, SLACK.fact))}`);
    if (!part.isShort) {
      beside = [];
      all.push({ type: "section", text: said });
    } else if (beside.length > 0 && beside.length < FIELDS) {
      beside.push(said);
    } else {
      beside = [said];
      all.push({ type: "section", fields: beside });
    }
  }
  return all;
}

/**
 * Text in which Slack reads no link and no mention.
 * @param {string} text
 */
function escape(text) {
  return SLACK.escapes.reduce((rest, [mark, harmless]) => rest.replaceAll(mark, harmless), text);
}

/** @param {string} text */
function plain(text) {
  return { type: "plain_text", text, emoji: false };
}

/** @param {string} text */
function marked(text) {
  return { type: "mrkdwn", text, verbatim: true };
}
