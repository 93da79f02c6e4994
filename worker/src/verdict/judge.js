// From what was measured to the state of one rule. Pure: results, the state before and the tick's time come in.

/**
 * @typedef {import("../config.js").Rule} Rule
 * @typedef {{ at: number, up: boolean | null, seconds: number | null, detail: string | null }} Sample
 * @typedef {{ every: number, samples: Sample[] }} History one check's samples, oldest first
 * @typedef {"firing" | "pending" | "quiet" | "unknown"} Standing
 * @typedef {{
 *   state: Standing, since: number, held: number | null, evidence: boolean, detail: string | null, known: number,
 * }} Verdict `since`: when the state began, for pending and firing when the condition began to hold; `held`: when the
 *   condition began to hold, kept while nothing is known; `evidence`: false when it fires for want of data;
 *   `known`: the last tick at which something was known. All in milliseconds.
 * @typedef {{ holds: boolean | null, detail: string | null }} Finding
 */

/**
 * @param {Rule} rule
 * @param {History[]} checks the checks of the rule's service
 * @param {Verdict | null} before
 * @param {number} tick
 * @returns {Verdict}
 */
export function judge(rule, checks, before, tick) {
  const { holds, detail } = find(rule, checks, before, tick);
  const known = holds === null ? Math.min(before?.known ?? tick, tick) : tick;
  if (holds === null) return withoutData(noDataOf(rule), before, tick, known, detail);
  if (!holds) {
    const since = before?.state === "quiet" ? Math.min(before.since, tick) : tick;
    return { state: "quiet", since, held: null, evidence: true, detail: null, known };
  }
  const held = Math.min(before?.held ?? tick, tick);
  const state = tick - held >= rule.for * 1000 ? "firing" : "pending";
  return { state, since: held, held, evidence: true, detail, known };
}

/**
 * What silence means. A rule about silence itself waits for it, and then for as long as it waits for all trouble.
 * @param {Rule} rule
 * @returns {import("../config.js").NoData}
 */
function noDataOf({ condition, noData, for: hold }) {
  return condition.is === "absent" ? { is: "alerting", after: condition.after + hold } : noData;
}

/**
 * @param {import("../config.js").NoData} noData
 * @param {Verdict | null} before
 * @param {number} tick
 * @param {number} known
 * @param {string | null} detail
 * @returns {Verdict}
 */
function withoutData(noData, before, tick, known, detail) {
  const held = before?.held ?? null;
  if (tick - known < noData.after * 1000) {
    const since = before?.state === "unknown" ? Math.min(before.since, tick) : tick;
    return { state: "unknown", since, held, evidence: false, detail, known };
  }
  if (noData.is === "ok")
    return { state: "quiet", since: known, held: null, evidence: false, detail: null, known };
  return {
    state: "firing",
    since: known,
    held,
    evidence: false,
    detail: detail ?? "no data",
    known,
  };
}

/**
 * What the worst check of the service says; silence is the worst only where all checks are silent.
 * @param {Rule} rule
 * @param {History[]} checks
 * @param {Verdict | null} before
 * @param {number} tick
 * @returns {Finding}
 */
function find({ condition }, checks, before, tick) {
  const findings = checks.map((check) => one(condition, check, before, tick));
  return (
    findings.find(({ holds }) => holds === true) ??
    findings.find(({ holds }) => holds === (condition.is === "absent" ? false : null)) ??
    findings[0] ?? { holds: null, detail: "no check watches it" }
  );
}

/**
 * @param {Rule["condition"]} condition
 * @param {History} check
 * @param {Verdict | null} before
 * @param {number} tick
 * @returns {Finding}
 */
function one(condition, check, before, tick) {
  switch (condition.is) {
    case "down":
      return down(check, tick);
    case "fails":
      return fails(condition, check, tick);
    case "absent":
      return down(check, tick).holds === null
        ? { holds: null, detail: "no data" }
        : { holds: false, detail: null };
    case "told":
      return { holds: null, detail: "another backend judges it" };
    default:
      return beyond(condition, check, before, tick);
  }
}

/**
 * @param {History} check
 * @param {number} tick
 * @returns {Finding}
 */
function down({ every, samples }, tick) {
  const last = samples.at(-1);
  if (last === undefined || tick - last.at >= 2 * every * 1000)
    return { holds: null, detail: "no data" };
  return { holds: last.up === null ? null : !last.up, detail: last.detail };
}

/**
 * So many failures in a row. Probes of which nothing is known do not end the row, but in the end it is too long ago.
 * @param {import("../config.js").FailsCondition} condition
 * @param {History} check
 * @param {number} tick
 * @returns {Finding}
 */
function fails({ times }, { every, samples }, tick) {
  const { holds, detail } = down({ every, samples }, tick);
  if (holds !== true) return { holds, detail };
  const known = samples.filter(({ at, up }) => up !== null && at > tick - reach(times, every));
  const last = known.slice(-times);
  const isRow = last.length === times && last.every(({ up }) => up === false);
  return { holds: isRow, detail: isRow && times > 1 ? `${detail ?? "failed"}, ${times} times in a row` : detail };
}

/**
 * Milliseconds in which failures count as a row: half of the probes may have told nothing.
 * @param {number} times
 * @param {number} every
 */
function reach(times, every) {
  return 2 * times * every * 1000;
}

/**
 * Milliseconds of samples that a rule needs.
 * @param {Rule} rule
 * @param {number} every seconds between two probes, of the service's slowest check
 */
export function horizonOf({ condition }, every) {
  if (condition.is === "fails") return reach(condition.times, every);
  return condition.is === "above" || condition.is === "below" ? 2 * condition.window * 1000 : 0;
}

/** @type {Record<import("../config.js").BeyondCondition["aggregate"], (times: number[]) => number>} */
const AGGREGATES = {
  mean: (times) => times.reduce((sum, seconds) => sum + seconds, 0) / times.length,
  max: (times) => Math.max(...times),
  min: (times) => Math.min(...times),
  last: (times) => times.at(-1) ?? 0,
};

/**
 * How long answers took. Beyond the limit counts only when the answers reach over the whole window, give or take half a
 * period, so that a fresh start cannot be slow at once; the last answer alone counts by itself.
 * @param {import("../config.js").BeyondCondition} condition
 * @param {History} check
 * @param {Verdict | null} before
 * @param {number} tick
 * @returns {Finding}
 */
function beyond({ is, aggregate, limit, window }, { every, samples }, before, tick) {
  const timed = samples.flatMap(({ at, seconds }) =>
    seconds !== null && at > tick - window * 1000 && at <= tick ? [{ at, seconds }] : [],
  );
  const [oldest] = timed;
  if (oldest === undefined) return { holds: null, detail: "no answer to time" };
  const value = AGGREGATES[aggregate](timed.map(({ seconds }) => seconds));
  const covered = aggregate === "last" || oldest.at - every * 1500 <= tick - window * 1000;
  const isBeyond = is === "above" ? value > limit : value < limit;
  const [of, side] = [aggregate === "last" ? "last" : `${aggregate} over ${window} s`, MORE[is]];
  return {
    holds: isBeyond && (covered || (before?.held ?? null) !== null),
    detail: `${value.toFixed(1)} s (${of}), ${side} than ${limit} s`,
  };
}

const MORE = { above: "more", below: "less" };
