// The page that the links Acknowledge and Silence lead to. It shows nothing and does nothing by itself: mail scanners and
// previews of links open addresses too. The key stands after the `#` and goes to the Worker alone.

/**
 * @param {string} nonce of this answer's script and style
 * @returns {string}
 */
export function page(nonce) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Incident</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main>
<h1 id="headline">Incident</h1>
<p id="standing" role="status">Asking the monitoring …</p>
<dl id="facts"></dl>
<form id="answers" hidden>
<p class="row"><label for="by">Your name</label><input id="by" autocomplete="name" maxlength="80"
 placeholder="for those who are told"></p>
<p class="row"><button type="button" id="acknowledge" class="first">Acknowledge</button>
<span>I am on it: nobody else is woken.</span></p>
<p class="row"><button type="button" id="silence">Silence</button>
<label for="seconds">for</label><select id="seconds">
<option value="3600">1 hour</option><option value="14400">4 hours</option><option value="43200">12 hours</option>
<option value="86400">1 day</option><option value="604800">1 week</option></select>
<span>also when it comes again; what gets worse is told.</span></p>
<p class="row"><button type="button" id="release">Take back</button><span>It goes on as before.</span></p>
</form>
<nav id="links"></nav>
<noscript>This page needs JavaScript: the key of the link is sent by it.</noscript>
</main>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
}

const STYLE = `
:root { --text: #1f2328; --soft: #57606a; --line: #d0d7de; --back: #f3f4f6; --card: #fff; --act: #0b5cad; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --soft: #9da7b3; --line: #3d444d; --back: #0d1117; --card: #161b22; --act: #6cb0ff; }
}
body { margin: 0; padding: 16px; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 640px; margin: 0 auto; padding: 20px 24px; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; }
h1 { margin: 0 0 12px; font-size: 20px; line-height: 1.35; overflow-wrap: anywhere; }
#standing { margin: 0 0 16px; padding: 10px 12px; border-left: 4px solid var(--act); background: var(--back); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 6px 16px; margin: 0 0 16px; }
dt { color: var(--soft); font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 12px; margin: 0 0 12px; }
.row span { color: var(--soft); }
button, input, select { min-height: 44px; padding: 0 14px; font: inherit; color: var(--text); background: var(--card);
  border: 1px solid var(--soft); border-radius: 6px; }
button { min-width: 140px; cursor: pointer; font-weight: 600; }
button.first { background: var(--act); border-color: var(--act); color: var(--card); }
button:disabled { opacity: .5; cursor: default; }
input { flex: 1 1 200px; }
nav { display: flex; flex-wrap: wrap; gap: 8px 16px; }
a { color: var(--act); }
[hidden] { display: none; }
`;

const SCRIPT = `
const at = (id) => document.getElementById(id);
const [, wish, key] = /^#(acknowledge|silence)=([0-9a-f]+)$/.exec(location.hash) ?? [];
const buttons = ["acknowledge", "silence", "release"].map(at);
try { at("by").value = localStorage.getItem("belfry-name") ?? ""; } catch {}

function made(tag, text, more = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, more);
}

function standing({ over, acknowledged, silenced }) {
  const by = (one) => (one.by ? " by " + one.by : "");
  const said = [];
  if (over) said.push("It is over since " + over + ".");
  if (silenced) said.push("Silenced" + by(silenced) + " until " + silenced.until + ".");
  else if (acknowledged)
    said.push("Acknowledged" + by(acknowledged) + " at " + acknowledged.at
      + "." + (acknowledged.until ? " If it lasts until " + acknowledged.until + ", everybody is told again." : ""));
  else if (!over) said.push("Nobody has acknowledged it.");
  return said.join(" ");
}

function show(incident) {
  document.title = incident.headline;
  at("headline").textContent = incident.headline;
  at("standing").textContent = standing(incident);
  at("facts").replaceChildren(...incident.facts.flatMap(({ label, text }) => [made("dt", label), made("dd", text)]));
  at("links").replaceChildren(...incident.links.map(({ label, url }) => made("a", label, { href: url, rel: "noreferrer" })));
  at("answers").hidden = false;
  at("acknowledge").disabled = Boolean(incident.over || incident.acknowledged);
  at("silence").disabled = false;
  at("release").disabled = !incident.acknowledged && !incident.silenced;
}

async function say(does) {
  for (const button of buttons) button.disabled = true;
  const by = at("by").value.trim();
  try { localStorage.setItem("belfry-name", by); } catch {}
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      headers: { Authorization: "Bearer " + (key ?? "none"), "Content-Type": "application/json" },
      body: JSON.stringify({ does, by: by || null, seconds: Number(at("seconds").value) }),
    });
    const body = await answer.json();
    if (answer.ok) return show(body);
    at("standing").textContent = "Not done: " + body.error + ".";
  } catch {
    at("standing").textContent = "Not done: the monitoring does not answer. Try again.";
  }
  for (const button of buttons) button.disabled = false;
}

for (const button of buttons) button.addEventListener("click", () => say(button.id));
say("look").then(() => { if (wish) at(wish).focus(); });
`;
