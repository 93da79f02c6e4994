// What other backends think: Cloudflare's notifications, Alertmanager, Grafana. All of it is written down; about rules that
// the Worker cannot judge itself it decides (told.js), about all others it wakes nobody.

/**
 * @typedef {"cloudflare" | "grafana" | "alertmanager" | "other"} Source
 * @typedef {{
 *   rule: string | null, event: string | null, platform: string | null, environment: string | null, series: string,
 *   isFiring: boolean, began: number, ended: number | null, lasts: boolean, seen: string | null,
 * }} Opinion about the rule of an id, or about every rule that waits for an event of Cloudflare's. `series`: who says it
 *   of which series; `lasts`: its end will be told; times in milliseconds, `ended` null when the sender names no end
 * @typedef {{ source: Source, state: "bad" | "good" | "unknown", text: string, opinions: Opinion[] }} Vote
 */

/** Five hundred alerts in one webhook, each with 2 kB of labels and annotations. */
export const VOTE_BYTES = 1_048_576;
const TEXT = 300;
const SEEN = 1000;
const LABEL = 200;

/**
 * @param {unknown} body JSON that was sent
 * @param {boolean} isCloudflare whether it came with Cloudflare's own header
 * @returns {Vote | null} null when it is no object
 */
export function vote(body, isCloudflare) {
  if (!isObject(body)) return null;
  const source = isCloudflare
    ? "cloudflare"
    : "orgId" in body
      ? "grafana"
      : "groupKey" in body
        ? "alertmanager"
        : "other";
  const text = [body.text, body.title, body.message, body.groupKey].find(
    (value) => typeof value === "string",
  );
  return {
    source,
    state: stateOf(body),
    text: String(text ?? "").slice(0, TEXT),
    opinions: isCloudflare ? ofEvent(body) : ofAlerts(body, source),
  };
}

/**
 * @param {Record<string, unknown>} body
 * @returns {Vote["state"]}
 */
function stateOf(body) {
  const data = isObject(body.data) ? body.data : {};
  const word = String(
    body.status ?? body.state ?? data.status ?? data.new_health ?? "",
  ).toLowerCase();
  if (["firing", "alerting", "unhealthy", "down", "bad"].includes(word)) return "bad";
  return ["resolved", "ok", "healthy", "up", "good"].includes(word) ? "good" : "unknown";
}

/**
 * The alerts of a webhook of Alertmanager's or Grafana's. One that does not name its rule, or not when it began, says nothing.
 * @param {Record<string, unknown>} body
 * @param {Source} source
 * @returns {Opinion[]}
 */
function ofAlerts({ alerts }, source) {
  if (!Array.isArray(alerts)) return [];
  return alerts.flatMap((alert) => {
    if (!isObject(alert) || !isObject(alert.labels)) return [];
    const { labels, status } = alert;
    const [set, rule, service] = [label(labels.set), label(labels.rule), label(labels.service)];
    const began = moment(alert.startsAt);
    if (set === null || rule === null || service === null) return [];
    if (began === null || (status !== "firing" && status !== "resolved")) return [];
    const annotations = isObject(alert.annotations) ? alert.annotations : {};
    const { fingerprint } = alert;
    return [
      {
        rule: `${set}/${rule}/${service}`,
        event: null,
        platform: label(labels.platform),
        environment: label(labels.environment),
        series: `${source} ${typeof fingerprint === "string" ? fingerprint.slice(0, 64) : ""}`,
        isFiring: status === "firing",
        began,
        ended: status === "firing" ? null : moment(alert.endsAt),
        lasts: true,
        seen: typeof annotations.seen === "string" ? annotations.seen.slice(0, SEEN) : null,
      },
    ];
  });
}

/**
 * A notification of Cloudflare's. Its type names the event; only some types tell of the end.
 * @param {Record<string, unknown>} body
 * @returns {Opinion[]}
 */
function ofEvent({ alert_type: event, alert_event: phase, alert_correlation_id: id, ts, text }) {
  if (typeof event !== "string" || typeof ts !== "number" || !(ts > 0)) return [];
  const isFiring = phase !== "ALERT_STATE_EVENT_END";
  return [
    {
      rule: null,
      event,
      platform: null,
      environment: null,
      series: `cloudflare ${typeof id === "string" ? id.slice(0, 64) : ""}`,
      isFiring,
      began: ts * 1000,
      ended: isFiring ? null : ts * 1000,
      lasts: phase === "ALERT_STATE_EVENT_START",
      seen: typeof text === "string" ? text.slice(0, SEEN) : null,
    },
  ];
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {unknown} value */
function label(value) {
  return typeof value === "string" && value !== "" && value.length <= LABEL ? value : null;
}

/**
 * A time as RFC 3339; null when there is none, which Go writes as year 1.
 * @param {unknown} value
 */
function moment(value) {
  const time = typeof value === "string" ? Date.parse(value) : NaN;
  return time > 0 ? time : null;
}
