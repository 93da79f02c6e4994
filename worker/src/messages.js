// What people are told about an incident: one message, the same words for every channel. What it says is in
// wording.js; belfry/messages says it alike, byte for byte, as tests/golden/messages holds.
import { address, clip, span, tidy } from "./characters.js";
import { scrubbed } from "./scrubbing.js";
import {
  FIRST_STEP,
  HEADLINES,
  INCIDENT,
  LENGTHS,
  LISTED,
  LOOKS,
  MORE,
  PARTS,
  SHORT,
  TROUBLES,
  WELL,
} from "./wording.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./telling.js").Kind} Kind
 * @typedef {import("./wording.js").Part} Part
 * @typedef {{
 *   kind: Kind, incident: string, at: string, platform: string, environment: string, severity: string, level: number,
 *   answer: number, service: string, set: string | null, rule: string, trouble: string | null, summary: string,
 *   description: string | null, detail: string | null, since: string, lasted: number, by: string | null,
 *   until: string | null, tookAlong: string[], also: string[], unseen: string[], firstStep: string | null, runbook: string | null, dashboard: string | null,
 *   silence: string | null, acknowledge: string | null, status: string | null,
 * }} Message times as ISO 8601, durations in seconds; `level`: 0 for the worst severity, 1 for the next …; a channel
 *   gets one that is `cleaned`
 */

/**
 * @param {Kind} kind
 * @param {Incident} incident
 * @param {number} at
 * @param {Config} config
 * @param {import("./answers.js").Acknowledgement | null} [acknowledgement]
 * @returns {Message} cleaned
 */
export function message(kind, incident, at, config, acknowledgement = null) {
  const rule = config.rules.find(({ id }) => id === incident.rule);
  const severity = config.severities[incident.severity];
  const named = {
    incident: incident.id,
    platform: config.platform,
    environment: config.environment,
    severity: incident.severity,
    service: incident.cause,
    set: rule?.set ?? null,
    rule: rule?.rule ?? incident.rule,
  };
  /** @param {string | null | undefined} link */
  const filled = (link) => fillAddress(link ?? null, named);
  return cleaned(
    {
      ...named,
      kind,
      at: iso(at),
      level: levelOf(incident.severity, config),
      answer: severity?.answer ?? 0,
      trouble: rule?.trouble ?? null,
      summary: rule?.summary ?? `${incident.cause} fails`,
      description: rule?.description ?? null,
      detail: incident.detail,
      since: iso(incident.since),
      lasted: Math.max(0, Math.round((at - incident.since) / 1000)),
      by: acknowledgement?.by ?? null,
      until: acknowledgement?.until ? iso(acknowledgement.until) : null,
      tookAlong: incident.tookAlong,
      also: [],
      unseen: incident.unseen,
      firstStep: rule?.firstStep ?? null,
      runbook: rule?.runbook ?? null,
      dashboard: filled(rule?.dashboard ?? config.links.dashboard),
      silence: filled(config.links.incident),
      acknowledge: filled(config.links.incident),
      status: filled(config.links.status),
    },
    config.privacy?.scrub ?? [],
    config.privacy?.fields ?? [],
  );
}

/**
 * Other people's text made harmless: one line, nothing hidden, scrubbed, and not too long. Names are not scrubbed,
 * since whoever is told has to find what bears them.
 * @param {Message} message
 * @param {string[]} scrub kinds of text
 * @param {string[]} fields names of fields
 * @returns {Message}
 */
export function cleaned(message, scrub, fields) {
  /** @param {string} value @param {number} most */
  const text = (value, most) => clip(scrubbed(tidy(value), scrub, fields), most);
  /** @param {string | null} value */
  const maybe = (value) => (value === null ? null : text(value, LENGTHS.fact) || null);
  return {
    kind: message.kind,
    incident: nameOf(message.incident),
    at: message.at,
    platform: nameOf(message.platform),
    environment: nameOf(message.environment),
    severity: nameOf(message.severity),
    level: message.level,
    answer: message.answer,
    service: nameOf(message.service),
    set: message.set ? nameOf(message.set) : null,
    rule: nameOf(message.rule),
    trouble: message.trouble,
    summary: text(message.summary, LENGTHS.summary) || nameOf(message.rule),
    description: maybe(message.description),
    detail: maybe(message.detail),
    since: message.since,
    lasted: message.lasted,
    by: maybe(message.by),
    until: message.until,
    tookAlong: message.tookAlong.map(nameOf),
    also: message.also.map((one) => text(one, LENGTHS.summary)),
    unseen: message.unseen.map(nameOf),
    firstStep: maybe(message.firstStep),
    runbook: address(message.runbook),
    dashboard: address(message.dashboard),
    silence: address(message.silence),
    acknowledge: address(message.acknowledge),
    status: address(message.status),
  };
}

/**
 * With the key that lets whoever follows a link answer. It stands after the `#`, which browsers send to nobody, so that no
 * log and no preview of a link has it.
 * @param {Message} message
 * @param {string} key
 * @returns {Message}
 */
export function keyed(message, key) {
  const { silence, acknowledge } = message;
  return {
    ...message,
    silence: silence && `${silence}#silence=${key}`,
    acknowledge: acknowledge && `${acknowledge}#acknowledge=${key}`,
  };
}

/** @param {string} value */
function nameOf(value) {
  return clip(tidy(value), LENGTHS.name) || "?";
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

/**
 * One line: what, where, how bad.
 * @param {Message} message
 */
export function headline(message) {
  return fill(HEADLINES[message.kind], values(message));
}

/**
 * The facts that are known, in the order in which somebody woken at night needs them.
 * @param {Message} message
 */
export function facts(message) {
  return said(message, "fact").map(([part, text]) => ({ part, text: clip(text, LENGTHS.fact) }));
}

/**
 * Where to go.
 * @param {Message} message
 */
export function links(message) {
  return said(message, "link").map(([part, url]) => ({ label: part.label, url }));
}

/**
 * Links in a row, as many as there is room for; a cut one would lead nowhere.
 * @param {string[]} shown
 * @param {number} most
 */
export function row(shown, most) {
  return shown.reduce((whole, link) => {
    const longer = whole === "" ? link : `${whole} · ${link}`;
    return [...longer].length <= most ? longer : whole;
  }, "");
}

/**
 * What the message is about, for its last line.
 * @param {Message} message
 */
export function foot(message) {
  return fill(INCIDENT, values(message));
}

/**
 * Colours and words of the severity, or of a recovery.
 * @param {Message} message
 */
export function look({ kind, level }) {
  return kind === "recovered" ? WELL : (LOOKS[Math.min(level, LOOKS.length - 1)] ?? LOOKS[0]);
}

/**
 * @param {Message} message
 * @param {string} role
 * @returns {[Part, string][]}
 */
function said(message, role) {
  const known = values(message);
  return PARTS.filter(
    (part) =>
      part.role === role &&
      part.kinds.includes(message.kind) &&
      part.fields.every((field) => known[field]),
  ).map((part) => [part, fill(part.text, known)]);
}

/**
 * What stands in the blanks of the wording; what is not known is empty.
 * @param {Message} message
 * @returns {Record<string, string>}
 */
export function values(message) {
  return {
    incident: message.incident,
    platform: message.platform,
    environment: message.environment,
    severity: message.severity,
    service: message.service,
    summary: message.summary,
    description: message.description ?? "",
    trouble: TROUBLES[message.trouble ?? ""] ?? "",
    since: moment(message.since),
    clock: `${message.since.slice(11, 16)} UTC`,
    lasted: span(message.lasted),
    by: message.by ?? "",
    until: message.until ? moment(message.until) : "",
    answer: message.answer ? span(message.answer) : "",
    seen: message.detail ?? "",
    "took-along": listed(message.tookAlong),
    also: listed(message.also ?? []), // one that an older version queued has none
    unseen: listed(message.unseen),
    "first-step": message.firstStep ?? (message.runbook ? FIRST_STEP : ""),
    runbook: message.runbook ?? "",
    dashboard: message.dashboard ?? "",
    silence: message.silence ?? "",
    acknowledge: message.acknowledge ?? "",
    status: message.status ?? "",
  };
}

/** @param {string} at ISO 8601 */
export function moment(at) {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

/** @param {string[]} names */
function listed(names) {
  const shown = names.slice(0, LISTED).join(", ");
  const more = names.length - LISTED;
  return more > 0 ? fill(MORE, { shown, more: String(more) }) : shown;
}

/**
 * @param {Message} message
 * @param {Record<string, string>} known
 */
export function short({ kind }, known) {
  return fill(SHORT[kind], known);
}

/**
 * Puts values into a text's ${blanks}.
 * @param {string} text
 * @param {Record<string, string>} known
 */
export function fill(text, known) {
  return text.replace(/\$\{([a-z][a-z0-9-]*)\}/g, (_, name) => known[name] ?? "");
}

/**
 * @param {string | null} text
 * @param {Record<string, string | null>} named
 */
function fillAddress(text, named) {
  return text?.replace(/\$\{([a-z]+)\}/g, (_, name) => encodeURIComponent(named[name] ?? "")) ?? null;
}

/**
 * Whole seconds: the alarm does not ring at a full one.
 * @param {number} at
 */
export function iso(at) {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}
