// An event as PagerDuty shows it: severity, summary, what it is about, and what can be followed.
import { make } from "./dom.js";
import { entry } from "./lookup.js";
import { ago } from "./moments.js";
import { clipped, foreign, link, pairs } from "./parts.js";

/** @type {Record<string, string>} */
const ACTIONS = { trigger: "Triggered", acknowledge: "Acknowledged", resolve: "Resolved" };

/** @param {any} message of the inbox */
export function pagerduty({ payload }) {
  const event = payload.payload ?? {};
  const links = [
    ...(Array.isArray(payload.links) ? payload.links : []).map((/** @type {any} */ one) => [one?.href, one?.text ?? one?.href]),
    ...(payload.client_url ? [[payload.client_url, `View in ${payload.client ?? "client"}`]] : []),
  ];
  const details = event.custom_details;
  const action = String(payload.event_action);
  return make(
    "div.pagerduty",
    { "data-action": action, "data-severity": event.severity },
    make(
      "p.event",
      {},
      make("span", {}, entry(ACTIONS, action) ?? clipped(action, 40)),
      event.severity && make("span.severity", {}, clipped(event.severity, 40)),
    ),
    make(
      "div.body",
      {},
      event.summary && make("p.heading", {}, foreign(event.summary)),
      pairs([
        ["Dedup key", payload.dedup_key && make("code", {}, foreign(payload.dedup_key))],
        ["Source", event.source && foreign(event.source)],
        ["Component", event.component],
        ["Group", event.group],
        ["Class", event.class],
        ["Since", event.timestamp && ago(event.timestamp)],
      ]),
      details !== undefined &&
        details !== null &&
        make(
          "div.details",
          {},
          make("p.quiet.small", {}, "Custom details"),
          typeof details === "object" && !Array.isArray(details) ? pairs(Object.entries(details)) : make("p.lines", {}, clipped(details)),
        ),
      links.length > 0 && make("p.row", {}, ...links.map(([href, text]) => link(href, foreign(text)))),
    ),
  );
}

/** The line of a notification. @param {any} payload */
export function pagerdutySummary({ payload, event_action: action, dedup_key: key }) {
  return `${entry(ACTIONS, action) ?? ""}: ${payload?.summary ?? key ?? ""}`;
}
