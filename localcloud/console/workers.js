// Uploaded Workers: do they run, when do their crons, what came of the last ones, what did they say.
import { doing } from "./api.js";
import { make } from "./dom.js";
import { ask, change } from "./live.js";
import { ago, lasted } from "./moments.js";
import { button, clipped, filterBox, fold, foreign, matches, note, paged, table, wanted } from "./parts.js";
import { path } from "./routes.js";

const RUNS_SHOWN = 5;

/** @param {boolean} paused */
function clockSwitch(paused) {
  return button(
    "clock",
    paused ? "Crons are paused: start the clock" : "Pause all crons",
    ({ currentTarget }) => doing(currentTarget, () => change("POST", "/crons", { paused: !paused })),
    { "aria-pressed": String(paused) },
  );
}

/** @param {any} worker */
function crons({ account, script, crons: expressions, next }) {
  if (expressions.length === 0) return make("p.quiet", {}, "No crons.");
  return make(
    "ul.crons",
    {},
    ...expressions.map((/** @type {string} */ cron) =>
      make(
        "li.row",
        { "data-key": `cron ${cron}` },
        make("code", {}, cron),
        button(
          "run",
          "Run now",
          ({ currentTarget }) => doing(currentTarget, () => change("POST", "/tick", { script: `${account}/${script}`, cron })),
          { "aria-label": `Run now: ${cron} of ${script}` },
        ),
      ),
    ),
    make("li.quiet", {}, next === null ? "No next run: crons are paused." : "next run ", next !== null && ago(next)),
  );
}

/** @param {any} run */
const outcome = (run) => (run.ok ? make("span.good", {}, "done") : make("span.bad", {}, foreign(run.error ?? "failed")));

/**
 * @param {string} script
 * @param {string} address
 * @param {any[]} all
 */
function runs(script, address, all) {
  /** @param {any[]} some */
  const shown = (some) =>
    table(
      `Runs of ${script}`,
      ["Cron", "When", "Outcome", "Took"],
      some.map((run) => [make("code", {}, run.cron), ago(run.recorded ?? run.at), outcome(run), lasted(run.ms)]),
      (index) => `${some[index].recorded} ${some[index].cron}`,
    );
  if (all.length === 0) return [];
  return [
    shown(all.slice(0, RUNS_SHOWN)),
    all.length > RUNS_SHOWN &&
      fold(`${address} runs`, `Earlier runs (${all.length - RUNS_SHOWN})`, () => [shown(all.slice(RUNS_SHOWN))]),
  ];
}

/**
 * @param {string} script
 * @param {any[]} lines
 */
function log(script, lines) {
  return make(
    "pre.log",
    { tabindex: "0", role: "group", "aria-label": `Log of ${script}` },
    ...lines.toReversed().map((line, index) =>
      make(
        `span.${/^(error|uncaught|problem)$/.test(line.level) ? "bad" : line.level === "warn" ? "slow" : "line"}`,
        { "data-key": `${line.at} ${lines.length - index}` },
        make("span.quiet", {}, `${String(line.at).slice(11, 23)} `),
        `${clipped(`${line.level} ${line.on}: ${line.text}${line.stack ? `\n${line.stack}` : ""}`, 4_000)}\n`,
      ),
    ),
  );
}

/**
 * @param {string} key
 * @param {string} title
 * @param {any[]} list
 * @param {(one: any) => import("./dom.js").Child[]} item
 */
function listed(key, title, list, item) {
  if (!(list?.length > 0)) return null;
  return fold(key, `${title} (${list.length})`, () => [make("ul.plain", {}, ...list.toReversed().map((one) => make("li", {}, ...item(one))))]);
}

/**
 * @param {any} worker
 * @param {boolean} twin whether another account has one of that name
 */
function card(worker, twin) {
  const { account, script, running, problem, log: lines, restarts, limits } = worker;
  const address = `${account}/${script}`;
  return make(
    `li.card.is-${running ? "good" : "bad"}`,
    { "data-key": `worker ${address}`, "data-card": true, tabindex: "-1" },
    make(
      "div.row.spread",
      {},
      make("h2", {}, make("a", { href: `/workers${path(account, script)}/`, target: "_blank", rel: "noopener" }, foreign(script))),
      running ? make("span.state.good", {}, "running") : make("span.state.bad", {}, "not running"),
    ),
    make(
      "p.row.quiet",
      {},
      twin && make("span", {}, "account ", make("code", {}, foreign(account))),
      make("span", {}, "uploaded ", ago(worker.changed)),
      worker.migration_tag && make("span", {}, "migration ", foreign(worker.migration_tag)),
    ),
    problem !== null && make("pre.bad", {}, clipped(problem)),
    crons(worker),
    ...runs(script, address, worker.runs),
    lines.length > 0 && fold(`${address} log`, `Log lines (${lines.length}), newest first`, () => [log(script, lines)]),
    listed(`${address} limits`, "Limits exceeded", limits, ({ at, limit, figure, allowed, on, text }) => [
      ago(at),
      ": ",
      make("strong", {}, foreign(limit)),
      ` ${figure} of ${allowed} `,
      make("span.quiet", {}, foreign(on)),
      " ",
      foreign(text),
    ]),
    listed(`${address} restarts`, "Restarts", restarts, ({ at, reason }) => [ago(at), ": ", foreign(reason)]),
  );
}

/** @param {string[]} names @returns {Set<string>} those that are there more than once */
const doubled = (names) => new Set(names.filter((name, index) => names.indexOf(name) !== index));

/** @type {import("./main.js").View} */
export const workersView = {
  title: "Workers",
  path: "/workers",
  count: (workers) => workers.length,
  alarm: (workers) => workers.some((/** @type {any} */ one) => !one.running),
  draw() {
    const { value, there } = ask("/workers");
    const crons = ask("/crons");
    if (!there) return [note("One moment …")];
    if (value === null || value.length === 0) return [note("None is uploaded.")];
    const found = value.filter((/** @type {any} */ one) => matches(wanted("workers"), one.script, ...one.crons));
    const { page, pager } = paged("workers", found, 20);
    const twins = doubled(value.map((/** @type {any} */ one) => one.script));
    return [
      make("div.tools", {}, filterBox("workers", "Filter Workers"), clockSwitch(crons.value?.paused === true)),
      found.length === 0 ? note("No Worker is like that.") : make("ul.cards.wide", {}, ...page.map((one) => card(one, twins.has(one.script)))),
      pager,
    ];
  },
};
