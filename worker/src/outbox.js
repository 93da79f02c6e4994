// Messages that are due: rows in a Durable Object's SQLite, kept until the channel has taken them.

/**
 * @typedef {import("./messages.js").Message} Message
 * @typedef {{ id: string, channel: string, message: Message }} Letter
 * @typedef {Letter & { attempts: number }} Due
 * @typedef {{ first: number, most: number }} Backoff milliseconds
 */

/** @type {Backoff} */
export const BACKOFF = { first: 5_000, most: 300_000 };
/** After so many attempts a message counts as stuck and the monitoring says that it is not well. */
export const STUCK_ATTEMPTS = 5;
/** A message that no channel has taken for so long is given up: it would tell of another day. */
export const GIVE_UP = 86_400_000;

/**
 * Milliseconds to wait after so many failed attempts.
 * @param {number} attempts
 * @param {Backoff} [backoff]
 */
export function pause(attempts, backoff = BACKOFF) {
  return Math.min(backoff.most, backoff.first * 2 ** (attempts - 1));
}

/** Of each incident and channel the oldest message only, so that nobody reads of a recovery first. */
const IS_FIRST = `NOT EXISTS (
  SELECT 1 FROM outbox WHERE incident = letter.incident AND channel = letter.channel AND place < letter.place)`;

export class Outbox {
  /**
   * @param {SqlStorage} sql
   * @param {Backoff} backoff
   */
  constructor(sql, backoff) {
    this.sql = sql;
    this.backoff = backoff;
    sql.exec(`CREATE TABLE IF NOT EXISTS outbox (
      place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, incident TEXT NOT NULL,
      message TEXT NOT NULL, queued INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL,
      error TEXT)`);
  }

  /**
   * @param {Letter} letter
   * @param {number} now
   */
  add({ id, channel, message }, now) {
    this.sql.exec(
      "INSERT OR IGNORE INTO outbox (id, channel, incident, message, queued, due) VALUES (?, ?, ?, ?, ?, ?)",
      ...[id, channel, message.incident, JSON.stringify(message), now, now],
    );
  }

  /**
   * The channels that a message is due for.
   * @param {number} now
   * @returns {string[]}
   */
  channels(now) {
    const rows = this.sql.exec(
      "SELECT DISTINCT channel FROM outbox WHERE due <= ? ORDER BY channel",
      now,
    );
    return rows.toArray().map(({ channel }) => String(channel));
  }

  /**
   * The next message that may be sent to a channel now.
   * @param {string} channel
   * @param {number} now
   * @returns {Due | null}
   */
  due(channel, now) {
    const [row] = this.sql
      .exec(
        `SELECT id, message, attempts FROM outbox AS letter
         WHERE channel = ? AND due <= ? AND ${IS_FIRST} ORDER BY place LIMIT 1`,
        ...[channel, now],
      )
      .toArray();
    if (row === undefined) return null;
    const { id, message, attempts } = row;
    return {
      id: String(id),
      channel,
      message: JSON.parse(String(message)),
      attempts: Number(attempts),
    };
  }

  /** @param {string} id */
  sent(id) {
    this.sql.exec("DELETE FROM outbox WHERE id = ?", id);
  }

  /**
   * @param {Due} letter
   * @param {string} error
   * @param {number} now
   * @param {number} after seconds that the channel asked for
   * @returns {boolean} whether the message is given up
   */
  failed({ id, attempts }, error, now, after) {
    const wait = Math.min(
      this.backoff.most,
      Math.max(pause(attempts + 1, this.backoff), after * 1000),
    );
    this.sql.exec(
      "UPDATE outbox SET attempts = attempts + 1, due = ?, error = ? WHERE id = ?",
      ...[now + wait, error, id],
    );
    return (
      this.sql
        .exec("DELETE FROM outbox WHERE id = ? AND queued <= ? RETURNING id", id, now - GIVE_UP)
        .toArray().length > 0
    );
  }

  /**
   * When the next message may be sent; null when there is none.
   * @param {string[]} busy channels that are being sent to already
   */
  next(busy) {
    const { due } = this.sql
      .exec(
        `SELECT MIN(due) AS due FROM outbox AS letter
         WHERE channel NOT IN (SELECT value FROM json_each(?)) AND ${IS_FIRST}`,
        JSON.stringify(busy),
      )
      .one();
    return due === null ? null : Number(due);
  }

  /** @returns {{ pending: number, oldest: number | null, stuck: { channel: string, attempts: number, error: string }[] }} */
  summary() {
    const { pending, oldest } = this.sql
      .exec("SELECT COUNT(*) AS pending, MIN(queued) AS oldest FROM outbox")
      .one();
    const stuck = this.sql.exec(
      `SELECT channel, MAX(attempts) AS attempts, error FROM outbox WHERE attempts >= ? GROUP BY channel ORDER BY channel`,
      STUCK_ATTEMPTS,
    );
    return {
      pending: Number(pending),
      oldest: oldest === null ? null : Number(oldest),
      stuck: stuck.toArray().map(({ channel, attempts, error }) => ({
        channel: String(channel),
        attempts: Number(attempts),
        error: String(error ?? ""),
      })),
    };
  }
}
