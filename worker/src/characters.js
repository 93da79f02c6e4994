// Other people's text as one line of harmless characters, and how it is shortened.
import { CHARACTERS, LENGTHS } from "./wording.js";

const HIDDEN = new RegExp(CHARACTERS.hidden, "gu");
const BROKEN = new RegExp(CHARACTERS.broken, "gu");
const BLANKS = new RegExp(CHARACTERS.blanks, "gu");
const ADDRESS = new RegExp(CHARACTERS.address, "u");
const UNSAFE = new RegExp(CHARACTERS.unsafe, "gu");

/**
 * One line, without anything that cannot be seen, and no longer than is read.
 * @param {string} text
 */
export function tidy(text) {
  const read = [...text.slice(0, 2 * LENGTHS.read)].slice(0, LENGTHS.read).join("");
  return read
    .replace(BROKEN, "\ufffd")
    .replace(HIDDEN, "")
    .replace(BLANKS, " ")
    .replace(/^ | $/g, "");
}

/**
 * Shortens a text to so many characters, never inside one.
 * @param {string} text
 * @param {number} most
 */
export function clip(text, most) {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/**
 * An address that is safe in every channel; null for what is no http(s) address.
 * @param {string | null} text
 */
export function address(text) {
  if (text === null) return null;
  const line = tidy(text);
  if ([...line].length > LENGTHS.link || !ADDRESS.test(line)) return null;
  return line.replace(UNSAFE, (found) =>
    Array.from(
      new TextEncoder().encode(found),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
    ).join(""),
  );
}

/** @param {number} seconds */
export function span(seconds) {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor((seconds + 30) / 60)} min`;
  const tenths = Math.floor((seconds + 180) / 360);
  const whole = Math.floor(tenths / 10);
  return tenths % 10 === 0 ? `${whole} h` : `${whole}.${tenths % 10} h`;
}
