// Asks the Worker's clocks: {intervals, rotations, moments} on stdin, moments in milliseconds; on stdout, of each interval
// whether it holds at each moment, and of each rotation whose turn it is.
import { readFileSync } from "node:fs";
import { holds, onCall } from "../../worker/src/times.js";

const { intervals, rotations, moments } = JSON.parse(readFileSync(0, "utf8"));
const held = intervals.map(() => []);
const turns = rotations.map(() => []);
for (const moment of moments) {
  intervals.forEach((interval, index) => held[index].push(holds(interval, moment)));
  rotations.forEach((rotation, index) => turns[index].push(onCall(rotation, moment)));
}

process.stdout.write(JSON.stringify({ held, turns }));
