// The configuration that the deployment wrote into KV: read once a tick, checked here, trusted everywhere else.
import { ring } from "./needs.js";

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
 *   trouble?: Trouble | null, dashboard?: string | null, firstStep?: string | null,
 *   channels?: string[] | null,
 * }} Rule `channels`: who is told, where routes make it others than those of the severity
 * @typedef {{ rank: number, answer: number, resolve: number, channels: string[] }} Severity the lower the rank, the worse
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
 * @typedef {{
 *   dashboard: string | null, status: string | null, silence?: string | null, acknowledge?: string | null,
 * }} Links
 * @typedef {{
 *   version: 1, platform: string, environment: string, paging: string, services: Record<string, Service>,
 *   checks: Check[], rules: Rule[], severities: Record<string, Severity>, channels: Record<string, Channel>,
 *   recoverAfter: number, settle: number, links: Links, privacy?: { scrub: string[], fields: string[] } | null,
 *   retention: { observations: number, archive: number },
 * }} Config
 * @typedef {(value: unknown, path: string, wrong: string[]) => void} Shape
 */

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
  CONFIG(value, "", wrong);
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
    for (const channel of rule.channels ?? [])
      known(`rules[${index}].channels`, channel, config.channels, "channel");
  });
  for (const [name, severity] of Object.entries(config.severities)) {
    for (const channel of severity.channels)
      known(`severities.${name}.channels`, channel, config.channels, "channel");
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

/** @type {(kind: string, is: (value: unknown) => boolean) => Shape} */
const plain = (kind, is) => (value, path, wrong) => {
  if (!is(value)) wrong.push(`${path || "the whole"}: must be ${kind}`);
};

const text = plain("a text", (value) => typeof value === "string");
const whole = plain(
  "a whole number, 0 or more",
  (value) => Number.isInteger(value) && Number(value) >= 0,
);
const number = plain("a number, 0 or more", (value) => typeof value === "number" && value >= 0);
const positive = plain("a number above 0", (value) => typeof value === "number" && value > 0);

/** @type {(...words: string[]) => Shape} */
const one = (...words) =>
  plain(`one of ${words.join(", ")}`, (value) => words.includes(String(value)));

/** @type {(shape: Shape) => Shape} */
const orNull = (shape) => (value, path, wrong) => {
  if (value !== null && value !== undefined) shape(value, path, wrong);
};

/** @type {(shape: Shape) => Shape} */
const list = (shape) => (value, path, wrong) => {
  if (Array.isArray(value)) value.forEach((item, index) => shape(item, `${path}[${index}]`, wrong));
  else wrong.push(`${path}: must be a list`);
};

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @type {(shape: Shape) => Shape} */
const map = (shape) => (value, path, wrong) => {
  if (!isObject(value)) wrong.push(`${path || "the whole"}: must be an object`);
  else
    for (const [key, item] of Object.entries(value))
      shape(item, path ? `${path}.${key}` : key, wrong);
};

/** @type {(shapes: Record<string, Shape>) => Shape} */
const object = (shapes) => (value, path, wrong) => {
  if (!isObject(value)) {
    wrong.push(`${path || "the whole"}: must be an object`);
    return;
  }
  for (const [key, shape] of Object.entries(shapes))
    shape(value[key], path ? `${path}.${key}` : key, wrong);
};

/** @type {(key: string, shapes: Record<string, Shape>) => Shape} */
const variant = (key, shapes) => (value, path, wrong) => {
  const chosen = isObject(value) ? String(value[key]) : "";
  if (Object.hasOwn(shapes, chosen)) /** @type {Shape} */ (shapes[chosen])(value, path, wrong);
  else wrong.push(`${path}.${key}: must be one of ${Object.keys(shapes).join(", ")}`);
};

const count = plain(
  "a whole number, 1 or more",
  (value) => Number.isInteger(value) && Number(value) >= 1,
);

const BEYOND = object({
  signal: one("probe_seconds"),
  aggregate: one("mean", "max", "min", "last"),
  limit: number,
  window: positive,
});

const CONFIG = object({
  version: plain("1", (value) => value === 1),
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
      channels: orNull(list(text)),
    }),
  ),
  severities: map(object({ rank: whole, answer: whole, resolve: whole, channels: list(text) })),
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
    silence: orNull(text),
    acknowledge: orNull(text),
  }),
  privacy: orNull(object({ scrub: list(text), fields: list(text) })),
  retention: object({ observations: positive, archive: positive }),
});
