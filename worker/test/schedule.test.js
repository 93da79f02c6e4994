import assert from "node:assert/strict";
import { test } from "node:test";
import { isDue, longest, patience, SHARD_CHECKS, SHARD_SECONDS, shards } from "../src/schedule.js";
import { random } from "./stand/random.js";
import { check } from "./stand/platform.js";

const TICK = Date.UTC(2026, 0, 1);
const many = (count, more) =>
  Array.from({ length: count }, (_, index) =>
    check(`s${index}`, "http://x.example", more?.(index)),
  );

/** When the last of a shard's checks ends, if each uses all its time. */
function worst(shard, connections = 6) {
  const lanes = Array.from({ length: connections }, () => 0);
  for (const one of shard) {
    lanes.sort((a, b) => a - b);
    lanes[0] += patience(one) * (1 + one.confirmations);
  }
  return Math.max(0, ...lanes);
}

test("every due check is in exactly one shard", () => {
  const checks = many(500, (index) => ({ timeout: 1 + (index % 10), confirmations: index % 3 }));
  const dealt = shards(checks, TICK).flat();
  assert.deepEqual(dealt.map(({ id }) => id).sort(), checks.map(({ id }) => id).sort());
});

test("a shard holds at most sixty checks", () => {
  const plan = shards(
    many(150, () => ({ timeout: 1, confirmations: 0 })),
    TICK,
  );
  assert.deepEqual(
    plan.map(({ length }) => length),
    [60, 60, 30],
  );
});

test("a shard ends in time even when every check uses all its attempts and all its time", () => {
  const next = random(7);
  for (let round = 0; round < 50; round += 1) {
    const checks = many(Math.floor(next() * 200), () => ({
      timeout: 1 + Math.floor(next() * 40),
      confirmations: Math.floor(next() * 4),
    }));
    const plan = shards(checks, TICK);
    for (const shard of plan) {
      assert.ok(worst(shard) <= SHARD_SECONDS + 1e-9, `${worst(shard)} s`);
      assert.ok(shard.length <= SHARD_CHECKS);
    }
    assert.ok(longest(plan) <= SHARD_SECONDS + 1e-9);
  }
});

test("a time-out that could not be confirmed in time is shortened", () => {
  assert.equal(patience(check("a", "", { timeout: 10, confirmations: 2 })), 10);
  assert.equal(patience(check("a", "", { timeout: 40, confirmations: 1 })), 25);
});

test("the same checks and tick give the same shards, in whatever order they are written", () => {
  const checks = many(130, (index) => ({ timeout: 1 + (index % 7) }));
  assert.deepEqual(shards(checks, TICK), shards([...checks].reverse(), TICK));
});

test("a check that runs every five minutes is due at one minute of five, and many are spread", () => {
  const checks = many(100, () => ({ every: 300 }));
  const perMinute = [0, 1, 2, 3, 4].map(
    (minute) => checks.filter((one) => isDue(one, TICK + minute * 60_000)).length,
  );
  assert.equal(
    perMinute.reduce((sum, count) => sum + count),
    100,
  );
  for (const count of perMinute) assert.ok(count >= 10 && count <= 35, String(perMinute));
});

test("a tick without due checks has no shards", () => {
  assert.deepEqual(shards([], TICK), []);
  assert.equal(longest([]), 0);
});
