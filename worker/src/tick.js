// A tick of the clock: which checks are due, in which shards, and one shard from probe to report.
import { ConfigError, parse } from "./config.js";
import { CONFIG_KEY, coordinator, observations, twice } from "./env.js";
import { probeAll } from "./probe.js";
import { CONNECTIONS, longest, shards } from "./schedule.js";

/**
 * @typedef {import("./config.js").Check} Check
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./env.js").Env} Env
 * @typedef {import("./probe.js").Result} Result
 * @typedef {{ run: number, tick: number, shard: number, checks: string[] }} ShardMessage ids only: a message has 128 kB
 */

/** Messages handed to the queue at once: Cloudflare takes a hundred. */
const BATCH = 100;

/** @type {{ tick: number, text: string | null, config: Config } | null} */
let last = null;

/**
 * The configuration, read once a tick and isolate and parsed only when it changed.
 * @param {Env} env
 * @param {number} tick
 * @returns {Promise<Config>}
 * @throws {ConfigError}
 */
export async function load(env, tick) {
  if (last?.tick === tick) return last.config;
  const text = await env.CONFIG.get(CONFIG_KEY);
  const config = last !== null && last.text === text ? last.config : parse(text);
  last = { tick, text, config };
  return config;
}

/**
 * Plans a tick, hands all shards but the first to the queue, and runs the first here.
 * @param {Env} env
 * @param {number} tick
 */
export async function begin(env, tick) {
  const config = await load(env, tick).catch(async (error) => {
    await coordinator(env).refuse(
      error instanceof ConfigError ? error.message : "the configuration cannot be read",
    );
    throw error;
  });
  const plan = shards(config.checks, tick);
  const { run } = await twice(() =>
    coordinator(env).begin({ tick, of: plan.length, seconds: longest(plan), config }),
  );
  const messages = plan.map((checks, shard) => ({
    run,
    tick,
    shard,
    checks: checks.map(({ id }) => id),
  }));
  const [here, ...rest] = messages;
  const handed = Promise.allSettled([hand(env, rest)]);
  try {
    if (here !== undefined) await runShard(env, here);
  } finally {
    const [outcome] = await handed;
    if (outcome.status === "rejected") throw outcome.reason;
  }
}

/**
 * @param {Env} env
 * @param {ShardMessage[]} messages
 */
async function hand(env, messages) {
  for (let from = 0; from < messages.length; from += BATCH) {
    await env.SHARDS.sendBatch(messages.slice(from, from + BATCH).map((body) => ({ body })));
  }
}

/**
 * Probes a shard, keeps what was measured and reports what it means. Safe to repeat.
 * @param {Env} env
 * @param {ShardMessage} message
 */
export async function runShard(env, { run, tick, shard, checks: ids }) {
  const config = await load(env, tick);
  const known = new Map(config.checks.map((check) => [check.id, check]));
  const checks = ids.flatMap((id) => known.get(id) ?? []);
  const results = await probeAll(checks, WIRE, CONNECTIONS);
  const record = recordOf(config, { run, tick, shard, checks, results });
  const states = await twice(() => observations(env).record(record));
  await twice(() => coordinator(env).observe({ run, shard, states }));
}

/**
 * What Observations needs to know about a shard: its results, the rules of its services, and all that these look at.
 * @param {Config} config
 * @param {{ run: number, tick: number, shard: number, checks: Check[], results: Result[] }} shard
 * @returns {import("./observations.js").Record_}
 */
export function recordOf(config, { run, tick, shard, checks, results }) {
  const services = new Set(checks.map(({ service }) => service));
  return {
    ...{ run, tick, shard, results },
    rules: config.rules.filter(
      ({ service, condition }) => services.has(service) && condition.is !== "told",
    ),
    checks: config.checks
      .filter(({ service }) => services.has(service))
      .map(({ id, service, every }) => ({ id, service, every })),
  };
}

/** @type {import("./probe.js").Wire} */
const WIRE = {
  fetch: (input, init) => fetch(input, { ...init, cache: "no-store" }),
  now: () => Date.now(),
};
