// Asks the Worker's routes: {config, asked: [{rule, opened, begun, moments}]} on stdin; on stdout, for each moment of each rule,
// the channels that are told at it if its incident opened and could first be told so long ago. `begun` must be the first such
// moment: a minute before it cannot.
import { readFileSync } from "node:fs";
import { parse } from "../../worker/src/config.js";
import { begins, named, routesOf } from "../../worker/src/whom.js";

const { config: text, asked } = JSON.parse(readFileSync(0, "utf8"));
const config = parse(text);
const routes = routesOf(config);
const told = asked.map(({ rule, opened, begun, moments }) => {
  const incident = { rules: [rule], rated: opened };
  const isFirst = (moment) => begins(incident, routes, moment, config);
  if (begun !== null && (!isFirst(begun) || isFirst(begun - 60_000)))
    throw new Error(`${rule} of ${new Date(opened).toISOString()} begins at another time`);
  return moments.map((now) => {
    const from = begun !== null && begun <= now ? begun : null;
    const channels = named(incident, routes, from, now, config);
    return [...channels].flatMap(([channel, isOpen]) => (isOpen ? [channel] : []));
  });
});

process.stdout.write(JSON.stringify(told));
