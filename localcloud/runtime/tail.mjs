// What workerd tells about each invocation, made into lines of events.

/** JSON in which a half of a surrogate pair, which is no character, stands as U+FFFD. */
export const wellFormed = (value) =>
  JSON.stringify(value).replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "$1\ufffd");

/** One line of events for Python. */
export const tell = (event) => process.stdout.write(`${wellFormed(event)}\n`);

/** Characters of one text that are handed on: more than are kept, so that no secret is cut in two where it shows. */
const LONGEST = 16_000;
/** Lines of one invocation that are handed on: the last ones. */
const LINES = 200;

/** Waits for what the tail tells about one run of a cron handler. */
export const runs = new Map();
export const runKey = (script, cron, at) => `${script}\n${cron}\n${at}`;

/** A stack or message without the lines of the guard that runs in front of the Worker. */
export const ownFrames = (stack) =>
  stack
    .split("\n")
    .filter((line) => !/^\s+at .*localcloud-(?:guard|entry)\.mjs/.test(line))
    .join("\n")
    .replaceAll("file:///", "");

/** One line of events for what the tail of a Worker brings. */
export function tellTail({ address: script, name }, item) {
  const { outcome, event, exceptions, logs, eventTimestamp, entrypoint } = item;
  tellTrace(script, name, item);
  const trigger =
    event?.request !== undefined
      ? { on: "fetch", what: `${event.request.method} ${new URL(event.request.url).pathname}` }
      : event?.cron !== undefined
        ? { on: "scheduled", what: event.cron, at: event.scheduledTime }
        : event?.queue !== undefined
          ? { on: "queue", what: event.queue, size: event.batchSize }
          : event?.rpcMethod !== undefined
            ? { on: "rpc", what: `${entrypoint ?? ""}.${event.rpcMethod}` }
            : { on: event?.scheduledTime !== undefined ? "alarm" : "other", what: entrypoint ?? "" };
  const thrown = exceptions.map(({ name: kind, message, stack }) =>
    cut({ text: `${kind}: ${message}`, stack: ownFrames(stack ?? "") }),
  );
  if (trigger.on === "scheduled") runs.get(runKey(script, trigger.what, trigger.at))?.(thrown);
  const lines = logs.slice(-LINES).map(({ level, message, timestamp }) => ({
    level,
    at: timestamp,
    ...cut({ text: [message].flat().map(printed).join(" ") }),
  }));
  if (thrown.length === 0 && lines.length === 0) return;
  tell({ event: "tail", script, at: eventTimestamp, outcome, trigger, thrown, lines });
}

const printed = (value) => (typeof value === "string" ? value : JSON.stringify(value));

/** Texts that are not too long to be handed on, and how long those were that are cut. */
function cut(texts) {
  const long = Object.entries(texts).filter(([, text]) => text.length > LONGEST);
  const shorter = Object.fromEntries(long.map(([name, text]) => [name, text.slice(0, LONGEST)]));
  return { ...texts, ...shorter, lengths: Object.fromEntries(long.map(([name, text]) => [name, text.length])) };
}

let traced = new Set();
let last = 0;

/** Says whose invocations somebody follows: only theirs are told whole. What was overtaken counts no more. */
export function follow({ order, workers }) {
  if (order < last) return;
  last = order;
  traced = new Set(workers);
}

/** Tells a whole invocation, as Cloudflare's tails have it, to those who follow the Worker. */
function tellTrace(script, name, item) {
  if (!traced.has(script)) return;
  const { exceptions, scriptVersion, ...rest } = item;
  const thrown = exceptions.map(({ stack, ...problem }) => ({ ...problem, stack: stack && ownFrames(stack) }));
  tell({ event: "trace", script, item: { ...rest, scriptName: name, exceptions: thrown } });
}
