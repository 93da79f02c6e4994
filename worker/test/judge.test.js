import assert from "node:assert/strict";
import { test } from "node:test";
import { horizonOf, judge } from "../src/verdict/judge.js";
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

const FAILS = (more) => DOWN({ condition: { is: "fails", times: 3 }, ...more });

test("failures in a row fire when there are enough, and say how many", () => {
  const verdicts = over(FAILS(), ["down", "down", 0.1, "down", "down", "down", 0.1]);
  assert.deepEqual(states(verdicts), [...Array(5).fill("quiet"), "firing", "quiet"]);
  assert.equal(verdicts[5].detail, "down, 3 times in a row");
});

test("what is not known ends no row of failures, unless it lasts", () => {
  const row = ["down", "unknown", "down", "unknown", "down"];
  assert.equal(over(FAILS(), row)[4].state, "firing");
  const gap = ["down", "down", ...Array(4).fill("unknown"), "down"];
  assert.equal(over(FAILS(), gap)[6].state, "quiet");
});

test("failures of different checks are no row", () => {
  const samples = (...up) => up.map((one, index) => ({ at: (index + 1) * MINUTE, up: one }));
  const checks = [samples(false, true, false), samples(true, false, true)];
  const histories = checks.map((one) => ({ every: 60, samples: one }));
  assert.equal(judge(FAILS(), histories, null, 3 * MINUTE).state, "quiet");
});

test("silence itself fires after its time and what the rule waits for, and not while one check is heard", () => {
  const silent = DOWN({ condition: { is: "absent", after: 120 }, for: 60 });
  const verdicts = over(silent, [0.1, ...Array(4).fill("unknown"), "down"]);
  assert.deepEqual(states(verdicts).slice(2), ["unknown", "firing", "firing", "quiet"]);
  const heard = { every: 60, samples: [{ at: 9 * MINUTE, up: false }] };
  assert.equal(
    judge(silent, [{ every: 60, samples: [] }, heard], verdicts[4], 9 * MINUTE).state,
    "quiet",
  );
});

for (const [what, condition, expected] of [
  ["the smallest above", { aggregate: "min", window: 120 }, "qqqqfq"],
  ["the last above", { aggregate: "last", window: 60 }, "qqqffq"],
  ["the mean below", { is: "below", aggregate: "mean", window: 120 }, "qffqqq"],
]) {
  test(`${what} the limit fires in its minutes`, () => {
    const one = SLOW({ condition: { ...SLOW().condition, ...condition } });
    const found = states(over(one, [0.1, 0.1, 0.1, 9, 9, 0.1]));
    assert.equal(found.map(([letter]) => letter).join(""), expected);
  });
}

test("a rule that others judge says nothing here", () => {
  assert.deepEqual(states(over(DOWN({ condition: { is: "told" } }), ["down"])), ["unknown"]);
});

test("a rule is given as much of the past as it looks at", () => {
  assert.equal(horizonOf(FAILS(), 300), 1_800_000);
  assert.equal(horizonOf(SLOW(), 60), 600_000);
  assert.equal(horizonOf(DOWN(), 60), 0);
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
