// One resource: what the service tells of it, and what lies in it.
import { contents } from "./contents.js";
import { make } from "./dom.js";
import { json } from "./json.js";
import { ask } from "./live.js";
import { entry } from "./lookup.js";
import { ago } from "./moments.js";
import { foreign, note, pairs } from "./parts.js";
import { path } from "./routes.js";

/** Kinds that hold something, and by which name localcloud tells it. @type {Record<string, import("./contents.js").Shelf>} */
const HOLDS = { namespaces: "kv", buckets: "r2", databases: "d1", queues: "queue" };

/**
 * @param {{ kind: string, id: string, scope: string | undefined, type: string,
 *   thing: import("./resources.js").Thing | undefined }} which
 * @returns {import("./dom.js").Child[]}
 */
export function resource({ kind, id, scope, type, thing }) {
  const query = scope === undefined ? "" : `?${new URLSearchParams({ scope })}`;
  const told = ask(`/objects${path(kind, id)}${query}`);
  const holds = entry(HOLDS, kind);
  const head = make(
    "section.card",
    { "data-key": "head" },
    make("h2", {}, foreign(thing?.name || id)),
    thing === undefined && note("This resource is gone."),
    pairs([
      ["Type", make("code", {}, type)],
      ["Id", make("code", {}, foreign(id))],
      ["Lives in", (scope ?? told.value?.scope) && make("code", {}, foreign(scope ?? told.value.scope))],
      ["Made", told.value?.created && ago(told.value.created)],
      ["Changed", thing && ago(thing.changed)],
    ]),
  );
  return [
    head,
    make("section.card", { "data-key": "told", "aria-labelledby": "told-title" }, make("h2", { id: "told-title" }, "What the service tells"), body(told)),
    holds !== undefined && thing !== undefined && contents({ shelf: holds, id, scope: scope ?? thing.scope }),
  ];
}

/** @param {import("./live.js").Told} told */
function body({ value, problem, there }) {
  if (!there) return note("One moment …");
  if (problem !== null) return note(problem);
  return json(value.body, "What the service tells");
}
