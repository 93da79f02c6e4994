// Whom the routes of an incident name at a moment. Pure; belfry/routes makes the routes, and Alertmanager follows the same.
import { isIn, onCall } from "./times.js";

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./config.js").Step} Step
 * @typedef {import("./incidents.js").Incident} Incident
 * @typedef {Map<string, Step[]>} Routes of every rule
 */

/**
 * @param {Config} config
 * @returns {Routes}
 */
export function routesOf({ rules, routes }) {
  return new Map(rules.map(({ id, route }) => [id, routes[route]?.steps ?? []]));
}

/**
 * The channels whose step has come, and whether the hours let it be said to them now. Of a channel's steps one is enough.
 * @param {Incident} incident
 * @param {Routes} routes
 * @param {number | null} begun when it could first be said; null: not yet
 * @param {number} now
 * @param {Config} config
 * @returns {Map<string, boolean>}
 */
export function named(incident, routes, begun, now, config) {
  /** @type {Map<string, boolean>} */
  const found = new Map();
  for (const { step, due } of stepsOf(incident, routes, begun, config)) {
    if (due > now || isDropped(step, incident, config)) continue;
    const isOpen = isSaid(step, now, config);
    for (const channel of channelsOf(step, now, config))
      found.set(channel, isOpen || (found.get(channel) ?? false));
  }
  return found;
}

/**
 * When the next step of an incident comes after a moment; null when none does.
 * @param {Incident[]} incidents
 * @param {Record<string, { rated: number, at: number }>} begun by incident
 * @param {Config} config
 * @param {number} moment
 */
export function nextStep(incidents, begun, config, moment) {
  if (config.paging !== "worker" || incidents.length === 0) return null;
  const routes = routesOf(config);
  let next = Infinity;
  for (const incident of incidents) {
    for (const { due } of stepsOf(incident, routes, begunOf(incident, begun), config)) {
      if (due > moment && due < next) next = due;
    }
  }
  return next === Infinity ? null : next;
}

/**
 * Whether one of an incident's first steps has come, and the hours let it be said.
 * @param {Incident} incident
 * @param {Routes} routes
 * @param {number} now
 * @param {Config} config
 */
export function begins(incident, routes, now, config) {
  return stepsOf(incident, routes, null, config).some(
    ({ step, due, isFirst }) => isFirst && due <= now && isSaid(step, now, config),
  );
}

/**
 * When an incident could first be said with the severity that it has; null: not yet.
 * @param {Incident} incident
 * @param {Record<string, { rated: number, at: number }>} begun
 */
export function begunOf({ id, rated }, begun) {
  const found = Object.hasOwn(begun, id) ? begun[id] : undefined;
  return found?.rated === rated ? found.at : null;
}

/**
 * The steps of an incident, and when they come, since it got its severity. What is held back then, or was when the first came,
 * counts from when the first could be told: when hours begin, or a maintenance ends, not all are told at once that those
 * before them have not answered.
 * @param {Incident} incident
 * @param {Routes} routes
 * @param {number | null} begun
 * @param {Config} config
 */
function stepsOf({ rules, rated }, routes, begun, config) {
  const steps = [...new Set(rules.flatMap((rule) => routes.get(rule) ?? []))];
  const first = Math.min(...steps.map(({ after }) => after));
  return steps.map((step) => {
    const due = rated + step.after * 1000;
    const moments = [rated + first * 1000, due];
    const isHeld = begun !== null && moments.some((moment) => !isSaid(step, moment, config));
    const since = isHeld ? Math.max(due, begun + (step.after - first) * 1000) : due;
    return { step, due: since, isFirst: step.after === first };
  });
}

/**
 * Whether a step came due in a maintenance that drops what comes.
 * @param {Step} step
 * @param {Incident} incident
 * @param {Config} config
 */
function isDropped({ after, mute }, { rated }, { times }) {
  const dropping = mute.filter((name) => times[name]?.drop);
  return dropping.length > 0 && isIn(dropping, times, rated + after * 1000);
}

/**
 * @param {Step} step
 * @param {number} now
 * @param {Config} config
 */
function isSaid({ active, mute }, now, { times }) {
  return (active.length === 0 || isIn(active, times, now)) && !isIn(mute, times, now);
}

/**
 * @param {Step} step
 * @param {number} now
 * @param {Config} config
 */
function channelsOf({ to, onCall: rotations }, now, config) {
  const turns = rotations.flatMap((name) => {
    const rotation = config.rotations[name];
    return rotation === undefined ? [] : onCall(rotation, now);
  });
  return [...to, ...turns];
}
