// What the deployment binds to the Worker.

/**
 * @typedef {{
 *   CONFIG: KVNamespace, ARCHIVE: R2Bucket, SHARDS: Queue<import("./tick.js").ShardMessage>,
 *   OBSERVATIONS: DurableObjectNamespace<import("./observations.js").Observations>,
 *   COORDINATOR: DurableObjectNamespace<import("./coordinator.js").Coordinator>,
 *   PLATFORM: string, ENVIRONMENT: string, LOG_LEVEL: string,
 * }} Env and one text for each secret, under `SECRET_…`
 */

export const CONFIG_KEY = "config";
export const STATUS_KEY = "status";

/** @param {Env} env */
export function observations(env) {
  return env.OBSERVATIONS.get(env.OBSERVATIONS.idFromName("observations"));
}

/** @param {Env} env */
export function coordinator(env) {
  return env.COORDINATOR.get(env.COORDINATOR.idFromName("coordinator"));
}

/**
 * The value of a secret; null when the deployment set none. Only names of secrets are looked up.
 * @param {Env} env
 * @param {string} name
 * @returns {string | null}
 */
export function secret(env, name) {
  if (!name.startsWith("SECRET_")) return null;
  const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (env))[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * Asks a Durable Object, once more if it had to start again (new code, a moved machine) or was briefly overloaded.
 * @template T
 * @param {() => Promise<T>} ask must be safe to repeat
 * @returns {Promise<T>}
 */
export async function twice(ask) {
  try {
    return await ask();
  } catch (error) {
    const { retryable } = /** @type {{ retryable?: boolean }} */ (error);
    const isReset = error instanceof Error && /durable object reset/i.test(error.message);
    if (!retryable && !isReset) throw error;
    return ask();
  }
}
