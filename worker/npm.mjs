// Where the pinned npm modules are: they are installed outside this folder, once for the whole checkout.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));

const PLACES = [
  process.env.BELFRY_NODE_MODULES,
  join(HERE, "node_modules"),
  join(HERE, "..", ".belfry", "tools", "node", "node_modules"),
];

/**
 * Loads a module that the build or the tests need.
 * @param {string} name
 */
export function load(name) {
  const place = PLACES.find(
    (directory) => directory !== undefined && existsSync(join(directory, name)),
  );
  if (place === undefined) {
    throw new Error(
      `${name}: not installed: run \`belfry tools get node\`, or set BELFRY_NODE_MODULES`,
    );
  }
  return createRequire(join(place, "belfry.js"))(join(place, name));
}
