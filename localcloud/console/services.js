// Stand-in services, each with its switches, and beside them what was said last.
import { doing } from "./api.js";
import { make } from "./dom.js";
import { ask, change } from "./live.js";
import { ago } from "./moments.js";
import { button, filterBox, foreign, matches, note, paged, wanted } from "./parts.js";
import { path, address } from "./routes.js";
import { summary } from "./messages.js";

/** Seconds that a slow service takes, until somebody says otherwise. */
const SLOW = 5;
const LATEST = 6;

/** The states of a service, in the words of localcloud. */
const STATES = ["working", "slow", "broken"];

let seconds = String(SLOW);

/**
 * What is the matter with a service: class and words.
 * @param {any} service
 * @returns {[string, string]}
 */
function condition({ state, health, cause, service, delay }) {
  if (state === "broken") return ["bad", "broken"];
  if (health === "unhealthy") return ["bad", `unhealthy: ${cause.filter((/** @type {string} */ one) => one !== service).join(", ")} is broken`];
  if (state === "slow") return ["slow", `slow: answers after ${delay} s`];
  return ["good", "working"];
}

/**
 * @param {string} service
 * @param {string} state
 */
function set(service, state) {
  return change("POST", `/services${path(service)}`, state === "slow" ? { state, delay: Number(seconds) } : { state });
}

/** @param {any} one */
function card(one) {
  const [kind, words] = condition(one);
  const name = one.service;
  return make(
    `li.card.is-${kind}`,
    { "data-key": `service ${name}`, "data-card": true, tabindex: "-1" },
    make(
      "div.row.spread",
      {},
      make("h2", {}, make("a", { href: `/services${path(name)}`, target: "_blank", rel: "noopener" }, foreign(name))),
      make(`span.state.${kind}`, {}, words),
    ),
    one.needs.length > 0 && make("p.quiet", {}, `needs ${one.needs.join(", ")}`),
    make(
      "div.switch",
      { role: "group", "aria-label": `State of ${name}` },
      ...STATES.map((state) =>
        button(state, state, ({ currentTarget }) => doing(currentTarget, () => set(name, state)), {
          "aria-pressed": String(one.state === state),
        }),
      ),
    ),
  );
}

/** @param {any[]} services */
function tools(services) {
  const others = services.filter(({ state }) => state !== "working");
  return make(
    "div.tools",
    {},
    filterBox("services", "Filter services"),
    make(
      "label.inline",
      {},
      "slow by ",
      make("input", {
        type: "number",
        min: "0.1",
        max: "600",
        step: "any",
        value: seconds,
        oninput: (/** @type {any} */ { currentTarget }) => {
          seconds = currentTarget.value;
        },
      }),
      " s",
    ),
    others.length > 0 &&
      button("mend", `Mend all (${others.length})`, ({ currentTarget }) =>
        doing(currentTarget, () => Promise.all(others.map(({ service }) => set(service, "working")))),
      ),
  );
}

/** The last messages, so that one sees beside the switch what it sets off. */
function latest() {
  const { value } = ask("/inbox");
  return make(
    "section.latest",
    { "aria-labelledby": "latest-title" },
    make("h2", { id: "latest-title" }, "Last messages"),
    value === null || value.length === 0
      ? note("Nobody was told anything yet. Break a service, and within two minutes somebody is.")
      : make(
          "ul.cards",
          {},
          ...value
            .slice(-LATEST)
            .toReversed()
            .map((/** @type {any} */ message) =>
              make(
                "li.card.compact",
                { "data-key": `message ${message.channel} ${message.id}` },
                make(
                  "div.row.spread",
                  {},
                  make("a", { href: address("inbox") }, foreign(message.channel)),
                  make("span.quiet", {}, ago(message.at)),
                ),
                make("p.clip", {}, foreign(summary(message))),
              ),
            ),
        ),
  );
}

/** @type {import("./main.js").View} */
export const servicesView = {
  title: "Stand-in services",
  path: "/services",
  count: (services) => services.length,
  alarm: (services) => services.some((/** @type {any} */ one) => one.health !== "healthy"),
  draw() {
    const { value, there } = ask("/services");
    if (!there) return [note("One moment …")];
    if (value === null || value.length === 0)
      return [note("There are none. They come with a stack whose environment has stand-ins: ", make("code", {}, "make up"), "."), latest()];
    const found = value.filter((/** @type {any} */ one) => matches(wanted("services"), one.service, one.state, one.health));
    const { page, pager } = paged("services", found, 60);
    return [
      tools(value),
      make(
        "div.beside",
        {},
        make(
          "div",
          {},
          found.length === 0 ? note("No service is like that.") : make("ul.cards.grid", {}, ...page.map(card)),
          pager,
        ),
        latest(),
      ),
    ];
  },
};
