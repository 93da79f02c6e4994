// Any HTTP endpoint: the message itself, as JSON.
import { headline } from "../messages.js";

/** @typedef {import("../messages.js").Message} Message */

/** Of the JSON's form; fields may be added to it, and none is taken away or means something else. */
const VERSION = 1;

/** @param {Message} message */
export function webhook(message) {
  return { version: VERSION, headline: headline(message), ...message };
}
