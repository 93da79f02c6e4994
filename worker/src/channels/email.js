// Mail as MIME text: plain and HTML. Nothing that comes from outside can start a header of its own.
import { mail } from "./mail.js";

/**
 * @typedef {import("../messages.js").Message} Message
 * @typedef {{ from: string, to: string[], id: string, date: Date }} Envelope
 */

/**
 * @param {Message} message
 * @param {Envelope} envelope `id` is the message's id, the same in every attempt
 * @returns {string} with CRLF line ends
 */
export function email(message, { from, to, id, date }) {
  const { subject, text, html } = mail(message);
  const host = from.split("@").at(-1) ?? "belfry";
  const boundary = `=_belfry_${id.replace(/[^A-Za-z0-9]/g, "_").slice(-50)}`;
  /** @type {[string, string][]} */
  const headers = [
    ["From", from],
    ["To", to.join(", ")],
    ["Subject", encoded(subject)],
    ["Date", date.toUTCString().replace("GMT", "+0000")],
    ["Message-ID", `<${id}@${host.replace(/[>\s]/g, "")}>`],
    ["Auto-Submitted", "auto-generated"],
    ["X-Belfry-Message", id],
    ["X-Belfry-Kind", message.kind],
    ["X-Belfry-Incident", message.incident],
    ["MIME-Version", "1.0"],
    ["Content-Type", `multipart/alternative; boundary="${boundary}"`],
  ];
  return [
    ...headers.map(([name, value]) => `${name}: ${oneLine(value)}`),
    "",
    ...part(boundary, "text/plain", text),
    ...part(boundary, "text/html", html),
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

/**
 * @param {string} boundary
 * @param {string} type
 * @param {string} content
 */
function part(boundary, type, content) {
  const lines = base64(content.replaceAll("\n", "\r\n")).match(/.{1,76}/g) ?? [];
  const head = [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
  ];
  return [...head, ...lines, ""];
}

/**
 * RFC 2047: words of at most 75 characters, each holding whole characters.
 * @param {string} value
 */
function encoded(value) {
  if (/^[\x20-\x7e]*$/.test(value) && !value.includes("=?")) return value;
  const words = [];
  let word = "";
  for (const character of oneLine(value)) {
    if (base64(word + character).length > 60) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((piece) => `=?utf-8?B?${base64(piece)}?=`).join(" ");
}

/** @param {string} value */
function oneLine(value) {
  return value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
}

/** @param {string} value */
function base64(value) {
  return btoa(
    Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join(""),
  );
}
