// Which checks are due at a tick, and how they are dealt out so that each shard ends within its minute.

/** @typedef {import("./config.js").Check} Check */

/** A Worker invocation may hold six connections at once. */
export const CONNECTIONS = 6;
export const SHARD_CHECKS = 60;
/** Seconds after which the slowest shard has ended, even if every check uses all its time. */
export const SHARD_SECONDS = 50;

const MINUTE = 60_000;

/**
 * The checks of one tick, in shards. The same checks and tick give the same shards everywhere.
 * @param {Check[]} checks
 * @param {number} tick milliseconds since 1970
 * @returns {Check[][]}
 */
export function shards(checks, tick) {
  const waiting = checks
    .filter((check) => isDue(check, tick))
    .sort((a, b) => cost(b) - cost(a) || (a.id < b.id ? -1 : 1));
  /** @type {{ checks: Check[], lanes: number[] }[]} */
  const open = [];
  for (const check of waiting) {
    const seconds = cost(check);
    let shard = open.find(
      ({ checks, lanes }) =>
        checks.length < SHARD_CHECKS && Math.min(...lanes) + seconds <= SHARD_SECONDS,
    );
    if (shard === undefined) {
      shard = { checks: [], lanes: Array.from({ length: CONNECTIONS }, () => 0) };
      open.push(shard);
    }
    const lane = shard.lanes.indexOf(Math.min(...shard.lanes));
    shard.lanes[lane] = /** @type {number} */ (shard.lanes[lane]) + seconds;
    shard.checks.push(check);
  }
  return open.map((shard) => shard.checks);
}

/**
 * Seconds that a check's shards take at most.
 * @param {Check[][]} plan
 * @returns {number}
 */
export function longest(plan) {
  return plan.some((shard) => shard.length > CONNECTIONS)
    ? SHARD_SECONDS
    : Math.max(0, ...plan.flat().map(cost));
}

/**
 * Checks that run less often than every minute start at different minutes, by their names.
 * @param {Check} check
 * @param {number} tick
 */
export function isDue(check, tick) {
  const period = Math.max(1, Math.round(check.every / 60));
  return Math.floor(tick / MINUTE) % period === hash(check.id) % period;
}

/**
 * Seconds one attempt may take: the check's time-out, shortened when its confirmations would not fit into a shard.
 * @param {Check} check
 */
export function patience(check) {
  return Math.min(check.timeout, SHARD_SECONDS / (1 + check.confirmations));
}

/** @param {Check} check */
function cost(check) {
  return patience(check) * (1 + check.confirmations);
}

/**
 * FNV-1a, 32 bits.
 * @param {string} text
 */
function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
