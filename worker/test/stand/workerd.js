// The bundle in workerd, with everything it binds, driven tick by tick.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../build.mjs";
import { load } from "../../npm.mjs";

const { Miniflare } = load("miniflare");

export const MINUTE = 60_000;
export const UPKEEP = "17 * * * *";
/** The first tick of every test. */
export const START = Date.UTC(2026, 5, 1, 12, 0);
/** Made once for all tests of a file. */
const CODE = bundle();

/**
 * Around the bundle: retries without long pauses, a clock that can be set ahead, an alarm that can get
 * lost, a store that can be full, what an older version stored.
 */
const AROUND = `
import worker, { Coordinator as Real, Observations as RealStore } from "./monitoring.js";
const now = Date.now;
let ahead = 0;
let isDeaf = false;
let unheard = 0;
let isFull = false;
Date.now = () => now() + ahead;
export class Observations extends RealStore {
  record(record) {
    if (isFull) throw new Error("the store is full");
    return super.record(record);
  }
}
export class Coordinator extends Real {
  constructor(ctx, env) {
    super(ctx, env);
    this.outbox.backoff = { first: 20, most: 100 };
  }
  async alarm() {
    if (isDeaf) unheard += 1;
    else await super.alarm();
  }
  fill() {
    isFull = true;
  }
  deafen() {
    isDeaf = true;
    this.outbox.backoff = { first: 1000, most: 1000 };
  }
  unheard() {
    return unheard;
  }
  async pass(ms) {
    ahead += ms;
    await super.alarm();
  }
  /** Leaves what version 1 stored, which knew no telling and no routes; no alarm writes it anew. */
  age() {
    isDeaf = true;
    const { telling, ...state } = this.state;
    const older = ({ rated, rules, ...incident }) => {
      const told = telling.told[incident.id];
      return { ...incident, told: Object.keys(told), round: 1 };
    };
    this.store("state", { ...state, incidents: state.incidents.map(older) });
    this.store("config", { ...this.config, version: 1 });
  }
  store(name, value) {
    this.sql.exec("UPDATE documents SET value = ? WHERE name = ?", JSON.stringify(value), name);
  }
}
export default {
  ...worker,
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/test/configure") {
      await env.CONFIG.put("config", await request.text());
      return Response.json(null);
    }
    if (!pathname.startsWith("/test/")) return worker.fetch(request, env);
    const stub = env.COORDINATOR.get(env.COORDINATOR.idFromName("coordinator"));
    const value = await stub[pathname.slice(6)](JSON.parse(searchParams.get("with") ?? "null"));
    return Response.json(value ?? null);
  },
};
`;

/** One running Worker. */
export class Stand {
  /**
   * @param {object} options
   * @param {object | string | null} [options.config] what is in KV from the start
   * @param {string} [options.directory] of another stand, which has stopped
   * @param {string} [options.code] another bundle
   * @param {object} [options.bindings]
   * @param {boolean} [options.hasQueue] whether somebody takes shards from the queue
   */
  static async open({ config = null, directory, code = CODE, bindings = {}, hasQueue = true }) {
    const stand = new Stand();
    stand.isOwner = directory === undefined;
    stand.directory = directory ?? mkdtempSync(join(tmpdir(), "belfry-worker-"));
    stand.logs = [];
    stand.options = {
      modules: [
        { type: "ESModule", path: "around.js", contents: AROUND },
        { type: "ESModule", path: "monitoring.js", contents: code },
      ],
      modulesRoot: "/",
      unsafeTriggerHandlers: true,
      compatibilityDate: "2026-06-01",
      compatibilityFlags: ["nodejs_compat"],
      kvNamespaces: ["CONFIG"],
      r2Buckets: ["ARCHIVE"],
      queueProducers: { SHARDS: { queueName: "shards" } },
      queueConsumers: hasQueue
        ? { shards: { maxBatchSize: 1, maxBatchTimeout: 0, maxRetries: 2 } }
        : {},
      durableObjects: {
        OBSERVATIONS: { className: "Observations", useSQLite: true },
        COORDINATOR: { className: "Coordinator", useSQLite: true },
      },
      bindings: {
        PLATFORM: "pitchey",
        ENVIRONMENT: "local",
        LOG_LEVEL: "info",
        ...bindings,
      },
      defaultPersistRoot: stand.directory,
      handleRuntimeStdio: (stdout, stderr) => {
        for (const stream of [stdout, stderr])
          stream.on("data", (chunk) => stand.logs.push(String(chunk)));
      },
    };
    stand.miniflare = new Miniflare(stand.options);
    if (config !== null) await stand.configure(config);
    stand.tick = START - MINUTE;
    return stand;
  }

  /** @param {object | string} config */
  async configure(config) {
    const body = typeof config === "string" ? config : JSON.stringify(config);
    const { status } = await this.get("/test/configure", { method: "POST", body });
    if (status !== 200) throw new Error(`the configuration was not stored: ${status}`);
  }

  /** The next minute's tick. Resolves when its first shard has reported. */
  async minute(at = this.tick + MINUTE) {
    this.tick = at;
    return this.#scheduled(at, "* * * * *");
  }

  async minutes(count) {
    for (let passed = 0; passed < count; passed += 1) await this.minute();
  }

  async upkeep(at) {
    return this.#scheduled(at, UPKEEP);
  }

  /** By a path of Miniflare's: its handle on a Worker costs a thread, and stops this one while it asks. */
  async #scheduled(at, cron) {
    const asked = new URLSearchParams({ time: String(at), cron, format: "json" });
    return this.json(`/cdn-cgi/handler/scheduled?${asked}`);
  }

  async get(path, init) {
    return this.miniflare.dispatchFetch(`http://monitoring.example${path}`, init);
  }

  async json(path) {
    return (await this.get(path)).json();
  }

  /** Calls something of what is around the coordinator. */
  async test(name, argument = null) {
    return this.json(`/test/${name}?with=${encodeURIComponent(JSON.stringify(argument))}`);
  }

  /** Stops the process and leaves what it stored. */
  async stop() {
    await (this.stopped ??= this.miniflare.dispose());
  }

  async close() {
    await this.stop();
    if (this.isOwner) rmSync(this.directory, { recursive: true, force: true });
  }
}

/**
 * Waits for a condition, a bounded time.
 * @param {string} what
 * @param {() => unknown} is
 */
export async function until(what, is, patience = 15_000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await is();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${patience} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
