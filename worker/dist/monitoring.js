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
    const time2 = parts[index] ?? "";
    return {
      at,
      up: letter === "?" ? null : letter === "u",
      seconds: time2 === "" ? null : parseInt(time2, 36) / 1e3,
      detail: null
    };
  });
}

// src/archive.js
var HOURS_AT_ONCE = 24;
async function upkeep(env, config, now) {
  const store = observations(env);
  for (let count2 = 0; count2 < HOURS_AT_ONCE; count2 += 1) {
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
  const observed = rows.map(({ tick, shard, checks: checks2, up, times }) => {
    const samples = unpack({ up, times }, tick);
    const results = Object.fromEntries(
      checks2.map((check, index) => [
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

// src/answers.js
var LONGEST_SILENCE = 604800;
function answered(telling, { incident, isOpen }, { does, by, seconds }, now, config) {
  const { cause, severity } = incident;
  const others = telling.silences.filter((one3) => one3.about !== about(incident));
  if (does === "release") {
    const { [incident.id]: _, ...acknowledged } = telling.acknowledged;
    return { ...telling, acknowledged, silences: others };
  }
  if (does === "silence") {
    const until2 = now + seconds * 1e3;
    const silence = { about: about(incident), service: cause, by, severity, until: until2 };
    const silenced = { ...telling, silences: [...others, silence] };
    return isOpen ? taken(silenced, incident, { at: now, by, severity, until: until2 }) : silenced;
  }
  const standing2 = acknowledgement(telling, incident, now, config);
  if (!isOpen || standing2 !== null && standing2.by === by) return telling;
  const resolve = config.severities[severity]?.resolve ?? 0;
  const until = resolve > 0 ? now + resolve * 1e3 : null;
  return taken(telling, incident, { at: now, by, severity, until });
}
function taken(telling, { id }, acknowledgement2) {
  return { ...telling, acknowledged: { ...telling.acknowledged, [id]: acknowledgement2 } };
}
function acknowledgement({ acknowledged }, { id, severity }, now, config) {
  const found = Object.hasOwn(acknowledged, id) ? acknowledged[id] : void 0;
  if (found === void 0 || isOver(found.until, now)) return null;
  return rankOf(severity, config) < rankOf(found.severity, config) ? null : found;
}
function silenceOf({ silences }, incident, now, config) {
  const rank = rankOf(incident.severity, config);
  return silences.find(
    (one3) => one3.about === about(incident) && !isOver(one3.until, now) && rank >= rankOf(one3.severity, config)
  ) ?? null;
}
function isOver(until, now) {
  return until !== null && until <= now;
}
function about({ cause, aside }) {
  return aside ?? cause;
}
function rankOf(severity, { severities }) {
  return Object.hasOwn(severities, severity) ? (
    /** @type {import("./config.js").Severity} */
    severities[severity].rank
  ) : Number.MAX_SAFE_INTEGER;
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

// src/shapes.js
var plain = (kind, is) => (value, path, wrong) => {
  if (!is(value)) wrong.push(`${path || "the whole"}: must be ${kind}`);
};
var text = plain("a text", (value) => typeof value === "string");
var whole = plain(
  "a whole number, 0 or more",
  (value) => Number.isInteger(value) && Number(value) >= 0
);
var truth = plain("true or false", (value) => typeof value === "boolean");
var number = plain(
  "a number, 0 or more",
  (value) => typeof value === "number" && value >= 0
);
var positive = plain(
  "a number above 0",
  (value) => typeof value === "number" && value > 0
);
var written = (kind, pattern) => plain(kind, (value) => typeof value === "string" && pattern.test(value));
var one = (...words) => plain(`one of ${words.join(", ")}`, (value) => words.includes(String(value)));
var orNull = (shape) => (value, path, wrong) => {
  if (value !== null && value !== void 0) shape(value, path, wrong);
};
var list = (shape) => (value, path, wrong) => {
  if (Array.isArray(value)) value.forEach((item, index) => shape(item, `${path}[${index}]`, wrong));
  else wrong.push(`${path}: must be a list`);
};
var pair = (shape) => (value, path, wrong) => {
  if (Array.isArray(value) && value.length === 2) list(shape)(value, path, wrong);
  else wrong.push(`${path}: must be a list of two`);
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
var count = plain(
  "a whole number, 1 or more",
  (value) => Number.isInteger(value) && Number(value) >= 1
);

// src/times.js
var WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday"
];
var DAY = 864e5;
var REMEMBERED = 100;
var zones = /* @__PURE__ */ new Map();
function clockIn(zone2, at) {
  const { format, said: said2 } = zones.get(zone2) ?? { format: formatter(zone2), said: /* @__PURE__ */ new Map() };
  zones.set(zone2, { format, said: said2 });
  const minute = Math.floor(at / 6e4);
  const clock2 = said2.get(minute) ?? read(format, at);
  if (said2.size >= REMEMBERED) said2.clear();
  said2.set(minute, clock2);
  return clock2;
}
function formatter(zone2) {
  return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone: zone2,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit"
  });
}
function read(format, at) {
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value])
  );
  const [year, month, day2] = [Number(parts.year), Number(parts.month), Number(parts.day)];
  const weekday = (new Date(Date.UTC(year, month - 1, day2)).getUTCDay() + 6) % 7;
  return { year, month, day: day2, weekday, time: `${parts.hour}:${parts.minute}` };
}
function holds({ zone: zone2, times, weekdays, days, months, years }, at) {
  const there = clockIn(zone2, at);
  const isHour = ([start, end2]) => start <= there.time && there.time < end2;
  return (!times?.length || times.some(isHour)) && (!weekdays?.length || weekdays.includes(WEEKDAYS[there.weekday] ?? "")) && isAmong(days, there.day) && isAmong(months, there.month) && isAmong(years, there.year);
}
function isAmong(spans, number2) {
  if (!spans?.length) return true;
  return spans.some((span3) => {
    const [first, last2 = first] = span3.split(":");
    return Number(first) <= number2 && number2 <= Number(last2);
  });
}
function isIn(names, times, at) {
  return names.some((name) => times[name]?.intervals.some((interval) => holds(interval, at)));
}
function onCall({ members, every, since, handover, zone: zone2 }, at) {
  const there = clockIn(zone2, at);
  const today = Date.UTC(there.year, there.month - 1, there.day);
  const days = Math.round((today - Date.parse(since)) / DAY) - (there.time < handover ? 1 : 0);
  const turn = Math.floor(Math.max(days, 0) / every);
  return members[turn % members.length] ?? [];
}

// src/config.js
var VERSION = 2;
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
  VERSIONED(value, "", wrong);
  if (wrong.length === 0) CONFIG(value, "", wrong);
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
    if (rule.route >= config.routes.length)
      wrong.push(`rules[${index}].route: ${rule.route} is no place in \`routes\``);
  });
  config.routes.forEach(
    ({ steps }, index) => steps.forEach(({ to, onCall: onCall2, active, mute }, place) => {
      const path = `routes[${index}].steps[${place}]`;
      for (const name of to) known(`${path}.to`, name, config.channels, "channel");
      for (const name of onCall2) known(`${path}.onCall`, name, config.rotations, "rotation");
      for (const name of active) known(`${path}.active`, name, config.times, "time");
      for (const name of mute) known(`${path}.mute`, name, config.times, "time");
    })
  );
  for (const [name, { members }] of Object.entries(config.rotations)) {
    if (members.length === 0) wrong.push(`rotations.${name}.members: must name somebody`);
    for (const channel of members.flat())
      known(`rotations.${name}.members`, channel, config.channels, "channel");
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
var clock = written("a time such as 09:00", /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
var span = written("a number, or two such as 1:5", /^\d+(:\d+)?$/);
var day = plain(
  "a day such as 2026-01-05",
  (value) => /^\d{4}-\d\d-\d\d$/.test(String(value)) && Date.parse(String(value)) > 0
);
var zone = plain("a time zone", (value) => typeof value === "string" && isZone(value));
function isZone(name) {
  try {
    clockIn(name, 0);
    return true;
  } catch {
    return false;
  }
}
var BEYOND = object({
  signal: one("probe_seconds"),
  aggregate: one("mean", "max", "min", "last"),
  limit: number,
  window: positive
});
var STEP = object({
  to: list(text),
  onCall: list(text),
  after: number,
  active: list(text),
  mute: list(text)
});
var INTERVAL = object({
  zone,
  times: orNull(list(pair(clock))),
  weekdays: orNull(list(one(...WEEKDAYS))),
  days: orNull(list(span)),
  months: orNull(list(span)),
  years: orNull(list(span))
});
var VERSIONED = object({
  version: plain(`${VERSION}: deploy the stack again`, (value) => value === VERSION)
});
var CONFIG = object({
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
        fails: object({ times: count }),
        absent: object({ after: positive }),
        above: BEYOND,
        below: BEYOND,
        told: object({ event: orNull(text), window: orNull(number) })
      }),
      for: whole,
      noData: object({ is: one("alerting", "ok"), after: whole }),
      summary: text,
      description: text,
      runbook: text,
      trouble: orNull(one("down", "degraded", "ahead")),
      dashboard: orNull(text),
      firstStep: orNull(text),
      route: whole
    })
  ),
  routes: list(object({ steps: list(STEP) })),
  times: map(object({ drop: truth, intervals: list(INTERVAL) })),
  rotations: map(
    object({ members: list(list(text)), every: count, since: day, handover: clock, zone })
  ),
  telling: object({
    coolDown: number,
    repeat: orNull(positive),
    limit: orNull(object({ count, seconds: positive }))
  }),
  severities: map(object({ rank: whole, answer: whole, resolve: whole })),
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
      webhook: object({ url: orNull(text), secret: orNull(text), user: orNull(text) }),
      discord: object({ secret: text }),
      teams: object({ secret: text }),
      sms: object({
        endpoint: orNull(text),
        account: text,
        from: text,
        to: list(text),
        secret: text
      })
    })
  ),
  recoverAfter: positive,
  settle: whole,
  links: object({
    dashboard: orNull(text),
    status: orNull(text),
    incident: orNull(text)
  }),
  privacy: orNull(object({ scrub: list(text), fields: list(text) })),
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

// src/incident_page.js
function page(nonce) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Incident</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1 id="headline">Incident</h1>
<p id="standing" role="status">Asking the monitoring …</p>
<dl id="facts"></dl>
<form id="answers" hidden>
<p class="row"><label for="by">Your name</label><input id="by" autocomplete="name" maxlength="80"
 placeholder="for those who are told"></p>
<p class="row"><button type="button" id="acknowledge" class="first">Acknowledge</button>
<span>I am on it: nobody else is woken.</span></p>
<p class="row"><button type="button" id="silence">Silence</button>
<label for="seconds">for</label><select id="seconds">
<option value="3600">1 hour</option><option value="14400">4 hours</option><option value="43200">12 hours</option>
<option value="86400">1 day</option><option value="604800">1 week</option></select>
<span>also when it comes again; what gets worse is told.</span></p>
<p class="row"><button type="button" id="release">Take back</button><span>It goes on as before.</span></p>
</form>
<nav id="links"></nav>
<noscript>This page needs JavaScript: the key of the link is sent by it.</noscript>
</main>
<script nonce="${nonce}">${SCRIPT}<\/script>
</body>
</html>
`;
}
var STYLE = `
:root { --text: #1f2328; --soft: #57606a; --line: #d0d7de; --back: #f3f4f6; --card: #fff; --act: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --soft: #9da7b3; --line: #3d444d; --back: #0d1117; --card: #161b22; --act: #6cb0ff; }
}
body { margin: 0; padding: 16px; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 640px; margin: 0 auto; padding: 20px 24px; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; }
h1 { margin: 0 0 12px; font-size: 20px; line-height: 1.35; overflow-wrap: anywhere; }
#standing { margin: 0 0 16px; padding: 10px 12px; border-left: 4px solid var(--act); background: var(--back); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 16px; margin: 0 0 16px; }
dt { color: var(--soft); font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; margin: 0 0 12px; }
.row span { color: var(--soft); }
button, input, select { min-height: 44px; padding: 0 14px; font: inherit; color: var(--text); background: var(--card);
  border: 1px solid var(--soft); border-radius: 6px; }
button { min-width: 140px; cursor: pointer; font-weight: 600; }
button.first { background: var(--act); border-color: var(--act); color: var(--card); }
button:disabled { opacity: .5; cursor: default; }
input { flex: 1 1 200px; }
nav { display: flex; flex-wrap: wrap; gap: 8px 16px; }
a { color: var(--act); }
[hidden] { display: none; }
`;
var SCRIPT = `
const at = (id) => document.getElementById(id);
const [, wish, key] = /^#(acknowledge|silence)=([0-9a-f]+)$/.exec(location.hash) ?? [];
const buttons = ["acknowledge", "silence", "release"].map(at);
try { at("by").value = localStorage.getItem("belfry-name") ?? ""; } catch {}

function made(tag, text, more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, more);
}

function standing({ over, acknowledged, silenced }) {
  const by = (one) => (one.by ? " by " + one.by : "");
  const said = [];
  if (over) said.push("It is over since " + over + ".");
  if (silenced) said.push("Silenced" + by(silenced) + " until " + silenced.until + ".");
  else if (acknowledged)
    said.push("Acknowledged" + by(acknowledged) + " at " + acknowledged.at
      + "." + (acknowledged.until ? " If it lasts until " + acknowledged.until + ", everybody is told again." : ""));
  else if (!over) said.push("Nobody has acknowledged it.");
  return said.join(" ");
}

function show(incident) {
  document.title = incident.headline;
  at("headline").textContent = incident.headline;
  at("standing").textContent = standing(incident);
  at("facts").replaceChildren(...incident.facts.flatMap(({ label, text }) => [made("dt", label), made("dd", text)]));
  at("links").replaceChildren(...incident.links.map(({ label, url }) => made("a", label, { href: url, rel: "noreferrer" })));
  at("answers").hidden = false;
  at("acknowledge").disabled = Boolean(incident.over || incident.acknowledged);
  at("silence").disabled = false;
  at("release").disabled = !incident.acknowledged && !incident.silenced;
}

async function say(does) {
  for (const button of buttons) button.disabled = true;
  const by = at("by").value.trim();
  try { localStorage.setItem("belfry-name", by); } catch {}
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      headers: { Authorization: "Bearer " + (key ?? "none"), "Content-Type": "application/json" },
      body: JSON.stringify({ does, by: by || null, seconds: Number(at("seconds").value) }),
    });
    const body = await answer.json();
    if (answer.ok) return show(body);
    at("standing").textContent = "Not done: " + body.error + ".";
  } catch {
    at("standing").textContent = "Not done: the monitoring does not answer. Try again.";
  }
  for (const button of buttons) button.disabled = false;
}

for (const button of buttons) button.addEventListener("click", () => say(button.id));
say("look").then(() => { if (wish) at(wish).focus(); });
`;

// src/keys.js
var SIGNED = 16;
function newKey() {
  return hexadecimal(crypto.getRandomValues(new Uint8Array(32)));
}
async function signature(key, text4) {
  const hash2 = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", bytes(key), hash2, false, ["sign"]);
  return hexadecimal(new Uint8Array(await crypto.subtle.sign("HMAC", imported, bytes(text4)), 0, SIGNED));
}
async function isSame(given, key) {
  const digest = (text4) => crypto.subtle.digest("SHA-256", bytes(text4));
  return crypto.subtle.timingSafeEqual(...await Promise.all([digest(given), digest(key)]));
}
function bytes(text4) {
  return new TextEncoder().encode(text4);
}
function hexadecimal(array) {
  return Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");
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
      "1 while the rule fires; absent when unknown, and while nobody says so of a rule that others judge.",
      config.rules.flatMap(
        ({ id, rule, set, service, severity, condition }) => states.get(id) === "unknown" || condition.is === "told" && !states.has(id) ? [] : [
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
    ...COUNTERS.map(({ name, label: label2, help }) => counter(name, help, label2, counts))
  ];
  return families.map(text2).join("");
}
var gauge = (name, help, points) => ({ name: `belfry_${name}`, type: "gauge", help, points });
function counter(name, help, label2, counts) {
  const points = Object.entries(counts).flatMap(([key, value]) => {
    const [counted, who = ""] = key.split(" ");
    return counted === name ? [{ labels: label2 === null ? {} : { [label2]: who }, value }] : [];
  });
  return { name: `belfry_${name}_total`, type: "counter", help, points };
}
function text2({ name, type, help, points }) {
  const lines2 = points.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label2, of]) => `${label2}="${escape(of)}"`);
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
function shards(checks2, tick) {
  const waiting = checks2.filter((check) => isDue(check, tick)).sort((a, b) => cost(b) - cost(a) || (a.id < b.id ? -1 : 1));
  const open2 = [];
  for (const check of waiting) {
    const seconds = cost(check);
    let shard = open2.find(
      ({ checks: checks3, lanes }) => checks3.length < SHARD_CHECKS && Math.min(...lanes) + seconds <= SHARD_SECONDS
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
  const body = await read2(response, (text4) => text4.includes(wanted));
  if (body === null) return null;
  return body.includes(wanted) ? { up: true, status: status2, detail: null } : { up: false, status: status2, detail: "the body lacks the expected text" };
}
async function judgeRelayed({ expect, through }, response) {
  const { status: status2 } = response;
  const body = await read2(response, () => false);
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
async function read2(response, enough) {
  if (response.body === null) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text4 = "";
  for (let bytes3 = 0; bytes3 < BODY_BYTES; ) {
    const part2 = await reader.read().catch(() => null);
    if (part2 === null) return null;
    if (part2.done) return text4 + decoder.decode();
    bytes3 += part2.value.byteLength;
    text4 += decoder.decode(part2.value, { stream: true });
    if (enough(text4)) break;
  }
  await letGo(reader);
  return text4;
}
async function letGo(body) {
  await body?.cancel().catch(() => void 0);
}
async function probeAll(checks2, wire, atOnce) {
  const results = new Array(checks2.length);
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < checks2.length; index = next++) {
      const check = (
        /** @type {Check} */
        checks2[index]
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
  await Promise.all(Array.from({ length: Math.min(atOnce, checks2.length) }, lane));
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
  const { run: run2 } = await twice(
    () => coordinator(env).begin({ tick, of: plan.length, seconds: longest(plan), config })
  );
  const messages = plan.map((checks2, shard) => ({
    run: run2,
    tick,
    shard,
    checks: checks2.map(({ id }) => id)
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
async function runShard(env, { run: run2, tick, shard, checks: ids }) {
  const config = await load(env, tick);
  const known = new Map(config.checks.map((check) => [check.id, check]));
  const checks2 = ids.flatMap((id) => known.get(id) ?? []);
  const results = await probeAll(checks2, WIRE, CONNECTIONS);
  const record = recordOf(config, { run: run2, tick, shard, checks: checks2, results });
  const states = await twice(() => observations(env).record(record));
  await twice(() => coordinator(env).observe({ run: run2, shard, states }));
}
function recordOf(config, { run: run2, tick, shard, checks: checks2, results }) {
  const services = new Set(checks2.map(({ service }) => service));
  return {
    ...{ run: run2, tick, shard, results },
    rules: config.rules.filter(
      ({ service, condition }) => services.has(service) && condition.is !== "told"
    ),
    checks: config.checks.filter(({ service }) => services.has(service)).map(({ id, service, every }) => ({ id, service, every }))
  };
}
var WIRE = {
  fetch: (input, init) => fetch(input, { ...init, cache: "no-store" }),
  now: () => Date.now()
};

// src/votes.js
var VOTE_BYTES = 1048576;
var TEXT = 300;
var SEEN = 1e3;
var LABEL = 200;
function vote(body, isCloudflare) {
  if (!isObject2(body)) return null;
  const source = isCloudflare ? "cloudflare" : "orgId" in body ? "grafana" : "groupKey" in body ? "alertmanager" : "other";
  const text4 = [body.text, body.title, body.message, body.groupKey].find(
    (value) => typeof value === "string"
  );
  return {
    source,
    state: stateOf(body),
    text: String(text4 ?? "").slice(0, TEXT),
    opinions: isCloudflare ? ofEvent(body) : ofAlerts(body, source)
  };
}
function stateOf(body) {
  const data = isObject2(body.data) ? body.data : {};
  const word = String(
    body.status ?? body.state ?? data.status ?? data.new_health ?? ""
  ).toLowerCase();
  if (["firing", "alerting", "unhealthy", "down", "bad"].includes(word)) return "bad";
  return ["resolved", "ok", "healthy", "up", "good"].includes(word) ? "good" : "unknown";
}
function ofAlerts({ alerts }, source) {
  if (!Array.isArray(alerts)) return [];
  return alerts.flatMap((alert) => {
    if (!isObject2(alert) || !isObject2(alert.labels)) return [];
    const { labels, status: status2 } = alert;
    const [set, rule, service] = [label(labels.set), label(labels.rule), label(labels.service)];
    const began = moment(alert.startsAt);
    if (set === null || rule === null || service === null) return [];
    if (began === null || status2 !== "firing" && status2 !== "resolved") return [];
    const annotations = isObject2(alert.annotations) ? alert.annotations : {};
    const { fingerprint } = alert;
    return [
      {
        rule: `${set}/${rule}/${service}`,
        event: null,
        platform: label(labels.platform),
        environment: label(labels.environment),
        series: `${source} ${typeof fingerprint === "string" ? fingerprint.slice(0, 64) : ""}`,
        isFiring: status2 === "firing",
        began,
        ended: status2 === "firing" ? null : moment(alert.endsAt),
        lasts: true,
        seen: typeof annotations.seen === "string" ? annotations.seen.slice(0, SEEN) : null
      }
    ];
  });
}
function ofEvent({ alert_type: event, alert_event: phase, alert_correlation_id: id, ts, text: text4 }) {
  if (typeof event !== "string" || typeof ts !== "number" || !(ts > 0)) return [];
  const isFiring = phase !== "ALERT_STATE_EVENT_END";
  return [
    {
      rule: null,
      event,
      platform: null,
      environment: null,
      series: `cloudflare ${typeof id === "string" ? id.slice(0, 64) : ""}`,
      isFiring,
      began: ts * 1e3,
      ended: isFiring ? null : ts * 1e3,
      lasts: phase === "ALERT_STATE_EVENT_START",
      seen: typeof text4 === "string" ? text4.slice(0, SEEN) : null
    }
  ];
}
function isObject2(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function label(value) {
  return typeof value === "string" && value !== "" && value.length <= LABEL ? value : null;
}
function moment(value) {
  const time2 = typeof value === "string" ? Date.parse(value) : NaN;
  return time2 > 0 ? time2 : null;
}

// src/http.js
var INCIDENTS = "/monitoring/incidents/";
var ANSWER_BYTES = 4096;
var NAME_LENGTH = 80;
var ROUTES = {
  "/monitoring/health": { GET: getHealth },
  "/monitoring/metrics": { GET: getMetrics },
  "/monitoring/status": { GET: getStatus },
  [`${INCIDENTS}<incident>`]: { GET: getIncident, POST: postIncident },
  "/alerts/vote": { POST: postVote }
};
async function answer(request, env) {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(INCIDENTS) ? `${INCIDENTS}<incident>` : pathname;
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : void 0;
  if (route === void 0)
    return json(
      { error: `nothing is at this path: there are ${Object.keys(ROUTES).join(", ")}` },
      404
    );
  const handle = Object.hasOwn(route, request.method) ? route[request.method] : void 0;
  if (handle === void 0) {
    const methods = Object.keys(route);
    return json({ error: `${path} takes ${methods.join(" and ")} only` }, 405, {
      Allow: methods.join(", ")
    });
  }
  try {
    return await handle(request, env);
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
async function getIncident() {
  const nonce = crypto.randomUUID();
  const rules = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ];
  return new Response(page(nonce), {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": rules.join("; "),
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
      "X-Robots-Tag": "noindex"
    }
  });
}
var REFUSED = (
  /** @type {const} */
  {
    key: [401, "the key is wrong or missing: follow the link of a message about this incident"],
    early: [503, "no tick has come yet: try again in a minute"],
    forgotten: [404, "nothing is known of this incident any longer"],
    over: [409, "it is over: there is nothing to acknowledge"]
  }
);
async function postIncident(request, env) {
  const id = incidentOf(request.url);
  const text4 = await bounded(request, ANSWER_BYTES);
  const said2 = text4 === null ? null : answerOf(parsed(text4));
  if (id === null || said2 === null)
    return json(
      {
        error: `an answer is JSON: does (look, acknowledge, silence or release), by (a name or nothing), seconds (of a silence, 60 to ${LONGEST_SILENCE})`
      },
      400
    );
  const result = await coordinator(env).answer(id, bearer(request), said2.answer);
  if ("shown" in result) return json(result.shown, 200);
  const [code, error] = REFUSED[result.refused];
  return json({ error }, code);
}
function incidentOf(url) {
  try {
    return decodeURIComponent(new URL(url).pathname.slice(INCIDENTS.length)) || null;
  } catch {
    return null;
  }
}
function answerOf(body) {
  if (typeof body !== "object" || body === null) return null;
  const { does, by = null, seconds = 0 } = (
    /** @type {Record<string, unknown>} */
    body
  );
  if (by !== null && typeof by !== "string") return null;
  if (does === "look") return { answer: null };
  if (does !== "acknowledge" && does !== "silence" && does !== "release") return null;
  if (typeof seconds !== "number") return null;
  if (does === "silence" && !(seconds >= 60 && seconds <= LONGEST_SILENCE)) return null;
  return { answer: { does, by: by?.trim().slice(0, NAME_LENGTH) || null, seconds } };
}
function bearer(request) {
  return /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1] ?? "";
}
async function postVote(request, env) {
  const key = secret(env, "SECRET_VOTE_KEY");
  if (key === null)
    return json({ error: "votes are not taken: the secret vote-key is not set" }, 503);
  const own2 = request.headers.get("cf-webhook-auth");
  if (!await isSame(own2 ?? bearer(request), key)) return json({ error: "the key is wrong or missing" }, 401);
  const text4 = await bounded(request, VOTE_BYTES);
  if (text4 === null) return json({ error: `a vote has at most ${VOTE_BYTES} bytes` }, 413);
  const opinion = vote(parsed(text4), own2 !== null);
  if (opinion === null) return json({ error: "a vote is a JSON object" }, 400);
  const isCounted = await twice(() => coordinator(env).vote(opinion));
  return isCounted ? json({ recorded: true }, 202) : json({ error: "no tick has come yet: say it again" }, 503, { "Retry-After": "60" });
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

// src/wording.js
var HEADLINES = {
  "opened": "[${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "raised": "Raised: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "updated": "Cause found: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "acknowledged": "Acknowledged: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "reminded": "Still: [${severity}] ${service}: ${summary} (${platform}, ${environment})",
  "recovered": "Recovered: [${severity}] ${service}: ${summary} (${platform}, ${environment})"
};
var SHORT = {
  "opened": "${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "raised": "Raised: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "updated": "Cause found: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "acknowledged": "Acknowledged: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "reminded": "Still: ${severity} ${service}: ${summary} (${platform} ${environment}) since ${clock}",
  "recovered": "Recovered: ${severity} ${service}: ${summary} (${platform} ${environment})"
};
var PARTS = [
  {
    "role": "fact",
    "name": "what",
    "label": "What",
    "text": "${description}",
    "fields": [
      "description"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "state",
    "label": "State",
    "text": "${trouble}",
    "fields": [
      "trouble"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "since",
    "label": "Since",
    "text": "${since}",
    "fields": [
      "since"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "since",
    "label": "Since",
    "text": "${since}, for ${lasted}",
    "fields": [
      "since",
      "lasted"
    ],
    "kinds": [
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "by",
    "label": "By",
    "text": "${by}",
    "fields": [
      "by"
    ],
    "kinds": [
      "acknowledged"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "until",
    "label": "Quiet until",
    "text": "${until}",
    "fields": [
      "until"
    ],
    "kinds": [
      "acknowledged"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "answer",
    "label": "Answer",
    "text": "${severity}, within ${answer}",
    "fields": [
      "severity",
      "answer"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": true
  },
  {
    "role": "fact",
    "name": "seen",
    "label": "Seen",
    "text": "${seen}",
    "fields": [
      "seen"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "took-along",
    "label": "Took along",
    "text": "${took-along}",
    "fields": [
      "took-along"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "also",
    "label": "Also",
    "text": "${also}",
    "fields": [
      "also"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "unseen",
    "label": "Cannot be seen",
    "text": "${unseen}",
    "fields": [
      "unseen"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "fact",
    "name": "first-step",
    "label": "First step",
    "text": "${first-step}",
    "fields": [
      "first-step"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "runbook",
    "label": "Runbook",
    "text": "${runbook}",
    "fields": [
      "runbook"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "dashboard",
    "label": "Dashboard",
    "text": "${dashboard}",
    "fields": [
      "dashboard"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "acknowledge",
    "label": "Acknowledge",
    "text": "${acknowledge}",
    "fields": [
      "acknowledge"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "silence",
    "label": "Silence",
    "text": "${silence}",
    "fields": [
      "silence"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "reminded"
    ],
    "isShort": false
  },
  {
    "role": "link",
    "name": "status",
    "label": "Status",
    "text": "${status}",
    "fields": [
      "status"
    ],
    "kinds": [
      "opened",
      "raised",
      "updated",
      "acknowledged",
      "reminded",
      "recovered"
    ],
    "isShort": false
  }
];
var TROUBLES = {
  "down": "does not work",
  "degraded": "works badly",
  "ahead": "works, but not for long"
};
var FIRST_STEP = "Follow the runbook.";
var MORE = "${shown} and ${more} more";
var INCIDENT = "Incident ${incident}";
var LOOKS = [
  {
    "colour": "#c4281b",
    "style": "attention",
    "word": "critical"
  },
  {
    "colour": "#c76a00",
    "style": "warning",
    "word": "error"
  },
  {
    "colour": "#a98a00",
    "style": "warning",
    "word": "warning"
  },
  {
    "colour": "#2f6fb7",
    "style": "accent",
    "word": "info"
  }
];
var WELL = {
  "colour": "#1f7a3d",
  "style": "good",
  "word": "info"
};
var LENGTHS = {
  "name": 200,
  "summary": 300,
  "fact": 1e3,
  "read": 4e3,
  "link": 1e3
};
var LISTED = 20;
var SMS = {
  "length": 160,
  "link": 90,
  "links": {
    "opened": [
      "runbook",
      "status",
      "dashboard"
    ],
    "raised": [
      "runbook",
      "status",
      "dashboard"
    ],
    "updated": [
      "runbook",
      "status",
      "dashboard"
    ],
    "acknowledged": [
      "status",
      "dashboard",
      "runbook"
    ],
    "reminded": [
      "runbook",
      "status",
      "dashboard"
    ],
    "recovered": [
      "status",
      "dashboard",
      "runbook"
    ]
  },
  "basic": `@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà`,
  "extended": "^{}\\[~]|€",
  "alike": {
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "•": "*",
    "·": "*",
    "×": "x",
    "ç": "c"
  }
};
var SLACK = {
  "header": 150,
  "fact": 500,
  "links": 3e3,
  "escapes": [
    [
      "&",
      "&amp;"
    ],
    [
      "<",
      "&lt;"
    ],
    [
      ">",
      "&gt;"
    ],
    [
      "```",
      "'''"
    ]
  ]
};
var DISCORD = {
  "title": 256,
  "fact": 350,
  "links": 1e3,
  "marks": "([\\\\`*_~|<>#()\\[\\]])"
};
var TEAMS = {
  "fact": 700
};
var PAGERDUTY = {
  "summary": 1024
};
var MAIL = {
  "head": '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${headline}</title>\n</head>\n<body style="margin:0;padding:16px;background:#f3f4f6;color:#1f2328;font:15px/1.5 -apple-system,\'Segoe UI\',Roboto,Helvetica,Arial,sans-serif">\n<div style="max-width:640px;margin:0 auto;padding:20px 24px;background:#ffffff;border:1px solid #d8dce2;border-top:6px solid ${colour};border-radius:6px">\n<h1 style="margin:0 0 14px;font-size:19px;line-height:1.35">${headline}</h1>\n<table style="border-collapse:collapse;width:100%">\n',
  "fact": '<tr><th style="padding:5px 16px 5px 0;text-align:left;vertical-align:top;white-space:nowrap;font-weight:600;color:#57606a">${label}</th><td style="padding:5px 0;overflow-wrap:anywhere"><bdi>${text}</bdi></td></tr>\n',
  "links": '</table>\n<p style="margin:16px 0 0">\n',
  "link": '<a href="${url}" style="display:inline-block;margin:0 6px 6px 0;padding:6px 14px;color:#1f2328;border:1px solid #b6bcc6;border-radius:5px;text-decoration:none">${label}</a>\n',
  "foot": '</p>\n<p style="margin:14px 0 0;font-size:12px;color:#6b7280">${foot}</p>\n</div>\n</body>\n</html>\n'
};
var CHARACTERS = {
  "hidden": "[\\u{ad}\\u{61c}\\u{200b}\\u{200e}-\\u{200f}\\u{202a}-\\u{202e}\\u{2060}-\\u{206f}\\u{feff}\\u{fff9}-\\u{fffb}\\u{e0000}-\\u{e007f}]",
  "broken": "[\\u{d800}-\\u{dfff}]",
  "blanks": "[\\u{0}-\\u{20}\\u{7f}-\\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}-\\u{2029}\\u{202f}\\u{205f}\\u{3000}]+",
  "address": "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s/?#]+\\S*$",
  "unsafe": "[^A-Za-z0-9._~:/?#@!$&*+,;=%\\[\\]-]"
};
var SCRUBBED = [
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://hooks\\.slack(-gov)?\\.com/(services|workflows|triggers)/\\S{6}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://([a-z]+\\.)?discord(app)?\\.com/api/(v[0-9]+/)?webhooks/[0-9]+/\\S[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://[\\w.-]+\\.(webhook\\.office\\.com/\\S|(logic\\.azure|powerplatform)\\.com\\S*[?&]sig=\\S)[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "https?://[0-9a-f]{32}(:[0-9a-f]{32})?@[\\w.-]+\\S*/[0-9][^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://[^\\s/@:]*:(?!\\$\\{)[^\\s/@]+@[^\\s/][^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "AGE-SECRET-KEY-1[A-Z0-9]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![\\w-])eyJ[\\w-]{8,}\\.[\\w-]{4,}\\.[\\w-]*[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![A-Za-z])(?:[Bb][Ee][Aa][Rr][Ee][Rr]|[Bb][Aa][Ss][Ii][Cc])\\s+(?=\\S*[0-9=])[\\w.~+/=-]{8}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])[sr]k_(live|test)_[A-Za-z0-9]{8}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])whsec_[A-Za-z0-9+/=]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])gh[pousr]_[A-Za-z0-9]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "github_pat_\\w{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])gl(pat|ptt|dt|rt|cbt)-[\\w-]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])(xox[abeprs]|xapp)-[\\w-]{10}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])A(KI|SI)A[A-Z0-9]{16}(?![^\\W_])[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])(AIza[\\w-]{30}|ya29\\.[\\w-]{20}|GOCSPX-[\\w-]{20})[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])SG\\.[\\w-]{16,}\\.[\\w-]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])x(key|smtp)sib-[\\w-]{16}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])key-[0-9a-f]{32}(?![^\\W_])[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])gl(sa|c)_[\\w+/=-]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])sntry[su]_\\S{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])pul-[0-9a-f]{40}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])hv[bsr]\\.[\\w-]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])NRAK-[A-Z0-9]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "shp(at|ca|pa|ss)_[0-9a-fA-F]{20}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])do[opr]_v1_[0-9a-f]{40}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])npm_[A-Za-z0-9]{30}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])pypi-[\\w-]{40}[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": null,
    "word": "[secret]",
    "expression": "(?<![^\\W_])sk-((ant|proj|svcacct)-[\\w-]{20}|[A-Za-z0-9]{32})[^\\s\"'`]*",
    "isCard": false
  },
  {
    "kind": "api-key",
    "word": "[key]",
    "expression": `(?:[Aa][Pp][Ii]|[Aa][Cc][Cc][Ee][Ss][Ss]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Pp][Rr][Ii][Vv][Aa][Tt][Ee]|[Aa][Cc][Cc][Oo][Uu][Nn][Tt])[_ -]?(?:[Kk][Ee][Yy])["']?\\s*[:=]\\s*["']?[^\\s"',;&]{4,}`,
    "isCard": false
  },
  {
    "kind": "token",
    "word": "[token]",
    "expression": `(?:[Tt][Oo][Kk][Ee][Nn]|[Pp][Aa][Ss][Ss][Ww][Oo][Rr][Dd]|[Pp][Aa][Ss][Ss][Ww][Dd]|[Ss][Ee][Cc][Rr][Ee][Tt]|[Ss][Ee][Ss][Ss][Ii][Oo][Nn]|[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn]|[Cc][Oo][Oo][Kk][Ii][Ee])["']?\\s*[:=]\\s*["']?[^\\s"',;&]{4,}`,
    "isCard": false
  },
  {
    "kind": "email",
    "word": "[mail address]",
    "expression": `(?<![^\\s@<>"'(),;:=\\[\\]])[^\\s@<>"'(),;:=\\[\\]]+@(?:[^\\s@<>"'(),;:/\\[\\].]+\\.)+[^\\s@<>"'(),;:/\\[\\].]+`,
    "isCard": false
  },
  {
    "kind": "card-number",
    "word": "[card number]",
    "expression": "[0-9]+(?:[ -][0-9]+)*",
    "isCard": true
  },
  {
    "kind": "ip-address",
    "word": "[IP address]",
    "expression": "(?<![0-9.])(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?![0-9]|\\.[0-9])",
    "isCard": false
  },
  {
    "kind": "ip-address",
    "word": "[IP address]",
    "expression": "(?<![\\w:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}|(?=[0-9A-Fa-f:]*::)(?=:*[0-9A-Fa-f])[0-9A-Fa-f:]{3,39})(?![\\w:])",
    "isCard": false
  },
  {
    "kind": "phone",
    "word": "[phone number]",
    "expression": "(?<![\\w.+])\\+[0-9](?:[ ()./-]{0,2}[0-9]){6,14}(?![0-9])",
    "isCard": false
  }
];
var FIELD = {
  "before": "(?<![\\w.-])",
  "after": `["']?\\s*[:=]\\s*(?:"[^"]*"|'[^']*'|[^\\s"',;&]+)`,
  "word": "[hidden]"
};
var CARD = {
  "least": 13,
  "most": 19,
  "first": "23456"
};

// src/characters.js
var HIDDEN = new RegExp(CHARACTERS.hidden, "gu");
var BROKEN = new RegExp(CHARACTERS.broken, "gu");
var BLANKS = new RegExp(CHARACTERS.blanks, "gu");
var ADDRESS = new RegExp(CHARACTERS.address, "u");
var UNSAFE = new RegExp(CHARACTERS.unsafe, "gu");
function tidy(text4) {
  const read3 = [...text4.slice(0, 2 * LENGTHS.read)].slice(0, LENGTHS.read).join("");
  return read3.replace(BROKEN, "�").replace(HIDDEN, "").replace(BLANKS, " ").replace(/^ | $/g, "");
}
function clip(text4, most) {
  const characters = [...text4];
  return characters.length <= most ? text4 : `${characters.slice(0, most - 1).join("")}…`;
}
function address(text4) {
  if (text4 === null) return null;
  const line = tidy(text4);
  if ([...line].length > LENGTHS.link || !ADDRESS.test(line)) return null;
  return line.replace(
    UNSAFE,
    (found) => Array.from(
      new TextEncoder().encode(found),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
    ).join("")
  );
}
function span2(seconds) {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor((seconds + 30) / 60)} min`;
  const tenths = Math.floor((seconds + 180) / 360);
  const whole2 = Math.floor(tenths / 10);
  return tenths % 10 === 0 ? `${whole2} h` : `${whole2}.${tenths % 10} h`;
}

// src/scrubbing.js
var PATTERNS = SCRUBBED.map((one3) => ({ ...one3, expression: new RegExp(one3.expression, "gu") }));
function scrubbed(text4, kinds, fields) {
  let rest = text4;
  for (const { kind, word, expression, isCard } of PATTERNS) {
    if (kind !== null && !kinds.includes(kind)) continue;
    rest = rest.replace(expression, isCard ? (run2) => withoutCards(run2, word) : () => word);
  }
  for (const name of fields) {
    const expression = new RegExp(`${FIELD.before}${anyCase(name)}${FIELD.after}`, "gu");
    rest = rest.replace(expression, () => FIELD.word);
  }
  return rest;
}
function anyCase(name) {
  return name.replaceAll(".", "\\.").replace(/[A-Za-z]/g, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}
function withoutCards(run2, word) {
  const pieces = run2.split(/([ -])/);
  const kept = [];
  for (let start = 0; start < pieces.length; start += 2) {
    const end2 = endOfCard(pieces, start);
    kept.push(end2 === null ? pieces[start] : word);
    start = end2 ?? start;
    kept.push(pieces[start + 1] ?? "");
  }
  return kept.join("");
}
function endOfCard(pieces, start) {
  let digits = "";
  for (let index = start; index < pieces.length; index += 2) {
    digits += pieces[index];
    if (digits.length > CARD.most) return null;
    if (digits.length >= CARD.least && CARD.first.includes(digits.charAt(0)) && checks(digits))
      return index;
  }
  return null;
}
function checks(digits) {
  const total = [...digits].reverse().reduce((sum, digit, place) => {
    const value = Number(digit) * (1 + place % 2);
    return sum + (value > 9 ? value - 9 : value);
  }, 0);
  return total % 10 === 0;
}

// src/messages.js
function message(kind, incident, at, config, acknowledgement2 = null) {
  const rule = config.rules.find(({ id }) => id === incident.rule);
  const severity = config.severities[incident.severity];
  const named4 = {
    incident: incident.id,
    platform: config.platform,
    environment: config.environment,
    severity: incident.severity,
    service: incident.cause,
    set: rule?.set ?? null,
    rule: rule?.rule ?? incident.rule
  };
  const filled = (link) => fillAddress(link ?? null, named4);
  return cleaned(
    {
      ...named4,
      kind,
      at: iso(at),
      level: levelOf(incident.severity, config),
      answer: severity?.answer ?? 0,
      trouble: rule?.trouble ?? null,
      summary: rule?.summary ?? `${incident.cause} fails`,
      description: rule?.description ?? null,
      detail: incident.detail,
      since: iso(incident.since),
      lasted: Math.max(0, Math.round((at - incident.since) / 1e3)),
      by: acknowledgement2?.by ?? null,
      until: acknowledgement2?.until ? iso(acknowledgement2.until) : null,
      tookAlong: incident.tookAlong,
      also: [],
      unseen: incident.unseen,
      firstStep: rule?.firstStep ?? null,
      runbook: rule?.runbook ?? null,
      dashboard: filled(rule?.dashboard ?? config.links.dashboard),
      silence: filled(config.links.incident),
      acknowledge: filled(config.links.incident),
      status: filled(config.links.status)
    },
    config.privacy?.scrub ?? [],
    config.privacy?.fields ?? []
  );
}
function cleaned(message2, scrub, fields) {
  const text4 = (value, most) => clip(scrubbed(tidy(value), scrub, fields), most);
  const maybe = (value) => value === null ? null : text4(value, LENGTHS.fact) || null;
  return {
    kind: message2.kind,
    incident: nameOf(message2.incident),
    at: message2.at,
    platform: nameOf(message2.platform),
    environment: nameOf(message2.environment),
    severity: nameOf(message2.severity),
    level: message2.level,
    answer: message2.answer,
    service: nameOf(message2.service),
    set: message2.set ? nameOf(message2.set) : null,
    rule: nameOf(message2.rule),
    trouble: message2.trouble,
    summary: text4(message2.summary, LENGTHS.summary) || nameOf(message2.rule),
    description: maybe(message2.description),
    detail: maybe(message2.detail),
    since: message2.since,
    lasted: message2.lasted,
    by: maybe(message2.by),
    until: message2.until,
    tookAlong: message2.tookAlong.map(nameOf),
    also: message2.also.map((one3) => text4(one3, LENGTHS.summary)),
    unseen: message2.unseen.map(nameOf),
    firstStep: maybe(message2.firstStep),
    runbook: address(message2.runbook),
    dashboard: address(message2.dashboard),
    silence: address(message2.silence),
    acknowledge: address(message2.acknowledge),
    status: address(message2.status)
  };
}
function keyed(message2, key) {
  const { silence, acknowledge } = message2;
  return {
    ...message2,
    silence: silence && `${silence}#silence=${key}`,
    acknowledge: acknowledge && `${acknowledge}#acknowledge=${key}`
  };
}
function nameOf(value) {
  return clip(tidy(value), LENGTHS.name) || "?";
}
function levelOf(name, { severities }) {
  const rank = severities[name]?.rank ?? 0;
  return new Set(
    Object.values(severities).flatMap((other) => other.rank < rank ? [other.rank] : [])
  ).size;
}
function headline(message2) {
  return fill(HEADLINES[message2.kind], values(message2));
}
function facts(message2) {
  return said(message2, "fact").map(([part2, text4]) => ({ part: part2, text: clip(text4, LENGTHS.fact) }));
}
function links(message2) {
  return said(message2, "link").map(([part2, url]) => ({ label: part2.label, url }));
}
function row(shown2, most) {
  return shown2.reduce((whole2, link) => {
    const longer = whole2 === "" ? link : `${whole2} · ${link}`;
    return [...longer].length <= most ? longer : whole2;
  }, "");
}
function foot(message2) {
  return fill(INCIDENT, values(message2));
}
function look({ kind, level }) {
  return kind === "recovered" ? WELL : LOOKS[Math.min(level, LOOKS.length - 1)] ?? LOOKS[0];
}
function said(message2, role) {
  const known = values(message2);
  return PARTS.filter(
    (part2) => part2.role === role && part2.kinds.includes(message2.kind) && part2.fields.every((field) => known[field])
  ).map((part2) => [part2, fill(part2.text, known)]);
}
function values(message2) {
  return {
    incident: message2.incident,
    platform: message2.platform,
    environment: message2.environment,
    severity: message2.severity,
    service: message2.service,
    summary: message2.summary,
    description: message2.description ?? "",
    trouble: TROUBLES[message2.trouble ?? ""] ?? "",
    since: moment2(message2.since),
    clock: `${message2.since.slice(11, 16)} UTC`,
    lasted: span2(message2.lasted),
    by: message2.by ?? "",
    until: message2.until ? moment2(message2.until) : "",
    answer: message2.answer ? span2(message2.answer) : "",
    seen: message2.detail ?? "",
    "took-along": listed(message2.tookAlong),
    also: listed(message2.also ?? []),
    // one that an older version queued has none
    unseen: listed(message2.unseen),
    "first-step": message2.firstStep ?? (message2.runbook ? FIRST_STEP : ""),
    runbook: message2.runbook ?? "",
    dashboard: message2.dashboard ?? "",
    silence: message2.silence ?? "",
    acknowledge: message2.acknowledge ?? "",
    status: message2.status ?? ""
  };
}
function moment2(at) {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}
function listed(names) {
  const shown2 = names.slice(0, LISTED).join(", ");
  const more = names.length - LISTED;
  return more > 0 ? fill(MORE, { shown: shown2, more: String(more) }) : shown2;
}
function short({ kind }, known) {
  return fill(SHORT[kind], known);
}
function fill(text4, known) {
  return text4.replace(/\$\{([a-z][a-z0-9-]*)\}/g, (_, name) => known[name] ?? "");
}
function fillAddress(text4, named4) {
  return text4?.replace(/\$\{([a-z]+)\}/g, (_, name) => encodeURIComponent(named4[name] ?? "")) ?? null;
}
function iso(at) {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

// src/channels/discord.js
var MARKS = new RegExp(DISCORD.marks, "gu");
function discord(message2) {
  const pointers = row(
    links(message2).map(({ label: label2, url }) => `[${label2}](${url})`),
    DISCORD.links
  );
  return {
    content: "",
    embeds: [
      {
        title: clip(escape2(headline(message2)), DISCORD.title),
        color: Number.parseInt(look(message2).colour.slice(1), 16),
        fields: facts(message2).map(({ part: part2, text: text4 }) => ({
          name: part2.label,
          value: escape2(clip(text4, DISCORD.fact)),
          inline: part2.isShort
        })),
        footer: { text: foot(message2) },
        timestamp: message2.at,
        ...pointers === "" ? {} : { description: pointers }
      }
    ],
    allowed_mentions: { parse: [] }
  };
}
function escape2(text4) {
  return text4.replace(MARKS, "\\$1").replaceAll("@", "@​");
}

// src/channels/mail.js
function mail(message2) {
  const subject = headline(message2);
  const said2 = facts(message2);
  const pointers = links(message2);
  const text4 = [
    subject,
    "",
    ...said2.map(({ part: part2, text: text5 }) => `${part2.label}: ${text5}`),
    "",
    ...pointers.map(({ label: label2, url }) => `${label2}: ${url}`),
    ...pointers.length === 0 ? [] : [""],
    foot(message2),
    ""
  ].join("\n");
  const html = [
    fill(MAIL.head, { headline: escape3(subject), colour: look(message2).colour }),
    ...said2.map(({ part: part2, text: text5 }) => fill(MAIL.fact, { label: part2.label, text: escape3(text5) })),
    MAIL.links,
    ...pointers.map(({ label: label2, url }) => fill(MAIL.link, { label: label2, url: escape3(url) })),
    fill(MAIL.foot, { foot: escape3(foot(message2)) })
  ].join("");
  return { subject, text: text4, html };
}
function escape3(value) {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

// src/channels/email.js
function email(message2, { from, to, id, date }) {
  const { subject, text: text4, html } = mail(message2);
  const host = from.split("@").at(-1) ?? "belfry";
  const boundary = `=_belfry_${id.replace(/[^A-Za-z0-9]/g, "_").slice(-50)}`;
  const headers = [
    ["From", from],
    ["To", to.join(", ")],
    ["Subject", encoded(subject)],
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
    ...part(boundary, "text/plain", text4),
    ...part(boundary, "text/html", html),
    `--${boundary}--`,
    ""
  ].join("\r\n");
}
function part(boundary, type, content) {
  const lines2 = base64(content.replaceAll("\n", "\r\n")).match(/.{1,76}/g) ?? [];
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
function base64(value) {
  return btoa(
    Array.from(new TextEncoder().encode(value), (byte) => String.fromCharCode(byte)).join("")
  );
}

// src/channels/pagerduty.js
function pagerduty(message2, key) {
  const event = { routing_key: key, dedup_key: message2.incident };
  if (message2.kind === "recovered") return { ...event, event_action: "resolve" };
  if (message2.kind === "acknowledged") return { ...event, event_action: "acknowledge" };
  return {
    ...event,
    event_action: "trigger",
    payload: {
      summary: clip(headline(message2), PAGERDUTY.summary),
      source: `${message2.platform}/${message2.environment}/${message2.service}`,
      severity: look(message2).word,
      timestamp: message2.since,
      component: message2.service,
      group: message2.platform,
      class: message2.rule,
      custom_details: Object.fromEntries(
        facts(message2).map(({ part: part2, text: text4 }) => [part2.label, text4])
      )
    },
    links: links(message2).map(({ label: label2, url }) => ({ text: label2, href: url }))
  };
}

// src/channels/slack.js
var FIELDS = 10;
function slack(message2) {
  const title = headline(message2);
  const pointers = row(
    links(message2).map(({ label: label2, url }) => `<${escape4(url)}|${label2}>`),
    SLACK.links
  );
  return {
    text: escape4(title),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: "header", text: plain2(clip(title, SLACK.header)) }],
    attachments: [
      {
        color: look(message2).colour,
        blocks: [
          ...sections(message2),
          ...pointers === "" ? [] : [{ type: "section", text: marked(pointers) }],
          { type: "context", elements: [plain2(foot(message2))] }
        ]
      }
    ]
  };
}
function sections(message2) {
  const all = [];
  let beside = [];
  for (const { part: part2, text: text4 } of facts(message2)) {
    const said2 = marked(`*${part2.label}*
${escape4(clip(text4, SLACK.fact))}`);
    if (!part2.isShort) {
      beside = [];
      all.push({ type: "section", text: said2 });
    } else if (beside.length > 0 && beside.length < FIELDS) {
      beside.push(said2);
    } else {
      beside = [said2];
      all.push({ type: "section", fields: beside });
    }
  }
  return all;
}
function escape4(text4) {
  return SLACK.escapes.reduce((rest, [mark, harmless]) => rest.replaceAll(mark, harmless), text4);
}
function plain2(text4) {
  return { type: "plain_text", text: text4, emoji: false };
}
function marked(text4) {
  return { type: "mrkdwn", text: text4, verbatim: true };
}

// src/channels/sms.js
var CUT = "...";
var PLACES = new Map([
  ...[...SMS.basic].map((one3) => (
    /** @type {const} */
    [one3, 1]
  )),
  ...[...SMS.extended].map((one3) => (
    /** @type {const} */
    [one3, 2]
  ))
]);
function sms(message2) {
  const known = Object.fromEntries(
    Object.entries(values(message2)).map(([name, text4]) => [name, spelt(text4)])
  );
  const link = SMS.links[message2.kind].map((name) => known[name] ?? "").find((url) => url !== "" && places(url) <= SMS.link) ?? "";
  const room = SMS.length - (link === "" ? 0 : places(link) + 1);
  const others = places(short(message2, { ...known, summary: "" }));
  const summary = cut(known.summary ?? "", Math.max(room - others, CUT.length));
  return `${cut(short(message2, { ...known, summary }), room)} ${link}`.replace(/ +$/, "");
}
function spelt(text4) {
  return [...text4].map((character) => {
    const alike = SMS.alike[character] ?? character;
    if ([...alike].every((one3) => PLACES.has(one3))) return alike;
    return [...character.normalize("NFKD")].filter((one3) => PLACES.has(one3)).join("") || "?";
  }).join("");
}
function places(text4) {
  return [...text4].reduce((sum, one3) => sum + (PLACES.get(one3) ?? 0), 0);
}
function cut(text4, room) {
  if (places(text4) <= room) return text4;
  let taken2 = 0;
  let length = 0;
  for (const one3 of text4) {
    taken2 += PLACES.get(one3) ?? 0;
    if (taken2 > room - CUT.length) break;
    length += 1;
  }
  const start = length === 0 ? 0 : text4.lastIndexOf(" ", length - 1) + 1;
  const end2 = text4.indexOf(" ", length);
  const word = text4.slice(start, end2 < 0 ? text4.length : end2);
  const kept = word.includes("://") ? text4.slice(0, start) : text4.slice(0, length);
  return `${kept.replace(/ +$/, "")}${CUT}`;
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
async function deliver(open2, server, mail2, patience2 = 1e4) {
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
    await line.say("MAIL", `MAIL FROM:<${mailbox(mail2.from)}>`, 250);
    for (const to of mail2.to) await line.say("RCPT", `RCPT TO:<${mailbox(to)}>`, 250, 251);
    await line.say("DATA", "DATA", 354);
    await line.say("message", `${stuffed(mail2.text)}\r
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
        bytes2(`${text4}\r
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
      const end2 = this.#pending.indexOf("\n");
      if (end2 >= 0) {
        const line = this.#pending.slice(0, end2).replace(/\r$/, "");
        this.#pending = this.#pending.slice(end2 + 1);
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
function bytes2(text4) {
  return new TextEncoder().encode(text4);
}
function base642(text4) {
  return btoa(Array.from(bytes2(text4), (byte) => String.fromCharCode(byte)).join(""));
}

// src/channels/teams.js
function teams(message2) {
  const card = {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.4",
    msteams: { width: "Full" },
    body: [
      {
        type: "Container",
        style: look(message2).style,
        bleed: true,
        items: [block({ ...run(headline(message2)), weight: "Bolder", size: "Medium" })]
      },
      ...facts(message2).map(
        ({ part: part2, text: text4 }) => block({ ...run(`${part2.label}: `), weight: "Bolder" }, run(clip(text4, TEAMS.fact)))
      ),
      block({ ...run(foot(message2)), isSubtle: true, size: "Small" })
    ],
    actions: links(message2).map(({ label: label2, url }) => ({
      type: "Action.OpenUrl",
      title: label2,
      url
    }))
  };
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: card
      }
    ]
  };
}
function run(text4) {
  return { type: "TextRun", text: text4 };
}
function block(...inlines) {
  return { type: "RichTextBlock", inlines };
}

// src/channels/webhook.js
var VERSION2 = 1;
function webhook(message2) {
  return { version: VERSION2, headline: headline(message2), ...message2 };
}

// src/channels/send.js
var PATIENCE = 1e4;
var TWILIO = "https://api.twilio.com";
var SendError = class extends Error {
  /**
   * @param {string} what
   * @param {number} [after]
   * @param {number} [status]
   */
  constructor(what, after = 0, status2 = 0) {
    super(what);
    this.name = "SendError";
    this.after = after;
    this.status = status2;
  }
};
async function send(id, message2, channel, outside) {
  const json2 = (url, body, headers = {}) => post(
    url,
    JSON.stringify(body),
    { "Content-Type": "application/json", ...named2(id, message2), ...headers },
    outside
  );
  switch (channel.kind) {
    case "slack":
      return json2(needed(channel.secret, outside), slack(message2));
    case "discord":
      return json2(needed(channel.secret, outside), discord(message2));
    case "teams":
      return json2(needed(channel.secret, outside), teams(message2));
    case "pagerduty":
      return json2(channel.endpoint, pagerduty(message2, needed(channel.secret, outside)));
    case "webhook": {
      const secret2 = channel.secret ? needed(channel.secret, outside) : null;
      const url = channel.url ?? secret2;
      if (url === null) throw new SendError("the channel has neither an address nor a secret");
      const isKnown = channel.url !== null && secret2 !== null;
      return json2(url, webhook(message2), isKnown ? allowed(channel.user ?? null, secret2) : {});
    }
    case "sms":
      return text3(id, message2, channel, outside);
    case "email": {
      const { from, to, host, port, tls } = channel;
      const password = channel.secret ? needed(channel.secret, outside) : null;
      const content = email(message2, { from, to, id, date: new Date(outside.now()) });
      await deliver(
        outside.open,
        { host, port, tls, user: channel.user ?? null, password },
        { from, to, text: content }
      );
    }
  }
}
function named2(id, { kind, incident }) {
  return {
    "X-Belfry-Message": id,
    "X-Belfry-Kind": kind,
    "X-Belfry-Incident": incident.replace(/[^\x20-\x7e]/g, "?")
  };
}
function allowed(user, secret2) {
  if (user === null) return { Authorization: `Bearer ${secret2}` };
  const bytes3 = new TextEncoder().encode(`${user}:${secret2}`);
  return {
    Authorization: `Basic ${btoa(Array.from(bytes3, (byte) => String.fromCharCode(byte)).join(""))}`
  };
}
var TEXTED = /* @__PURE__ */ new Map();
var REMEMBERED2 = 1e3;
async function text3(id, message2, { endpoint, account, from, to, secret: secret2 }, outside) {
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    ...named2(id, message2),
    ...allowed(account, needed(secret2, outside))
  };
  const url = `${endpoint ?? TWILIO}/2010-04-01/Accounts/${account}/Messages.json`;
  const texted = TEXTED.get(id) ?? /* @__PURE__ */ new Set();
  const failed = [];
  for (const number2 of to.filter((one3) => !texted.has(one3))) {
    const form = new URLSearchParams({ To: number2, From: from, Body: sms(message2) });
    try {
      await post(url, form.toString(), headers, outside);
      texted.add(number2);
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      failed.push(error);
    }
  }
  TEXTED.delete(id);
  const [first] = failed;
  if (first === void 0) return;
  const whom = to.length > 1 ? ` for ${failed.length} of ${to.length} numbers` : "";
  const what = `${first.message}${whom}`;
  const isRefused = failed.every(({ status: status2 }) => status2 === 400);
  if (texted.size > 0 && isRefused) {
    outside.note?.(what);
    return;
  }
  if (texted.size > 0) TEXTED.set(id, texted);
  for (const oldest of [...TEXTED.keys()].slice(0, -REMEMBERED2)) TEXTED.delete(oldest);
  throw new SendError(what, Math.max(...failed.map(({ after }) => after)));
}
function needed(name, outside) {
  const value = outside.secret(name);
  if (!value) throw new SendError(`the secret ${name} is not set`);
  return value;
}
async function post(url, body, headers, outside) {
  if (!URL.canParse(url)) throw new SendError("the channel's address is no URL");
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), PATIENCE);
  try {
    const response = await outside.fetch(url, {
      method: "POST",
      redirect: "manual",
      signal: control.signal,
      headers,
      body
    });
    await response.body?.cancel();
    if (response.ok) return;
    throw new SendError(
      `answered ${response.status}`,
      Number(response.headers.get("Retry-After")) || 0,
      response.status
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

// src/whom.js
function routesOf({ rules, routes }) {
  return new Map(rules.map(({ id, route }) => [id, routes[route]?.steps ?? []]));
}
function named3(incident, routes, begun, now, config) {
  const found = /* @__PURE__ */ new Map();
  for (const { step, due } of stepsOf(incident, routes, begun, config)) {
    if (due > now || isDropped(step, incident, config)) continue;
    const isOpen = isSaid(step, now, config);
    for (const channel of channelsOf(step, now, config))
      found.set(channel, isOpen || (found.get(channel) ?? false));
  }
  return found;
}
function nextStep(incidents, begun, config, moment3) {
  if (config.paging !== "worker" || incidents.length === 0) return null;
  const routes = routesOf(config);
  let next = Infinity;
  for (const incident of incidents) {
    for (const { due } of stepsOf(incident, routes, begunOf(incident, begun), config)) {
      if (due > moment3 && due < next) next = due;
    }
  }
  return next === Infinity ? null : next;
}
function begins(incident, routes, now, config) {
  return stepsOf(incident, routes, null, config).some(
    ({ step, due, isFirst }) => isFirst && due <= now && isSaid(step, now, config)
  );
}
function begunOf({ id, rated }, begun) {
  const found = Object.hasOwn(begun, id) ? begun[id] : void 0;
  return found?.rated === rated ? found.at : null;
}
function stepsOf({ rules, rated }, routes, begun, config) {
  const steps = [...new Set(rules.flatMap((rule) => routes.get(rule) ?? []))];
  const first = Math.min(...steps.map(({ after }) => after));
  return steps.map((step) => {
    const due = rated + step.after * 1e3;
    const moments = [rated + first * 1e3, due];
    const isHeld = begun !== null && moments.some((moment3) => !isSaid(step, moment3, config));
    const since = isHeld ? Math.max(due, begun + (step.after - first) * 1e3) : due;
    return { step, due: since, isFirst: step.after === first };
  });
}
function isDropped({ after, mute }, { rated }, { times }) {
  const dropping = mute.filter((name) => times[name]?.drop);
  return dropping.length > 0 && isIn(dropping, times, rated + after * 1e3);
}
function isSaid({ active, mute }, now, { times }) {
  return (active.length === 0 || isIn(active, times, now)) && !isIn(mute, times, now);
}
function channelsOf({ to, onCall: rotations }, now, config) {
  const turns = rotations.flatMap((name) => {
    const rotation = config.rotations[name];
    return rotation === void 0 ? [] : onCall(rotation, now);
  });
  return [...to, ...turns];
}

// src/telling.js
function untold() {
  return { looked: 0, told: {}, owed: [], over: [], sent: {}, acknowledged: {}, silences: [], begun: {} };
}
function tell(before, { open: open2, ended }, now, config) {
  const telling = { ...structuredClone(before), looked: now };
  for (const one3 of ended) end(telling, one3);
  forget(telling, open2, now, config);
  const wishes = owed(telling);
  if (config.paging === "worker" && open2.length > 0) {
    const routes = routesOf(config);
    begin2(telling, open2, routes, now, config);
    wishes.push(...missing(telling, open2, routes, now, config));
  }
  const said2 = [];
  for (const wish of inOrder(wishes, config)) {
    if (hasRoom(telling, wish.channel, config)) said2.push(say(telling, wish, now, config));
  }
  return { telling, said: said2 };
}
function end(telling, { incident, at }) {
  const told = own(telling.told, incident.id) ?? {};
  const channels = Object.keys(told);
  if (channels.length === 0) return;
  for (const [channel, { count: count2 }] of Object.entries(told))
    telling.owed.push({ incident, at, channel, count: count2 });
  telling.over.push({ about: about(incident), severity: incident.severity, at, channels });
}
function forget(telling, open2, now, { telling: { coolDown, limit }, channels }) {
  const ids = new Set(open2.map(({ id }) => id));
  telling.told = keep(telling.told, (id) => ids.has(id));
  telling.acknowledged = keep(telling.acknowledged, (id) => ids.has(id));
  telling.begun = keep(telling.begun, (id) => ids.has(id));
  telling.silences = telling.silences.filter(({ until }) => !isOver(until, now));
  telling.owed = telling.owed.filter(({ channel }) => Object.hasOwn(channels, channel));
  telling.over = telling.over.filter(({ at }) => now - at < coolDown * 1e3);
  const counts = (at) => limit && Math.abs(now - at) < limit.seconds * 1e3;
  telling.sent = keep(
    Object.fromEntries(
      Object.entries(telling.sent).map(([channel, times]) => [channel, times.filter(counts)])
    ),
    (_, times) => times.length > 0
  );
}
function begin2(telling, open2, routes, now, config) {
  for (const incident of open2) {
    const { id, rated } = incident;
    if (begunOf(incident, telling.begun) === null && begins(incident, routes, now, config))
      telling.begun[id] = { rated, at: now };
  }
}
function owed(telling) {
  return telling.owed.map(({ count: count2, ...one3 }) => ({ ...one3, kind: "recovered", count: count2 + 1 }));
}
function missing(telling, open2, routes, now, config) {
  return open2.flatMap((incident) => {
    const told = own(telling.told, incident.id) ?? {};
    const begun = begunOf(incident, telling.begun);
    const route = named3(incident, routes, begun, now, config);
    const channels = /* @__PURE__ */ new Set([...Object.keys(told), ...route.keys()]);
    const acknowledged = acknowledgement(telling, incident, now, config);
    const isSilenced = silenceOf(telling, incident, now, config) !== null;
    return [...channels].sort().flatMap((channel) => {
      if (!Object.hasOwn(config.channels, channel)) return [];
      const before = own(told, channel);
      const isOpen = route.get(channel);
      const isKept = acknowledged !== null || isSilenced;
      const isNew = isOpen && !isKept && !isCooling(telling, incident, channel, now, config);
      const kind = before === void 0 ? isNew ? "opened" : null : news(before, { incident, acknowledged, isSilenced }, { channel, isOpen }, now, config);
      return kind === null ? [] : [{ kind, incident, at: now, channel, count: (before?.count ?? 0) + 1 }];
    });
  });
}
function news(told, { incident, acknowledged, isSilenced }, { channel, isOpen }, now, config) {
  const { repeat } = config.telling;
  if (rankOf(incident.severity, config) < rankOf(told.severity, config)) return "raised";
  if (isOpen === false) return null;
  if (acknowledged !== null && told.answer !== acknowledged.at) {
    if (config.channels[channel]?.kind !== "sms") return "acknowledged";
  }
  if (isSilenced) return null;
  if (told.cause !== incident.cause) return "updated";
  if (acknowledged !== null) return null;
  return isOpen && repeat && now - told.at >= repeat * 1e3 ? "reminded" : null;
}
function isCooling({ over }, incident, channel, now, config) {
  const rank = rankOf(incident.severity, config);
  return over.some(
    (one3) => one3.about === about(incident) && one3.channels.includes(channel) && one3.at <= incident.opened && now - one3.at < config.telling.coolDown * 1e3 && rank >= rankOf(one3.severity, config)
  );
}
function inOrder(wishes, config) {
  const isReminder = ({ kind }) => Number(kind === "reminded");
  return wishes.sort(
    (a, b) => isReminder(a) - isReminder(b) || rankOf(a.incident.severity, config) - rankOf(b.incident.severity, config) || a.incident.opened - b.incident.opened
  );
}
function hasRoom({ sent }, channel, { telling: { limit } }) {
  return !limit || (own(sent, channel)?.length ?? 0) < limit.count;
}
function say(telling, wish, now, config) {
  const { kind, incident, channel, count: count2 } = wish;
  const { id, severity, cause } = incident;
  if (kind === "recovered") {
    const isOther = (one3) => one3.incident.id !== id || one3.channel !== channel;
    telling.owed = telling.owed.filter(isOther);
  } else {
    const told = own(telling.told, id) ?? {};
    const answer2 = kind === "acknowledged" ? own(telling.acknowledged, id)?.at : own(told, channel)?.answer;
    telling.told[id] = { ...told, [channel]: { at: now, severity, cause, count: count2, answer: answer2 ?? null } };
  }
  if (config.telling.limit)
    telling.sent[channel] = [...own(telling.sent, channel) ?? [], now];
  return { ...wish, id: `${id}.${count2}.${kind}.${channel}` };
}
function takenOver(state) {
  const { incidents, telling } = state.telling === void 0 ? ofTheFirst(state) : state;
  const begun = Object.fromEntries(incidents.map(({ id, rated }) => [id, { rated, at: rated }]));
  return { ...state, incidents, telling: { ...untold(), begun, ...telling } };
}
function ofTheFirst(state) {
  const older = (
    /** @type {(Incident & { told: string[], round: number })[]} */
    state.incidents
  );
  const told = older.map(({ id, told: told2, round, severity, cause }) => [
    id,
    Object.fromEntries(
      told2.map((channel) => [channel, { at: state.tick, severity, cause, count: round, answer: null }])
    )
  ]);
  return {
    incidents: older.map(({ told: told2, round, ...one3 }) => ({ ...one3, rated: one3.opened, rules: [] })),
    telling: { told: Object.fromEntries(told) }
  };
}
function own(table, name) {
  return Object.hasOwn(table, name) ? table[name] : void 0;
}
function keep(table, is) {
  return Object.fromEntries(Object.entries(table).filter(([name, value]) => is(name, value)));
}

// src/told.js
var SERIES = 100;
var EVENT_LASTS = 36e5;
var UNCONFIRMED = 9e5;
function hear(told, opinions, now, config) {
  if (opinions.length === 0) return;
  const rules = toldOf(config);
  for (const opinion of opinions) {
    for (const rule of meant(opinion, rules, config)) {
      const series = told[rule.id] ??= {};
      const known = believe(series[opinion.series], opinion, now);
      if (series[opinion.series] !== void 0 || isRoom(series)) series[opinion.series] = known;
    }
  }
}
function meant(opinion, rules, config) {
  const { platform, environment, rule: id, event } = opinion;
  if ((platform ?? config.platform) !== config.platform) return [];
  if ((environment ?? config.environment) !== config.environment) return [];
  if (id !== null) return [rules.get(id) ?? []].flat();
  return [...rules.values()].filter(
    ({ condition }) => condition.is === "told" && condition.event === event
  );
}
function believe(before, { isFiring, began, ended, lasts, seen }, now) {
  const known = before ?? { isFiring: false, since: 0, began: 0, ended: 0, heard: 0, lasts, seen };
  if (isFiring) {
    const start = Math.min(began, now);
    if (start <= known.ended) return known;
    const goesOn = known.isFiring && (known.lasts || now - known.heard < EVENT_LASTS);
    return {
      isFiring: true,
      since: goesOn ? Math.min(known.since, start) : start,
      began: Math.max(known.began, start),
      ended: known.ended,
      ...{ heard: now, lasts, seen }
    };
  }
  const end2 = Math.min(ended ?? now, now);
  const isOld = known.isFiring && end2 < known.began;
  return {
    ...known,
    isFiring: isOld,
    ended: Math.max(known.ended, isOld ? 0 : end2),
    heard: isOld ? known.heard : now
  };
}
function isRoom(series) {
  const names = Object.keys(series);
  if (names.length < SERIES) return true;
  const over = Object.entries(series).filter(([, { isFiring }]) => !isFiring);
  const [first] = over.sort(([, a], [, b]) => a.heard - b.heard);
  if (first === void 0) return false;
  delete series[first[0]];
  return true;
}
function standings(told, config, tick) {
  const rules = toldOf(config);
  return Object.entries(told).flatMap(([id, series]) => {
    const rule = rules.get(id);
    const firing = Object.entries(series).filter(
      ([, { isFiring, lasts, heard }]) => isFiring && (lasts || tick - heard < EVENT_LASTS)
    );
    if (rule === void 0 || firing.length === 0) return [];
    const [name, last2] = (
      /** @type {[string, Heard]} */
      firing.reduce((a, b) => b[1].heard > a[1].heard ? b : a)
    );
    const began = Math.min(...firing.map(([, { since }]) => since));
    const held = Math.min(began - rule.for * 1e3, tick);
    return [
      {
        ...{ rule: id, service: rule.service, state: "firing", since: held, held, evidence: true },
        detail: detailOf(name, last2, tick),
        known: Math.min(last2.heard, tick)
      }
    ];
  });
}
function detailOf(name, { heard, seen }, tick) {
  const source = name.slice(0, name.indexOf(" "));
  if (tick - heard < UNCONFIRMED) return seen;
  const since = new Date(heard).toISOString().slice(0, 16).replace("T", " ");
  const silence = `${source} has not said so again since ${since} UTC`;
  return seen === null ? silence : `${seen}; ${silence}`;
}
function toldOf(config) {
  return new Map(
    config.rules.flatMap((rule) => rule.condition.is === "told" ? [[rule.id, rule]] : [])
  );
}

// src/incidents.js
var LATE = 3e5;
var WITHOUT_LIMIT = ["down", "fails", "absent"];
function blank() {
  return {
    ...{ run: 0, judged: 0, tick: 0, awaited: {}, services: {}, rules: {}, incidents: [] },
    ...{ votes: {}, heard: null, shaded: {}, telling: untold() }
  };
}
function advance(before, event, config) {
  const state = { ...blank(), ...structuredClone(before) };
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
  } else if (event.is === "voted") {
    hear(state.votes, event.vote.opinions, event.now, config);
    if (["alertmanager", "grafana"].includes(event.vote.source)) state.heard = event.now;
  } else {
    for (const run2 of overdue(state, event.now)) judgeRun(state, run2, config, effects);
  }
  return { state, effects };
}
function overdue(state, now) {
  return Object.entries(state.awaited).filter(([, { deadline }]) => deadline <= now).map(([run2]) => Number(run2)).sort((a, b) => a - b);
}
function missing2(state, run2) {
  const awaited = state.awaited[run2];
  if (awaited === void 0) return [];
  return Array.from({ length: awaited.of }, (_, shard) => shard).filter(
    (shard) => !awaited.reported.includes(shard)
  );
}
function merge(state, run2, states) {
  const current = states.filter(({ service }) => (state.services[service]?.run ?? 0) <= run2);
  for (const verdict of current) {
    if (verdict.state === "quiet") delete state.rules[verdict.rule];
    else state.rules[verdict.rule] = verdict;
    state.services[verdict.service] = {
      run: run2,
      well: state.services[verdict.service]?.well ?? null,
      fresh: true
    };
  }
}
function judgeRun(state, run2, config, effects) {
  const { tick, lost: given } = (
    /** @type {Awaited} */
    state.awaited[run2]
  );
  const lost = given + missing2(state, run2).length;
  for (const other of Object.keys(state.awaited))
    if (Number(other) <= run2) delete state.awaited[other];
  forget2(state, config);
  for (const told of standings(state.votes, config, tick)) state.rules[told.rule] = told;
  const world = new World(state, run2, tick, config);
  state.shaded = world.shaded;
  recover(world, effects);
  trace(world, effects);
  open(world, effects);
  openAsides(world, effects);
  raise(world, effects);
  for (const incident of state.incidents) world.route(incident, world.firingFor(incident));
  confirm(world);
  for (const [service, seen] of Object.entries(state.services)) {
    if (seen.fresh && !world.troubled.has(service)) seen.well = run2;
    seen.fresh = false;
  }
  state.judged = run2;
  effects.push({
    is: "judged",
    run: run2,
    at: tick,
    lost,
    failing: world.failing.size,
    open: state.incidents.length
  });
}
function forget2(state, config) {
  const rules = new Map(config.rules.map((rule) => [rule.id, rule]));
  for (const [id, { service }] of Object.entries(state.rules)) {
    const rule = rules.get(id);
    if (rule?.service !== service || rule.condition.is === "told") delete state.rules[id];
  }
  const told = toldOf(config);
  for (const id of Object.keys(state.votes)) if (!told.has(id)) delete state.votes[id];
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
  constructor(state, run2, tick, config) {
    this.state = state;
    this.run = run2;
    this.tick = tick;
    this.config = config;
    this.rules = new Map(config.rules.map((rule) => [rule.id, rule]));
    this.measured = new Set(
      config.rules.flatMap(({ service, condition }) => condition.is === "told" ? [] : [service])
    );
    this.troubled = new Set(
      Object.values(state.rules).flatMap((rule) => this.isAside(rule) ? [] : [rule.service])
    );
    for (const { service } of config.rules) {
      const well = state.services[service]?.well ?? null;
      if (!this.measured.has(service)) this.unmeasured(service, well);
    }
    this.failing = /* @__PURE__ */ new Map();
    this.blind = /* @__PURE__ */ new Map();
    this.needs = /* @__PURE__ */ new Map();
    this.asked = /* @__PURE__ */ new Map();
    for (const { service, through } of config.checks) {
      if (typeof through === "string")
        this.asked.set(service, new Set(this.asked.get(service)).add(through));
    }
    this.explained = /* @__PURE__ */ new Set();
    this.shaded = {};
    this.#sort();
    this.#shade();
  }
  /**
   * @param {string} service
   * @param {number | null} well
   */
  unmeasured(service, well) {
    this.state.services[service] = { run: this.run, well, fresh: true };
  }
  /**
   * Whether a rule says that its service works badly, or soon will not, while it yet works. Only what another backend judges:
   * what is measured here is a failure.
   * @param {RuleState} state
   */
  isAside({ rule: id }) {
    const rule = this.rules.get(id);
    return rule?.condition.is === "told" && rule.trouble !== "down";
  }
  /** @param {RuleState} state */
  isTold({ rule: id }) {
    return this.rules.get(id)?.condition.is === "told";
  }
  /** @param {RuleState} state */
  isDown({ rule: id }) {
    const rule = this.rules.get(id);
    if (rule === void 0) return false;
    return (rule.trouble ?? (WITHOUT_LIMIT.includes(rule.condition.is) ? "down" : null)) === "down";
  }
  /**
   * Finds the told rules that something which is down explains, or did until a moment ago: what another backend looks at
   * reaches back, and its word takes a while.
   */
  #shade() {
    const down2 = new Set(
      [...this.failing.values()].filter(({ rules }) => rules.some((rule) => this.isDown(rule))).map(({ service }) => service)
    );
    for (const state of Object.values(this.state.rules)) {
      const rule = this.rules.get(state.rule);
      if (rule?.condition.is !== "told" || rule.trouble === "ahead") continue;
      const isBeneath = [...this.upstream(state.service)].some((need) => down2.has(need));
      const isDown = isBeneath || rule.trouble !== "down" && down2.has(state.service);
      const last2 = isDown ? this.tick : this.state.shaded[state.rule];
      if (last2 === void 0 || this.tick - last2 > (rule.condition.window ?? 0) * 1e3 + LATE)
        continue;
      this.shaded[state.rule] = last2;
      this.explained.add(state.rule);
      if (!isDown) this.#excuse(state);
    }
  }
  /**
   * A told failure whose explanation has just gone is no cause yet.
   * @param {RuleState} state
   */
  #excuse({ rule, service }) {
    const entry = this.failing.get(service);
    if (entry === void 0) return;
    entry.rules = entry.rules.filter((other) => other.rule !== rule);
    entry.firing = entry.firing.filter((other) => other.rule !== rule);
    if (entry.rules.length === 0) this.failing.delete(service);
  }
  #sort() {
    const unseen = /* @__PURE__ */ new Map();
    for (const rule of Object.values(this.state.rules)) {
      if (this.isAside(rule)) continue;
      const isDown = WITHOUT_LIMIT.includes(this.rules.get(rule.rule)?.condition.is ?? "");
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
      ({ cause, isSeen, unseen, aside }) => cause === service && !aside || isSeen && this.upstream(service).has(cause) || unseen.includes(service) && !this.failing.has(service)
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
    return rankOf(this.severity(state), this.config);
  }
  /** @param {RuleState} state */
  severity(state) {
    return this.rules.get(state.rule)?.severity ?? "";
  }
  /**
   * Gives an incident the worst severity of some rules.
   * @param {Incident} incident
   * @param {RuleState[]} rules
   */
  rate(incident, rules) {
    incident.severity = this.severity(this.worst(rules));
    incident.rated = this.tick;
    incident.rules = [];
    this.route(incident, rules);
  }
  /**
   * The routes of all rules that have an incident's severity are its own; one rule of each is remembered.
   * @param {Incident} incident
   * @param {RuleState[]} rules
   */
  route(incident, rules) {
    const rank = rankOf(incident.severity, this.config);
    const routes = new Set(incident.rules.map((id) => this.rules.get(id)?.route));
    for (const rule of rules) {
      const route = this.rules.get(rule.rule)?.route;
      if (this.rank(rule) !== rank || routes.has(route)) continue;
      routes.add(route);
      incident.rules.push(rule.rule);
    }
  }
  /**
   * Adds what now fails with an incident's cause, and what can no longer be seen because of it.
   * @param {Incident} incident
   */
  gather(incident) {
    if (incident.aside) return;
    incident.isSeen ||= this.failing.has(incident.cause);
    if (!incident.isSeen) return;
    const along = [...this.failing.keys()].filter(
      (service) => this.upstream(service).has(incident.cause)
    );
    const explained = [...this.explained].flatMap((id) => this.rules.get(id)?.service ?? []);
    const ill = explained.filter((service) => this.upstream(service).has(incident.cause));
    incident.tookAlong = union(incident.tookAlong, [...along, ...ill]).filter(
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
   * The rules of an incident's cause that keep it open.
   * @param {Incident} incident
   */
  own({ cause, aside }) {
    const rules = Object.values(this.state.rules).filter(({ service }) => service === cause);
    return rules.filter((rule) => aside ? rule.rule === aside : !this.isAside(rule));
  }
  /**
   * The rules that fire for an incident at present, its cause's and those of what it took along.
   * @param {Incident} incident
   */
  firingFor(incident) {
    if (incident.aside) return [this.state.rules[incident.aside] ?? []].flat();
    return [incident.cause, ...incident.tookAlong].flatMap(
      (service) => this.failing.get(service)?.firing ?? []
    );
  }
};
function recover(world, effects) {
  const { state, config } = world;
  for (const incident of [...state.incidents]) {
    const { cause, aside } = incident;
    const rules = world.own(incident);
    const isWatched = config.rules.some(({ service }) => service === cause);
    if (rules.some((rule) => rule.state !== "unknown")) incident.quiet = 0;
    else if (rules.length === 0 && (aside || world.fresh(cause) || !isWatched)) incident.quiet += 1;
    if (incident.quiet < config.recoverAfter) continue;
    state.incidents = state.incidents.filter((other) => other !== incident);
    change(world, incident, "recovered", effects);
  }
}
function trace(world, effects) {
  const { state } = world;
  for (const root of roots(world)) {
    const { service } = root;
    const well = state.services[service]?.well ?? 0;
    if (!isSure(world, root)) continue;
    const told = root.firing.filter((rule) => world.isTold(rule)).map(({ since }) => since);
    const incident = state.incidents.find(
      ({ cause, run: run2, opened, aside }) => !aside && world.upstream(cause).has(service) && (well <= run2 || Math.min(...told) <= opened)
    );
    if (incident === void 0) continue;
    incident.tookAlong = union(incident.tookAlong, [incident.cause]);
    incident.cause = service;
    incident.quiet = 0;
    incident.unseen = incident.unseen.filter((unseen) => unseen !== service);
    world.gather(incident);
    lead(world, incident, root.rules);
    const rules = [...root.rules, ...world.firingFor(incident)];
    if (world.rank(world.worst(rules)) < rankOf(incident.severity, world.config))
      world.rate(incident, rules);
    change(world, incident, "updated", effects);
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
    if (!group.some((failing) => isSure(world, failing))) continue;
    begin3(
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
    begin3(world, service, rules, rules, effects);
  }
}
function isSure(world, { service, firing }) {
  return firing.length > 0 && (world.fresh(service) || firing.some((rule) => world.isTold(rule)));
}
function openAsides(world, effects) {
  for (const rule of Object.values(world.state.rules)) {
    const isOpen = world.state.incidents.some(({ aside }) => aside === rule.rule);
    if (!world.isAside(rule) || isOpen || world.explained.has(rule.rule)) continue;
    begin3(world, rule.service, [rule], [rule], effects, rule.rule);
  }
}
function confirm({ state, rules }) {
  for (const incident of state.incidents) {
    const told = rules.get(incident.rule)?.condition.is === "told";
    if (told) incident.detail = state.rules[incident.rule]?.detail ?? incident.detail;
  }
}
function begin3(world, cause, all, own2, effects, aside = null) {
  const { state, config, run: run2, tick } = world;
  const { set, rule } = world.rules.get(aside ?? "") ?? { set: "", rule: "" };
  const about2 = aside === null ? cause : `${cause}-${set}-${rule}`;
  const incident = {
    id: `${config.platform}-${config.environment}-${about2}-${Math.floor(tick / 1e3).toString(36)}-${run2}`,
    cause,
    aside,
    severity: "",
    opened: tick,
    run: run2,
    since: tick,
    rule: "",
    detail: null,
    tookAlong: [],
    unseen: [],
    isSeen: false,
    quiet: 0,
    rated: tick,
    rules: []
  };
  world.rate(incident, all);
  lead(world, incident, own2);
  world.gather(incident);
  state.incidents.push(incident);
  change(world, incident, "opened", effects);
}
function raise(world, effects) {
  for (const incident of world.state.incidents) {
    const firing = world.firingFor(incident);
    if (firing.length === 0) continue;
    if (world.rank(world.worst(firing)) >= rankOf(incident.severity, world.config)) continue;
    world.rate(incident, firing);
    const own2 = incident.aside ? firing : world.failing.get(incident.cause)?.rules;
    if (own2 !== void 0) lead(world, incident, own2);
    change(world, incident, "raised", effects);
  }
}
function roots(world) {
  return [...world.failing.values()].filter(({ service }) => {
    const upstream = world.upstream(service);
    return !world.isCovered(service) && ![...upstream].some((need) => world.failing.has(need));
  });
}
function lead(world, incident, own2) {
  const speaker = world.worst(own2);
  incident.rule = speaker.rule;
  incident.detail = speaker.detail;
  incident.since = Math.min(incident.since, ...own2.map(({ since }) => since));
}
function change(world, incident, is, effects) {
  effects.push({ is, incident: structuredClone(incident), at: world.tick });
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
    const [row2] = this.sql.exec(
      `SELECT id, message, attempts FROM outbox AS letter
         WHERE channel = ? AND due <= ? AND ${IS_FIRST} ORDER BY place LIMIT 1`,
      ...[channel, now]
    ).toArray();
    if (row2 === void 0) return null;
    const { id, message: message2, attempts } = row2;
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

// src/shown.js
function shown({ incident, recovered, acknowledged, silence }, now, config) {
  const isOver2 = recovered !== null;
  const told = message(isOver2 ? "recovered" : "opened", incident, recovered ?? now, config);
  const pointers = links({ ...told, acknowledge: null, silence: null });
  return {
    incident: incident.id,
    headline: headline(told),
    facts: facts(told).map(({ part: part2, text: text4 }) => ({ label: part2.label, text: text4 })),
    links: pointers.map(({ label: label2, url }) => ({ label: label2, url })),
    over: isOver2 ? time(recovered) : null,
    acknowledged: acknowledged === null || isOver2 ? null : {
      by: acknowledged.by,
      at: time(acknowledged.at),
      until: acknowledged.until === null ? null : time(acknowledged.until)
    },
    silenced: silence === null ? null : { by: silence.by, until: time(silence.until) }
  };
}
function time(at) {
  return moment2(iso(at));
}

// src/status.js
var SILENT = 9e5;
function status(state, config) {
  const rules = new Map(config.rules.map((rule) => [rule.id, rule]));
  const watched = new Set(config.rules.map(({ service }) => service));
  const isHeard = state.heard !== null && state.tick - state.heard < SILENT;
  const seen = new Set(
    config.rules.flatMap(
      ({ service, condition }) => isHeard || condition.is !== "told" ? [service] : []
    )
  );
  return {
    platform: config.platform,
    environment: config.environment,
    services: Object.fromEntries(
      Object.keys(config.services).sort().map((service) => [
        service,
        {
          status: watched.has(service) ? standing(state, service, rules, seen.has(service)) : "unwatched"
        }
      ])
    ),
    incidents: state.incidents.map((incident) => {
      const { id, severity, cause, rule, opened, since, tookAlong } = incident;
      const acknowledged = acknowledgement(state.telling, incident, state.tick, config);
      return {
        id,
        severity,
        service: cause,
        summary: rules.get(rule)?.summary ?? `${cause} fails`,
        opened: new Date(opened).toISOString(),
        since: new Date(since).toISOString(),
        tookAlong,
        acknowledged: acknowledged && new Date(acknowledged.at).toISOString()
      };
    }),
    silences: state.telling.silences.filter(({ until }) => !isOver(until, state.tick)).map(({ service, until }) => ({ service, until: new Date(until).toISOString() }))
  };
}
function standing(state, service, rules, isSeen) {
  const own2 = Object.values(state.rules).filter((rule) => rule.service === service);
  const fires = own2.filter((rule) => rule.state === "firing" && rule.evidence);
  const troubles = fires.map(({ rule }) => troubleOf(rules.get(rule)));
  if (troubles.includes("down")) return "down";
  if (troubles.includes("degraded")) return "degraded";
  if (state.services[service] === void 0 || !isSeen) return "unknown";
  return own2.some((rule) => rule.state === "unknown" || !rule.evidence) ? "unknown" : "up";
}
function troubleOf(rule) {
  return rule?.trouble ?? (rule?.condition.is === "down" ? "down" : "degraded");
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
    this.state = takenOver(this.#document("state") ?? blank());
    const stored = this.#document("config");
    this.config = stored?.version === VERSION ? stored : null;
    if (this.#document("born") === null) this.#write("born", Date.now());
    if (this.#document("key") === null) this.#write("key", newKey());
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
    const { run: run2 } = this.state;
    await this.#rearm();
    return { run: run2 };
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
  async observe({ run: run2, shard, states }) {
    this.#apply({ is: "reported", run: run2, shard, states, lost: false });
    await this.#rearm();
    this.#start();
  }
  /**
   * Writes a vote down, and keeps what it says of rules that others judge until the next run is judged.
   * @param {import("./votes.js").Vote} vote
   * @returns {Promise<boolean>} false when it cannot be counted yet: no tick has brought the configuration
   */
  async vote(vote2) {
    const { source, state, text: text4, opinions } = vote2;
    if (this.config === null && opinions.length > 0) return false;
    this.#apply({ is: "voted", now: Date.now(), vote: vote2 });
    this.sql.exec(
      "INSERT INTO votes (at, source, state, text) VALUES (?, ?, ?, ?)",
      ...[Date.now(), source, state, text4]
    );
    this.sql.exec(
      "DELETE FROM votes WHERE place <= (SELECT MAX(place) FROM votes) - ?",
      VOTES_KEPT
    );
    this.#count(`votes ${source}`);
    return true;
  }
  /**
   * Answers an incident, if there is an answer, and shows how it stands.
   * @param {string} id
   * @param {string} key of the link that was followed
   * @param {import("./answers.js").Answer | null} answer
   * @returns {Promise<{ shown: import("./shown.js").Shown } | { refused: "key" | "forgotten" | "over" | "early" }>}
   */
  async answer(id, key, answer2) {
    if (!await isSame(key, await this.#keyOf(id))) return { refused: "key" };
    const { config } = this;
    if (config === null) return { refused: "early" };
    const found = this.#incident(id);
    if (found === null) return { refused: "forgotten" };
    const { incident, recovered } = found;
    const isOpen = recovered === null;
    if (answer2?.does === "acknowledge" && !isOpen) return { refused: "over" };
    const now = Math.max(Date.now(), this.state.tick, this.state.telling.looked);
    if (answer2 !== null) {
      const telling2 = answered(this.state.telling, { incident, isOpen }, answer2, now, config);
      this.#keep({ ...this.state, telling: telling2 }, [], now, config);
      this.log("warn", "answered", { incident: id, does: answer2.does });
      await this.#rearm();
      this.#start();
    }
    const { telling } = this.state;
    const acknowledged = acknowledgement(telling, incident, now, config);
    const silence = silenceOf(telling, incident, now, config);
    return { shown: shown({ incident, recovered, acknowledged, silence }, now, config) };
  }
  /**
   * The key of the links with which people answer an incident.
   * @param {string} id
   */
  #keyOf(id) {
    return signature(this.#document("key"), id);
  }
  /**
   * An incident that is open, or was.
   * @param {string} id
   * @returns {{ incident: Incident, recovered: number | null } | null}
   */
  #incident(id) {
    const open2 = this.state.incidents.find((incident) => incident.id === id);
    if (open2 !== void 0) return { incident: open2, recovered: null };
    const [row2] = this.sql.exec("SELECT recovered, document FROM incidents WHERE id = ?", id).toArray();
    if (row2 === void 0) return null;
    return { incident: JSON.parse(String(row2.document)), recovered: Number(row2.recovered) };
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
   * Runs that nobody waits for any longer are judged, and what is due is said and sent.
   * @override
   */
  async alarm() {
    await this.#settle();
    this.#look();
    await this.#deliver();
    await this.#publish();
    await this.#rearm();
  }
  /** Shards that never came say that nothing is known of their checks. */
  async #settle() {
    const { config } = this;
    if (config === null) return;
    const now = Date.now();
    for (const run2 of overdue(this.state, now)) {
      for (const shard of missing2(this.state, run2)) await this.#lose(run2, shard, config);
    }
    this.#apply({ is: "settled", now });
  }
  /**
   * @param {number} run
   * @param {number} shard
   * @param {Config} config
   */
  async #lose(run2, shard, config) {
    const tick = this.state.awaited[run2]?.tick;
    if (tick === void 0) return;
    const checks2 = shards(config.checks, tick)[shard] ?? [];
    const results = checks2.map(({ id }) => unknown(id, "its shard never reported"));
    const record = recordOf(config, { run: run2, tick, shard, checks: checks2, results });
    try {
      const states = await twice(() => observations(this.env).record(record));
      this.#apply({ is: "reported", run: run2, shard, states, lost: true });
    } catch (error) {
      this.log("error", "observations", { run: run2, shard, error: nameOf2(error) });
    }
  }
  /** Says what has come due since the last tick was judged. A tick that lies ahead has said more than can be due. */
  #look() {
    const { config, state } = this;
    const now = Date.now();
    const isSilent = state.incidents.length === 0 && state.telling.owed.length === 0;
    if (config !== null && !isSilent && now >= state.tick) this.#keep(state, [], now, config);
  }
  /**
   * The machine's answer to what happened, and when a run was judged, what people are told of it.
   * @param {Event} event
   */
  #apply(event) {
    const { config } = this;
    if (config === null) return;
    const { state, effects } = advance(this.state, event, config);
    const judged = effects.findLast(({ is }) => is === "judged");
    this.#keep(state, effects, judged?.at ?? null, config);
  }
  /**
   * The one place where the state changes: it, its records and what is said of it, in one transaction.
   * @param {State} state
   * @param {Effect[]} effects
   * @param {number | null} now null: nothing is to be said
   * @param {Config} config
   */
  #keep(state, effects, now, config) {
    const changes = effects.flatMap((effect) => effect.is === "judged" ? [] : [effect]);
    const ended = changes.filter(({ is }) => is === "recovered");
    const { telling, said: said2 } = now === null ? { telling: state.telling, said: [] } : tell(state.telling, { open: state.incidents, ended }, now, config);
    const kept = { ...state, telling };
    this.ctx.storage.transactionSync(() => {
      this.#write("state", kept);
      for (const effect of effects) this.#note(effect);
      for (const one3 of said2) this.#queue(one3, telling, config);
      this.#record(changes, said2, kept);
    });
    this.state = kept;
  }
  /** @param {Effect} effect */
  #note(effect) {
    if (effect.is === "judged") {
      const { run: run2, at, lost, failing, open: open2 } = effect;
      this.#write("lost", lost);
      if (lost > 0) this.#count("shards_lost", lost);
      this.log("info", "tick", { run: run2, at: new Date(at).toISOString(), lost, failing, open: open2 });
    } else {
      const { id, cause, severity, tookAlong } = effect.incident;
      this.log("warn", "incident", { kind: effect.is, incident: id, cause, severity, tookAlong });
    }
  }
  /**
   * @param {Said} said
   * @param {import("./telling.js").Telling} telling
   * @param {Config} config
   */
  #queue({ id, kind, incident, at, channel }, telling, config) {
    const answer2 = kind === "acknowledged" ? telling.acknowledged[incident.id] : null;
    const letter = { id, channel, message: message(kind, incident, at, config, answer2) };
    this.outbox.add(letter, Date.now());
    this.log("info", "told", { message: id, channel });
  }
  /**
   * The last word on each incident that changed or was told of, who has been told, and who has taken it up.
   * @param {Change[]} changes
   * @param {Said[]} said
   * @param {State} state
   */
  #record(changes, said2, { telling }) {
    const words = /* @__PURE__ */ new Map();
    for (const { kind, incident } of said2)
      if (kind !== "recovered") words.set(incident.id, { incident, recovered: null });
    for (const { is, incident, at } of changes)
      words.set(incident.id, { incident, recovered: is === "recovered" ? at : null });
    for (const [id, { incident, recovered }] of words) {
      const { cause, severity, opened } = incident;
      const { told, acknowledged } = recovered === null ? telling : this.state.telling;
      const document = JSON.stringify({
        ...incident,
        told: Object.keys(told[id] ?? {}),
        acknowledged: acknowledged[id] ?? null
      });
      this.sql.exec(
        "INSERT OR REPLACE INTO incidents (id, cause, severity, opened, recovered, document) VALUES (?, ?, ?, ?, ?, ?)",
        ...[id, cause, severity, opened, recovered, document]
      );
    }
  }
  /**
   * Begins at once with what is due; the caller need not wait. Should the object stop meanwhile, its alarm or the next
   * tick takes it up again.
   */
  #start() {
    this.ctx.waitUntil(Promise.all([this.#deliver(), this.#publish()]).then(() => this.#rearm()));
  }
  /**
   * Sends what is due, every channel on its own, so that a slow one holds up no other. Without a configuration, which the
   * next tick brings, no address is known.
   */
  async #deliver() {
    if (this.config === null) return;
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
      await send(id, keyed(told, await this.#keyOf(told.incident)), address2, {
        fetch: (input, init) => fetch(input, init),
        open: (hostname, port, secureTransport) => connect({ hostname, port }, { secureTransport, allowHalfOpen: false }),
        secret: (name) => secret(this.env, name),
        now: () => Date.now(),
        note: (what) => this.log("warn", "message", { message: id, channel, error: what })
      });
      this.outbox.sent(id);
      this.#count(`messages_sent ${channel}`);
    } catch (error) {
      const isOurs = error instanceof SendError || error instanceof SmtpError;
      const what = isOurs ? error.message : `failed with ${nameOf2(error)}`;
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
      this.log("warn", "status", { error: nameOf2(error) });
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
    const { config, state } = this;
    const letter = this.outbox.next([...this.sending]);
    if (letter !== null && config !== null) times.push(letter);
    const looked = Math.max(state.telling.looked, state.tick);
    const step = config && nextStep(state.incidents, state.telling.begun, config, looked);
    if (step !== null) times.push(step);
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
function nameOf2(error) {
  return error instanceof Error ? error.name : "unknown";
}

// src/observations.js
import { DurableObject as DurableObject2 } from "cloudflare:workers";

// src/verdict/judge.js
function judge(rule, checks2, before, tick) {
  const { holds: holds2, detail } = find(rule, checks2, before, tick);
  const known = holds2 === null ? Math.min(before?.known ?? tick, tick) : tick;
  if (holds2 === null) return withoutData(noDataOf(rule), before, tick, known, detail);
  if (!holds2) {
    const since = before?.state === "quiet" ? Math.min(before.since, tick) : tick;
    return { state: "quiet", since, held: null, evidence: true, detail: null, known };
  }
  const held = Math.min(before?.held ?? tick, tick);
  const state = tick - held >= rule.for * 1e3 ? "firing" : "pending";
  return { state, since: held, held, evidence: true, detail, known };
}
function noDataOf({ condition, noData, for: hold }) {
  return condition.is === "absent" ? { is: "alerting", after: condition.after + hold } : noData;
}
function withoutData(noData, before, tick, known, detail) {
  const held = before?.held ?? null;
  if (tick - known < noData.after * 1e3) {
    const since = before?.state === "unknown" ? Math.min(before.since, tick) : tick;
    return { state: "unknown", since, held, evidence: false, detail, known };
  }
  if (noData.is === "ok")
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
function find({ condition }, checks2, before, tick) {
  const findings = checks2.map((check) => one2(condition, check, before, tick));
  return findings.find(({ holds: holds2 }) => holds2 === true) ?? findings.find(({ holds: holds2 }) => holds2 === (condition.is === "absent" ? false : null)) ?? findings[0] ?? { holds: null, detail: "no check watches it" };
}
function one2(condition, check, before, tick) {
  switch (condition.is) {
    case "down":
      return down(check, tick);
    case "fails":
      return fails(condition, check, tick);
    case "absent":
      return down(check, tick).holds === null ? { holds: null, detail: "no data" } : { holds: false, detail: null };
    case "told":
      return { holds: null, detail: "another backend judges it" };
    default:
      return beyond(condition, check, before, tick);
  }
}
function down({ every, samples }, tick) {
  const last2 = samples.at(-1);
  if (last2 === void 0 || tick - last2.at >= 2 * every * 1e3)
    return { holds: null, detail: "no data" };
  return { holds: last2.up === null ? null : !last2.up, detail: last2.detail };
}
function fails({ times }, { every, samples }, tick) {
  const { holds: holds2, detail } = down({ every, samples }, tick);
  if (holds2 !== true) return { holds: holds2, detail };
  const known = samples.filter(({ at, up }) => up !== null && at > tick - reach(times, every));
  const last2 = known.slice(-times);
  const isRow = last2.length === times && last2.every(({ up }) => up === false);
  return { holds: isRow, detail: isRow && times > 1 ? `${detail ?? "failed"}, ${times} times in a row` : detail };
}
function reach(times, every) {
  return 2 * times * every * 1e3;
}
function horizonOf({ condition }, every) {
  if (condition.is === "fails") return reach(condition.times, every);
  return condition.is === "above" || condition.is === "below" ? 2 * condition.window * 1e3 : 0;
}
var AGGREGATES = {
  mean: (times) => times.reduce((sum, seconds) => sum + seconds, 0) / times.length,
  max: (times) => Math.max(...times),
  min: (times) => Math.min(...times),
  last: (times) => times.at(-1) ?? 0
};
function beyond({ is, aggregate, limit, window }, { every, samples }, before, tick) {
  const timed = samples.flatMap(
    ({ at, seconds }) => seconds !== null && at > tick - window * 1e3 && at <= tick ? [{ at, seconds }] : []
  );
  const [oldest] = timed;
  if (oldest === void 0) return { holds: null, detail: "no answer to time" };
  const value = AGGREGATES[aggregate](timed.map(({ seconds }) => seconds));
  const covered = aggregate === "last" || oldest.at - every * 1500 <= tick - window * 1e3;
  const isBeyond = is === "above" ? value > limit : value < limit;
  const [of, side] = [aggregate === "last" ? "last" : `${aggregate} over ${window} s`, MORE2[is]];
  return {
    holds: isBeyond && (covered || (before?.held ?? null) !== null),
    detail: `${value.toFixed(1)} s (${of}), ${side} than ${limit} s`
  };
}
var MORE2 = { above: "more", below: "less" };

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
  record({ run: run2, tick, shard, results, rules, checks: checks2 }) {
    const slowest = Math.max(0, ...checks2.map(({ every }) => every));
    this.#reach(tick, Math.max(0, ...rules.map((rule) => horizonOf(rule, slowest))));
    const current = results.filter(({ check }) => (this.runs.get(check) ?? 0) <= run2);
    if (current.length === 0) return [];
    const states = [];
    try {
      this.ctx.storage.transactionSync(() => {
        this.#keep(tick, shard, current);
        for (const result of current) this.#remember(run2, tick, result);
        for (const rule of rules) {
          const verdict = this.#judge(rule, checks2, tick);
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
      rows: rows.toArray().map((row2) => ({
        tick: Number(row2.tick),
        shard: Number(row2.shard),
        checks: JSON.parse(String(row2.checks)),
        up: String(row2.up),
        times: String(row2.times)
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
    for (const { tick: at, checks: checks2, up, times } of rows) {
      const names = (
        /** @type {string[]} */
        JSON.parse(String(checks2))
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
  #remember(run2, tick, { check, up, seconds, detail }) {
    const kept = (this.samples.get(check) ?? []).filter(
      ({ at }) => at < tick && at > tick - this.horizon
    );
    this.samples.set(check, [...kept, { at: tick, up, seconds, detail }]);
    this.runs.set(check, run2);
  }
  /**
   * @param {Rule} rule
   * @param {{ id: string, service: string, every: number }[]} checks
   * @param {number} tick
   * @returns {Verdict}
   */
  #judge(rule, checks2, tick) {
    const histories = checks2.filter(({ service }) => service === rule.service).map(({ id, every }) => ({ every, samples: this.samples.get(id) ?? [] }));
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
    const [row2] = this.sql.exec("SELECT value FROM marks WHERE name = ?", name).toArray();
    return row2 === void 0 ? null : Number(row2.value);
  }
};

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
        const { run: run2, shard } = message2.body;
        logger(env.LOG_LEVEL)("error", "shard", {
          run: run2,
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
