import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKOFF, GIVE_UP, Outbox, pause, STUCK_ATTEMPTS } from "../src/outbox.js";
import { Sql } from "./stand/sqlite.js";

const letter = (id, channel = "slack", incident = "i1") => ({
  id,
  channel,
  message: { incident, text: id },
});
const filled = (...letters) => {
  const outbox = new Outbox(new Sql(), BACKOFF);
  for (const one of letters) outbox.add(one, 0);
  return outbox;
};

test("pauses double from five seconds to five minutes", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempts) => pause(attempts) / 1000),
    [5, 10, 20, 40, 80, 160, 300, 300, 300],
  );
});

test("a message is due at once, and again after a pause when it was not taken", () => {
  const outbox = filled(letter("a"));
  outbox.failed(outbox.due("slack", 0), "answered 500", 0, 0);
  assert.equal(outbox.due("slack", 4_999), null);
  assert.equal(outbox.next([]), 5_000);
  assert.equal(outbox.due("slack", 5_000).attempts, 1);
  outbox.failed(outbox.due("slack", 5_000), "answered 500", 5_000, 0);
  assert.equal(outbox.next([]), 15_000);
});

test("a channel that asks for more time gets it, up to the longest pause", () => {
  const outbox = filled(letter("a"));
  outbox.failed(outbox.due("slack", 0), "answered 429", 0, 60);
  assert.equal(outbox.next([]), 60_000);
  outbox.failed(outbox.due("slack", 60_000), "answered 429", 60_000, 86_400);
  assert.equal(outbox.next([]), 360_000);
});

test("a message that was taken is gone", () => {
  const outbox = filled(letter("a"));
  outbox.sent("a");
  assert.equal(outbox.due("slack", 0), null);
  assert.equal(outbox.next([]), null);
});

test("the same message is kept once", () => {
  assert.equal(filled(letter("a"), letter("a")).summary().pending, 1);
});

test("a recovery waits until the opening was taken, and holds up no other incident", () => {
  const outbox = filled(letter("opened"), letter("recovered"), letter("other", "slack", "i2"));
  outbox.failed(outbox.due("slack", 0), "answered 500", 0, 0);
  assert.equal(outbox.due("slack", 0).id, "other");
  outbox.sent("other");
  assert.equal(outbox.due("slack", 0), null);
  assert.equal(outbox.next([]), 5_000, "no alarm for what may not be sent yet");
  outbox.sent("opened");
  assert.equal(outbox.due("slack", 0).id, "recovered");
});

test("a channel that refuses holds up no other channel", () => {
  const outbox = filled(letter("a"), letter("b", "pagerduty"));
  outbox.failed(outbox.due("slack", 0), "answered 500", 0, 0);
  assert.deepEqual(outbox.channels(0), ["pagerduty"]);
  assert.equal(outbox.next(["pagerduty"]), 5_000);
});

test("a message that is refused again and again is reported", () => {
  const outbox = filled(letter("a"));
  for (let attempt = 0; attempt < STUCK_ATTEMPTS; attempt += 1) {
    assert.deepEqual(outbox.summary().stuck, []);
    outbox.failed(outbox.due("slack", 1e9), "answered 500", 0, 0);
  }
  assert.deepEqual(outbox.summary().stuck, [
    { channel: "slack", attempts: 5, error: "answered 500" },
  ]);
});

test("a message is tried for a whole day before it is given up", () => {
  const outbox = filled(letter("a"));
  assert.equal(
    outbox.failed(outbox.due("slack", GIVE_UP - 1), "answered 500", GIVE_UP - 1, 0),
    false,
  );
  assert.equal(outbox.failed(outbox.due("slack", 2 * GIVE_UP), "answered 500", GIVE_UP, 0), true);
  assert.equal(outbox.summary().pending, 0);
});
