// One message to one channel. Whatever kind it is, delivered means that the other side has taken it.
import { discord } from "./discord.js";
import { email } from "./email.js";
import { pagerduty } from "./pagerduty.js";
import { slack } from "./slack.js";
import { sms } from "./sms.js";
import { deliver } from "./smtp.js";
import { teams } from "./teams.js";
import { webhook } from "./webhook.js";

/**
 * @typedef {import("../config.js").Channel} Channel
 * @typedef {import("../messages.js").Message} Message
 * @typedef {{
 *   fetch: typeof fetch, open: import("./smtp.js").Open, secret: (name: string) => string | null, now: () => number,
 *   note?: (what: string) => void,
 * }} Outside `note` hears of what went wrong with a message that was yet delivered
 */

const PATIENCE = 10_000;
const TWILIO = "https://api.twilio.com";

/** A message was not taken; the text names no address and no secret. `after`: seconds the other side asks to wait. */
export class SendError extends Error {
  /**
   * @param {string} what
   * @param {number} [after]
   * @param {number} [status]
   */
  constructor(what, after = 0, status = 0) {
    super(what);
    this.name = "SendError";
    this.after = after;
    this.status = status;
  }
}

/**
 * @param {string} id the message's, the same in every attempt, by which the other side can tell a repeat
 * @param {Message} message
 * @param {Channel} channel
 * @param {Outside} outside
 * @throws {SendError}
 */
export async function send(id, message, channel, outside) {
  /** @type {(url: string, body: object, headers?: Record<string, string>) => Promise<void>} */
  const json = (url, body, headers = {}) =>
    post(
      url,
      JSON.stringify(body),
      { "Content-Type": "application/json", ...named(id, message), ...headers },
      outside,
    );
  switch (channel.kind) {
    case "slack":
      return json(needed(channel.secret, outside), slack(message));
    case "discord":
      return json(needed(channel.secret, outside), discord(message));
    case "teams":
      return json(needed(channel.secret, outside), teams(message));
    case "pagerduty":
      return json(channel.endpoint, pagerduty(message, needed(channel.secret, outside)));
    case "webhook": {
      const secret = channel.secret ? needed(channel.secret, outside) : null;
      const url = channel.url ?? secret;
      if (url === null) throw new SendError("the channel has neither an address nor a secret");
      const isKnown = channel.url !== null && secret !== null;
      return json(url, webhook(message), isKnown ? allowed(channel.user ?? null, secret) : {});
    }
    case "sms":
      return text(id, message, channel, outside);
    case "email": {
      const { from, to, host, port, tls } = channel;
      const password = channel.secret ? needed(channel.secret, outside) : null;
      const content = email(message, { from, to, id, date: new Date(outside.now()) });
      await deliver(
        outside.open,
        { host, port, tls, user: channel.user ?? null, password },
        { from, to, text: content },
      );
    }
  }
}

/**
 * Headers by which the other side can tell a message, and a repeat of it.
 * @param {string} id
 * @param {Message} message
 * @returns {Record<string, string>}
 */
function named(id, { kind, incident }) {
  return {
    "X-Belfry-Message": id,
    "X-Belfry-Kind": kind,
    "X-Belfry-Incident": incident.replace(/[^\x20-\x7e]/g, "?"),
  };
}

/**
 * @param {string | null} user
 * @param {string} secret
 * @returns {Record<string, string>}
 */
function allowed(user, secret) {
  if (user === null) return { Authorization: `Bearer ${secret}` };
  const bytes = new TextEncoder().encode(`${user}:${secret}`);
  return {
    Authorization: `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))}`,
  };
}

/**
 * Numbers that took a text message of which another number's failed, by the message's id: a repeat leaves them out, so
 * that nobody is told twice while the object lives.
 * @type {Map<string, Set<string>>}
 */
const TEXTED = new Map();
/** Messages that are remembered so. */
const REMEMBERED = 1000;

/**
 * A text message to each number, through Twilio's Messages API. One number's failure holds up no other.
 * @param {string} id
 * @param {Message} message
 * @param {import("../config.js").SmsChannel} channel
 * @param {Outside} outside
 */
async function text(id, message, { endpoint, account, from, to, secret }, outside) {
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    ...named(id, message),
    ...allowed(account, needed(secret, outside)),
  };
  const url = `${endpoint ?? TWILIO}/2010-04-01/Accounts/${account}/Messages.json`;
  const texted = TEXTED.get(id) ?? new Set();
  /** @type {SendError[]} */
  const failed = [];
  for (const number of to.filter((one) => !texted.has(one))) {
    const form = new URLSearchParams({ To: number, From: from, Body: sms(message) });
    try {
      await post(url, form.toString(), headers, outside);
      texted.add(number);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      failed.push(error);
    }
  }
  TEXTED.delete(id);
  const [first] = failed;
  if (first === undefined) return;
  const whom = to.length > 1 ? ` for ${failed.length} of ${to.length} numbers` : "";
  const what = `${first.message}${whom}`;
  const isRefused = failed.every(({ status }) => status === 400);
  if (texted.size > 0 && isRefused) {
    // Twilio will never take these numbers; to wait for them would keep the next message from the others.
    outside.note?.(what);
    return;
  }
  if (texted.size > 0) TEXTED.set(id, texted);
  for (const oldest of [...TEXTED.keys()].slice(0, -REMEMBERED)) TEXTED.delete(oldest);
  throw new SendError(what, Math.max(...failed.map(({ after }) => after)));
}

/**
 * @param {string} name
 * @param {Outside} outside
 */
function needed(name, outside) {
  const value = outside.secret(name);
  if (!value) throw new SendError(`the secret ${name} is not set`);
  return value;
}

/**
 * @param {string} url
 * @param {string} body
 * @param {Record<string, string>} headers
 * @param {Outside} outside
 */
async function post(url, body, headers, outside) {
  if (!URL.canParse(url)) throw new SendError("the channel's address is no URL");
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const response = await outside.fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: control.signal,
      headers,
      body,
    });
    await response.body?.cancel();
    if (response.ok) return;
    throw new SendError(
      `answered ${response.status}`,
      Number(response.headers.get("Retry-After")) || 0,
      response.status,
    );
  } catch (error) {
    if (error instanceof SendError) throw error;
    throw new SendError(
      control.signal.aborted ? `no answer within ${PATIENCE / 1000} s` : "no connection",
    );
  } finally {
    clearTimeout(timer);
  }
}
