// PagerDuty Events API v2. The incident's id is the dedup_key: everything about it is one alert there.
import { clip } from "../characters.js";
import { facts, headline, links, look } from "../messages.js";
import { PAGERDUTY } from "../wording.js";

/** @typedef {import("../messages.js").Message} Message */

/**
 * @param {Message} message
 * @param {string} key routing key
 */
export function pagerduty(message, key) {
  const event = { routing_key: key, dedup_key: message.incident };
  if (message.kind === "recovered") return { ...event, event_action: "resolve" };
  if (message.kind === "acknowledged") return { ...event, event_action: "acknowledge" };
  return {
    ...event,
    event_action: "trigger",
    payload: {
      summary: clip(headline(message), PAGERDUTY.summary),
      source: `${message.platform}/${message.environment}/${message.service}`,
      severity: look(message).word,
      timestamp: message.since,
      component: message.service,
      group: message.platform,
      class: message.rule,
      custom_details: Object.fromEntries(
        facts(message).map(({ part, text }) => [part.label, text]),
      ),
    },
    links: links(message).map(({ label, url }) => ({ text: label, href: url })),
  };
}
