// Uses more than Cloudflare allows, in every way that a request can ask for; for tests of limits.
import { DurableObject } from "cloudflare:workers";

const times = (count, act) => Promise.all(Array.from({ length: count }, (_, index) => act(index)));
const settled = (promise) => promise.then(String, (problem) => `refused: ${problem.message}`);

export class Spender extends DurableObject {
  async fetches(url, count) {
    return settled(times(count, () => fetch(url).then((answer) => answer.text())).then((all) => all.length));
  }
}

const ways = {
  fetches: async ({ to, count }) => settled(times(count, () => fetch(to).then((a) => a.text())).then((all) => all.length)),
  object: async ({ to, count }, env) => env.SPENDER.getByName("one").fetches(to, count),
  reads: async ({ count }, env) => settled(times(count, () => env.KV.get("nothing")).then((all) => all.length)),
  // Six that nothing ends, and three that give up: only those are waited for.
  late: async ({ to, within }) => {
    const answers = Array.from({ length: 9 }, (_, index) =>
      fetch(to, index < 6 ? {} : { signal: AbortSignal.timeout(within) }).then(() => "answered", ({ name }) => name),
    );
    return JSON.stringify(await Promise.all(answers.slice(6)));
  },
  value: async ({ size }, env) => settled(env.KV.put("value", "v".repeat(size))),
  key: async ({ size }, env) => settled(env.KV.put("k".repeat(size), "v")),
  metadata: async ({ size }, env) => settled(env.KV.put("m", "v", { metadata: "m".repeat(size) })),
  message: async ({ size }, env) => settled(env.QUEUE.send("q".repeat(size))),
  batch: async ({ count }, env) => settled(env.QUEUE.sendBatch(Array.from({ length: count }, (_, body) => ({ body })))),
  points: async ({ count }, env) => {
    for (let index = 0; index < count; index += 1) env.POINTS.writeDataPoint({ doubles: [index], blobs: ["p"], indexes: ["i"] });
    return "written";
  },
  blobs: async ({ count }, env) => settled((async () => env.POINTS.writeDataPoint({ blobs: Array(count).fill("b") }))()),
  throws: async () => {
    throw new TypeError("on line 39");
  },
  sees: async (_, env) => JSON.stringify(Object.keys(env).sort()),
};

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const asked = Object.fromEntries(url.searchParams);
    const numbers = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, name === "to" ? value : Number(value)]));
    return new Response(await ways[url.pathname.slice(1)](numbers, env));
  },
};
