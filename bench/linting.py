"""The cost of linting rules: of a public collection, and of a file as it grows.

The collection is samber/awesome-prometheus-alerts (CC BY 4.0), 954 alerts in 112 files of its
folder dist/; it is not part of this checkout. `RULES=folder make bench ARGS=lint` measures it.
"""

from __future__ import annotations

import os
from pathlib import Path

from belfry.lint.linting import lint
from belfry.lint.settings import Settings
from bench.table import table
from bench.timing import median

SIZES = (100, 1_000, 10_000)
RUNS = 3
BAR = 2.0
"""Seconds for 1,000 rules."""
COLLECTION_BAR = 10.0
"""Seconds for the collection."""
_PLANTED = 4
"""One rule of so many has a mistake in it."""


def rule_file(rules: int) -> str:
    """Write a file of so many rules, of the kinds that people write, some with a mistake."""
    lines = ["groups:"]
    for number in range(rules):
        if number % 20 == 0:
            lines += [f"  - name: group-{number // 20}", "    interval: 1m", "    rules:"]
        by = "" if number % _PLANTED == 0 else " by (service, instance)"
        lines += [
            f"      - alert: TooManyErrors{number}",
            "        expr: |",
            f"          sum{by} (",
            f'            rate(http_requests_total{{service="s{number}",code=~"5.."}}[5m])',
            "          )",
            "            /",
            f"          sum{by} (",
            f'            rate(http_requests_total{{service="s{number}"}}[5m])',
            "          ) > 0.05",
            "        for: 5m",
            "        labels: {severity: critical, team: web}",
            "        annotations:",
            f"          summary: Service {number} on {{{{ $labels.instance }}}} fails",
            "          description: '{{ $value | humanizePercentage }} of requests fail'",
            f"          runbook_url: https://docs.example/TooManyErrors{number}",
        ]
    return "\n".join(lines) + "\n"


def measure() -> str:
    """Lint generated files, and the collection if RULES names its folder; return the tables."""
    rows = [_row(size) for size in SIZES]
    grown = table(
        "Lint, as a file of rules grows",
        ["rules", "bytes", "time", "a thousand rules", f"ratio of that to {BAR:g} s", "findings"],
        rows,
        f"Median of {RUNS}; one rule in {_PLANTED} names a label that its expression drops.",
    )
    folder = os.environ.get("RULES")
    return f"{grown}\n\n{_collection(Path(folder))}" if folder else grown


def _row(size: int) -> list[str]:
    data = rule_file(size).encode()
    seconds, linted = median(lambda: lint(data, "rules.yaml", Settings()), runs=RUNS)
    return [
        f"{size:,}",
        f"{len(data):,}",
        f"{seconds * 1000:.0f} ms",
        f"{seconds / size * 1e6:.0f} ms",
        f"{seconds / size * 1000 / BAR:.2f}",
        f"{len(linted.findings):,}",
    ]


def _collection(folder: Path) -> str:
    files = [(path.read_bytes(), str(path)) for path in sorted(folder.rglob("*.y*ml"))]
    settings = Settings()
    seconds, linted = median(lambda: [lint(*one, settings) for one in files], runs=RUNS)
    rules = sum(one.rules for one in linted)
    with_rules = sum(one.rules > 0 or not one.findings for one in linted)
    return table(
        "Lint, of a public collection",
        ["files", "rules", "time", f"ratio to {COLLECTION_BAR:g} s", "findings"],
        [
            [
                f"{with_rules:,}",
                f"{rules:,}",
                f"{seconds * 1000:.0f} ms",
                f"{seconds / COLLECTION_BAR:.3f}",
                f"{sum(len(one.findings) for one in linted):,}",
            ]
        ],
        f"Median of {RUNS}.",
    )
