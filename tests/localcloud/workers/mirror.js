// Tells what a request looked like when it arrived.
export default {
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/away") return Response.redirect("https://elsewhere.example/", 302);
    if (url.pathname === "/own-500") return new Response("my own words", { status: 500 });
    if (url.pathname === "/empty") return new Response(null, { status: 204, headers: { "x-kept": "yes" } });
    if (url.pathname === "/cookies") {
      const headers = new Headers([["set-cookie", "a=1"], ["set-cookie", "b=2"]]);
      return new Response("two", { headers });
    }
    return Response.json({
      method: request.method,
      path: url.pathname + url.search,
      origin: url.origin,
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    });
  },
};
