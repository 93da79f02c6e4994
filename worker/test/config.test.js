import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, parse } from "../src/config.js";
import { check, config, rule, step } from "./stand/platform.js";

const BASE = "http://platform.example";
const HOURS = "inside/business";

/** With hours, a maintenance and a rotation. */
function everything() {
  const value = config(BASE, {
    times: {
      [HOURS]: {
        drop: false,
        intervals: [
          { zone: "America/New_York", times: [["09:00", "24:00"]], weekdays: ["monday"] },
          { zone: "UTC", days: ["1:5", "7"], months: ["1:12"], years: ["2026"] },
        ],
      },
      "maintenance/upkeep": { drop: true, intervals: [{ zone: "UTC" }] },
    },
    rotations: {
      first: {
        ...{ members: [["hook"], ["pagerduty", "slack-critical"]], every: 7, since: "2026-01-05" },
        ...{ handover: "09:00", zone: "Europe/Berlin" },
      },
    },
    telling: { coolDown: 600, repeat: 14_400, limit: { count: 10, seconds: 3600 } },
  });
  value.routes.push({ steps: [] });
  value.routes[1].steps.push(
    step([], { onCall: ["first"], after: 900, active: [HOURS], mute: ["maintenance/upkeep"] }),
  );
  return value;
}

const refused = (change) => {
  const value = everything();
  value.routes.pop();
  change(value);
  try {
    parse(JSON.stringify(value));
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.wrong;
  }
  return [];
};

test("a right configuration is taken as it is", () => {
  assert.deepEqual(parse(JSON.stringify(config(BASE))), config(BASE));
});

test("a missing configuration says what to do", () => {
  assert.throws(() => parse(null), /`config` is missing .* deploy the stack again/);
  assert.throws(() => parse("{"), /holds no JSON/);
});

test("everything wrong is named at once, with its place", () => {
  const wrong = refused((value) => {
    value.checks[0].timeout = "10";
    value.rules[1].condition = { is: "sideways" };
    delete value.severities.P0.rank;
    value.channels.hook.kind = "pigeon";
  });
  assert.deepEqual(wrong, [
    "checks[0].timeout: must be a number above 0",
    "rules[1].condition.is: must be one of down, fails, absent, above, below, told",
    "severities.P0.rank: must be a whole number, 0 or more",
    "channels.hook.kind: must be one of slack, pagerduty, email, webhook, discord, teams, sms",
  ]);
});

test("a configuration of another version is refused, and nothing else is said of it", () => {
  const wrong = refused((value) => {
    value.version = 1;
    delete value.routes;
  });
  assert.deepEqual(wrong, ["version: must be 2: deploy the stack again"]);
});

test("a configuration may hold everything that there is", () => {
  const value = everything();
  const all = [
    { is: "fails", times: 3 },
    { is: "absent", after: 600 },
    { ...value.rules[4].condition, is: "below", aggregate: "min" },
    { is: "told" },
    { is: "told", event: "dos_attack_l7", window: 300 },
  ];
  value.rules.push(...all.map((condition, index) => rule("api", `R${index}`, { condition })));
  value.rules[0].trouble = "ahead";
  value.channels.sms = {
    ...{ kind: "sms", account: "AC1", from: "+15550100", to: ["+15550101"], secret: "SECRET_SMS" },
  };
  value.channels.teams = { kind: "teams", secret: "SECRET_TEAMS" };
  value.channels["@first/sms"] = { ...value.channels.sms, endpoint: `${BASE}/sms` };
  value.privacy = { scrub: ["email"], fields: ["password"] };
  assert.deepEqual(parse(JSON.stringify(value)), value);
});

for (const [what, change, said] of [
  [
    "a row of no failures",
    (value) => (value.rules[0].condition = { is: "fails", times: 0 }),
    "rules[0].condition.times: must be a whole number, 1 or more",
  ],
  [
    "a trouble that is none",
    (value) => (value.rules[0].trouble = "meh"),
    "rules[0].trouble: must be one of down, degraded, ahead",
  ],
  [
    "a need that is no service",
    (value) => value.services.api.needs.push("moon"),
    "services.api.needs: moon is no service of this configuration",
  ],
  [
    "a check of no service",
    (value) => (value.checks[0].service = "moon"),
    "checks[0].service: moon is no service of this configuration",
  ],
  [
    "a check through no service",
    (value) => (value.checks[2].through = "moon"),
    "checks[2].through: moon is no service of this configuration",
  ],
  [
    "a rule of no severity",
    (value) => (value.rules[0].severity = "P9"),
    "rules[0].severity: P9 is no severity of this configuration",
  ],
  [
    "a rule on no route",
    (value) => (value.rules[1].route = 2),
    "rules[1].route: 2 is no place in `routes`",
  ],
  [
    "a route over no channel",
    (value) => value.routes[1].steps[0].to.push("drum"),
    "routes[1].steps[0].to: drum is no channel of this configuration",
  ],
  [
    "a step for nobody's turn",
    (value) => value.routes[0].steps[0].onCall.push("second"),
    "routes[0].steps[0].onCall: second is no rotation of this configuration",
  ],
  [
    "hours that nobody keeps",
    (value) => value.routes[0].steps[0].active.push("inside/moon"),
    "routes[0].steps[0].active: inside/moon is no time of this configuration",
  ],
  [
    "a maintenance that nobody knows",
    (value) => value.routes[0].steps[0].mute.push("constructor"),
    "routes[0].steps[0].mute: constructor is no time of this configuration",
  ],
  [
    "a rotation of nobody",
    (value) => (value.rotations.first.members = []),
    "rotations.first.members: must name somebody",
  ],
  [
    "a rotation over no channel",
    (value) => value.rotations.first.members[1].push("drum"),
    "rotations.first.members: drum is no channel of this configuration",
  ],
  [
    "a turn of half a day",
    (value) => (value.rotations.first.every = 0.5),
    "rotations.first.every: must be a whole number, 1 or more",
  ],
  [
    "a rotation since no day",
    (value) => (value.rotations.first.since = "2026-13-05"),
    "rotations.first.since: must be a day such as 2026-01-05",
  ],
  [
    "a zone that is none",
    (value) => (value.rotations.first.zone = "Moon/Sea"),
    "rotations.first.zone: must be a time zone",
  ],
  [
    "a time of day that is none",
    (value) => value.times[HOURS].intervals[0].times.push(["09:00", "24:30"]),
    "times.inside/business.intervals[0].times[1][1]: must be a time such as 09:00",
  ],
  [
    "a time of day without an end",
    (value) => value.times[HOURS].intervals[0].times.push(["09:00"]),
    "times.inside/business.intervals[0].times[1]: must be a list of two",
  ],
  [
    "a day of the week that is none",
    (value) => value.times[HOURS].intervals[0].weekdays.push("Monday"),
    "times.inside/business.intervals[0].weekdays[1]: must be one of monday, tuesday, wednesday, thursday, friday, saturday, sunday",
  ],
  [
    "a day of the month that is none",
    (value) => (value.times[HOURS].intervals[0].days = ["1:"]),
    "times.inside/business.intervals[0].days[0]: must be a number, or two such as 1:5",
  ],
  [
    "a limit of nothing",
    (value) => (value.telling.limit = { count: 0, seconds: 60 }),
    "telling.limit.count: must be a whole number, 1 or more",
  ],
  [
    "services that need each other",
    (value) => value.services.database.needs.push("frontend"),
    "services: database needs frontend needs api needs database: no service may need itself",
  ],
  [
    "two checks of one name",
    (value) => value.checks.push(check("api", BASE)),
    "checks: api-health is there more than once",
  ],
  [
    "a period that is no minutes",
    (value) => (value.checks[0].every = 90),
    "checks[0].every: 90 is no multiple of 60 s",
  ],
  [
    "an address that is none",
    (value) => (value.checks[0].url = "file:///etc/passwd"),
    "checks[0].url: is no http(s) address",
  ],
  [
    "a name that every object has",
    (value) => (value.checks[0].service = "constructor"),
    "checks[0].service: constructor is no service of this configuration",
  ],
]) {
  test(`${what} is refused`, () => assert.deepEqual(refused(change), [said]));
}

test("what is refused is never repeated when it could hold a secret", () => {
  const wrong = refused((value) => (value.checks[0].url = "ftp://user:hunter2@platform.example/"));
  assert.ok(!wrong.join().includes("hunter2"));
});
