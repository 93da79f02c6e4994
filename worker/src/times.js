// Hours, maintenance and whose turn it is, on the clocks of a zone. Pure; belfry/routes says it alike.

/**
 * @typedef {{
 *   zone: string, times?: [string, string][] | null, weekdays?: string[] | null, days?: string[] | null,
 *   months?: string[] | null, years?: string[] | null,
 * }} Interval all that it says must hold; `times` from and to, `days`, `months` and `years` as numbers or `<from>:<to>`
 * @typedef {{ drop: boolean, intervals: Interval[] }} Times `drop`: what comes due in it is never said
 * @typedef {{ members: string[][], every: number, since: string, handover: string, zone: string }} Rotation the channels of
 *   each member, in turn; `every`: days
 * @typedef {{ year: number, month: number, day: number, weekday: number, time: string }} Clock `weekday`: 0 is Monday
 */

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
];
const DAY = 86_400_000;

/** Minutes of a zone that are remembered: now, and when the steps of what is open came due. */
const REMEMBERED = 100;

/**
 * Of each zone its formatter, which is dear to make and to ask, and what it said.
 * @type {Map<string, { format: Intl.DateTimeFormat, said: Map<number, Clock> }>}
 */
const zones = new Map();

/**
 * What the clocks of a zone show.
 * @param {string} zone
 * @param {number} at
 * @returns {Clock}
 * @throws {RangeError} when there is no such zone
 */
export function clockIn(zone, at) {
  const { format, said } = zones.get(zone) ?? { format: formatter(zone), said: new Map() };
  zones.set(zone, { format, said });
  const minute = Math.floor(at / 60_000);
  const clock = said.get(minute) ?? read(format, at);
  if (said.size >= REMEMBERED) said.clear();
  said.set(minute, clock);
  return clock;
}

/** @param {string} zone */
function formatter(zone) {
  return new Intl.DateTimeFormat("en-US-u-ca-gregory-nu-latn", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
}

/**
 * @param {Intl.DateTimeFormat} format
 * @param {number} at
 * @returns {Clock}
 */
function read(format, at) {
  const parts = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  );
  const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)];
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return { year, month, day, weekday, time: `${parts.hour}:${parts.minute}` };
}

/**
 * Whether a moment is in an interval.
 * @param {Interval} interval
 * @param {number} at
 */
export function holds({ zone, times, weekdays, days, months, years }, at) {
  const there = clockIn(zone, at);
  const isHour = (/** @type {[string, string]} */ [start, end]) =>
    start <= there.time && there.time < end;
  return (
    (!times?.length || times.some(isHour)) &&
    (!weekdays?.length || weekdays.includes(WEEKDAYS[there.weekday] ?? "")) &&
    isAmong(days, there.day) &&
    isAmong(months, there.month) &&
    isAmong(years, there.year)
  );
}

/**
 * @param {string[] | null | undefined} spans
 * @param {number} number
 */
function isAmong(spans, number) {
  if (!spans?.length) return true;
  return spans.some((span) => {
    const [first, last = first] = span.split(":");
    return Number(first) <= number && number <= Number(last);
  });
}

/**
 * Whether a moment is in one of some times.
 * @param {string[]} names
 * @param {Record<string, Times>} times
 * @param {number} at
 */
export function isIn(names, times, at) {
  return names.some((name) => times[name]?.intervals.some((interval) => holds(interval, at)));
}

/**
 * The channels of whose turn it is. Before the first turn it is the first one's already.
 * @param {Rotation} rotation
 * @param {number} at
 * @returns {string[]}
 */
export function onCall({ members, every, since, handover, zone }, at) {
  const there = clockIn(zone, at);
  const today = Date.UTC(there.year, there.month - 1, there.day);
  const days = Math.round((today - Date.parse(since)) / DAY) - (there.time < handover ? 1 : 0);
  const turn = Math.floor(Math.max(days, 0) / every);
  return members[turn % members.length] ?? [];
}
