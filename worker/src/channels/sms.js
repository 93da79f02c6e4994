// A text message: 160 characters of the GSM 7-bit alphabet (3GPP TS 23.038). Its link is whole, what is too long is the
// summary.
import { short, values } from "../messages.js";
import { SMS } from "../wording.js";

/** @typedef {import("../messages.js").Message} Message */

const CUT = "...";
const PLACES = new Map([
  ...[...SMS.basic].map((one) => /** @type {const} */ ([one, 1])),
  ...[...SMS.extended].map((one) => /** @type {const} */ ([one, 2])),
]);

/**
 * @param {Message} message
 * @returns {string}
 */
export function sms(message) {
  const known = Object.fromEntries(
    Object.entries(values(message)).map(([name, text]) => [name, spelt(text)]),
  );
  const link =
    SMS.links[message.kind]
      .map((name) => known[name] ?? "")
      .find((url) => url !== "" && places(url) <= SMS.link) ?? "";
  const room = SMS.length - (link === "" ? 0 : places(link) + 1);
  const others = places(short(message, { ...known, summary: "" }));
  const summary = cut(known.summary ?? "", Math.max(room - others, CUT.length));
  return `${cut(short(message, { ...known, summary }), room)} ${link}`.replace(/ +$/, "");
}

/**
 * A text in the alphabet; what has no place in it becomes a question mark.
 * @param {string} text
 */
function spelt(text) {
  return [...text]
    .map((character) => {
      const alike = SMS.alike[character] ?? character;
      if ([...alike].every((one) => PLACES.has(one))) return alike;
      return [...character.normalize("NFKD")].filter((one) => PLACES.has(one)).join("") || "?";
    })
    .join("");
}

/** @param {string} text */
function places(text) {
  return [...text].reduce((sum, one) => sum + (PLACES.get(one) ?? 0), 0);
}

/**
 * Shortens a text to so many places; an address in it is kept whole or left out.
 * @param {string} text
 * @param {number} room
 */
function cut(text, room) {
  if (places(text) <= room) return text;
  let taken = 0;
  let length = 0;
  for (const one of text) {
    taken += PLACES.get(one) ?? 0;
    if (taken > room - CUT.length) break;
    length += 1;
  }
  const start = length === 0 ? 0 : text.lastIndexOf(" ", length - 1) + 1;
  const end = text.indexOf(" ", length);
  const word = text.slice(start, end < 0 ? text.length : end);
  const kept = word.includes("://") ? text.slice(0, start) : text.slice(0, length);
  return `${kept.replace(/ +$/, "")}${CUT}`;
}
