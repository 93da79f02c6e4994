// Uploaded Workers: do they run, when do their crons, what came of the last ones, what did they say.
import { call, doing } from "./api.js";
import { ago, fold, make, show, table } from "./dom.js";

const RUNS_SHOWN = 8;

function clock(paused) {
  return make(
    "div.tools",
    {},
    make(
      "button",
      {
        type: "button",
        "data-key": "clock",
        "aria-pressed": String(paused),
        onclick: ({ currentTarget }) => doing(currentTarget, () => call("POST", "/crons", { paused: !paused })),
      },
      paused ? "The clock is stopped: start it" : "Stop the clock",
    ),
  );
}

function card(worker) {
  const { script, running, problem, crons, next, runs, log, restarts } = worker;
  return make(
    `li.card.is-${running ? "good" : "bad"}`,
    {},
    make(
      "div.row.spread",
      {},
      make("h3", {}, make("a", { href: `/workers/${script}/`, "data-key": `${script} link` }, script)),
      running ? make("span.state.good", {}, "runs") : make("span.state.bad", {}, "does not run"),
    ),
    problem !== null && make("pre.bad", {}, problem),
    make(
      "p.row.quiet",
      {},
      make("span", {}, "uploaded ", ago(worker.changed)),
      next !== null && make("span", {}, "next run ", ago(next)),
      worker.migration_tag !== null && make("span", {}, `migration ${worker.migration_tag}`),
    ),
    crons.length > 0 &&
      make(
        "p.row",
        {},
        ...crons.map((cron) =>
          make(
            "button",
            {
              type: "button",
              "data-key": `${script} ${cron}`,
              title: "Run it now",
              onclick: ({ currentTarget }) => doing(currentTarget, () => call("POST", "/tick", { script, cron })),
            },
            "Run ",
            make("code", {}, cron),
          ),
        ),
      ),
    runs.length > 0 &&
      table(
        ["Cron", "Time", "Result", "ms"],
        runs.slice(0, RUNS_SHOWN).map((run) => [
          make("code", {}, run.cron),
          ago(run.recorded),
          run.ok ? make("span.good", {}, "done") : make("span.bad", {}, run.error ?? "failed"),
          run.ms,
        ]),
      ),
    log.length > 0 && fold(`${script} log`, `Log (${log.length})`, make("pre", {}, log.map(line).join("\n"))),
    restarts.length > 0 &&
      fold(
        `${script} restarts`,
        `Restarts (${restarts.length})`,
        make("ul", {}, ...restarts.map(({ at, reason }) => make("li", {}, ago(at), `: ${reason}`))),
      ),
  );
}

function line({ at, level, on, text, stack }) {
  return `${at.slice(11, 23)} ${level} ${on}: ${text}${stack ? `\n${stack}` : ""}`;
}

/**
 * @param {object[]} workers
 * @param {{ paused: boolean }} crons
 */
export function showWorkers(workers, { paused }) {
  if (workers.length === 0) {
    show("workers", [make("p.quiet", {}, "None uploaded.")]);
    return;
  }
  show("workers", [clock(paused), make("ul.cards", {}, ...workers.map(card))]);
}
