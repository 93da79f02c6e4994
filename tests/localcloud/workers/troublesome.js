// Fails in every way in which a Worker can.
const ways = {
  "/throws": () => {
    throw new TypeError("the sky fell");
  },
  "/betrays": (env) => {
    console.log("the word is", env.SECRET_WORD);
    throw new Error(`do not tell: ${env.SECRET_WORD}`);
  },
  "/hangs": () => new Promise(() => {}),
  "/late": () => new Promise((resolve) => setTimeout(() => resolve(new Response("at last")), 60_000)),
  "/spins": () => {
    for (;;);
  },
};

export default {
  async fetch(request, env) {
    return (await ways[new URL(request.url).pathname]?.(env)) ?? new Response("fine, this time");
  },
  async scheduled(event) {
    if (event.cron === "1 * * * *") throw new RangeError("no such hour");
    if (event.cron === "2 * * * *") await new Promise(() => {});
  },
};
