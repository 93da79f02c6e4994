// Prometheus text: https://prometheus.io/docs/instrumenting/exposition_formats/

/**
 * @typedef {import("./config.js").Config} Config
 * @typedef {import("./observations.js").Latest} Latest
 * @typedef {import("./status.js").Status} Status
 * @typedef {import("./health.js").Vitals} Vitals
 * @typedef {{
 *   vitals: Vitals, firing: { rule: string, state: string }[], open: { severity: string }[], counts: Record<string, number>,
 * }} Figures `counts`: `<name> <channel or source>` and how often
 * @typedef {{ labels: Record<string, string>, value: number }} Point
 * @typedef {{ name: string, type: "gauge" | "counter", help: string, points: Point[] }} Family
 */

/** What is counted, and the label that says of whom. */
const COUNTERS = [
  { name: "messages_sent", label: "channel", help: "Messages that a channel has taken." },
  {
    name: "messages_failed",
    label: "channel",
    help: "Attempts that a channel refused or did not answer.",
  },
  { name: "messages_abandoned", label: "channel", help: "Messages given up after a day." },
  { name: "votes", label: "source", help: "Opinions of other backends." },
  { name: "shards_lost", label: null, help: "Shards that never reported." },
];

/**
 * @param {Config} config
 * @param {Latest[]} latest
 * @param {Figures} figures
 * @param {number} tick of the last run
 * @returns {string}
 */
export function metrics(config, latest, { vitals, firing, open, counts }, tick) {
  const results = new Map(latest.map((result) => [result.check, result]));
  const known = config.checks.flatMap((check) => {
    const result = results.get(check.id);
    const isOld = result === undefined || tick - result.at >= 3 * check.every * 1000;
    return isOld || result.up === null ? [] : [{ check, result }];
  });
  const labels = (/** @type {import("./config.js").Check} */ { id, service }) => ({
    service,
    check: id,
  });
  const states = new Map(firing.map(({ rule, state }) => [rule, state]));
  /** @type {Family[]} */
  const families = [
    gauge(
      "probe_up",
      "1 when the check's last probe succeeded, 0 when it and its confirmations failed; absent when unknown.",
      known.map(({ check, result }) => ({ labels: labels(check), value: result.up ? 1 : 0 })),
    ),
    gauge(
      "probe_seconds",
      "How long the check's last probe took.",
      known.flatMap(({ check, result }) =>
        result.seconds === null ? [] : [{ labels: labels(check), value: result.seconds }],
      ),
    ),
    gauge(
      "rule_firing",
      "1 while the rule fires; absent when unknown, and while nobody says so of a rule that others judge.",
      config.rules.flatMap(({ id, rule, set, service, severity, condition }) =>
        states.get(id) === "unknown" || (condition.is === "told" && !states.has(id))
          ? []
          : [
              {
                labels: { rule, set, service, severity },
                value: states.get(id) === "firing" ? 1 : 0,
              },
            ],
      ),
    ),
    gauge(
      "incidents_open",
      "Open incidents.",
      Object.keys(config.severities).map((severity) => ({
        labels: { severity },
        value: open.filter((incident) => incident.severity === severity).length,
      })),
    ),
    gauge("outbox_pending", "Messages that no channel has taken yet.", [
      { labels: {}, value: vitals.pending },
    ]),
    gauge(
      "last_tick_timestamp_seconds",
      "Time of the last tick.",
      vitals.tick === null ? [] : [{ labels: {}, value: vitals.tick / 1000 }],
    ),
    ...COUNTERS.map(({ name, label, help }) => counter(name, help, label, counts)),
  ];
  return families.map(text).join("");
}

/** @type {(name: string, help: string, points: Point[]) => Family} */
const gauge = (name, help, points) => ({ name: `belfry_${name}`, type: "gauge", help, points });

/** @type {(name: string, help: string, label: string | null, counts: Record<string, number>) => Family} */
function counter(name, help, label, counts) {
  const points = Object.entries(counts).flatMap(([key, value]) => {
    const [counted, who = ""] = key.split(" ");
    return counted === name ? [{ labels: label === null ? {} : { [label]: who }, value }] : [];
  });
  return { name: `belfry_${name}_total`, type: "counter", help, points };
}

/** @param {Family} family */
function text({ name, type, help, points }) {
  const lines = points.map(({ labels, value }) => {
    const pairs = Object.entries(labels).map(([label, of]) => `${label}="${escape(of)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(",")}}` : ""} ${value}\n`;
  });
  return lines.length === 0
    ? ""
    : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

/** @param {string} value */
function escape(value) {
  return value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}
