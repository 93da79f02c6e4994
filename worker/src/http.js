// The addresses of the Worker. Everything is JSON but the metrics and the page of an incident; everything is read but votes
// and answers.
import { LONGEST_SILENCE } from "./answers.js";
import { ConfigError } from "./config.js";
import { coordinator, observations, secret, STATUS_KEY, twice } from "./env.js";
import { health } from "./health.js";
import { page } from "./incident_page.js";
import { isSame } from "./keys.js";
import { logger } from "./log.js";
import { metrics } from "./metrics.js";
import { load } from "./tick.js";
import { vote, VOTE_BYTES } from "./votes.js";

/**
 * @typedef {import("./env.js").Env} Env
 * @typedef {(request: Request, env: Env) => Promise<Response>} Handler
 */

const INCIDENTS = "/monitoring/incidents/";
const ANSWER_BYTES = 4096;
/** Characters of whoever answers. */
const NAME_LENGTH = 80;

/** @type {Record<string, Record<string, Handler>>} by path and method */
const ROUTES = {
  "/monitoring/health": { GET: getHealth },
  "/monitoring/metrics": { GET: getMetrics },
  "/monitoring/status": { GET: getStatus },
  [`${INCIDENTS}<incident>`]: { GET: getIncident, POST: postIncident },
  "/alerts/vote": { POST: postVote },
};

/** @type {Handler} */
export async function answer(request, env) {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(INCIDENTS) ? `${INCIDENTS}<incident>` : pathname;
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (route === undefined)
    return json(
      { error: `nothing is at this path: there are ${Object.keys(ROUTES).join(", ")}` },
      404,
    );
  const handle = Object.hasOwn(route, request.method) ? route[request.method] : undefined;
  if (handle === undefined) {
    const methods = Object.keys(route);
    return json({ error: `${path} takes ${methods.join(" and ")} only` }, 405, {
      Allow: methods.join(", "),
    });
  }
  try {
    return await handle(request, env);
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

/**
 * The same page for each incident: what it shows, it asks for with the key of the link.
 * @type {Handler}
 */
async function getIncident() {
  const nonce = crypto.randomUUID();
  const rules = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return new Response(page(nonce), {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": rules.join("; "),
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Robots-Tag": "noindex",
    },
  });
}

/** What an answer was refused for, and the code of the refusal. */
const REFUSED = /** @type {const} */ ({
  key: [401, "the key is wrong or missing: follow the link of a message about this incident"],
  early: [503, "no tick has come yet: try again in a minute"],
  forgotten: [404, "nothing is known of this incident any longer"],
  over: [409, "it is over: there is nothing to acknowledge"],
});

/** @type {Handler} */
async function postIncident(request, env) {
  const id = incidentOf(request.url);
  const text = await bounded(request, ANSWER_BYTES);
  const said = text === null ? null : answerOf(parsed(text));
  if (id === null || said === null)
    return json(
      {
        error:
          `an answer is JSON: does (look, acknowledge, silence or release), by (a name or nothing),` +
          ` seconds (of a silence, 60 to ${LONGEST_SILENCE})`,
      },
      400,
    );
  const result = await coordinator(env).answer(id, bearer(request), said.answer);
  if ("shown" in result) return json(result.shown, 200);
  const [code, error] = REFUSED[result.refused];
  return json({ error }, code);
}

/** @param {string} url */
function incidentOf(url) {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(INCIDENTS.length)) || null;
  } catch {
    return null;
  }
}

/**
 * @param {unknown} body
 * @returns {{ answer: import("./answers.js").Answer | null } | null} null when it says nothing that can be meant
 */
function answerOf(body) {
  if (typeof body !== "object" || body === null) return null;
  const { does, by = null, seconds = 0 } = /** @type {Record<string, unknown>} */ (body);
  if (by !== null && typeof by !== "string") return null;
  if (does === "look") return { answer: null };
  if (does !== "acknowledge" && does !== "silence" && does !== "release") return null;
  if (typeof seconds !== "number") return null;
  if (does === "silence" && !(seconds >= 60 && seconds <= LONGEST_SILENCE)) return null;
  return { answer: { does, by: by?.trim().slice(0, NAME_LENGTH) || null, seconds } };
}

/** @param {Request} request */
function bearer(request) {
  return /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
}

/** @type {Handler} */
async function postVote(request, env) {
  const key = secret(env, "SECRET_VOTE_KEY");
  if (key === null)
    return json({ error: "votes are not taken: the secret vote-key is not set" }, 503);
  const own = request.headers.get("cf-webhook-auth");
  if (!(await isSame(own ?? bearer(request), key))) return json({ error: "the key is wrong or missing" }, 401);
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
