// Stand-in services, each with its three positions.
import { call, doing } from "./api.js";
import { make, show } from "./dom.js";

const SLOW_SECONDS = 5;
const POSITIONS = [
  ["Works", { state: "working" }],
  [`Slow (${SLOW_SECONDS} s)`, { state: "slow", delay: SLOW_SECONDS }],
  ["Broken", { state: "broken" }],
];

/** What is the matter with a service: class and words. */
function condition({ state, health, cause, service, delay }) {
  if (state === "broken") return ["bad", "broken"];
  if (health === "unhealthy") return ["bad", `fails with ${cause.filter((one) => one !== service).join(", ")}`];
  if (state === "slow") return ["slow", `answers after ${delay} s`];
  return ["good", "works"];
}

function card(service) {
  const [kind, words] = condition(service);
  const name = service.service;
  return make(
    `li.card.is-${kind}`,
    {},
    make("div.row.spread", {}, make("h3", {}, name), make(`span.state.${kind}`, {}, words)),
    service.needs.length > 0 && make("p.quiet", {}, `needs ${service.needs.join(", ")}`),
    make(
      "div.switch",
      { role: "group", "aria-label": `State of ${name}` },
      ...POSITIONS.map(([title, wanted]) =>
        make(
          "button",
          {
            type: "button",
            "data-key": `${name} ${wanted.state}`,
            "aria-pressed": String(service.state === wanted.state),
            onclick: ({ currentTarget }) =>
              doing(currentTarget, () => call("POST", `/services/${encodeURIComponent(name)}`, wanted)),
          },
          title,
        ),
      ),
    ),
  );
}

/** @param {object[]} services */
export function showServices(services) {
  if (services.length === 0) {
    show("services", [make("p.quiet", {}, "None. They come with a stack whose environment has stand-ins.")]);
    return;
  }
  show("services", [make("ul.cards.services", {}, ...services.map(card))]);
}
