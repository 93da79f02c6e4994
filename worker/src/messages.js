// What people are told about an incident: one message, the same facts for every channel.

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./incidents.js").Kind} Kind
 * @typedef {{
 *   kind: Kind, incident: string, at: string, platform: string, environment: string, severity: string, level: number,
 *   answer: number, service: string, rule: string, summary: string, description: string, detail: string | null,
 *   since: string, lasted: number, tookAlong: string[], unseen: string[], runbook: string | null,
 *   dashboard: string | null, status: string | null,
 * }} Message times as ISO 8601, durations in seconds; `level`: 0 for the worst severity, 1 for the next …
 */

/** Characters that a fact has at most. */
const FACT = 1000;

/**
 * @param {Kind} kind
 * @param {Incident} incident
 * @param {number} at tick
 * @param {Config} config
 * @returns {Message}
 */
export function message(kind, incident, at, config) {
  const rule = config.rules.find(({ id }) => id === incident.rule);
  const severity = config.severities[incident.severity];
  return {
    kind,
    incident: incident.id,
    at: iso(at),
    platform: config.platform,
    environment: config.environment,
    severity: incident.severity,
    level: levelOf(incident.severity, config),
    answer: severity?.answer ?? 0,
    service: incident.cause,
    rule: rule?.rule ?? incident.rule,
    summary: rule?.summary ?? `${incident.cause} fails`,
    description: clip(rule?.description ?? "", FACT),
    detail: incident.detail,
    since: iso(incident.since),
    lasted: Math.max(0, Math.round((at - incident.since) / 1000)),
    tookAlong: incident.tookAlong,
    unseen: incident.unseen,
    runbook: rule?.runbook || null,
    dashboard: config.links.dashboard ?? null,
    status: config.links.status ?? null,
  };
}

/**
 * How many severities are worse.
 * @param {string} name
 * @param {Config} config
 */
function levelOf(name, { severities }) {
  const rank = severities[name]?.rank ?? 0;
  return new Set(
    Object.values(severities).flatMap((other) => (other.rank < rank ? [other.rank] : [])),
  ).size;
}

/** @type {Record<Kind, string>} */
const OPENINGS = {
  opened: "",
  raised: "Raised: ",
  updated: "Cause found: ",
  recovered: "Recovered: ",
};

/**
 * One line: what, where, how bad.
 * @param {Message} message
 */
export function headline({ kind, severity, service, summary, platform, environment }) {
  const line = `${OPENINGS[kind]}[${severity}] ${service}: ${summary} (${platform}, ${environment})`;
  return line.replace(/\s+/g, " ");
}

/**
 * The facts, in the order in which somebody woken at night needs them.
 * @param {Message} message
 * @returns {[string, string][]} label and text
 */
export function facts(message) {
  const { kind, detail, since, lasted, tookAlong, unseen, answer, severity, description } = message;
  const isOver = kind === "recovered";
  /** @type {[string, string | null][]} */
  const lines = [
    ["What", isOver ? null : description || null],
    ["Since", isOver ? `${since}, for ${span(lasted)}` : since],
    ["Seen", isOver ? null : detail],
    ["Took along", tookAlong.join(", ") || null],
    ["Cannot be seen", isOver ? null : unseen.join(", ") || null],
    ["Answer", isOver || answer === 0 ? null : `${severity}, within ${span(answer)}`],
  ];
  return lines.flatMap(([label, text]) =>
    text === null ? [] : [/** @type {[string, string]} */ ([label, clip(text, FACT)])],
  );
}

/**
 * Where to go, the first step first.
 * @param {Message} message
 * @returns {[string, string][]} label and address
 */
export function links({ kind, runbook, dashboard, status }) {
  /** @type {[string, string | null][]} */
  const all = [
    [kind === "recovered" ? "Runbook" : "First step: runbook", runbook],
    ["Dashboard", dashboard],
    ["Status", status],
  ];
  return all.flatMap(([label, url]) =>
    url === null ? [] : [/** @type {[string, string]} */ ([label, url])],
  );
}

/**
 * Shortens a text to so many characters, never inside one.
 * @param {string} text
 * @param {number} most
 */
export function clip(text, most) {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/**
 * @param {number} seconds
 */
export function span(seconds) {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1).replace(/\.0$/, "")} h`;
}

/** @param {number} at */
function iso(at) {
  return new Date(at).toISOString().replace(/\.000Z$/, "Z");
}
