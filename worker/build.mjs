// Bundles src/ into dist/monitoring.js, the one module that is uploaded. The same source gives the same bytes.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "./npm.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const TARGET = join(HERE, "dist", "monitoring.js");

/**
 * @returns {string} the bundle's text
 */
export function bundle() {
  const result = load("esbuild").buildSync({
    absWorkingDir: HERE,
    entryPoints: ["src/monitoring.js"],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    external: ["cloudflare:*"],
    legalComments: "none",
    banner: { js: "// Belfry, the monitoring Worker. Apache-2.0." },
  });
  return result.outputFiles[0].text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(dirname(TARGET), { recursive: true });
  writeFileSync(TARGET, bundle());
}
