// Who hears of an incident, and when: by the routes, their hours, and what was said before.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answered } from "../src/answers.js";
import { blank } from "../src/incidents.js";
import { takenOver, tell, untold } from "../src/telling.js";
import { nextStep } from "../src/whom.js";
import { config, rule, step } from "./stand/platform.js";
import { random } from "./stand/random.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A Monday. */
const NOON = Date.UTC(2026, 5, 1, 12, 0);
const SEVERITIES = ["P0", "P1", "P2"];
const CHANNELS = ["hook", "mail", "pager", "slack"];

/**
 * A platform whose rules are one of each severity, with a route each.
 * @param {object[][]} steps of P0, P1, P2
 */
function platform(steps, more = {}) {
  const times = { answer: 0, resolve: HOUR / SECOND };
  return config("http://platform.example", {
    severities: Object.fromEntries(SEVERITIES.map((name, rank) => [name, { rank, ...times }])),
    rules: SEVERITIES.map((severity, route) => rule("api", severity, { severity, route })),
    routes: SEVERITIES.map((_, index) => ({ steps: steps[index] ?? [] })),
    channels: Object.fromEntries(CHANNELS.map((name) => [name, { kind: "slack", secret: "S" }])),
    ...more,
  });
}

/** Looks at a moment after the other, as the coordinator does. */
class Story {
  constructor(settings) {
    this.config = settings;
    this.telling = untold();
    this.now = NOON;
    this.open = [];
    this.ended = [];
    this.all = [];
    /** What people answered, in the test's own words: of an incident or of a cause, how grave, until when. */
    this.answers = [];
  }

  begin(id, { severity = "P1", cause = "api", aside = null } = {}) {
    const made = { id, cause, aside, severity, opened: this.now, rated: this.now };
    Object.assign(made, { rule: "", since: this.now, detail: null, tookAlong: [], unseen: [] });
    this.open.push({ ...made, rules: [`edge/${severity}/api`] });
    return this.open.at(-1);
  }

  raise(incident, severity) {
    Object.assign(incident, { severity, rated: this.now, rules: [`edge/${severity}/api`] });
  }

  /** Somebody answers; a silence is one of hours. */
  answer(does, incident, { by = "Anna", hours: length = 1 } = {}) {
    const isOpen = this.open.includes(incident);
    const answer = { does, by, seconds: length * 3600 };
    const before = structuredClone(this.telling);
    this.telling = answered(before, { incident, isOpen }, answer, this.now, this.config);
    const { id, cause, severity } = incident;
    if (does === "release")
      this.answers = this.answers.filter((one) => one.id !== id && one.cause !== cause);
    else if (does === "silence")
      this.answers.push({ id, cause, severity, until: this.now + length * HOUR });
    else if (isOpen) this.answers.push({ id, severity, until: this.now + HOUR });
  }

  /** Whether an answer holds that keeps it from those who have not heard of it. */
  isTaken({ id, cause, severity }) {
    const rank = (name) => SEVERITIES.indexOf(name);
    return this.answers.some(
      (one) =>
        (one.id === id || one.cause === cause) &&
        one.until > this.now &&
        rank(one.severity) <= rank(severity),
    );
  }

  end(incident) {
    this.open = this.open.filter((one) => one !== incident);
    this.ended.push({ incident: structuredClone(incident), at: this.now });
  }

  /** What is said after so much time, as `<kind> <channel>`, with the incident's name where there are several. */
  look(later = 0) {
    this.now += later;
    const before = JSON.parse(JSON.stringify(this.telling));
    const { telling, said } = tell(before, this, this.now, this.config);
    const again = tell(telling, { open: this.open, ended: this.ended }, this.now, this.config);
    assert.deepEqual(again, { telling, said: [] }, "asked again, there is nothing more to say");
    for (const { kind, incident } of said)
      if (kind === "opened" || kind === "reminded") assert.ok(!this.isTaken(incident), kind);
    this.telling = telling;
    this.ended = [];
    this.all.push(...said.map((one) => ({ ...one, now: this.now })));
    return said.map(({ kind, channel }) => `${kind} ${channel}`);
  }
}

/** Hours of a day in UTC. */
const hours = (...times) => ({ drop: false, intervals: [{ zone: "UTC", times }] });
const telling = (more) => ({ telling: { coolDown: 0, repeat: null, limit: null, ...more } });

test("a step is said when its time has come since the incident got its severity, and once", () => {
  const story = new Story(platform([[], [step(["slack"]), step(["pager"], { after: 90 })]]));
  story.begin("a");
  assert.deepEqual(story.look(), ["opened slack"]);
  assert.deepEqual(story.look(89 * SECOND), []);
  assert.deepEqual(story.look(SECOND), ["opened pager"]);
  assert.deepEqual(story.look(HOUR), []);
});

test("what is over before its step comes was never said", () => {
  const story = new Story(platform([[], [step(["slack"], { after: 30 })]]));
  const incident = story.begin("a");
  assert.deepEqual(story.look(29 * SECOND), []);
  story.end(incident);
  assert.deepEqual(story.look(HOUR), []);
});

test("a channel in several steps is told by the first that may be said", () => {
  const times = { night: hours(["20:00", "24:00"]) };
  const active = ["night"];
  const steps = [{ active }, { after: 600 }, { after: 600, active }].map((more) =>
    step(["slack"], more),
  );
  const story = new Story(platform([[], steps], { times }));
  story.begin("a");
  assert.deepEqual(story.look(), []);
  assert.deepEqual(story.look(10 * MINUTE), ["opened slack"]);
});

test("a worse severity is said at once to all who were told, and its steps count from then", () => {
  const night = ["night"];
  const story = new Story(
    platform(
      [
        [step(["slack"], { after: 60, active: night }), step(["pager"], { after: 120 })],
        [step(["slack", "mail"])],
      ],
      { times: { night: hours(["20:00", "24:00"]) } },
    ),
  );
  const incident = story.begin("a");
  assert.deepEqual(story.look(), ["opened mail", "opened slack"]);
  story.now += HOUR;
  story.raise(incident, "P0");
  assert.deepEqual(story.look(), ["raised mail", "raised slack"]);
  assert.deepEqual(story.look(119 * SECOND), []);
  assert.deepEqual(story.look(SECOND), ["opened pager"]);
  story.end(incident);
  assert.deepEqual(story.look(), ["recovered mail", "recovered slack", "recovered pager"]);
  assert.deepEqual(story.look(24 * HOUR), []);
});

test("another cause is said in the hours of those who were told; also worse, it is one message", () => {
  const times = { day: hours(["09:00", "17:00"]) };
  const story = new Story(
    platform([[], [step(["slack"]), step(["mail"], { active: ["day"] })]], { times }),
  );
  const incident = story.begin("a");
  story.look();
  incident.cause = "cache";
  assert.deepEqual(story.look(8 * HOUR), ["updated slack"]);
  assert.deepEqual(story.look(13 * HOUR), ["updated mail"]);
  incident.cause = "database";
  story.raise(incident, "P0");
  assert.deepEqual(story.look(), ["raised mail", "raised slack"]);
});

test("that it lasts is said after `repeat` without a word, to those whom the routes name", () => {
  const settings = platform([[step(["pager"])], [step(["slack"])]], telling({ repeat: 3600 }));
  const story = new Story(settings);
  const incident = story.begin("a");
  story.look();
  assert.deepEqual(story.look(HOUR - 1), []);
  assert.deepEqual(story.look(1), ["reminded slack"]);
  story.now += HOUR / 2;
  story.raise(incident, "P0");
  assert.deepEqual(story.look(), ["opened pager", "raised slack"]);
  assert.deepEqual(story.look(HOUR / 2), []);
  assert.deepEqual(story.look(HOUR / 2), ["reminded pager"], "slack is not in the route of P0");
  story.end(incident);
  assert.deepEqual(story.look(), ["recovered slack", "recovered pager"]);
});

test("outside its hours a step is held, and reminds of nothing; a recovery is said at any hour", () => {
  const times = { day: hours(["09:00", "17:00"]) };
  const steps = [[], [step(["mail"], { active: ["day"] })]];
  const story = new Story(platform(steps, { times, ...telling({ repeat: 3600 }) }));
  story.now = NOON + 6 * HOUR;
  const [first, second] = [story.begin("a"), story.begin("b")];
  assert.deepEqual(story.look(), []);
  story.end(first);
  assert.deepEqual(story.look(HOUR), []);
  assert.deepEqual(story.look(14 * HOUR - 1), []);
  assert.deepEqual(story.look(1), ["opened mail"]);
  assert.equal(story.all[0].incident.id, "b");
  assert.deepEqual(story.look(7 * HOUR + 59 * MINUTE), ["reminded mail"]);
  assert.deepEqual(story.look(4 * HOUR), []);
  story.end(second);
  assert.deepEqual(story.look(), ["recovered mail"]);
});

for (const [drop, later] of [
  [false, ["opened slack"]],
  [true, []],
]) {
  test(`a maintenance ${drop ? "drops" : "holds"} what comes due in it`, () => {
    const upkeep = { ...hours(["12:00", "13:00"]), drop };
    const mute = ["upkeep"];
    const steps = [step(["slack"], { mute }), step(["pager"], { after: 3600, mute })];
    const story = new Story(platform([[], steps], { times: { upkeep } }));
    story.begin("a");
    assert.deepEqual(story.look(), []);
    assert.deepEqual(story.look(59 * MINUTE), []);
    assert.deepEqual(story.look(MINUTE), later);
    assert.deepEqual(story.look(HOUR - 1), []);
    assert.deepEqual(story.look(1), ["opened pager"], "an hour after the first could be told");
  });
}

test("when hours begin the next are told so long after the first, not at once with them", () => {
  const times = { day: hours(["09:00", "17:00"]) };
  const active = ["day"];
  const steps = [
    step(["slack"], { after: 30, active }),
    step(["mail"], { after: 630, active }),
    step(["pager"], { after: 9 * 3600, active }),
  ];
  const story = new Story(platform([[], steps], { times }));
  story.now = NOON + 6 * HOUR;
  story.begin("a");
  assert.deepEqual(story.look(15 * HOUR - 1), []);
  assert.deepEqual(story.look(1), ["opened slack"]);
  assert.deepEqual(story.look(10 * MINUTE - 1), []);
  assert.deepEqual(story.look(1), ["opened mail"]);
  assert.deepEqual(story.look(8 * HOUR), [], "it comes after hours");
  assert.deepEqual(story.look(15 * HOUR + 50 * MINUTE), ["opened pager"]);
});

test("who may be told when the step comes does not wait for the hours of those before", () => {
  const times = { day: hours(["09:00", "17:00"]) };
  const steps = [step(["slack"], { active: ["day"] }), step(["pager"], { after: 900 })];
  const story = new Story(platform([[], steps], { times }));
  story.now = NOON + 6 * HOUR;
  story.begin("a");
  assert.deepEqual(story.look(15 * MINUTE - 1), []);
  assert.deepEqual(story.look(1), ["opened pager"]);
});

test("what an older version opened goes on to count from its severity", () => {
  const story = new Story(platform([[], [step(["slack"]), step(["pager"], { after: 900 })]]));
  const incident = first(story);
  const { begun, acknowledged, silences, ...older } = story.telling;
  const state = { ...blank(), tick: NOON, incidents: [incident], telling: older };
  story.telling = takenOver(JSON.parse(JSON.stringify(state))).telling;
  assert.deepEqual(story.look(15 * MINUTE - 1), []);
  assert.deepEqual(story.look(1), ["opened pager"]);
});

test("what a maintenance dropped is said when the incident gets worse afterwards", () => {
  const upkeep = { ...hours(["12:00", "13:00"]), drop: true };
  const steps = [step(["slack"], { mute: ["upkeep"] })];
  const story = new Story(platform([steps, steps], { times: { upkeep } }));
  const incident = story.begin("a");
  assert.deepEqual(story.look(2 * HOUR), []);
  story.raise(incident, "P0");
  assert.deepEqual(story.look(), ["opened slack"]);
});

test("whose turn it is hears of it, and so does whoever's turn begins", () => {
  const rotations = {
    first: {
      ...{ members: [["mail"], ["hook", "pager"]], every: 1, since: "2026-06-01" },
      ...{ handover: "18:00", zone: "UTC" },
    },
  };
  const story = new Story(
    platform([[], [step(["slack"], { onCall: ["first"] })]], {
      rotations,
      ...telling({ repeat: 4 * 3600 }),
    }),
  );
  story.begin("a");
  assert.deepEqual(story.look(), ["opened mail", "opened slack"]);
  story.now += 24 * HOUR;
  assert.deepEqual(story.look(), ["reminded mail", "reminded slack"], "at noon it is still theirs");
  assert.deepEqual(story.look(6 * HOUR), ["opened hook", "opened pager", "reminded slack"]);
});

const COOLING = [
  ["the same again", "P1", "api", null, []],
  ["milder", "P2", "api", null, []],
  ["worse", "P0", "api", null, ["opened slack"]],
  ["another cause", "P1", "cache", null, ["opened slack"]],
  ["one rule of it", "P1", "api", "edge/Slow/api", ["opened slack"]],
];
for (const [what, severity, cause, aside, said] of COOLING) {
  test(`while an incident cools down: ${what}`, () => {
    const all = [step(["slack"])];
    const story = new Story(platform([all, all, all], telling({ coolDown: 600 })));
    story.end(first(story, { severity: "P1" }));
    assert.deepEqual(story.look(), ["recovered slack"]);
    story.now += 5 * MINUTE;
    story.begin("b", { severity, cause, aside });
    assert.deepEqual(story.look(), said);
    story.look(5 * MINUTE - 1);
    assert.deepEqual(story.look(1), said.length > 0 ? [] : ["opened slack"]);
  });
}

/** An incident that all have been told of. */
function first(story, more) {
  const incident = story.begin("a", more);
  story.look();
  return incident;
}

test("who was not told of the incident before hears of the next at once", () => {
  const steps = [step(["slack"]), step(["pager"], { after: 60 })];
  const story = new Story(platform([[], steps], telling({ coolDown: 600 })));
  story.end(first(story));
  story.look();
  const second = story.begin("b");
  assert.deepEqual(story.look(MINUTE), ["opened pager"]);
  story.end(second);
  assert.deepEqual(story.look(), ["recovered pager"]);
});

test("an incident that flaps is told again only a cool-down after the end that was told", () => {
  const story = new Story(platform([[], [step(["slack"])]], telling({ coolDown: 600 })));
  story.end(first(story));
  assert.deepEqual(story.look(), ["recovered slack"]);
  for (let round = 1; round < 5; round += 1) {
    story.now += MINUTE;
    const incident = story.begin(`again-${round}`);
    assert.deepEqual(story.look(MINUTE), []);
    story.end(incident);
    assert.deepEqual(story.look(), []);
  }
  story.begin("last");
  assert.deepEqual(story.look(2 * MINUTE), ["opened slack"]);
});

test("over the limit messages are held, and the worst is said first", () => {
  const all = [step(["slack"])];
  const limit = { count: 2, seconds: 600 };
  const story = new Story(platform([all, all, all], telling({ limit })));
  const mild = story.begin("mild", { severity: "P2" });
  const some = story.begin("some", { cause: "cache" });
  story.begin("grave", { severity: "P0", cause: "database" });
  story.look();
  const names = () => story.all.map(({ kind, incident }) => `${kind} ${incident.id}`);
  assert.deepEqual(names(), ["opened grave", "opened some"]);
  story.end(some);
  assert.deepEqual(story.look(10 * MINUTE - 1), []);
  story.end(mild);
  story.look(1);
  assert.deepEqual(names().slice(2), ["recovered some"], "the mild one is over, and was not said");
  assert.equal(story.all.at(-1).at, NOON, "it tells when that was");
});

test("a recovery that is held is said in the end, and a limit counts a channel's own", () => {
  const all = [step(["pager"]), step(["slack"], { after: 60 })];
  const story = new Story(platform([all], telling({ limit: { count: 1, seconds: 86_400 } })));
  const incident = story.begin("a", { severity: "P0" });
  assert.deepEqual(story.look(), ["opened pager"]);
  assert.deepEqual(story.look(MINUTE), ["opened slack"]);
  story.end(incident);
  for (let hour = 0; hour < 23; hour += 1) assert.deepEqual(story.look(HOUR), []);
  assert.deepEqual(story.look(59 * MINUTE), ["recovered pager"]);
  assert.deepEqual(story.look(MINUTE), ["recovered slack"]);
});

test("reminders leave room for what is new", () => {
  const all = [step(["slack"])];
  const more = telling({ repeat: 60, limit: { count: 1, seconds: 600 } });
  const story = new Story(platform([all, all], more));
  story.begin("a", { severity: "P0" });
  story.look();
  story.begin("b", { cause: "cache" });
  assert.deepEqual(story.look(10 * MINUTE), ["opened slack"]);
  assert.deepEqual(story.look(10 * MINUTE), ["reminded slack"]);
});

test("a clock that was set back silences no channel", () => {
  const all = [step(["slack"])];
  const more = telling({ coolDown: 600, limit: { count: 1, seconds: 600 } });
  const story = new Story(platform([[], all], more));
  story.end(first(story));
  story.look();
  story.now = NOON - 1000 * HOUR;
  story.begin("b");
  assert.deepEqual(story.look(), ["opened slack"]);
});

for (const paging of ["prometheus", "grafana", "shadow"]) {
  test(`nobody is told where ${paging} pages; who was told before, of the end`, () => {
    const settings = platform([[], [step(["slack"])]]);
    const story = new Story({ ...settings, paging });
    const incident = story.begin("a");
    assert.deepEqual(story.look(HOUR), []);
    assert.equal(nextStep(story.open, {}, story.config, 0), null);
    story.config = settings;
    assert.deepEqual(story.look(), ["opened slack"]);
    story.config = { ...settings, paging };
    story.raise(incident, "P0");
    assert.deepEqual(story.look(), []);
    story.end(incident);
    assert.deepEqual(story.look(), ["recovered slack"]);
  });
}

test("routes without steps, and rules and channels that are gone, tell nobody", () => {
  const story = new Story(platform([[], [step(["slack"])]]));
  const silent = story.begin("a", { severity: "P2" });
  assert.deepEqual(story.look(), []);
  const told = story.begin("b");
  assert.deepEqual(story.look(), ["opened slack"]);
  const { slack, ...channels } = story.config.channels;
  story.config = { ...story.config, channels, rules: [], routes: [] };
  story.raise(told, "P0");
  assert.deepEqual(story.look(), []);
  story.end(told);
  story.end(silent);
  assert.deepEqual(story.look(), []);
  assert.deepEqual(story.telling.owed, []);
});

test("a channel may have a name that every object has", () => {
  const limit = { count: 2, seconds: 9 };
  const settings = platform([[], [step(["constructor"])]], telling({ limit }));
  settings.channels.constructor = { kind: "slack", secret: "S" };
  const story = new Story(settings);
  story.end(first(story));
  assert.deepEqual(story.look(), ["recovered constructor"]);
});

const STEPS = [step(["slack", "mail"]), step(["pager"], { after: 600 })];

test("who acknowledges is named to all who know, and nobody else is woken until it lapses", () => {
  const story = new Story(platform([[], STEPS], telling({ repeat: 1800 })));
  const incident = story.begin("a");
  story.look();
  story.answer("acknowledge", incident);
  assert.deepEqual(story.look(), ["acknowledged mail", "acknowledged slack"]);
  story.answer("acknowledge", incident);
  assert.deepEqual(story.look(), [], "a second click of the same person says nothing");
  assert.deepEqual(story.look(HOUR - 1), []);
  assert.deepEqual(story.look(1), ["opened pager", "reminded mail", "reminded slack"]);
  story.answer("acknowledge", incident, { by: "Ben" });
  assert.deepEqual(story.look(), ["acknowledged mail", "acknowledged pager", "acknowledged slack"]);
  story.end(incident);
  assert.deepEqual(story.look(), ["recovered mail", "recovered slack", "recovered pager"]);
  assert.deepEqual(story.telling.acknowledged, {});
});

test("where no time to resolve is promised an acknowledgement lasts", () => {
  const severities = { P1: { rank: 1, answer: 900, resolve: 0 } };
  const rules = [rule("api", "P1", { severity: "P1", route: 0 })];
  const story = new Story(platform([STEPS], { severities, rules, ...telling({ repeat: 1800 }) }));
  story.answer("acknowledge", first(story));
  story.look();
  assert.deepEqual(story.look(1000 * HOUR), []);
});

test("what gets worse after it was acknowledged goes on as if nobody had", () => {
  const story = new Story(platform([STEPS, STEPS]));
  const incident = first(story);
  story.answer("acknowledge", incident);
  story.look();
  story.raise(incident, "P0");
  assert.deepEqual(story.look(), ["raised mail", "raised slack"]);
  assert.deepEqual(story.look(10 * MINUTE), ["opened pager"]);
  story.answer("acknowledge", incident);
  assert.deepEqual(story.look(), ["acknowledged mail", "acknowledged pager", "acknowledged slack"]);
});

test("another cause is said though somebody is on it", () => {
  const story = new Story(platform([[], STEPS]));
  const incident = first(story);
  story.answer("acknowledge", incident);
  story.look();
  incident.cause = "cache";
  assert.deepEqual(story.look(HOUR / 2), ["updated mail", "updated slack"]);
});

test("what is taken back goes on where it would stand", () => {
  const story = new Story(platform([[], STEPS]));
  const incident = first(story);
  story.answer("acknowledge", incident);
  story.look(20 * MINUTE);
  story.answer("release", incident);
  assert.deepEqual(story.look(), ["opened pager"]);
});

test("nobody is woken by a text message because somebody is on it", () => {
  const settings = platform([[], STEPS]);
  settings.channels.mail = { kind: "sms", account: "A", from: "F", to: ["T"], secret: "S" };
  const story = new Story(settings);
  const incident = first(story);
  story.answer("acknowledge", incident);
  assert.deepEqual(story.look(), ["acknowledged slack"]);
  story.end(incident);
  assert.deepEqual(story.look(), ["recovered mail", "recovered slack"]);
});

test("a silence keeps back the incident and the same again, but no end and nothing worse", () => {
  const story = new Story(platform([STEPS, STEPS, STEPS], telling({ repeat: 600 })));
  const incident = first(story);
  story.answer("silence", incident, { hours: 4 });
  assert.deepEqual(story.look(), ["acknowledged mail", "acknowledged slack"]);
  assert.deepEqual(story.look(HOUR), []);
  story.end(incident);
  assert.deepEqual(story.look(), ["recovered mail", "recovered slack"]);
  const again = story.begin("b");
  assert.deepEqual(story.look(HOUR), []);
  const other = story.begin("c", { cause: "cache" });
  assert.deepEqual(story.look(), ["opened mail", "opened slack"], "of another cause nobody spoke");
  story.end(other);
  story.look();
  story.raise(again, "P0");
  assert.deepEqual(story.look(), ["opened mail", "opened slack"]);
  story.end(again);
  story.look();
  story.begin("d", { severity: "P2" });
  assert.deepEqual(story.look(MINUTE), []);
  assert.deepEqual(story.look(2 * HOUR - MINUTE - 1), []);
  assert.deepEqual(story.look(1), ["opened mail", "opened pager", "opened slack"]);
  assert.deepEqual(story.telling.silences, []);
});

test("a silence may be spoken when it is over, and taken back", () => {
  const story = new Story(platform([[], STEPS]));
  const incident = first(story);
  story.end(incident);
  story.look();
  story.answer("silence", incident, { hours: 24 });
  story.answer("acknowledge", incident);
  assert.deepEqual(story.telling.acknowledged, {}, "what is over nobody takes up");
  story.begin("b");
  assert.deepEqual(story.look(HOUR), []);
  story.answer("release", incident);
  assert.deepEqual(story.look(), ["opened mail", "opened pager", "opened slack"]);
});

test("the next step that comes is the next time to look", () => {
  const steps = [step(["slack"]), step(["pager"], { after: 30 }), step(["hook"], { after: 900 })];
  const story = new Story(platform([[], steps]));
  assert.equal(nextStep([], {}, story.config, NOON), null);
  story.begin("a");
  story.look();
  const next = (moment) => nextStep(story.open, story.telling.begun, story.config, moment);
  assert.equal(next(NOON), NOON + 30 * SECOND);
  assert.equal(next(NOON + 30 * SECOND), NOON + 900 * SECOND);
  assert.equal(next(NOON + 900 * SECOND), null);
});

test("who was told by an older version is told of the rest, and not again that it opened", () => {
  const story = new Story(platform([[step(["slack", "pager"])]], telling({ repeat: 3600 })));
  const { rated, rules, ...incident } = story.begin("a", { severity: "P0" });
  const older = { ...incident, told: ["slack"], round: 2 };
  const { telling: none, ...rest } = { ...blank(), tick: NOON, incidents: [older] };
  const state = takenOver(JSON.parse(JSON.stringify(rest)));
  assert.deepEqual(takenOver(state), state);
  assert.deepEqual(state.incidents, [{ ...incident, rated, rules: [] }]);
  story.telling = state.telling;
  story.open = [{ ...state.incidents[0], rules }];
  assert.deepEqual(story.look(59 * MINUTE), ["opened pager"]);
  assert.deepEqual(story.look(MINUTE), ["reminded slack"]);
  assert.equal(story.all[1].id, "a.3.reminded.slack", "no id comes twice");
});

/** Routes, hours and limits as they come. */
function randomPlatform(next) {
  const some = (list) => list.filter(() => next() < 0.4);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const times = {
    day: hours(["09:00", "17:00"]),
    night: hours(["22:00", "24:00"], ["00:00", "05:00"]),
    upkeep: hours(["03:00", "04:30"]),
    dropping: { ...hours(["13:00", "13:20"]), drop: true },
  };
  const rotations = {
    first: {
      ...{ members: [["hook"], ["mail", "slack"]], every: 1, since: "2026-06-01" },
      ...{ handover: "08:00", zone: "UTC" },
    },
  };
  const steps = () =>
    Array.from({ length: Math.floor(next() * 4) }, () =>
      step(some(CHANNELS), {
        onCall: some(["first"]),
        after: pick([0, 0, 30, 300, 3600]),
        active: next() < 0.3 ? [pick(["day", "night"])] : [],
        mute: some(["upkeep", "dropping"]),
      }),
    );
  const limit = { count: pick([1, 3, 5]), seconds: pick([300, 3600]) };
  return platform([steps(), steps(), steps()], {
    ...{ times, rotations },
    ...telling({
      coolDown: pick([0, 0, 600]),
      repeat: pick([null, 1800]),
      limit: pick([null, limit]),
    }),
  });
}

for (let seed = 1; seed <= 30; seed += 1) {
  test(`whatever happens, everybody hears what they must, once and in order (seed ${seed})`, () => {
    const next = random(seed);
    const story = new Story(randomPlatform(next));
    const pick = (list) => list[Math.floor(next() * list.length)];
    for (let round = 0; round < 300; round += 1) {
      const incident = pick(story.open);
      const chance = next();
      if (chance < 0.06) {
        const [severity, cause] = [pick(SEVERITIES), pick(["api", "cache", "database"])];
        story.begin(`i${round}`, { severity, cause });
      } else if (incident !== undefined && chance < 0.1) story.end(incident);
      else if (incident !== undefined && chance < 0.14 && incident.severity !== "P0")
        story.raise(incident, SEVERITIES[SEVERITIES.indexOf(incident.severity) - 1]);
      else if (incident !== undefined && chance < 0.18) incident.cause = pick(["api", "queue"]);
      else if (incident !== undefined && chance < 0.24)
        story.answer(pick(["acknowledge", "silence", "release"]), incident, { by: pick(["A", "B"]) });
      story.look(pick([30 * SECOND, MINUTE, MINUTE, 10 * MINUTE, HOUR]));
    }
    checkOrder(story);
    checkLimit(story);
    for (let hour = 0; hour < 24 * 6; hour += 1) story.look(HOUR);
    checkLimit(story);
    checkHeard(story);
  });
}

/** Each channel hears of an incident that it opened, once and first, and of its end, once and last. */
function checkOrder({ all }) {
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length, "no id comes twice");
  const heard = Map.groupBy(all, ({ incident, channel }) => `${incident.id} ${channel}`);
  for (const [who, messages] of heard) {
    const kinds = messages.map(({ kind }) => kind);
    assert.equal(kinds[0], "opened", who);
    assert.equal(kinds.lastIndexOf("opened"), 0, who);
    const end = kinds.indexOf("recovered");
    assert.ok(end === -1 || end === kinds.length - 1, who);
  }
}

/** No channel gets more than the limit in any span of its time. */
function checkLimit({ all, config: { telling } }) {
  const { limit } = telling;
  if (limit === null) return;
  for (const messages of Map.groupBy(all, ({ channel }) => channel).values()) {
    messages.forEach(({ now }, index) => {
      const before = messages[index - limit.count];
      assert.ok(before === undefined || now - before.now >= limit.seconds * SECOND);
    });
  }
}

/** After days in which nothing new happened nothing is owed, and all know how things stand. */
function checkHeard(story) {
  const { telling, open, config: settings, all } = story;
  assert.deepEqual(telling.owed, [], "every recovery was said");
  const over = all.filter(({ kind }) => kind === "recovered").length;
  const isOver = ({ incident }) => open.every(({ id }) => id !== incident.id);
  assert.equal(over, all.filter((one) => one.kind === "opened" && isOver(one)).length);
  for (const incident of open) {
    const { steps } = settings.routes[SEVERITIES.indexOf(incident.severity)];
    for (const { to, onCall, after, mute } of steps) {
      const due = new Date(incident.rated + after * SECOND).toISOString().slice(11, 16);
      if (mute.includes("dropping") && due >= "13:00" && due < "13:20") continue;
      for (const channel of [...to, ...(onCall.length > 0 ? ["hook", "mail", "slack"] : [])]) {
        const told = telling.told[incident.id]?.[channel];
        assert.ok(told, `${incident.id} was held for ${channel}, and lost`);
        assert.equal(told.severity, incident.severity);
        assert.equal(told.cause, incident.cause);
      }
    }
  }
}
