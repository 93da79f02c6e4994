"""A directory a case: a platform file in, a stack or a list of mistakes out, reviewed as text."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from belfry.catalogue import load_catalogue
from belfry.compile import LocalAddress, Target, compile_stack
from belfry.loading import load_platform
from belfry.problems import Problems

HERE = Path(__file__).parent
CATALOGUE = load_catalogue()
STACKS = sorted(path.parent for path in HERE.glob("stacks/*/environment"))
MISTAKES = sorted(path.parent for path in HERE.glob("mistakes/*/platform.yaml"))
TARGET = Target(
    workers_subdomain="shop",
    localcloud=LocalAddress(url="http://127.0.0.1:8787", smtp="127.0.0.1:8788"),
)


def stack_of(case: Path) -> str:
    environment = (case / "environment").read_text(encoding="utf-8").strip()
    stack = compile_stack(
        load_platform(case / "platform.yaml", environment=environment, catalogue=CATALOGUE),
        environment=environment,
        catalogue=CATALOGUE,
        worker_code="export default {};\n",
        dashboards=(),
        target=replace(TARGET, owns_grafana_policy=(case / "owns-grafana-policy").exists()),
    )
    value = asdict(stack)
    value["worker"]["configuration"] = json.loads(stack.worker.configuration)
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def check_against(expected: Path, made: str, *, update: bool) -> None:
    if update:
        expected.write_text(made, encoding="utf-8")
    assert made == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", STACKS, ids=lambda case: case.name)
def test_a_platform_compiles_into_the_stack_beside_it(case: Path, *, update: bool) -> None:
    check_against(case / "stack.json", stack_of(case), update=update)


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case.name)
def test_the_mistakes_of_a_file_are_those_beside_it(
    case: Path, monkeypatch: pytest.MonkeyPatch, *, update: bool
) -> None:
    monkeypatch.chdir(case)
    with pytest.raises(Problems) as raised:
        load_platform(Path("platform.yaml"), catalogue=CATALOGUE)
    check_against(case / "expected.txt", raised.value.render() + "\n", update=update)


def test_there_are_cases() -> None:
    assert len(STACKS) >= 5
    assert len(MISTAKES) >= 25
