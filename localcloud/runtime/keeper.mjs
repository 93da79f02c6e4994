// Runs beside the uploaded Workers of a group, bound to the same storage. It answers for that storage
// when nobody else does, and hands on what workerd tells about every invocation.

const shelf = (env, url) => env[url.searchParams.get("shelf")];

const metadataHeader = (metadata) => encodeURIComponent(JSON.stringify(metadata ?? null));

/** What a KV namespace does for each method. */
const kv = {
  async GET(namespace, key) {
    const { value, metadata } = await namespace.getWithMetadata(key, "stream");
    if (value === null) return new Response(null, { status: 404 });
    return new Response(value, { headers: { "x-metadata": metadataHeader(metadata) } });
  },
  async PUT(namespace, key, request) {
    const options = JSON.parse(decodeURIComponent(request.headers.get("x-options") ?? "%7B%7D"));
    await namespace.put(key, await request.arrayBuffer(), options);
    return new Response(null, { status: 204 });
  },
  async DELETE(namespace, key) {
    await namespace.delete(key);
    return new Response(null, { status: 204 });
  },
  async list(namespace, prefix) {
    const found = [];
    for (let cursor; ; ) {
      const page = await namespace.list({ prefix, cursor });
      found.push(...page.keys);
      if (page.list_complete) return Response.json(found);
      cursor = page.cursor;
    }
  },
};

/** What an R2 bucket does for each method. */
const r2 = {
  async GET(bucket, key) {
    const object = await bucket.get(key);
    if (object === null) return new Response(null, { status: 404 });
    const type = object.httpMetadata?.contentType ?? "";
    return new Response(object.body, { headers: { "x-media-type": encodeURIComponent(type) } });
  },
  async PUT(bucket, key, request) {
    const options = JSON.parse(decodeURIComponent(request.headers.get("x-options") ?? "%7B%7D"));
    await bucket.put(key, await request.arrayBuffer(), options);
    return new Response(null, { status: 204 });
  },
  async DELETE(bucket, key) {
    await bucket.delete(key);
    return new Response(null, { status: 204 });
  },
  async list(bucket, prefix) {
    const found = [];
    for (let cursor; ; ) {
      const page = await bucket.list({ prefix, cursor });
      for (const { key, size, etag, uploaded } of page.objects) {
        found.push({ key, size, etag, last_modified: uploaded.toISOString() });
      }
      if (!page.truncated) return Response.json(found);
      cursor = page.cursor;
    }
  },
};

const kinds = { kv, r2 };

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const kind = kinds[url.pathname.slice(1)];
    if (kind === undefined) return new Response("alive");
    const prefix = url.searchParams.get("prefix");
    if (prefix !== null) return kind.list(shelf(env, url), prefix);
    return kind[request.method](shelf(env, url), url.searchParams.get("key"), request);
  },

  async tail(events, env) {
    await env.HOST.fetch("http://host/", { method: "POST", body: JSON.stringify(events) });
  },
};
