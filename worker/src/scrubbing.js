// What is taken out of a text before it is stored or sent: secrets, and what the platform keeps to itself.
import { CARD, FIELD, SCRUBBED } from "./wording.js";

const PATTERNS = SCRUBBED.map((one) => ({ ...one, expression: new RegExp(one.expression, "gu") }));

/**
 * Takes out what is secret, and what the platform keeps to itself.
 * @param {string} text
 * @param {string[]} kinds
 * @param {string[]} fields
 */
export function scrubbed(text, kinds, fields) {
  let rest = text;
  for (const { kind, word, expression, isCard } of PATTERNS) {
    if (kind !== null && !kinds.includes(kind)) continue;
    rest = rest.replace(expression, isCard ? (run) => withoutCards(run, word) : () => word);
  }
  for (const name of fields) {
    const expression = new RegExp(`${FIELD.before}${anyCase(name)}${FIELD.after}`, "gu");
    rest = rest.replace(expression, () => FIELD.word);
  }
  return rest;
}

/**
 * An expression for the name of a field: letters, digits, and the marks _ . -
 * @param {string} name
 */
function anyCase(name) {
  return name
    .replaceAll(".", "\\.")
    .replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}

/**
 * Takes cards' numbers out of groups of digits; a card begins and ends with a group.
 * @param {string} run
 * @param {string} word
 */
function withoutCards(run, word) {
  const pieces = run.split(/([ -])/);
  const kept = [];
  for (let start = 0; start < pieces.length; start += 2) {
    const end = endOfCard(pieces, start);
    kept.push(end === null ? pieces[start] : word);
    start = end ?? start;
    kept.push(pieces[start + 1] ?? "");
  }
  return kept.join("");
}

/**
 * Which group ends the card that begins with one; between two groups stands a blank.
 * @param {string[]} pieces
 * @param {number} start
 */
function endOfCard(pieces, start) {
  let digits = "";
  for (let index = start; index < pieces.length; index += 2) {
    digits += pieces[index];
    if (digits.length > CARD.most) return null;
    if (digits.length >= CARD.least && CARD.first.includes(digits.charAt(0)) && checks(digits))
      return index;
  }
  return null;
}

/**
 * Luhn's sum.
 * @param {string} digits
 */
function checks(digits) {
  const total = [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * (1 + (place % 2));
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return total % 10 === 0;
}
