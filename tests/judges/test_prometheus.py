"""What is rendered for Prometheus, judged by Prometheus' own tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.application import apply_rules
from belfry.catalogue import load_catalogue
from belfry.conditions import Down, Plain, Reading
from belfry.language.signals import Source
from belfry.loading import load_platform
from belfry.prometheus import prometheus_files
from belfry.prometheus.recordings import recordings
from belfry.prometheus.rule_files import alert_lines, file_of, recorded_lines, texts_of
from belfry.promql import alert, query
from belfry.routes.alerts import labels_of
from belfry.rules import Silence
from belfry.schedule import schedule
from belfry.targets import METRICS_KEY, metrics_key
from engine.promtool import run
from tests.unit.conditions import CONDITIONS, rule
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from belfry.conditions import Condition
    from belfry.rules import ServiceRule

CATALOGUE = load_catalogue()
EXAMPLE = load_platform(ROOT / "platforms" / "example.yaml")
ENVIRONMENTS = [
    pytest.param(path, environment, id=f"{path.stem}-{environment}")
    for path in sorted((ROOT / "platforms").glob("*.yaml"))
    for environment in load_platform(path).environments
]
HOSTILE = (
    'a"b',
    "a\\",
    "a\nb",
    "a\r\tb",
    "{{ $value }}",
    "{{",
    "}}",
    "`",
    "'",
    "# no comment",
    "*/",
    "ünïcode–日本",
    "\x00\x07\x1b",
    "\u2028\u0085\ufeff",
    "",
    " ",
    "null",
    "1e3",
    "- a: b",
    "%s${a}",
)
"""Names that end strings, lines or templates of some language that they stand in."""


def put(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def files_of(path: Path, environment: str, secrets: Path) -> Mapping[str, str]:
    platform = load_platform(path, environment=environment)
    rules = apply_rules(platform, CATALOGUE, schedule(platform))
    secrets.mkdir()
    for name in (METRICS_KEY, metrics_key(platform)):
        (secrets / name).write_text("key", encoding="utf-8")
    if platform.server and platform.server.remote_write and platform.server.remote_write.password:
        name = platform.server.remote_write.password.name
        (secrets / name).write_text("key", encoding="utf-8")
    return prometheus_files(platform, environment, rules, secrets=str(secrets))


def written(rules: Sequence[ServiceRule]) -> str:
    """The rules and what they need recorded, in one file."""
    found = recordings(rules)
    lines = [line for one in found.rules for line in recorded_lines(one)]
    for one in rules:
        expression = alert(one, found.numbers)
        assert expression is not None
        lines += alert_lines(one, expression, labels_of(EXAMPLE, "prod", one), texts_of(one))
    return file_of("all", lines)


def refused(promtool: Path, folder: Path, *names: str) -> str:
    ended = run(promtool, folder, "check", "rules", "--lint=all", "--lint-fatal", *names)
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


@pytest.mark.parametrize(("path", "environment"), ENVIRONMENTS)
def test_every_shipped_platform_s_files_are_good_in_every_environment(
    path: Path, environment: str, promtool: Path, tmp_path: Path
) -> None:
    files = files_of(path, environment, tmp_path / "secrets")
    folder = put(tmp_path / "files", files)
    assert not refused(promtool, folder, *(name for name in files if name != "prometheus.yml"))
    if "prometheus.yml" in files:
        ended = run(
            promtool, folder, "check", "config", "--lint=all", "--lint-fatal", "prometheus.yml"
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_broken_file_is_refused(promtool: Path, tmp_path: Path) -> None:
    good = written([rule(condition) for condition in (CONDITIONS["down"],)])
    bad = good.replace("last_over_time(probe_up", "last_over_time((probe_up")
    assert good != bad
    put(
        tmp_path,
        {"good.yml": good, "bad.yml": bad, "twice.yml": good + good.partition("rules:\n")[2]},
    )
    assert not refused(promtool, tmp_path, "good.yml")
    assert "parse error" in refused(promtool, tmp_path, "bad.yml")
    assert "duplicate" in refused(promtool, tmp_path, "twice.yml")


@pytest.mark.parametrize("silence", Silence)
def test_conditions_of_every_kind_are_promql_whatever_a_service_is_called(
    silence: Silence, promtool: Path, tmp_path: Path
) -> None:
    rules = [
        rule(condition, name=f"Trouble{index}", service=name, silence=silence)
        for index, condition in enumerate(CONDITIONS.values())
        for name in HOSTILE
    ]
    put(tmp_path, {"rules.yml": written(rules)})
    assert not refused(promtool, tmp_path, "rules.yml")


def test_what_grafana_asks_is_promql_too(promtool: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    for index, condition in enumerate(CONDITIONS.values()):
        one = rule(condition, name=f"Trouble{index}", service=HOSTILE[0])
        asked = query(one)
        assert asked is not None
        lines += alert_lines(one, asked.expression, {"service": "api"}, {})
    put(tmp_path, {"rules.yml": file_of("all", lines)})
    assert not refused(promtool, tmp_path, "rules.yml")


def test_labels_metrics_and_foreign_expressions_cannot_break_a_rule(
    promtool: Path, tmp_path: Path
) -> None:
    up = CONDITIONS["down"]
    assert isinstance(up, Down)
    odd: list[Reading] = [
        Reading(
            signal="odd",
            metric=metric,
            kind=up.reading.kind,
            measure=up.reading.measure,
            source=Source.SDK,
            matchers=(("path", value),),
        )
        for metric in ("up", "http.requests", "a:b", "9lives")
        for value in HOSTILE
    ]
    conditions: list[Condition] = [
        *(Down(reading=one) for one in odd),
        *(
            Plain(expression=text, above=True, limit=-1e-9, source=Source.POSTGRES)
            for text in (
                'pg_up{service="api"} # a comment',
                'max by (service) (a{b=")"}) or max by (service) (b)',
                "max by(service)(up) # (",
                "  sum by (service) (\n    up\n  )\n",
                "vector(1)",
            )
        ),
    ]
    rules = [
        rule(condition, name=f"Trouble{index}", silence=Silence.ALERTING)
        for index, condition in enumerate(conditions)
    ]
    put(tmp_path, {"rules.yml": written(rules)})
    assert not refused(promtool, tmp_path, "rules.yml")
