// The groups of the plan: which run, which have to, and where a Worker or a shelf is.

import { Group } from "./group.mjs";
import { Answer, within } from "./patience.mjs";
import { follow } from "./tail.mjs";

const START = 20_000;

export const groups = new Map();
/** Shelves that no Worker is bound to and the API was asked for. */
const loose = new Map();
let applied = Promise.resolve();

function apply({ groups: wanted, storages }) {
  const bound = new Set(wanted.flatMap(({ shelves }) => shelves.map(({ id }) => id)));
  for (const id of loose.keys()) if (bound.has(id) || !storages.includes(id)) loose.delete(id);
  const specs = [...wanted];
  if (loose.size > 0) specs.push({ key: "", workers: [], shelves: [...loose.values()] });
  const digests = new Map(specs.map((spec) => [spec.key, JSON.stringify(spec)]));
  const leaving = [...groups].filter(([key, group]) => digests.get(key) !== group.digest);
  const left = Promise.all(leaving.map(([key, group]) => (groups.delete(key), group.end())));
  applied = Promise.all([applied, left]).then(() => {});
  for (const spec of specs) {
    if (groups.has(spec.key)) continue;
    const group = new Group(spec, applied);
    group.digest = digests.get(spec.key);
    groups.set(spec.key, group);
  }
  return Promise.allSettled([...groups.values()].map((group) => group.ready));
}

let present = { groups: [], storages: [] };
let begun;
/** Resolves when there is a first plan: until then nothing is known to be missing. */
const planned = new Promise((resolve) => {
  begun = resolve;
});

/**
 * Run what a plan says.
 * @param {{ groups: object[], storages: string[], followed: object }} plan the groups, the ids of all shelves that
 *   exist, and whose invocations somebody follows
 * @returns {Promise<Record<string, string | null>>} the address of each Worker, and why it cannot start
 */
export async function setPlan(plan) {
  present = plan;
  follow(plan.followed);
  const done = apply(plan);
  begun();
  await done;
  const workers = {};
  for (const { spec, problems } of groups.values()) {
    for (const { address, name } of spec.workers) workers[address] = problems.get(name) ?? null;
  }
  return workers;
}

function found(address) {
  for (const group of groups.values()) {
    const worker = group.spec.workers.find((one) => one.address === address);
    if (worker !== undefined) return { group, name: worker.name };
  }
  throw new Answer(503, "The Worker is not in the plan yet.");
}

/** The group that holds a shelf; one is started for it if there is none. */
export async function groupOfShelf(kind, id) {
  const holds = ({ spec }) => spec.shelves.some((shelf) => shelf.kind === kind && shelf.id === id);
  await within(START, planned).catch(() => {});
  let group = [...groups.values()].find(holds);
  if (group === undefined) {
    loose.set(id, { kind, id });
    await apply(present);
    group = [...groups.values()].find(holds);
  }
  await group.ready;
  return group;
}

/** The group in which the Worker of an address runs, and the name that it has there. */
export async function running(address) {
  await within(START, planned).catch(() => {});
  const { group, name } = found(address);
  await group.ready.catch((problem) => {
    throw new Answer(503, `workerd does not start: ${problem.message}`);
  });
  const problem = group.problems.get(name);
  if (problem !== undefined) throw new Answer(503, `The Worker cannot start: ${problem}`);
  return { group, name };
}
