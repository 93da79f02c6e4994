// What other backends send, and rules that they judge.
import { rule } from "./platform.js";

/** A rule that another backend judges. */
export function told(service, name, trouble, more = {}) {
  return rule(service, name, {
    condition: { is: "told", window: 60 },
    trouble,
    severity: "P1",
    noData: { is: "ok", after: 300 },
    summary: `${service}: ${name}`,
    ...more,
  });
}

/** An alert as Alertmanager and Grafana write it; times in milliseconds, `ended` null while it fires. */
export function alert(
  set,
  name,
  service,
  { began, ended = null, seen, series = "", labels = {} } = {},
) {
  const rfc = (time) => (time === null ? "0001-01-01T00:00:00Z" : new Date(time).toISOString());
  return {
    status: ended === null ? "firing" : "resolved",
    labels: { alertname: name, set, rule: name, service, ...labels },
    annotations: seen === undefined ? {} : { seen },
    startsAt: rfc(began),
    endsAt: rfc(ended),
    fingerprint: series,
  };
}

/** A webhook of Alertmanager's. */
export function webhook(...alerts) {
  const isFiring = alerts.some(({ status }) => status === "firing");
  return {
    version: "4",
    groupKey: "{}",
    status: isFiring ? "firing" : "resolved",
    truncatedAlerts: 0,
    alerts,
  };
}
