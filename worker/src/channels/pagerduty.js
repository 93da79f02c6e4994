// PagerDuty Events API v2. The incident's id is the dedup_key: everything about it is one alert there.
import { clip, facts, headline, links } from "../messages.js";

/** @typedef {import("../messages.js").Message} Message */

const SEVERITIES = ["critical", "error", "warning"];

/**
 * @param {Message} message
 * @param {string} key routing key
 */
export function pagerduty(message, key) {
  const event = { routing_key: key, dedup_key: message.incident };
  if (message.kind === "recovered") return { ...event, event_action: "resolve" };
  return {
    ...event,
    event_action: "trigger",
    payload: {
      summary: clip(headline(message), 1024),
      source: `${message.platform}/${message.environment}/${message.service}`,
      severity: SEVERITIES[message.level] ?? "info",
      timestamp: message.since,
      component: message.service,
      group: message.platform,
      class: message.rule,
      custom_details: { ...Object.fromEntries(facts(message)), took_along: message.tookAlong },
    },
    links: links(message).map(([text, href]) => ({ text, href })),
  };
}
