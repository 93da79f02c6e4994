import assert from "node:assert/strict";
import { test } from "node:test";
import { probe, probeAll } from "../src/probe.js";
import { check } from "./stand/platform.js";

const HEALTHY = '{"status":"healthy"}';
const URL_WITH_KEY = "http://user:hunter2@api.example/health?key=hunter2";

/** A wire that gives these answers one after the other; a function is called, an Error thrown. */
function wire(...answers) {
  const calls = [];
  let clock = 0;
  return {
    calls,
    now: () => (clock += 50),
    fetch: async (url, init) => {
      calls.push({ url, init });
      const answer = answers[Math.min(calls.length, answers.length) - 1];
      if (answer instanceof Error) throw answer;
      return answer(init);
    },
  };
}

const say =
  (body, status = 200) =>
  () =>
    new Response(body, { status });
/** Never answers; gives up when told to. */
const hang = ({ signal }) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("an answer with the expected status and body is up, and is asked for once", async () => {
  const line = wire(say(HEALTHY));
  const result = await probe(check("api", URL_WITH_KEY), line);
  assert.deepEqual(result, {
    check: "api-health",
    up: true,
    seconds: 0.05,
    status: 200,
    detail: null,
    attempts: 1,
  });
  assert.equal(line.calls.length, 1);
  assert.equal(line.calls[0].init.redirect, "manual");
});

test("a probe says who asks, unless the check says otherwise", async () => {
  const line = wire(say(HEALTHY));
  await probe(check("api", "http://x"), line);
  await probe(check("api", "http://x", { headers: { "user-agent": "me", "X-Key": "k" } }), line);
  const [first, second] = line.calls.map(({ init }) => Object.fromEntries(init.headers));
  assert.deepEqual(first, { "user-agent": "Belfry" });
  assert.deepEqual(second, { "user-agent": "me", "x-key": "k" });
});

for (const [what, answer, detail] of [
  ["another status", say("oops", 500), "status 500 instead of 200"],
  ["a redirect", say(null, 302), "status 302 instead of 200"],
  ["a body without the expected text", say('{"status":"odd"}'), "the body lacks the expected text"],
  ["no connection", new TypeError("connect hunter2"), "no connection"],
  ["no answer", hang, "no answer within 0.1 s"],
]) {
  test(`${what}, confirmed, is down`, async () => {
    const line = wire(answer);
    const one = check("api", URL_WITH_KEY, { confirmations: 2, timeout: 0.1 });
    const result = await probe(one, line);
    assert.equal(result.up, false);
    assert.equal(result.detail, detail);
    assert.equal(line.calls.length, 3);
    assert.ok(!JSON.stringify(result).includes("hunter2"));
  });
}

test("one success among the confirmations is up", async () => {
  const result = await probe(
    check("api", "http://x", { confirmations: 2 }),
    wire(say("", 500), new Error("gone"), say(HEALTHY)),
  );
  assert.equal(result.up, true);
  assert.equal(result.attempts, 3);
});

test("a body that never ends is read no further than needed", async () => {
  let pulled = 0;
  let isCancelled = false;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode(pulled === 3 ? HEALTHY : "x".repeat(1000)));
        },
        cancel: () => void (isCancelled = true),
      }),
    );
  assert.equal((await probe(check("api", "http://x"), wire(endless))).up, true);
  assert.ok(pulled < 10, `${pulled} chunks`);
  assert.ok(isCancelled);
});

test("a body without the expected text is read to a limit only", async () => {
  let bytes = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          bytes += 1000;
          controller.enqueue(new Uint8Array(1000));
        },
      }),
    );
  assert.equal(
    (await probe(check("api", "http://x", { confirmations: 0 }), wire(endless))).up,
    false,
  );
  assert.ok(bytes < 100_000, `${bytes} bytes`);
});

test("the expected text is found across the border of two chunks", async () => {
  const halves = () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"status":"hea'));
          controller.enqueue(new TextEncoder().encode('lthy"}'));
          controller.close();
        },
      }),
    );
  assert.equal((await probe(check("api", "http://x"), wire(halves))).up, true);
});

test("an answer that breaks off is down", async () => {
  const torn = () =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
        pull: (controller) => controller.error(new Error("reset")),
      }),
    );
  const result = await probe(check("api", "http://x", { confirmations: 0 }), wire(torn));
  assert.equal(result.up, false);
  assert.equal(result.detail, "no connection");
});

for (const [what, answers, up] of [
  ["a health document that is well is up", [say(HEALTHY)], true],
  ["a health document that is not well is down", [say('{"status":"unhealthy"}', 503)], false],
  ["an error page is unknown", [say("Internal Server Error", 500)], null],
  ["a page that merely answers 200 is unknown", [say("<html>status</html>")], null],
  ["JSON without a status is unknown", [say('{"error":"x"}', 503)], null],
  ["a JSON list is unknown", [say('["status"]')], null],
  ["no answer is unknown", [hang], null],
  ["no connection is unknown", [new TypeError("x")], null],
  [
    "reported down once and then nothing is unknown",
    [say('{"status":"bad"}', 503), new TypeError("x")],
    null,
  ],
]) {
  test(`asked through another service, ${what}`, async () => {
    const one = check("database", "http://x", { through: "api", timeout: 0.1, confirmations: 1 });
    assert.equal((await probe(one, wire(...answers))).up, up);
  });
}

test("a check that breaks the probe spoils no other", async () => {
  const broken = { ...check("bad", "http://x"), expect: null };
  const results = await probeAll([broken, check("good", "http://x")], wire(say(HEALTHY)), 6);
  assert.equal(results[0].up, null);
  assert.equal(results[0].detail, "the probe itself failed: TypeError");
  assert.equal(results[1].up, true);
});

test("no more probes run at once than there are connections", async () => {
  let open = 0;
  let most = 0;
  const line = wire(async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return say(HEALTHY)();
  });
  const checks = Array.from({ length: 40 }, (_, index) => check(`s${index}`, "http://x"));
  const results = await probeAll(checks, line, 6);
  assert.equal(most, 6);
  assert.deepEqual(
    results.map((result) => result.check),
    checks.map(({ id }) => id),
  );
});
