// The inbox, newest first, of all channels or of one.
import { call, doing } from "./api.js";
import { ago, make, show } from "./dom.js";
import { rendered } from "./messages.js";

let channel = null;
let known = [];

function card(message) {
  return make(
    "li.card",
    {},
    make(
      "div.row.spread",
      {},
      make(
        "h3",
        {},
        message.channel,
        message.transport !== message.channel && make("span.quiet", {}, ` ${message.transport}`),
      ),
      make("span.quiet", {}, ago(message.at)),
    ),
    make(
      "p.row",
      {},
      message.kind !== null && make(`span.tag.${message.kind.replace(/[^a-z]/g, "")}`, {}, message.kind),
      message.incident !== null && make("span.tag", {}, message.incident),
      message.deliveries > 1 && make("span.tag", {}, `delivered ${message.deliveries} times`),
    ),
    rendered(message),
  );
}

function filter(name, title) {
  return make(
    "button",
    {
      type: "button",
      "data-key": `only ${title}`,
      "aria-pressed": String(channel === name),
      onclick: () => {
        channel = name;
        draw();
      },
    },
    title,
  );
}

function draw() {
  const channels = [...new Set(known.map((message) => message.channel))].sort();
  if (channel !== null && !channels.includes(channel)) channel = null;
  if (known.length === 0) {
    show("inbox", [make("p.quiet", {}, "Empty. Break a service, and within two minutes somebody is told.")]);
    return;
  }
  const empty = ({ currentTarget }) => doing(currentTarget, () => call("DELETE", "/inbox"));
  show("inbox", [
    make(
      "div.tools",
      { role: "group", "aria-label": "Channels" },
      filter(null, `All (${known.length})`),
      ...channels.map((name) => filter(name, name)),
      make("button", { type: "button", "data-key": "empty", onclick: empty }, "Empty the inbox"),
    ),
    make("ul.cards", {}, ...known.filter((one) => channel === null || one.channel === channel).toReversed().map(card)),
  ]);
}

/** @param {object[]} messages */
export function showInbox(messages) {
  known = messages;
  draw();
}
