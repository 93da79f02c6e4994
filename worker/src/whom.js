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
 * @param {number} now
 * @param {Config} config
 * @returns {Map<string, boolean>}
 */
export function named(incident, routes, now, config) {
  /** @type {Map<string, boolean>} */
  const found = new Map();
  for (const step of stepsOf(incident, routes)) {
    const due = dueAt(step, incident);
    if (due > now || isDropped(step, due, config)) continue;
    const isOpen = isSaid(step, now, config);
    for (const channel of channelsOf(step, now, config))
      found.set(channel, isOpen || (found.get(channel) ?? false));
  }
  return found;
}

/**
 * When the next step of an incident comes after a moment; null when none does.
 * @param {Incident[]} incidents
 * @param {Config} config
 * @param {number} moment
 */
export function nextStep(incidents, config, moment) {
  if (config.paging !== "worker" || incidents.length === 0) return null;
  const routes = routesOf(config);
  let next = Infinity;
  for (const incident of incidents) {
    for (const step of stepsOf(incident, routes)) {
      const due = dueAt(step, incident);
      if (due > moment && due < next) next = due;
    }
  }
  return next === Infinity ? null : next;
}

/**
 * @param {Incident} incident
 * @param {Routes} routes
 */
function stepsOf({ rules }, routes) {
  return new Set(rules.flatMap((rule) => routes.get(rule) ?? []));
}

/**
 * @param {Step} step
 * @param {Incident} incident
 */
function dueAt({ after }, { rated }) {
  return rated + after * 1000;
}

/**
 * Whether a step came due in a maintenance that drops what comes.
 * @param {Step} step
 * @param {number} due
 * @param {Config} config
 */
function isDropped({ mute }, due, { times }) {
  const dropping = mute.filter((name) => times[name]?.drop);
  return dropping.length > 0 && isIn(dropping, times, due);
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
