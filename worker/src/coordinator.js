// The Durable Object that owns incidents: it runs the state machine, keeps what it says, and sends from the outbox.
import { connect } from "cloudflare:sockets";
import { DurableObject } from "cloudflare:workers";
import { acknowledgement, answered, silenceOf } from "./answers.js";
import { send, SendError } from "./channels/send.js";
import { SmtpError } from "./channels/smtp.js";
import { VERSION } from "./config.js";
import { observations, secret, STATUS_KEY, twice } from "./env.js";
import { advance, blank, missing, overdue } from "./incidents.js";
import { isSame, newKey, signature } from "./keys.js";
import { logger } from "./log.js";
import { keyed, message } from "./messages.js";
import { BACKOFF, Outbox } from "./outbox.js";
import { unknown } from "./probe.js";
import { shards } from "./schedule.js";
import { shown } from "./shown.js";
import { status } from "./status.js";
import { takenOver, tell } from "./telling.js";
import { recordOf } from "./tick.js";
import { nextStep } from "./whom.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./env.js").Env} Env
 * @typedef {import("./incidents.js").Change} Change
 * @typedef {import("./incidents.js").Effect} Effect
 * @typedef {import("./incidents.js").Event} Event
 * @typedef {import("./incidents.js").RuleState} RuleState
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./incidents.js").State} State
 * @typedef {import("./telling.js").Said} Said
 * @typedef {import("./outbox.js").Due} Due
 */

/** Milliseconds to wait after KV refused the status. */
const PUBLISH_PAUSE = 30_000;
/** Milliseconds after which somebody looks whether what is being sent has been sent. */
const LOOK_AFTER = 30_000;
/** An alarm that should have rung so many milliseconds ago is lost. */
const OVERDUE = 5_000;
/** Whole characters, at most 1.6 MB of them. */
const PIECES = /[^]{1,400000}/gu;
const VOTES_KEPT = 1000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (
    name TEXT NOT NULL, piece INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, piece)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS incidents (
    id TEXT PRIMARY KEY, cause TEXT NOT NULL, severity TEXT NOT NULL, opened INTEGER NOT NULL, recovered INTEGER,
    document TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS votes (
    place INTEGER PRIMARY KEY, at INTEGER NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, text TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** @extends {DurableObject<Env>} */
export class Coordinator extends DurableObject {
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
    /** @type {Set<string>} channels that something is being sent to */
    this.sending = new Set();
    this.isPublishing = false;
    /** When the status may be written again, after KV refused it. */
    this.publishFrom = 0;
    /** @type {State} */
    this.state = takenOver(this.#document("state") ?? blank());
    const stored = this.#document("config");
    /** @type {Config | null} */
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
    this.#apply({ is: "began", tick, of, deadline: now + (seconds + config.settle) * 1000 });
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
   * Writes a vote down, and keeps what it says of rules that others judge until the next run is judged.
   * @param {import("./votes.js").Vote} vote
   * @returns {Promise<boolean>} false when it cannot be counted yet: no tick has brought the configuration
   */
  async vote(vote) {
    const { source, state, text, opinions } = vote;
    if (this.config === null && opinions.length > 0) return false;
    this.#apply({ is: "voted", now: Date.now(), vote });
    this.sql.exec(
      "INSERT INTO votes (at, source, state, text) VALUES (?, ?, ?, ?)",
      ...[Date.now(), source, state, text],
    );
    this.sql.exec(
      "DELETE FROM votes WHERE place <= (SELECT MAX(place) FROM votes) - ?",
      VOTES_KEPT,
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
  async answer(id, key, answer) {
    if (!(await isSame(key, await this.#keyOf(id)))) return { refused: "key" };
    const { config } = this;
    if (config === null) return { refused: "early" };
    const found = this.#incident(id);
    if (found === null) return { refused: "forgotten" };
    const { incident, recovered } = found;
    const isOpen = recovered === null;
    if (answer?.does === "acknowledge" && !isOpen) return { refused: "over" };
    const now = Math.max(Date.now(), this.state.tick, this.state.telling.looked);
    if (answer !== null) {
      const telling = answered(this.state.telling, { incident, isOpen }, answer, now, config);
      this.#keep({ ...this.state, telling }, [], now, config);
      this.log("warn", "answered", { incident: id, does: answer.does });
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
    const open = this.state.incidents.find((incident) => incident.id === id);
    if (open !== undefined) return { incident: open, recovered: null };
    const [row] = this.sql
      .exec("SELECT recovered, document FROM incidents WHERE id = ?", id)
      .toArray();
    if (row === undefined) return null;
    return { incident: JSON.parse(String(row.document)), recovered: Number(row.recovered) };
  }

  /** @returns {import("./metrics.js").Figures} */
  figures() {
    const counts = this.sql.exec("SELECT name, value FROM counts ORDER BY name").toArray();
    return {
      vitals: this.vitals(),
      firing: Object.values(this.state.rules).map(({ rule, state }) => ({ rule, state })),
      open: this.state.incidents.map(({ severity }) => ({ severity })),
      counts: Object.fromEntries(counts.map(({ name, value }) => [String(name), Number(value)])),
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
      ...{ pending, oldest, stuck },
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
    if (tick === undefined) return;
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
    const changes = effects.flatMap((effect) => (effect.is === "judged" ? [] : [effect]));
    const ended = changes.filter(({ is }) => is === "recovered");
    const { telling, said } =
      now === null
        ? { telling: state.telling, said: [] }
        : tell(state.telling, { open: state.incidents, ended }, now, config);
    const kept = { ...state, telling };
    this.ctx.storage.transactionSync(() => {
      this.#write("state", kept);
      for (const effect of effects) this.#note(effect);
      for (const one of said) this.#queue(one, telling, config);
      this.#record(changes, said, kept);
    });
    this.state = kept;
  }

  /** @param {Effect} effect */
  #note(effect) {
    if (effect.is === "judged") {
      const { run, at, lost, failing, open } = effect;
      this.#write("lost", lost);
      if (lost > 0) this.#count("shards_lost", lost);
      this.log("info", "tick", { run, at: new Date(at).toISOString(), lost, failing, open });
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
    const answer = kind === "acknowledged" ? telling.acknowledged[incident.id] : null;
    const letter = { id, channel, message: message(kind, incident, at, config, answer) };
    this.outbox.add(letter, Date.now());
    this.log("info", "told", { message: id, channel });
  }

  /**
   * The last word on each incident that changed or was told of, who has been told, and who has taken it up.
   * @param {Change[]} changes
   * @param {Said[]} said
   * @param {State} state
   */
  #record(changes, said, { telling }) {
    /** @type {Map<string, { incident: Incident, recovered: number | null }>} */
    const words = new Map();
    for (const { kind, incident } of said)
      if (kind !== "recovered") words.set(incident.id, { incident, recovered: null });
    for (const { is, incident, at } of changes)
      words.set(incident.id, { incident, recovered: is === "recovered" ? at : null });
    for (const [id, { incident, recovered }] of words) {
      const { cause, severity, opened } = incident;
      const { told, acknowledged } = recovered === null ? telling : this.state.telling;
      const document = JSON.stringify({
        ...incident,
        told: Object.keys(told[id] ?? {}),
        acknowledged: acknowledged[id] ?? null,
      });
      this.sql.exec(
        "INSERT OR REPLACE INTO incidents (id, cause, severity, opened, recovered, document) VALUES (?, ?, ?, ?, ?, ?)",
        ...[id, cause, severity, opened, recovered, document],
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
      for (;;) {
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
      const address = this.config?.channels[channel];
      if (address === undefined)
        throw new SendError("the configuration no longer has this channel");
      await send(id, keyed(told, await this.#keyOf(told.incident)), address, {
        fetch: (input, init) => fetch(input, init),
        open: (hostname, port, secureTransport) =>
          connect({ hostname, port }, { secureTransport, allowHalfOpen: false }),
        secret: (name) => secret(this.env, name),
        now: () => Date.now(),
        note: (what) => this.log("warn", "message", { message: id, channel, error: what }),
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
        error instanceof SendError ? error.after : 0,
      );
      this.#count(`messages_failed ${channel}`);
      if (isAbandoned) this.#count(`messages_abandoned ${channel}`);
      this.log(isAbandoned ? "error" : "warn", "message", {
        message: id,
        channel,
        error: what,
        isAbandoned,
      });
    }
  }

  /** Writes the status to KV when it says something else than what is there. */
  async #publish() {
    const text = this.#unpublished();
    if (text === null || this.isPublishing || Date.now() < this.publishFrom) return;
    this.isPublishing = true;
    try {
      await this.env.CONFIG.put(STATUS_KEY, text);
      this.#write("published", text);
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
    const text = JSON.stringify(now);
    return now === null || text === this.#document("published") ? null : text;
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
      ...[name, by],
    );
  }

  /**
   * @param {string} name
   * @returns {any} null when there is none
   */
  #document(name) {
    const rows = this.sql
      .exec("SELECT value FROM documents WHERE name = ? ORDER BY piece", name)
      .toArray();
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
          ...[name, index, piece],
        );
      });
    });
  }
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error ? error.name : "unknown";
}
