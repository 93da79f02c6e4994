// Messages as their channels show them.
import { fold, link, make, pairs } from "./dom.js";

const time = (iso) => new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const json = (value) => make("pre", {}, JSON.stringify(value, null, 2));

/** Slack's own escapes, taken back. */
const unescaped = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const MARKS = /<([^<>|]+)(?:\|([^<>]*))?>|\*([^*\n]+)\*|_([^_\n]+)_|~([^~\n]+)~|`([^`\n]+)`/g;

/** Slack's mrkdwn: links, bold, italic, struck, code. */
function mrkdwn(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, address, label, bold, italic, struck, code] = match;
    nodes.push(unescaped(text.slice(end, match.index)));
    end = match.index + whole.length;
    if (address !== undefined) nodes.push(link(unescaped(address), unescaped(label ?? address)));
    else if (bold !== undefined) nodes.push(make("strong", {}, unescaped(bold)));
    else if (italic !== undefined) nodes.push(make("em", {}, unescaped(italic)));
    else if (struck !== undefined) nodes.push(make("s", {}, unescaped(struck)));
    else nodes.push(make("code", {}, unescaped(code)));
  }
  return [...nodes, unescaped(text.slice(end))];
}

/** A text object of Slack's blocks. */
function words(object) {
  if (object === undefined || object === null) return [];
  if (typeof object === "string") return mrkdwn(object);
  return object.type === "mrkdwn" ? mrkdwn(object.text ?? "") : [object.text ?? ""];
}

const BLOCKS = {
  header: ({ text }) => make("p.block.heading", {}, ...words(text)),
  divider: () => make("hr"),
  context: ({ elements = [] }) => make("p.block.quiet.lines", {}, ...elements.flatMap((one) => [...words(one), " "])),
  section: ({ text, fields = [] }) =>
    make(
      "div.block",
      {},
      text !== undefined && make("p.lines", {}, ...words(text)),
      fields.length > 0 &&
        make("div.fields", {}, ...fields.map((field) => make("p.lines", {}, ...words(field)))),
    ),
  actions: ({ elements = [] }) =>
    make("p.block.row", {}, ...elements.map(({ text, url }) => link(url ?? "", words(text).join("") || "button"))),
};

const block = (one) => BLOCKS[one.type]?.(one) ?? json(one);
const COLOURS = { danger: "danger", warning: "warning", good: "good" };

function attachment(one) {
  return make(
    `div.attachment.${COLOURS[one.color] ?? "plain"}`,
    {},
    one.pretext && make("p.lines", {}, ...mrkdwn(one.pretext)),
    one.title && make("p", {}, make("strong", {}, one.title_link ? link(one.title_link, one.title) : one.title)),
    one.text && make("p.lines", {}, ...mrkdwn(one.text)),
    ...(one.blocks ?? []).map(block),
    one.fields?.length > 0 && pairs(one.fields.map(({ title, value }) => [title, value])),
  );
}

function slack({ payload, at }) {
  const blocks = payload.blocks ?? [];
  const name = payload.username ?? "Belfry";
  return make(
    "div.slack",
    {},
    make("span.avatar", { "aria-hidden": "true" }, name[0]),
    make(
      "div",
      {},
      make("p", {}, make("strong", {}, name), " ", make("span.tag", {}, "APP"), " ", make("span.quiet", {}, time(at))),
      blocks.length === 0 && payload.text && make("p.lines", {}, ...mrkdwn(payload.text)),
      ...blocks.map(block),
      ...(payload.attachments ?? []).map(attachment),
    ),
  );
}

const ACTIONS = { trigger: "Triggered", acknowledge: "Acknowledged", resolve: "Resolved" };

function pagerduty({ payload }) {
  const event = payload.payload ?? {};
  const links = payload.links ?? [];
  return make(
    `div.pagerduty.${payload.event_action}`,
    {},
    make("p", {}, `${ACTIONS[payload.event_action]}${event.severity ? ` · ${event.severity}` : ""}`),
    make(
      "div",
      {},
      event.summary && make("p", {}, make("strong", {}, event.summary)),
      pairs([
        ["Source", event.source],
        ["Component", event.component],
        ["Group", event.group],
        ["Class", event.class],
        ["Dedup key", payload.dedup_key],
        ...Object.entries(event.custom_details ?? {}),
      ]),
      links.length > 0 && make("p.row", {}, ...links.map(({ href, text }) => link(href ?? "", text ?? href))),
    ),
  );
}

function mail({ payload }) {
  const body =
    payload.html === ""
      ? make("pre", {}, payload.text)
      : make("iframe", { sandbox: "", srcdoc: payload.html, title: `Mail: ${payload.subject}`, loading: "lazy" });
  return make(
    "div.mail",
    {},
    pairs([
      ["From", payload.from],
      ["To", payload.to.join(", ")],
      ["Subject", payload.subject],
    ]),
    body,
  );
}

const CHANNELS = { slack, pagerduty, mail };

/** One message of the inbox. */
export function rendered(message) {
  const render = CHANNELS[message.transport];
  return make(
    "div",
    {},
    render ? render(message) : json(message.payload),
    render && fold(`${message.channel} ${message.id}`, make("span.quiet", {}, "As it was sent"), json(message.payload)),
  );
}
