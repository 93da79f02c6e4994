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

/** What a D1 database does: all statements, or none. */
const d1 = {
  async POST(database, _, request) {
    const statements = await request.json();
    try {
      const prepared = statements.map(({ sql, params }) => database.prepare(sql).bind(...params));
      return Response.json({ results: await database.batch(prepared) });
    } catch (problem) {
      return Response.json({ error: problem.message.replace(/^D1_ERROR: /, "") });
    }
  },
};

const kinds = { kv, r2, d1 };

/** What storage says when it fails without the caller's doing. */
const OWN_FAULT = /internal error|network connection lost|failed: 5\d\d|\(10001\)/i;

/** The refusal of a call: 400 for what the caller asked, 500 for what is wrong with storage; never a stack. */
function refused(problem) {
  const reason = String(problem?.message ?? problem).split("\n", 1)[0];
  return new Response(reason, { status: OWN_FAULT.test(reason) ? 500 : 400, headers: { "x-localcloud-refused": "1" } });
}

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const kind = kinds[url.pathname.slice(1)];
    if (kind === undefined) return new Response("alive");
    const held = shelf(env, url);
    if (held === undefined) return new Response("it has gone meanwhile", { status: 404, headers: { "x-localcloud-gone": "1" } });
    const prefix = url.searchParams.get("prefix");
    try {
      if (prefix !== null) return await kind.list(held, prefix);
      return await kind[request.method](held, url.searchParams.get("key"), request);
    } catch (problem) {
      return refused(problem);
    }
  },

  async tail(events, env) {
    await env.HOST.fetch("http://host/", { method: "POST", body: JSON.stringify(events) });
  },
};
