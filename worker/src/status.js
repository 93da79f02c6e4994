// How the services stand, for everybody to see: no address, no configuration, nobody's name, nothing of how it was found out.
import { acknowledgement, isOver } from "./answers.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").State} State
 * @typedef {"up" | "down" | "degraded" | "unknown" | "unwatched"} Standing
 * @typedef {{
 *   platform: string, environment: string, services: Record<string, { status: Standing }>,
 *   incidents: {
 *     id: string, severity: string, service: string, summary: string, opened: string, since: string, tookAlong: string[],
 *     acknowledged: string | null,
 *   }[],
 *   silences: { service: string, until: string }[],
 * }} Status `acknowledged`: when it was taken up; `silences`: of which services nothing is told, and until when
 */

/** Milliseconds after the last vote until nothing is known of services that others judge: three repeats (5 min). */
const SILENT = 900_000;

/**
 * The same state gives the same text, so that it is written only when something changed.
 * @param {State} state
 * @param {Config} config
 * @returns {Status}
 */
export function status(state, config) {
  const rules = new Map(config.rules.map((rule) => [rule.id, rule]));
  const watched = new Set(config.rules.map(({ service }) => service));
  const isHeard = state.heard !== null && state.tick - state.heard < SILENT;
  const seen = new Set(
    config.rules.flatMap(({ service, condition }) =>
      isHeard || condition.is !== "told" ? [service] : [],
    ),
  );
  return {
    platform: config.platform,
    environment: config.environment,
    services: Object.fromEntries(
      Object.keys(config.services)
        .sort()
        .map((service) => [
          service,
          {
            status: watched.has(service)
              ? standing(state, service, rules, seen.has(service))
              : "unwatched",
          },
        ]),
    ),
    incidents: state.incidents.map((incident) => {
      const { id, severity, cause, rule, opened, since, tookAlong } = incident;
      const acknowledged = acknowledgement(state.telling, incident, state.tick, config);
      return {
        id,
        severity,
        service: cause,
        summary: rules.get(rule)?.summary ?? `${cause} fails`,
        opened: new Date(opened).toISOString(),
        since: new Date(since).toISOString(),
        tookAlong,
        acknowledged: acknowledged && new Date(acknowledged.at).toISOString(),
      };
    }),
    silences: state.telling.silences
      .filter(({ until }) => !isOver(until, state.tick))
      .map(({ service, until }) => ({ service, until: new Date(until).toISOString() })),
  };
}

/**
 * @param {State} state
 * @param {string} service
 * @param {Map<string, import("./config.js").Rule>} rules
 * @param {boolean} isSeen whether something judges it: this Worker, or another that is alive
 * @returns {Standing}
 */
function standing(state, service, rules, isSeen) {
  const own = Object.values(state.rules).filter((rule) => rule.service === service);
  const fires = own.filter((rule) => rule.state === "firing" && rule.evidence);
  const troubles = fires.map(({ rule }) => troubleOf(rules.get(rule)));
  if (troubles.includes("down")) return "down";
  if (troubles.includes("degraded")) return "degraded";
  if (state.services[service] === undefined || !isSeen) return "unknown";
  return own.some((rule) => rule.state === "unknown" || !rule.evidence) ? "unknown" : "up";
}

/**
 * What a rule that fires means for those who use its service.
 * @param {import("./config.js").Rule | undefined} rule
 */
function troubleOf(rule) {
  return rule?.trouble ?? (rule?.condition.is === "down" ? "down" : "degraded");
}
