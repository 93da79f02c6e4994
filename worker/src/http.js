// The addresses of the Worker. Everything is JSON but the metrics; everything is read but votes.
import { ConfigError } from "./config.js";
import { coordinator, observations, secret, STATUS_KEY, twice } from "./env.js";
import { health } from "./health.js";
import { logger } from "./log.js";
import { metrics } from "./metrics.js";
import { load } from "./tick.js";
import { vote, VOTE_BYTES } from "./votes.js";

/**
 * @typedef {import("./env.js").Env} Env
 * @typedef {(request: Request, env: Env) => Promise<Response>} Handler
 */

/** @type {Record<string, { method: "GET" | "POST", handle: Handler }>} */
const ROUTES = {
  "/monitoring/health": { method: "GET", handle: getHealth },
  "/monitoring/metrics": { method: "GET", handle: getMetrics },
  "/monitoring/status": { method: "GET", handle: getStatus },
  "/alerts/vote": { method: "POST", handle: postVote },
};

/** @type {Handler} */
export async function answer(request, env) {
  const { pathname } = new URL(request.url);
  const route = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : undefined;
  if (route === undefined)
    return json(
      { error: `nothing is at this path: there are ${Object.keys(ROUTES).join(", ")}` },
      404,
    );
  if (request.method !== route.method) {
    return json({ error: `${pathname} takes ${route.method} only` }, 405, { Allow: route.method });
  }
  try {
    return await route.handle(request, env);
  } catch (error) {
    if (error instanceof ConfigError) return json({ error: error.message }, 503);
    logger(env.LOG_LEVEL)("error", "request", {
      pathname,
      error: error instanceof Error ? error.name : "unknown",
    });
    return json({ error: "the monitoring cannot answer at present" }, 500);
  }
}

/** @type {Handler} */
async function getHealth(_, env) {
  const [vitals, misconfigured] = await Promise.all([coordinator(env).vitals(), wrongWith(env)]);
  const body = health(vitals, misconfigured, Date.now());
  return json(body, body.status === "healthy" ? 200 : 503);
}

/** @type {Handler} */
async function getMetrics(_, env) {
  const [config, latest, figures] = await Promise.all([
    load(env, Date.now()),
    observations(env).latest(),
    coordinator(env).figures(),
  ]);
  const text = metrics(config, latest, figures, figures.vitals.tick ?? Date.now());
  return new Response(text, {
    headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
  });
}

/** @type {Handler} */
async function getStatus(_, env) {
  const kept = await env.CONFIG.get(STATUS_KEY);
  return kept === null ? json({ error: "no tick has come yet" }, 503) : json(JSON.parse(kept), 200);
}

/** @type {Handler} */
async function postVote(request, env) {
  const key = secret(env, "SECRET_VOTE_KEY");
  if (key === null)
    return json({ error: "votes are not taken: the secret vote-key is not set" }, 503);
  const own = request.headers.get("cf-webhook-auth");
  const given = own ?? /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
  if (!(await isSame(given, key))) return json({ error: "the key is wrong or missing" }, 401);
  const text = await bounded(request, VOTE_BYTES);
  if (text === null) return json({ error: `a vote has at most ${VOTE_BYTES} bytes` }, 413);
  const opinion = vote(parsed(text), own !== null);
  if (opinion === null) return json({ error: "a vote is a JSON object" }, 400);
  const isCounted = await twice(() => coordinator(env).vote(opinion));
  return isCounted
    ? json({ recorded: true }, 202)
    : json({ error: "no tick has come yet: say it again" }, 503, { "Retry-After": "60" });
}

/**
 * What is wrong with the configuration that the next tick would read.
 * @param {Env} env
 */
async function wrongWith(env) {
  try {
    await load(env, Date.now());
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/**
 * Compares in a time that tells nothing about the key.
 * @param {string} given
 * @param {string} key
 */
async function isSame(given, key) {
  const digest = (/** @type {string} */ text) =>
    crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return crypto.subtle.timingSafeEqual(...(await Promise.all([digest(given), digest(key)])));
}

/**
 * The body's text; null when it is longer than allowed, of which no more is read.
 * @param {Request} request
 * @param {number} most
 */
async function bounded(request, most) {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return /** @type {unknown} */ (JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * @param {object} body
 * @param {number} code
 * @param {Record<string, string>} [headers]
 */
function json(body, code, headers = {}) {
  return Response.json(body, {
    status: code,
    headers: { "Cache-Control": "no-store", ...headers },
  });
}
