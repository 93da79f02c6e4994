// Rules that others judge: what a vote says, when it counts, and what becomes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, blank } from "../src/incidents.js";
import { message } from "../src/messages.js";
import { metrics } from "../src/metrics.js";
import { status } from "../src/status.js";
import { vote, VOTE_BYTES } from "../src/votes.js";
import { config, rule } from "./stand/platform.js";
import { alert, told, webhook } from "./stand/votes.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 5, 1, 12, 0);
const DOWN = "edge/WorkerDown/api";
const ERRORS = "edge/HighErrorRate/api";

/** The usual platform, and what others judge of it; the queue is judged by nobody else. */
function platform(more = {}) {
  const settings = config("http://platform.example", more);
  settings.services.queue = { needs: [], checks: [] };
  settings.services.api.needs.push("queue");
  settings.rules.push(
    told("api", "HighErrorRate", "degraded"),
    told("api", "DiskFillsUp", "ahead"),
    told("api", "ApiSilent", "down"),
    told("database", "DatabaseDown", "down", { severity: "P0", for: 120 }),
    told("queue", "BrokerDown", "down", { severity: "P0" }),
    told("frontend", "UnderAttack", "degraded", {
      condition: { is: "told", event: "dos_attack_l7", window: 0 },
    }),
  );
  return settings;
}

/** Minute after minute from noon, in one shard. */
class Story {
  constructor(settings = platform()) {
    this.config = settings;
    this.state = blank();
    this.tick = NOON;
    this.all = [];
  }

  event(event) {
    const { state, effects } = advance(this.state, event, this.config);
    this.state = JSON.parse(JSON.stringify(state));
    const told = effects.filter(({ is }) => is !== "judged");
    this.all.push(...told);
    return told.map(({ is, incident }) => `${is} ${incident.aside ?? incident.cause}`);
  }

  /** What is not named is quiet, of what the Worker measures. */
  minute(troubles = {}) {
    this.tick += MINUTE;
    this.event({ is: "began", tick: this.tick, of: 1, deadline: this.tick + 10_000 });
    const states = this.config.rules
      .filter(({ condition }) => condition.is !== "told")
      .map(({ id, service }) => ({
        ...{ rule: id, service, since: this.tick, held: null, detail: null, known: this.tick },
        ...{ state: troubles[id] ?? "quiet", evidence: true },
      }));
    const { run } = this.state;
    return this.event({ is: "reported", run, shard: 0, states, lost: false });
  }

  minutes(count, troubles = {}) {
    return Array.from({ length: count }, () => this.minute(troubles)).flat();
  }

  hear(body, isCloudflare = false) {
    const event = { is: "voted", now: this.tick, vote: vote(body, isCloudflare) };
    assert.deepEqual(this.event(event), [], "a vote waits for the next run");
  }

  say(...alerts) {
    this.hear(webhook(...alerts));
  }

  /** HighErrorRate of the api, which began and perhaps ended so many minutes after noon. */
  errors(began, ended = null, more = {}) {
    this.say(
      alert("edge", "HighErrorRate", "api", {
        ...{ began: NOON + began * MINUTE, ended: ended === null ? null : NOON + ended * MINUTE },
        ...more,
      }),
    );
  }

  broken(name, service, began, ended = null) {
    const end = ended === null ? null : NOON + ended * MINUTE;
    this.say(alert("edge", name, service, { began: NOON + began * MINUTE, ended: end }));
  }
}

test("a vote opens the incident of its rule at the next tick, with what was seen, and another one ends it", () => {
  const story = new Story();
  story.minutes(2);
  story.errors(2, null, { seen: "12 % of requests, more than 5 %" });
  assert.deepEqual(story.minute(), [`opened ${ERRORS}`]);
  const [{ incident }] = story.all;
  assert.equal(incident.severity, "P1");
  assert.equal(incident.detail, "12 % of requests, more than 5 %");
  assert.equal(incident.since, NOON + 2 * MINUTE);
  assert.deepEqual(story.minutes(9), []);
  story.errors(2, 12);
  assert.deepEqual(story.minutes(2), [`recovered ${ERRORS}`]);
  assert.deepEqual(story.state.incidents, []);
});

test("what is told reads like any other message", () => {
  const story = new Story();
  story.errors(0, null, { seen: "12 % of requests" });
  story.minute();
  const said = message("opened", story.all[0].incident, story.tick, story.config);
  assert.equal(said.service, "api");
  assert.equal(said.rule, "HighErrorRate");
  assert.equal(said.detail, "12 % of requests");
});

test("a vote that is repeated tells nobody again", () => {
  const story = new Story();
  for (let round = 0; round < 5; round += 1) {
    story.errors(0);
    story.minute();
  }
  assert.equal(story.all.length, 1);
});

for (const [what, say] of [
  ["the firing of what is over, told once more", (story) => story.errors(1)],
  ["an end that is older than the beginning", (story) => (story.errors(5), story.errors(1, 4))],
  ["a beginning that comes after its end", (story) => (story.errors(6, 7), story.errors(6))],
]) {
  test(`votes come late: ${what}`, () => {
    const story = new Story();
    story.minutes(4);
    story.errors(1);
    story.errors(1, 3);
    story.tick += 4 * MINUTE;
    say(story);
    const isOpen = what.startsWith("an end");
    assert.deepEqual(story.minutes(3), isOpen ? [`opened ${ERRORS}`] : []);
  });
}

test("a rule that fires again after it was over is another incident", () => {
  const story = new Story();
  story.errors(0, 1);
  story.minutes(3);
  story.errors(3);
  assert.deepEqual(story.minute(), [`opened ${ERRORS}`]);
});

test("a clock that runs ahead can end nothing that has not begun", () => {
  const story = new Story();
  story.errors(0, 60 * 24 * 365);
  story.minutes(2);
  story.errors(2);
  assert.deepEqual(story.minute(), [`opened ${ERRORS}`]);
});

test("an end that never comes leaves the incident open, and it says so", () => {
  const story = new Story();
  story.errors(0, null, { seen: "12 % of requests" });
  assert.equal(story.minutes(600).length, 1);
  const [incident] = story.state.incidents;
  assert.equal(
    incident.detail,
    "12 % of requests; alertmanager has not said so again since 2026-06-01 12:00 UTC",
  );
  story.errors(0, null, { seen: "13 % of requests" });
  story.minute();
  assert.equal(story.state.incidents[0].detail, "13 % of requests");
});

test("one webhook may end one thing and begin another", () => {
  const story = new Story();
  story.errors(0);
  story.minute();
  story.say(
    alert("edge", "HighErrorRate", "api", { began: NOON, ended: NOON + MINUTE }),
    alert("edge", "DiskFillsUp", "api", { began: NOON + MINUTE }),
  );
  assert.deepEqual(story.minutes(2), ["opened edge/DiskFillsUp/api", `recovered ${ERRORS}`]);
});

test("of several series one that fires is enough, whatever the order", () => {
  const story = new Story();
  story.say(
    alert("edge", "HighErrorRate", "api", { began: NOON, series: "b" }),
    alert("edge", "HighErrorRate", "api", { began: NOON, ended: NOON + MINUTE, series: "a" }),
  );
  assert.deepEqual(story.minutes(3), [`opened ${ERRORS}`]);
  story.errors(0, 3, { series: "b" });
  assert.deepEqual(story.minutes(2), [`recovered ${ERRORS}`]);
});

test("two backends that judge the same rule: it fires while one of them says so", () => {
  const story = new Story();
  story.errors(0);
  const other = { orgId: 1, ...webhook(alert("edge", "HighErrorRate", "api", { began: NOON })) };
  story.hear(other);
  story.minute();
  story.errors(0, 1);
  assert.deepEqual(story.minutes(3), []);
  other.alerts[0] = alert("edge", "HighErrorRate", "api", { began: NOON, ended: NOON + MINUTE });
  story.hear(other);
  assert.deepEqual(story.minutes(2), [`recovered ${ERRORS}`]);
});

test("a vote about a rule that the Worker judges itself opens nothing and ends nothing", () => {
  const story = new Story();
  story.broken("WorkerDown", "api", 0);
  assert.deepEqual(story.minutes(2), []);
  story.minute({ [DOWN]: "firing" });
  story.broken("WorkerDown", "api", 0, 3);
  story.minutes(3, { [DOWN]: "firing" });
  assert.deepEqual(
    story.all.map(({ is }) => is),
    ["opened"],
  );
});

for (const [what, one] of [
  ["an unknown rule", alert("edge", "Unheard", "api", { began: NOON })],
  ["an unknown service", alert("edge", "HighErrorRate", "moon", { began: NOON })],
  ["a name that every object has", alert("edge", "__proto__", "api", { began: NOON })],
  [
    "another platform",
    alert("edge", "HighErrorRate", "api", { began: NOON, labels: { platform: "shop" } }),
  ],
  [
    "another environment",
    alert("edge", "HighErrorRate", "api", { began: NOON, labels: { environment: "prod" } }),
  ],
  ["no time", alert("edge", "HighErrorRate", "api", { began: null })],
  ["no rule", { ...alert("edge", "x", "api", { began: NOON }), labels: { service: "api" } }],
  ["a state of its own", { ...alert("edge", "HighErrorRate", "api", { began: NOON }), status: 1 }],
]) {
  test(`a vote about ${what} changes nothing`, () => {
    const story = new Story();
    story.say(one);
    assert.deepEqual(story.minutes(2), []);
    assert.deepEqual(story.state.votes, {});
  });
}

test("five hundred alerts in one vote all count, and fit into it", () => {
  const settings = platform();
  const names = Array.from({ length: 500 }, (_, index) => `Rule${index}`);
  settings.rules.push(...names.map((name) => told("api", name, "degraded")));
  const story = new Story(settings);
  const burst = webhook(
    ...names.map((name) => alert("edge", name, "api", { began: NOON, seen: "x".repeat(1500) })),
  );
  assert.ok(JSON.stringify(burst).length < VOTE_BYTES);
  story.hear(burst);
  assert.equal(story.minute().length, 500);
  assert.equal(new Set(story.all.map(({ incident }) => incident.id)).size, 500);
});

test("whatever votes come, no more is remembered of a rule than a hundred series, and what fires stays", () => {
  const story = new Story();
  story.errors(0, null, { series: "first" });
  for (let index = 0; index < 300; index += 1) story.errors(0, 0, { series: `s${index}` });
  const known = story.state.votes[ERRORS];
  assert.equal(Object.keys(known).length, 100);
  assert.ok(known["alertmanager first"].isFiring);
});

test("what needs a service that is told to be down is taken along", () => {
  const story = new Story();
  story.minutes(2);
  story.broken("BrokerDown", "queue", 2);
  const told = story.minute({ [DOWN]: "firing", "edge/FrontendDown/frontend": "firing" });
  assert.deepEqual(told, ["opened queue"]);
  assert.deepEqual(story.all[0].incident.tookAlong, ["api", "frontend"]);
  story.broken("BrokerDown", "queue", 2, 4);
  assert.deepEqual(story.minutes(2), ["recovered queue"]);
});

test("a cause that is told later than what it broke, and began before, is the cause", () => {
  const story = new Story();
  story.minutes(5);
  story.minute({ [DOWN]: "firing" });
  story.minutes(2, { [DOWN]: "firing" });
  story.broken("DatabaseDown", "database", 8); // its rule waits for two minutes
  assert.deepEqual(story.minute({ [DOWN]: "firing" }), ["updated database"]);
  assert.deepEqual(story.state.incidents[0].tookAlong, ["api"]);
});

test("what works badly takes nobody along, and is an incident beside a failure", () => {
  const story = new Story();
  story.errors(0);
  story.minute();
  const told = story.minute({ "edge/FrontendDown/frontend": "firing" });
  assert.deepEqual(told, ["opened frontend"]);
  assert.deepEqual(story.state.incidents[1].tookAlong, []);
});

test("what works badly because it, or what it needs, is down is explained, for as long as that shows", () => {
  const story = new Story();
  story.minute({ [DOWN]: "firing" });
  story.errors(1);
  assert.deepEqual(story.minutes(3, { [DOWN]: "firing" }), []);
  assert.deepEqual(story.minutes(6), ["recovered api"], "the window, and the time a vote takes");
  assert.deepEqual(story.minute(), [`opened ${ERRORS}`], "it has causes of its own");
});

test("what works badly because of another is taken along by it", () => {
  const story = new Story();
  story.minute();
  story.broken("BrokerDown", "queue", 1);
  story.errors(1);
  assert.deepEqual(story.minute(), ["opened queue"]);
  assert.deepEqual(story.all[0].incident.tookAlong, ["api"]);
});

test("what fails because of another does not begin anew when that ends first", () => {
  const story = new Story();
  story.minute();
  story.broken("BrokerDown", "queue", 1);
  story.broken("ApiSilent", "api", 1);
  assert.deepEqual(story.minute(), ["opened queue"]);
  story.broken("BrokerDown", "queue", 1, 2);
  assert.deepEqual(story.minutes(6), ["recovered queue"]);
  assert.deepEqual(story.minute(), ["opened api"], "it has a cause of its own");
});

test("what is no failure stays what it is when something deeper turns out to be down", () => {
  const story = new Story();
  story.errors(0);
  story.minute();
  story.broken("BrokerDown", "queue", 0);
  assert.deepEqual(story.minute(), ["opened queue"]);
  assert.deepEqual(
    story.state.incidents.map(({ cause }) => cause),
    ["api", "queue"],
  );
});

test("what is ahead is told all the same", () => {
  const story = new Story();
  story.broken("DiskFillsUp", "api", 0);
  assert.deepEqual(story.minute({ [DOWN]: "firing" }), [
    "opened api",
    "opened edge/DiskFillsUp/api",
  ]);
  assert.notEqual(story.all[0].incident.id, story.all[1].incident.id);
});

test("trouble that lasts for days swallows nothing that comes meanwhile", () => {
  const story = new Story();
  story.broken("DiskFillsUp", "api", 0);
  story.minute();
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(story.minute({ [DOWN]: "firing" }), ["opened api"]);
    assert.deepEqual(story.minutes(2), ["recovered api"]);
  }
});

test("the rules of the worst severity, told and measured ones, give an incident its routes", () => {
  const settings = platform();
  settings.routes.push({ steps: [] });
  settings.rules.find(({ id }) => id === "edge/ApiSilent/api").route = 2;
  const story = new Story(settings);
  story.errors(0);
  story.minute();
  assert.deepEqual(story.all[0].incident.rules, [ERRORS]);
  story.broken("ApiSilent", "api", 1);
  story.minute({ "edge/HighResponseTime/api": "firing" });
  const { rules } = story.all[1].incident;
  assert.deepEqual(rules.sort(), ["edge/ApiSilent/api", "edge/HighResponseTime/api"]);
  story.minute({ [DOWN]: "firing" });
  assert.deepEqual(story.all[2].incident.rules, [DOWN], "raised");
  story.broken("BrokerDown", "queue", 0);
  assert.deepEqual(story.minutes(2).slice(0, 1), ["updated queue"]);
});

test("a rule that is told no longer ends its incident", () => {
  const story = new Story();
  story.errors(0);
  story.minute();
  story.config = {
    ...story.config,
    rules: story.config.rules.filter(({ id }) => id !== ERRORS),
  };
  assert.deepEqual(story.minutes(2), [`recovered ${ERRORS}`]);
  assert.deepEqual(story.state.votes, {});
});

test("a rule that the Worker judges from now on forgets its votes", () => {
  const story = new Story();
  story.errors(0);
  story.minute();
  const judged = (one) => (one.id === ERRORS ? rule("api", "HighErrorRate") : one);
  story.config = { ...story.config, rules: story.config.rules.map(judged) };
  assert.deepEqual(story.minutes(2), [`recovered ${ERRORS}`]);
});

test("what older code left is taken over", () => {
  const story = new Story();
  story.minute({ [DOWN]: "firing" });
  for (const key of ["votes", "heard", "shaded"]) delete story.state[key];
  story.errors(0);
  assert.deepEqual(story.minutes(2), [`opened ${ERRORS}`, "recovered api"]);
});

const attack = (phase, minute, id = "a1") => ({
  ...{ alert_type: "dos_attack_l7", alert_event: phase, alert_correlation_id: id },
  ...{ ts: NOON / 1000 + minute * 60, text: "an attack of 9,000 requests a second", data: {} },
});
const ATTACK = "edge/UnderAttack/frontend";

test("an event of Cloudflare's lasts until its end is told", () => {
  const story = new Story();
  story.hear(attack("ALERT_STATE_EVENT_START", 0), true);
  assert.deepEqual(story.minutes(300), [`opened ${ATTACK}`]);
  assert.match(story.all[0].incident.detail, /^an attack of 9,000/);
  story.hear(attack("ALERT_STATE_EVENT_END", 299), true);
  story.hear(attack("ALERT_STATE_EVENT_START", 0), true);
  assert.deepEqual(story.minutes(2), [`recovered ${ATTACK}`]);
});

test("an event whose end is never told is over after an hour", () => {
  const story = new Story();
  story.hear(attack("ALERT_STATE_EVENT_NONE", 0), true);
  assert.deepEqual(story.minutes(59), [`opened ${ATTACK}`]);
  assert.deepEqual(story.minutes(2), [`recovered ${ATTACK}`]);
  story.hear(attack("ALERT_STATE_EVENT_NONE", 61), true);
  assert.deepEqual(story.minute(), [`opened ${ATTACK}`]);
  assert.equal(story.all.at(-1).incident.since, NOON + 61 * MINUTE);
});

test("an event that no rule waits for is nothing but a vote", () => {
  const story = new Story();
  story.hear({ ...attack("ALERT_STATE_EVENT_START", 0), alert_type: "incident_alert" }, true);
  story.hear(attack("ALERT_STATE_EVENT_START", 0), false);
  assert.deepEqual(story.minutes(2), []);
});

test("a rule that others judge is a figure only while it fires", () => {
  const vitals = { tick: NOON };
  const [fires, quiet] = [[{ rule: ERRORS, state: "firing" }], []].map((firing) =>
    metrics(platform(), [], { vitals, firing, open: [], counts: {} }, NOON),
  );
  assert.match(fires, /^belfry_rule_firing\{rule="HighErrorRate",.*\} 1$/m);
  assert.ok(!quiet.includes("HighErrorRate"));
  assert.match(quiet, /^belfry_rule_firing\{rule="WorkerDown",.*\} 0$/m);
});

test("a service that others judge is up only while they give signs of life", () => {
  const story = new Story();
  const standing = () => status(story.state, story.config).services.queue.status;
  story.minute();
  assert.equal(standing(), "unknown");
  story.say(alert("monitoring", "Watchdog", "host", { began: NOON }));
  story.minute();
  assert.equal(standing(), "up");
  story.tick += HOUR;
  story.minute();
  assert.equal(standing(), "unknown");
  story.broken("BrokerDown", "queue", 62);
  story.minute();
  assert.equal(standing(), "down");
});
