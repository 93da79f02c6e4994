// Whether the monitoring itself is well. Somebody else asks: a monitor that is dead cannot say so.

/**
 * @typedef {{
 *   born: number, heard: number | null, tick: number | null, refused: string | null, pending: number,
 *   oldest: number | null, stuck: { channel: string, attempts: number, error: string }[], lost: number,
 * }} Vitals real times in milliseconds; `heard`: when the last tick came, `refused`: why it could not be used,
 *   `lost`: shards of the last run that never reported
 * @typedef {{ status: "healthy" | "unhealthy", timestamp: string, reasons: string[], lastTick: string | null,
 *   outbox: { pending: number, stuck: { channel: string, attempts: number, error: string }[] } }} Health
 */

const SILENCE = 180_000;
const WAITING = 300_000;

/**
 * @param {Vitals} vitals
 * @param {string | null} misconfigured what is wrong with the configuration as it is now
 * @param {number} now
 * @returns {Health}
 */
export function health(
  { born, heard, tick, refused, pending, oldest, stuck, lost },
  misconfigured,
  now,
) {
  const reasons = [];
  const wrong = misconfigured ?? refused;
  if (wrong !== null) reasons.push(wrong);
  const silent = Math.round((now - (heard ?? born)) / 1000);
  if (silent * 1000 >= SILENCE)
    reasons.push(heard === null ? `no tick yet, for ${silent} s` : `no tick for ${silent} s`);
  for (const { channel, attempts, error } of stuck) {
    reasons.push(`channel ${channel} does not take its messages: ${attempts} attempts, ${error}`);
  }
  if (stuck.length === 0 && oldest !== null && now - oldest >= WAITING) {
    reasons.push(`a message has been waiting for ${Math.round((now - oldest) / 1000)} s`);
  }
  if (lost > 0) reasons.push(`${lost} shards of the last tick never reported`);
  return {
    status: reasons.length === 0 ? "healthy" : "unhealthy",
    timestamp: new Date(now).toISOString(),
    reasons,
    lastTick: tick === null ? null : new Date(tick).toISOString(),
    outbox: { pending, stuck },
  };
}
