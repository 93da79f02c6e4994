import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../src/verdict/judge.js";
import { rule } from "./stand/platform.js";

const MINUTE = 60_000;
const DOWN = (more) => rule("api", "WorkerDown", more);
const SLOW = (more) =>
  rule("api", "HighResponseTime", {
    condition: { is: "above", signal: "probe_seconds", aggregate: "mean", limit: 2, window: 300 },
    noData: { is: "ok", after: 180 },
    ...more,
  });

/** Runs a rule over minutes; each is up (a number of seconds), "down" or "unknown". Gives the verdict of each. */
function over(one, minutes, from = null) {
  const samples = [];
  let before = from;
  return minutes.map((minute, index) => {
    const at = (index + 1) * MINUTE;
    const up = minute === "unknown" ? null : minute !== "down";
    samples.push({
      at,
      up,
      seconds: typeof minute === "number" ? minute : null,
      detail: String(minute),
    });
    before = judge(one, [{ every: 60, samples: [...samples] }], before, at);
    return before;
  });
}
const states = (verdicts) => verdicts.map(({ state }) => state);

test("a service that is down fires at once when the rule waits for nothing", () => {
  assert.deepEqual(states(over(DOWN(), [0.1, "down", "down", 0.1])), [
    "quiet",
    "firing",
    "firing",
    "quiet",
  ]);
});

test("a rule that waits is pending first, and remembers when it began", () => {
  const verdicts = over(DOWN({ for: 120 }), [0.1, "down", "down", "down"]);
  assert.deepEqual(states(verdicts), ["quiet", "pending", "pending", "firing"]);
  assert.equal(verdicts[3].since, 2 * MINUTE);
});

test("a gap without data neither fires nor resets the waiting", () => {
  const verdicts = over(DOWN({ for: 120 }), ["down", "unknown", "down"]);
  assert.deepEqual(states(verdicts), ["pending", "unknown", "firing"]);
});

test("unknown is never quiet and never firing until it lasts", () => {
  const verdicts = over(DOWN(), [0.1, "unknown", "unknown", "unknown", "unknown"]);
  assert.deepEqual(states(verdicts), ["quiet", "unknown", "unknown", "firing", "firing"]);
  assert.equal(verdicts[3].evidence, false);
  assert.equal(verdicts[3].since, MINUTE, "known last at the first minute");
});

test("no data may be said to be in order", () => {
  const calm = DOWN({ noData: { is: "ok", after: 120 } });
  assert.deepEqual(states(over(calm, ["down", "unknown", "unknown"])), [
    "firing",
    "unknown",
    "quiet",
  ]);
});

test("one slow answer is not a slow service", () => {
  assert.deepEqual(states(over(SLOW(), [0.1, 0.1, 0.1, 0.1, 0.1, 9])), Array(6).fill("quiet"));
});

test("a mean above the limit fires once the window is full, not before", () => {
  assert.deepEqual(states(over(SLOW(), [3, 3, 3, 3, 3])), [
    "quiet",
    "quiet",
    "quiet",
    "quiet",
    "firing",
  ]);
});

test("slowness that lasts fires after the window and the waiting", () => {
  const verdicts = over(SLOW({ for: 120 }), [0.1, 0.1, 0.1, 0.1, 0.1, 3, 3, 3, 3, 3, 3, 3]);
  assert.deepEqual(states(verdicts).slice(5), [
    "quiet",
    "quiet",
    "quiet",
    "pending",
    "pending",
    "firing",
    "firing",
  ]);
});

test("the largest of a window is judged where the rule says max", () => {
  const peak = SLOW({ condition: { ...SLOW().condition, aggregate: "max", window: 120 } });
  assert.deepEqual(states(over(peak, [0.1, 0.1, 3, 0.1, 0.1])), [
    "quiet",
    "quiet",
    "firing",
    "firing",
    "quiet",
  ]);
});

test("a service that does not answer is not slow: other rules see to it", () => {
  const minutes = [0.1, "down", "down", "down", "down", "down", "down", "down", "down", "down"];
  const found = states(over(SLOW(), minutes));
  assert.deepEqual(found.slice(5), ["unknown", "unknown", "quiet", "quiet", "quiet"]);
});

test("of several checks of a service one that fails is enough", () => {
  const good = { every: 60, samples: [{ at: MINUTE, up: true, seconds: 0.1, detail: null }] };
  const bad = {
    every: 60,
    samples: [{ at: MINUTE, up: false, seconds: 0.1, detail: "status 500" }],
  };
  const verdict = judge(DOWN(), [good, bad], null, MINUTE);
  assert.equal(verdict.state, "firing");
  assert.equal(verdict.detail, "status 500");
});

test("a sample that is two periods old says nothing", () => {
  const old = { every: 60, samples: [{ at: MINUTE, up: false, seconds: 0.1, detail: null }] };
  assert.equal(judge(DOWN(), [old], null, 3 * MINUTE).state, "unknown");
});

test("a service without checks is unknown", () => {
  assert.equal(judge(DOWN(), [], null, MINUTE).state, "unknown");
});

test("a clock that goes back keeps durations at zero or more", () => {
  const before = {
    state: "firing",
    since: 9 * MINUTE,
    held: 9 * MINUTE,
    evidence: true,
    detail: null,
    known: 9 * MINUTE,
  };
  const samples = [{ at: MINUTE, up: false, seconds: 0.1, detail: null }];
  assert.equal(judge(DOWN(), [{ every: 60, samples }], before, MINUTE).since, MINUTE);
});
