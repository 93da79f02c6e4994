import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { bundle } from "../build.mjs";

const COMMITTED = readFileSync(new URL("../dist/monitoring.js", import.meta.url), "utf8");

test("the committed bundle is what the source gives", () => {
  assert.ok(bundle() === COMMITTED, "dist/monitoring.js is old: build it again and commit it");
});

test("the same source gives the same bytes", () => {
  assert.ok(bundle() === bundle());
});

test("the bundle holds no path of the machine it was made on, and imports only what the runtime has", () => {
  assert.ok(!COMMITTED.includes(process.cwd()));
  const imported = [...COMMITTED.matchAll(/^import .* from "(.*)";$/gm)].map(([, name]) => name);
  assert.ok(
    imported.length > 0 && imported.every((name) => name.startsWith("cloudflare:")),
    imported.join(),
  );
});
