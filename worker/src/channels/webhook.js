// Any HTTP endpoint: the message itself, as JSON.

/** @typedef {import("../messages.js").Message} Message */

/**
 * @param {Message} message
 */
export function webhook(message) {
  return { version: 1, ...message };
}
