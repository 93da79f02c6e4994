// The monitoring Worker: a clock ticks, shards of checks come from a queue, people and machines ask how things stand.
import { upkeep } from "./archive.js";
import { answer } from "./http.js";
import { logger } from "./log.js";
import { begin, load, runShard } from "./tick.js";

export { Coordinator } from "./coordinator.js";
export { Observations } from "./observations.js";

/** @typedef {import("./env.js").Env} Env */

/** The cron expression of the hourly upkeep; every other one ticks the checks. */
const UPKEEP = "17 * * * *";
/** A shard that has waited so long in the queue is of no use: its tick has been judged without it. */
const TOO_LATE = 120_000;

/** @satisfies {ExportedHandler<Env, import("./tick.js").ShardMessage>} */
const worker = {
  fetch: (request, env) => answer(request, env),

  async scheduled({ cron, scheduledTime }, env) {
    if (cron === UPKEEP) await upkeep(env, await load(env, scheduledTime), scheduledTime);
    else await begin(env, scheduledTime);
  },

  async queue({ messages }, env) {
    for (const message of messages) {
      if (Date.now() - message.timestamp.getTime() >= TOO_LATE) continue;
      try {
        await runShard(env, message.body);
      } catch (error) {
        const { run, shard } = message.body;
        logger(env.LOG_LEVEL)("error", "shard", {
          run,
          shard,
          error: error instanceof Error ? error.name : "unknown",
        });
        message.retry();
      }
    }
  },
};

export default worker;
