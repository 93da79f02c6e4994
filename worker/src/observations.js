// The Durable Object that remembers what was measured: a packed row a shard and tick, a row each time a rule changes.
import { DurableObject } from "cloudflare:workers";
import { pack, unpack } from "./packing.js";
import { horizonOf, judge } from "./verdict/judge.js";

/**
 * @typedef {import("./config.js").Rule} Rule
 * @typedef {import("./env.js").Env} Env
 * @typedef {import("./probe.js").Result} Result
 * @typedef {import("./incidents.js").RuleState} RuleState
 * @typedef {import("./verdict/judge.js").Sample} Sample
 * @typedef {import("./verdict/judge.js").Verdict} Verdict
 * @typedef {{
 *   run: number, tick: number, shard: number, results: Result[], rules: Rule[],
 *   checks: { id: string, service: string, every: number }[],
 * }} Record_ `rules` of the services in the shard, and all `checks` of these services, in this shard or another
 * @typedef {{ check: string, at: number, up: boolean | null, seconds: number | null }} Latest
 * @typedef {{ tick: number, shard: number, checks: string[], up: string, times: string }} ArchiveRow
 * @typedef {{ rule: string, tick: number, state: string, since: number, detail: string | null }} Transition
 */

const HOUR = 3_600_000;
/** Samples are kept at hand for at least so long, for rules and metrics. */
const LEAST_HORIZON = 900_000;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS rosters (id INTEGER PRIMARY KEY, checks TEXT NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS observations (
    tick INTEGER NOT NULL, shard INTEGER NOT NULL, roster INTEGER NOT NULL, up TEXT NOT NULL, times TEXT NOT NULL,
    PRIMARY KEY (tick, shard)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS transitions (
    place INTEGER PRIMARY KEY, rule TEXT NOT NULL, tick INTEGER NOT NULL, state TEXT NOT NULL, since INTEGER NOT NULL,
    held INTEGER, evidence INTEGER NOT NULL, detail TEXT, known INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
`;

/** @extends {DurableObject<Env>} */
export class Observations extends DurableObject {
  /**
   * @param {DurableObjectState} ctx
   * @param {Env} env
   */
  constructor(ctx, env) {
    super(ctx, env);
    this.sql = ctx.storage.sql;
    this.sql.exec(SCHEMA);
    /** @type {Map<string, Sample[]>} */
    this.samples = new Map();
    /** How far back `samples` reaches, in milliseconds; 0: not read yet. */
    this.horizon = 0;
    /** @type {Map<string, number>} the last run that spoke of a check */
    this.runs = new Map();
    this.verdicts = this.#lastVerdicts();
  }

  /**
   * Keeps one shard's results and says what they mean for the rules. The same shard may come twice.
   * @param {Record_} record
   * @returns {RuleState[]}
   */
  record({ run, tick, shard, results, rules, checks }) {
    const slowest = Math.max(0, ...checks.map(({ every }) => every));
    this.#reach(tick, Math.max(0, ...rules.map((rule) => horizonOf(rule, slowest))));
    const current = results.filter(({ check }) => (this.runs.get(check) ?? 0) <= run);
    if (current.length === 0) return [];
    /** @type {RuleState[]} */
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
      const last = samples.at(-1);
      return last === undefined ? [] : [{ check, at: last.at, up: last.up, seconds: last.seconds }];
    });
  }

  /**
   * The oldest whole hour that has not been archived, and what happened in it; null when there is none.
   * @param {number} now
   * @returns {{ hour: number, rows: ArchiveRow[], transitions: Transition[] } | null}
   */
  unarchived(now) {
    const after = Math.min(this.#mark("archived") ?? 0, Math.floor(now / HOUR) * HOUR);
    const { first } = this.sql
      .exec("SELECT MIN(tick) AS first FROM observations WHERE tick >= ?", after)
      .one();
    if (first === null) return null;
    const hour = Math.floor(Number(first) / HOUR) * HOUR;
    if (hour + HOUR > now) return null;
    const rows = this.sql.exec(
      `SELECT tick, shard, checks, up, times FROM observations JOIN rosters ON rosters.id = roster
       WHERE tick >= ? AND tick < ? ORDER BY tick, shard`,
      ...[hour, hour + HOUR],
    );
    const transitions = this.sql.exec(
      "SELECT rule, tick, state, since, detail FROM transitions WHERE tick >= ? AND tick < ? ORDER BY place",
      ...[hour, hour + HOUR],
    );
    return {
      hour,
      rows: rows.toArray().map((row) => ({
        tick: Number(row.tick),
        shard: Number(row.shard),
        checks: JSON.parse(String(row.checks)),
        up: String(row.up),
        times: String(row.times),
      })),
      transitions: transitions.toArray().map(({ rule, tick, state, since, detail }) => ({
        rule: String(rule),
        tick: Number(tick),
        state: String(state),
        since: Number(since),
        detail: detail === null ? null : String(detail),
      })),
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
      before,
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
    const { last } = this.sql
      .exec("SELECT MAX(tick) AS last FROM observations WHERE tick <= ?", tick)
      .one();
    const rows = this.sql.exec(
      `SELECT tick, checks, up, times FROM observations JOIN rosters ON rosters.id = roster
       WHERE tick > ? AND tick <= ? ORDER BY tick, shard`,
      ...[Number(last ?? 0) - horizon, tick],
    );
    this.samples.clear();
    for (const { tick: at, checks, up, times } of rows) {
      const names = /** @type {string[]} */ (JSON.parse(String(checks)));
      unpack({ up: String(up), times: String(times) }, Number(at)).forEach((sample, index) => {
        const check = /** @type {string} */ (names[index]);
        this.samples.set(check, [...(this.samples.get(check) ?? []), sample]);
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
      ...[tick, shard, Number(id), up, times],
    );
  }

  /**
   * @param {number} run
   * @param {number} tick
   * @param {Result} result
   */
  #remember(run, tick, { check, up, seconds, detail }) {
    const kept = (this.samples.get(check) ?? []).filter(
      ({ at }) => at < tick && at > tick - this.horizon,
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
    const histories = checks
      .filter(({ service }) => service === rule.service)
      .map(({ id, every }) => ({ every, samples: this.samples.get(id) ?? [] }));
    const before = this.verdicts.get(rule.id) ?? null;
    const verdict = judge(rule, histories, before, tick);
    if (
      before?.state !== verdict.state ||
      before.evidence !== verdict.evidence ||
      before.since !== verdict.since
    ) {
      const { state, since, held, evidence, detail, known } = verdict;
      this.sql.exec(
        "INSERT INTO transitions (rule, tick, state, since, held, evidence, detail, known) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ...[rule.id, tick, state, since, held, Number(evidence), detail, known],
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
    const { last } = this.sql.exec("SELECT MAX(tick) AS last FROM observations").one();
    const rows = this.sql.exec(
      `SELECT rule, state, since, held, evidence, detail, known FROM transitions
       WHERE place IN (SELECT MAX(place) FROM transitions GROUP BY rule)`,
    );
    return new Map(
      rows.toArray().map(({ rule, state, since, held, evidence, detail, known }) => [
        String(rule),
        {
          state: /** @type {Verdict["state"]} */ (state),
          since: Number(since),
          held: held === null ? null : Number(held),
          evidence: evidence === 1,
          detail: detail === null ? null : String(detail),
          known: evidence === 1 ? Math.max(Number(known), Number(last ?? 0)) : Number(known),
        },
      ]),
    );
  }

  /** @param {string} name */
  #mark(name) {
    const [row] = this.sql.exec("SELECT value FROM marks WHERE name = ?", name).toArray();
    return row === undefined ? null : Number(row.value);
  }
}
