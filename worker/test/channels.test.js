import assert from "node:assert/strict";
import { test } from "node:test";
import { email } from "../src/channels/email.js";
import { pagerduty } from "../src/channels/pagerduty.js";
import { send, SendError } from "../src/channels/send.js";
import { slack } from "../src/channels/slack.js";
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
  told: ["hook"],
  round: 1,
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

test("a message says what is broken, since when, how bad, what it took along, and the first step", () => {
  const { text, blocks } = slack(told());
  assert.equal(text, "[P0] database: database does not answer (pitchey, local)");
  assert.equal(
    blocks[1].text.text,
    [
      "What: Nothing works without database.",
      "Since: 2026-06-01T12:00:00Z",
      "Seen: api reports it unhealthy",
      "Took along: api, frontend",
      "Answer: P0, within 15 min",
    ].join("\n"),
  );
  assert.match(
    blocks[2].text.text,
    /^<https:\/\/runbooks\.example\/DatabaseConnectionError\|First step: runbook>/,
  );
  assert.match(blocks[2].text.text, /<https:\/\/grafana\.example\/d\/overview\|Dashboard>/);
});

test("a recovery says how long it lasted, and asks for nothing", () => {
  const { text, blocks } = slack(told("recovered"));
  assert.equal(text, "Recovered: [P0] database: database does not answer (pitchey, local)");
  assert.equal(
    blocks[1].text.text,
    "Since: 2026-06-01T12:00:00Z, for 5 min\nTook along: api, frontend",
  );
});

test("what cannot be seen because of the incident is said", () => {
  const { blocks } = slack(told("opened", { unseen: ["cache"] }));
  assert.match(blocks[1].text.text, /^Cannot be seen: cache$/m);
});

test("Slack shows other people's text as it is", () => {
  const { text, blocks } = slack(hostile());
  assert.ok(!/[<>]/.test(text), text);
  for (const block of blocks) {
    if (block.text?.type === "mrkdwn") assert.ok(!block.text.text.includes("evil"));
  }
  assert.match(
    blocks[2].text.text,
    /^<https:\/\/runbooks\.example\/a%7Cb%3Ec\|First step: runbook>/,
  );
});

test("a very long text fits into what Slack takes", () => {
  const tookAlong = Array.from({ length: 5000 }, (_, index) => `service-${index}`);
  const { blocks } = slack(told("opened", { tookAlong, detail: "😀".repeat(5000) }));
  for (const { text } of blocks) if (text) assert.ok([...text.text].length <= 3000);
});

test("PagerDuty gets one alert an incident, opened and resolved by the same key", () => {
  const opened = pagerduty(told(), "key");
  assert.equal(opened.event_action, "trigger");
  assert.equal(opened.dedup_key, INCIDENT.id);
  assert.equal(opened.payload.severity, "critical");
  assert.equal(opened.payload.source, "pitchey/local/database");
  assert.deepEqual(opened.payload.custom_details.took_along, ["api", "frontend"]);
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
    /<a href="https:\/\/runbooks\.example\/DatabaseConnectionError">/,
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

test("a missing secret is named", async () => {
  await assert.rejects(
    send("id", told(), { kind: "slack", secret: "SECRET_SLACK" }, outside()),
    /^SendError: the secret SECRET_SLACK is not set$/,
  );
});
