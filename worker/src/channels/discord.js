// Discord webhooks: one embed. It mentions nobody, whatever it says.
import { clip } from "../characters.js";
import { facts, foot, headline, links, look, row } from "../messages.js";
import { DISCORD } from "../wording.js";

/** @typedef {import("../messages.js").Message} Message */

const MARKS = new RegExp(DISCORD.marks, "gu");

/** @param {Message} message */
export function discord(message) {
  const pointers = row(
    links(message).map(({ label, url }) => `[${label}](${url})`),
    DISCORD.links,
  );
  return {
    content: "",
    embeds: [
      {
        title: clip(escape(headline(message)), DISCORD.title),
        color: Number.parseInt(look(message).colour.slice(1), 16),
        fields: facts(message).map(({ part, text }) => ({
          name: part.label,
          value: escape(clip(text, DISCORD.fact)),
          inline: part.isShort,
        })),
        footer: { text: foot(message) },
        timestamp: message.at,
        ...(pointers === "" ? {} : { description: pointers }),
      },
    ],
    allowed_mentions: { parse: [] },
  };
}

/**
 * Text in which Discord reads no markup, no link and no mention.
 * @param {string} text
 */
function escape(text) {
  return text.replace(MARKS, "\\$1").replaceAll("@", "@\u200b");
}
