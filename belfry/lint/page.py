"""docs/lint.md: every check, how to silence one, how to run it; `make docs` writes the page."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from belfry.lint.settings import DAY, Settings
from belfry.lint.table import CHECKS

WRITTEN = Path(__file__).resolve().parents[2] / "docs" / "lint.md"

_HEAD = """\
<!-- `make docs` writes this page; its text stands in belfry/lint/page.py and table.py. -->
# Lint

`belfry lint` finds rules that never fire, always fire, or tell nobody anything. `promtool check
rules` says whether Prometheus takes a file; this says whether the rules in it do what people think.

```
belfry lint                              the catalogue, and what every platform compiles to
belfry lint rules/ more/*.yaml           Prometheus' rule files of any origin
jsonnet rules.jsonnet | belfry lint -    what a generator makes
belfry lint --list                       all checks
belfry lint --explain template-label     one check: why it is there, and what would be right
```

## What is read

Rule files of Prometheus in YAML or JSON, a `PrometheusRule` of Kubernetes or a `List` of them,
several such documents in a file, anchors and merge keys. Of a plain rule file Prometheus reads the
first document only: groups in a later one are read here too, and told as `later-document`.

Keys of Thanos and Mimir are taken although Prometheus refuses them: `namespace` at the top;
`partial_response_strategy`, `source_tenants` and `align_evaluation_time_on_interval` in a group.

A folder stands for all its files that end in `.yml`, `.yaml`, `.rules` or `.json`; those that hold
no rules are counted and left out, and a folder of nothing else is a mistake. A file that is named
and holds none is explained: a dashboard, an Alertmanager configuration, a template of Helm.

Every finding has the place in the file, down to the character within an expression, however the
expression is written: plain, quoted, folded, as a block. What a platform compiles to stands in no
file: its findings have the place of the rule. All findings are told at once, also those of other
files where one cannot be read.

PromQL is read as Prometheus 3.14 reads it; the tests hold both against each other. Two things
differ: brackets nested more than 120 deep are refused, and the names of Unicode's classes in
regular expressions (`\\p{…}`) are not looked up.

## How much is told, and the exit status

| severity | means | told | exit status |
|---|---|---|---|
| error | Prometheus refuses it, or it cannot do what it is for | always | 2 |
| warning | it does not do what people think | by default | 0, or 2 with `--fail-on warning` |
| info | it could be better | with `--severity info` | 0, or 2 with `--fail-on info` |

Findings are written to standard output, or with `--output FILE` to a file; progress, and what was
asked wrongly, to standard error. `--json` and `--sarif` tell the same to machines, mistakes in the
catalogue or a platform too. SARIF is what code hosts and editors show on the lines themselves.
`NO_COLOR=1` turns colours off.

## What is taken for granted

A file does not say how the Prometheus that will judge it is set up. Say it, if it is otherwise:

| option | default | used by |
|---|---|---|
"""

_SILENCE = """
## Silencing a check

Every silence names the check and, behind `--`, the reason. In a rule file it is a comment:

```yaml
# belfry-lint: off-file no-team -- one team has this whole file
groups:
  - name: disks
    rules:
      # belfry-lint: off counter-raw -- the exporter calls a gauge _total
      - alert: DriveOffline
        expr: minio_cluster_drive_offline_total > 0
        labels: {severity: warning} # belfry-lint: off no-summary, no-description -- it will come
```

`off` above a rule or in it is about that rule, above a group or at its head about the group;
`off-file` anywhere is about the file. For the catalogue and the platforms it is an entry of
`lint.yaml` at the root of the checkout (`--silences FILE` names another):

```yaml
off:
  - check: rule-panel
    rule: Watchdog # of one rule; without it, of all
    reason: It has no panel of its own.
```

A silence without a reason, one that silences nothing, and one of a check that does not exist are
findings themselves.
"""


def page() -> str:
    """Write the page."""
    plain = Settings()
    rows = [
        ("`--scrape`", f"{plain.scrape:g}s", "rate-window, absent-for"),
        ("`--interval`", "unknown", "for-interval, for-short, where a group does not say it"),
        ("`--retention`", f"{plain.retention / DAY:g}d", "window-retention"),
        ("`--severities`", ", ".join(plain.severities), "unknown-severity"),
        ("`--keep LABEL`", "none", "dropped-label"),
        ("`--require LABEL`", "none", "selector-labels"),
    ]
    lines = [_HEAD.rstrip("\n"), *(f"| {' | '.join(row)} |" for row in rows), _SILENCE.rstrip("\n")]
    lines += ["", "## The checks", ""]
    lines.append(f"{len(CHECKS)} in all. The id is what silences, `--explain` and SARIF name.")
    for subject, checks in groupby(CHECKS.values(), lambda one: one.subject):
        lines += ["", f"### {subject.value}", ""]
        lines += ["| check | severity | looks for | why | instead |", "|---|---|---|---|---|"]
        lines += [
            f"| `{one.id}` | {one.severity} | {_cell(one.says)} | {_cell(one.reason)} "
            f"| {_cell(one.remedy)} |"
            for one in checks
        ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    WRITTEN.write_text(page(), encoding="utf-8")
