// Keeps numbers in a Durable Object and tells what it sees, for tests of the runtime.
import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async add() {
    const count = ((await this.ctx.storage.get("count")) ?? 0) + 1;
    await this.ctx.storage.put("count", count);
    return count;
  }
  async ringIn(ms) {
    await this.ctx.storage.setAlarm(Date.now() + ms);
  }
  async alarm() {
    await this.ctx.storage.put("rang", true);
  }
  async rang() {
    return (await this.ctx.storage.get("rang")) ?? false;
  }
}

const pages = {
  "/count": async (_, env) => Response.json(await env.COUNTER.getByName("one").add()),
  "/ring": async (url, env) => {
    await env.COUNTER.getByName("one").ringIn(Number(url.searchParams.get("in")));
    return new Response("set");
  },
  "/rang": async (_, env) => Response.json(await env.COUNTER.getByName("one").rang()),
  "/config": async (_, env) => new Response(await env.CONFIG.get("config")),
  "/remember": async (url, env) => {
    await env.CONFIG.put("remembered", url.searchParams.get("what"), { metadata: { by: "worker" } });
    return new Response("kept");
  },
  "/archive": async (_, env) => {
    await env.ARCHIVE.put("2026/one.txt", "archived", { httpMetadata: { contentType: "text/plain" } });
    return new Response("archived");
  },
  "/send": async (url, env) => {
    await env.SHARDS.send({ number: Number(url.searchParams.get("number")) });
    return new Response("sent");
  },
  "/variables": async (_, env) => Response.json({ place: env.PLACE, secret: env.SECRET_WORD, flags: env.FLAGS }),
};

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const page = pages[url.pathname];
    return page === undefined ? new Response("no such page", { status: 404 }) : page(url, env);
  },
  async queue(batch, env) {
    await env.CONFIG.put("queued", JSON.stringify(batch.messages.map(({ body }) => body.number)));
  },
  async scheduled(event, env) {
    await env.CONFIG.put(`ran ${event.cron}`, String(event.scheduledTime));
  },
};
