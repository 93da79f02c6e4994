// The whole Worker in workerd: platforms break and are mended, channels and machines fail, and what is told is counted.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { bundle } from "../build.mjs";
import { City } from "./stand/city.js";
import { check, config, NEEDS, rule, step } from "./stand/platform.js";
import { alert, told, webhook } from "./stand/votes.js";
import { MINUTE, Stand, START, until } from "./stand/workerd.js";

const HOUR = 3_600_000;
const CHANNELS = ["hook", "pagerduty", "slack-critical"];
const SECRETS = (url) => ({
  SECRET_SLACK_CRITICAL: `${url}/inbox/slack-critical`,
  SECRET_PAGERDUTY: "routing-hunter2",
  SECRET_HOOK: "hook-hunter2",
  SECRET_VOTE_KEY: "vote-hunter2",
  SECRET_SMTP_PASSWORD: "mail-hunter2",
});

/**
 * A test on a platform and the Worker that watches it. Both are gone afterwards.
 * @param {string} name
 * @param {(city: City, stand: Stand) => Promise<void>} story
 * @param {{ settings?: (url: string) => object | string | null, needs?: object, hasQueue?: boolean }} [options]
 */
function scene(name, story, { settings = config, needs = NEEDS, hasQueue = true } = {}) {
  test(name, async () => {
    const city = await new City(needs).open();
    const bindings = SECRETS(city.url);
    let stand;
    try {
      stand = await Stand.open({ config: settings(city.url), bindings, hasQueue });
      await story(city, stand);
    } catch (error) {
      error.message += `\n${stand?.logs.join("").slice(-3000)}`;
      throw error;
    } finally {
      await stand?.close();
      await city.close();
    }
  });
}

/** Waits until each channel has taken one message of a kind, and makes sure that none has taken two. */
async function oneEach(city, kind, channels = CHANNELS) {
  await until(
    `every channel has a message "${kind}"`,
    () => city.taken(kind).length >= channels.length,
  );
  assert.deepEqual(
    city
      .taken(kind)
      .map(({ channel }) => channel)
      .sort(),
    channels,
  );
  const [{ incident }] = city.taken(kind);
  assert.ok(city.taken(kind).every((got) => got.incident === incident));
  return city.taken(kind).find(({ channel }) => channel === "hook")?.body;
}

/** Waits until nothing is left to send. */
const silence = (stand) =>
  until(
    "the outbox is empty",
    async () => (await stand.json("/monitoring/health")).outbox.pending === 0,
  );

scene(
  "a broken database is one incident and one message a channel, and so is its end",
  async (city, stand) => {
    await stand.minutes(2);
    city.break("database");
    await stand.minutes(3);
    const opened = await oneEach(city, "opened");
    assert.equal(opened.service, "database");
    assert.deepEqual(opened.tookAlong, ["api", "frontend"]);
    assert.equal(opened.since, "2026-06-01T12:02:00Z");
    await until("the status is down", async () => {
      const { services, incidents } = await stand.json("/monitoring/status");
      return services.database.status === "down" && incidents.length === 1;
    });

    city.mend("database");
    await stand.minutes(3);
    const recovered = await oneEach(city, "recovered");
    assert.equal(recovered.service, "database");
    assert.equal(recovered.incident, opened.incident);
    await silence(stand);
    assert.equal(city.taken().length, 6);
    await until("the status is up", async () => {
      const { services, incidents } = await stand.json("/monitoring/status");
      return services.database.status === "up" && incidents.length === 0;
    });
  },
);

scene(
  "an api that is broken itself is named, and the database behind it is not",
  async (city, stand) => {
    await stand.minute();
    city.break("api");
    await stand.minutes(6);
    const opened = await oneEach(city, "opened");
    assert.equal(opened.service, "api");
    assert.deepEqual(opened.tookAlong, ["frontend"]);
    const metrics = await (await stand.get("/monitoring/metrics")).text();
    assert.match(metrics, /^belfry_probe_up\{service="api",check="api-health"\} 0$/m);
    assert.ok(
      !metrics.includes('belfry_probe_up{service="database"'),
      "unknown is neither 0 nor 1",
    );
    const { services } = await stand.json("/monitoring/status");
    assert.equal(services.database.status, "unknown");
    city.mend("api");
    await stand.minutes(3);
    assert.equal((await oneEach(city, "recovered")).service, "api");
    await silence(stand);
    assert.equal(city.taken().length, 6);
  },
);

scene("a service that flaps is one incident", async (city, stand) => {
  for (let round = 0; round < 4; round += 1) {
    city.break("frontend");
    await stand.minute();
    city.mend("frontend");
    await stand.minute();
  }
  await oneEach(city, "opened");
  await stand.minutes(2);
  await oneEach(city, "recovered");
  await silence(stand);
  assert.equal(city.taken().length, 6);
});

scene(
  "a slow service is told of only after its time, and only where slowness goes",
  async (city, stand) => {
    await stand.minutes(3);
    city.delays.set("api", 800);
    await stand.minutes(2);
    await silence(stand);
    assert.deepEqual(
      city.taken(),
      [],
      "two slow minutes of a three-minute mean, and the rule waits for one more",
    );
    await stand.minutes(2);
    await oneEach(city, "opened", ["slack-critical"]);
    const [{ body }] = city.taken("opened");
    assert.match(body.text, /^\[P1\] api: api is slow/);
    city.delays.delete("api");
    await stand.minutes(4);
    await oneEach(city, "recovered", ["slack-critical"]);
  },
);

scene(
  "a channel that refuses twice gets the message once, under the same id",
  async (city, stand) => {
    city.refuse("slack-critical", 2);
    city.break("api");
    await stand.minute();
    await oneEach(city, "opened");
    await silence(stand);
    const ids = city.inbox
      .filter(({ channel }) => channel === "slack-critical")
      .map(({ id }) => id);
    assert.equal(ids.length, 3);
    assert.equal(new Set(ids).size, 1);
  },
);

scene("a channel that is dead is reported, and holds up no other", async (city, stand) => {
  city.refuse("slack-critical", Infinity, 403);
  city.break("api");
  await stand.minute();
  await until("the others have it", () => city.taken("opened").length === 2);
  const health = await until("health says so", async () => {
    const response = await stand.get("/monitoring/health");
    return response.status === 503 ? response.json() : null;
  });
  assert.match(
    health.reasons.join(),
    /channel slack-critical does not take its messages: \d+ attempts, answered 403/,
  );
});

test("a Worker killed between opening and delivery delivers after its restart, under the same id", async () => {
  const city = await new City(NEEDS).open();
  const bindings = SECRETS(city.url);
  const first = await Stand.open({ config: config(city.url), bindings });
  let second;
  try {
    for (const channel of CHANNELS) city.refuse(channel, Infinity);
    city.break("database");
    await first.minute();
    await until("every channel has refused", () =>
      CHANNELS.every((channel) => city.inbox.some((got) => got.channel === channel)),
    );
    await first.stop();
    const refused = new Set(city.inbox.map(({ id }) => id));
    city.refusals.clear();
    second = await Stand.open({ directory: first.directory, bindings });
    await second.minute(first.tick + MINUTE);
    const opened = await oneEach(city, "opened");
    assert.equal(opened.service, "database");
    await silence(second);
    assert.equal(city.taken().length, 3);
    for (const { id } of city.taken()) assert.ok(refused.has(id));
  } finally {
    await second?.stop();
    await first.close();
    await city.close();
  }
});

/** Some are told at once, the hook so many seconds later. */
function escalating(after) {
  return (url) => {
    const settings = config(url);
    settings.routes[0].steps = [step(["slack-critical"]), step(["hook"], { after })];
    return settings;
  };
}

scene(
  "who is told later is told at the time, by the alarm and without another tick",
  async (city, stand) => {
    const tick = Math.floor(Date.now() / 1000) * 1000;
    city.break("database");
    await stand.minute(tick);
    const { at } = await oneEach(city, "opened", ["hook", "slack-critical"]);
    assert.ok(Date.parse(at) >= tick + 3000);
    await stand.minutes(1);
    await silence(stand);
    assert.equal(city.taken().length, 2);
  },
  { settings: escalating(3) },
);

const YEAR = 366 * 24 * HOUR;
const NEXT_YEAR = Date.now() + YEAR;

scene(
  "an alarm says nothing while the last tick lies ahead",
  async (city, stand) => {
    await stand.test("deafen");
    city.break("database");
    await stand.minute(Date.now() - 2 * HOUR);
    await oneEach(city, "opened", ["slack-critical"]);
    await stand.minute(NEXT_YEAR);
    await stand.test("pass", 0);
    await silence(stand);
    assert.equal(city.taken().length, 1);
    await stand.test("pass", 2 * YEAR);
    await oneEach(city, "opened", ["hook", "slack-critical"]);
  },
  {
    settings: (url) => {
      const years = [String(new Date(NEXT_YEAR).getUTCFullYear())];
      const settings = config(url);
      settings.times["next-year"] = { drop: false, intervals: [{ zone: "UTC", years }] };
      settings.routes[0].steps = [
        step(["slack-critical"]),
        step(["hook"], { after: 3600, mute: ["next-year"] }),
      ];
      return settings;
    },
  },
);

scene("an alarm that got lost costs time and no message", async (city, stand) => {
  await stand.minute();
  await stand.test("deafen");
  for (const channel of CHANNELS) city.refuse(channel, 1);
  city.break("database");
  await stand.minute();
  await until("the alarm rang in vain", async () => (await stand.test("unheard")) > 0);
  assert.deepEqual(city.taken(), []);
  await until("ticks have brought the messages", async () => {
    await stand.minute();
    return city.taken("opened").length >= CHANNELS.length;
  });
  await oneEach(city, "opened");
});

scene(
  "a check that hangs is down in its time and holds up no other",
  async (city, stand) => {
    city.hanging.add("frontend");
    await stand.minute();
    const opened = await oneEach(city, "opened");
    assert.equal(opened.service, "frontend");
    assert.equal(opened.detail, "no answer within 0.3 s");
    const metrics = await (await stand.get("/monitoring/metrics")).text();
    assert.match(metrics, /^belfry_probe_up\{service="api",check="api-health"\} 1$/m);
  },
  { settings: (url) => withChecks(url, (one) => ({ ...one, timeout: 0.3 })) },
);

/** The usual platform with its checks changed. */
function withChecks(url, change) {
  const settings = config(url);
  return { ...settings, checks: settings.checks.map(change) };
}

/** Two hundred services over one. */
function wide(url) {
  const names = Array.from({ length: 199 }, (_, index) => `s${index}`);
  const settings = config(url);
  return {
    ...settings,
    services: {
      hub: { needs: [], checks: [] },
      ...Object.fromEntries(names.map((name) => [name, { needs: ["hub"], checks: [] }])),
    },
    checks: ["hub", ...names].map((name) => check(name, `${url}/${name}/health`)),
    rules: ["hub", ...names].map((name) => rule(name, "Down")),
  };
}
const WIDE = {
  settings: wide,
  needs: Object.fromEntries(Array.from({ length: 199 }, (_, index) => [`s${index}`, ["hub"]])),
};

scene(
  "two hundred checks in several shards are one incident",
  async (city, stand) => {
    await stand.minute();
    await until("the run is judged", () => stand.logs.join("").includes('"run":1,'));
    city.break("hub");
    await stand.minute();
    const opened = await oneEach(city, "opened");
    assert.equal(opened.service, "hub");
    assert.equal(opened.tookAlong.length, 199);
    assert.equal(city.asked, 200 + 2 * 200, "each is asked once, and once more when it fails");
    city.mend("hub");
    for (const run of [3, 4]) {
      await stand.minute();
      await until("the run is judged", () => stand.logs.join("").includes(`"run":${run},`));
    }
    await oneEach(city, "recovered");
  },
  WIDE,
);

test("shards that nobody takes from the queue are missed, and what the others saw is told", async () => {
  const city = await new City(WIDE.needs).open();
  const bindings = SECRETS(city.url);
  const first = await Stand.open({ config: wide(city.url), bindings });
  let second;
  try {
    await first.minute();
    await until("all checks are known", async () => (await known(first)) === 200);
    await first.stop();
    second = await Stand.open({ directory: first.directory, bindings, hasQueue: false });
    city.break("hub");
    await second.minute(first.tick + MINUTE);
    assert.deepEqual(city.taken(), [], "the other shards are still awaited");
    await second.test("pass", 60_000);
    await until("it is told", () => city.taken("opened").length >= CHANNELS.length);
    const { reasons } = await second.json("/monitoring/health");
    assert.match(reasons.join(), /3 shards of the last tick never reported/);
    assert.ok((await known(second)) <= 60, "of the checks in them nothing is known");
  } finally {
    await second?.stop();
    await first.close();
    await city.close();
  }
});

scene(
  "a configuration of several megabytes is kept over a restart",
  async (city, stand) => {
    city.break("api");
    city.refuse("hook", Infinity);
    await stand.minute();
    await until("the others have it", () => city.taken("opened").length === 2);
    await stand.configure("{");
    await stand.stop();
    city.refusals.clear();
    const second = await Stand.open({
      directory: stand.directory,
      bindings: SECRETS(city.url),
    });
    try {
      await second.minute(stand.tick + MINUTE).catch(() => undefined);
      await until("the last has it", () => city.taken("opened").length === 3);
    } finally {
      await second.stop();
    }
  },
  {
    settings: (url) => {
      const settings = config(url);
      for (const one of settings.rules) one.description = "é".repeat(1_000_000);
      return settings;
    },
  },
);

/** How many checks something is known of. */
async function known(stand) {
  const metrics = await (await stand.get("/monitoring/metrics")).text();
  return metrics.match(/^belfry_probe_up\{/gm)?.length ?? 0;
}

scene("a store that takes nothing fails the tick, and is reported", async (city, stand) => {
  await stand.minute();
  await stand.test("fill");
  await assert.rejects(async () => {
    const { outcome } = await stand.minute();
    if (outcome !== "ok") throw new Error(outcome);
  });
  await stand.test("pass", 60_000);
  const { reasons } = await stand.json("/monitoring/health");
  assert.match(reasons.join(), /1 shards of the last tick never reported/);
});

test("a restart while nothing is known starts no alarm of its own", async () => {
  const city = await new City(NEEDS).open();
  const bindings = SECRETS(city.url);
  const first = await Stand.open({ config: config(city.url), bindings });
  let second;
  try {
    await first.minutes(5);
    await first.stop();
    second = await Stand.open({ directory: first.directory, bindings });
    city.break("api");
    await second.minute(first.tick + MINUTE);
    const opened = await oneEach(city, "opened");
    assert.deepEqual(opened.unseen, [], "two minutes ago all was known");
  } finally {
    await second?.stop();
    await first.close();
    await city.close();
  }
});

test("changed code takes over what the old code left", async () => {
  const city = await new City(NEEDS).open();
  const bindings = SECRETS(city.url);
  const first = await Stand.open({ config: config(city.url), bindings });
  let second;
  try {
    city.break("database");
    await first.minute();
    await oneEach(city, "opened");
    await silence(first);
    await first.stop();
    city.mend("database");
    const code = bundle().replace("nothing is at this path", "nothing is here");
    second = await Stand.open({ directory: first.directory, bindings, code });
    assert.match((await second.json("/nowhere")).error, /^nothing is here/);
    for (const minute of [1, 2]) await second.minute(first.tick + minute * MINUTE);
    const recovered = await oneEach(city, "recovered");
    assert.equal(recovered.incident, city.taken("opened")[0].incident);
    assert.equal(city.taken("opened").length, 3);
  } finally {
    await second?.stop();
    await first.close();
    await city.close();
  }
});

test("what the version before left is taken over, and its configuration is not used", async () => {
  const city = await new City(NEEDS).open();
  const bindings = SECRETS(city.url);
  const first = await Stand.open({ config: config(city.url), bindings });
  let second;
  try {
    city.refuse("hook", Infinity);
    city.break("database");
    await first.minute();
    await until("the others have it", () => city.taken("opened").length === 2);
    await first.test("age");
    await first.stop();
    city.refusals.clear();
    second = await Stand.open({ directory: first.directory, bindings });
    await second.test("pass", MINUTE);
    assert.equal(city.taken().length, 2, "no address is known before a tick brings them");
    await second.minute(first.tick + MINUTE);
    const opened = await oneEach(city, "opened");
    city.mend("database");
    await second.minutes(2);
    assert.equal((await oneEach(city, "recovered")).incident, opened.incident);
    await silence(second);
    assert.equal(city.taken().length, 6);
  } finally {
    await second?.stop();
    await first.close();
    await city.close();
  }
});

scene(
  "a missing configuration fails the tick and health says what to do",
  async (city, stand) => {
    await assert.rejects(async () => {
      const { outcome } = await stand.minute();
      if (outcome !== "ok") throw new Error(outcome);
    });
    const response = await stand.get("/monitoring/health");
    assert.equal(response.status, 503);
    assert.match(
      (await response.json()).reasons[0],
      /`config` is missing .* deploy the stack again/,
    );
    assert.equal((await stand.get("/monitoring/metrics")).status, 503);
    assert.equal((await stand.get("/monitoring/status")).status, 503);
  },
  { settings: () => null },
);

scene(
  "a configuration that went bad stops nothing that is due, and a good one mends it",
  async (city, stand) => {
    city.refuse("slack-critical", Infinity);
    city.break("api");
    await stand.minute();
    await stand.configure('{"version": 1}');
    await stand.minute().catch(() => undefined);
    const { reasons } = await stand.json("/monitoring/health");
    assert.match(reasons[0], /^config: version: must be 2: deploy the stack again$/);
    city.refusals.clear();
    await oneEach(city, "opened");
    await stand.configure(config(city.url));
    await stand.minute();
    assert.equal((await stand.get("/monitoring/health")).status, 200);
  },
);

scene(
  "where another one pages, everything is seen and nobody is told",
  async (city, stand) => {
    city.break("database");
    await stand.minutes(2);
    const { incidents } = await until("the status is there", async () => {
      const status = await stand.json("/monitoring/status");
      return status.incidents?.length === 1 && status;
    });
    assert.equal(incidents[0].service, "database");
    assert.deepEqual(city.inbox, []);
    assert.match(
      await (await stand.get("/monitoring/metrics")).text(),
      /^belfry_outbox_pending 0$/m,
    );
  },
  { settings: (url) => config(url, { paging: "shadow" }) },
);

/** Follows a message's link as a browser does, which keeps to itself what stands after the `#`. */
function follow(stand, link, answer) {
  const { pathname, hash } = new URL(link);
  const key = hash.slice(hash.indexOf("=") + 1);
  const headers = { Authorization: `Bearer ${key}` };
  const body = typeof answer === "string" ? answer : JSON.stringify(answer);
  return stand.get(pathname, { method: "POST", headers, body });
}

const ANSWERABLE = {
  settings: (url) =>
    config(url, {
      routes: [
        { steps: [step(["slack-critical", "hook"]), step(["pagerduty"], { after: 900 })] },
        { steps: [] },
      ],
      links: { incident: "https://monitoring.example/monitoring/incidents/${incident}" },
    }),
};

scene(
  "who follows the link of a message acknowledges, and the escalation stops",
  async (city, stand) => {
    city.break("database");
    await stand.minute(Date.now());
    const { acknowledge, silence: quiet } = await oneEach(city, "opened", ["hook", "slack-critical"]);
    assert.match(acknowledge, /\/pitchey-local-database-[a-z0-9-]+#acknowledge=[0-9a-f]{32}$/);
    const [, key] = acknowledge.split("=");
    assert.equal(quiet, acknowledge.replace("#acknowledge", "#silence"));
    const slack = city.taken("opened").find(({ channel }) => channel === "slack-critical");
    assert.ok(JSON.stringify(slack.body).includes(`<${acknowledge}|Acknowledge>`));

    const before = await (await follow(stand, acknowledge, { does: "look" })).json();
    assert.match(before.headline, /^\[P0\] database: database does not answer/);
    assert.deepEqual([before.acknowledged, before.silenced, before.over], [null, null, null]);
    assert.ok(!JSON.stringify(before).includes(key), "an answer holds no key");

    const answer = { does: "acknowledge", by: "Anna <anna@example.org>" };
    const after = await (await follow(stand, acknowledge, answer)).json();
    assert.equal(after.acknowledged.by, "Anna <anna@example.org>");
    const told = await oneEach(city, "acknowledged", ["hook", "slack-critical"]);
    assert.equal(told.by, "Anna <anna@example.org>");
    const status = await until("the status says so", async () => {
      const { incidents } = await stand.json("/monitoring/status");
      return incidents[0]?.acknowledged && incidents;
    });
    assert.ok(!JSON.stringify(status).includes("Anna"), "the status is for everybody");

    await stand.test("pass", 1_000_000);
    assert.deepEqual(city.taken().filter(({ channel }) => channel === "pagerduty"), []);
    await (await follow(stand, acknowledge, { does: "release" })).json();
    await oneEach(city, "opened", ["hook", "pagerduty", "slack-critical"]);

    await (await follow(stand, acknowledge, { does: "acknowledge" })).json();
    await until("PagerDuty knows", () => city.taken("acknowledged").length === 5);
    const pager = city.taken("acknowledged").find(({ channel }) => channel === "pagerduty");
    assert.equal(pager.body.event_action, "acknowledge");
    city.mend("database");
    await stand.minutes(3);
    await oneEach(city, "recovered", ["hook", "pagerduty", "slack-critical"]);

    assert.equal((await follow(stand, acknowledge, { does: "acknowledge" })).status, 409);
    const over = await (await follow(stand, quiet, { does: "silence", seconds: 3600 })).json();
    assert.ok(over.over);
    assert.ok(over.silenced.until);
    const { silences } = await until("the status says so", async () => {
      const now = await stand.json("/monitoring/status");
      return now.silences.length === 1 && now;
    });
    assert.equal(silences[0].service, "database");
    city.break("database");
    await stand.minutes(3);
    await until("it came again", async () => (await stand.json("/monitoring/status")).incidents[0]);
    await silence(stand);
    assert.equal(city.taken("opened").length, 3, "and nobody was told");
    assert.ok(!stand.logs.join("").includes(key), "the log holds no key");
  },
  ANSWERABLE,
);

scene(
  "only the key of an incident's own links answers it, also after a restart",
  async (city, stand) => {
    city.break("database");
    await stand.minute(Date.now());
    const { acknowledge, incident } = await oneEach(city, "opened", ["hook", "slack-critical"]);
    const [address, key] = acknowledge.split("#acknowledge=");
    const asked = async (link, answer) => (await follow(stand, link, answer)).status;
    const look = { does: "look" };
    assert.equal(await asked(address, look), 401);
    assert.equal(await asked(`${address}#acknowledge=${"0".repeat(32)}`, look), 401);
    assert.equal(await asked(`${address}x#acknowledge=${key}`, look), 401, "of another incident");
    assert.equal(await asked(`${address.replace(incident, "%E0%A4%A")}#a=${key}`, look), 400);
    for (const answer of ["{", "[]", "null", '{"does":"shout"}', "x".repeat(5000)])
      assert.equal(await asked(acknowledge, answer), 400, answer.slice(0, 20));
    for (const seconds of [undefined, 59, 604_801, "3600", null])
      assert.equal(await asked(acknowledge, { does: "silence", seconds }), 400, String(seconds));
    assert.equal(await asked(acknowledge, { does: "acknowledge", by: 7 }), 400);
    const { acknowledged } = (await stand.json("/monitoring/status")).incidents[0];
    assert.equal(acknowledged, null, "nothing of it counted");

    await stand.stop();
    const { directory, options } = stand;
    const next = await Stand.open({ directory, bindings: options.bindings });
    try {
      assert.equal((await follow(next, acknowledge, look)).status, 200);
    } finally {
      await next.close();
    }
  },
  ANSWERABLE,
);

scene("the page of an incident holds nothing of it and loads nothing", async (city, stand) => {
  const asked = await stand.get("/monitoring/incidents/some-incident");
  assert.equal(asked.status, 200);
  const text = await asked.text();
  assert.ok(!text.includes("some-incident"));
  assert.ok(!/https?:\/\//.test(text));
  const rules = asked.headers.get("Content-Security-Policy");
  const [, nonce] = /script-src 'nonce-([0-9a-f-]+)'/.exec(rules);
  assert.equal(text.split(`nonce="${nonce}"`).length, 3);
  assert.match(rules, /^default-src 'none'/);
  assert.equal(asked.headers.get("Referrer-Policy"), "no-referrer");
  assert.deepEqual(city.inbox, []);
});

scene("what is asked wrongly is answered as JSON", async (city, stand) => {
  for (const [path, method, status] of [
    ["/", "GET", 404],
    ["/monitoring", "GET", 404],
    ["/constructor", "GET", 404],
    ["/monitoring/health", "POST", 405],
    ["/monitoring/metrics", "DELETE", 405],
    ["/alerts/vote", "GET", 405],
    ["/monitoring/incidents", "GET", 404],
    ["/monitoring/incidents/a", "DELETE", 405],
    ["/monitoring/incidents/a", "POST", 400],
  ]) {
    const response = await stand.get(path, { method });
    assert.equal(response.status, status, `${method} ${path}`);
    assert.equal(typeof (await response.json()).error, "string");
  }
});

scene("a vote is taken with the key only, is counted, and wakes nobody", async (city, stand) => {
  await stand.minute();
  const say = (headers, body) => stand.get("/alerts/vote", { method: "POST", headers, body });
  const opinion = JSON.stringify({ text: "api is unhealthy", data: { status: "Unhealthy" } });
  assert.equal((await say({}, opinion)).status, 401);
  assert.equal((await say({ "cf-webhook-auth": "vote-hunter" }, opinion)).status, 401);
  assert.equal((await say({ Authorization: "Bearer wrong" }, opinion)).status, 401);
  assert.equal((await say({ "cf-webhook-auth": "vote-hunter2" }, opinion)).status, 202);
  assert.equal((await say({ Authorization: "Bearer vote-hunter2" }, '{"orgId":1}')).status, 202);
  assert.equal((await say({ Authorization: "Bearer vote-hunter2" }, "[]")).status, 400);
  assert.equal((await say({ Authorization: "Bearer vote-hunter2" }, "{")).status, 400);
  assert.equal(
    (await say({ Authorization: "Bearer vote-hunter2" }, `{"text":"${"x".repeat(1_048_576)}"}`))
      .status,
    413,
  );
  const metrics = await (await stand.get("/monitoring/metrics")).text();
  assert.match(metrics, /^belfry_votes_total\{source="cloudflare"\} 1$/m);
  assert.match(metrics, /^belfry_votes_total\{source="grafana"\} 1$/m);
  assert.deepEqual(city.inbox, []);
});

/** The usual platform with a rule that another backend judges. */
function judgedElsewhere(url, more = {}) {
  const settings = config(url, more);
  settings.rules.push(told("database", "Deadlocks", "degraded", { severity: "P0" }));
  return settings;
}

/** Says how a rule of the database's stands, which began when the test did. */
function say(stand, name, { ended = null, seen = "3 a minute, more than 1" } = {}) {
  const one = alert("edge", name, "database", { began: BEGUN, ended, seen, labels: PLACE });
  const headers = { Authorization: "Bearer vote-hunter2" };
  const body = JSON.stringify(webhook(one));
  return stand.get("/alerts/vote", { method: "POST", headers, body });
}
const BEGUN = Date.now() - HOUR;
const PLACE = { platform: "pitchey", environment: "local" };

test("what another backend says of its rules opens an incident, lasts over a restart, and ends it", async () => {
  const city = await new City(NEEDS).open();
  const bindings = SECRETS(city.url);
  const first = await Stand.open({ config: judgedElsewhere(city.url), bindings });
  let second;
  try {
    const early = await say(first, "Deadlocks");
    assert.equal(early.status, 503, "so that it is said again");
    await first.minute();
    assert.equal((await say(first, "Deadlocks")).status, 202);
    assert.equal((await say(first, "DatabaseConnectionError")).status, 202);
    await silence(first);
    assert.deepEqual(city.taken(), [], "the next tick judges");
    await first.stop();
    second = await Stand.open({ directory: first.directory, bindings });
    await second.minute(first.tick + MINUTE);
    const opened = await oneEach(city, "opened");
    assert.equal(opened.service, "database");
    assert.equal(opened.rule, "Deadlocks");
    assert.equal(opened.detail, "3 a minute, more than 1");
    assert.deepEqual(opened.tookAlong, []);
    await say(second, "Deadlocks");
    await second.minutes(2);
    await say(second, "Deadlocks", { ended: Date.now() - MINUTE });
    await say(second, "Deadlocks");
    await second.minutes(2);
    assert.equal((await oneEach(city, "recovered")).incident, opened.incident);
    await silence(second);
    assert.equal(city.taken().length, 6);
  } finally {
    await second?.stop();
    await first.close();
    await city.close();
  }
});

scene(
  "what another backend says wakes nobody where the Worker does not page",
  async (city, stand) => {
    await stand.minute();
    await say(stand, "Deadlocks");
    await stand.minutes(2);
    const { incidents, services } = await until("the status tells of it", async () => {
      const status = await stand.json("/monitoring/status");
      return status.incidents?.length === 1 && status;
    });
    assert.equal(incidents[0].summary, "database: Deadlocks");
    assert.equal(services.database.status, "degraded");
    assert.deepEqual(city.inbox, []);
  },
  { settings: (url) => judgedElsewhere(url, { paging: "prometheus" }) },
);

scene("whole hours go to the archive once, and what is old goes away", async (city, stand) => {
  await stand.minutes(3);
  await stand.minute(START + 60 * MINUTE);
  await stand.upkeep(START + 77 * MINUTE);
  const bucket = await stand.miniflare.getR2Bucket("ARCHIVE");
  const { objects } = await bucket.list();
  assert.deepEqual(
    objects.map(({ key }) => key),
    ["observations/2026/06/01/12.ndjson.gz"],
  );
  const packed = await (await bucket.get(objects[0].key)).arrayBuffer();
  const rows = gunzipSync(Buffer.from(packed))
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const shards = rows.filter(({ results }) => results !== undefined);
  assert.equal(shards.length, 3);
  assert.equal(shards[0].results["api-health"].up, true);
  await stand.upkeep(START + 77 * MINUTE);
  assert.equal(
    (await bucket.list()).objects[0].uploaded.getTime(),
    objects[0].uploaded.getTime(),
    "not written again",
  );
});

scene(
  "a mail is handed to the mail server",
  async (city, stand) => {
    const mails = [];
    const server = createServer((socket) => {
      let heard = "";
      let isData = false;
      socket.write("220 stand-in\r\n");
      socket.on("data", (chunk) => {
        heard += chunk;
        for (
          let end = heard.indexOf(isData ? "\r\n.\r\n" : "\r\n");
          end >= 0;
          end = heard.indexOf(isData ? "\r\n.\r\n" : "\r\n")
        ) {
          const line = heard.slice(0, end);
          heard = heard.slice(end + (isData ? 5 : 2));
          if (isData) mails.push(line);
          if (!isData && line === "DATA") socket.write("354 go on\r\n");
          else if (line.startsWith("AUTH"))
            socket.write(
              line === "AUTH PLAIN AG1haWwAbWFpbC1odW50ZXIy" ? "235 ok\r\n" : "535 no\r\n",
            );
          else
            socket.write(
              line.startsWith("EHLO")
                ? "250-stand-in\r\n250 AUTH PLAIN\r\n"
                : line === "QUIT"
                  ? "221 bye\r\n"
                  : "250 ok\r\n",
            );
          isData = line === "DATA";
        }
      });
      socket.on("error", () => undefined);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const settings = config(city.url);
      settings.routes[0].steps = [step(["mail"])];
      settings.channels.mail = {
        ...{
          kind: "email",
          host: "127.0.0.1",
          port: server.address().port,
          tls: "none",
          user: "mail",
        },
        ...{
          from: "belfry@example.org",
          to: ["on-call@example.org"],
          secret: "SECRET_SMTP_PASSWORD",
        },
      };
      await stand.configure(settings);
      city.break("api");
      await stand.minute();
      await until("the mail is there", () => mails.length > 0);
      assert.match(mails[0], /^Subject: \[P0\] api: api does not answer \(pitchey, local\)\r$/m);
      await silence(stand);
      assert.equal(mails.length, 1);
    } finally {
      server.close();
    }
  },
  { settings: () => null },
);

scene("a secret is in no log, no store and no answer", async (city, stand) => {
  city.refuse("pagerduty", 2);
  city.refuse("hook", 2);
  city.break("database");
  await stand.minutes(2);
  await oneEach(city, "opened");
  const answers = await Promise.all(
    ["health", "metrics", "status"].map(async (path) =>
      (await stand.get(`/monitoring/${path}`)).text(),
    ),
  );
  await stand.stop();
  const stored = readdirSync(stand.directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  assert.ok(
    stored.some((text) => text.includes("edge/WorkerDown/api")),
    "the stores were really read",
  );
  for (const text of [...answers, ...stored, stand.logs.join("")]) {
    assert.ok(!text.includes("hunter2"));
    assert.ok(!text.includes("/inbox/slack-critical"));
  }
});

scene("a tick leaves one line in the log, and so do an incident and each who is told of it", async (city, stand) => {
  await stand.minutes(2);
  city.break("database");
  await stand.minute();
  await oneEach(city, "opened");
  const lines = await until("the lines are there", () => {
    const written = stand.logs
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    return written.length >= 7 && written;
  });
  assert.deepEqual(
    lines.map(({ event }) => event),
    ["tick", "tick", "incident", "tick", "told", "told", "told"],
  );
});
