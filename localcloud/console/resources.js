// What is provisioned: by kind, by name, and one at a time.
import { contents } from "./contents.js";
import { make } from "./dom.js";
import { ask } from "./live.js";
import { ago } from "./moments.js";
import { filterBox, foreign, matches, note, paged, table, wanted } from "./parts.js";
import { resource } from "./resource.js";
import { address } from "./routes.js";

/**
 * @typedef {{ id: string, name: string, changed: string, scope?: string }} Thing
 * @typedef {{ kind: string, type: string, count: number, changed: string, objects: Thing[] }} Kind
 */

/** `cloudflare:index/queueConsumer:QueueConsumer` → Cloudflare, QueueConsumer. @param {string} type */
function named(type) {
  const provider = type.split(":")[0] ?? "";
  return { provider: `${provider.slice(0, 1).toUpperCase()}${provider.slice(1)}`, name: type.split(":").at(-1) ?? type };
}

/** @param {Kind} kind @param {Thing} thing */
const place = ({ kind }, { id, scope }) => address("resources", kind, id, ...(scope ? [scope] : []));

/** @param {string} caption @param {[Kind, Thing][]} rows @param {boolean} mixed */
function objects(caption, rows, mixed) {
  return table(
    caption,
    ["Name", ...(mixed ? ["Kind"] : []), "Id", "Changed"],
    rows.map(([kind, thing]) => [
      make("a", { href: place(kind, thing) }, foreign(thing.name || thing.id)),
      ...(mixed ? [named(kind.type).name] : []),
      make("code", {}, foreign(thing.id)),
      ago(thing.changed),
    ]),
    (index) => {
      const [kind, thing] = /** @type {[Kind, Thing]} */ (rows[index]);
      return `${kind.kind} ${thing.scope ?? ""} ${thing.id}`;
    },
  );
}

/** @param {Kind[]} kinds */
function overview(kinds) {
  const providers = [...new Set(kinds.map(({ type }) => named(type).provider))];
  return providers.map((provider) =>
    make(
      "section",
      { "data-key": provider, "aria-labelledby": `of-${provider}` },
      make("h2", { id: `of-${provider}` }, provider),
      make(
        "ul.cards.grid.small",
        {},
        ...kinds
          .filter(({ type }) => named(type).provider === provider)
          .map(({ kind, type, count, changed }) =>
            tile(address("resources", kind), named(type).name, count, make("span.quiet.small", {}, "changed ", ago(changed))),
          ),
      ),
    ),
  );
}

/** Datasets of Analytics Engine: they come to be when something is written. */
function datasets() {
  const all = /** @type {any[]} */ (ask("/contents/analytics").value ?? []);
  if (all.length === 0) return null;
  return make(
    "section",
    { "data-key": "datasets", "aria-labelledby": "of-datasets" },
    make("h2", { id: "of-datasets" }, "Analytics datasets"),
    make("ul.cards.grid.small", {}, ...all.map(({ scope, id, name, count }) => tile(address("resources", "analytics", id, scope), name, count))),
  );
}

/** @param {string} href @param {string} title @param {number} count @param {import("./dom.js").Child} [more] */
function tile(href, title, count, more) {
  return make(
    "li",
    { "data-key": href },
    make(
      "a.card.kind",
      { href, "data-card": true },
      make("strong", {}, foreign(title)),
      make("span.number", {}, count.toLocaleString()),
      more,
    ),
  );
}

/** @param {...[string, string]} steps */
function trail(...steps) {
  return make(
    "nav.trail",
    { "aria-label": "Where this is" },
    make("ol", {}, ...steps.map(([title, href]) => make("li", {}, href === "" ? make("span", { "aria-current": "page" }, foreign(title)) : make("a", { href }, foreign(title))))),
  );
}

/** @param {Kind[]} kinds @param {string} key */
function found(kinds, key) {
  const filter = wanted(key);
  return /** @type {[Kind, Thing][]} */ (
    kinds.flatMap((kind) =>
      kind.objects.filter(({ name, id }) => matches(filter, name, id, kind.type)).map((thing) => [kind, thing]),
    )
  );
}

/** @type {import("./main.js").View} */
export const resourcesView = {
  title: "Resources",
  path: "/objects",
  count: (kinds) => kinds.reduce((/** @type {number} */ sum, /** @type {Kind} */ { count }) => sum + count, 0).toLocaleString(),
  draw([kind, id, scope]) {
    const { value, there } = ask("/objects");
    if (!there) return [note("One moment …")];
    const kinds = /** @type {Kind[]} */ (value ?? []);
    const chosen = kinds.find((one) => one.kind === kind);
    if (kind === "analytics" && id !== undefined)
      return [trail(["Resources", address("resources")], [id, ""]), contents({ shelf: "analytics", id, scope })];
    if (kind !== undefined && id !== undefined) {
      const type = chosen === undefined ? kind : named(chosen.type).name;
      const thing = chosen?.objects.find((one) => one.id === id && (scope === undefined || one.scope === scope));
      return [
        trail(["Resources", address("resources")], [type, address("resources", kind)], [thing?.name || id, ""]),
        ...resource({ kind, id, scope, type: chosen?.type ?? kind, thing }),
      ];
    }
    if (kind !== undefined) {
      const title = chosen === undefined ? kind : named(chosen.type).name;
      const head = trail(["Resources", address("resources")], [title, ""]);
      if (chosen === undefined) return [head, note("There is none of this kind any more.")];
      const rows = found([chosen], `resources ${kind}`);
      const { page, pager } = paged(`resources ${kind}`, rows);
      return [
        head,
        make("h2", {}, title, " ", make("span.number", {}, chosen.count.toLocaleString())),
        make("div.tools", {}, filterBox(`resources ${kind}`, `Filter ${title}`)),
        rows.length === 0 ? note("None is like that.") : objects(title, page, false),
        pager,
      ];
    }
    if (kinds.length === 0) return [note("Nothing is provisioned.")];
    const box = make("div.tools", {}, filterBox("resources", "Filter resources"));
    if (wanted("resources") === "") return [box, ...overview(kinds), datasets()];
    const rows = found(kinds, "resources");
    const { page, pager } = paged("resources", rows);
    return [box, rows.length === 0 ? note("No resource is like that.") : objects("Resources", page, true), pager];
  },
};
