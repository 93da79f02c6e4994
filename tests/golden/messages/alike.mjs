// The Worker's answer to lines of JSON, each { message, scrub, fields }: what every channel gets, a line each.
import { createInterface } from "node:readline";
import { discord } from "../../../worker/src/channels/discord.js";
import { mail } from "../../../worker/src/channels/mail.js";
import { pagerduty } from "../../../worker/src/channels/pagerduty.js";
import { slack } from "../../../worker/src/channels/slack.js";
import { sms } from "../../../worker/src/channels/sms.js";
import { teams } from "../../../worker/src/channels/teams.js";
import { webhook } from "../../../worker/src/channels/webhook.js";
import { cleaned } from "../../../worker/src/messages.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { message, scrub, fields } = JSON.parse(line);
  const told = cleaned(message, scrub, fields);
  const { subject, text, html } = mail(told);
  const all = [slack(told), pagerduty(told, "key"), discord(told), teams(told), webhook(told)];
  console.log(JSON.stringify([...all, sms(told), subject, text, html]));
}
