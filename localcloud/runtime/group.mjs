// One Miniflare, and so one workerd: the Workers that share storage, and the keeper beside them. All
// are of one account: here a name means one Worker; elsewhere its address, `<account>/<name>`, does.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { within } from "./patience.mjs";
import { came, keyOf, lost, sent } from "./queues.mjs";
import { ownFrames, tell, tellTail } from "./tail.mjs";

const [modulesDirectory, root] = process.argv.slice(2);
const require = createRequire(join(modulesDirectory, "localcloud.js"));
const { Log, LogLevel, Miniflare } = require("miniflare");

const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const keeper = read("keeper.mjs");
const guard = read("guard.mjs");
export const KEEPER = "localcloud-keeper";
const KEEPER_DATE = "2026-06-01";
const PING = 2_000;
/** A tail comes after its answer; one of a request that hangs comes never. */
const DRAIN = 1_000;

/** What a start that failed says about each Worker: name to reason. */
function culprits(problem, workers) {
  const reasons = new Map();
  for (const line of problem.message.split("\n")) {
    let { message } = safely(line);
    const found = /^service core:user:(.+?): ([^]+)$/.exec(message ?? "");
    if (found && workers.some(({ name }) => name === found[1])) {
      message = ownFrames(found[2]);
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

/** The modules of a Worker behind the guard: its own are as they were uploaded. */
function guarded({ modules, guarded: settings, address, ...worker }) {
  const own = modules?.map(moduleOf);
  if (settings === undefined) return own === undefined ? worker : { ...worker, modulesRoot: "/", modules: own };
  const main = JSON.stringify(`.${own[0].path}`);
  const names = settings.names.map((name, place) => [name, `wrapped${place}`]);
  const entry = [
    'import { around } from "./localcloud-guard.mjs";',
    `import * as worker from ${main};`,
    `export * from ${main};`,
    "export default around(worker.default);",
    ...settings.classes.map((name) => {
      const complaint = `The Worker does not export the Durable Object class ${name}.`;
      return `if (worker[${JSON.stringify(name)}] === undefined) throw new Error(${JSON.stringify(complaint)});`;
    }),
    // What is exported must be there, also for a class or an entrypoint that nobody uses any more.
    ...names.map(([name, local]) => `const ${local} = around(worker[${JSON.stringify(name)}] ?? class {});`),
    ...names.map(([name, local]) => `export { ${local} as ${JSON.stringify(name)} };`),
  ].join("\n");
  const flags = worker.compatibilityFlags ?? [];
  return {
    ...worker,
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/localcloud-entry.mjs", contents: entry },
      { type: "ESModule", path: "/localcloud-guard.mjs", contents: guard },
      { type: "Text", path: "/localcloud-settings.txt", contents: JSON.stringify(settings) },
      ...own,
    ],
    compatibilityFlags: flags.includes("nodejs_als") ? flags : [...flags, "nodejs_als"],
    serviceBindings: {
      ...worker.serviceBindings,
      LOCALCLOUD: async (request) => {
        heard(address, worker, await request.json());
        return new Response();
      },
    },
  };
}

/** Takes what the guard in front of a Worker tells. */
function heard(address, { queueConsumers }, told) {
  const account = accountIn(address);
  if (told.sent !== undefined) sent(account, told.sent);
  else if (told.came !== undefined) came(account, told.came, queueConsumers?.[told.came.queue]);
  else tell({ event: "guard", script: address, ...told });
}

const accountIn = (address) => address.split("/", 1)[0];

/** The queues whose messages a Worker's group keeps. */
const queuesOf = ({ address, queueProducers, queueConsumers }) =>
  [
    ...Object.values(queueProducers ?? {}).map(({ queueName }) => queueName),
    ...Object.keys(queueConsumers ?? {}),
  ].map((queue) => keyOf(accountIn(address), queue));

export class Group {
  constructor(spec, after) {
    this.spec = spec;
    this.problems = new Map();
    this.ended = false;
    this.untold = new Map();
    this.ready = after.then(() => this.start());
    this.ready.catch(() => {});
  }

  async start() {
    let workers = this.spec.workers;
    this.problems.clear();
    for (;;) {
      const complaints = new Map();
      this.miniflare = undefined;
      try {
        this.miniflare = new Miniflare(this.options(workers, complaints));
        await this.miniflare.ready;
        if (complaints.size === 0) return;
        for (const [name, reason] of complaints) this.problems.set(name, reason);
      } catch (problem) {
        if (workers.length === 0) throw problem;
        for (const [name, reason] of culprits(problem, workers)) this.problems.set(name, reason);
      }
      await this.miniflare?.dispose().catch(() => {});
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
          d1Databases: Object.fromEntries(shelves("d1")),
        },
        ...workers.flatMap((worker) => [
          {
            ...guarded(worker),
            // A consumer that is not there, or cannot start, must not keep the Worker from running.
            tails: [
              `${KEEPER}-${worker.name}`,
              ...(worker.tails ?? []).filter((tail) => workers.some(({ name }) => name === tail)),
            ],
          },
          {
            name: `${KEEPER}-${worker.name}`,
            modulesRoot: "/",
            modules: [module],
            compatibilityDate: KEEPER_DATE,
            serviceBindings: {
              HOST: async (request) => {
                for (const event of await request.json()) {
                  this.told(worker, event);
                  tellTail(worker, event);
                }
                return new Response();
              },
            },
          },
        ]),
      ],
    };
  }

  restarted(reason) {
    tell({ event: "restarted", scripts: this.spec.workers.map(({ address }) => address), reason });
  }

  ask(worker, url, init = {}) {
    const headers = [...(init.headers ?? []), ["MF-Route-Override", worker]];
    return this.miniflare.dispatchFetch(url, { redirect: "manual", ...init, headers });
  }

  /** Gives a request to a Worker; what its tail tells of it is waited for before the group ends. */
  async serve(worker, url, init) {
    this.untold.set(worker, this.untoldOf(worker) + 1);
    try {
      return await this.ask(worker, url, init);
    } catch (problem) {
      this.told({ name: worker }, { event: { request: {} } });
      throw problem;
    }
  }

  untoldOf(worker) {
    return this.untold.get(worker) ?? 0;
  }

  /** Takes note that a tail brought an invocation. */
  told({ name }, { event }) {
    if (event?.request === undefined) return;
    this.untold.set(name, Math.max(0, this.untoldOf(name) - 1));
    if ([...this.untold.values()].every((count) => count === 0)) this.allTold?.();
  }

  /** Resolves when tails have brought all requests that were given, or when patience ends. */
  async drained() {
    if ([...this.untold.values()].every((count) => count === 0)) return;
    await within(DRAIN, new Promise((resolve) => (this.allTold = resolve))).catch(() => {});
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
      lost(this.spec.workers.flatMap(queuesOf));
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
    await this.drained();
    await this.miniflare?.dispose().catch(() => {});
    lost(this.spec.workers.flatMap(queuesOf));
  }
}
