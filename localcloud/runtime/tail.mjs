// What workerd tells about each invocation, made into lines of events.

/** One line of events for Python. */
export const tell = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

/** Waits for what the tail tells about one run of a cron handler. */
export const runs = new Map();
export const runKey = (script, cron, at) => `${script}\n${cron}\n${at}`;

/** One line of events for what the tail of a Worker brings; nothing of what requests carry. */
export function tellTail(script, { outcome, event, exceptions, logs, eventTimestamp, entrypoint }) {
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
  const thrown = exceptions.map(({ name, message, stack }) => ({
    text: `${name}: ${message}`,
    stack: (stack ?? "").replaceAll("file:///", ""),
  }));
  if (trigger.on === "scheduled") runs.get(runKey(script, trigger.what, trigger.at))?.(thrown);
  const lines = logs.map(({ level, message, timestamp }) => ({
    level,
    at: timestamp,
    text: [message].flat().map(printed).join(" ").slice(0, 2000),
  }));
  if (thrown.length === 0 && lines.length === 0) return;
  tell({ event: "tail", script, at: eventTimestamp, outcome, trigger, thrown, lines });
}

const printed = (value) => (typeof value === "string" ? value : JSON.stringify(value));
