// Runs in front of an uploaded Worker, in its isolate: holds each invocation to what Cloudflare
// allows, and keeps what local services would throw away (data points, mail, messages in queues).
// The Worker's own code is imported as it is. Nothing here is seen in its `env`.

import { AsyncLocalStorage } from "node:async_hooks";
import { env, waitUntil } from "cloudflare:workers";

import text from "./localcloud-settings.txt";

const settings = JSON.parse(text);
const { allowed } = settings;
const invocations = new AsyncLocalStorage();
const encoder = new TextEncoder();
const sized = (value) => encoder.encode(value).byteLength;

const host = env.LOCALCLOUD;
delete env.LOCALCLOUD;
const fetchers = Object.getPrototypeOf(host);
const ask = fetchers.fetch;

/** Resolves when localcloud has heard it. */
const tell = (told) => ask.call(host, "http://localcloud/", { method: "POST", body: JSON.stringify(told) });

const tellSoon = (told) => waitUntil(tell(told).catch(() => {}));

/** Says once an invocation that it met a limit. */
function note(invocation, limit, figure, most, said) {
  if (invocation?.noted.has(limit)) return;
  invocation?.noted.add(limit);
  console.warn(`localcloud: ${said}`);
  tellSoon({ limit: { limit, figure, allowed: most, on: invocation?.on ?? "", text: said } });
}

function spend(invocation, kind) {
  invocation[kind] += 1;
  const most = allowed[kind];
  if (invocation[kind] <= most) return;
  const where = kind === "subrequests" ? "subrequests" : "calls of Cloudflare's services";
  note(invocation, kind, invocation[kind], most, `more than ${most} ${where} in one invocation (${settings.plan} plan)`);
  throw new Error("Too many subrequests by single Worker invocation.");
}

/** Waits for one of the connections that an invocation may have open. */
function turn(invocation, signal) {
  if (invocation.open < allowed.connections) {
    invocation.open += 1;
    return undefined;
  }
  const figure = invocation.open + invocation.waiting.length + 1;
  note(
    invocation,
    "connections",
    figure,
    allowed.connections,
    `more than ${allowed.connections} connections at once in one invocation: the next one waits for headers of an earlier one`,
  );
  return new Promise((resolve, reject) => {
    invocation.waiting.push(resolve);
    signal?.addEventListener("abort", () => {
      const place = invocation.waiting.indexOf(resolve);
      if (place < 0) return;
      invocation.waiting.splice(place, 1);
      reject(signal.reason);
    });
  });
}

async function counted(kind, start, { connects = true, signal } = {}) {
  const invocation = invocations.getStore();
  if (invocation === undefined) return start();
  spend(invocation, kind);
  if (!connects) return start();
  await turn(invocation, signal);
  try {
    return await start();
  } finally {
    const next = invocation.waiting.shift();
    if (next === undefined) invocation.open -= 1;
    else next();
  }
}

const SIZES = { Value: "value size", Metadata: "metadata size", encoded: "key size" };

/** Reports what a service refused because it is too large. */
function refused(problem) {
  const [, what, figure, most] =
    /(Value|Metadata|encoded) length of (\d+) exceeds (?:key length )?limit of (\d+)/.exec(problem.message) ?? [];
  if (what !== undefined) note(invocations.getStore(), SIZES[what], Number(figure), Number(most), problem.message);
  throw problem;
}

const KV = ["get", "getWithMetadata", "put", "list", "delete"];
const R2 = ["head", "get", "put", "list", "delete", "createMultipartUpload"];
const CALLS = { KvNamespace: KV, R2Bucket: R2, Cache: ["match", "put", "delete"] };

function patch(prototype, name) {
  for (const method of CALLS[name]) {
    const original = prototype[method];
    prototype[method] = function (...given) {
      return counted("serviceCalls", () => original.apply(this, given)).catch(refused);
    };
  }
}

const fetchOut = globalThis.fetch;
globalThis.fetch = function fetch(input, init) {
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
  return counted("subrequests", () => fetchOut(input, init), { signal });
};
fetchers.fetch = function (...given) {
  return counted("serviceCalls", () => ask.apply(this, given), { connects: false });
};
patch(Cache.prototype, "Cache");

/** A message's body as people read it; the same before it is sent and after it came. */
function readable(body) {
  if (typeof body === "string") return body;
  if (body instanceof ArrayBuffer) return `[${body.byteLength} bytes]`;
  if (ArrayBuffer.isView(body)) return `[${body.byteLength} bytes]`;
  try {
    return JSON.stringify(body) ?? String(body);
  } catch {
    return String(body);
  }
}

const lengthOf = (body) => body?.byteLength ?? sized(readable(body));

function checkMessages(messages) {
  const invocation = invocations.getStore();
  const over = (limit, figure, most, said) => {
    note(invocation, limit, figure, most, said);
    throw new Error(`Queue sendBatch failed: ${said}`);
  };
  for (const { size } of messages) {
    if (size > allowed.message) over("message size", size, allowed.message, `message length of ${size} bytes exceeds limit of ${allowed.message}`);
  }
  if (messages.length > allowed.batch) over("batch count", messages.length, allowed.batch, `batch message count of ${messages.length} exceeds limit of ${allowed.batch}`);
  const all = messages.reduce((sum, { size }) => sum + size, 0);
  if (messages.length > 1 && all > allowed.batchBytes) over("batch size", all, allowed.batchBytes, `batch size of ${all} bytes exceeds limit of ${allowed.batchBytes}`);
}

const queues = new WeakMap();

function patchQueue(prototype) {
  const { send, sendBatch } = prototype;
  const described = (body, options) => ({ body: readable(body), size: lengthOf(body), delay: options?.delaySeconds });
  const sending = async (queue, messages, start) => {
    checkMessages(messages);
    return counted("serviceCalls", async () => {
      // Told first: a message must not have come before it was sent.
      await tell({ sent: { queue: queues.get(queue), messages } });
      return start();
    });
  };
  prototype.send = function (body, options) {
    return sending(this, [described(body, options)], () => send.call(this, body, options));
  };
  prototype.sendBatch = function (messages, options) {
    const all = [...messages];
    return sending(this, all.map((one) => described(one.body, one)), () => sendBatch.call(this, all, options));
  };
}

let points = [];

/** Tells data points together that were written together. */
function keep(point) {
  points.push(point);
  if (points.length > 1) return;
  waitUntil(
    Promise.resolve()
      .then(() => {
        const together = points;
        points = [];
        return tell({ points: together });
      })
      .catch(() => {}),
  );
}

class Dataset {
  #name;
  constructor(name) {
    this.#name = name;
  }
  writeDataPoint(point = {}) {
    const invocation = invocations.getStore();
    const { blobs = [], doubles = [], indexes = [] } = point ?? {};
    if (blobs.length > 20) throw new TypeError("writeDataPoint(): Maximum of 20 blobs supported.");
    if (doubles.length > 20) throw new TypeError("writeDataPoint(): Maximum of 20 doubles supported.");
    if (indexes.length > 1) throw new TypeError("writeDataPoint(): Maximum of 1 index supported.");
    if (invocation !== undefined) {
      invocation.points += 1;
      if (invocation.points > allowed.points) {
        note(invocation, "points", invocation.points, allowed.points, `more than ${allowed.points} data points in one invocation: the rest are dropped`);
        return;
      }
    }
    const printed = (blob) => (blob === null || typeof blob === "string" ? blob : new TextDecoder().decode(blob));
    const kept = { at: Date.now(), blobs: blobs.map(printed), doubles: doubles.map(Number), indexes: indexes.map(printed) };
    keep({ dataset: this.#name, ...kept });
  }
}

const RAW = "EmailMessage::raw";

/** A mail binding that also shows what it sends in the inbox. */
const mailing = (binding, name) => ({
  async send(message) {
    const whole = RAW in message ? await new Response(message[RAW]).text() : undefined;
    const plain = whole === undefined ? message : { from: message.from, to: message.to, [RAW]: whole };
    const sent = await binding.send(plain);
    const { from, to, subject, text: body, html } = message;
    await tell({ mail: { binding: name, from, to: [to].flat(), raw: whole, subject, text: body, html } });
    return sent;
  },
});

const patched = new Set();
for (const [name, binding] of Object.entries(env)) {
  const type = binding?.constructor?.name;
  if (name in settings.datasets) env[name] = new Dataset(settings.datasets[name]);
  else if (settings.mail.includes(name)) env[name] = mailing(binding, name);
  else if (name in settings.queues) queues.set(binding, settings.queues[name]);
  if (patched.has(type)) continue;
  if (type in CALLS) patch(Object.getPrototypeOf(binding), type);
  else if (type === "WorkerQueue") patchQueue(Object.getPrototypeOf(binding));
  else continue;
  patched.add(type);
}

const begun = (on, self) => ({
  on, self, subrequests: 0, serviceCalls: 0, open: 0, waiting: [], points: 0, noted: new Set(),
});

/** Runs a consumer, and tells which messages wait no longer. */
async function consume(handler, batch, env, ctx) {
  const again = new Set();
  const done = new Set();
  let all;
  const bodies = new Map(batch.messages.map((message) => [message, readable(message.body)]));
  for (const message of batch.messages) {
    const { ack, retry } = message;
    message.ack = () => (done.add(message), again.delete(message), ack.call(message));
    message.retry = (options) => (again.add(message), retry.call(message, options));
  }
  const { ackAll, retryAll } = batch;
  batch.ackAll = () => ((all = "done"), ackAll.call(batch));
  batch.retryAll = (options) => ((all ??= "again"), retryAll.call(batch, options));
  try {
    return await handler(batch, env, ctx);
  } catch (problem) {
    all = "again";
    throw problem;
  } finally {
    const fate = (message) =>
      !done.has(message) && (again.has(message) || all === "again") ? "again" : "done";
    const messages = batch.messages.map((message) => ({ body: bodies.get(message), fate: fate(message) }));
    await tell({ came: { queue: batch.queue, messages } }).catch(() => {});
  }
}

const ABOUT = { fetch: ({ method }) => `fetch ${method}`, scheduled: ({ cron }) => `scheduled ${cron}`, queue: ({ queue }) => `queue ${queue}` };

function aroundHandlers(handlers) {
  const wrapped = {};
  for (const name of ["fetch", "scheduled", "queue", "email", "tail", "trace", "tailStream", "test"]) {
    if (typeof handlers?.[name] !== "function") continue;
    const call = (...given) => handlers[name](...given);
    wrapped[name] = (...given) =>
      invocations.run(begun(ABOUT[name]?.(given[0]) ?? name), () =>
        name === "queue" ? consume(call, ...given) : call(...given),
      );
  }
  return wrapped;
}

function aroundClass(Original) {
  const Wrapped = { [Original.name]: class extends Original {} }[Original.name];
  for (let level = Original.prototype; level !== null && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    if (["DurableObject", "WorkerEntrypoint"].includes(level.constructor?.name) && level !== Original.prototype) break;
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(level))) {
      if (typeof value !== "function" || name === "constructor" || Object.hasOwn(Wrapped.prototype, name)) continue;
      Wrapped.prototype[name] = function (...given) {
        // What an object calls of itself belongs to the invocation that it is in.
        if (invocations.getStore()?.self === this) return value.apply(this, given);
        const call = (...changed) => value.apply(this, changed);
        return invocations.run(begun(`${Original.name}.${name}`, this), () =>
          name === "queue" ? consume(call, ...given) : call(...given),
        );
      };
    }
  }
  return Wrapped;
}

/** An export of the Worker, with every invocation of it held to the limits. */
export function around(exported) {
  if (typeof exported === "function") return aroundClass(exported);
  return exported === undefined || exported === null ? exported : aroundHandlers(exported);
}
