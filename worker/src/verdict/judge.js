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
  if (holds === null) return withoutData(rule, before, tick, known, detail);
  if (!holds) {
    const since = before?.state === "quiet" ? Math.min(before.since, tick) : tick;
    return { state: "quiet", since, held: null, evidence: true, detail: null, known };
  }
  const held = Math.min(before?.held ?? tick, tick);
  const state = tick - held >= rule.for * 1000 ? "firing" : "pending";
  return { state, since: held, held, evidence: true, detail, known };
}

/**
 * @param {Rule} rule
 * @param {Verdict | null} before
 * @param {number} tick
 * @param {number} known
 * @param {string | null} detail
 * @returns {Verdict}
 */
function withoutData(rule, before, tick, known, detail) {
  const held = before?.held ?? null;
  if (tick - known < rule.noData.after * 1000) {
    const since = before?.state === "unknown" ? Math.min(before.since, tick) : tick;
    return { state: "unknown", since, held, evidence: false, detail, known };
  }
  if (rule.noData.is === "ok")
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
 * @param {Rule} rule
 * @param {History[]} checks
 * @param {Verdict | null} before
 * @param {number} tick
 * @returns {Finding}
 */
function find(rule, checks, before, tick) {
  const { condition } = rule;
  const findings = checks.map((check) =>
    condition.is === "down" ? down(check, tick) : above(condition, check, before, tick),
  );
  return (
    findings.find(({ holds }) => holds === true) ??
    findings.find(({ holds }) => holds === null) ??
    findings[0] ?? { holds: null, detail: "no check watches it" }
  );
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
 * How long answers took. Beyond the limit counts only when the answers reach over the whole window, give or take half a
 * period, so that a fresh start cannot be slow at once.
 * @param {import("../config.js").AboveCondition} condition
 * @param {History} check
 * @param {Verdict | null} before
 * @param {number} tick
 * @returns {Finding}
 */
function above({ aggregate, limit, window }, { every, samples }, before, tick) {
  const timed = samples.flatMap(({ at, seconds }) =>
    seconds !== null && at > tick - window * 1000 && at <= tick ? [{ at, seconds }] : [],
  );
  const [oldest] = timed;
  if (oldest === undefined) return { holds: null, detail: "no answer to time" };
  const times = timed.map(({ seconds }) => seconds);
  const value =
    aggregate === "max"
      ? Math.max(...times)
      : times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
  const covered = oldest.at - every * 1500 <= tick - window * 1000;
  const holds = value > limit && (covered || (before?.held ?? null) !== null);
  return {
    holds,
    detail: `${value.toFixed(1)} s (${aggregate} over ${window} s), more than ${limit} s`,
  };
}
