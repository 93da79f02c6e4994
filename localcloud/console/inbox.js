// The inbox, newest first, of all channels or of one.
import { doing } from "./api.js";
import { make } from "./dom.js";
import { ask, change, redraw } from "./live.js";
import { rendered, summary } from "./messages.js";
import { ago } from "./moments.js";
import { button, filterBox, foreign, matches, note, paged, wanted } from "./parts.js";

const SHOWN = 20;

/** @type {string | null} */
let channel = null;

/** @param {any} message */
function card(message) {
  const { id, kind, incident, deliveries, transport } = message;
  return make(
    "li.card.message",
    { "data-key": `message ${message.channel} ${id}`, "data-card": true, tabindex: "-1" },
    make(
      "div.row.spread",
      {},
      make("h2", {}, foreign(message.channel), transport !== message.channel && make("span.quiet", {}, " ", foreign(transport))),
      make("span.quiet", {}, ago(message.at)),
    ),
    make(
      "p.row",
      {},
      kind !== null && make(`span.tag.${kind.replace(/[^a-z]/g, "")}`, {}, foreign(kind)),
      incident !== null && make("span.tag", {}, foreign(incident)),
      deliveries > 1 && make("span.tag", {}, `delivered ${deliveries} times`),
    ),
    ...rendered(message),
  );
}

/**
 * @param {string | null} name
 * @param {string} title
 * @param {number} count
 */
function only(name, title, count) {
  const choose = () => {
    channel = name;
    redraw();
  };
  const pressed = { "aria-pressed": String(channel === name) };
  return button(`only ${title}`, make("span", {}, foreign(title), " ", make("span.number", {}, count)), choose, pressed);
}

/** @type {import("./main.js").View} */
export const inboxView = {
  title: "Inbox",
  path: "/inbox",
  count: (messages) => messages.length,
  draw() {
    const { value, there, problem } = ask("/inbox");
    if (!there) return [note("One moment …")];
    if (value === null) return [note(problem)];
    if (value.length === 0) return [note("Empty. Break a service, and within two minutes somebody is told.")];
    /** @type {Map<string, number>} */
    const channels = new Map();
    for (const one of value) channels.set(one.channel, (channels.get(one.channel) ?? 0) + 1);
    if (channel !== null && !channels.has(channel)) channel = null;
    const found = value
      .filter((/** @type {any} */ one) => channel === null || one.channel === channel)
      .filter((/** @type {any} */ one) => matches(wanted("inbox"), one.channel, one.transport, one.kind, one.incident, summary(one)))
      .toReversed();
    const { page, pager } = paged(`inbox ${channel ?? ""}`, found, SHOWN);
    return [
      make(
        "div.tools",
        {},
        filterBox("inbox", "Filter messages"),
        button("empty", "Empty the inbox", ({ currentTarget }) => doing(currentTarget, () => change("DELETE", "/inbox"))),
        make(
          "div.switch.whole",
          { role: "group", "aria-label": "Channels" },
          only(null, "All", value.length),
          ...[...channels].sort().map(([name, count]) => only(name, name, count)),
        ),
      ),
      found.length === 0 ? note("No message is like that.") : make("ul.cards.narrow", {}, ...page.map(card)),
      pager,
    ];
  },
};
