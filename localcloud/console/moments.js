// Points in time for people.
import { make } from "./dom.js";

/** @type {[number, string, number][]} */
const STEPS = [
  [60, "s", 1],
  [3_600, "min", 60],
  [86_400, "h", 3_600],
  [Infinity, "d", 86_400],
];

/**
 * How long ago or how soon, and exactly in its title.
 * @param {string | number} when ISO 8601, or milliseconds since 1970
 */
export function ago(when) {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return make("span", {}, String(when));
  return make("time", { datetime: date.toISOString(), title: date.toLocaleString() }, distance(date.getTime()));
}

/** @param {number} at */
function distance(at) {
  const seconds = Math.round((Date.now() - at) / 1000);
  if (Math.abs(seconds) < 1) return "now";
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit) ?? STEPS[0] ?? [0, "s", 1];
  const amount = `${Math.floor(Math.abs(seconds) / size)} ${unit}`;
  return seconds < 0 ? `in ${amount}` : `${amount} ago`;
}

/** Bring what `ago` says up to date. */
export function age() {
  for (const element of document.querySelectorAll("time")) {
    const text = distance(Date.parse(element.dateTime));
    if (element.textContent !== text) element.textContent = text;
  }
}

/**
 * The time of day.
 * @param {string | number | Date} when
 */
export function clock(when) {
  return new Date(when).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

/**
 * A duration in the unit that suits it.
 * @param {number} ms
 */
export const lasted = (ms) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);
