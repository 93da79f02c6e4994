import assert from "node:assert/strict";
import { test } from "node:test";
import { neededBy, ring } from "../src/needs.js";

const services = (edges) =>
  Object.fromEntries(Object.entries(edges).map(([service, needs]) => [service, { needs }]));

test("a service needs what its needs need", () => {
  const graph = services({ web: ["api"], api: ["db", "cache"], db: [], cache: ["net"], net: [] });
  assert.deepEqual([...neededBy(graph, "web")].sort(), ["api", "cache", "db", "net"]);
  assert.deepEqual([...neededBy(graph, "db")], []);
});

test("a chain of fifty thousand services is walked", () => {
  const edges = { s0: [] };
  for (let index = 1; index < 50_000; index += 1) edges[`s${index}`] = [`s${index - 1}`];
  assert.equal(neededBy(services(edges), "s49999").size, 49_999);
});

test("a ring is found, with its services in order", () => {
  assert.deepEqual(ring(services({ a: ["b"], b: ["c"], c: ["b"] })), ["b", "c"]);
  assert.deepEqual(ring(services({ a: ["a"] })), ["a"]);
});

test("a diamond is no ring", () => {
  assert.equal(ring(services({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] })), null);
});

test("layers of services that all need each other's neighbours are walked once", () => {
  const edges = { a0: [], b0: [] };
  for (let layer = 1; layer < 200; layer += 1) {
    edges[`a${layer}`] = edges[`b${layer}`] = [`a${layer - 1}`, `b${layer - 1}`];
  }
  assert.equal(ring(services(edges)), null);
  assert.equal(neededBy(services(edges), "a199").size, 398);
});
