// What people answer to an incident: that somebody has taken it up, that no more is to be said of it for a while, or that
// neither holds any longer. Pure; state is plain JSON.

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./telling.js").Telling} Telling
 * @typedef {{ at: number, by: string | null, severity: string, until: number | null }} Acknowledgement of an incident, for as
 *   long as it is no worse than it was; `until`: when it lapses, null where the severity promises no time to resolve
 * @typedef {{ about: string, service: string, by: string | null, severity: string, until: number }} Silence about a cause,
 *   however often it comes again, for as long as it is no worse
 * @typedef {{ does: "acknowledge" | "silence" | "release", by: string | null, seconds: number }} Answer `seconds`: of a silence
 */

/** A silence that is longer is a rule that nobody wants: a week. */
export const LONGEST_SILENCE = 604_800;

/**
 * @param {Telling} telling is not changed
 * @param {{ incident: Incident, isOpen: boolean }} about
 * @param {Answer} answer
 * @param {number} now
 * @param {Config} config
 * @returns {Telling}
 */
export function answered(telling, { incident, isOpen }, { does, by, seconds }, now, config) {
  const { cause, severity } = incident;
  const others = telling.silences.filter((one) => one.about !== about(incident));
  if (does === "release") {
    const { [incident.id]: _, ...acknowledged } = telling.acknowledged;
    return { ...telling, acknowledged, silences: others };
  }
  if (does === "silence") {
    const until = now + seconds * 1000;
    const silence = { about: about(incident), service: cause, by, severity, until };
    const silenced = { ...telling, silences: [...others, silence] };
    return isOpen ? taken(silenced, incident, { at: now, by, severity, until }) : silenced;
  }
  const standing = acknowledgement(telling, incident, now, config);
  if (!isOpen || (standing !== null && standing.by === by)) return telling;
  const resolve = config.severities[severity]?.resolve ?? 0;
  const until = resolve > 0 ? now + resolve * 1000 : null;
  return taken(telling, incident, { at: now, by, severity, until });
}

/**
 * @param {Telling} telling
 * @param {Incident} incident
 * @param {Acknowledgement} acknowledgement
 * @returns {Telling}
 */
function taken(telling, { id }, acknowledgement) {
  return { ...telling, acknowledged: { ...telling.acknowledged, [id]: acknowledgement } };
}

/**
 * The acknowledgement of an incident that holds at a moment.
 * @param {Telling} telling
 * @param {Incident} incident
 * @param {number} now
 * @param {Config} config
 * @returns {Acknowledgement | null}
 */
export function acknowledgement({ acknowledged }, { id, severity }, now, config) {
  const found = Object.hasOwn(acknowledged, id) ? acknowledged[id] : undefined;
  if (found === undefined || isOver(found.until, now)) return null;
  return rankOf(severity, config) < rankOf(found.severity, config) ? null : found;
}

/**
 * The silence that keeps an incident quiet at a moment.
 * @param {Telling} telling
 * @param {Incident} incident
 * @param {number} now
 * @param {Config} config
 * @returns {Silence | null}
 */
export function silenceOf({ silences }, incident, now, config) {
  const rank = rankOf(incident.severity, config);
  return (
    silences.find(
      (one) =>
        one.about === about(incident) &&
        !isOver(one.until, now) &&
        rank >= rankOf(one.severity, config),
    ) ?? null
  );
}

/**
 * @param {number | null} until
 * @param {number} now
 */
export function isOver(until, now) {
  return until !== null && until <= now;
}

/**
 * What an incident has in common with one that comes again.
 * @param {Incident} incident
 */
export function about({ cause, aside }) {
  return aside ?? cause;
}

/**
 * @param {string} severity
 * @param {Config} config
 */
export function rankOf(severity, { severities }) {
  return Object.hasOwn(severities, severity)
    ? /** @type {import("./config.js").Severity} */ (severities[severity]).rank
    : Number.MAX_SAFE_INTEGER;
}
