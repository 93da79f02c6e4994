// What the Worker says of itself and of the platform: health, metrics, status, votes, archive.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, lines } from "../src/archive.js";
import { health } from "../src/health.js";
import { blank } from "../src/incidents.js";
import { metrics } from "../src/metrics.js";
import { pack, unpack } from "../src/packing.js";
import { status } from "../src/status.js";
import { vote } from "../src/votes.js";
import { config } from "./stand/platform.js";

const NOW = Date.UTC(2026, 5, 1, 12);
const PLATFORM = config("http://user:hunter2@platform.example");
const VITALS = {
  born: NOW - 1e7,
  heard: NOW - 30_000,
  tick: NOW - 30_000,
  refused: null,
  pending: 0,
  oldest: null,
  stuck: [],
  lost: 0,
};

for (const [what, change, reason] of [
  ["ticks as it should", {}, null],
  ["has just begun", { heard: null, tick: null, born: NOW - 1000 }, null],
  ["has had no tick for three minutes", { heard: NOW - 180_000 }, "no tick for 180 s"],
  [
    "has never had a tick",
    { heard: null, tick: null, born: NOW - 200_000 },
    "no tick yet, for 200 s",
  ],
  [
    "could not use its configuration",
    { refused: "config: version: must be 2" },
    "config: version: must be 2",
  ],
  [
    "cannot get rid of a message",
    { stuck: [{ channel: "slack", attempts: 6, error: "answered 500" }], oldest: 0 },
    "channel slack does not take its messages: 6 attempts, answered 500",
  ],
  [
    "forgot a message",
    { pending: 1, oldest: NOW - 300_000 },
    "a message has been waiting for 300 s",
  ],
  ["lost a shard", { lost: 2 }, "2 shards of the last tick never reported"],
]) {
  test(`health of a monitoring that ${what}`, () => {
    const said = health({ ...VITALS, ...change }, null, NOW);
    assert.deepEqual(said.reasons, reason === null ? [] : [reason]);
    assert.equal(said.status, reason === null ? "healthy" : "unhealthy");
  });
}

test("a configuration that is wrong now is said before the next tick", () => {
  assert.deepEqual(health(VITALS, "config: is missing", NOW).reasons, ["config: is missing"]);
});

const FIGURES = { vitals: VITALS, firing: [], open: [], counts: {} };
const latest = (check, up, at = NOW) => ({ check, at, up, seconds: up === null ? null : 0.25 });

test("a check is 1 when up, 0 when down, and absent when unknown or old", () => {
  const text = metrics(
    PLATFORM,
    [
      latest("api-health", true),
      latest("frontend-health", false),
      latest("cache-health", null),
      latest("database-health", true, NOW - 180_000),
    ],
    FIGURES,
    NOW,
  );
  assert.deepEqual(
    text.split("\n").filter((line) => line.startsWith("belfry_probe_up")),
    [
      'belfry_probe_up{service="api",check="api-health"} 1',
      'belfry_probe_up{service="frontend",check="frontend-health"} 0',
    ],
  );
  assert.ok(!text.includes("hunter2"));
});

test("open incidents are counted by severity, messages by channel", () => {
  const figures = {
    ...FIGURES,
    open: [{ severity: "P0" }, { severity: "P0" }],
    counts: { "messages_sent slack": 3, shards_lost: 1 },
  };
  const text = metrics(PLATFORM, [], figures, NOW);
  assert.match(text, /^belfry_incidents_open\{severity="P0"\} 2$/m);
  assert.match(text, /^belfry_incidents_open\{severity="P1"\} 0$/m);
  assert.match(text, /^belfry_messages_sent_total\{channel="slack"\} 3$/m);
  assert.match(text, /^belfry_shards_lost_total 1$/m);
});

test("every metric has its help and type before it, once", () => {
  const text = metrics(PLATFORM, [latest("api-health", true)], FIGURES, NOW);
  const typed = new Set();
  for (const line of text.trimEnd().split("\n")) {
    const [, name] = /^# TYPE (\S+) (?:gauge|counter)$/.exec(line) ?? [];
    if (name !== undefined) {
      assert.ok(!typed.has(name));
      typed.add(name);
    } else if (!line.startsWith("#")) {
      assert.ok(typed.has(/^[a-z_]+/.exec(line)[0]), line);
    }
  }
});

test("a label's quotes, backslashes and line ends are escaped", () => {
  const odd = structuredClone(PLATFORM);
  odd.checks[0].id = 'a"b\\c\nd';
  assert.match(metrics(odd, [latest('a"b\\c\nd', true)], FIGURES, NOW), /check="a\\"b\\\\c\\nd"/);
});

test("the status tells how services stand and nothing of how it is known", () => {
  const state = blank();
  const at = { since: NOW, held: NOW, known: NOW, detail: "status 500" };
  state.services = {
    api: { run: 1, well: null, fresh: false },
    database: { run: 1, well: null, fresh: false },
    frontend: { run: 1, well: 1, fresh: false },
  };
  state.rules = {
    "edge/WorkerDown/api": {
      ...at,
      rule: "edge/WorkerDown/api",
      service: "api",
      state: "firing",
      evidence: true,
    },
    "edge/DatabaseConnectionError/database": {
      ...at,
      rule: "edge/DatabaseConnectionError/database",
      service: "database",
      state: "firing",
      evidence: false,
    },
  };
  const said = status(state, PLATFORM);
  assert.deepEqual(said.services, {
    api: { status: "down" },
    cache: { status: "unknown" },
    database: { status: "unknown" },
    frontend: { status: "up" },
  });
  assert.ok(!/http|hunter2|500/.test(JSON.stringify(said)));
});

test("results survive being packed", () => {
  const results = [
    { check: "a", up: true, seconds: 0.123, status: 200, detail: null, attempts: 1 },
    { check: "b", up: false, seconds: 10, status: null, detail: "x", attempts: 3 },
    { check: "c", up: null, seconds: null, status: null, detail: "y", attempts: 0 },
  ];
  assert.deepEqual(unpack(pack(results), NOW), [
    { at: NOW, up: true, seconds: 0.123, detail: null },
    { at: NOW, up: false, seconds: 10, detail: null },
    { at: NOW, up: null, seconds: null, detail: null },
  ]);
});

test("a packed shard of sixty checks stays small", () => {
  const result = { check: "a", up: true, seconds: 1.234, status: 200, detail: null, attempts: 1 };
  const { up, times } = pack(Array.from({ length: 60 }, () => result));
  assert.ok(up.length + times.length < 400);
});

test("an archived hour is a line a shard and a line a change", () => {
  const text = lines({
    rows: [{ tick: NOW, shard: 0, checks: ["a", "b"], up: "u?", times: "rs," }],
    transitions: [{ rule: "r", tick: NOW, state: "firing", since: NOW, detail: null }],
  });
  assert.deepEqual(
    text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    [
      {
        at: "2026-06-01T12:00:00.000Z",
        shard: 0,
        results: { a: { up: true, seconds: 1 }, b: { up: null, seconds: null } },
      },
      {
        at: "2026-06-01T12:00:00.000Z",
        rule: "r",
        state: "firing",
        since: "2026-06-01T12:00:00.000Z",
        detail: null,
      },
    ],
  );
  assert.equal(keyOf(NOW), "observations/2026/06/01/12.ndjson.gz");
});

for (const [what, body, isCloudflare, expected] of [
  [
    "Cloudflare's",
    { text: "api is down", data: { status: "Unhealthy" } },
    true,
    { source: "cloudflare", state: "bad", text: "api is down", opinions: [] },
  ],
  [
    "Grafana's",
    { orgId: 1, status: "resolved", title: "t" },
    false,
    { source: "grafana", state: "good", text: "t", opinions: [] },
  ],
  [
    "Alertmanager's",
    { groupKey: "k", status: "firing" },
    false,
    { source: "alertmanager", state: "bad", text: "k", opinions: [] },
  ],
  [
    "an unknown one's",
    { text: "x".repeat(999) },
    false,
    { source: "other", state: "unknown", text: "x".repeat(300), opinions: [] },
  ],
]) {
  test(`${what} opinion is understood`, () => assert.deepEqual(vote(body, isCloudflare), expected));
}

test("what is no object is no vote", () => {
  for (const body of [null, 1, "x", []]) assert.equal(vote(body, false), null);
});
