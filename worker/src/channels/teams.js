// Microsoft Teams: an adaptive card for a workflow's webhook. Texts stand in RichTextBlocks, which show them as they are;
// a TextBlock would read Markdown.
import { clip } from "../characters.js";
import { facts, foot, headline, links, look } from "../messages.js";
import { TEAMS } from "../wording.js";

/** @typedef {import("../messages.js").Message} Message */

/** @param {Message} message */
export function teams(message) {
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body: [
      {
        type: "Container",
        style: look(message).style,
        bleed: true,
        items: [block({ ...run(headline(message)), weight: "Bolder", size: "Medium" })],
      },
      ...facts(message).map(({ part, text }) =>
        block({ ...run(`${part.label}: `), weight: "Bolder" }, run(clip(text, TEAMS.fact))),
      ),
      block({ ...run(foot(message)), isSubtle: true, size: "Small" }),
    ],
    actions: links(message).map(({ label, url }) => ({
      type: "Action.OpenUrl",
      title: label,
      url,
    })),
  };
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: card,
      },
    ],
  };
}

/** @param {string} text */
function run(text) {
  return { type: "TextRun", text };
}

/** @param {...object} inlines */
function block(...inlines) {
  return { type: "RichTextBlock", inlines };
}
