import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigError, parse } from "../src/config.js";
import { check, config, rule } from "./stand/platform.js";

const BASE = "http://platform.example";
const refused = (change) => {
  const value = config(BASE);
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

test("a configuration may hold everything that there is", () => {
  const value = config(BASE);
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
    "a route over no channel",
    (value) => value.severities.P1.channels.push("drum"),
    "severities.P1.channels: drum is no channel of this configuration",
  ],
  [
    "a rule that is told to no channel",
    (value) => (value.rules[0].channels = ["drum"]),
    "rules[0].channels: drum is no channel of this configuration",
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
