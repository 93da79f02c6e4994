// Asks the Worker's routes: {config, asked: [{rule, opened, moments}]} on stdin; on stdout, for each moment of each rule, the
// channels that are told at it if its incident began so long ago.
import { readFileSync } from "node:fs";
import { parse } from "../../worker/src/config.js";
import { named, routesOf } from "../../worker/src/whom.js";

const { config: text, asked } = JSON.parse(readFileSync(0, "utf8"));
const config = parse(text);
const routes = routesOf(config);
const told = asked.map(({ rule, opened, moments }) =>
  moments.map((now) => {
    const channels = named({ rules: [rule], rated: opened }, routes, now, config);
    return [...channels].flatMap(([channel, isOpen]) => (isOpen ? [channel] : []));
  }),
);

process.stdout.write(JSON.stringify(told));
