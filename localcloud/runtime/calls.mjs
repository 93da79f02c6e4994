// The calls that Python makes: a request for a Worker, a run of a cron handler, a look into storage.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { KEEPER } from "./group.mjs";
import { groupOfShelf, running, setPlan } from "./groups.mjs";
import { Answer, Late, within } from "./patience.mjs";
import { waitingIn } from "./queues.mjs";
import { follow, ownFrames, runKey, runs, wellFormed } from "./tail.mjs";

const SHELF_PATIENCE = 30_000;
const AGAIN_AFTER = 250;

const HOP = new Set([
  "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
  "transfer-encoding", "upgrade", "host", "expect", "content-length", "authorization",
]);
const NOT_BACK = new Set([
  "connection", "keep-alive", "transfer-encoding", "mf-content-encoding", "content-encoding", "content-length",
]);

/** Headers for the Worker: those of the caller, whose Authorization travels under another name. */
function inward(request) {
  const headers = [];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i].toLowerCase();
    if (name === "x-localcloud-authorization") headers.push(["authorization", request.rawHeaders[i + 1]]);
    else if (!HOP.has(name) && !name.startsWith("x-localcloud-") && !name.startsWith("mf-")) {
      headers.push([name, request.rawHeaders[i + 1]]);
    }
  }
  return headers;
}

const seconds = (value, fallback) => 1000 * Number(value ?? fallback);

async function forward(request, response, address) {
  const url = decodeURIComponent(request.headers["x-localcloud-url"]);
  const limit = seconds(request.headers["x-localcloud-within"], 30);
  const bodiless = request.method === "GET" || request.method === "HEAD";
  const init = { method: request.method, headers: inward(request) };
  if (!bodiless) Object.assign(init, { body: Readable.toWeb(request), duplex: "half" });
  let answer;
  for (let attempt = 0; answer === undefined; attempt += 1) {
    const { group, name } = await running(address);
    try {
      answer = await within(limit, group.serve(name, url, init));
    } catch (problem) {
      if (problem instanceof Late) {
        void group.check(1);
        throw new Answer(504, `The Worker did not answer within ${limit / 1000} s.`);
      }
      // The process was replaced or died under the request; what changes nothing may be asked again.
      if (!bodiless || attempt >= 3) throw new Answer(503, "The Worker was restarted while it answered.");
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
    }
  }
  if (answer.status === 500 && answer.headers.get("content-type") === "text/plain;charset=UTF-8") {
    const text = await answer.text();
    const thrown = /^([^]*?)\n\s+at async Object\.fetch \(.*entry\.worker\.js/.exec(text);
    if (thrown) {
      const hung = thrown[1].includes("had hung");
      throw new Answer(hung ? 504 : 500, hung ? "The Worker never answers: it hangs." : ownFrames(thrown[1]));
    }
    answer = new Response(text, { status: 500, headers: answer.headers });
  }
  const headers = [...answer.headers].filter(([name]) => !NOT_BACK.has(name)).flat();
  response.writeHead(answer.status, headers);
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body), response);
}

/** Runs a cron handler once. */
async function scheduled({ script, cron, at, limit }) {
  const started = performance.now();
  const ended = (error) => ({ ok: error === null, error, ms: Math.round(performance.now() - started) });
  const key = runKey(script, cron, at);
  const tailed = new Promise((resolve) => runs.set(key, resolve));
  let group;
  try {
    const { group: present, name } = await running(script);
    group = present;
    const worker = await group.miniflare.getWorker(name);
    const { outcome } = await within(
      1000 * limit,
      worker.scheduled({ cron, scheduledTime: new Date(at) }),
    );
    if (outcome === "ok") return ended(null);
    const thrown = await within(1000, tailed).catch(() => []);
    return ended(thrown[0]?.text ?? "The handler hangs: it waits for something that never comes.");
  } catch (problem) {
    if (problem instanceof Answer) return ended(problem.message);
    if (!(problem instanceof Late)) return ended(`The Worker was restarted while it ran: ${problem.message}`);
    void group.check(1);
    return ended(`The handler did not end within ${limit} s.`);
  } finally {
    runs.delete(key);
  }
}

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function json(response, value) {
  response.writeHead(200, { "content-type": "application/json" }).end(wellFormed(value));
}

/** Reads, writes, lists or asks what a namespace, bucket or database holds. */
async function shelve(request, response, url) {
  const [, , kind, id] = url.pathname.split("/");
  const group = await groupOfShelf(kind, id);
  const target = new URL(`http://keeper/${kind}`);
  target.search = url.search;
  target.searchParams.set("shelf", id);
  const init = { method: request.method, headers: inward(request) };
  if (request.method === "PUT" || request.method === "POST") init.body = await body(request);
  const answer = await within(SHELF_PATIENCE, group.ask(KEEPER, target.href, init));
  const headers = [...answer.headers].filter(([name]) => !NOT_BACK.has(name)).flat();
  response.writeHead(answer.status, headers);
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/**
 * Answers one call.
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export async function answer(request, response) {
  const url = new URL(request.url, "http://host");
  const [, what, name, more] = url.pathname.split("/");
  if (what === "plan") json(response, await setPlan(JSON.parse(await body(request))));
  else if (what === "scheduled") json(response, await scheduled(JSON.parse(await body(request))));
  else if (what === "fetch") await forward(request, response, decodeURIComponent(name));
  else if (what === "shelf") await shelve(request, response, url);
  else if (what === "follow") json(response, follow(JSON.parse(await body(request))) ?? null);
  else if (what === "waiting") json(response, waitingIn(name, decodeURIComponent(more)));
  else throw new Answer(404, "unknown call");
}
