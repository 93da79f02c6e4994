// What localcloud tells, kept as long as somebody shows it and asked for again when something changes.
import { Refusal, called, settle } from "./api.js";

/**
 * @typedef {{ value: any, problem: string | null, status: number, there: boolean }} Told `there` once it was answered;
 *   `problem` with the status of a refusal (0: no answer)
 * @typedef {Told & { path: string, text: string | null, pace: number, fetched: number, drawn: number, busy: boolean,
 *   stale: boolean, timer: number | undefined }} Held
 */

/** Milliseconds between two tries when localcloud is gone. */
const RETRY = 2_000;
/** Bursts of changes are drawn together. */
const PAUSE = 120;

/** @type {Map<string, Held>} */
const held = new Map();
let drawing = 0;
let draw = () => {};

/**
 * What localcloud tells at a path, now or as soon as it is known; the page is then drawn again.
 * @param {string} path below /_local
 * @param {number} [pace] milliseconds that it may be old, for what is heavy and stands at the edge
 * @returns {Told}
 */
export function ask(path, pace = 0) {
  let one = held.get(path);
  if (one === undefined) {
    one = { path, pace, value: null, problem: null, status: 0, there: false, text: null, fetched: -Infinity, drawn: 0, busy: false, stale: false, timer: undefined };
    held.set(path, one);
    void load(one);
  }
  // Somebody looks closer now: what was going to be asked for later is asked for at once.
  if (pace === 0 && one.timer !== undefined) void load(one);
  one.pace = one.drawn === drawing ? Math.min(one.pace, pace) : pace;
  one.drawn = drawing;
  return one;
}

/** Draw, and forget what nobody asked for any more. */
export function redraw() {
  drawing += 1;
  draw();
  for (const one of held.values()) {
    if (one.drawn === drawing) continue;
    clearTimeout(one.timer);
    held.delete(one.path);
  }
}

/**
 * Change something, and show at once what came of it.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
export async function change(method, path, body) {
  const text = await called(method, path, { body });
  await refresh();
  return text === "" ? null : JSON.parse(text);
}

/** @param {Held} one */
async function load(one) {
  if (one.busy) {
    one.stale = true;
    return;
  }
  one.busy = true;
  clearTimeout(one.timer);
  one.timer = undefined;
  const before = `${one.text} ${one.problem}`;
  try {
    const text = await called("GET", one.path);
    if (text !== one.text) one.value = JSON.parse(text);
    Object.assign(one, { text, problem: null, status: 200, there: true });
  } catch (problem) {
    // What was told stays on the page while localcloud is gone; the banner says that it is.
    if (problem instanceof Refusal) Object.assign(one, { text: null, value: null, problem: problem.message, status: problem.status, there: true });
  } finally {
    one.busy = false;
    one.fetched = performance.now();
  }
  if (held.get(one.path) === one && before !== `${one.text} ${one.problem}`) redraw();
  if (one.stale) {
    one.stale = false;
    await load(one);
  }
}

/** Ask again for everything that is shown. */
async function refresh() {
  const now = [];
  for (const one of held.values()) {
    const rest = one.fetched + one.pace - performance.now();
    if (rest <= 0) now.push(load(one));
    else one.timer ??= setTimeout(() => void load(one), rest);
  }
  await Promise.all(now);
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once somebody looks at the page: browsers give one server six connections, whatever the number of pages. */
function looked() {
  return new Promise((resolve) => {
    if (!document.hidden) resolve(undefined);
    else document.addEventListener("visibilitychange", () => resolve(undefined), { once: true });
  });
}

/** A signal that ends a wait when nobody looks any more. */
function whileLooked() {
  const control = new AbortController();
  document.addEventListener("visibilitychange", () => control.abort(), { once: true });
  return control.signal;
}

/**
 * Follow the changes for ever.
 * @param {() => void} drawn draws everything
 * @param {(state: "live" | "lost" | "foreign") => void} said hears how it stands with localcloud
 */
export async function follow(drawn, said) {
  draw = drawn;
  redraw();
  for (let count = 0, gone = false; ; ) {
    await looked();
    try {
      const told = JSON.parse(await called("GET", `/changes?after=${count}`, { signal: whileLooked() }));
      if (told.count !== count) await refresh();
      count = told.count;
      if (gone) settle();
      gone = false;
      said("live");
      await wait(PAUSE);
    } catch (problem) {
      if (document.hidden || (problem instanceof DOMException && problem.name === "AbortError")) continue;
      const foreign = problem instanceof Refusal && problem.status === 403;
      gone = true;
      said(foreign ? "foreign" : "lost");
      count = 0;
      await wait(RETRY);
    }
  }
}
