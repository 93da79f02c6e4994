// A small platform on loopback: services that can be broken and mended, and channels that remember what they got.
import { createServer } from "node:http";

/**
 * Like the platform's own stand-ins: a broken service answers 500 as text, one that needs a broken one 503 as JSON.
 * Paths: `/<service>/health`, `/<service>/health/<need>` for one need alone, `/inbox/<channel>` for messages.
 */
export class City {
  /** @param {Record<string, string[]>} needs */
  constructor(needs) {
    this.needs = needs;
    this.broken = new Set();
    this.hanging = new Set();
    this.delays = new Map();
    this.inbox = [];
    this.refusals = new Map();
    this.asked = 0;
    this.server = createServer((request, response) => this.#answer(request, response));
  }

  async open() {
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  async close() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  break(service) {
    this.broken.add(service);
  }

  mend(service) {
    this.broken.delete(service);
    this.hanging.delete(service);
  }

  /** Whether a service, or anything it needs, is broken. */
  fails(service) {
    return this.broken.has(service) || (this.needs[service] ?? []).some((need) => this.fails(need));
  }

  /** The channel refuses its next so many messages. */
  refuse(channel, times, status = 500) {
    this.refusals.set(channel, { times, status });
  }

  #answer(request, response) {
    const [, first, , part] = request.url.split("/");
    if (first === "inbox") {
      this.#receive(request, response);
      return;
    }
    this.asked += 1;
    if (this.hanging.has(first)) return;
    setTimeout(() => this.#health(first, part, response), this.delays.get(first) ?? 0);
  }

  #health(service, part, response) {
    if (this.broken.has(service)) {
      response.writeHead(500, { "Content-Type": "text/plain" }).end("Internal Server Error");
      return;
    }
    const fails = this.fails(part ?? service);
    response
      .writeHead(fails ? 503 : 200, { "Content-Type": "application/json" })
      .end(JSON.stringify({ status: fails ? "unhealthy" : "healthy" }));
  }

  #receive(request, response) {
    const channel = request.url.split("/")[2];
    let text = "";
    request.on("data", (chunk) => (text += chunk));
    request.on("end", () => {
      const refusal = this.refusals.get(channel);
      if (refusal !== undefined && refusal.times > 0) {
        refusal.times -= 1;
        this.inbox.push({ channel, refused: true, id: request.headers["x-belfry-message"] });
        response.writeHead(refusal.status).end();
        return;
      }
      this.inbox.push({
        channel,
        refused: false,
        id: request.headers["x-belfry-message"],
        kind: request.headers["x-belfry-kind"],
        incident: request.headers["x-belfry-incident"],
        authorization: request.headers.authorization ?? null,
        body: JSON.parse(text),
      });
      response.writeHead(200).end("ok");
    });
  }

  /** Messages that were taken, of one kind or of all. */
  taken(kind) {
    return this.inbox.filter((got) => !got.refused && (kind === undefined || got.kind === kind));
  }
}
