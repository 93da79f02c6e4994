// The Node side of the runtime: one Miniflare, and so one workerd, for each group of the plan.
// Started as `host.mjs NODE_MODULES ROOT`. Python speaks to it over loopback HTTP with a token of
// this start; it tells events on stdout, one JSON object a line, and ends when its stdin does.

import { createServer } from "node:http";

import { answer } from "./calls.mjs";
import { groups } from "./groups.mjs";
import { Answer, Late } from "./patience.mjs";
import { tell } from "./tail.mjs";

const token = process.env.LOCALCLOUD_TOKEN;
delete process.env.LOCALCLOUD_TOKEN;
const PING_EVERY = 5_000;
const END_WITHIN = 3_000;

/** Why a call failed, without the stack and the paths that some messages hold. */
function inOneLine(problem) {
  if (problem instanceof Late) return "it did not answer in time";
  if (problem instanceof Answer) return problem.message;
  return String(problem?.message ?? problem).split("\n", 1)[0].replace(/(?:file:\/\/)?(?:\/[^\s/:'"()]+){2,}/g, "…");
}

async function handle(request, response) {
  if (request.headers.authorization !== `Bearer ${token}`) throw new Answer(403, "wrong token");
  await answer(request, response);
}

const server = createServer((request, response) => {
  handle(request, response).catch((problem) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const status = problem instanceof Answer ? problem.status : 503;
    response.writeHead(status, { "x-localcloud-problem": "1", "content-type": "text/plain; charset=utf-8" });
    response.end(inOneLine(problem));
  });
});

async function stop() {
  await Promise.race([
    Promise.all([...groups.values()].map((group) => group.end())),
    new Promise((resolve) => setTimeout(resolve, END_WITHIN)),
  ]);
  process.exit(0);
}

process.stdin.resume().on("end", stop).on("close", stop);
process.on("SIGTERM", stop);
process.on("SIGINT", () => {});
process.on("unhandledRejection", (problem) => tell({ event: "trouble", text: String(problem) }));
setInterval(() => {
  for (const group of groups.values()) void group.check(3);
}, PING_EVERY).unref();

server.listen(0, "127.0.0.1", () => tell({ event: "listening", port: server.address().port }));
