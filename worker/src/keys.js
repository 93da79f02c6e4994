// Keys: of the links with which people answer, and the comparing of keys that are given.

/** Bytes of a signature that a link carries: 128 bits, which nobody guesses. */
const SIGNED = 16;

/** @returns {string} 256 random bits as hexadecimal digits */
export function newKey() {
  return hexadecimal(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * What only a holder of the key can say of a text.
 * @param {string} key
 * @param {string} text
 * @returns {Promise<string>} hexadecimal digits
 */
export async function signature(key, text) {
  const hash = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", bytes(key), hash, false, ["sign"]);
  return hexadecimal(new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes(text)), 0, SIGNED));
}

/**
 * Compares in a time that tells nothing about the key.
 * @param {string} given
 * @param {string} key
 */
export async function isSame(given, key) {
  const digest = (/** @type {string} */ text) => crypto.subtle.digest("SHA-256", bytes(text));
  return crypto.subtle.timingSafeEqual(...(await Promise.all([digest(given), digest(key)])));
}

/** @param {string} text */
function bytes(text) {
  return new TextEncoder().encode(text);
}

/** @param {Uint8Array} array */
function hexadecimal(array) {
  return Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
