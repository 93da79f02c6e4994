// What other backends think: Cloudflare's notifications, Alertmanager, Grafana. It is written down and wakes nobody.

/**
 * @typedef {"cloudflare" | "grafana" | "alertmanager" | "other"} Source
 * @typedef {{ source: Source, state: "bad" | "good" | "unknown", text: string }} Vote
 */

export const VOTE_BYTES = 16_384;
const TEXT = 300;

/**
 * @param {unknown} body JSON that was sent
 * @param {boolean} isCloudflare whether it came with Cloudflare's own header
 * @returns {Vote | null} null when it is no object
 */
export function vote(body, isCloudflare) {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const fields = /** @type {Record<string, unknown>} */ (body);
  const source = isCloudflare
    ? "cloudflare"
    : "orgId" in fields
      ? "grafana"
      : "groupKey" in fields
        ? "alertmanager"
        : "other";
  const text = [fields.text, fields.title, fields.message, fields.groupKey].find(
    (value) => typeof value === "string",
  );
  return { source, state: stateOf(fields), text: String(text ?? "").slice(0, TEXT) };
}

/**
 * @param {Record<string, unknown>} fields
 * @returns {Vote["state"]}
 */
function stateOf(fields) {
  const data = /** @type {Record<string, unknown>} */ (fields.data ?? {});
  const word = String(
    fields.status ?? fields.state ?? data.status ?? data.new_health ?? "",
  ).toLowerCase();
  if (["firing", "alerting", "unhealthy", "down", "bad"].includes(word)) return "bad";
  return ["resolved", "ok", "healthy", "up", "good"].includes(word) ? "good" : "unknown";
}
