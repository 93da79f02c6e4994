// One JSON line a tick and a change of an incident. Addresses and secrets have no place here: callers name what they log.

/** @typedef {"debug" | "info" | "warn" | "error"} Level */

const ORDER = ["debug", "info", "warn", "error"];

/**
 * @param {string | undefined} threshold LOG_LEVEL; without one, `info`
 * @returns {(level: Level, event: string, fields: Record<string, string | number | boolean | null | string[]>) => void}
 */
export function logger(threshold = "info") {
  const least = Math.max(0, ORDER.indexOf(threshold.toLowerCase()));
  return (level, event, fields) => {
    if (ORDER.indexOf(level) >= least) console.log(JSON.stringify({ level, event, ...fields }));
  };
}
