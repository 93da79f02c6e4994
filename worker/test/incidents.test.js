import assert from "node:assert/strict";
import { test } from "node:test";
import { advance, blank } from "../src/incidents.js";
import { neededBy } from "../src/needs.js";
import { vote } from "../src/votes.js";
import { check, config, rule } from "./stand/platform.js";
import { random } from "./stand/random.js";
import { alert, told } from "./stand/votes.js";

const MINUTE = 60_000;
const BASE = "http://platform.example";

/** Drives the machine as the coordinator does, minute by minute. */
class Story {
  constructor(settings = config(BASE)) {
    this.config = settings;
    this.state = blank();
    this.tick = 0;
    this.told = [];
    this.recorded = [];
  }

  advance(event) {
    const { state, effects } = advance(this.state, event, this.config);
    this.state = state;
    const messages = effects.filter(({ is }) => is !== "judged");
    this.recorded.push(...effects);
    this.told.push(...messages);
    return messages;
  }

  begin(of = 1) {
    this.tick += MINUTE;
    this.advance({ is: "began", tick: this.tick, of, deadline: this.tick + 10_000 });
    return this.state.run;
  }

  report(run, shard, states, lost = false) {
    return this.advance({ is: "reported", run, shard, states, lost });
  }

  /** One tick in one shard: what is not named is quiet. Gives what was told. */
  minute(troubles = {}) {
    const run = this.begin();
    return this.report(run, 0, this.states(troubles));
  }

  /** One tick at which only some services are due. */
  minuteOf(services, troubles = {}) {
    const run = this.begin();
    return this.report(run, 0, this.states(troubles, services));
  }

  /** `troubles`: rule id → "firing", "pending", "unknown" or "blind" (fires for want of data). */
  states(troubles, services = Object.keys(this.config.services)) {
    return this.config.rules
      .filter(({ service, condition }) => services.includes(service) && condition.is !== "told")
      .map(({ id, service }) => {
        const state = troubles[id] ?? "quiet";
        return {
          ...{ rule: id, service, since: this.tick, held: null, detail: null, known: this.tick },
          state: state === "blind" ? "firing" : state,
          evidence: state !== "blind",
        };
      });
  }
}

const API = "edge/WorkerDown/api";
const SLOW = "edge/HighResponseTime/api";
const FRONT = "edge/FrontendDown/frontend";
const DB = "edge/DatabaseConnectionError/database";
const CACHE = "edge/CacheDown/cache";
const ALL_DOWN = { [API]: "firing", [FRONT]: "firing", [DB]: "firing" };
const brief = (effects) => effects.map(({ is, incident }) => `${is} ${incident.cause}`);

test("what fails together is one incident, named after the service none of whose needs fails", () => {
  const story = new Story();
  const [told, ...more] = story.minute(ALL_DOWN);
  assert.deepEqual(more, []);
  assert.equal(told.is, "opened");
  assert.equal(told.incident.cause, "database");
  assert.deepEqual(told.incident.tookAlong, ["api", "frontend"]);
});

test("an open incident says nothing more while it lasts", () => {
  const story = new Story();
  story.minute(ALL_DOWN);
  assert.deepEqual([story.minute(ALL_DOWN), story.minute(ALL_DOWN)].flat(), []);
});

test("it is over when its cause was quiet for two runs on end", () => {
  const story = new Story();
  story.minute(ALL_DOWN);
  assert.deepEqual(brief(story.minute()), []);
  const [told] = story.minute();
  assert.equal(told.is, "recovered");
  assert.deepEqual(story.state.incidents, []);
});

test("a service that flaps stays one incident", () => {
  const story = new Story();
  for (let round = 0; round < 5; round += 1) {
    story.minute({ [API]: "firing" });
    story.minute();
  }
  assert.deepEqual(brief(story.told), ["opened api"]);
});

test("a cause that nothing is known of is neither over nor told again", () => {
  const story = new Story();
  story.minute({ [DB]: "firing" });
  for (let round = 0; round < 5; round += 1) story.minute({ [DB]: "unknown" });
  assert.deepEqual(brief(story.told), ["opened database"]);
});

test("the api broken by itself is named, and what is seen through it is not", () => {
  const story = new Story();
  const troubles = { [API]: "firing", [FRONT]: "firing", [DB]: "unknown", [CACHE]: "unknown" };
  const [told] = story.minute(troubles);
  assert.equal(told.incident.cause, "api");
  story.minute({ ...troubles, [DB]: "blind", [CACHE]: "blind" });
  assert.deepEqual(brief(story.told), ["opened api"]);
  assert.deepEqual(story.state.incidents[0].unseen, ["cache", "database"]);
});

test("a service without data, of which nothing else explains it, is an incident of its own", () => {
  const story = new Story();
  assert.deepEqual(brief(story.minute({ [DB]: "blind" })), ["opened database"]);
});

test("a service that only lacks data explains no other failure", () => {
  const story = new Story();
  story.minute({ [CACHE]: "blind" });
  assert.deepEqual(brief(story.minute({ [CACHE]: "blind", [API]: "firing" })), ["opened api"]);
});

test("two causes at once are two incidents, and what needs both is in both", () => {
  const story = new Story();
  const told = story.minute({ ...ALL_DOWN, [CACHE]: "firing" });
  assert.deepEqual(brief(told).sort(), ["opened cache", "opened database"]);
  for (const { incident } of told) assert.deepEqual(incident.tookAlong, ["api", "frontend"]);
});

test("a cause whose rule still waits is named by what already fires because of it", () => {
  const story = new Story();
  const [told] = story.minute({ ...ALL_DOWN, [DB]: "pending" });
  assert.equal(told.incident.cause, "database");
});

test("a rule that waits tells nobody", () => {
  const story = new Story();
  assert.deepEqual(story.minute({ [API]: "pending" }), []);
});

test("slowness that is still waiting is no cause of an outage", () => {
  const story = new Story();
  const [told] = story.minute({ [SLOW]: "pending", [FRONT]: "firing" });
  assert.equal(told.incident.cause, "frontend");
});

test("what fails later because of the cause joins in silence", () => {
  const story = new Story();
  story.minute({ [DB]: "firing" });
  story.minute({ [DB]: "firing", [API]: "firing" });
  assert.deepEqual(brief(story.told), ["opened database"]);
  assert.deepEqual(story.state.incidents[0].tookAlong, ["api"]);
});

test("what needs the cause only through a service that works joins as well", () => {
  const story = new Story();
  const [told] = story.minute({ [DB]: "firing", [FRONT]: "firing" });
  assert.deepEqual(told.incident.tookAlong, ["frontend"]);
});

test("a cause seen a tick later than its effect moves the incident and tells so once", () => {
  const story = new Story();
  story.minute();
  story.minute({ [API]: "firing" });
  const [told, ...more] = story.minute(ALL_DOWN);
  assert.deepEqual(more, []);
  assert.equal(told.is, "updated");
  assert.equal(told.incident.cause, "database");
  assert.deepEqual(told.incident.tookAlong, ["api", "frontend"]);
  story.minute();
  story.minute();
  assert.deepEqual(brief(story.told), ["opened api", "updated database", "recovered database"]);
});

test("a need that was well after the incident opened is a break of its own", () => {
  const story = new Story();
  story.minute({ [API]: "firing" });
  story.minute({ [API]: "firing" });
  assert.deepEqual(brief(story.minute(ALL_DOWN)), ["opened database"]);
  assert.equal(story.state.incidents.length, 2);
});

test("a service that still fails after its cause is over gets its own incident", () => {
  const story = new Story();
  story.minute(ALL_DOWN);
  story.minute({ [API]: "firing" });
  const told = story.minute({ [API]: "firing" });
  assert.deepEqual(brief(told), ["recovered database", "opened api"]);
});

test("a severity that got worse is told once, and stays", () => {
  const story = new Story();
  const [{ incident: mild }] = story.minute({ [SLOW]: "firing" });
  assert.equal(mild.severity, "P1");
  assert.deepEqual([mild.rated, mild.rules], [story.tick, [SLOW]]);
  const [told] = story.minute({ [SLOW]: "firing", [API]: "firing" });
  assert.equal(told.is, "raised");
  assert.equal(told.incident.severity, "P0");
  assert.deepEqual([told.incident.rated, told.incident.rules], [story.tick, [API]]);
  assert.deepEqual(story.minute({ [SLOW]: "firing", [API]: "firing" }), []);
  assert.deepEqual(story.minute({ [SLOW]: "firing" }), []);
  story.minute();
  assert.equal(story.minute()[0].incident.severity, "P0");
});

test("of every route that its rules of one severity have an incident keeps one rule, also of those that join", () => {
  const settings = config(BASE);
  settings.routes.push({ steps: [] });
  settings.rules.find(({ id }) => id === FRONT).route = 2;
  const story = new Story(settings);
  const [{ incident }] = story.minute({ [DB]: "firing", [API]: "firing" });
  assert.deepEqual(incident.rules, [DB]);
  story.minute({ [DB]: "firing", [API]: "firing", [FRONT]: "firing", [CACHE]: "firing" });
  assert.deepEqual(story.state.incidents[0].rules, [DB, FRONT]);
  assert.equal(story.state.incidents[0].rated, incident.opened);
  story.minute({ [DB]: "firing" });
  assert.deepEqual(story.state.incidents[0].rules, [DB, FRONT], "what was engaged stays so");
});

test("a mild cause that takes along something grave pages as gravely", () => {
  const story = new Story();
  const [told] = story.minute({ [CACHE]: "firing", [API]: "firing" });
  assert.equal(told.incident.cause, "cache");
  assert.equal(told.incident.severity, "P0");
});

test("everything is recorded where another one pages", () => {
  const story = new Story(config(BASE, { paging: "shadow" }));
  for (const troubles of [ALL_DOWN, {}, {}]) story.minute(troubles);
  assert.deepEqual(brief(story.told), ["opened database", "recovered database"]);
});

test("no incident opens before all shards of the tick have reported", () => {
  const story = new Story();
  const run = story.begin(3);
  assert.deepEqual(story.report(run, 2, story.states(ALL_DOWN, ["frontend"])), []);
  assert.deepEqual(story.report(run, 0, story.states(ALL_DOWN, ["api"])), []);
  assert.deepEqual(story.report(run, 0, story.states(ALL_DOWN, ["api"])), [], "a repeat");
  assert.deepEqual(brief(story.report(run, 1, story.states(ALL_DOWN, ["database"]))), [
    "opened database",
  ]);
});

test("a shard that never reports is awaited until the deadline", () => {
  const story = new Story();
  const run = story.begin(2);
  story.report(run, 0, story.states(ALL_DOWN, ["api"]));
  const early = story.advance({ is: "settled", now: story.tick + 9_999 });
  assert.deepEqual(early, []);
  assert.deepEqual(brief(story.advance({ is: "settled", now: story.tick + 10_000 })), [
    "opened api",
  ]);
  assert.equal(story.recorded.find(({ is }) => is === "judged").lost, 1);
});

test("a shard that reports after its run was judged is heard in the next", () => {
  const story = new Story();
  const run = story.begin(2);
  story.report(run, 0, story.states({}, ["api"]));
  story.advance({ is: "settled", now: story.tick + 10_000 });
  assert.deepEqual(story.report(run, 1, story.states(ALL_DOWN, ["database"])), []);
  const next = story.begin(1);
  assert.deepEqual(brief(story.report(next, 0, story.states({}, ["api"]))), ["opened database"]);
});

test("an old report never replaces a newer one", () => {
  const story = new Story();
  const old = story.begin(1);
  const states = story.states({ [API]: "firing" });
  story.minute();
  story.report(old, 0, states);
  story.minuteOf(["frontend"]);
  assert.deepEqual(story.told, []);
});

test("a service whose check is not due keeps its state and its incident", () => {
  const story = new Story();
  story.minute({ [DB]: "firing" });
  for (let round = 0; round < 4; round += 1) story.minuteOf(["api", "frontend", "cache"]);
  assert.equal(story.state.incidents.length, 1);
});

test("a cause seen quiet once is not over while nobody looks again", () => {
  const story = new Story();
  story.minute({ [DB]: "firing" });
  story.minute();
  for (let round = 0; round < 4; round += 1) story.minuteOf(["api"]);
  assert.deepEqual(brief(story.told), ["opened database"]);
  assert.deepEqual(brief(story.minuteOf(["database"])), ["recovered database"]);
});

test("what its cause took along opens nothing before it was looked at again", () => {
  const story = new Story();
  story.minute(ALL_DOWN);
  story.minuteOf(["database"]);
  assert.deepEqual(brief(story.minuteOf(["database"])), ["recovered database"]);
  assert.deepEqual(brief(story.minuteOf(["api"], { [API]: "firing" })), ["opened api"]);
});

test("what could not be seen and then shows itself broken was the cause", () => {
  const story = new Story();
  story.minute({ [API]: "firing", [DB]: "unknown" });
  story.minute({ [API]: "firing", [DB]: "blind" });
  const told = story.minute({ [API]: "firing", [DB]: "firing" });
  assert.deepEqual(brief(told), ["updated database"]);
  assert.deepEqual(told[0].incident.unseen, []);
});

test("what cannot be seen waits for the service it is seen through", () => {
  const story = new Story();
  assert.deepEqual(story.minute({ [API]: "pending", [DB]: "blind" }), []);
});

test("a tick without due checks is judged at once", () => {
  const story = new Story();
  story.begin(0);
  assert.deepEqual(story.state.awaited, {});
});

test("an incident whose service is no longer watched ends", () => {
  const story = new Story();
  story.minute({ [DB]: "firing" });
  story.config = config(BASE, {
    rules: config(BASE).rules.filter(({ service }) => service !== "database"),
  });
  story.minute();
  assert.deepEqual(brief(story.minute()), ["recovered database"]);
});

test("a clock that is set back stops nothing", () => {
  const story = new Story();
  story.minute();
  story.tick = -100 * MINUTE;
  assert.deepEqual(brief(story.minute(ALL_DOWN)), ["opened database"]);
  story.minute();
  assert.deepEqual(brief(story.minute()), ["recovered database"]);
});

const TROUBLES = ["down", "degraded", "ahead"];

/** A platform of random services, each with a rule or two, and some that are told. */
function randomPlatform(next) {
  const count = 2 + Math.floor(next() * 12);
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const services = Object.fromEntries(
    names.map((name, index) => [
      name,
      { needs: names.slice(0, index).filter(() => next() < 0.25), checks: [] },
    ]),
  );
  const rules = names.flatMap((name) => [
    rule(name, "Down", { severity: next() < 0.5 ? "P0" : "P1" }),
    rule(name, "Other", { severity: next() < 0.5 ? "P0" : "P1" }),
    ...TROUBLES.filter(() => next() < 0.3).map((trouble) => told(name, `Told-${trouble}`, trouble)),
  ]);
  const checks = names.map((name, index) =>
    check(name, BASE, {
      through: index > 0 && next() < 0.3 ? names[Math.floor(next() * count)] : null,
    }),
  );
  return config(BASE, { services, rules, checks });
}

const STATES = ["quiet", "quiet", "quiet", "quiet", "firing", "pending", "unknown", "blind"];

for (let seed = 1; seed <= 60; seed += 1) {
  test(`whatever happens, incidents stay sound and restarts change nothing (seed ${seed})`, () => {
    const next = random(seed);
    const pick = (list) => list[Math.floor(next() * list.length)];
    const platform = randomPlatform(next);
    const story = new Story(platform);
    const other = new Story(platform);
    const names = Object.keys(platform.services);
    const bothDo = (event) => {
      other.state = JSON.parse(JSON.stringify(other.state));
      story.advance(event);
      other.advance(event);
      assert.deepEqual(other.state, story.state);
    };
    const said = platform.rules.filter(({ condition }) => condition.is === "told");
    for (let minute = 0; minute < 60; minute += 1) {
      story.tick += MINUTE;
      while (said.length > 0 && next() < 0.4) {
        const { set, rule: name, service } = pick(said);
        const [a, b] = [next(), next()].map((share) => Math.floor(share * story.tick));
        const one = alert(set, name, service, {
          began: Math.min(a, b),
          ended: next() < 0.5 ? Math.max(a, b) : null,
        });
        bothDo({ is: "voted", now: story.tick, vote: vote({ alerts: [one] }, false) });
      }
      const of = 1 + Math.floor(next() * 3);
      bothDo({ is: "began", tick: story.tick, of, deadline: story.tick + 10_000 });
      const { run } = story.state;
      const troubles = Object.fromEntries(platform.rules.map(({ id }) => [id, pick(STATES)]));
      for (let shard = 0; shard < of; shard += 1) {
        if (next() < 0.1) continue;
        const own = names.filter((_, index) => index % of === shard);
        const event = {
          is: "reported",
          run,
          shard,
          states: story.states(troubles, own),
          lost: false,
        };
        bothDo(event);
        if (next() < 0.2) bothDo(event);
      }
      if (next() < 0.8) bothDo({ is: "settled", now: story.tick + 20_000 });
      checkSound(story);
      if (Object.keys(story.state.awaited).length === 0) checkHeard(story);
    }
    checkMessages(story);
  });
}

/** What must hold at every moment. */
function checkSound({ state, config: platform }) {
  const causes = state.incidents.map(({ cause, aside }) => aside ?? cause);
  assert.equal(new Set(causes).size, causes.length, "no two open incidents have the same cause");
  for (const { cause, severity, tookAlong, quiet, rules } of state.incidents) {
    assert.ok(!tookAlong.includes(cause), "nothing takes itself along");
    assert.ok(quiet < platform.recoverAfter, "what is over is closed");
    const own = rules.map((id) => platform.rules.find((one) => one.id === id));
    assert.ok(own.length > 0 && own.every((one) => one.severity === severity));
    assert.equal(new Set(own.map(({ route }) => route)).size, own.length, "a rule a route");
    for (const service of tookAlong) {
      assert.ok(
        neededBy(platform.services, service).size > 0,
        "only what needs something is taken along",
      );
    }
  }
}

/** Of what others judge, too, nothing that fires is lost: it has an incident, or something that is down explains it. */
function checkHeard({ state, config: platform }) {
  const told = platform.rules.filter(({ condition }) => condition.is === "told");
  for (const { id, service, trouble } of told) {
    if (state.rules[id] === undefined) continue;
    const upstream = neededBy(platform.services, service);
    const isTold = state.incidents.some(({ aside, cause }) =>
      aside ? aside === id : trouble === "down" && (cause === service || upstream.has(cause)),
    );
    assert.ok(isTold || Object.hasOwn(state.shaded, id), `${id} fires and nobody is told`);
  }
}

/** What must hold of everything that was told. */
function checkMessages({ told, state }) {
  /** @type {Map<string, boolean>} whether an incident is over */
  const known = new Map();
  for (const { is, incident } of told) {
    if (is === "opened") assert.ok(!known.has(incident.id), "an incident opens once");
    else assert.equal(known.get(incident.id), false, "it has opened, and is not over");
    known.set(incident.id, is === "recovered");
  }
  const unfinished = [...known].filter(([, isOver]) => !isOver).map(([id]) => id);
  assert.deepEqual(unfinished.sort(), state.incidents.map(({ id }) => id).sort());
}

test("among ten thousand services one break is still one incident", () => {
  const services = { s0: { needs: [], checks: [] } };
  for (let index = 1; index < 10_000; index += 1) {
    services[`s${index}`] = { needs: [`s${Math.floor(index / 3)}`], checks: [] };
  }
  const names = Object.keys(services);
  const story = new Story(
    config(BASE, { services, checks: [], rules: names.map((name) => rule(name, "Down")) }),
  );
  const troubles = Object.fromEntries(story.config.rules.map(({ id }) => [id, "firing"]));
  const told = story.minute(troubles);
  assert.deepEqual(brief(told), ["opened s0"]);
  assert.equal(told[0].incident.tookAlong.length, 9_999);
});
