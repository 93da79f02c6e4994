// The hourly upkeep: whole hours go to R2 as compressed lines, what is older than its retention goes away.
import { coordinator, observations } from "./env.js";
import { unpack } from "./packing.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./env.js").Env} Env
 * @typedef {import("./observations.js").ArchiveRow} ArchiveRow
 * @typedef {import("./observations.js").Transition} Transition
 */

/** Hours that one upkeep catches up with at most, when earlier ones failed. */
const HOURS_AT_ONCE = 24;

/**
 * @param {Env} env
 * @param {Config} config
 * @param {number} now
 */
export async function upkeep(env, config, now) {
  const store = observations(env);
  for (let count = 0; count < HOURS_AT_ONCE; count += 1) {
    const batch = await store.unarchived(now);
    if (batch === null) break;
    const body = await compress(lines(batch));
    await env.ARCHIVE.put(keyOf(batch.hour), body, {
      httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" },
    });
    await store.archived(batch.hour);
  }
  await store.prune(now - config.retention.observations * 1000);
  await coordinator(env).prune(now - config.retention.archive * 1000);
}

/**
 * Where an hour is kept, such as `observations/2026/06/01/13.ndjson.gz`.
 * @param {number} hour
 */
export function keyOf(hour) {
  return `observations/${new Date(hour).toISOString().slice(0, 13).replace(/[-T]/g, "/")}.ndjson.gz`;
}

/**
 * A line a shard and tick, then a line each time a rule changed.
 * @param {{ rows: ArchiveRow[], transitions: Transition[] }} hour
 * @returns {string}
 */
export function lines({ rows, transitions }) {
  const observed = rows.map(({ tick, shard, checks, up, times }) => {
    const samples = unpack({ up, times }, tick);
    const results = Object.fromEntries(
      checks.map((check, index) => [
        check,
        { up: samples[index]?.up ?? null, seconds: samples[index]?.seconds ?? null },
      ]),
    );
    return { at: new Date(tick).toISOString(), shard, results };
  });
  const changed = transitions.map(({ rule, tick, state, since, detail }) => ({
    at: new Date(tick).toISOString(),
    ...{ rule, state, since: new Date(since).toISOString(), detail },
  }));
  return [...observed, ...changed].map((line) => `${JSON.stringify(line)}\n`).join("");
}

/** @param {string} text */
async function compress(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
