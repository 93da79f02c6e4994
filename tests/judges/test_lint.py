"""What `belfry lint` says of the form of a file, judged by promtool: neither refuses more."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from belfry.expressions import Expression, SyntaxProblem, parse
from belfry.lint.go_templates import template
from belfry.lint.linting import lint
from belfry.lint.settings import Settings
from belfry.lint.table import CHECKS
from tests.judges.growing import expressions, regular_expressions, templates
from tests.lint.test_reading import LIMITS, NO_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable

LINT = Path(__file__).parents[1] / "lint"
REFUSED = {
    name for name, check in CHECKS.items() if check.reason.endswith("refuses the whole file.")
} | {"unknown-key", "not-yaml"}
"""Checks of what Prometheus does not load."""


def written(path: str) -> list[object]:
    return list(map(json.loads, (LINT / path).read_text(encoding="utf-8").splitlines()))


def refused(promtool: Path, file: Path, rules: list[dict[str, object]]) -> set[int]:
    """Give the numbers of the rules that promtool refuses, each in a group of its own."""
    groups = [{"name": f"g{number}", "rules": [rule]} for number, rule in enumerate(rules)]
    file.write_text(json.dumps({"groups": groups}), encoding="utf-8")
    result = subprocess.run(
        [promtool, "check", "rules", "--lint=none", file],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        int(one) for one in re.findall(r'group "g(\d+)", rule 1', result.stdout + result.stderr)
    }


@pytest.mark.parametrize(
    ("name", "taken"), [("accepted", True), ("experimental", False), ("refused", False)]
)
def test_promtool_says_the_same_of_every_expression(
    promtool: Path, tmp_path: Path, name: str, taken: bool
) -> None:
    texts = [
        one[1] if isinstance(one, list) else one for one in written(f"expressions/{name}.jsonl")
    ]
    rules: list[dict[str, object]] = [{"record": "a:b", "expr": text} for text in texts]
    found = refused(promtool, tmp_path / "rules.yaml", rules)
    other = [texts[number] for number in range(len(texts)) if (number in found) is taken]
    assert other == []


@pytest.mark.parametrize(("name", "taken"), [("accepted", True), ("refused", False)])
def test_promtool_says_the_same_of_every_template(
    promtool: Path, tmp_path: Path, name: str, taken: bool
) -> None:
    texts = written(f"templates/{name}.jsonl")
    rules: list[dict[str, object]] = [
        {"alert": "A", "expr": "up", "annotations": {"a": text}} for text in texts
    ]
    found = refused(promtool, tmp_path / "rules.yaml", rules)
    other = [texts[number] for number in range(len(texts)) if (number in found) is taken]
    assert other == []


@pytest.mark.parametrize(
    ("limits", "taken"), [(NO_LIMITS, False), (LIMITS, True)], ids=("refused", "taken")
)
def test_promtool_says_the_same_of_the_limit_of_a_group(
    promtool: Path, tmp_path: Path, limits: tuple[str, ...], taken: bool
) -> None:
    file = tmp_path / "rules.yaml"
    for limit in limits:
        file.write_text(f"groups:\n- name: a\n  limit: {limit}\n  rules: []\n", encoding="utf-8")
        told = subprocess.run(
            [promtool, "check", "rules", "--lint=none", file], capture_output=True, check=False
        )
        assert (told.returncode == 0) is taken, limit


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("grow", [expressions, regular_expressions])
def test_promtool_says_the_same_of_random_expressions(
    promtool: Path, tmp_path: Path, grow: Callable[[int, int], list[str]], seed: int
) -> None:
    texts = [one for one in grow(seed, 1_000) if one.strip()]
    rules: list[dict[str, object]] = [{"record": "a:b", "expr": text} for text in texts]
    found = refused(promtool, tmp_path / "rules.yaml", rules)
    mine = {number for number, text in enumerate(texts) if _is_refused(parse(text))}
    assert [texts[number] for number in found ^ mine] == []
    assert 0 < len(mine) < len(texts)


def _is_refused(found: Expression | SyntaxProblem) -> bool:
    return isinstance(found, SyntaxProblem) or bool(found.features)


@pytest.mark.parametrize("seed", [1, 2])
def test_promtool_says_the_same_of_random_templates(
    promtool: Path, tmp_path: Path, seed: int
) -> None:
    texts = templates(seed, 1_000)
    rules: list[dict[str, object]] = [
        {"alert": "A", "expr": "up", "annotations": {"a": text}} for text in texts
    ]
    found = refused(promtool, tmp_path / "rules.yaml", rules)
    mine = {number for number, text in enumerate(texts) if template(text).wrong}
    assert [texts[number] for number in found ^ mine] == []
    assert 0 < len(mine) < len(texts)


@pytest.mark.parametrize("path", sorted(LINT.glob("cases/*.yaml")), ids=lambda path: path.stem)
def test_promtool_refuses_a_file_exactly_when_lint_says_so(promtool: Path, path: Path) -> None:
    result = subprocess.run(
        [promtool, "check", "rules", "--lint=none", path],
        capture_output=True,
        text=True,
        check=False,
    )
    found = lint(path.read_bytes(), path.name, Settings()).findings
    mine = {one.check.id for one in found} & REFUSED
    assert bool(mine) is ("FAILED" in result.stdout + result.stderr), mine
