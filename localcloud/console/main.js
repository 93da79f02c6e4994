// Waits for changes and draws what changed.
import { call } from "./api.js";
import { age } from "./dom.js";
import { showInbox } from "./inbox.js";
import { showResources } from "./resources.js";
import { showServices } from "./services.js";
import { showWorkers } from "./workers.js";

const link = document.getElementById("link");
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const RETRY = 2_000;
/** Bursts of changes are drawn together. */
const PAUSE = 150;

const drawn = new Map();

/** Draw a part, unless it is as it was. */
function draw(name, render, ...values) {
  const text = JSON.stringify(values);
  if (drawn.get(name) === text) return;
  drawn.set(name, text);
  render(...values);
}

async function refresh() {
  const [services, workers, crons, inbox, objects] = await Promise.all(
    ["/services", "/workers", "/crons", "/inbox", "/objects"].map((path) => call("GET", path)),
  );
  draw("services", showServices, services);
  draw("workers", showWorkers, workers, crons);
  draw("inbox", showInbox, inbox);
  draw("resources", showResources, objects);
}

setInterval(age, 1_000);
for (let count = 0; ; ) {
  try {
    const told = await call("GET", `/changes?after=${count}`);
    if (told.count !== count) await refresh();
    count = told.count;
    link.textContent = "live";
    link.classList.remove("lost");
    await wait(PAUSE);
  } catch {
    link.textContent = "localcloud does not answer; trying again";
    link.classList.add("lost");
    count = 0;
    await wait(RETRY);
  }
}
