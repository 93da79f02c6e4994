// The configuration that the deployment wrote into KV: read once a tick, checked here, trusted everywhere else.
import { ring } from "./needs.js";
import {
  count,
  list,
  map,
  number,
  object,
  one,
  orNull,
  pair,
  plain,
  positive,
  text,
  truth,
  variant,
  whole,
  written,
} from "./shapes.js";
import { clockIn, WEEKDAYS } from "./times.js";

/**
 * @typedef {{ needs: string[], checks: string[] }} Service
 * @typedef {{ status: number[], body: string | null }} Expectation
 * @typedef {{
 *   id: string, service: string, through: string | null, url: string, method: string,
 *   headers: Record<string, string>, expect: Expectation, every: number, timeout: number, confirmations: number,
 * }} Check times in seconds
 * @typedef {{ is: "down" }} DownCondition the last probe of a check failed
 * @typedef {{ is: "fails", times: number }} FailsCondition so many in a row
 * @typedef {{ is: "absent", after: number }} AbsentCondition no check has been heard of
 * @typedef {{
 *   is: "above" | "below", signal: "probe_seconds", aggregate: "mean" | "max" | "min" | "last", limit: number, window: number,
 * }} BeyondCondition
 * @typedef {{ is: "told", event?: string | null, window?: number | null }} ToldCondition another backend judges, and its votes
 *   decide; `event`: of Cloudflare's; `window`: how far back the judge looks, so how long trouble that is over still shows
 * @typedef {DownCondition | FailsCondition | AbsentCondition | BeyondCondition} Measured
 * @typedef {{ is: "alerting" | "ok", after: number }} NoData
 * @typedef {"down" | "degraded" | "ahead"} Trouble
 * @typedef {{
 *   id: string, rule: string, set: string, service: string, severity: string, condition: Measured | ToldCondition,
 *   for: number, noData: NoData, summary: string, description: string, runbook: string,
 *   trouble?: Trouble | null, dashboard?: string | null, firstStep?: string | null, route: number,
 * }} Rule `route`: its place in `routes`
 * @typedef {{ to: string[], onCall: string[], after: number, active: string[], mute: string[] }} Step channels and rotations
 *   that are told `after` so many seconds, if it is one of the times `active`, or these are none, and none of `mute`
 * @typedef {{ steps: Step[] }} Route without steps: nobody is told
 * @typedef {{ coolDown: number, repeat: number | null, limit: { count: number, seconds: number } | null }} Manner how often
 *   a channel is told: the same incident again, that it lasts, and at all
 * @typedef {{ rank: number, answer: number, resolve: number }} Severity the lower the rank, the worse
 * @typedef {{ kind: "slack", secret: string }} SlackChannel
 * @typedef {{ kind: "pagerduty", endpoint: string, secret: string }} PagerDutyChannel
 * @typedef {{
 *   kind: "email", host: string, port: number, tls: "implicit" | "starttls" | "none", user: string | null,
 *   from: string, to: string[], secret: string | null,
 * }} EmailChannel
 * @typedef {{ kind: "webhook", url: string | null, secret: string | null, user?: string | null }} WebhookChannel
 * @typedef {{ kind: "discord", secret: string }} DiscordChannel
 * @typedef {{ kind: "teams", secret: string }} TeamsChannel
 * @typedef {{
 *   kind: "sms", endpoint?: string | null, account: string, from: string, to: string[], secret: string,
 * }} SmsChannel
 * @typedef {SlackChannel | PagerDutyChannel | EmailChannel | WebhookChannel | DiscordChannel | TeamsChannel | SmsChannel} Channel
 * @typedef {{ dashboard: string | null, status: string | null, incident?: string | null }} Links `incident`: of the page on
 *   which people answer
 * @typedef {{
 *   version: typeof VERSION, platform: string, environment: string, paging: string, services: Record<string, Service>,
 *   checks: Check[], rules: Rule[], routes: Route[], times: Record<string, import("./times.js").Times>,
 *   rotations: Record<string, import("./times.js").Rotation>, telling: Manner,
 *   severities: Record<string, Severity>, channels: Record<string, Channel>,
 *   recoverAfter: number, settle: number, links: Links, privacy?: { scrub: string[], fields: string[] } | null,
 *   retention: { observations: number, archive: number },
 * }} Config
 */

/** What this code reads; what was stored in another version is not used. */
export const VERSION = 2;

/** The configuration is missing or cannot be used; the message says where, what, and what would be right. */
export class ConfigError extends Error {
  /** @param {string[]} wrong */
  constructor(wrong) {
    super(`config: ${wrong.join("; ")}`);
    this.name = "ConfigError";
    this.wrong = wrong;
  }
}

/**
 * @param {string | null} text the value of the key `config`
 * @returns {Config}
 * @throws {ConfigError} with everything that is wrong
 */
export function parse(text) {
  if (text === null)
    throw new ConfigError([
      "the key `config` is missing in the KV namespace: deploy the stack again",
    ]);
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(["the key `config` holds no JSON: deploy the stack again"]);
  }
  /** @type {string[]} */
  const wrong = [];
  VERSIONED(value, "", wrong);
  if (wrong.length === 0) CONFIG(value, "", wrong);
  if (wrong.length > 0) throw new ConfigError(wrong);
  const config = /** @type {Config} */ (value);
  const unmeant = meaning(config);
  if (unmeant.length > 0) throw new ConfigError(unmeant);
  return config;
}

/**
 * Everything that has the right shape and yet cannot be meant.
 * @param {Config} config
 */
function meaning(config) {
  /** @type {string[]} */
  const wrong = [];
  /** @type {(path: string, name: string, where: object, what: string) => void} */
  const known = (path, name, where, what) => {
    if (!Object.hasOwn(where, name))
      wrong.push(`${path}: ${name} is no ${what} of this configuration`);
  };
  for (const [name, service] of Object.entries(config.services)) {
    for (const need of service.needs)
      known(`services.${name}.needs`, need, config.services, "service");
  }
  const circle = ring(config.services);
  if (circle !== null)
    wrong.push(`services: ${[...circle, circle[0]].join(" needs ")}: no service may need itself`);
  config.checks.forEach((check, index) => {
    const path = `checks[${index}]`;
    known(`${path}.service`, check.service, config.services, "service");
    if (typeof check.through === "string")
      known(`${path}.through`, check.through, config.services, "service");
    if (check.every < 60 || check.every % 60 !== 0)
      wrong.push(`${path}.every: ${check.every} is no multiple of 60 s`);
    if (!/^https?:\/\//.test(check.url) || !URL.canParse(check.url))
      wrong.push(`${path}.url: is no http(s) address`);
  });
  config.rules.forEach((rule, index) => {
    known(`rules[${index}].service`, rule.service, config.services, "service");
    known(`rules[${index}].severity`, rule.severity, config.severities, "severity");
    if (rule.route >= config.routes.length)
      wrong.push(`rules[${index}].route: ${rule.route} is no place in \`routes\``);
  });
  config.routes.forEach(({ steps }, index) =>
    steps.forEach(({ to, onCall, active, mute }, place) => {
      const path = `routes[${index}].steps[${place}]`;
      for (const name of to) known(`${path}.to`, name, config.channels, "channel");
      for (const name of onCall) known(`${path}.onCall`, name, config.rotations, "rotation");
      for (const name of active) known(`${path}.active`, name, config.times, "time");
      for (const name of mute) known(`${path}.mute`, name, config.times, "time");
    }),
  );
  for (const [name, { members }] of Object.entries(config.rotations)) {
    if (members.length === 0) wrong.push(`rotations.${name}.members: must name somebody`);
    for (const channel of members.flat())
      known(`rotations.${name}.members`, channel, config.channels, "channel");
  }
  for (const [kind, list] of /** @type {const} */ ([
    ["checks", config.checks],
    ["rules", config.rules],
  ])) {
    const ids = list.map(({ id }) => id);
    for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) {
      wrong.push(`${kind}: ${id} is there more than once`);
    }
  }
  return wrong;
}

const clock = written("a time such as 09:00", /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const span = written("a number, or two such as 1:5", /^\d+(:\d+)?$/);
const day = plain(
  "a day such as 2026-01-05",
  (value) => /^\d{4}-\d\d-\d\d$/.test(String(value)) && Date.parse(String(value)) > 0,
);
const zone = plain("a time zone", (value) => typeof value === "string" && isZone(value));

/** @param {string} name */
function isZone(name) {
  try {
    clockIn(name, 0);
    return true;
  } catch {
    return false;
  }
}

const BEYOND = object({
  signal: one("probe_seconds"),
  aggregate: one("mean", "max", "min", "last"),
  limit: number,
  window: positive,
});

const STEP = object({
  to: list(text),
  onCall: list(text),
  after: number,
  active: list(text),
  mute: list(text),
});

const INTERVAL = object({
  zone,
  times: orNull(list(pair(clock))),
  weekdays: orNull(list(one(...WEEKDAYS))),
  days: orNull(list(span)),
  months: orNull(list(span)),
  years: orNull(list(span)),
});

/** Of another version nothing else is said: all of it may be wrong. */
const VERSIONED = object({
  version: plain(`${VERSION}: deploy the stack again`, (value) => value === VERSION),
});

const CONFIG = object({
  platform: text,
  environment: text,
  paging: text,
  services: map(object({ needs: list(text), checks: list(text) })),
  checks: list(
    object({
      id: text,
      service: text,
      through: orNull(text),
      url: text,
      method: one("GET", "HEAD", "POST", "PUT", "OPTIONS"),
      headers: map(text),
      expect: object({ status: list(whole), body: orNull(text) }),
      every: whole,
      timeout: positive,
      confirmations: whole,
    }),
  ),
  rules: list(
    object({
      id: text,
      rule: text,
      set: text,
      service: text,
      severity: text,
      condition: variant("is", {
        down: object({}),
        fails: object({ times: count }),
        absent: object({ after: positive }),
        above: BEYOND,
        below: BEYOND,
        told: object({ event: orNull(text), window: orNull(number) }),
      }),
      for: whole,
      noData: object({ is: one("alerting", "ok"), after: whole }),
      summary: text,
      description: text,
      runbook: text,
      trouble: orNull(one("down", "degraded", "ahead")),
      dashboard: orNull(text),
      firstStep: orNull(text),
      route: whole,
    }),
  ),
  routes: list(object({ steps: list(STEP) })),
  times: map(object({ drop: truth, intervals: list(INTERVAL) })),
  rotations: map(
    object({ members: list(list(text)), every: count, since: day, handover: clock, zone }),
  ),
  telling: object({
    coolDown: number,
    repeat: orNull(positive),
    limit: orNull(object({ count, seconds: positive })),
  }),
  severities: map(object({ rank: whole, answer: whole, resolve: whole })),
  channels: map(
    variant("kind", {
      slack: object({ secret: text }),
      pagerduty: object({ endpoint: text, secret: text }),
      email: object({
        host: text,
        port: whole,
        tls: one("implicit", "starttls", "none"),
        user: orNull(text),
        from: text,
        to: list(text),
        secret: orNull(text),
      }),
      webhook: object({ url: orNull(text), secret: orNull(text), user: orNull(text) }),
      discord: object({ secret: text }),
      teams: object({ secret: text }),
      sms: object({
        endpoint: orNull(text),
        account: text,
        from: text,
        to: list(text),
        secret: text,
      }),
    }),
  ),
  recoverAfter: positive,
  settle: whole,
  links: object({
    dashboard: orNull(text),
    status: orNull(text),
    incident: orNull(text),
  }),
  privacy: orNull(object({ scrub: list(text), fields: list(text) })),
  retention: object({ observations: positive, archive: positive }),
});
