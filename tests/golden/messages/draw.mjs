// Draws the pictures of docs/messages: the golden messages, each as its channel shows it. The page imitates the channels;
// what is in it is what they get. `node tests/golden/messages/draw.mjs`, after the golden files have changed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { page as incidentPage } from "../../../worker/src/incident_page.js";
import { cleaned, facts, headline, links } from "../../../worker/src/messages.js";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const MODULES = process.env.BELFRY_BROWSER_MODULES ?? join(ROOT, ".belfry/tools/browser/node_modules");
const { chromium } = createRequire(`${MODULES}/`)("playwright-core");

/** @param {string} name @param {string} file */
const golden = (name, file) => readFileSync(new URL(`${name}/${file}`, import.meta.url), "utf8");
const json = (name, file) => JSON.parse(golden(name, file));
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const lines = (text) => text.replaceAll("\n", "<br>");

/** mrkdwn is escaped already; what is between angles is a link. */
const mrkdwn = ({ type, text }) =>
  type === "plain_text"
    ? escape(text)
    : lines(text.replace(/<([^|>]+)\|([^>]+)>/g, '<a href="$1">$2</a>').replace(/^\*([^*\n]+)\*/gm, "<b>$1</b>"));

const BLOCKS = {
  header: ({ text }) => `<div class="header">${mrkdwn(text)}</div>`,
  section: ({ text, fields }) =>
    fields
      ? `<div class="fields">${fields.map((one) => `<div>${mrkdwn(one)}</div>`).join("")}</div>`
      : `<div class="section">${mrkdwn(text)}</div>`,
  context: ({ elements }) => `<div class="context">${elements.map(mrkdwn).join(" ")}</div>`,
};
const blocks = (list) => list.map((one) => BLOCKS[one.type](one)).join("");

const sender = (time) => `<div class="sender"><b>Belfry</b> <span class="app">APP</span> <span class="time">${time}</span></div>`;

function slack(name, time) {
  const told = json(name, "slack.json");
  const [{ color, blocks: inner }] = told.attachments;
  return `<div class="message"><div class="avatar">B</div><div>${sender(time)}${blocks(told.blocks)}
    <div class="attachment" style="border-color:${color}">${blocks(inner)}</div></div></div>`;
}

/** Markdown with everything escaped that is not ours. */
const markdown = (text) =>
  escape(text.replaceAll("\u200b", ""))
    .replace(/(?<!\\)\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\\(.)/g, "$1");

function discord(name, time) {
  const [embed] = json(name, "discord.json").embeds;
  const fields = embed.fields
    .map(({ name, value, inline }) => `<div class="${inline ? "inline" : "whole"}"><b>${escape(name)}</b><br>${markdown(value)}</div>`)
    .join("");
  return `<div class="message"><div class="avatar round">B</div><div>${sender(time)}
    <div class="embed" style="border-color:#${embed.color.toString(16).padStart(6, "0")}"><div class="title">${markdown(embed.title)}</div>
    <div>${markdown(embed.description ?? "")}</div><div class="columns">${fields}</div>
    <div class="foot">${escape(embed.footer.text)} • ${embed.timestamp.slice(0, 10)} ${time}</div></div></div></div>`;
}

function teams(name, time) {
  const { body, actions } = json(name, "teams.json").attachments[0].content;
  const runs = ({ inlines }) =>
    `<p class="${inlines[0].isSubtle ? "subtle" : ""}">${inlines
      .map(({ text, weight, size }) => `<span class="${weight ?? ""} ${size ?? ""}">${escape(text)}</span>`)
      .join("")}</p>`;
  const parts = body.map((one) => (one.type === "Container" ? `<div class="container ${one.style}">${one.items.map(runs).join("")}</div>` : runs(one)));
  const buttons = actions.map(({ title, url }) => `<a class="button" href="${url}">${escape(title)}</a>`).join("");
  return `<div class="message"><div class="avatar round">W</div><div><div class="sender"><b>Workflows</b> <span class="time">${time}</span></div>
    <div class="card">${parts.join("")}<div class="buttons">${buttons}</div></div></div></div>`;
}

function pagerduty(name) {
  const { payload, links, dedup_key: key } = json(name, "pagerduty.json");
  const rows = (entries) => entries.map(([label, text]) => `<tr><th>${escape(label)}</th><td>${escape(`${text}`)}</td></tr>`).join("");
  const { summary, severity, source, component, group, class: rule, timestamp, custom_details: details } = payload;
  return `<div class="state"><b>TRIGGERED</b><span class="badge">${severity}</span></div><div class="inside"><h1>${escape(summary)}</h1>
    <table>${rows(Object.entries({ Source: source, Component: component, Group: group, Class: rule, Created: timestamp, "Alert key": key }))}</table>
    <h2>Links</h2><p>${links.map(({ text, href }) => `<a href="${href}">${escape(text)}</a>`).join(" · ")}</p>
    <h2>Custom details</h2><table>${rows(Object.entries(details).map(([label, text]) => [label, Array.isArray(text) ? JSON.stringify(text) : text]))}</table></div>`;
}

function mail(name) {
  const [, subject] = /^Subject: (.*)$/m.exec(golden(name, "mail.txt")) ?? [];
  const page = golden(name, "mail.html").replaceAll('"', "&quot;");
  return `<div class="letter"><b>${escape(subject ?? "")}</b><table><tr><th>From</th><td>Belfry &lt;alerts@pitchey.example&gt;</td></tr>
    <tr><th>To</th><td>on-call@pitchey.example</td></tr></table></div><iframe srcdoc="${page}"></iframe>`;
}

const bubble = (name) =>
  `<div class="bubble">${escape(golden(name, "sms.txt").trim()).replace(/https:\S+/, (url) => `<a href="${url}">${url}</a>`)}</div>`;

const CASE = "opened-with-everything";
const PICTURES = {
  slack: { width: 680, scale: 1.2, body: slack(CASE, "12:05 PM") + slack("acknowledged", "12:06 PM") + slack("recovered", "2:10 PM") },
  "slack-hostile": { width: 680, scale: 1.2, look: "slack", body: slack("hostile", "12:05 PM") },
  discord: { width: 640, body: discord(CASE, "12:05") },
  teams: { width: 660, body: teams(CASE, "12:05 PM") },
  pagerduty: { width: 680, body: pagerduty(CASE) },
  mail: { width: 720, body: mail(CASE) },
  sms: { width: 400, body: [CASE, "recovered"].map(bubble).join("") },
};

const STYLE = `
  * { box-sizing: border-box; margin: 0 }
  body { font: 14px/1.45 'Segoe UI', 'Helvetica Neue', 'DejaVu Sans Condensed', sans-serif; padding: 0; background: #fff }
  #picture { padding: 18px 20px; overflow-wrap: anywhere }
  a { text-decoration: none } h1 { font-size: 18px; line-height: 1.3; margin-bottom: 10px } h2 { font-size: 12px; margin: 14px 0 4px; color: #5b6770; text-transform: uppercase; letter-spacing: .04em }
  th { text-align: left; vertical-align: top; padding: 2px 18px 2px 0; color: #5b6770; font-weight: 600; white-space: nowrap } td { padding: 2px 0 }
  .message { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 12px } .message + .message { margin-top: 18px }
  .avatar { width: 36px; height: 36px; border-radius: 8px; background: #24476b; color: #fff; font-weight: 700; display: grid; place-items: center } .round { border-radius: 50% }
  .app { font-size: 10px; background: #e8e8e8; color: #616061; border-radius: 2px; padding: 1px 3px; font-weight: 600; vertical-align: 1px } .time { font-size: 12px; color: #75747a }
  .slack a { color: #1264a3 } .slack .header { font-size: 17px; font-weight: 800; line-height: 1.3; margin: 2px 0 4px }
  .attachment { border-left: 4px solid; border-radius: 2px; padding-left: 14px; display: grid; gap: 9px; margin-top: 6px } .fields { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px 18px } .context { font-size: 12px; color: #75747a }
  .discord { background: #313338; color: #dbdee1 } .discord .sender b { color: #f2f3f5 } .discord .app { background: #5865f2; color: #fff } .discord .avatar { background: #5865f2 } .discord a { color: #00a8fc }
  .embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 12px 16px 14px; margin-top: 4px; display: grid; gap: 8px } .embed .title { color: #f2f3f5; font-weight: 700; font-size: 15px } .columns { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 8px } .columns b { color: #f2f3f5 } .whole { grid-column: 1 / -1 } .foot { font-size: 12px; color: #b5bac1 }
  .teams { background: #f5f5f5 } .teams .avatar { background: #5b5fc7 } .card { background: #fff; border: 1px solid #e0e0e0; border-radius: 6px; padding: 14px 16px; margin-top: 4px; display: grid; gap: 7px } .container { margin: -14px -16px 4px; padding: 12px 16px; border-radius: 6px 6px 0 0 } .attention { background: #fde7e9; color: #8e192e } .good { background: #e7f2da } .Bolder { font-weight: 700 } .Medium { font-size: 16px } .subtle { color: #616161; font-size: 12px } .buttons { display: flex; flex-wrap: wrap; gap: 8px } .button { border: 1px solid #d1d1d1; border-radius: 4px; padding: 4px 12px; color: #242424; font-weight: 600 }
  .pagerduty { padding: 0 !important; border: 1px solid #d5dbe1 } .state { background: #c4281b; color: #fff; padding: 8px 20px; display: flex; justify-content: space-between } .badge { text-transform: uppercase; font-size: 12px; letter-spacing: .05em } .inside { padding: 14px 20px 18px } .pagerduty a { color: #0669c2 }
  .mail { padding: 0 !important; border: 1px solid #d5dbe1 } .letter { padding: 12px 18px; border-bottom: 1px solid #d5dbe1 } .letter table { margin-top: 6px; font-size: 13px } iframe { display: block; width: 100%; border: 0 }
  .sms { background: #fff; display: grid; gap: 12px } .bubble { background: #e9e9eb; border-radius: 18px 18px 18px 5px; padding: 9px 14px; max-width: 320px; font-size: 15px } .bubble a { color: #0a60ff; text-decoration: underline }
`;

const browser = await chromium.launch({
  executablePath: process.env.BELFRY_CHROMIUM ?? "/usr/bin/chromium",
  chromiumSandbox: process.getuid?.() !== 0,
});
for (const [name, { width, body, look, scale }] of Object.entries(PICTURES)) {
  const page = await browser.newPage({ viewport: { width, height: 1600 }, deviceScaleFactor: scale ?? 1.5 });
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div id="picture" class="${look ?? name}">${body}</div>`);
  const frame = page.frames()[1];
  if (frame) {
    const height = await frame.evaluate("document.documentElement.scrollHeight");
    await page.evaluate(`document.querySelector("iframe").style.height = "${height}px"`);
  }
  await page.locator("#picture").screenshot({ path: join(ROOT, "docs/messages", `${name}.png`) });
  await page.close();
}
await drawIncident("incident");
await browser.close();

/** The page that the link Acknowledge leads to, just after that was done. */
async function drawIncident(name) {
  const { message } = json(CASE, "message.json");
  const told = cleaned({ ...message, also: [] }, [], []);
  const shown = {
    incident: told.incident,
    headline: headline(told),
    facts: facts(told).map(({ part, text }) => ({ label: part.label, text })),
    links: links({ ...told, acknowledge: null, silence: null }),
    acknowledged: { by: "Anna", at: "2026-06-01 12:06 UTC", until: "2026-06-01 13:06 UTC" },
    silenced: null,
    over: null,
  };
  const page = await browser.newPage({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 1.2 });
  await page.route("**/*", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ json: shown })
      : route.fulfill({ contentType: "text/html", body: incidentPage("drawn") }),
  );
  await page.goto(told.acknowledge);
  await page.fill("#by", "Anna");
  await page.waitForSelector("#facts dt");
  await page.screenshot({ path: join(ROOT, "docs/messages", `${name}.png`), fullPage: true });
  await page.close();
}
