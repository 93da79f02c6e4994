// How the services stand, for everybody to see: no address, no configuration, nothing of how it was found out.

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").State} State
 * @typedef {"up" | "down" | "degraded" | "unknown" | "unwatched"} Standing
 * @typedef {{
 *   platform: string, environment: string, services: Record<string, { status: Standing }>,
 *   incidents: {
 *     id: string, severity: string, service: string, summary: string, opened: string, since: string, tookAlong: string[],
 *   }[],
 * }} Status
 */

/**
 * The same state gives the same text, so that it is written only when something changed.
 * @param {State} state
 * @param {Config} config
 * @returns {Status}
 */
export function status(state, config) {
  const rules = new Map(config.rules.map((rule) => [rule.id, rule]));
  const watched = new Set(config.rules.map(({ service }) => service));
  return {
    platform: config.platform,
    environment: config.environment,
    services: Object.fromEntries(
      Object.keys(config.services)
        .sort()
        .map((service) => [
          service,
          { status: watched.has(service) ? standing(state, service, rules) : "unwatched" },
        ]),
    ),
    incidents: state.incidents.map(({ id, severity, cause, rule, opened, since, tookAlong }) => ({
      id,
      severity,
      service: cause,
      summary: rules.get(rule)?.summary ?? `${cause} fails`,
      opened: new Date(opened).toISOString(),
      since: new Date(since).toISOString(),
      tookAlong,
    })),
  };
}

/**
 * @param {State} state
 * @param {string} service
 * @param {Map<string, import("./config.js").Rule>} rules
 * @returns {Standing}
 */
function standing(state, service, rules) {
  if (state.services[service] === undefined) return "unknown";
  const own = Object.values(state.rules).filter((rule) => rule.service === service);
  const fires = own.filter((rule) => rule.state === "firing" && rule.evidence);
  if (fires.some(({ rule }) => rules.get(rule)?.condition.is === "down")) return "down";
  if (fires.length > 0) return "degraded";
  return own.some((rule) => rule.state === "unknown" || !rule.evidence) ? "unknown" : "up";
}
