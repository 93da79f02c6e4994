// Belfry, the monitoring Worker. Apache-2.0.

// src/env.js
var CONFIG_KEY = "config";
var STATUS_KEY = "status";
function observations(env) {
  return env.OBSERVATIONS.get(env.OBSERVATIONS.idFromName("observations"));
}
function coordinator(env) {
  return env.COORDINATOR.get(env.COORDINATOR.idFromName("coordinator"));
}
function secret(env, name) {
  if (!name.startsWith("SECRET_")) return null;
  const value = (
    /** @type {Record<string, unknown>} */
    /** @type {unknown} */
    env[name]
  );
  return typeof value === "string" && value !== "" ? value : null;
}
async function twice(ask) {
  try {
    return await ask();
  } catch (error) {
    const { retryable } = (
      /** @type {{ retryable?: boolean }} */
      error
    );
    const isReset = error instanceof Error && /durable object reset/i.test(error.message);
    if (!retryable && !isReset) throw error;
    return ask();
  }
}

// src/packing.js
function pack(results) {
  return {
    up: results.map(({ up }) => up === null ? "?" : up ? "u" : "d").join(""),
    times: results.map(({ seconds }) => seconds === null ? "" : Math.round(seconds * 1e3).toString(36)).join(",")
  };
}
function unpack({ up, times }, at) {
  const parts = times.split(",");
  return [...up].map((letter, index) => {
    const time = parts[index] ?? "";
    return {
      at,
      up: letter === "?" ? null : letter === "u",
      seconds: time === "" ? null : parseInt(time, 36) / 1e3,
      detail: null
    };
  });
}

// src/archive.js
var HOURS_AT_ONCE = 24;
async function upkeep(env, config, now) {
  const store = observations(env);
  for (let count = 0; count < HOURS_AT_ONCE; count += 1) {
    const batch = await store.unarchived(now);
    if (batch === null) break;
    const body = await compress(lines(batch));
    await env.ARCHIVE.put(keyOf(batch.hour), body, {
      httpMetadata: { contentType: "application/x-ndjson", contentEncoding: "gzip" }
    });
    await store.archived(batch.hour);
  }
  await store.prune(now - config.retention.observations * 1e3);
  await coordinator(env).prune(now - config.retention.archive * 1e3);
}
function keyOf(hour) {
  return `observations/${new Date(hour).toISOString().slice(0, 13).replace(/[-T]/g, "/")}.ndjson.gz`;
}
function lines({ rows, transitions }) {
  const observed = rows.map(({ tick, shard, checks, up, times }) => {
    const samples = unpack({ up, times }, tick);
    const results = Object.fromEntries(
      checks.map((check, index) => [
        check,
        { up: samples[index]?.up ?? null, seconds: samples[index]?.seconds ?? null }
      ])
    );
    return { at: new Date(tick).toISOString(), shard, results };
  });
  const changed = transitions.map(({ rule, tick, state, since, detail }) => ({
    at: new Date(tick).toISOString(),
    ...{ rule, state, since: new Date(since).toISOString(), detail }
  }));
  return [...observed, ...changed].map((line) => `${JSON.stringify(line)}
`).join("");
}
async function compress(text4) {
  const stream = new Blob([text4]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// src/needs.js
function neededBy(services, service) {
  const found = /* @__PURE__ */ new Set();
  const open2 = [...services[service]?.needs ?? []];
  while (open2.length > 0) {
    const next = (
      /** @type {string} */
      open2.pop()
    );
    if (found.has(next) || next === service) continue;
    found.add(next);
    open2.push(...services[next]?.needs ?? []);
  }
  return found;
}
function ring(services) {
  const done = /* @__PURE__ */ new Set();
  for (const start of Object.keys(services)) {
    const path = [];
    const stack = [{ service: start, leave: false }];
    while (stack.length > 0) {
      const { service, leave } = (
        /** @type {{ service: string, leave: boolean }} */
        stack.pop()
      );
      if (leave) {
        path.pop();
        done.add(service);
        continue;
      }
      if (done.has(service)) continue;
      if (path.includes(service)) return path.slice(path.indexOf(service));
      path.push(service);
      stack.push({ service, leave: true });
      for (const need of services[service]?.needs ?? [])
        stack.push({ service: need, leave: false });
    }
  }
  return null;
}

// src/config.js
var ConfigError = class extends Error {
  /** @param {string[]} wrong */
  constructor(wrong) {
    super(`config: ${wrong.join("; ")}`);
    this.name = "ConfigError";
    this.wrong = wrong;
  }
};
function parse(text4) {
  if (text4 === null)
    throw new ConfigError([
      "the key `config` is missing in the KV namespace: deploy the stack again"
    ]);
  let value;
  try {
    value = JSON.parse(text4);
  } catch {
    throw new ConfigError(["the key `config` holds no JSON: deploy the stack again"]);
  }
  const wrong = [];
  CONFIG(value, "", wrong);
  if (wrong.length > 0) throw new ConfigError(wrong);
  const config = (
    /** @type {Config} */
    value
  );
  const unmeant = meaning(config);
  if (unmeant.length > 0) throw new ConfigError(unmeant);
  return config;
}
function meaning(config) {
  const wrong = [];
  const known = (path, name, where, what) => {
    if (!Object.hasOwn(where, name))
      wrong.push(`${path}: ${name} is no ${what} of this configuration`);
  };
  for (const [name, service] of Object.entries(config.services)) {
    for (const need of service.needs)
      known(`services.${name}.needs`, need, config.services, "service");
  }
  const circle = ring(config.services);
  if (circle !== null)
    wrong.push(`services: ${[...circle, circle[0]].join(" needs ")}: no service may need itself`);
  config.checks.forEach((check, index) => {
    const path = `checks[${index}]`;
    known(`${path}.service`, check.service, config.services, "service");
    if (typeof check.through === "string")
      known(`${path}.through`, check.through, config.services, "service");
    if (check.every < 60 || check.every % 60 !== 0)
      wrong.push(`${path}.every: ${check.every} is no multiple of 60 s`);
    if (!/^https?:\/\//.test(check.url) || !URL.canParse(check.url))
      wrong.push(`${path}.url: is no http(s) address`);
  });
  config.rules.forEach((rule, index) => {
    known(`rules[${index}].service`, rule.service, config.services, "service");
    known(`rules[${index}].severity`, rule.severity, config.severities, "severity");
  });
  for (const [name, severity] of Object.entries(config.severities)) {
    for (const channel of severity.channels)
      known(`severities.${name}.channels`, channel, config.channels, "channel");
  }
  for (
    const [kind, list2] of
    /** @type {const} */
    [
      ["checks", config.checks],
      ["rules", config.rules]
    ]
  ) {
    const ids = list2.map(({ id }) => id);
    for (const id of new Set(ids.filter((id2, index) => ids.indexOf(id2) !== index))) {
      wrong.push(`${kind}: ${id} is there more than once`);
    }
  }
  return wrong;
}
var plain = (kind, is) => (value, path, wrong) => {
  if (!is(value)) wrong.push(`${path || "the whole"}: must be ${kind}`);
};
var text = plain("a text", (value) => typeof value === "string");
var whole = plain(
  "a whole number, 0 or more",
  (value) => Number.isInteger(value) && Number(value) >= 0
);
var number = plain("a number, 0 or more", (value) => typeof value === "number" && value >= 0);
var positive = plain("a number above 0", (value) => typeof value === "number" && value > 0);
var one = (...words) => plain(`one of ${words.join(", ")}`, (value) => words.includes(String(value)));
var orNull = (shape) => (value, path, wrong) => {
  if (value !== null && value !== void 0) shape(value, path, wrong);
};
var list = (shape) => (value, path, wrong) => {
  if (Array.isArray(value)) value.forEach((item, index) => shape(item, `${path}[${index}]`, wrong));
  else wrong.push(`${path}: must be a list`);
};
var isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
var map = (shape) => (value, path, wrong) => {
  if (!isObject(value)) wrong.push(`${path || "the whole"}: must be an object`);
  else
    for (const [key, item] of Object.entries(value))
      shape(item, path ? `${path}.${key}` : key, wrong);
};
var object = (shapes) => (value, path, wrong) => {
  if (!isObject(value)) {
    wrong.push(`${path || "the whole"}: must be an object`);
    return;
  }
  for (const [key, shape] of Object.entries(shapes))
    shape(value[key], path ? `${path}.${key}` : key, wrong);
};
var variant = (key, shapes) => (value, path, wrong) => {
  const chosen = isObject(value) ? String(value[key]) : "";
  if (Object.hasOwn(shapes, chosen)) shapes[chosen](value, path, wrong);
  else wrong.push(`${path}.${key}: must be one of ${Object.keys(shapes).join(", ")}`);
};
var CONFIG = object({
  version: plain("1", (value) => value === 1),
  platform: text,
  environment: text,
  paging: text,
  services: map(object({ needs: list(text), checks: list(text) })),
  checks: list(
    object({
      id: text,
      service: text,
      through: orNull(text),
      url: text,
      method: one("GET", "HEAD", "POST", "PUT", "OPTIONS"),
      headers: map(text),
      expect: object({ status: list(whole), body: orNull(text) }),
      every: whole,
      timeout: positive,
      confirmations: whole
    })
  ),
  rules: list(
    object({
      id: text,
      rule: text,
      set: text,
      service: text,
      severity: text,
      condition: variant("is", {
        down: object({}),
        above: object({
          signal: one("probe_seconds"),
          aggregate: one("mean", "max"),
          limit: number,
          window: positive
        })
      }),
      for: whole,
      noData: object({ is: one("alerting", "ok"), after: whole }),
      summary: text,
      description: text,
      runbook: text
    })
  ),
  severities: map(object({ rank: whole, answer: whole, resolve: whole, channels: list(text) })),
  channels: map(
    variant("kind", {
      slack: object({ secret: text }),
      pagerduty: object({ endpoint: text, secret: text }),
      email: object({
        host: text,
        port: whole,
        tls: one("implicit", "starttls", "none"),
        user: orNull(text),
        from: text,
        to: list(text),
        secret: orNull(text)
      }),
      webhook: object({ url: orNull(text), secret: orNull(text) })
    })
  ),
  recoverAfter: positive,
  settle: whole,
  links: object({ dashboard: orNull(text), status: orNull(text) }),
  retention: object({ observations: positive, archive: positive })
});

// src/health.js
var SILENCE = 18e4;
var WAITING = 3e5;
function health({ born, heard, tick, refused, pending, oldest, stuck, lost }, misconfigured, now) {
  const reasons = [];
  const wrong = misconfigured ?? refused;
  if (wrong !== null) reasons.push(wrong);
  const silent = Math.round((now - (heard ?? born)) / 1e3);
  if (silent * 1e3 >= SILENCE)
    reasons.push(heard === null ? `no tick yet, for ${silent} s` : `no tick for ${silent} s`);
  for (const { channel, attempts, error } of stuck) {
    reasons.push(`channel ${channel} does not take its messages: ${attempts} attempts, ${error}`);
  }
  if (stuck.length === 0 && oldest !== null && now - oldest >= WAITING) {
    reasons.push(`a message has been waiting for ${Math.round((now - oldest) / 1e3)} s`);
  }
  if (lost > 0) reasons.push(`${lost} shards of the last tick never reported`);
  return {
    status: reasons.length === 0 ? "healthy" : "unhealthy",
    timestamp: new Date(now).toISOString(),
    reasons,
    lastTick: tick === null ? null : new Date(tick).toISOString(),
    outbox: { pending, stuck }
  };
}

// src/log.js
var ORDER = ["debug", "info", "warn", "error"];
function logger(threshold = "info") {
  const least = Math.max(0, ORDER.indexOf(threshold.toLowerCase()));
  return (level, event, fields) => {
    if (ORDER.indexOf(level) >= least) console.log(JSON.stringify({ level, event, ...fields }));
  };
}

// src/metrics.js
var COUNTERS = [
  { name: "messages_sent", label: "channel", help: "Messages that a channel has taken." },
  {
    name: "messages_failed",
    label: "channel",
    help: "Attempts that a channel refused or did not answer."
  },
  { name: "messages_abandoned", label: "channel", help: "Messages given up after a day." },
  { name: "votes", label: "source", help: "Opinions of other backends." },
  { name: "shards_lost", label: null, help: "Shards that never reported." }
];
function metrics(config, latest, { vitals, firing, open: open2, counts }, tick) {
  const results = new Map(latest.map((result) => [result.check, result]));
  const known = config.checks.flatMap((check) => {
    const result = results.get(check.id);
    const isOld = result === void 0 || tick - result.at >= 3 * check.every * 1e3;
    return isOld || result.up === null ? [] : [{ check, result }];
  });
  const labels = ({ id, service }) => ({
    service,
    check: id
  });
  const states = new Map(firing.map(({ rule, state }) => [rule, state]));
  const families = [
    gauge(
      "probe_up",
      "1 when the check's last probe succeeded, 0 when it and its confirmations failed; absent when unknown.",
      known.map(({ check, result }) => ({ labels: labels(check), value: result.up ? 1 : 0 }))
    ),
    gauge(
      "probe_seconds",
      "How long the check's last probe took.",
      known.flatMap(
        ({ check, result }) => result.seconds === null ? [] : [{ labels: labels(check), value: result.seconds }]
      )
    ),
    gauge(
      "rule_firing",
      "1 while the rule fires; absent when unknown.",
      config.rules.flatMap(
        ({ id, rule, set, service, severity }) => states.get(id) === "unknown" ? [] : [
          {
            labels: { rule, set, service, severity },
            value: states.get(id) === "firing" ? 1 : 0
          }
        ]
      )
    ),
    gauge(
      "incidents_open",
      "Open incidents.",
      Object.keys(config.severities).map((severity) => ({
        labels: { severity },
        value: open2.filter((incident) => incident.severity === severity).length
      }))
    ),
    gauge("outbox_pending", "Messages that no channel has taken yet.", [
      { labels: {}, value: vitals.pending }
    ]),
    gauge(
      "last_tick_timestamp_seconds",
      "Time of the last tick.",
      vitals.tick === null ? [] : [{ labels: {}, value: vitals.tick / 1e3 }]
    ),
    ...COUNTERS.map(({ name, label, help }) => counter(name, help, label, counts))
  ];
  return families.map(text2).join("");
}
var gauge = (name, help, points) => ({ name: `belfry_${name}`, type: "gauge", help, points });
function counter(name, help, label, counts) {
  const points = Object.entries(counts).flatMap(([key, value]) => {
    const [counted, who = ""] = key.split(" ");
    return counted === name ? [{ labels: label === null ? {} : { [label]: who }, value }] : [];
  });
  return { name: `belfry_${name}_total`, type: "counter", help, points };
}
function text2({ name, type, help, points }) {
  const lines2 = points.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escape(of)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}
`;
  });
  return lines2.length === 0 ? "" : `# HELP ${name} ${help}
# TYPE ${name} ${type}
${lines2.join("")}`;
}
function escape(value) {
  return value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

// src/schedule.js
var CONNECTIONS = 6;
var SHARD_CHECKS = 60;
var SHARD_SECONDS = 50;
var MINUTE = 6e4;
function shards(checks, tick) {
  const waiting = checks.filter((check) => isDue(check, tick)).sort((a, b) => cost(b) - cost(a) || (a.id < b.id ? -1 : 1));
  const open2 = [];
  for (const check of waiting) {
    const seconds = cost(check);
    let shard = open2.find(
      ({ checks: checks2, lanes }) => checks2.length < SHARD_CHECKS && Math.min(...lanes) + seconds <= SHARD_SECONDS
    );
    if (shard === void 0) {
      shard = { checks: [], lanes: Array.from({ length: CONNECTIONS }, () => 0) };
      open2.push(shard);
    }
    const lane = shard.lanes.indexOf(Math.min(...shard.lanes));
    shard.lanes[lane] = /** @type {number} */
    shard.lanes[lane] + seconds;
    shard.checks.push(check);
  }
  return open2.map((shard) => shard.checks);
}
function longest(plan) {
  return plan.some((shard) => shard.length > CONNECTIONS) ? SHARD_SECONDS : Math.max(0, ...plan.flat().map(cost));
}
function isDue(check, tick) {
  const period = Math.max(1, Math.round(check.every / 60));
  return Math.floor(tick / MINUTE) % period === hash(check.id) % period;
}
function patience(check) {
  return Math.min(check.timeout, SHARD_SECONDS / (1 + check.confirmations));
}
function cost(check) {
  return patience(check) * (1 + check.confirmations);
}
function hash(text4) {
  let value = 2166136261;
  for (let index = 0; index < text4.length; index += 1) {
    value = Math.imul(value ^ text4.charCodeAt(index), 16777619);
  }
  return value >>> 0;
}

// src/probe.js
var BODY_BYTES = 65536;
async function probe(check, wire) {
  const most = 1 + check.confirmations;
  const answers = [];
  let seconds = 0;
  while (answers.length < most) {
    const begun = wire.now();
    const answer2 = await attempt(check, wire);
    seconds = (wire.now() - begun) / 1e3;
    answers.push(answer2);
    if (answer2.up === true) break;
  }
  const last2 = (
    /** @type {Answer} */
    answers.at(-1)
  );
  const up = last2.up === true ? true : answers.every((answer2) => answer2.up === false) ? false : null;
  const isTimed = up !== null && last2.status !== null;
  return {
    check: check.id,
    up,
    seconds: isTimed ? seconds : null,
    status: last2.status,
    detail: last2.detail,
    attempts: answers.length
  };
}
function unknown(check, detail) {
  return { check, up: null, seconds: null, status: null, detail, attempts: 0 };
}
async function attempt(check, wire) {
  const control = new AbortController();
  const seconds = patience(check);
  const timer = setTimeout(() => control.abort(), seconds * 1e3);
  try {
    const response = await wire.fetch(check.url, {
      method: check.method,
      headers: named(check.headers),
      redirect: "manual",
      signal: control.signal
    }).catch(() => null);
    const answer2 = response && await (check.through ? judgeRelayed : judgeDirect)(check, response);
    if (answer2 !== null) return answer2;
    if (check.through)
      return { up: null, status: null, detail: `${check.through} gives no answer` };
    const detail = control.signal.aborted ? `no answer within ${Number(seconds.toFixed(1))} s` : "no connection";
    return { up: false, status: null, detail };
  } finally {
    clearTimeout(timer);
  }
}
function named(headers) {
  const all = new Headers(headers);
  if (!all.has("User-Agent")) all.set("User-Agent", "Belfry");
  return all;
}
async function judgeDirect({ expect }, response) {
  const { status: status2 } = response;
  if (!expect.status.includes(status2)) {
    await letGo(response.body);
    return {
      up: false,
      status: status2,
      detail: `status ${status2} instead of ${expect.status.join(" or ")}`
    };
  }
  if (typeof expect.body !== "string") {
    await letGo(response.body);
    return { up: true, status: status2, detail: null };
  }
  const wanted = expect.body;
  const body = await read(response, (text4) => text4.includes(wanted));
  if (body === null) return null;
  return body.includes(wanted) ? { up: true, status: status2, detail: null } : { up: false, status: status2, detail: "the body lacks the expected text" };
}
async function judgeRelayed({ expect, through }, response) {
  const { status: status2 } = response;
  const body = await read(response, () => false);
  if (body === null) return null;
  const reported = healthIn(body);
  if (reported === null)
    return { up: null, status: status2, detail: `${through} answers ${status2} without a health document` };
  const fits = expect.status.includes(status2) && (typeof expect.body !== "string" || body.includes(expect.body));
  return fits ? { up: true, status: status2, detail: null } : { up: false, status: status2, detail: `${through} reports it ${reported.slice(0, 40)}` };
}
function healthIn(body) {
  try {
    const document = JSON.parse(body);
    return typeof document?.status === "string" && !Array.isArray(document) ? document.status : null;
  } catch {
    return null;
  }
}
async function read(response, enough) {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text4 = "";
  for (let bytes2 = 0; bytes2 < BODY_BYTES; ) {
    const part2 = await reader.read().catch(() => null);
    if (part2 === null) return null;
    if (part2.done) return text4 + decoder.decode();
    bytes2 += part2.value.byteLength;
    text4 += decoder.decode(part2.value, { stream: true });
    if (enough(text4)) break;
  }
  await letGo(reader);
  return text4;
}
async function letGo(body) {
  await body?.cancel().catch(() => void 0);
}
async function probeAll(checks, wire, atOnce) {
  const results = new Array(checks.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < checks.length; index = next++) {
      const check = (
        /** @type {Check} */
        checks[index]
      );
      try {
        results[index] = await probe(check, wire);
      } catch (error) {
        results[index] = unknown(
          check.id,
          `the probe itself failed: ${error instanceof Error ? error.name : "?"}`
        );
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, checks.length) }, lane));
  return results;
}

// src/tick.js
var BATCH = 100;
var last = null;
async function load(env, tick) {
  if (last?.tick === tick) return last.config;
  const text4 = await env.CONFIG.get(CONFIG_KEY);
  const config = last !== null && last.text === text4 ? last.config : parse(text4);
  last = { tick, text: text4, config };
  return config;
}
async function begin(env, tick) {
  const config = await load(env, tick).catch(async (error) => {
    await coordinator(env).refuse(
      error instanceof ConfigError ? error.message : "the configuration cannot be read"
    );
    throw error;
  });
  const plan = shards(config.checks, tick);
  const { run } = await twice(
    () => coordinator(env).begin({ tick, of: plan.length, seconds: longest(plan), config })
  );
  const messages = plan.map((checks, shard) => ({
    run,
    tick,
    shard,
    checks: checks.map(({ id }) => id)
  }));
  const [here, ...rest] = messages;
  const handed = Promise.allSettled([hand(env, rest)]);
  try {
    if (here !== void 0) await runShard(env, here);
  } finally {
    const [outcome] = await handed;
    if (outcome.status === "rejected") throw outcome.reason;
  }
}
async function hand(env, messages) {
  for (let from = 0; from < messages.length; from += BATCH) {
    await env.SHARDS.sendBatch(messages.slice(from, from + BATCH).map((body) => ({ body })));
  }
}
async function runShard(env, { run, tick, shard, checks: ids }) {
  const config = await load(env, tick);
  const known = new Map(config.checks.map((check) => [check.id, check]));
  const checks = ids.flatMap((id) => known.get(id) ?? []);
  const results = await probeAll(checks, WIRE, CONNECTIONS);
  const record = recordOf(config, { run, tick, shard, checks, results });
  const states = await twice(() => observations(env).record(record));
  await twice(() => coordinator(env).observe({ run, shard, states }));
}
function recordOf(config, { run, tick, shard, checks, results }) {
  const services = new Set(checks.map(({ service }) => service));
  return {
    ...{ run, tick, shard, results },
    rules: config.rules.filter(({ service }) => services.has(service)),
    checks: config.checks.filter(({ service }) => services.has(service)).map(({ id, service, every }) => ({ id, service, every }))
  };
}
var WIRE = {
  fetch: (input, init) => fetch(input, { ...init, cache: "no-store" }),
  now: () => Date.now()
};

// src/votes.js
var VOTE_BYTES = 16384;
var TEXT = 300;
function vote(body, isCloudflare) {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return null;
  const fields = (
    /** @type {Record<string, unknown>} */
    body
  );
  const source = isCloudflare ? "cloudflare" : "orgId" in fields ? "grafana" : "groupKey" in fields ? "alertmanager" : "other";
  const text4 = [fields.text, fields.title, fields.message, fields.groupKey].find(
    (value) => typeof value === "string"
  );
  return { source, state: stateOf(fields), text: String(text4 ?? "").slice(0, TEXT) };
}
function stateOf(fields) {
  const data = (
    /** @type {Record<string, unknown>} */
    fields.data ?? {}
  );
  const word = String(
    fields.status ?? fields.state ?? data.status ?? data.new_health ?? ""
  ).toLowerCase();
  if (["firing", "alerting", "unhealthy", "down", "bad"].includes(word)) return "bad";
  return ["resolved", "ok", "healthy", "up", "good"].includes(word) ? "good" : "unknown";
}

// src/http.js
var ROUTES = {
  "/monitoring/health": { method: "GET", handle: getHealth },
  "/monitoring/metrics": { method: "GET", handle: getMetrics },
  "/monitoring/status": { method: "GET", handle: getStatus },
  "/alerts/vote": { method: "POST", handle: postVote }
};
async function answer(request, env) {
  const { pathname } = new URL(request.url);
  const route = Object.hasOwn(ROUTES, pathname) ? ROUTES[pathname] : void 0;
  if (route === void 0)
    return json(
      { error: `nothing is at this path: there are ${Object.keys(ROUTES).join(", ")}` },
      404
    );
  if (request.method !== route.method) {
    return json({ error: `${pathname} takes ${route.method} only` }, 405, { Allow: route.method });
  }
  try {
    return await route.handle(request, env);
  } catch (error) {
    if (error instanceof ConfigError) return json({ error: error.message }, 503);
    logger(env.LOG_LEVEL)("error", "request", {
      pathname,
      error: error instanceof Error ? error.name : "unknown"
    });
    return json({ error: "the monitoring cannot answer at present" }, 500);
  }
}
async function getHealth(_, env) {
  const [vitals, misconfigured] = await Promise.all([coordinator(env).vitals(), wrongWith(env)]);
  const body = health(vitals, misconfigured, Date.now());
  return json(body, body.status === "healthy" ? 200 : 503);
}
async function getMetrics(_, env) {
  const [config, latest, figures] = await Promise.all([
    load(env, Date.now()),
    observations(env).latest(),
    coordinator(env).figures()
  ]);
  const text4 = metrics(config, latest, figures, figures.vitals.tick ?? Date.now());
  return new Response(text4, {
    headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }
  });
}
async function getStatus(_, env) {
  const kept = await env.CONFIG.get(STATUS_KEY);
  return kept === null ? json({ error: "no tick has come yet" }, 503) : json(JSON.parse(kept), 200);
}
async function postVote(request, env) {
  const key = secret(env, "SECRET_VOTE_KEY");
  if (key === null)
    return json({ error: "votes are not taken: the secret vote-key is not set" }, 503);
  const own = request.headers.get("cf-webhook-auth");
  const given = own ?? /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
  if (!await isSame(given, key)) return json({ error: "the key is wrong or missing" }, 401);
  const text4 = await bounded(request, VOTE_BYTES);
  if (text4 === null) return json({ error: `a vote has at most ${VOTE_BYTES} bytes` }, 413);
  const opinion = vote(parsed(text4), own !== null);
  if (opinion === null) return json({ error: "a vote is a JSON object" }, 400);
  await coordinator(env).vote(opinion);
  return json({ recorded: true }, 202);
}
async function wrongWith(env) {
  try {
    await load(env, Date.now());
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}
async function isSame(given, key) {
  const digest = (text4) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text4));
  return crypto.subtle.timingSafeEqual(...await Promise.all([digest(given), digest(key)]));
}
async function bounded(request, most) {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const decoder = new TextDecoder();
  let text4 = "";
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text4 + decoder.decode();
    size += value.byteLength;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    text4 += decoder.decode(value, { stream: true });
  }
}
function parsed(text4) {
  try {
    return (
      /** @type {unknown} */
      JSON.parse(text4)
    );
  } catch {
    return null;
  }
}
function json(body, code, headers = {}) {
  return Response.json(body, {
    status: code,
    headers: { "Cache-Control": "no-store", ...headers }
  });
}

// src/coordinator.js
import { connect } from "cloudflare:sockets";
import { DurableObject } from "cloudflare:workers";

// src/messages.js
var FACT = 1e3;
function message(kind, incident, at, config) {
  const rule = config.rules.find(({ id }) => id === incident.rule);
  const severity = config.severities[incident.severity];
  return {
    kind,
    incident: incident.id,
    at: iso(at),
    platform: config.platform,
    environment: config.environment,
    severity: incident.severity,
    level: levelOf(incident.severity, config),
    answer: severity?.answer ?? 0,
    service: incident.cause,
    rule: rule?.rule ?? incident.rule,
    summary: rule?.summary ?? `${incident.cause} fails`,
    description: clip(rule?.description ?? "", FACT),
    detail: incident.detail,
    since: iso(incident.since),
    lasted: Math.max(0, Math.round((at - incident.since) / 1e3)),
    tookAlong: incident.tookAlong,
    unseen: incident.unseen,
    runbook: rule?.runbook || null,
    dashboard: config.links.dashboard ?? null,
    status: config.links.status ?? null
  };
}
function levelOf(name, { severities }) {
  const rank = severities[name]?.rank ?? 0;
  return new Set(
    Object.values(severities).flatMap((other) => other.rank < rank ? [other.rank] : [])
  ).size;
}
var OPENINGS = {
  opened: "",
  raised: "Raised: ",
  updated: "Cause found: ",
  recovered: "Recovered: "
};
function headline({ kind, severity, service, summary, platform, environment }) {
  const line = `${OPENINGS[kind]}[${severity}] ${service}: ${summary} (${platform}, ${environment})`;
  return line.replace(/\s+/g, " ");
}
function facts(message2) {
  const { kind, detail, since, lasted, tookAlong, unseen, answer: answer2, severity, description } = message2;
  const isOver = kind === "recovered";
  const lines2 = [
    ["What", isOver ? null : description || null],
    ["Since", isOver ? `${since}, for ${span(lasted)}` : since],
    ["Seen", isOver ? null : detail],
    ["Took along", tookAlong.join(", ") || null],
    ["Cannot be seen", isOver ? null : unseen.join(", ") || null],
    ["Answer", isOver || answer2 === 0 ? null : `${severity}, within ${span(answer2)}`]
  ];
  return lines2.flatMap(
    ([label, text4]) => text4 === null ? [] : [
      /** @type {[string, string]} */
      [label, clip(text4, FACT)]
    ]
  );
}
function links({ kind, runbook, dashboard, status: status2 }) {
  const all = [
    [kind === "recovered" ? "Runbook" : "First step: runbook", runbook],
    ["Dashboard", dashboard],
    ["Status", status2]
  ];
  return all.flatMap(
    ([label, url]) => url === null ? [] : [
      /** @type {[string, string]} */
      [label, url]
    ]
  );
}
function clip(text4, most) {
  const characters = [...text4];
  return characters.length <= most ? text4 : `${characters.slice(0, most - 1).join("")}…`;
}
function span(seconds) {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1).replace(/\.0$/, "")} h`;
}
function iso(at) {
  return new Date(at).toISOString().replace(/\.000Z$/, "Z");
}

// src/channels/email.js
function email(message2, { from, to, id, date }) {
  const host = from.split("@").at(-1) ?? "belfry";
  const boundary = `=_belfry_${id.replace(/[^A-Za-z0-9]/g, "_").slice(-50)}`;
  const headers = [
    ["From", from],
    ["To", to.join(", ")],
    ["Subject", encoded(headline(message2))],
    ["Date", date.toUTCString().replace("GMT", "+0000")],
    ["Message-ID", `<${id}@${host.replace(/[>\s]/g, "")}>`],
    ["Auto-Submitted", "auto-generated"],
    ["X-Belfry-Message", id],
    ["X-Belfry-Kind", message2.kind],
    ["X-Belfry-Incident", message2.incident],
    ["MIME-Version", "1.0"],
    ["Content-Type", `multipart/alternative; boundary="${boundary}"`]
  ];
  return [
    ...headers.map(([name, value]) => `${name}: ${oneLine(value)}`),
    "",
    ...part(boundary, "text/plain", text3(message2)),
    ...part(boundary, "text/html", html(message2)),
    `--${boundary}--`,
    ""
  ].join("\r\n");
}
function text3(message2) {
  const lines2 = [
    headline(message2),
    "",
    ...facts(message2).map(([label, value]) => `${label}: ${value}`),
    ""
  ];
  return [
    ...lines2,
    ...links(message2).map(([label, url]) => `${label}: ${url}`),
    "",
    message2.incident,
    ""
  ].join("\r\n");
}
function html(message2) {
  const rows = facts(message2).map(
    ([label, value]) => `<tr><th align="left">${label}</th><td>${escape2(value)}</td></tr>`
  );
  const pointers = links(message2).filter(([, url]) => /^https?:/i.test(url)).map(([label, url]) => `<p><a href="${escape2(url)}">${escape2(label)}</a></p>`);
  return [
    "<!doctype html>",
    `<h1>${escape2(headline(message2))}</h1>`,
    `<table>${rows.join("")}</table>`,
    ...pointers,
    `<p>${escape2(message2.incident)}</p>`
  ].join("\r\n");
}
function part(boundary, type, content) {
  const lines2 = base64(content).match(/.{1,76}/g) ?? [];
  const head = [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    ""
  ];
  return [...head, ...lines2, ""];
}
function encoded(value) {
  if (/^[\x20-\x7e]*$/.test(value) && !value.includes("=?")) return value;
  const words = [];
  let word = "";
  for (const character of oneLine(value)) {
    if (base64(word + character).length > 60) {
      words.push(word);
      word = "";
    }
    word += character;
  }
  return [...words, word].map((piece) => `=?utf-8?B?${base64(piece)}?=`).join(" ");
}
function oneLine(value) {
  return value.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ");
}
function escape2(value) {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
function base64(value) {
  return btoa(
    Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join("")
  );
}

// src/channels/pagerduty.js
var SEVERITIES = ["critical", "error", "warning"];
function pagerduty(message2, key) {
  const event = { routing_key: key, dedup_key: message2.incident };
  if (message2.kind === "recovered") return { ...event, event_action: "resolve" };
  return {
    ...event,
    event_action: "trigger",
    payload: {
      summary: clip(headline(message2), 1024),
      source: `${message2.platform}/${message2.environment}/${message2.service}`,
      severity: SEVERITIES[message2.level] ?? "info",
      timestamp: message2.since,
      component: message2.service,
      group: message2.platform,
      class: message2.rule,
      custom_details: { ...Object.fromEntries(facts(message2)), took_along: message2.tookAlong }
    },
    links: links(message2).map(([text4, href]) => ({ text: text4, href }))
  };
}

// src/channels/slack.js
var SECTION = 3e3;
var HEADER = 150;
function slack(message2) {
  const title = headline(message2);
  const body = facts(message2).map(([label, text4]) => `${label}: ${clip(text4, 600)}`).join("\n");
  const pointers = links(message2).filter(([, url]) => URL.canParse(url)).map(([label, url]) => `<${address(url)}|${escape3(label)}>`).join("   ");
  const blocks = [
    { type: "header", text: plain2(title, HEADER) },
    ...body === "" ? [] : [{ type: "section", text: plain2(body, SECTION) }],
    ...pointers === "" ? [] : [{ type: "section", text: { type: "mrkdwn", text: clip(pointers, SECTION) } }],
    { type: "context", elements: [plain2(`Incident ${message2.incident}`, HEADER)] }
  ];
  return { text: escape3(title), blocks };
}
function plain2(text4, most) {
  return { type: "plain_text", text: clip(text4, most), emoji: false };
}
function escape3(text4) {
  return text4.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
function address(url) {
  return escape3(new URL(url).href.replace(/\|/g, "%7C"));
}

// src/channels/smtp.js
var SmtpError = class extends Error {
  /**
   * @param {string} step
   * @param {string} what
   */
  constructor(step, what) {
    super(`SMTP ${step}: ${what}`);
    this.name = "SmtpError";
  }
};
var SECURITY = (
  /** @type {const} */
  { implicit: "on", starttls: "starttls", none: "off" }
);
var REPLY_BYTES = 16384;
async function deliver(open2, server, mail, patience2 = 1e4) {
  const line = new Conversation(open2(server.host, server.port, SECURITY[server.tls]), patience2);
  try {
    await line.expect("greeting", 220);
    let hello = await line.say("EHLO", "EHLO belfry", 250);
    if (server.tls === "starttls") {
      if (!offers(hello, "STARTTLS"))
        throw new SmtpError("STARTTLS", "the server does not offer it");
      await line.say("STARTTLS", "STARTTLS", 220);
      line.secure();
      hello = await line.say("EHLO", "EHLO belfry", 250);
    }
    if (server.user && server.password) await logIn(line, hello, server.user, server.password);
    await line.say("MAIL", `MAIL FROM:<${mailbox(mail.from)}>`, 250);
    for (const to of mail.to) await line.say("RCPT", `RCPT TO:<${mailbox(to)}>`, 250, 251);
    await line.say("DATA", "DATA", 354);
    await line.say("message", `${stuffed(mail.text)}\r
.`, 250);
    await line.say("QUIT", "QUIT", 221).catch(() => void 0);
  } finally {
    await line.close();
  }
}
async function logIn(line, hello, user, password) {
  if (offers(hello, "AUTH", "PLAIN")) {
    await line.say("AUTH PLAIN", `AUTH PLAIN ${base642(`\0${user}\0${password}`)}`, 235);
  } else if (offers(hello, "AUTH", "LOGIN")) {
    await line.say("AUTH LOGIN", "AUTH LOGIN", 334);
    await line.say("AUTH LOGIN", base642(user), 334);
    await line.say("AUTH LOGIN", base642(password), 235);
  } else {
    throw new SmtpError("AUTH", "the server offers neither PLAIN nor LOGIN");
  }
}
var Conversation = class {
  /**
   * @param {Socket} socket
   * @param {number} patience
   */
  constructor(socket, patience2) {
    this.patience = patience2;
    this.#use(socket);
  }
  #pending = "";
  #decoder = new TextDecoder();
  /** @param {Socket} socket */
  #use(socket) {
    this.socket = socket;
    this.reader = socket.readable.getReader();
    this.writer = socket.writable.getWriter();
  }
  /** Goes on over TLS; anything the server said in the clear before is forgotten. */
  secure() {
    const socket = (
      /** @type {Socket} */
      this.socket
    );
    this.reader?.releaseLock();
    this.writer?.releaseLock();
    this.#pending = "";
    this.#use(socket.startTls());
  }
  /**
   * @param {string} step
   * @param {string} text
   * @param {...number} codes that mean success
   * @returns {Promise<Reply>}
   */
  async say(step, text4, ...codes) {
    await this.#inTime(
      step,
      /** @type {WritableStreamDefaultWriter<Uint8Array>} */
      this.writer.write(
        bytes(`${text4}\r
`)
      )
    );
    return this.expect(step, ...codes);
  }
  /**
   * @param {string} step
   * @param {...number} codes
   * @returns {Promise<Reply>}
   */
  async expect(step, ...codes) {
    const reply = await this.#inTime(step, this.#reply(step));
    if (!codes.includes(reply.code)) throw new SmtpError(step, `refused with ${reply.code}`);
    return reply;
  }
  /**
   * @param {string} step
   * @returns {Promise<Reply>}
   */
  async #reply(step) {
    const lines2 = [];
    for (; ; ) {
      const end = this.#pending.indexOf("\n");
      if (end >= 0) {
        const line = this.#pending.slice(0, end).replace(/\r$/, "");
        this.#pending = this.#pending.slice(end + 1);
        if (!/^\d{3}([ -]|$)/.test(line)) throw new SmtpError(step, "the answer is not SMTP");
        lines2.push(line.slice(4));
        if (line[3] !== "-") return { code: Number(line.slice(0, 3)), lines: lines2 };
        continue;
      }
      if (this.#pending.length > REPLY_BYTES || lines2.length > 100)
        throw new SmtpError(step, "the answer has no end");
      const { done, value } = await /** @type {ReadableStreamDefaultReader<Uint8Array>} */
      this.reader.read();
      if (done) throw new SmtpError(step, "the server hung up");
      this.#pending += this.#decoder.decode(value, { stream: true });
    }
  }
  /**
   * @template T
   * @param {string} step
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async #inTime(step, work) {
    let timer = null;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new SmtpError(step, `no answer within ${this.patience} ms`)),
        this.patience
      );
    });
    try {
      return await /** @type {Promise<T>} */
      Promise.race([work, late]);
    } catch (error) {
      work.catch(() => void 0);
      throw error instanceof SmtpError ? error : new SmtpError(step, "the connection failed");
    } finally {
      clearTimeout(timer);
    }
  }
  async close() {
    await this.socket?.close().catch(() => void 0);
  }
};
function offers(hello, keyword, argument) {
  return hello.lines.some((line) => {
    const [first, ...rest] = line.toUpperCase().split(/[ =]+/);
    return first === keyword && (argument === void 0 || rest.includes(argument));
  });
}
function mailbox(address2) {
  const bare = (/<([^<>]*)>\s*$/.exec(address2)?.[1] ?? address2).trim();
  if (!/^[^\s<>\u0000-\u001f\u007f]+$/.test(bare))
    throw new SmtpError("address", "not a mail address");
  return bare;
}
function stuffed(text4) {
  return text4.replace(/\r?\n|\r/g, "\r\n").replace(/(^|\r\n)\./g, "$1..").replace(/\r\n$/, "");
}
function bytes(text4) {
  return new TextEncoder().encode(text4);
}
function base642(text4) {
  return btoa(Array.from(bytes(text4), (byte) => String.fromCharCode(byte)).join(""));
}

// src/channels/webhook.js
function webhook(message2) {
  return { version: 1, ...message2 };
}

// src/channels/send.js
var PATIENCE = 1e4;
var SendError = class extends Error {
  /**
   * @param {string} what
   * @param {number} [after]
   */
  constructor(what, after = 0) {
    super(what);
    this.name = "SendError";
    this.after = after;
  }
};
async function send(id, message2, channel, outside) {
  switch (channel.kind) {
    case "slack":
      return post(id, message2, needed(channel.secret, outside), slack(message2), {}, outside);
    case "pagerduty":
      return post(
        id,
        message2,
        channel.endpoint,
        pagerduty(message2, needed(channel.secret, outside)),
        {},
        outside
      );
    case "webhook": {
      const secret2 = channel.secret ? needed(channel.secret, outside) : null;
      const url = channel.url ?? secret2;
      if (url === null) throw new SendError("the channel has neither an address nor a secret");
      const headers = channel.url && secret2 ? { Authorization: `Bearer ${secret2}` } : {};
      return post(id, message2, url, webhook(message2), headers, outside);
    }
    case "email": {
      const { from, to, host, port, tls } = channel;
      const password = channel.secret ? needed(channel.secret, outside) : null;
      const text4 = email(message2, { from, to, id, date: new Date(outside.now()) });
      await deliver(
        outside.open,
        { host, port, tls, user: channel.user ?? null, password },
        { from, to, text: text4 }
      );
    }
  }
}
function needed(name, outside) {
  const value = outside.secret(name);
  if (!value) throw new SendError(`the secret ${name} is not set`);
  return value;
}
async function post(id, message2, url, body, headers, outside) {
  if (!URL.canParse(url)) throw new SendError("the channel's address is no URL");
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const response = await outside.fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: control.signal,
      headers: {
        "Content-Type": "application/json",
        "X-Belfry-Message": id,
        "X-Belfry-Kind": message2.kind,
        "X-Belfry-Incident": message2.incident,
        ...headers
      },
      body: JSON.stringify(body)
    });
    await response.body?.cancel();
    if (response.ok) return;
    throw new SendError(
      `answered ${response.status}`,
      Number(response.headers.get("Retry-After")) || 0
    );
  } catch (error) {
    if (error instanceof SendError) throw error;
    throw new SendError(
      control.signal.aborted ? `no answer within ${PATIENCE / 1e3} s` : "no connection"
    );
  } finally {
    clearTimeout(timer);
  }
}

// src/incidents.js
function blank() {
  return { run: 0, judged: 0, tick: 0, awaited: {}, services: {}, rules: {}, incidents: [] };
}
function advance(before, event, config) {
  const state = structuredClone(before);
  const effects = [];
  if (event.is === "began") {
    state.run += 1;
    state.tick = event.tick;
    const { tick, of, deadline } = event;
    state.awaited[state.run] = { tick, of, reported: [], lost: 0, deadline };
    if (of === 0) judgeRun(state, state.run, config, effects);
  } else if (event.is === "reported") {
    merge(state, event.run, event.states);
    const awaited = state.awaited[event.run];
    if (awaited !== void 0 && !awaited.reported.includes(event.shard)) {
      awaited.reported.push(event.shard);
      if (event.lost) awaited.lost += 1;
      if (awaited.reported.length >= awaited.of) judgeRun(state, event.run, config, effects);
    }
  } else {
    for (const run of overdue(state, event.now)) judgeRun(state, run, config, effects);
  }
  return { state, effects };
}
function overdue(state, now) {
  return Object.entries(state.awaited).filter(([, { deadline }]) => deadline <= now).map(([run]) => Number(run)).sort((a, b) => a - b);
}
function missing(state, run) {
  const awaited = state.awaited[run];
  if (awaited === void 0) return [];
  return Array.from({ length: awaited.of }, (_, shard) => shard).filter(
    (shard) => !awaited.reported.includes(shard)
  );
}
function merge(state, run, states) {
  const current = states.filter(({ service }) => (state.services[service]?.run ?? 0) <= run);
  for (const verdict of current) {
    if (verdict.state === "quiet") delete state.rules[verdict.rule];
    else state.rules[verdict.rule] = verdict;
    state.services[verdict.service] = {
      run,
      well: state.services[verdict.service]?.well ?? null,
      fresh: true
    };
  }
}
function judgeRun(state, run, config, effects) {
  const { tick, lost: given } = (
    /** @type {Awaited} */
    state.awaited[run]
  );
  const lost = given + missing(state, run).length;
  for (const other of Object.keys(state.awaited))
    if (Number(other) <= run) delete state.awaited[other];
  forget(state, config);
  const world = new World(state, run, tick, config);
  recover(world, effects);
  trace(world, effects);
  open(world, effects);
  raise(world, effects);
  for (const [service, seen] of Object.entries(state.services)) {
    if (seen.fresh && !world.troubled.has(service)) seen.well = run;
    seen.fresh = false;
  }
  state.judged = run;
  effects.push({
    is: "judged",
    run,
    at: tick,
    lost,
    failing: world.failing.size,
    open: state.incidents.length
  });
}
function forget(state, config) {
  const rules = new Map(config.rules.map((rule) => [rule.id, rule]));
  for (const [id, { service }] of Object.entries(state.rules)) {
    if (rules.get(id)?.service !== service) delete state.rules[id];
  }
  for (const service of Object.keys(state.services)) {
    if (!Object.hasOwn(config.services, service)) delete state.services[service];
  }
}
var World = class {
  /**
   * @param {State} state
   * @param {number} run
   * @param {number} tick
   * @param {Config} config
   */
  constructor(state, run, tick, config) {
    this.state = state;
    this.run = run;
    this.tick = tick;
    this.config = config;
    this.rules = new Map(config.rules.map((rule) => [rule.id, rule]));
    this.troubled = new Set(Object.values(state.rules).map(({ service }) => service));
    this.failing = /* @__PURE__ */ new Map();
    this.blind = /* @__PURE__ */ new Map();
    this.needs = /* @__PURE__ */ new Map();
    this.asked = /* @__PURE__ */ new Map();
    for (const { service, through } of config.checks) {
      if (typeof through === "string")
        this.asked.set(service, new Set(this.asked.get(service)).add(through));
    }
    this.#sort();
  }
  #sort() {
    const unseen = /* @__PURE__ */ new Map();
    for (const rule of Object.values(this.state.rules)) {
      const isDown = this.rules.get(rule.rule)?.condition.is === "down";
      if (rule.evidence && (rule.state === "firing" || rule.state === "pending" && isDown)) {
        const entry = this.failing.get(rule.service) ?? {
          service: rule.service,
          rules: [],
          firing: []
        };
        entry.rules.push(rule);
        if (rule.state === "firing") entry.firing.push(rule);
        this.failing.set(rule.service, entry);
      } else if (rule.state === "firing") {
        unseen.set(rule.service, [...unseen.get(rule.service) ?? [], rule]);
      }
    }
    for (const [service, rules] of unseen)
      if (!this.failing.has(service)) this.blind.set(service, rules);
  }
  /** @param {string} service */
  upstream(service) {
    const known = this.needs.get(service) ?? neededBy(this.config.services, service);
    this.needs.set(service, known);
    return known;
  }
  /** @param {string} service */
  fresh(service) {
    return this.state.services[service]?.fresh ?? false;
  }
  /**
   * Whether a service can only be seen through others, one of which is among these.
   * @param {string} service
   * @param {{ has: (service: string) => boolean }} others
   */
  isHidden(service, others) {
    return [...this.asked.get(service) ?? []].some((asked) => others.has(asked));
  }
  /**
   * Whether a failing or unseen service is explained by an incident that is open.
   * @param {string} service
   */
  isCovered(service) {
    return this.state.incidents.some(
      ({ cause, isSeen, unseen }) => cause === service || isSeen && this.upstream(service).has(cause) || unseen.includes(service) && !this.failing.has(service)
    );
  }
  /**
   * @param {RuleState[]} rules
   * @returns {RuleState} the one of the worst severity; of equals, the one that began first
   */
  worst(rules) {
    const order = [...rules].sort(
      (a, b) => this.rank(a) - this.rank(b) || a.since - b.since || (a.rule < b.rule ? -1 : 1)
    );
    return (
      /** @type {RuleState} */
      order[0]
    );
  }
  /** @param {RuleState} state */
  rank(state) {
    return this.config.severities[this.severity(state)]?.rank ?? Number.MAX_SAFE_INTEGER;
  }
  /** @param {RuleState} state */
  severity(state) {
    return this.rules.get(state.rule)?.severity ?? "";
  }
  /** @param {string} severity */
  route(severity) {
    return this.config.paging === "worker" ? this.config.severities[severity]?.channels ?? [] : [];
  }
  /**
   * Adds what now fails with an incident's cause, and what can no longer be seen because of it.
   * @param {Incident} incident
   */
  gather(incident) {
    incident.isSeen ||= this.failing.has(incident.cause);
    if (!incident.isSeen) return;
    const along = [...this.failing.keys()].filter(
      (service) => this.upstream(service).has(incident.cause)
    );
    incident.tookAlong = union(incident.tookAlong, along).filter(
      (service) => service !== incident.cause
    );
    const deaf = /* @__PURE__ */ new Set([incident.cause, ...along]);
    const unseen = [...this.blind.keys()].filter(
      (service) => service !== incident.cause && this.isHidden(service, deaf)
    );
    incident.unseen = union(incident.unseen, unseen).filter(
      (service) => !this.failing.has(service)
    );
  }
  /**
   * The rules that fire for an incident at present, its cause's and those of what it took along.
   * @param {Incident} incident
   */
  firingFor(incident) {
    return [incident.cause, ...incident.tookAlong].flatMap(
      (service) => this.failing.get(service)?.firing ?? []
    );
  }
};
function recover(world, effects) {
  const { state, config } = world;
  for (const incident of [...state.incidents]) {
    const { cause } = incident;
    const rules = Object.values(state.rules).filter(({ service }) => service === cause);
    const isWatched = config.rules.some(({ service }) => service === cause);
    if (rules.some((rule) => rule.state !== "unknown")) incident.quiet = 0;
    else if (rules.length === 0 && (world.fresh(cause) || !isWatched)) incident.quiet += 1;
    if (incident.quiet < config.recoverAfter) continue;
    state.incidents = state.incidents.filter((other) => other !== incident);
    const at = world.tick;
    incident.round += 1;
    effects.push({
      is: "recovered",
      incident: structuredClone(incident),
      at,
      channels: incident.told
    });
  }
}
function trace(world, effects) {
  const { state } = world;
  for (const root of roots(world)) {
    const { service } = root;
    const well = state.services[service]?.well ?? 0;
    if (root.firing.length === 0 || !world.fresh(service)) continue;
    const incident = state.incidents.find(
      ({ cause, run }) => world.upstream(cause).has(service) && well <= run
    );
    if (incident === void 0) continue;
    incident.tookAlong = union(incident.tookAlong, [incident.cause]);
    incident.cause = service;
    incident.quiet = 0;
    incident.unseen = incident.unseen.filter((unseen) => unseen !== service);
    world.gather(incident);
    lead(world, incident, root.rules);
    const severity = world.severity(world.worst([...root.rules, ...world.firingFor(incident)]));
    if (rankOf(world, severity) < rankOf(world, incident.severity)) incident.severity = severity;
    tell(world, incident, "updated", effects);
  }
}
function open(world, effects) {
  const { state } = world;
  for (const incident of state.incidents) world.gather(incident);
  for (const root of roots(world)) {
    const behind = [...world.failing.values()].filter(
      ({ service }) => world.upstream(service).has(root.service)
    );
    const group = [root, ...behind];
    if (!group.some(({ service, firing }) => firing.length > 0 && world.fresh(service))) continue;
    begin2(
      world,
      root.service,
      [...root.rules, ...behind.flatMap(({ firing }) => firing)],
      root.rules,
      effects
    );
  }
  for (const [service, rules] of world.blind) {
    if (world.isHidden(service, world.failing) || world.isCovered(service) || !world.fresh(service))
      continue;
    begin2(world, service, rules, rules, effects);
  }
}
function begin2(world, cause, all, own, effects) {
  const { state, config, run, tick } = world;
  const incident = {
    id: `${config.platform}-${config.environment}-${cause}-${Math.floor(tick / 1e3).toString(36)}-${run}`,
    cause,
    severity: world.severity(world.worst(all)),
    opened: tick,
    run,
    since: tick,
    rule: "",
    detail: null,
    tookAlong: [],
    unseen: [],
    isSeen: false,
    quiet: 0,
    told: [],
    round: 0
  };
  lead(world, incident, own);
  world.gather(incident);
  state.incidents.push(incident);
  tell(world, incident, "opened", effects);
}
function raise(world, effects) {
  for (const incident of world.state.incidents) {
    const firing = world.firingFor(incident);
    if (firing.length === 0) continue;
    const severity = world.severity(world.worst(firing));
    if (rankOf(world, severity) >= rankOf(world, incident.severity)) continue;
    incident.severity = severity;
    const own = world.failing.get(incident.cause);
    if (own !== void 0) lead(world, incident, own.rules);
    tell(world, incident, "raised", effects);
  }
}
function roots(world) {
  return [...world.failing.values()].filter(({ service }) => {
    const upstream = world.upstream(service);
    return !world.isCovered(service) && ![...upstream].some((need) => world.failing.has(need));
  });
}
function lead(world, incident, own) {
  const speaker = world.worst(own);
  incident.rule = speaker.rule;
  incident.detail = speaker.detail;
  incident.since = Math.min(incident.since, ...own.map(({ since }) => since));
}
function tell(world, incident, kind, effects) {
  incident.told = union(incident.told, world.route(incident.severity));
  incident.round += 1;
  effects.push({
    is: kind,
    incident: structuredClone(incident),
    at: world.tick,
    channels: incident.told
  });
}
function rankOf(world, severity) {
  return world.config.severities[severity]?.rank ?? Number.MAX_SAFE_INTEGER;
}
function union(some, more) {
  return [.../* @__PURE__ */ new Set([...some, ...more])].sort();
}

// src/outbox.js
var BACKOFF = { first: 5e3, most: 3e5 };
var STUCK_ATTEMPTS = 5;
var GIVE_UP = 864e5;
function pause(attempts, backoff = BACKOFF) {
  return Math.min(backoff.most, backoff.first * 2 ** (attempts - 1));
}
var IS_FIRST = `NOT EXISTS (
  SELECT 1 FROM outbox WHERE incident = letter.incident AND channel = letter.channel AND place < letter.place)`;
var Outbox = class {
  /**
   * @param {SqlStorage} sql
   * @param {Backoff} backoff
   */
  constructor(sql, backoff) {
    this.sql = sql;
    this.backoff = backoff;
    sql.exec(`CREATE TABLE IF NOT EXISTS outbox (
      place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, incident TEXT NOT NULL,
      message TEXT NOT NULL, queued INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL,
      error TEXT)`);
  }
  /**
   * @param {Letter} letter
   * @param {number} now
   */
  add({ id, channel, message: message2 }, now) {
    this.sql.exec(
      "INSERT OR IGNORE INTO outbox (id, channel, incident, message, queued, due) VALUES (?, ?, ?, ?, ?, ?)",
      ...[id, channel, message2.incident, JSON.stringify(message2), now, now]
    );
  }
  /**
   * The channels that a message is due for.
   * @param {number} now
   * @returns {string[]}
   */
  channels(now) {
    const rows = this.sql.exec(
      "SELECT DISTINCT channel FROM outbox WHERE due <= ? ORDER BY channel",
      now
    );
    return rows.toArray().map(({ channel }) => String(channel));
  }
  /**
   * The next message that may be sent to a channel now.
   * @param {string} channel
   * @param {number} now
   * @returns {Due | null}
   */
  due(channel, now) {
    const [row] = this.sql.exec(
      `SELECT id, message, attempts FROM outbox AS letter
         WHERE channel = ? AND due <= ? AND ${IS_FIRST} ORDER BY place LIMIT 1`,
      ...[channel, now]
    ).toArray();
    if (row === void 0) return null;
    const { id, message: message2, attempts } = row;
    return {
      id: String(id),
      channel,
      message: JSON.parse(String(message2)),
      attempts: Number(attempts)
    };
  }
  /** @param {string} id */
  sent(id) {
    this.sql.exec("DELETE FROM outbox WHERE id = ?", id);
  }
  /**
   * @param {Due} letter
   * @param {string} error
   * @param {number} now
   * @param {number} after seconds that the channel asked for
   * @returns {boolean} whether the message is given up
   */
  failed({ id, attempts }, error, now, after) {
    const wait = Math.min(
      this.backoff.most,
      Math.max(pause(attempts + 1, this.backoff), after * 1e3)
    );
    this.sql.exec(
      "UPDATE outbox SET attempts = attempts + 1, due = ?, error = ? WHERE id = ?",
      ...[now + wait, error, id]
    );
    return this.sql.exec("DELETE FROM outbox WHERE id = ? AND queued <= ? RETURNING id", id, now - GIVE_UP).toArray().length > 0;
  }
  /**
   * When the next message may be sent; null when there is none.
   * @param {string[]} busy channels that are being sent to already
   */
  next(busy) {
    const { due } = this.sql.exec(
      `SELECT MIN(due) AS due FROM outbox AS letter
         WHERE channel NOT IN (SELECT value FROM json_each(?)) AND ${IS_FIRST}`,
      JSON.stringify(busy)
    ).one();
    return due === null ? null : Number(due);
  }
  /** @returns {{ pending: number, oldest: number | null, stuck: { channel: string, attempts: number, error: string }[] }} */
  summary() {
    const { pending, oldest } = this.sql.exec("SELECT COUNT(*) AS pending, MIN(queued) AS oldest FROM outbox").one();
    const stuck = this.sql.exec(
      `SELECT channel, MAX(attempts) AS attempts, error FROM outbox WHERE attempts >= ? GROUP BY channel ORDER BY channel`,
      STUCK_ATTEMPTS
    );
    return {
      pending: Number(pending),
      oldest: oldest === null ? null : Number(oldest),
      stuck: stuck.toArray().map(({ channel, attempts, error }) => ({
        channel: String(channel),
        attempts: Number(attempts),
        error: String(error ?? "")
      }))
    };
  }
};

// src/status.js
function status(state, config) {
  const rules = new Map(config.rules.map((rule) => [rule.id, rule]));
  const watched = new Set(config.rules.map(({ service }) => service));
  return {
    platform: config.platform,
    environment: config.environment,
    services: Object.fromEntries(
      Object.keys(config.services).sort().map((service) => [
        service,
        { status: watched.has(service) ? standing(state, service, rules) : "unwatched" }
      ])
    ),
    incidents: state.incidents.map(({ id, severity, cause, rule, opened, since, tookAlong }) => ({
      id,
      severity,
      service: cause,
      summary: rules.get(rule)?.summary ?? `${cause} fails`,
      opened: new Date(opened).toISOString(),
      since: new Date(since).toISOString(),
      tookAlong
    }))
  };
}
function standing(state, service, rules) {
  if (state.services[service] === void 0) return "unknown";
  const own = Object.values(state.rules).filter((rule) => rule.service === service);
  const fires = own.filter((rule) => rule.state === "firing" && rule.evidence);
  if (fires.some(({ rule }) => rules.get(rule)?.condition.is === "down")) return "down";
  if (fires.length > 0) return "degraded";
  return own.some((rule) => rule.state === "unknown" || !rule.evidence) ? "unknown" : "up";
}

// src/coordinator.js
var PUBLISH_PAUSE = 3e4;
var LOOK_AFTER = 3e4;
var OVERDUE = 5e3;
var PIECES = /[^]{1,400000}/gu;
var VOTES_KEPT = 1e3;
var SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (
    name TEXT NOT NULL, piece INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, piece)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS incidents (
    id TEXT PRIMARY KEY, cause TEXT NOT NULL, severity TEXT NOT NULL, opened INTEGER NOT NULL, recovered INTEGER,
    document TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS votes (
    place INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;
var Coordinator = class extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(SCHEMA);
    this.log = logger(env.LOG_LEVEL);
    this.outbox = new Outbox(this.sql, BACKOFF);
    this.sending = /* @__PURE__ */ new Set();
    this.isPublishing = false;
    this.publishFrom = 0;
    this.state = this.#document("state") ?? blank();
    this.config = this.#document("config");
    if (this.#document("born") === null) this.#write("born", Date.now());
  }
  /**
   * A tick begins: so many shards will report, the slowest within `seconds`.
   * @param {{ tick: number, of: number, seconds: number, config: Config }} tick
   * @returns {Promise<{ run: number }>}
   */
  async begin({ tick, of, seconds, config }) {
    const now = Date.now();
    this.#write("heard", now);
    this.#write("refused", null);
    this.#write("config", config);
    this.config = config;
    this.#apply({ is: "began", tick, of, deadline: now + (seconds + config.settle) * 1e3 });
    const { run } = this.state;
    await this.#rearm();
    return { run };
  }
  /**
   * A tick came and could not be used.
   * @param {string} why
   */
  async refuse(why) {
    this.#write("heard", Date.now());
    this.#write("refused", why);
    await this.#rearm();
    this.#start();
  }
  /**
   * What one shard's rules say.
   * @param {{ run: number, shard: number, states: RuleState[] }} report
   */
  async observe({ run, shard, states }) {
    this.#apply({ is: "reported", run, shard, states, lost: false });
    await this.#rearm();
    this.#start();
  }
  /**
   * @param {import("./votes.js").Vote} vote
   */
  async vote({ source, state, text: text4 }) {
    this.sql.exec(
      "INSERT INTO votes (at, source, state, text) VALUES (?, ?, ?, ?)",
      ...[Date.now(), source, state, text4]
    );
    this.sql.exec(
      "DELETE FROM votes WHERE place <= (SELECT MAX(place) FROM votes) - ?",
      VOTES_KEPT
    );
    this.#count(`votes ${source}`);
  }
  /** @returns {import("./metrics.js").Figures} */
  figures() {
    const counts = this.sql.exec("SELECT name, value FROM counts ORDER BY name").toArray();
    return {
      vitals: this.vitals(),
      firing: Object.values(this.state.rules).map(({ rule, state }) => ({ rule, state })),
      open: this.state.incidents.map(({ severity }) => ({ severity })),
      counts: Object.fromEntries(counts.map(({ name, value }) => [String(name), Number(value)]))
    };
  }
  /** @returns {import("./health.js").Vitals} */
  vitals() {
    const { pending, oldest, stuck } = this.outbox.summary();
    return {
      born: this.#document("born") ?? 0,
      heard: this.#document("heard"),
      tick: this.state.tick || null,
      refused: this.#document("refused"),
      lost: this.#document("lost") ?? 0,
      ...{ pending, oldest, stuck }
    };
  }
  /** @returns {import("./status.js").Status | null} null before the first tick */
  status() {
    return this.config === null ? null : status(this.state, this.config);
  }
  /**
   * Forgets incidents that were over before a time.
   * @param {number} before
   */
  prune(before) {
    this.sql.exec("DELETE FROM incidents WHERE recovered < ?", before);
  }
  /**
   * Runs that nobody waits for any longer are judged, and what is due is sent.
   * @override
   */
  async alarm() {
    await this.#settle();
    await this.#deliver();
    await this.#publish();
    await this.#rearm();
  }
  /** Shards that never came say that nothing is known of their checks. */
  async #settle() {
    const { config } = this;
    if (config === null) return;
    const now = Date.now();
    for (const run of overdue(this.state, now)) {
      for (const shard of missing(this.state, run)) await this.#lose(run, shard, config);
    }
    this.#apply({ is: "settled", now });
  }
  /**
   * @param {number} run
   * @param {number} shard
   * @param {Config} config
   */
  async #lose(run, shard, config) {
    const tick = this.state.awaited[run]?.tick;
    if (tick === void 0) return;
    const checks = shards(config.checks, tick)[shard] ?? [];
    const results = checks.map(({ id }) => unknown(id, "its shard never reported"));
    const record = recordOf(config, { run, tick, shard, checks, results });
    try {
      const states = await twice(() => observations(this.env).record(record));
      this.#apply({ is: "reported", run, shard, states, lost: true });
    } catch (error) {
      this.log("error", "observations", { run, shard, error: nameOf(error) });
    }
  }
  /**
   * The one place where the state changes: the machine's answer, its messages and its records, in one transaction.
   * @param {Event} event
   */
  #apply(event) {
    const { config } = this;
    if (config === null) return;
    const { state, effects } = advance(this.state, event, config);
    this.ctx.storage.transactionSync(() => {
      this.#write("state", state);
      for (const effect of effects) this.#carryOut(effect, config);
    });
    this.state = state;
  }
  /**
   * @param {Effect} effect
   * @param {Config} config
   */
  #carryOut(effect, config) {
    if (effect.is === "judged") {
      const { run, at: at2, lost, failing, open: open2 } = effect;
      this.#write("lost", lost);
      if (lost > 0) this.#count("shards_lost", lost);
      this.log("info", "tick", { run, at: new Date(at2).toISOString(), lost, failing, open: open2 });
      return;
    }
    const { is: kind, incident, at, channels } = effect;
    const { id, cause, severity, opened, round, tookAlong } = incident;
    this.sql.exec(
      "INSERT OR REPLACE INTO incidents (id, cause, severity, opened, recovered, document) VALUES (?, ?, ?, ?, ?, ?)",
      ...[id, cause, severity, opened, kind === "recovered" ? at : null, JSON.stringify(incident)]
    );
    const told = message(kind, incident, at, config);
    for (const channel of channels) {
      this.outbox.add(
        { id: `${id}.${round}.${kind}.${channel}`, channel, message: told },
        Date.now()
      );
    }
    this.log("warn", "incident", { kind, incident: id, cause, severity, tookAlong, channels });
  }
  /**
   * Begins at once with what is due; the caller need not wait. Should the object stop meanwhile, its alarm or the next
   * tick takes it up again.
   */
  #start() {
    this.ctx.waitUntil(Promise.all([this.#deliver(), this.#publish()]).then(() => this.#rearm()));
  }
  /** Sends what is due, every channel on its own, so that a slow one holds up no other. */
  async #deliver() {
    await Promise.all(this.outbox.channels(Date.now()).map((channel) => this.#drain(channel)));
  }
  /**
   * Whatever happens in between, a message leaves the outbox only after its channel took it.
   * @param {string} channel
   */
  async #drain(channel) {
    if (this.sending.has(channel)) return;
    this.sending.add(channel);
    try {
      for (; ; ) {
        const letter = this.outbox.due(channel, Date.now());
        if (letter === null) break;
        await this.#send(letter);
      }
    } finally {
      this.sending.delete(channel);
    }
    await this.#rearm();
  }
  /** @param {Due} letter */
  async #send(letter) {
    const { id, channel, message: told } = letter;
    try {
      const address2 = this.config?.channels[channel];
      if (address2 === void 0)
        throw new SendError("the configuration no longer has this channel");
      await send(id, told, address2, {
        fetch: (input, init) => fetch(input, init),
        open: (hostname, port, secureTransport) => connect({ hostname, port }, { secureTransport, allowHalfOpen: false }),
        secret: (name) => secret(this.env, name),
        now: () => Date.now()
      });
      this.outbox.sent(id);
      this.#count(`messages_sent ${channel}`);
    } catch (error) {
      const isOurs = error instanceof SendError || error instanceof SmtpError;
      const what = isOurs ? error.message : `failed with ${nameOf(error)}`;
      const isAbandoned = this.outbox.failed(
        letter,
        what,
        Date.now(),
        error instanceof SendError ? error.after : 0
      );
      this.#count(`messages_failed ${channel}`);
      if (isAbandoned) this.#count(`messages_abandoned ${channel}`);
      this.log(isAbandoned ? "error" : "warn", "message", {
        message: id,
        channel,
        error: what,
        isAbandoned
      });
    }
  }
  /** Writes the status to KV when it says something else than what is there. */
  async #publish() {
    const text4 = this.#unpublished();
    if (text4 === null || this.isPublishing || Date.now() < this.publishFrom) return;
    this.isPublishing = true;
    try {
      await this.env.CONFIG.put(STATUS_KEY, text4);
      this.#write("published", text4);
    } catch (error) {
      this.publishFrom = Date.now() + PUBLISH_PAUSE;
      this.log("warn", "status", { error: nameOf(error) });
    } finally {
      this.isPublishing = false;
    }
  }
  /** The status as text, when KV holds another; null otherwise. */
  #unpublished() {
    const now = this.status();
    const text4 = JSON.stringify(now);
    return now === null || text4 === this.#document("published") ? null : text4;
  }
  /** The alarm rings when the next thing is due. Every tick looks after it, so a lost alarm costs a minute and no message. */
  async #rearm() {
    const times = Object.values(this.state.awaited).map(({ deadline }) => deadline);
    const letter = this.outbox.next([...this.sending]);
    if (letter !== null) times.push(letter);
    if (this.sending.size > 0) times.push(Date.now() + LOOK_AFTER);
    if (this.#unpublished() !== null && !this.isPublishing) times.push(this.publishFrom);
    if (times.length === 0) return;
    const now = Date.now();
    const wanted = Math.max(now, Math.min(...times));
    const set = await this.ctx.storage.getAlarm();
    const isGood = set !== null && set <= wanted && set > now - OVERDUE;
    if (!isGood) await this.ctx.storage.setAlarm(wanted);
  }
  /**
   * @param {string} name
   * @param {number} [by]
   */
  #count(name, by = 1) {
    this.sql.exec(
      "INSERT INTO counts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
      ...[name, by]
    );
  }
  /**
   * @param {string} name
   * @returns {any} null when there is none
   */
  #document(name) {
    const rows = this.sql.exec("SELECT value FROM documents WHERE name = ? ORDER BY piece", name).toArray();
    return rows.length === 0 ? null : JSON.parse(rows.map(({ value }) => String(value)).join(""));
  }
  /**
   * Keeps a value, in pieces when it is long: a row holds at most 2 MB. What has not changed is not written.
   * @param {string} name
   * @param {unknown} value
   */
  #write(name, value) {
    const pieces = JSON.stringify(value).match(PIECES) ?? [];
    this.ctx.storage.transactionSync(() => {
      this.sql.exec("DELETE FROM documents WHERE name = ? AND piece >= ?", name, pieces.length);
      pieces.forEach((piece, index) => {
        this.sql.exec(
          `INSERT INTO documents (name, piece, value) VALUES (?, ?, ?)
           ON CONFLICT (name, piece) DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
          ...[name, index, piece]
        );
      });
    });
  }
};
function nameOf(error) {
  return error instanceof Error ? error.name : "unknown";
}

// src/observations.js
import { DurableObject as DurableObject2 } from "cloudflare:workers";

// src/verdict/judge.js
function judge(rule, checks, before, tick) {
  const { holds, detail } = find(rule, checks, before, tick);
  const known = holds === null ? Math.min(before?.known ?? tick, tick) : tick;
  if (holds === null) return withoutData(rule, before, tick, known, detail);
  if (!holds) {
    const since = before?.state === "quiet" ? Math.min(before.since, tick) : tick;
    return { state: "quiet", since, held: null, evidence: true, detail: null, known };
  }
  const held = Math.min(before?.held ?? tick, tick);
  const state = tick - held >= rule.for * 1e3 ? "firing" : "pending";
  return { state, since: held, held, evidence: true, detail, known };
}
function withoutData(rule, before, tick, known, detail) {
  const held = before?.held ?? null;
  if (tick - known < rule.noData.after * 1e3) {
    const since = before?.state === "unknown" ? Math.min(before.since, tick) : tick;
    return { state: "unknown", since, held, evidence: false, detail, known };
  }
  if (rule.noData.is === "ok")
    return { state: "quiet", since: known, held: null, evidence: false, detail: null, known };
  return {
    state: "firing",
    since: known,
    held,
    evidence: false,
    detail: detail ?? "no data",
    known
  };
}
function find(rule, checks, before, tick) {
  const { condition } = rule;
  const findings = checks.map(
    (check) => condition.is === "down" ? down(check, tick) : above(condition, check, before, tick)
  );
  return findings.find(({ holds }) => holds === true) ?? findings.find(({ holds }) => holds === null) ?? findings[0] ?? { holds: null, detail: "no check watches it" };
}
function down({ every, samples }, tick) {
  const last2 = samples.at(-1);
  if (last2 === void 0 || tick - last2.at >= 2 * every * 1e3)
    return { holds: null, detail: "no data" };
  return { holds: last2.up === null ? null : !last2.up, detail: last2.detail };
}
function above({ aggregate, limit, window }, { every, samples }, before, tick) {
  const timed = samples.flatMap(
    ({ at, seconds }) => seconds !== null && at > tick - window * 1e3 && at <= tick ? [{ at, seconds }] : []
  );
  const [oldest] = timed;
  if (oldest === void 0) return { holds: null, detail: "no answer to time" };
  const times = timed.map(({ seconds }) => seconds);
  const value = aggregate === "max" ? Math.max(...times) : times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
  const covered = oldest.at - every * 1500 <= tick - window * 1e3;
  const holds = value > limit && (covered || (before?.held ?? null) !== null);
  return {
    holds,
    detail: `${value.toFixed(1)} s (${aggregate} over ${window} s), more than ${limit} s`
  };
}

// src/observations.js
var HOUR = 36e5;
var LEAST_HORIZON = 9e5;
var SCHEMA2 = `
  CREATE TABLE IF NOT EXISTS rosters (id INTEGER PRIMARY KEY, checks TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS observations (
    tick INTEGER NOT NULL, shard INTEGER NOT NULL, roster INTEGER NOT NULL, up TEXT NOT NULL, times TEXT NOT NULL,
    PRIMARY KEY (tick, shard)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS transitions (
    place INTEGER PRIMARY KEY, rule TEXT NOT NULL, tick INTEGER NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL,
    held INTEGER, evidence INTEGER NOT NULL, detail TEXT, known INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;
var Observations = class extends DurableObject2 {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(SCHEMA2);
    this.samples = /* @__PURE__ */ new Map();
    this.horizon = 0;
    this.runs = /* @__PURE__ */ new Map();
    this.verdicts = this.#lastVerdicts();
  }
  /**
   * Keeps one shard's results and says what they mean for the rules. The same shard may come twice.
   * @param {Record_} record
   * @returns {RuleState[]}
   */
  record({ run, tick, shard, results, rules, checks }) {
    this.#reach(tick, Math.max(0, ...rules.map(horizonOf)));
    const current = results.filter(({ check }) => (this.runs.get(check) ?? 0) <= run);
    if (current.length === 0) return [];
    const states = [];
    try {
      this.ctx.storage.transactionSync(() => {
        this.#keep(tick, shard, current);
        for (const result of current) this.#remember(run, tick, result);
        for (const rule of rules) {
          const verdict = this.#judge(rule, checks, tick);
          states.push({ ...verdict, rule: rule.id, service: rule.service });
        }
      });
    } catch (error) {
      this.#forgetUnwritten();
      throw error;
    }
    return states;
  }
  /** What is at hand may be ahead of the rows: it is read from them again. */
  #forgetUnwritten() {
    this.horizon = 0;
    this.runs.clear();
    this.verdicts = this.#lastVerdicts();
  }
  /** @returns {Latest[]} the last result of each check */
  latest() {
    this.#reach(Number.MAX_SAFE_INTEGER, LEAST_HORIZON);
    return [...this.samples].flatMap(([check, samples]) => {
      const last2 = samples.at(-1);
      return last2 === void 0 ? [] : [{ check, at: last2.at, up: last2.up, seconds: last2.seconds }];
    });
  }
  /**
   * The oldest whole hour that has not been archived, and what happened in it; null when there is none.
   * @param {number} now
   * @returns {{ hour: number, rows: ArchiveRow[], transitions: Transition[] } | null}
   */
  unarchived(now) {
    const after = Math.min(this.#mark("archived") ?? 0, Math.floor(now / HOUR) * HOUR);
    const { first } = this.sql.exec("SELECT MIN(tick) AS first FROM observations WHERE tick >= ?", after).one();
    if (first === null) return null;
    const hour = Math.floor(Number(first) / HOUR) * HOUR;
    if (hour + HOUR > now) return null;
    const rows = this.sql.exec(
      `SELECT tick, shard, checks, up, times FROM observations JOIN rosters ON rosters.id = roster
       WHERE tick >= ? AND tick < ? ORDER BY tick, shard`,
      ...[hour, hour + HOUR]
    );
    const transitions = this.sql.exec(
      "SELECT rule, tick, state, since, detail FROM transitions WHERE tick >= ? AND tick < ? ORDER BY place",
      ...[hour, hour + HOUR]
    );
    return {
      hour,
      rows: rows.toArray().map((row) => ({
        tick: Number(row.tick),
        shard: Number(row.shard),
        checks: JSON.parse(String(row.checks)),
        up: String(row.up),
        times: String(row.times)
      })),
      transitions: transitions.toArray().map(({ rule, tick, state, since, detail }) => ({
        rule: String(rule),
        tick: Number(tick),
        state: String(state),
        since: Number(since),
        detail: detail === null ? null : String(detail)
      }))
    };
  }
  /**
   * @param {number} hour that is now in the archive
   */
  archived(hour) {
    this.sql.exec("INSERT OR REPLACE INTO marks (name, value) VALUES ('archived', ?)", hour + HOUR);
  }
  /**
   * Forgets what happened before a time; of each rule the last change stays.
   * @param {number} before
   */
  prune(before) {
    this.sql.exec("DELETE FROM observations WHERE tick < ?", before);
    this.sql.exec(
      "DELETE FROM transitions WHERE tick < ? AND place NOT IN (SELECT MAX(place) FROM transitions GROUP BY rule)",
      before
    );
    this.sql.exec("DELETE FROM rosters WHERE id NOT IN (SELECT DISTINCT roster FROM observations)");
  }
  /**
   * Reads samples from the rows, when those at hand do not reach far enough back.
   * @param {number} tick
   * @param {number} wanted milliseconds
   */
  #reach(tick, wanted) {
    const horizon = Math.max(wanted, LEAST_HORIZON);
    if (this.horizon >= horizon) return;
    const { last: last2 } = this.sql.exec("SELECT MAX(tick) AS last FROM observations WHERE tick <= ?", tick).one();
    const rows = this.sql.exec(
      `SELECT tick, checks, up, times FROM observations JOIN rosters ON rosters.id = roster
       WHERE tick > ? AND tick <= ? ORDER BY tick, shard`,
      ...[Number(last2 ?? 0) - horizon, tick]
    );
    this.samples.clear();
    for (const { tick: at, checks, up, times } of rows) {
      const names = (
        /** @type {string[]} */
        JSON.parse(String(checks))
      );
      unpack({ up: String(up), times: String(times) }, Number(at)).forEach((sample, index) => {
        const check = (
          /** @type {string} */
          names[index]
        );
        this.samples.set(check, [...this.samples.get(check) ?? [], sample]);
      });
    }
    this.horizon = horizon;
  }
  /**
   * @param {number} tick
   * @param {number} shard
   * @param {Result[]} results
   */
  #keep(tick, shard, results) {
    const roster = JSON.stringify(results.map(({ check }) => check));
    this.sql.exec("INSERT OR IGNORE INTO rosters (checks) VALUES (?)", roster);
    const { id } = this.sql.exec("SELECT id FROM rosters WHERE checks = ?", roster).one();
    const { up, times } = pack(results);
    this.sql.exec(
      "INSERT OR REPLACE INTO observations (tick, shard, roster, up, times) VALUES (?, ?, ?, ?, ?)",
      ...[tick, shard, Number(id), up, times]
    );
  }
  /**
   * @param {number} run
   * @param {number} tick
   * @param {Result} result
   */
  #remember(run, tick, { check, up, seconds, detail }) {
    const kept = (this.samples.get(check) ?? []).filter(
      ({ at }) => at < tick && at > tick - this.horizon
    );
    this.samples.set(check, [...kept, { at: tick, up, seconds, detail }]);
    this.runs.set(check, run);
  }
  /**
   * @param {Rule} rule
   * @param {{ id: string, service: string, every: number }[]} checks
   * @param {number} tick
   * @returns {Verdict}
   */
  #judge(rule, checks, tick) {
    const histories = checks.filter(({ service }) => service === rule.service).map(({ id, every }) => ({ every, samples: this.samples.get(id) ?? [] }));
    const before = this.verdicts.get(rule.id) ?? null;
    const verdict = judge(rule, histories, before, tick);
    if (before?.state !== verdict.state || before.evidence !== verdict.evidence || before.since !== verdict.since) {
      const { state, since, held, evidence, detail, known } = verdict;
      this.sql.exec(
        "INSERT INTO transitions (rule, tick, state, since, held, evidence, detail, known) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ...[rule.id, tick, state, since, held, Number(evidence), detail, known]
      );
    }
    this.verdicts.set(rule.id, verdict);
    return verdict;
  }
  /**
   * What the rules said last. A verdict with evidence was confirmed at every tick since it was written.
   * @returns {Map<string, Verdict>}
   */
  #lastVerdicts() {
    const { last: last2 } = this.sql.exec("SELECT MAX(tick) AS last FROM observations").one();
    const rows = this.sql.exec(
      `SELECT rule, state, since, held, evidence, detail, known FROM transitions
       WHERE place IN (SELECT MAX(place) FROM transitions GROUP BY rule)`
    );
    return new Map(
      rows.toArray().map(({ rule, state, since, held, evidence, detail, known }) => [
        String(rule),
        {
          state: (
            /** @type {Verdict["state"]} */
            state
          ),
          since: Number(since),
          held: held === null ? null : Number(held),
          evidence: evidence === 1,
          detail: detail === null ? null : String(detail),
          known: evidence === 1 ? Math.max(Number(known), Number(last2 ?? 0)) : Number(known)
        }
      ])
    );
  }
  /** @param {string} name */
  #mark(name) {
    const [row] = this.sql.exec("SELECT value FROM marks WHERE name = ?", name).toArray();
    return row === void 0 ? null : Number(row.value);
  }
};
function horizonOf({ condition }) {
  return condition.is === "above" ? 2 * condition.window * 1e3 : 0;
}

// src/monitoring.js
var UPKEEP = "17 * * * *";
var TOO_LATE = 12e4;
var worker = {
  fetch: (request, env) => answer(request, env),
  async scheduled({ cron, scheduledTime }, env) {
    if (cron === UPKEEP) await upkeep(env, await load(env, scheduledTime), scheduledTime);
    else await begin(env, scheduledTime);
  },
  async queue({ messages }, env) {
    for (const message2 of messages) {
      if (Date.now() - message2.timestamp.getTime() >= TOO_LATE) continue;
      try {
        await runShard(env, message2.body);
      } catch (error) {
        const { run, shard } = message2.body;
        logger(env.LOG_LEVEL)("error", "shard", {
          run,
          shard,
          error: error instanceof Error ? error.name : "unknown"
        });
        message2.retry();
      }
    }
  }
};
var monitoring_default = worker;
export {
  Coordinator,
  Observations,
  monitoring_default as default
};
