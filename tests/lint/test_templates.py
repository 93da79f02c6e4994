"""Go templates: those that Go reads and those that it does not; promtool judges them as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from belfry.lint.go_templates import template

FOLDER = Path(__file__).parent / "templates"


def written(name: str) -> list[str]:
    return list(map(json.loads, (FOLDER / name).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("text", written("accepted.jsonl"))
def test_what_go_reads_is_read(text: str) -> None:
    assert template(text).wrong is None


@pytest.mark.parametrize("text", written("refused.jsonl"))
def test_what_go_refuses_is_told_with_its_place(text: str) -> None:
    wrong = template(text).wrong
    assert wrong is not None
    assert 0 <= wrong.offset <= len(text)
    assert wrong.wrong
    assert wrong.right


def test_it_is_known_what_a_template_uses() -> None:
    text = (
        '{{ $labels.job }} {{ .Labels.pod | title }} {{ index $labels "a-b" }} {{ $.Labels.c }}'
        '{{ range query "up" }}{{ .Labels.not_the_alerts }}{{ .Value }}{{ end }}'
        "{{ $value | humanize }} {{ printf `%f` .Value }} {{ .Nothing }}"
    )
    found = template(text)
    assert found.wrong is None
    assert [use.name for use in found.labels] == ["job", "pod", "a-b", "c"]
    assert [use.name for use in found.values] == ["humanize", "printf"]
    assert [use.name for use in found.queries] == ["up"]
    assert [use.name for use in found.strays] == [".Nothing"]
    assert text.startswith("$labels.job", found.labels[0].offset)
