// One message to one channel. Whatever kind it is, delivered means that the other side has taken it.
import { email } from "./email.js";
import { pagerduty } from "./pagerduty.js";
import { slack } from "./slack.js";
import { deliver } from "./smtp.js";
import { webhook } from "./webhook.js";

/**
 * @typedef {import("../config.js").Channel} Channel
 * @typedef {import("../messages.js").Message} Message
 * @typedef {{
 *   fetch: typeof fetch, open: import("./smtp.js").Open, secret: (name: string) => string | null, now: () => number,
 * }} Outside
 */

const PATIENCE = 10_000;

/** A message was not taken; the text names no address and no secret. `after`: seconds the other side asks to wait. */
export class SendError extends Error {
  /**
   * @param {string} what
   * @param {number} [after]
   */
  constructor(what, after = 0) {
    super(what);
    this.name = "SendError";
    this.after = after;
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
  switch (channel.kind) {
    case "slack":
      return post(id, message, needed(channel.secret, outside), slack(message), {}, outside);
    case "pagerduty":
      return post(
        id,
        message,
        channel.endpoint,
        pagerduty(message, needed(channel.secret, outside)),
        {},
        outside,
      );
    case "webhook": {
      const secret = channel.secret ? needed(channel.secret, outside) : null;
      const url = channel.url ?? secret;
      if (url === null) throw new SendError("the channel has neither an address nor a secret");
      /** @type {Record<string, string>} */
      const headers = channel.url && secret ? { Authorization: `Bearer ${secret}` } : {};
      return post(id, message, url, webhook(message), headers, outside);
    }
    case "email": {
      const { from, to, host, port, tls } = channel;
      const password = channel.secret ? needed(channel.secret, outside) : null;
      const text = email(message, { from, to, id, date: new Date(outside.now()) });
      await deliver(
        outside.open,
        { host, port, tls, user: channel.user ?? null, password },
        { from, to, text },
      );
    }
  }
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
 * @param {string} id
 * @param {Message} message
 * @param {string} url
 * @param {object} body
 * @param {Record<string, string>} headers
 * @param {Outside} outside
 */
async function post(id, message, url, body, headers, outside) {
  if (!URL.canParse(url)) throw new SendError("the channel's address is no URL");
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const response = await outside.fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: control.signal,
      headers: {
        "Content-Type": "application/json",
        "X-Belfry-Message": id,
        "X-Belfry-Kind": message.kind,
        "X-Belfry-Incident": message.incident,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    await response.body?.cancel();
    if (response.ok) return;
    throw new SendError(
      `answered ${response.status}`,
      Number(response.headers.get("Retry-After")) || 0,
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
