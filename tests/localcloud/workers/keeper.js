// Puts something into everything that it is bound to, for tests of what can be looked at.
import { EmailMessage } from "cloudflare:email";
import { WorkerEntrypoint } from "cloudflare:workers";

export class Greeter extends WorkerEntrypoint {
  async greet(name) {
    return `hello ${name}`;
  }
}

const ways = {
  table: async (env) => {
    await env.DB.exec("CREATE TABLE IF NOT EXISTS checks (id INTEGER PRIMARY KEY, name TEXT)");
    await env.DB.prepare("INSERT INTO checks (name) VALUES (?), (?)").bind("database", "api").run();
  },
  points: async (env) => {
    env.POINTS.writeDataPoint({ indexes: ["database"], blobs: ["ok", null], doubles: [1, 2.5] });
    env.POINTS.writeDataPoint({ indexes: ["api"] });
  },
  send: async (env) => {
    await env.KEPT.send({ number: 1 }, { delaySeconds: 0 });
    await env.KEPT.sendBatch([{ body: "two" }]);
  },
  mail: async (env) => {
    const head = "From: probe@belfry.example\r\nTo: me@belfry.example\r\nMessage-ID: <1@belfry.example>\r\n";
    const raw = `${head}Subject: Database is down\r\n\r\nIt has been for 3 min.\r\n`;
    await env.MAIL.send(new EmailMessage("probe@belfry.example", "me@belfry.example", raw));
    await env.MAIL.send({ from: "probe@belfry.example", to: "me@belfry.example", subject: "Built", text: "so" });
  },
  bound: async (env) => ({
    version: env.VERSION,
    connection: env.DATABASE.connectionString,
    greeting: await env.SELF.greet("you"),
    limited: [await env.LIMIT.limit({ key: "k" }), await env.LIMIT.limit({ key: "k" })],
  }),
};

export default {
  async fetch(request, env) {
    console.log("asked for", new URL(request.url).pathname, { word: env.WORD });
    return Response.json((await ways[new URL(request.url).pathname.slice(1)]?.(env)) ?? "done");
  },
  async scheduled({ cron, scheduledTime }, env) {
    await env.KV.put(new Date(scheduledTime).toISOString(), cron);
  },
};
