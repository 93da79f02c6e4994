// One Miniflare, and so one workerd: the Workers that share storage, and the keeper beside them.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { within } from "./patience.mjs";
import { tell, tellTail } from "./tail.mjs";

const [modulesDirectory, root] = process.argv.slice(2);
const require = createRequire(join(modulesDirectory, "localcloud.js"));
const { Log, LogLevel, Miniflare } = require("miniflare");

const keeper = readFileSync(new URL("keeper.mjs", import.meta.url), "utf8");
export const KEEPER = "localcloud-keeper";
const KEEPER_DATE = "2026-06-01";
const PING = 2_000;

/** What a start that failed says about each Worker: name to reason. */
function culprits(problem, workers) {
  const reasons = new Map();
  for (const line of problem.message.split("\n")) {
    let { message } = safely(line);
    const found = /^service core:user:(.+?): ([^]+)$/.exec(message ?? "");
    if (found && workers.some(({ name }) => name === found[1])) {
      message = found[2].replaceAll("file:///", "");
      const before = reasons.get(found[1]);
      reasons.set(found[1], before === undefined ? message : `${before}\n${message}`);
    }
  }
  if (reasons.size === 0) for (const { name } of workers) reasons.set(name, problem.message);
  return reasons;
}

function safely(line) {
  try {
    return JSON.parse(line) ?? {};
  } catch {
    return {};
  }
}

function moduleOf({ base64, ...module }) {
  return base64 === undefined ? module : { ...module, contents: Buffer.from(base64, "base64") };
}

export class Group {
  constructor(spec, after) {
    this.spec = spec;
    this.problems = new Map();
    this.ended = false;
    this.ready = after.then(() => this.start());
    this.ready.catch(() => {});
  }

  async start() {
    let workers = this.spec.workers;
    this.problems.clear();
    for (;;) {
      const complaints = new Map();
      this.miniflare = new Miniflare(this.options(workers, complaints));
      try {
        await this.miniflare.ready;
        if (complaints.size === 0) return;
        for (const [name, reason] of complaints) this.problems.set(name, reason);
      } catch (problem) {
        if (workers.length === 0) throw problem;
        for (const [name, reason] of culprits(problem, workers)) this.problems.set(name, reason);
      }
      await this.miniflare.dispose().catch(() => {});
      workers = workers.filter(({ name }) => !this.problems.has(name));
    }
  }

  options(workers, complaints) {
    const shelves = (kind) =>
      this.spec.shelves.filter((shelf) => shelf.kind === kind).map(({ id }) => [id, id]);
    const module = { type: "ESModule", path: "/keeper.mjs", contents: keeper };
    return {
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.NONE),
      telemetry: { enabled: false },
      kvPersist: join(root, "kv"),
      r2Persist: join(root, "r2"),
      d1Persist: join(root, "d1"),
      cachePersist: join(root, "cache"),
      durableObjectsPersist: join(root, "do"),
      structuredWorkerdLogs: true,
      handleStructuredLogs: ({ message }) => {
        const missing = /referenced the class "(.+?)", but no such Durable Object class/.exec(message);
        if (missing === null) return;
        for (const { name, durableObjects } of workers) {
          for (const { className, scriptName } of Object.values(durableObjects ?? {})) {
            if (className === missing[1] && scriptName === undefined) {
              complaints.set(name, `The Worker does not export the Durable Object class ${className}.`);
            }
          }
        }
      },
      unsafeHandleRuntimeRestart: () => this.restarted("workerd ended by itself"),
      workers: [
        {
          name: KEEPER,
          modulesRoot: "/",
          modules: [module],
          compatibilityDate: KEEPER_DATE,
          kvNamespaces: Object.fromEntries(shelves("kv")),
          r2Buckets: Object.fromEntries(shelves("r2")),
        },
        ...workers.flatMap(({ modules, ...worker }) => [
          {
            ...worker,
            ...(modules === undefined ? {} : { modulesRoot: "/", modules: modules.map(moduleOf) }),
            tails: [`${KEEPER}-${worker.name}`],
          },
          {
            name: `${KEEPER}-${worker.name}`,
            modulesRoot: "/",
            modules: [module],
            compatibilityDate: KEEPER_DATE,
            serviceBindings: {
              HOST: async (request) => {
                for (const event of await request.json()) tellTail(worker.name, event);
                return new Response();
              },
            },
          },
        ]),
      ],
    };
  }

  restarted(reason) {
    tell({ event: "restarted", scripts: this.spec.workers.map(({ name }) => name), reason });
  }

  ask(worker, url, init = {}) {
    const headers = [...(init.headers ?? []), ["MF-Route-Override", worker]];
    return this.miniflare.dispatchFetch(url, { redirect: "manual", ...init, headers });
  }

  async alive() {
    try {
      await within(PING, this.ask(KEEPER, "http://keeper/").then((answer) => answer.text()));
      return true;
    } catch {
      return false;
    }
  }

  /** Starts workerd anew when it does not answer: one Worker of it never yields. */
  async check(attempts) {
    await this.ready;
    if (this.checking) return;
    this.checking = true;
    try {
      for (let attempt = 0; attempt < attempts; attempt += 1) if ((await this.alive()) || this.ended) return;
      const old = this.miniflare;
      this.ready = old.dispose().then(() => this.start());
      this.ready.catch(() => {});
      await this.ready;
      this.restarted("a Worker in it never yielded");
    } catch (problem) {
      tell({ event: "trouble", text: String(problem) });
    } finally {
      this.checking = false;
    }
  }

  async end() {
    this.ended = true;
    await this.ready.catch(() => {});
    await this.miniflare?.dispose().catch(() => {});
  }
}
