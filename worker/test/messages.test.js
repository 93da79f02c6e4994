// The Worker's messages are those of belfry/messages, byte for byte: tests/golden/messages holds both.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { discord } from "../src/channels/discord.js";
import { mail } from "../src/channels/mail.js";
import { pagerduty } from "../src/channels/pagerduty.js";
import { slack } from "../src/channels/slack.js";
import { sms } from "../src/channels/sms.js";
import { teams } from "../src/channels/teams.js";
import { webhook } from "../src/channels/webhook.js";
import { cleaned, keyed, message } from "../src/messages.js";
import { config } from "./stand/platform.js";

const GOLDEN = fileURLToPath(new URL("../../tests/golden/messages/", import.meta.url));
const CASES = readdirSync(GOLDEN, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith("_"))
  .map(({ name }) => name);

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** The files that belong beside a case's message. */
function rendered(told) {
  const { subject, text, html } = mail(told);
  return {
    "slack.json": json(slack(told)),
    "pagerduty.json": json(pagerduty(told, "the-integration-key")),
    "discord.json": json(discord(told)),
    "teams.json": json(teams(told)),
    "webhook.json": json(webhook(told)),
    "sms.txt": `${sms(told)}\n`,
    "mail.txt": `Subject: ${subject}\n\n${text}`,
    "mail.html": html,
  };
}

test("there are golden messages", () => assert.ok(CASES.length >= 9));

for (const name of CASES) {
  test(`every channel gets what belfry says: ${name}`, () => {
    const golden = JSON.parse(readFileSync(join(GOLDEN, name, "message.json"), "utf8"));
    const told = cleaned(golden.message, golden.scrub, golden.fields);
    for (const [file, made] of Object.entries(rendered(told))) {
      assert.equal(made, readFileSync(join(GOLDEN, name, file), "utf8"), file);
    }
  });
}

const AT = Date.UTC(2026, 5, 1, 12, 5);
const INCIDENT = {
  id: "pitchey-local-database-t1-3",
  cause: "database",
  severity: "P0",
  opened: AT - 240_000,
  run: 3,
  since: AT - 300_000,
  rule: "edge/DatabaseConnectionError/database",
  detail: "jo@example.org says: no connection to 203.0.113.7",
  tookAlong: ["api"],
  unseen: [],
  isSeen: true,
  quiet: 0,
  rated: AT - 240_000,
  rules: ["edge/DatabaseConnectionError/database"],
};

test("a message is scrubbed as the platform says before it is stored", () => {
  const settings = config("http://platform.example", { privacy: { scrub: ["email"] } });
  const { detail } = message("opened", INCIDENT, AT, settings);
  assert.equal(detail, "[mail address] says: no connection to 203.0.113.7");
});

test("secrets of known form are taken out whatever the platform says", () => {
  const incident = { ...INCIDENT, detail: "postgres://app:hunter22@db.internal/shop refused" };
  const { detail } = message("opened", incident, AT, config("http://platform.example"));
  assert.equal(detail, "[secret] refused");
});

test("links lead to the incident that they are about, and get the key after their `#`", () => {
  const settings = config("http://platform.example");
  settings.links.incident = "https://monitoring.example/incidents/${incident}?of=${environment}";
  const told = message("opened", { ...INCIDENT, id: "a b/c" }, AT, settings);
  const page = "https://monitoring.example/incidents/a%20b%2Fc?of=local";
  assert.deepEqual([told.acknowledge, told.silence], [page, page]);
  const { acknowledge, silence } = keyed(told, "0af");
  assert.deepEqual([acknowledge, silence], [`${page}#acknowledge=0af`, `${page}#silence=0af`]);
  const nowhere = message("opened", INCIDENT, AT, config("http://platform.example"));
  assert.deepEqual(keyed(nowhere, "0af"), nowhere);
});

test("what a rule knows is told: its trouble, its own dashboard, its first step", () => {
  const settings = config("http://platform.example");
  Object.assign(settings.rules[2], {
    trouble: "down",
    dashboard: "https://grafana.example/d/database",
    firstStep: "Ask it.",
  });
  const told = message("opened", INCIDENT, AT, settings);
  assert.equal(told.dashboard, "https://grafana.example/d/database");
  assert.match(mail(told).text, /^State: does not work$/m);
  assert.match(mail(told).text, /^First step: Ask it\.$/m);
});

test("a message that an older version queued is still sent", () => {
  const { also, trouble, firstStep, silence, acknowledge, set, ...older } = message(
    "opened",
    INCIDENT,
    AT,
    config("http://platform.example"),
  );
  assert.match(mail(older).text, /^First step: Follow the runbook\.$/m);
  assert.ok(sms(older).length > 0);
});
