// What is provisioned, by kind.
import { ago, fold, make, show, table } from "./dom.js";

/** `cloudflare:index/queueConsumer:QueueConsumer` → Cloudflare QueueConsumer. */
function title(type) {
  const [provider] = type.split(":");
  return `${provider[0].toUpperCase()}${provider.slice(1)} ${type.split(":").at(-1)}`;
}

/** @param {object[]} kinds */
export function showResources(kinds) {
  if (kinds.length === 0) {
    show("resources", [make("p.quiet", {}, "Nothing is provisioned.")]);
    return;
  }
  show(
    "resources",
    kinds.map(({ type, count, changed, objects }) =>
      fold(
        type,
        make("span", {}, make("strong", {}, title(type)), ` ${count} `, make("span.quiet", {}, "changed ", ago(changed))),
        table(
          ["Name", "Id", "Changed"],
          objects.map((object) => [object.name, make("code", {}, object.id), ago(object.changed)]),
        ),
      ),
    ),
  );
}
