"""A platform file of any number of services, as a company of that size would have it."""

from __future__ import annotations

HEAD = """\
platform: large
plans: {cloudflare: enterprise, health-checks: 10000}
environments:
  local: {paging: worker, stand-ins: true}
  prod: {paging: worker, domain: large.example}
severities:
  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [people]}
channels:
  people: {slack: {webhook: secret:people}}
application: {of: service-0, runs-on: node}
"""
GROUP = 10
"""Services that need each other in a row: one website, its APIs, and what they stand on."""


def platform_file(services: int) -> str:
    """Write a platform of so many services, each asked every minute and with a rule of its own."""
    lines = [HEAD + "services:"]
    for number in range(services):
        kind = "website" if number % GROUP == 0 else "http-api"
        last = number % GROUP == GROUP - 1 or number == services - 1
        needs = "" if last else f", needs: [service-{number + 1}]"
        address = f"https://s{number}.${{domain}}"
        lines.append(f"  service-{number}: {{is: {kind}, url: '{address}'{needs}}}")
    lines.append("checks:")
    lines += [
        f"  check-{number}: {{of: service-{number}, http: {{path: /health}}, every: 60s}}"
        for number in range(services)
    ]
    lines.append("rules:\n  all:\n    use: [WorkerDown, FrontendDown, HighResponseTime]\n    own:")
    lines += [
        f"      Fails{number}: {{of: service-{number}, severity: P0, "
        f"summary: Service {number} fails, failures: 2}}"
        for number in range(services)
    ]
    return "\n".join(lines) + "\n"
