// Configurations for tests.

/** The platform of most tests: a front end needs an API, which needs a database and a cache. */
export const NEEDS = { database: [], cache: [], api: ["database", "cache"], frontend: ["api"] };

export function rule(service, name, more = {}) {
  return {
    id: `edge/${name}/${service}`,
    rule: name,
    set: "edge",
    service,
    severity: "P0",
    condition: { is: "down" },
    for: 0,
    noData: { is: "alerting", after: 180 },
    summary: `${service} does not answer`,
    description: `Nothing works without ${service}.`,
    runbook: `https://runbooks.example/${name}`,
    route: more.severity === "P1" ? 1 : 0,
    ...more,
  };
}

/** Some who are told at once and always, if nothing else is said. */
export function step(to, more = {}) {
  return { to, onCall: [], after: 0, active: [], mute: [], ...more };
}

export function check(service, url, more = {}) {
  return {
    id: `${service}-health`,
    service,
    through: null,
    url,
    method: "GET",
    headers: {},
    expect: { status: [200], body: '"status":"healthy"' },
    every: 60,
    timeout: 2,
    confirmations: 1,
    ...more,
  };
}

/** @param {string} base address of the platform and its inbox */
export function config(base, more = {}) {
  return {
    version: 2,
    platform: "pitchey",
    environment: "local",
    paging: "worker",
    services: Object.fromEntries(
      Object.entries(NEEDS).map(([service, needs]) => [
        service,
        { needs: [...needs], checks: [`${service}-health`] },
      ]),
    ),
    checks: [
      check("api", `${base}/api/health`),
      check("frontend", `${base}/frontend/health`),
      check("database", `${base}/api/health/database`, { through: "api" }),
      check("cache", `${base}/api/health/cache`, { through: "api" }),
    ],
    rules: [
      rule("api", "WorkerDown"),
      rule("frontend", "FrontendDown"),
      rule("database", "DatabaseConnectionError"),
      rule("cache", "CacheDown", { severity: "P1" }),
      rule("api", "HighResponseTime", {
        severity: "P1",
        condition: {
          is: "above",
          signal: "probe_seconds",
          aggregate: "mean",
          limit: 0.4,
          window: 180,
        },
        for: 60,
        noData: { is: "ok", after: 180 },
        summary: "api is slow",
      }),
    ],
    routes: [
      { steps: [step(["slack-critical", "pagerduty", "hook"])] },
      { steps: [step(["slack-critical"])] },
    ],
    times: {},
    rotations: {},
    telling: { coolDown: 0, repeat: null, limit: null },
    severities: {
      P0: { rank: 0, answer: 900, resolve: 3600 },
      P1: { rank: 1, answer: 3600, resolve: 14_400 },
    },
    channels: {
      "slack-critical": { kind: "slack", secret: "SECRET_SLACK_CRITICAL" },
      pagerduty: {
        kind: "pagerduty",
        endpoint: `${base}/inbox/pagerduty`,
        secret: "SECRET_PAGERDUTY",
      },
      hook: { kind: "webhook", url: `${base}/inbox/hook`, secret: "SECRET_HOOK" },
    },
    recoverAfter: 2,
    settle: 5,
    links: { dashboard: "https://grafana.example/d/overview", status: "https://status.example" },
    retention: { observations: 604_800, archive: 2_592_000 },
    ...more,
  };
}
