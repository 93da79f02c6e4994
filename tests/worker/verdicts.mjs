// Lets the Worker's judge judge: a list of {rule, checks, isUp} on stdin, and of each its states, minute by minute, on stdout.
// A check is a list of values: 1 and 0 where isUp, else seconds; null is a probe of which nothing is known.
import { readFileSync } from "node:fs";
import { judge } from "../../worker/src/verdict/judge.js";

const MINUTE = 60_000;
const asked = JSON.parse(readFileSync(0, "utf8"));

const verdicts = asked.map(({ rule, checks, isUp }) => {
  const length = Math.max(...checks.map((values) => values.length));
  const sampled = checks.map((values) =>
    Array.from({ length }, (_, minute) => {
      const value = values[minute] ?? null;
      return {
        at: minute * MINUTE,
        up: value === null ? null : isUp ? value >= 1 : true,
        seconds: value === null || isUp ? null : value,
        detail: null,
      };
    }),
  );
  let before = null;
  return Array.from({ length }, (_, minute) => {
    const histories = sampled.map((samples) => ({
      every: 60,
      samples: samples.slice(0, minute + 1),
    }));
    before = judge(rule, histories, before, minute * MINUTE);
    return before.state;
  });
});

process.stdout.write(JSON.stringify(verdicts));
