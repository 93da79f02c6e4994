// Rules that another backend judges: what it said last of each, and what that means at a tick. Pure.
//
// A vote is believed by the times that it names, not by when it arrives: backends repeat what they say, say it late, and say
// it in any order. What began before the last known end is over; an end before the last known beginning is an old one.

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./config.js").Rule} Rule
 * @typedef {import("./incidents.js").RuleState} RuleState
 * @typedef {import("./votes.js").Opinion} Opinion
 * @typedef {{
 *   isFiring: boolean, since: number, began: number, ended: number, heard: number, lasts: boolean, seen: string | null,
 * }} Heard `since`: the first beginning that was told since the last end, `began`: the last one
 * @typedef {Record<string, Record<string, Heard>>} Told by rule and series
 */

/** Series of one rule that are remembered: a queue or a disk each. */
const SERIES = 100;
/** Milliseconds that an event lasts whose end Cloudflare never tells. */
export const EVENT_LASTS = 3_600_000;
/** After so many milliseconds without a word, what fires is said to be unconfirmed: three repeats of a vote (5 min). */
const UNCONFIRMED = 900_000;

/**
 * Takes over what votes say of rules that are told.
 * @param {Told} told is changed
 * @param {Opinion[]} opinions
 * @param {number} now
 * @param {Config} config
 */
export function hear(told, opinions, now, config) {
  if (opinions.length === 0) return;
  const rules = toldOf(config);
  for (const opinion of opinions) {
    for (const rule of meant(opinion, rules, config)) {
      const series = (told[rule.id] ??= {});
      const known = believe(series[opinion.series], opinion, now);
      if (series[opinion.series] !== undefined || isRoom(series)) series[opinion.series] = known;
    }
  }
}

/**
 * @param {Opinion} opinion
 * @param {Map<string, Rule>} rules
 * @param {Config} config
 * @returns {Rule[]}
 */
function meant(opinion, rules, config) {
  const { platform, environment, rule: id, event } = opinion;
  if ((platform ?? config.platform) !== config.platform) return [];
  if ((environment ?? config.environment) !== config.environment) return [];
  if (id !== null) return [rules.get(id) ?? []].flat();
  return [...rules.values()].filter(
    ({ condition }) => condition.is === "told" && condition.event === event,
  );
}

/**
 * @param {Heard | undefined} before
 * @param {Opinion} opinion
 * @param {number} now no time is later, so that a clock that runs ahead cannot end what has not begun
 * @returns {Heard}
 */
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
      ...{ heard: now, lasts, seen },
    };
  }
  const end = Math.min(ended ?? now, now);
  const isOld = known.isFiring && end < known.began;
  return {
    ...known,
    isFiring: isOld,
    ended: Math.max(known.ended, isOld ? 0 : end),
    heard: isOld ? known.heard : now,
  };
}

/**
 * Makes room for another series by forgetting the one that has been over for longest; what fires is not forgotten.
 * @param {Record<string, Heard>} series is changed
 */
function isRoom(series) {
  const names = Object.keys(series);
  if (names.length < SERIES) return true;
  const over = Object.entries(series).filter(([, { isFiring }]) => !isFiring);
  const [first] = over.sort(([, a], [, b]) => a.heard - b.heard);
  if (first === undefined) return false;
  delete series[first[0]];
  return true;
}

/**
 * How the told rules stand that are not quiet.
 * @param {Told} told
 * @param {Config} config
 * @param {number} tick
 * @returns {RuleState[]}
 */
export function standings(told, config, tick) {
  const rules = toldOf(config);
  return Object.entries(told).flatMap(([id, series]) => {
    const rule = rules.get(id);
    const firing = Object.entries(series).filter(
      ([, { isFiring, lasts, heard }]) => isFiring && (lasts || tick - heard < EVENT_LASTS),
    );
    if (rule === undefined || firing.length === 0) return [];
    const [name, last] = /** @type {[string, Heard]} */ (
      firing.reduce((a, b) => (b[1].heard > a[1].heard ? b : a))
    );
    const began = Math.min(...firing.map(([, { since }]) => since));
    const held = Math.min(began - rule.for * 1000, tick);
    return [
      {
        ...{ rule: id, service: rule.service, state: "firing", since: held, held, evidence: true },
        detail: detailOf(name, last, tick),
        known: Math.min(last.heard, tick),
      },
    ];
  });
}

/**
 * @param {string} name of the series
 * @param {Heard} last
 * @param {number} tick
 */
function detailOf(name, { heard, seen }, tick) {
  const source = name.slice(0, name.indexOf(" "));
  if (tick - heard < UNCONFIRMED) return seen;
  const since = new Date(heard).toISOString().slice(0, 16).replace("T", " ");
  const silence = `${source} has not said so again since ${since} UTC`;
  return seen === null ? silence : `${seen}; ${silence}`;
}

/**
 * @param {Config} config
 * @returns {Map<string, Rule>}
 */
export function toldOf(config) {
  return new Map(
    config.rules.flatMap((rule) => (rule.condition.is === "told" ? [[rule.id, rule]] : [])),
  );
}
