import assert from "node:assert/strict";
import { test } from "node:test";
import { email } from "../src/channels/email.js";
import { pagerduty } from "../src/channels/pagerduty.js";
import { discord } from "../src/channels/discord.js";
import { send, SendError } from "../src/channels/send.js";
import { slack } from "../src/channels/slack.js";
import { sms } from "../src/channels/sms.js";
import { teams } from "../src/channels/teams.js";
import { message } from "../src/messages.js";
import { config } from "./stand/platform.js";

const AT = Date.UTC(2026, 5, 1, 12, 5);
const INCIDENT = {
  id: "pitchey-local-database-t1-3",
  cause: "database",
  severity: "P0",
  opened: AT - 240_000,
  run: 3,
  since: AT - 300_000,
  rule: "edge/DatabaseConnectionError/database",
  detail: "api reports it unhealthy",
  tookAlong: ["api", "frontend"],
  unseen: [],
  isSeen: true,
  quiet: 0,
  rated: AT - 240_000,
  rules: ["edge/DatabaseConnectionError/database"],
};
const PLATFORM = config("http://platform.example");
const told = (kind = "opened", change = {}, settings = PLATFORM) =>
  message(kind, { ...INCIDENT, ...change }, AT, settings);

/** A message whose texts, written by other people, try to break out of every format. */
function hostile() {
  const text =
    'x <b>"&amp;*_~`|> \r\nBcc: evil@example.org\r\n.\r\n<!channel> <https://evil.example|here>';
  const settings = structuredClone(PLATFORM);
  const rule = settings.rules.find(({ id }) => id === INCIDENT.rule);
  Object.assign(rule, {
    summary: text,
    description: text,
    runbook: "https://runbooks.example/a|b>c",
  });
  return told("opened", { detail: text, tookAlong: [text] }, settings);
}

/** What a Slack message shows, a line a text object. */
function shown({ blocks, attachments }) {
  const objects = [...blocks, ...attachments[0].blocks].flatMap(
    ({ text, fields = [], elements = [] }) => [...(text ? [text] : []), ...fields, ...elements],
  );
  return objects.map(({ text }) => text.replace("*\n", ": ").replace(/^\*/, ""));
}

test("a message says what is broken, since when, how bad, what it took along, and the first step", () => {
  const told = slack(message("opened", INCIDENT, AT, PLATFORM));
  assert.equal(told.text, "[P0] database: database does not answer (pitchey, local)");
  assert.deepEqual(shown(told), [
    "[P0] database: database does not answer (pitchey, local)",
    "What: Nothing works without database.",
    "Since: 2026-06-01 12:00 UTC",
    "Answer: P0, within 15 min",
    "Seen: api reports it unhealthy",
    "Took along: api, frontend",
    "First step: Follow the runbook.",
    "<https://runbooks.example/DatabaseConnectionError|Runbook> · " +
      "<https://grafana.example/d/overview|Dashboard> · <https://status.example|Status>",
    "Incident pitchey-local-database-t1-3",
  ]);
});

test("a recovery says how long it lasted, and asks for nothing", () => {
  const recovery = slack(told("recovered"));
  assert.equal(
    recovery.text,
    "Recovered: [P0] database: database does not answer (pitchey, local)",
  );
  assert.deepEqual(shown(recovery).slice(1, 3), [
    "Since: 2026-06-01 12:00 UTC, for 5 min",
    "Took along: api, frontend",
  ]);
});

test("what cannot be seen because of the incident is said", () => {
  assert.ok(shown(slack(told("opened", { unseen: ["cache"] }))).includes("Cannot be seen: cache"));
});

test("in Slack no text of other people is a link or a mention", () => {
  const told = slack(hostile());
  assert.ok(!/[<>]/.test(told.text), told.text);
  assert.equal(told.blocks[0].text.type, "plain_text");
  const links = shown({ ...told, blocks: [] }).flatMap((line) => line.match(/<[^>]*>/g) ?? []);
  assert.deepEqual(
    links.map((link) => link.split("|")[1]),
    ["Runbook>", "Dashboard>", "Status>"],
  );
  assert.equal(links[0], "<https://runbooks.example/a%7Cb%3Ec|Runbook>");
});

test("a very long text fits into what Slack takes", () => {
  const tookAlong = Array.from({ length: 5000 }, (_, index) => `service-${index}`);
  const lines = shown(slack(told("opened", { tookAlong, detail: "😀".repeat(5000) })));
  for (const text of lines) assert.ok([...text].length <= 3000);
  assert.ok(lines.some((line) => line.endsWith("service-19 and 4980 more")));
});

test("PagerDuty gets one alert an incident, opened and resolved by the same key", () => {
  const opened = pagerduty(told(), "key");
  assert.equal(opened.event_action, "trigger");
  assert.equal(opened.dedup_key, INCIDENT.id);
  assert.equal(opened.payload.severity, "critical");
  assert.equal(opened.payload.source, "pitchey/local/database");
  assert.equal(opened.payload.custom_details["Took along"], "api, frontend");
  assert.deepEqual(pagerduty(told("recovered"), "key"), {
    routing_key: "key",
    dedup_key: INCIDENT.id,
    event_action: "resolve",
  });
});

test("the worst severity is critical whatever number its rank has", () => {
  const settings = structuredClone(PLATFORM);
  settings.severities.P0.rank = 4;
  settings.severities.P1.rank = 9;
  assert.equal(pagerduty(told("opened", {}, settings), "key").payload.severity, "critical");
  assert.equal(
    pagerduty(told("opened", { severity: "P1" }, settings), "key").payload.severity,
    "error",
  );
});

const ENVELOPE = {
  from: "Belfry <belfry@example.org>",
  to: ["a@example.org", "b@example.org"],
  id: "message-1",
  date: new Date(AT),
};

/** The header lines and the decoded parts of a mail. */
function taken(mail) {
  const end = mail.indexOf("\r\n\r\n");
  const headers = mail.slice(0, end).split("\r\n");
  const parts = [
    ...mail.matchAll(
      /Content-Type: (text\/\w+); charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n([\s\S]*?)\r\n--/g,
    ),
  ];
  return {
    headers,
    ...Object.fromEntries(
      parts.map(([, type, body]) => [type, Buffer.from(body, "base64").toString()]),
    ),
  };
}

test("a mail has a plain and an HTML part and says who it is", () => {
  const mail = taken(email(told(), ENVELOPE));
  assert.ok(mail.headers.includes("Message-ID: <message-1@example.org>"));
  assert.ok(mail.headers.includes("X-Belfry-Kind: opened"));
  assert.ok(mail.headers.includes(`X-Belfry-Incident: ${INCIDENT.id}`));
  assert.ok(
    mail.headers.includes("Subject: [P0] database: database does not answer (pitchey, local)"),
  );
  assert.match(mail["text/plain"], /^Took along: api, frontend\r$/m);
  assert.match(
    mail["text/html"],
    /<a href="https:\/\/runbooks\.example\/DatabaseConnectionError" /,
  );
});

test("no text can add a header to a mail, nor markup", () => {
  const text = email(hostile(), { ...ENVELOPE, from: "a@b.example\r\nBcc: evil@example.org" });
  const mail = taken(text);
  assert.ok(!mail.headers.some((line) => /^bcc/i.test(line)), mail.headers.join("\n"));
  assert.ok(!mail["text/html"].includes("<b>"));
  assert.ok(!mail["text/html"].includes("<!channel>"));
  assert.ok(text.split("\r\n").every((line) => !/[\r\n]/.test(line)));
});

test("a subject in any script is encoded in words of at most 75 characters", () => {
  const settings = structuredClone(PLATFORM);
  settings.rules[2].summary = "Die Datenbank läuft nicht — データベースが応答しません 😀".repeat(3);
  const { headers } = taken(email(told("opened", {}, settings), ENVELOPE));
  const subject = headers.find((line) => line.startsWith("Subject: ")).slice(9);
  const words = subject.split(" ");
  assert.ok(
    words.every((word) => word.length <= 75 && /^=\?utf-8\?B\?[A-Za-z0-9+/=]+\?=$/.test(word)),
  );
  const decoded = words
    .map((word) => Buffer.from(word.slice(10, -2), "base64").toString())
    .join("");
  assert.ok(decoded.includes(settings.rules[2].summary));
});

/** What a channel's server got, and the answer it gives. */
function outside(answer = () => new Response("ok"), secrets = {}) {
  const calls = [];
  return {
    calls,
    fetch: async (url, init) => {
      calls.push({ url, init });
      return answer();
    },
    open: () => assert.fail("no mail was expected"),
    secret: (name) => secrets[name] ?? null,
    now: () => AT,
  };
}

test("a webhook gets the message as JSON, its id in a header, and its secret as a bearer", async () => {
  const line = outside(undefined, { SECRET_HOOK: "s3cret" });
  await send(
    "id-1",
    told(),
    { kind: "webhook", url: "https://hook.example/in", secret: "SECRET_HOOK" },
    line,
  );
  const [{ url, init }] = line.calls;
  assert.equal(url, "https://hook.example/in");
  assert.equal(init.headers["X-Belfry-Message"], "id-1");
  assert.equal(init.headers["X-Belfry-Kind"], "opened");
  assert.equal(init.headers["X-Belfry-Incident"], INCIDENT.id);
  assert.equal(init.headers.Authorization, "Bearer s3cret");
  assert.ok(!init.body.includes("s3cret"));
  assert.equal(JSON.parse(init.body).service, "database");
});

test("a webhook without an address has it in its secret", async () => {
  const line = outside(undefined, { SECRET_HOOK: "https://hook.example/k3y" });
  await send("id-1", told(), { kind: "webhook", url: null, secret: "SECRET_HOOK" }, line);
  assert.equal(line.calls[0].url, "https://hook.example/k3y");
  assert.equal(line.calls[0].init.headers.Authorization, undefined);
});

for (const [what, answer, said] of [
  [
    "another status",
    () => new Response("no: https://hooks.example/k3y", { status: 403 }),
    "answered 403",
  ],
  ["a redirect", () => new Response(null, { status: 302 }), "answered 302"],
  [
    "no connection",
    () => Promise.reject(new Error("connect https://hooks.example/k3y")),
    "no connection",
  ],
]) {
  test(`${what} is a failure that names neither address nor secret`, async () => {
    const line = outside(answer, { SECRET_SLACK: "https://hooks.example/k3y" });
    await assert.rejects(
      send("id", told(), { kind: "slack", secret: "SECRET_SLACK" }, line),
      (error) => error instanceof SendError && error.message === said,
    );
  });
}

test("how long a channel asks to wait is heard", async () => {
  const answer = () => new Response("", { status: 429, headers: { "Retry-After": "30" } });
  const line = outside(answer, { SECRET_SLACK: "https://hooks.example/k3y" });
  await assert.rejects(
    send("id", told(), { kind: "slack", secret: "SECRET_SLACK" }, line),
    (error) => error.after === 30,
  );
});

test("Discord is told of nobody, and reads no markup of other people", () => {
  const told = discord(hostile());
  assert.deepEqual(told.allowed_mentions, { parse: [] });
  const [{ title, fields, description }] = told.embeds;
  for (const text of [title, ...fields.map(({ value }) => value)])
    assert.ok(!/(?<!\\)[<>[\]()`*_~|]/.test(text.replaceAll("\\\\", "")), text);
  assert.match(description, /^\[Runbook\]\(https:\/\/runbooks\.example\/a%7Cb%3Ec\) · /);
});

test("Teams shows texts as they are, and follows only the platform's links", () => {
  const [{ contentType, content }] = teams(hostile()).attachments;
  assert.equal(contentType, "application/vnd.microsoft.card.adaptive");
  assert.ok(!JSON.stringify(content).includes('"TextBlock"'));
  assert.deepEqual(
    content.actions.map(({ title, url }) => [title, new URL(url).hostname]),
    [
      ["Runbook", "runbooks.example"],
      ["Dashboard", "grafana.example"],
      ["Status", "status.example"],
    ],
  );
});

test("a text message has 160 characters, its link whole and its summary shortened", () => {
  const settings = structuredClone(PLATFORM);
  settings.rules[2].summary = "Die Datenbank läuft nicht — データベース [€] 😀 ".repeat(5);
  const text = sms(message("opened", INCIDENT, AT, settings));
  assert.match(
    text,
    /\.\.\. \(pitchey local\) since 12:00 UTC https:\/\/runbooks\.example\/DatabaseConnectionError$/,
  );
  assert.match(text, /^P0 database: Die Datenbank läuft nicht - \?+ \[€\] \? /);
  const places = [...text].reduce((sum, one) => sum + ("^{}\\[~]|€".includes(one) ? 2 : 1), 0);
  assert.ok(places <= 160 && places > 150, `${places}`);
});

test("a text message cuts no address in two", () => {
  const settings = structuredClone(PLATFORM);
  settings.rules[2].summary = `see https://logs.example/${"a".repeat(200)} for more`;
  assert.match(sms(message("opened", INCIDENT, AT, settings)), /^P0 database: see\.\.\. \(pitchey/);
  settings.rules[2].runbook = `https://runbooks.example/${"a".repeat(200)}`;
  assert.match(sms(message("opened", INCIDENT, AT, settings)), / https:\/\/status\.example$/);
});

const SMS = {
  kind: "sms",
  endpoint: null,
  account: "AC00000000000000000000000000000000",
  from: "+14155550199",
  to: ["+14155550100", "+14155550101"],
  secret: "SECRET_SMS",
};

test("a text message goes to each number as a form, with account and token", async () => {
  const line = outside(undefined, { SECRET_SMS: "t0ken" });
  await send("id-1", told(), SMS, line);
  assert.equal(line.calls.length, 2);
  const [{ url, init }] = line.calls;
  assert.equal(
    url,
    `https://api.twilio.com/2010-04-01/Accounts/${SMS.account}/Messages.json`,
  );
  assert.equal(init.headers.Authorization, `Basic ${btoa(`${SMS.account}:t0ken`)}`);
  assert.equal(init.headers["Content-Type"], "application/x-www-form-urlencoded");
  const forms = line.calls.map((call) => Object.fromEntries(new URLSearchParams(call.init.body)));
  assert.deepEqual(
    forms.map(({ To }) => To),
    SMS.to,
  );
  assert.deepEqual(forms[0], { To: SMS.to[0], From: SMS.from, Body: sms(told()) });
});

test("a number that failed is tried again, and the others are not told twice", async () => {
  let isBusy = true;
  const answer = () => new Response("", { status: line.calls.length === 2 && isBusy ? 503 : 201 });
  const line = outside(answer, { SECRET_SMS: "t0ken" });
  await assert.rejects(
    send("id-2", told(), SMS, line),
    /^SendError: answered 503 for 1 of 2 numbers$/,
  );
  isBusy = false;
  await send("id-2", told(), SMS, line);
  const to = line.calls.map(({ init }) => new URLSearchParams(init.body).get("To"));
  assert.deepEqual(to, [SMS.to[0], SMS.to[1], SMS.to[1]]);
});

test("a number that is refused for good holds up no other, and is told", async () => {
  const answer = () => new Response("", { status: line.calls.length === 2 ? 400 : 201 });
  const notes = [];
  const line = { ...outside(answer, { SECRET_SMS: "t0ken" }), note: (what) => notes.push(what) };
  await send("id-3", told(), SMS, line);
  assert.deepEqual(notes, ["answered 400 for 1 of 2 numbers"]);
  const all = outside(() => new Response("", { status: 400 }), { SECRET_SMS: "t0ken" });
  await assert.rejects(send("id-4", told(), SMS, all), /answered 400 for 2 of 2 numbers$/);
});

for (const [kind, field] of [
  ["discord", "embeds"],
  ["teams", "attachments"],
]) {
  test(`the address of a ${kind} webhook is its secret`, async () => {
    const line = outside(undefined, { SECRET_HOOK: "https://hook.example/k3y" });
    await send("id-1", told(), { kind, secret: "SECRET_HOOK" }, line);
    assert.equal(line.calls[0].url, "https://hook.example/k3y");
    assert.equal(line.calls[0].init.headers["Content-Type"], "application/json");
    assert.equal(JSON.parse(line.calls[0].init.body)[field].length, 1);
  });
}

test("a webhook with a user gets its secret as a password", async () => {
  const line = outside(undefined, { SECRET_HOOK: "pässword" });
  const hook = { kind: "webhook", url: "https://hook.example/in", secret: "SECRET_HOOK" };
  await send("id-1", told(), { ...hook, user: "belfry" }, line);
  const basic = Buffer.from("belfry:pässword").toString("base64");
  assert.equal(line.calls[0].init.headers.Authorization, `Basic ${basic}`);
});

test("a missing secret is named", async () => {
  await assert.rejects(
    send("id", told(), { kind: "slack", secret: "SECRET_SLACK" }, outside()),
    /^SendError: the secret SECRET_SLACK is not set$/,
  );
});
