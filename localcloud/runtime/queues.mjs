// Messages that wait in queues, for people to look at: what was sent and has not been taken.
// miniflare's own broker keeps and delivers them, in memory; a restart of it loses them, here too.

const KEPT = 1_000;
const SHOWN = 64 * 1024;
const waiting = new Map();
let last = 0;

/** By what a queue of an account is kept here. */
export const keyOf = (account, queue) => `${account}/${queue}`;

const of = (key) => waiting.get(key) ?? waiting.set(key, []).get(key);

function add(key, message) {
  const messages = of(key);
  messages.push(message);
  if (messages.length > KEPT) messages.shift();
}

/** Keeps what a Worker sends. */
export function sent(account, { queue, messages }) {
  const at = Date.now();
  for (const { body, size, delay } of messages) {
    add(keyOf(account, queue), { id: String((last += 1)), at, size, delay: delay ?? 0, attempts: 0, body: body.slice(0, SHOWN) });
  }
}

/**
 * Takes away what a consumer has done with.
 * @param {string} account of the consumer
 * @param {object} told the queue, and its messages with their fates
 * @param {object} settings of the consumer: maxRetries and deadLetterQueue
 */
export function came(account, { queue, messages }, settings) {
  for (const { body, fate } of messages) {
    const held = of(keyOf(account, queue));
    const place = held.findIndex((message) => message.body === body.slice(0, SHOWN));
    if (place < 0) continue;
    const message = held[place];
    message.attempts += 1;
    if (fate === "again" && message.attempts <= (settings?.maxRetries ?? 2)) continue;
    held.splice(place, 1);
    if (fate === "again" && settings?.deadLetterQueue !== undefined) {
      add(keyOf(account, settings.deadLetterQueue), { ...message, attempts: 0 });
    }
  }
}

/** The messages of a queue, oldest first. */
export const waitingIn = (account, queue) => waiting.get(keyOf(account, queue)) ?? [];

/** Drops what a broker that ended held: queues by their keys. */
export function lost(keys) {
  for (const key of keys) waiting.delete(key);
}
