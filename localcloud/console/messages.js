// Messages as their channels show them, whatever they hold.
import { discord, discordSummary } from "./discord.js";
import { make } from "./dom.js";
import { json } from "./json.js";
import { entry } from "./lookup.js";
import { mail } from "./mail.js";
import { pagerduty, pagerdutySummary } from "./pagerduty.js";
import { clipped, fold, foreign, note, pairs } from "./parts.js";
import { slack, slackSummary } from "./slack.js";
import { isTeams, teams, teamsSummary } from "./teams.js";

/** @typedef {{ render: (message: any) => HTMLElement, summary: (payload: any) => string | null }} Channel */

/** What SMS gateways take: fields of a form, or the same as JSON. @param {any} payload */
function text(payload) {
  const form = typeof payload === "string" ? Object.fromEntries(new URLSearchParams(payload)) : payload;
  const { To, From, Body, to, from, body, text: words, message } = form;
  return { to: To ?? to, from: From ?? from, body: Body ?? body ?? words ?? message ?? "" };
}

/** @param {any} message */
function sms({ payload }) {
  const { to, from, body } = text(payload);
  return make(
    "div.sms",
    {},
    pairs([
      ["To", to && foreign(to)],
      ["From", from && foreign(from)],
    ]),
    make("p.bubble.lines", {}, foreign(body)),
  );
}

/** What most services call the sentence that matters. */
const SENTENCES = ["summary", "title", "message", "text", "description", "name"];

/** @param {any} payload */
function webhookSummary(payload) {
  if (payload === null || typeof payload !== "object") return String(payload);
  const said = SENTENCES.map((name) => payload[name]).find((one) => typeof one === "string" && one !== "");
  return said ?? JSON.stringify(payload);
}

/** @type {Channel} */
const WEBHOOK = {
  render: ({ payload }) =>
    make(
      "div.webhook",
      {},
      payload !== null && typeof payload === "object" && make("p.heading", {}, foreign(clipped(webhookSummary(payload), 300))),
      json(payload, "What was sent"),
    ),
  summary: webhookSummary,
};

/** @type {Record<string, Channel>} */
const CHANNELS = {
  slack: { render: slack, summary: slackSummary },
  pagerduty: { render: pagerduty, summary: pagerdutySummary },
  mail: { render: mail, summary: ({ subject }) => subject },
  discord: { render: discord, summary: discordSummary },
  teams: { render: teams, summary: teamsSummary },
  sms: { render: sms, summary: (payload) => text(payload).body },
};

/** By its transport; what a plain webhook got is shown as the service that it is for. @param {any} message @returns {Channel} */
function channelOf({ transport, payload }) {
  const own = entry(CHANNELS, transport);
  if (own !== undefined) return own;
  if (isTeams(payload)) return /** @type {Channel} */ (CHANNELS.teams);
  if (Array.isArray(payload?.embeds)) return /** @type {Channel} */ (CHANNELS.discord);
  return WEBHOOK;
}

/**
 * One message of the inbox.
 * @param {any} message
 * @returns {import("./dom.js").Child[]}
 */
export function rendered(message) {
  const channel = channelOf(message);
  const sent = () => [json(message.payload, "As it was sent")];
  try {
    const shown = channel.render(message);
    return [shown, channel !== WEBHOOK && fold(`sent ${message.channel} ${message.id}`, make("span.quiet", {}, "As it was sent"), sent)];
  } catch {
    // Whoever sends decides what it holds: what is not of its channel's form is shown as it is.
    return [note("This is not of the form that its channel shows:"), ...sent()];
  }
}

/**
 * A message in one line.
 * @param {any} message
 * @returns {string}
 */
export function summary(message) {
  try {
    return clipped(channelOf(message).summary(message.payload) ?? "", 300);
  } catch {
    return "";
  }
}
