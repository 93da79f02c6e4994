"""Prometheus as the judge of rules: promtool runs, and says at which minutes a rule fires.

The minutes come out of expectations that fail: promtool prints what it got. A number of up to 50
bits says which of 50 minutes an alert fired in; a float holds 53 exactly.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.cases.promtool import VARIANT, distinct, firing, input_of, lasts, pace, rule_file
from belfry.yaml_text import written
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from belfry.cases.claims import Claim
    from belfry.rules import ServiceRule

_CHUNK = 50
_GOT = re.compile(
    r'expr: "(?P<expr>(?:\\.|[^"\\])*)", time: [^\n]*\n'
    r"\s*exp: [^\n]*\n"
    r"\s*got: \S*\s*(?P<got>[^\n]+)"
)
_ASKED = re.compile(r'claim!=\\"(?P<claim>\d+) (?P<chunk>\d+)\\"')
_LONG = 720
_STRIDE = 20
"""Minutes."""
_AT_ONCE = 2
"""Processes, as there are cores."""


def run(promtool: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run promtool in a folder, which holds what it writes as well."""
    return subprocess.run(
        [promtool, *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def judged(promtool: Path, folder: Path, rules: str, tests: str) -> str:
    """Run the tests of one file; give what promtool says of those that fail, or nothing."""
    folder.mkdir(exist_ok=True)
    (folder / "rules.yml").write_text(rules, encoding="utf-8")
    (folder / "test.yml").write_text(tests, encoding="utf-8")
    ended = run(promtool, folder, "test", "rules", "test.yml")
    return "" if ended.returncode == 0 else ended.stdout + ended.stderr


def firing_minutes(
    claims: Iterable[Claim],
    promtool: Path,
    folder: Path,
    *,
    coarsely: bool = False,
    rules_of: Callable[[Sequence[ServiceRule]], str] = rule_file,
) -> Mapping[str, tuple[int, ...]]:
    """Give, for each claim by its id, the minutes of its case at which the rule fires.

    Minute 0 is that of the first value. Claims about one rule are judged together, two rules at
    once; `folder` must be the caller's own. A long case is judged at its own pace (`pace`), or
    coarsely, every 20 minutes. `rules_of` writes the rules otherwise.

    Raises:
        EngineError: promtool takes a rule or a series for none.

    """
    found: dict[tuple[str, int], list[Claim]] = defaultdict(list)
    for claim in claims:
        stride = _STRIDE if coarsely and lasts(claim) > _LONG else pace(claim)
        found[claim.rule.rule, stride].append(claim)
    minutes: dict[str, tuple[int, ...]] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        jobs = [
            pool.submit(
                _minutes_of, _Asked(some, stride), promtool, folder / f"firing-{index}", rules_of
            )
            for index, ((_, stride), some) in enumerate(found.items())
        ]
        for job in jobs:
            minutes |= job.result()
    return minutes


@dataclass(frozen=True, slots=True)
class _Asked:
    """Claims about one rule, and the minutes between two evaluations of it."""

    claims: Sequence[Claim]
    stride: int

    def steps(self, claim: Claim) -> int:
        """Give the evaluations after the first."""
        return lasts(claim) // self.stride

    def tests(self, rules: Sequence[ServiceRule]) -> Iterator[Mapping[str, object]]:
        """Give a test for every claim, which asks for one chunk of evaluations after the other."""
        numbers = {rule: index for index, rule in enumerate(rules)}
        for index, claim in enumerate(self.claims):
            chunks = range(self.steps(claim) // _CHUNK + 1)
            asked = [self._asked(numbers[claim.rule], index, chunk) for chunk in chunks]
            yield {**input_of(claim), "promql_expr_test": asked}

    def _asked(self, number: int, claim: int, chunk: int) -> Mapping[str, object]:
        """Ask which of 50 evaluations fired; answers are never as expected, so each is printed."""
        alerts = firing(number).replace(VARIANT, f'claim!="{claim} {chunk}",{VARIANT}')
        bit = f"timestamp({alerts}) / {60 * self.stride} - {chunk * _CHUNK}"
        window = f"[{_CHUNK * self.stride}m:{self.stride}m]"
        end = ((chunk + 1) * _CHUNK - 1) * self.stride
        return {
            "expr": f"2 ^ 51 + (sum(sum_over_time((2 ^ ({bit})){window})) or vector(0))",
            "eval_time": f"{end}m",
            "exp_samples": [{"labels": "{}", "value": -1}],
        }


def _minutes_of(
    asked: _Asked, promtool: Path, folder: Path, rules_of: Callable[[Sequence[ServiceRule]], str]
) -> dict[str, tuple[int, ...]]:
    rules = distinct(asked.claims)
    file = {
        "rule_files": ["rules.yml"],
        "evaluation_interval": f"{asked.stride}m",
        "tests": list(asked.tests(rules)),
    }
    said = judged(promtool, folder, rules_of(rules), written(file))
    bits: dict[int, int] = defaultdict(int)
    answers = list(_answers(said))
    for claim, chunk, got in answers:
        bits[claim] |= got << _CHUNK * chunk
    if len(answers) != sum(asked.steps(one) // _CHUNK + 1 for one in asked.claims):
        raise EngineError(f"promtool does not judge {rules[0].rule}: {said.strip()}")
    return {
        claim.id: tuple(
            step * asked.stride for step in range(asked.steps(claim) + 1) if bits[index] >> step & 1
        )
        for index, claim in enumerate(asked.claims)
    }


def _answers(said: str) -> Iterator[tuple[int, int, int]]:
    """Read which claim and chunk an answer is about, and its bits."""
    for one in _GOT.finditer(said):
        asked = _ASKED.search(one["expr"])
        if asked is not None:
            yield int(asked["claim"]), int(asked["chunk"]), int(float(one["got"])) - 2**51
