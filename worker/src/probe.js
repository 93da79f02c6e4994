// One check: ask, and ask again when the answer is not the expected one.
import { patience } from "./schedule.js";

/**
 * @typedef {import("./config.js").Check} Check
 * @typedef {{
 *   check: string, up: boolean | null, seconds: number | null, status: number | null, detail: string | null, attempts: number,
 * }} Result `up` is null when nothing can be said, `seconds` when no answer came; `detail` says why it is not up, without any address or body
 * @typedef {{ fetch: typeof fetch, now: () => number }} Wire
 * @typedef {{ up: boolean | null, status: number | null, detail: string | null }} Answer
 */

/** A body is read until the expected part has been seen, and never further than this. */
const BODY_BYTES = 65_536;

/**
 * Probes until one attempt succeeds or all confirmations agree. Never throws.
 * @param {Check} check
 * @param {Wire} wire
 * @returns {Promise<Result>}
 */
export async function probe(check, wire) {
  const most = 1 + check.confirmations;
  /** @type {Answer[]} */
  const answers = [];
  let seconds = 0;
  while (answers.length < most) {
    const begun = wire.now();
    const answer = await attempt(check, wire);
    seconds = (wire.now() - begun) / 1000;
    answers.push(answer);
    if (answer.up === true) break;
  }
  const last = /** @type {Answer} */ (answers.at(-1));
  const up =
    last.up === true ? true : answers.every((answer) => answer.up === false) ? false : null;
  const isTimed = up !== null && last.status !== null;
  return {
    check: check.id,
    up,
    seconds: isTimed ? seconds : null,
    status: last.status,
    detail: last.detail,
    attempts: answers.length,
  };
}

/**
 * What is recorded for a check that could not be probed.
 * @param {string} check
 * @param {string} detail
 * @returns {Result}
 */
export function unknown(check, detail) {
  return { check, up: null, seconds: null, status: null, detail, attempts: 0 };
}

/**
 * @param {Check} check
 * @param {Wire} wire
 * @returns {Promise<Answer>}
 */
async function attempt(check, wire) {
  const control = new AbortController();
  const seconds = patience(check);
  const timer = setTimeout(() => control.abort(), seconds * 1000);
  try {
    const response = await wire
      .fetch(check.url, {
        method: check.method,
        headers: named(check.headers),
        redirect: "manual",
        signal: control.signal,
      })
      .catch(() => null);
    const answer =
      response && (await (check.through ? judgeRelayed : judgeDirect)(check, response));
    if (answer !== null) return answer;
    if (check.through)
      return { up: null, status: null, detail: `${check.through} gives no answer` };
    const detail = control.signal.aborted
      ? `no answer within ${Number(seconds.toFixed(1))} s`
      : "no connection";
    return { up: false, status: null, detail };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whoever reads the log of a service sees who asks, unless the check says otherwise.
 * @param {Record<string, string>} headers
 */
function named(headers) {
  const all = new Headers(headers);
  if (!all.has("User-Agent")) all.set("User-Agent", "Belfry");
  return all;
}

/**
 * The service itself answered: status and body decide.
 * @param {Check} check
 * @param {Response} response
 * @returns {Promise<Answer | null>} null when the answer broke off
 */
async function judgeDirect({ expect }, response) {
  const { status } = response;
  if (!expect.status.includes(status)) {
    await letGo(response.body);
    return {
      up: false,
      status,
      detail: `status ${status} instead of ${expect.status.join(" or ")}`,
    };
  }
  if (typeof expect.body !== "string") {
    await letGo(response.body);
    return { up: true, status, detail: null };
  }
  const wanted = expect.body;
  const body = await read(response, (text) => text.includes(wanted));
  if (body === null) return null;
  return body.includes(wanted)
    ? { up: true, status, detail: null }
    : { up: false, status, detail: "the body lacks the expected text" };
}

/**
 * Another service answered for it: only a health document speaks about the service, anything else is about the one asked.
 * @param {Check} check
 * @param {Response} response
 * @returns {Promise<Answer | null>} null when the answer broke off
 */
async function judgeRelayed({ expect, through }, response) {
  const { status } = response;
  const body = await read(response, () => false);
  if (body === null) return null;
  const reported = healthIn(body);
  if (reported === null)
    return { up: null, status, detail: `${through} answers ${status} without a health document` };
  const fits =
    expect.status.includes(status) &&
    (typeof expect.body !== "string" || body.includes(expect.body));
  return fits
    ? { up: true, status, detail: null }
    : { up: false, status, detail: `${through} reports it ${reported.slice(0, 40)}` };
}

/**
 * The `status` of a health document, or null when the text is none.
 * @param {string} body
 */
function healthIn(body) {
  try {
    const document = JSON.parse(body);
    return typeof document?.status === "string" && !Array.isArray(document)
      ? document.status
      : null;
  } catch {
    return null;
  }
}

/**
 * Reads until `enough` or the limit, and lets go of the rest.
 * @param {Response} response
 * @param {(text: string) => boolean} enough
 * @returns {Promise<string | null>} null when the answer broke off before
 */
async function read(response, enough) {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; bytes < BODY_BYTES;) {
    const part = await reader.read().catch(() => null);
    if (part === null) return null;
    if (part.done) return text + decoder.decode();
    bytes += part.value.byteLength;
    text += decoder.decode(part.value, { stream: true });
    if (enough(text)) break;
  }
  await letGo(reader);
  return text;
}

/**
 * What is not read is cancelled, so that it holds no connection.
 * @param {{ cancel: () => Promise<void> } | null} body
 */
async function letGo(body) {
  await body?.cancel().catch(() => undefined);
}

/**
 * Probes a shard, at most so many at once. A check that breaks the probe itself is unknown and spoils no other.
 * @param {Check[]} checks
 * @param {Wire} wire
 * @param {number} atOnce
 * @returns {Promise<Result[]>} in the order of the checks
 */
export async function probeAll(checks, wire, atOnce) {
  /** @type {Result[]} */
  const results = new Array(checks.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < checks.length; index = next++) {
      const check = /** @type {Check} */ (checks[index]);
      try {
        results[index] = await probe(check, wire);
      } catch (error) {
        results[index] = unknown(
          check.id,
          `the probe itself failed: ${error instanceof Error ? error.name : "?"}`,
        );
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, checks.length) }, lane));
  return results;
}
