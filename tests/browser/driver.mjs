// A browser for tests in another language: calls come as lines of JSON, answers go back in the same order.
//
// A call is { target, method, arguments }: a method of the page of that name, or of something it holds
// (`keyboard.press`). `open`, `close` and `axe` are the driver's own.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

const [, , modules, executablePath] = process.argv;
const require = createRequire(`${modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Milliseconds after which something that is waited for will not come. */
const PATIENCE = 10_000;

const browser = await chromium.launch({
  executablePath,
  // A container of root has no user namespaces to build the sandbox with.
  chromiumSandbox: process.getuid() !== 0,
});

/** @type {Map<string, { page: import("playwright-core").Page, troubles: string[], dialogs: string[], reached: string[] }>} */
const pages = new Map();

const OWN = {
  /** A page of its own, with nothing kept of others. */
  async open(name, { url, width, height, scheme, ...more }) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, reducedMotion: "reduce", ...more });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const troubles = [];
    const dialogs = [];
    page.on("pageerror", (error) => troubles.push(`${error}`));
    page.on("console", (said) => {
      if (said.type() === "error") troubles.push(said.text());
    });
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const reached = [];
    page.on("response", (response) => reached.push(response.url()));
    pages.set(name, { page, troubles, dialogs, reached });
    await page.goto(url);
  },
  async close(name) {
    await pages.get(name).page.context().close();
    pages.delete(name);
  },
  /** Wait until an expression is true. The page itself may not evaluate texts, which Playwright's own wait does. */
  async until(name, expression) {
    const { page } = pages.get(name);
    for (const end = Date.now() + PATIENCE; !(await page.evaluate(expression)); ) {
      if (Date.now() > end) throw new Error("not within ten seconds");
      await wait(20);
    }
  },
  /** Have a control call answered by what the test says. */
  async answer(name, path, body) {
    await pages.get(name).page.route(`**/_local${path}`, (route) => route.fulfill({ json: body }));
  },
  /** What went wrong on the page, what it asked in dialogs of the browser, and which addresses answered it. */
  told(name) {
    const { troubles, dialogs, reached } = pages.get(name);
    return { troubles, dialogs, reached };
  },
  /** What axe finds fault with; its script comes past the page's own policy, as a debugger's would. */
  async axe(name) {
    const { page } = pages.get(name);
    await page.evaluate(`${axe}; 0`);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    return violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`) }));
  },
};

async function answer({ target, method, arguments: given }) {
  if (method in OWN) return OWN[method](target, ...given);
  const path = method.split(".");
  const last = path.pop();
  const holder = path.reduce((object, name) => object[name], pages.get(target).page);
  return holder[last](...given);
}

console.log(JSON.stringify({ ready: browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  let told;
  try {
    const value = await answer(JSON.parse(line));
    told = { value: value !== null && typeof value === "object" && "asElement" in value ? null : (value ?? null) };
  } catch (error) {
    told = { error: `${error.message ?? error}` };
  }
  // An answer of Playwright's may hold handles, which mean nothing to anybody else.
  let text;
  try {
    text = JSON.stringify(told);
  } catch {
    text = '{"value":null}';
  }
  console.log(text);
}
await browser.close();
