// What is one incident. A pure state machine: (state, event) → (state, effects); state is plain JSON.
//
// Shards of a tick report what their rules say. When all have reported, or none more is awaited, the run is judged:
// services that fail are grouped along the graph of needs, so that one break makes one incident, named after its cause.
// Rules that another backend judges are told by votes at any time, and count from the next run on. Who hears of an incident
// is none of its business (telling.js).
import { rankOf } from "./answers.js";
import { neededBy } from "./needs.js";
import { untold } from "./telling.js";
import { hear, standings, toldOf } from "./told.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./config.js").Rule} Rule
 * @typedef {import("./verdict/judge.js").Verdict} Verdict
 * @typedef {Verdict & { rule: string, service: string }} RuleState
 * @typedef {{ tick: number, of: number, reported: number[], lost: number, deadline: number }} Awaited
 * @typedef {{ run: number, well: number | null, fresh: boolean }} Seen `run`: in which it was last reported, `well`: the
 *   last run in which every rule was quiet, `fresh`: reported since the last judgement
 * @typedef {{
 *   id: string, cause: string, severity: string, opened: number, run: number, since: number, rule: string, aside?: string | null,
 *   detail: string | null, tookAlong: string[], unseen: string[], isSeen: boolean, quiet: number, rated: number, rules: string[],
 * }} Incident `opened` is a tick, `since` when the cause began to fail; `unseen`: services that nothing can be said
 *   about because the check asks through one that fails; `isSeen`: false while the cause only lacks data, which explains
 *   no other failure; `aside`: the one rule that it is about, where it is no failure; `rated`: the tick at which it got its
 *   severity, `rules`: rules that have fired for it with that severity, one of each route
 * @typedef {{
 *   run: number, judged: number, tick: number, awaited: Record<string, Awaited>, services: Record<string, Seen>,
 *   rules: Record<string, RuleState>, incidents: Incident[],
 *   votes: import("./told.js").Told, heard: number | null, shaded: Record<string, number>,
 *   telling: import("./telling.js").Telling,
 * }} State `rules` holds only what is not quiet; `votes`: what was said last of rules that are told; `heard`: the last vote of
 *   a backend that judges rules; `shaded`: the last tick at which a told rule was explained by something that was down
 * @typedef {{ is: "began", tick: number, of: number, deadline: number }
 *   | { is: "reported", run: number, shard: number, states: RuleState[], lost: boolean }
 *   | { is: "voted", now: number, vote: import("./votes.js").Vote }
 *   | { is: "settled", now: number }} Event
 * @typedef {{ is: "opened" | "raised" | "updated" | "recovered", incident: Incident, at: number }} Change
 * @typedef {Change
 *   | { is: "judged", run: number, at: number, lost: number, failing: number, open: number }} Effect
 * @typedef {{ service: string, rules: RuleState[], firing: RuleState[] }} Failing
 */

/** Milliseconds that a vote may take to arrive: Grafana says what has changed in a group every five minutes. */
const LATE = 300_000;
/** Conditions that say that a service does not work, not that it works badly. */
const WITHOUT_LIMIT = ["down", "fails", "absent"];

/** @returns {State} */
export function blank() {
  return {
    ...{ run: 0, judged: 0, tick: 0, awaited: {}, services: {}, rules: {}, incidents: [] },
    ...{ votes: {}, heard: null, shaded: {}, telling: untold() },
  };
}

/**
 * @param {State} before is not changed
 * @param {Event} event
 * @param {Config} config
 * @returns {{ state: State, effects: Effect[] }}
 */
export function advance(before, event, config) {
  const state = { ...blank(), ...structuredClone(before) };
  /** @type {Effect[]} */
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
    if (awaited !== undefined && !awaited.reported.includes(event.shard)) {
      awaited.reported.push(event.shard);
      if (event.lost) awaited.lost += 1;
      if (awaited.reported.length >= awaited.of) judgeRun(state, event.run, config, effects);
    }
  } else if (event.is === "voted") {
    hear(state.votes, event.vote.opinions, event.now, config);
    if (["alertmanager", "grafana"].includes(event.vote.source)) state.heard = event.now;
  } else {
    for (const run of overdue(state, event.now)) judgeRun(state, run, config, effects);
  }
  return { state, effects };
}

/**
 * The runs that are awaited no longer, oldest first.
 * @param {State} state
 * @param {number} now
 */
export function overdue(state, now) {
  return Object.entries(state.awaited)
    .filter(([, { deadline }]) => deadline <= now)
    .map(([run]) => Number(run))
    .sort((a, b) => a - b);
}

/**
 * The shards that have not reported in a run.
 * @param {State} state
 * @param {number} run
 */
export function missing(state, run) {
  const awaited = state.awaited[run];
  if (awaited === undefined) return [];
  return Array.from({ length: awaited.of }, (_, shard) => shard).filter(
    (shard) => !awaited.reported.includes(shard),
  );
}

/**
 * Takes over what a shard says, unless a later run has already said it.
 * @param {State} state
 * @param {number} run
 * @param {RuleState[]} states
 */
function merge(state, run, states) {
  const current = states.filter(({ service }) => (state.services[service]?.run ?? 0) <= run);
  for (const verdict of current) {
    if (verdict.state === "quiet") delete state.rules[verdict.rule];
    else state.rules[verdict.rule] = verdict;
    state.services[verdict.service] = {
      run,
      well: state.services[verdict.service]?.well ?? null,
      fresh: true,
    };
  }
}

/**
 * @param {State} state
 * @param {number} run
 * @param {Config} config
 * @param {Effect[]} effects
 */
function judgeRun(state, run, config, effects) {
  const { tick, lost: given } = /** @type {Awaited} */ (state.awaited[run]);
  const lost = given + missing(state, run).length;
  for (const other of Object.keys(state.awaited))
    if (Number(other) <= run) delete state.awaited[other];
  forget(state, config);
  for (const told of standings(state.votes, config, tick)) state.rules[told.rule] = told;
  const world = new World(state, run, tick, config);
  state.shaded = world.shaded;
  recover(world, effects);
  trace(world, effects);
  open(world, effects);
  openAsides(world, effects);
  raise(world, effects);
  for (const incident of state.incidents) world.route(incident, world.firingFor(incident));
  confirm(world);
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
    open: state.incidents.length,
  });
}

/**
 * Drops rules and services that the configuration no longer has, and what told rules said before this run.
 * @param {State} state
 * @param {Config} config
 */
function forget(state, config) {
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

/** What one judgement looks at: who fails, who cannot be seen, who needs whom. */
class World {
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
    /** @type {Map<string, Rule>} */
    this.rules = new Map(config.rules.map((rule) => [rule.id, rule]));
    /** Services of which something is measured here. */
    this.measured = new Set(
      config.rules.flatMap(({ service, condition }) => (condition.is === "told" ? [] : [service])),
    );
    /** Services with any rule that is not quiet and says that they fail. */
    this.troubled = new Set(
      Object.values(state.rules).flatMap((rule) => (this.isAside(rule) ? [] : [rule.service])),
    );
    for (const { service } of config.rules) {
      // Nobody reports what is told alone: it is well for as long as nobody says otherwise.
      const well = state.services[service]?.well ?? null;
      if (!this.measured.has(service)) this.unmeasured(service, well);
    }
    /** @type {Map<string, Failing>} Services seen to fail. */
    this.failing = new Map();
    /** @type {Map<string, RuleState[]>} Services whose rules fire for want of data alone. */
    this.blind = new Map();
    /** @type {Map<string, Set<string>>} */
    this.needs = new Map();
    /** @type {Map<string, Set<string>>} The services that the checks of one ask instead of itself. */
    this.asked = new Map();
    for (const { service, through } of config.checks) {
      if (typeof through === "string")
        this.asked.set(service, new Set(this.asked.get(service)).add(through));
    }
    /** Told rules that fire and need no explanation of their own at present. @type {Set<string>} */
    this.explained = new Set();
    /** @type {Record<string, number>} */
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
    if (rule === undefined) return false;
    return (rule.trouble ?? (WITHOUT_LIMIT.includes(rule.condition.is) ? "down" : null)) === "down";
  }

  /**
   * Finds the told rules that something which is down explains, or did until a moment ago: what another backend looks at
   * reaches back, and its word takes a while.
   */
  #shade() {
    const down = new Set(
      [...this.failing.values()]
        .filter(({ rules }) => rules.some((rule) => this.isDown(rule)))
        .map(({ service }) => service),
    );
    for (const state of Object.values(this.state.rules)) {
      const rule = this.rules.get(state.rule);
      if (rule?.condition.is !== "told" || rule.trouble === "ahead") continue;
      const isBeneath = [...this.upstream(state.service)].some((need) => down.has(need));
      const isDown = isBeneath || (rule.trouble !== "down" && down.has(state.service));
      const last = isDown ? this.tick : this.state.shaded[state.rule];
      if (last === undefined || this.tick - last > (rule.condition.window ?? 0) * 1000 + LATE)
        continue;
      this.shaded[state.rule] = last;
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
    if (entry === undefined) return;
    entry.rules = entry.rules.filter((other) => other.rule !== rule);
    entry.firing = entry.firing.filter((other) => other.rule !== rule);
    if (entry.rules.length === 0) this.failing.delete(service);
  }

  #sort() {
    /** @type {Map<string, RuleState[]>} */
    const unseen = new Map();
    for (const rule of Object.values(this.state.rules)) {
      if (this.isAside(rule)) continue;
      const isDown = WITHOUT_LIMIT.includes(this.rules.get(rule.rule)?.condition.is ?? "");
      if (rule.evidence && (rule.state === "firing" || (rule.state === "pending" && isDown))) {
        const entry = this.failing.get(rule.service) ?? {
          service: rule.service,
          rules: [],
          firing: [],
        };
        entry.rules.push(rule);
        if (rule.state === "firing") entry.firing.push(rule);
        this.failing.set(rule.service, entry);
      } else if (rule.state === "firing") {
        unseen.set(rule.service, [...(unseen.get(rule.service) ?? []), rule]);
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
    return [...(this.asked.get(service) ?? [])].some((asked) => others.has(asked));
  }

  /**
   * Whether a failing or unseen service is explained by an incident that is open.
   * @param {string} service
   */
  isCovered(service) {
    return this.state.incidents.some(
      ({ cause, isSeen, unseen, aside }) =>
        (cause === service && !aside) ||
        (isSeen && this.upstream(service).has(cause)) ||
        (unseen.includes(service) && !this.failing.has(service)),
    );
  }

  /**
   * @param {RuleState[]} rules
   * @returns {RuleState} the one of the worst severity; of equals, the one that began first
   */
  worst(rules) {
    const order = [...rules].sort(
      (a, b) => this.rank(a) - this.rank(b) || a.since - b.since || (a.rule < b.rule ? -1 : 1),
    );
    return /** @type {RuleState} */ (order[0]);
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
    const along = [...this.failing.keys()].filter((service) =>
      this.upstream(service).has(incident.cause),
    );
    const explained = [...this.explained].flatMap((id) => this.rules.get(id)?.service ?? []);
    const ill = explained.filter((service) => this.upstream(service).has(incident.cause));
    incident.tookAlong = union(incident.tookAlong, [...along, ...ill]).filter(
      (service) => service !== incident.cause,
    );
    const deaf = new Set([incident.cause, ...along]);
    const unseen = [...this.blind.keys()].filter(
      (service) => service !== incident.cause && this.isHidden(service, deaf),
    );
    incident.unseen = union(incident.unseen, unseen).filter(
      (service) => !this.failing.has(service),
    );
  }

  /**
   * The rules of an incident's cause that keep it open.
   * @param {Incident} incident
   */
  own({ cause, aside }) {
    const rules = Object.values(this.state.rules).filter(({ service }) => service === cause);
    return rules.filter((rule) => (aside ? rule.rule === aside : !this.isAside(rule)));
  }

  /**
   * The rules that fire for an incident at present, its cause's and those of what it took along.
   * @param {Incident} incident
   */
  firingFor(incident) {
    if (incident.aside) return [this.state.rules[incident.aside] ?? []].flat();
    return [incident.cause, ...incident.tookAlong].flatMap(
      (service) => this.failing.get(service)?.firing ?? [],
    );
  }
}

/**
 * An incident is over when its cause has been seen quiet in enough runs on end.
 * @param {World} world
 * @param {Effect[]} effects
 */
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

/**
 * A deeper cause that has not been seen well since an incident opened was its cause from the beginning.
 * @param {World} world
 * @param {Effect[]} effects
 */
function trace(world, effects) {
  const { state } = world;
  for (const root of roots(world)) {
    const { service } = root;
    const well = state.services[service]?.well ?? 0;
    if (!isSure(world, root)) continue;
    const told = root.firing.filter((rule) => world.isTold(rule)).map(({ since }) => since);
    const incident = state.incidents.find(
      ({ cause, run, opened, aside }) =>
        !aside &&
        world.upstream(cause).has(service) &&
        (well <= run || Math.min(...told) <= opened),
    );
    if (incident === undefined) continue;
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

/**
 * Opens an incident for each cause that has something firing behind it.
 * @param {World} world
 * @param {Effect[]} effects
 */
function open(world, effects) {
  const { state } = world;
  for (const incident of state.incidents) world.gather(incident);
  for (const root of roots(world)) {
    const behind = [...world.failing.values()].filter(({ service }) =>
      world.upstream(service).has(root.service),
    );
    const group = [root, ...behind];
    if (!group.some((failing) => isSure(world, failing))) continue;
    begin(
      world,
      root.service,
      [...root.rules, ...behind.flatMap(({ firing }) => firing)],
      root.rules,
      effects,
    );
  }
  for (const [service, rules] of world.blind) {
    if (world.isHidden(service, world.failing) || world.isCovered(service) || !world.fresh(service))
      continue;
    begin(world, service, rules, rules, effects);
  }
}

/**
 * Whether a failure was seen in this run: reported by a shard, or told.
 * @param {World} world
 * @param {Failing} failing
 */
function isSure(world, { service, firing }) {
  return firing.length > 0 && (world.fresh(service) || firing.some((rule) => world.isTold(rule)));
}

/**
 * Opens an incident for each told rule that is no failure of its service and that nothing explains. Each is one of its own:
 * what lasts for days must not swallow what comes after it.
 * @param {World} world
 * @param {Effect[]} effects
 */
function openAsides(world, effects) {
  for (const rule of Object.values(world.state.rules)) {
    const isOpen = world.state.incidents.some(({ aside }) => aside === rule.rule);
    if (!world.isAside(rule) || isOpen || world.explained.has(rule.rule)) continue;
    begin(world, rule.service, [rule], [rule], effects, rule.rule);
  }
}

/**
 * What a told rule says of itself may have changed: it may have fallen silent.
 * @param {World} world
 */
function confirm({ state, rules }) {
  for (const incident of state.incidents) {
    const told = rules.get(incident.rule)?.condition.is === "told";
    if (told) incident.detail = state.rules[incident.rule]?.detail ?? incident.detail;
  }
}

/**
 * @param {World} world
 * @param {string} cause
 * @param {RuleState[]} all decides the severity
 * @param {RuleState[]} own rules of the cause
 * @param {Effect[]} effects
 * @param {string | null} [aside] the rule, of which nothing else depends
 */
function begin(world, cause, all, own, effects, aside = null) {
  const { state, config, run, tick } = world;
  const { set, rule } = world.rules.get(aside ?? "") ?? { set: "", rule: "" };
  const about = aside === null ? cause : `${cause}-${set}-${rule}`;
  /** @type {Incident} */
  const incident = {
    id: `${config.platform}-${config.environment}-${about}-${Math.floor(tick / 1000).toString(36)}-${run}`,
    cause,
    aside,
    severity: "",
    opened: tick,
    run,
    since: tick,
    rule: "",
    detail: null,
    tookAlong: [],
    unseen: [],
    isSeen: false,
    quiet: 0,
    rated: tick,
    rules: [],
  };
  world.rate(incident, all);
  lead(world, incident, own);
  world.gather(incident);
  state.incidents.push(incident);
  change(world, incident, "opened", effects);
}

/**
 * @param {World} world
 * @param {Effect[]} effects
 */
function raise(world, effects) {
  for (const incident of world.state.incidents) {
    const firing = world.firingFor(incident);
    if (firing.length === 0) continue;
    if (world.rank(world.worst(firing)) >= rankOf(incident.severity, world.config)) continue;
    world.rate(incident, firing);
    const own = incident.aside ? firing : world.failing.get(incident.cause)?.rules;
    if (own !== undefined) lead(world, incident, own);
    change(world, incident, "raised", effects);
  }
}

/**
 * Failing services that no open incident explains and none of whose needs fails.
 * @param {World} world
 */
function roots(world) {
  return [...world.failing.values()].filter(({ service }) => {
    const upstream = world.upstream(service);
    return !world.isCovered(service) && ![...upstream].some((need) => world.failing.has(need));
  });
}

/**
 * The rule that speaks for the incident.
 * @param {World} world
 * @param {Incident} incident
 * @param {RuleState[]} own
 */
function lead(world, incident, own) {
  const speaker = world.worst(own);
  incident.rule = speaker.rule;
  incident.detail = speaker.detail;
  incident.since = Math.min(incident.since, ...own.map(({ since }) => since));
}

/**
 * @param {World} world
 * @param {Incident} incident
 * @param {Change["is"]} is
 * @param {Effect[]} effects
 */
function change(world, incident, is, effects) {
  effects.push({ is, incident: structuredClone(incident), at: world.tick });
}

/**
 * @param {string[]} some
 * @param {string[]} more
 */
function union(some, more) {
  return [...new Set([...some, ...more])].sort();
}
