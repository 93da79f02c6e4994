// Who hears of an incident, and when. Pure; state is plain JSON.
//
// Nothing is planned ahead. At every judgement, and when the alarm rings, it is asked of each open incident whom its routes
// name by then, and what each of them was told last: what is missing is said. So what is held back is said as things stand
// when it may be said, and not at all if it is over before. Only a recovery is owed, to all who know of the trouble.
import { about, acknowledgement, isOver, rankOf, silenceOf } from "./answers.js";
import { begins, begunOf, named, routesOf } from "./whom.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {import("./incidents.js").State} State
 * @typedef {"opened" | "raised" | "updated" | "acknowledged" | "reminded" | "recovered"} Kind
 * @typedef {{ at: number, severity: string, cause: string, count: number, answer: number | null }} Told what a channel was told last
 *   of an incident; `count`: its messages about it so far, `answer`: when it was acknowledged, as the channel knows
 * @typedef {{ incident: Incident, at: number }} Ended `at`: when it was over
 * @typedef {Ended & { channel: string, count: number }} Owed a recovery that has not been said yet
 * @typedef {{ about: string, severity: string, at: number, channels: string[] }} Over an incident that was told, and ended
 * @typedef {{
 *   looked: number, told: Record<string, Record<string, Told>>, owed: Owed[], over: Over[], sent: Record<string, number[]>,
 *   acknowledged: Record<string, import("./answers.js").Acknowledgement>, silences: import("./answers.js").Silence[],
 *   begun: Record<string, { rated: number, at: number }>,
 * }} Telling `looked`: the last moment for which it was asked what is to be said; `told`: by open incident and channel;
 *   `over`: while they cool down; `sent`: by channel, when, for as long as it counts for the limit; `acknowledged`: by open
 *   incident; `begun`: by open incident, since when the hours of its first steps let it be said with the severity that it has
 * @typedef {{ kind: Kind, incident: Incident, at: number, channel: string, count: number }} Wish `at`: the moment that it is
 *   about; `count`: the channel's messages about the incident, with this one
 * @typedef {Wish & { id: string }} Said
 */

/** @returns {Telling} */
export function untold() {
  return { looked: 0, told: {}, owed: [], over: [], sent: {}, acknowledged: {}, silences: [], begun: {} };
}

/**
 * What is to be said at a moment. Asked twice, there is nothing the second time.
 * @param {Telling} before is not changed
 * @param {{ open: Incident[], ended: Ended[] }} incidents `ended`: since it was asked last
 * @param {number} now
 * @param {Config} config
 * @returns {{ telling: Telling, said: Said[] }}
 */
export function tell(before, { open, ended }, now, config) {
  const telling = { ...structuredClone(before), looked: now };
  for (const one of ended) end(telling, one);
  forget(telling, open, now, config);
  /** @type {Wish[]} */
  const wishes = owed(telling);
  if (config.paging === "worker" && open.length > 0) {
    const routes = routesOf(config);
    begin(telling, open, routes, now, config);
    wishes.push(...missing(telling, open, routes, now, config));
  }
  /** @type {Said[]} */
  const said = [];
  for (const wish of inOrder(wishes, config)) {
    if (hasRoom(telling, wish.channel, config)) said.push(say(telling, wish, now, config));
  }
  return { telling, said };
}

/**
 * Whoever was told of an incident is owed its end.
 * @param {Telling} telling
 * @param {Ended} ended
 */
function end(telling, { incident, at }) {
  const told = own(telling.told, incident.id) ?? {};
  const channels = Object.keys(told);
  if (channels.length === 0) return;
  for (const [channel, { count }] of Object.entries(told))
    telling.owed.push({ incident, at, channel, count });
  telling.over.push({ about: about(incident), severity: incident.severity, at, channels });
}

/**
 * Drops what decides nothing any longer, and what is owed to channels that are gone.
 * @param {Telling} telling
 * @param {Incident[]} open
 * @param {number} now
 * @param {Config} config
 */
function forget(telling, open, now, { telling: { coolDown, limit }, channels }) {
  const ids = new Set(open.map(({ id }) => id));
  telling.told = keep(telling.told, (id) => ids.has(id));
  telling.acknowledged = keep(telling.acknowledged, (id) => ids.has(id));
  telling.begun = keep(telling.begun, (id) => ids.has(id));
  telling.silences = telling.silences.filter(({ until }) => !isOver(until, now));
  telling.owed = telling.owed.filter(({ channel }) => Object.hasOwn(channels, channel));
  telling.over = telling.over.filter(({ at }) => now - at < coolDown * 1000);
  // A clock that was set back by more than the limit's time must not silence a channel until then.
  const counts = (/** @type {number} */ at) => limit && Math.abs(now - at) < limit.seconds * 1000;
  telling.sent = keep(
    Object.fromEntries(
      Object.entries(telling.sent).map(([channel, times]) => [channel, times.filter(counts)]),
    ),
    (_, times) => times.length > 0,
  );
}

/**
 * Notes which incidents can be said from now on.
 * @param {Telling} telling is changed
 * @param {Incident[]} open
 * @param {import("./whom.js").Routes} routes
 * @param {number} now
 * @param {Config} config
 */
function begin(telling, open, routes, now, config) {
  for (const incident of open) {
    const { id, rated } = incident;
    if (begunOf(incident, telling.begun) === null && begins(incident, routes, now, config))
      telling.begun[id] = { rated, at: now };
  }
}

/**
 * @param {Telling} telling
 * @returns {Wish[]}
 */
function owed(telling) {
  return telling.owed.map(({ count, ...one }) => ({ ...one, kind: "recovered", count: count + 1 }));
}

/**
 * What channels lack that are, or were, to be told of open incidents.
 * @param {Telling} telling
 * @param {Incident[]} open
 * @param {import("./whom.js").Routes} routes
 * @param {number} now
 * @param {Config} config
 * @returns {Wish[]}
 */
function missing(telling, open, routes, now, config) {
  return open.flatMap((incident) => {
    const told = own(telling.told, incident.id) ?? {};
    const begun = begunOf(incident, telling.begun);
    const route = named(incident, routes, begun, now, config);
    const channels = new Set([...Object.keys(told), ...route.keys()]);
    const acknowledged = acknowledgement(telling, incident, now, config);
    const isSilenced = silenceOf(telling, incident, now, config) !== null;
    return [...channels].sort().flatMap((channel) => {
      if (!Object.hasOwn(config.channels, channel)) return [];
      const before = own(told, channel);
      const isOpen = route.get(channel);
      const isKept = acknowledged !== null || isSilenced;
      const isNew = isOpen && !isKept && !isCooling(telling, incident, channel, now, config);
      const kind =
        before === undefined
          ? isNew
            ? "opened"
            : null
          : news(before, { incident, acknowledged, isSilenced }, { channel, isOpen }, now, config);
      return kind === null
        ? []
        : [{ kind, incident, at: now, channel, count: (before?.count ?? 0) + 1 }];
    });
  });
}

/**
 * What is new for a channel that has been told. That it is worse is said at any hour, and so is all else to a channel that
 * no step names now; who is named hears the rest in the step's hours, and whoever is not is reminded of nothing. Nobody is
 * woken by a text message because somebody else has taken it up.
 * @param {Told} told
 * @param {{
 *   incident: Incident, acknowledged: import("./answers.js").Acknowledgement | null, isSilenced: boolean,
 * }} trouble
 * @param {{ channel: string, isOpen: boolean | undefined }} whom
 * @param {number} now
 * @param {Config} config
 * @returns {Kind | null}
 */
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
  return isOpen && repeat && now - told.at >= repeat * 1000 ? "reminded" : null;
}

/**
 * Whether a channel heard of the same a moment ago, and no less bad, so that it need not hear of it again yet.
 * @param {Telling} telling
 * @param {Incident} incident
 * @param {string} channel
 * @param {number} now
 * @param {Config} config
 */
function isCooling({ over }, incident, channel, now, config) {
  const rank = rankOf(incident.severity, config);
  return over.some(
    (one) =>
      one.about === about(incident) &&
      one.channels.includes(channel) &&
      one.at <= incident.opened &&
      now - one.at < config.telling.coolDown * 1000 &&
      rank >= rankOf(one.severity, config),
  );
}

/**
 * Where a limit leaves no room for all: news before reminders, then the worst first, then the oldest.
 * @param {Wish[]} wishes
 * @param {Config} config
 */
function inOrder(wishes, config) {
  const isReminder = (/** @type {Wish} */ { kind }) => Number(kind === "reminded");
  return wishes.sort(
    (a, b) =>
      isReminder(a) - isReminder(b) ||
      rankOf(a.incident.severity, config) - rankOf(b.incident.severity, config) ||
      a.incident.opened - b.incident.opened,
  );
}

/**
 * @param {Telling} telling
 * @param {string} channel
 * @param {Config} config
 */
function hasRoom({ sent }, channel, { telling: { limit } }) {
  return !limit || (own(sent, channel)?.length ?? 0) < limit.count;
}

/**
 * @param {Telling} telling is changed
 * @param {Wish} wish
 * @param {number} now
 * @param {Config} config
 * @returns {Said}
 */
function say(telling, wish, now, config) {
  const { kind, incident, channel, count } = wish;
  const { id, severity, cause } = incident;
  if (kind === "recovered") {
    const isOther = (/** @type {Owed} */ one) => one.incident.id !== id || one.channel !== channel;
    telling.owed = telling.owed.filter(isOther);
  } else {
    const told = own(telling.told, id) ?? {};
    const answer = kind === "acknowledged" ? own(telling.acknowledged, id)?.at : own(told, channel)?.answer;
    telling.told[id] = { ...told, [channel]: { at: now, severity, cause, count, answer: answer ?? null } };
  }
  if (config.telling.limit)
    telling.sent[channel] = [...(own(telling.sent, channel) ?? []), now];
  return { ...wish, id: `${id}.${count}.${kind}.${channel}` };
}

/**
 * The state that an older version left, which did not know all that is noted now.
 * @param {State} state
 * @returns {State}
 */
export function takenOver(state) {
  const { incidents, telling } = state.telling === undefined ? ofTheFirst(state) : state;
  const begun = Object.fromEntries(incidents.map(({ id, rated }) => [id, { rated, at: rated }]));
  return { ...state, incidents, telling: { ...untold(), begun, ...telling } };
}

/**
 * In the first version an incident itself knew which channels are told of all that it becomes.
 * @param {State} state
 */
function ofTheFirst(state) {
  const older = /** @type {(Incident & { told: string[], round: number })[]} */ (state.incidents);
  const told = older.map(({ id, told, round, severity, cause }) => [
    id,
    Object.fromEntries(
      told.map((channel) => [channel, { at: state.tick, severity, cause, count: round, answer: null }]),
    ),
  ]);
  return {
    incidents: older.map(({ told, round, ...one }) => ({ ...one, rated: one.opened, rules: [] })),
    telling: { told: Object.fromEntries(told) },
  };
}

/**
 * A name may be one that every object has.
 * @template T
 * @param {Record<string, T>} table
 * @param {string} name
 * @returns {T | undefined}
 */
function own(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * @template T
 * @param {Record<string, T>} table
 * @param {(name: string, value: T) => boolean} is
 * @returns {Record<string, T>}
 */
function keep(table, is) {
  return Object.fromEntries(Object.entries(table).filter(([name, value]) => is(name, value)));
}
