"""The cases of every rule, judged by Prometheus itself."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from belfry.application import apply_rules
from belfry.cases.claims import Claim, claims
from belfry.cases.made import made_cases
from belfry.cases.promtool import claim_file, distinct, pace, rule_file
from belfry.catalogue import load_catalogue
from belfry.conditions import Plain, Told
from belfry.loading import load_platform
from belfry.promises import rule_sets
from belfry.rules import ServiceRule, Silence
from belfry.schedule import schedule
from engine.promtool import firing_minutes, judged
from tests.unit.conditions import CONDITIONS, rule
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

CATALOGUE = load_catalogue()
PLATFORMS = sorted((ROOT / "platforms").glob("*.yaml"))


def made(rules: Iterable[ServiceRule]) -> Iterator[Claim]:
    """What the made cases of rules claim."""
    for one in rules:
        cases = made_cases(one)
        for fires, some in ((True, cases.fires), (False, cases.quiet)):
            for index, case in enumerate(some):
                yield Claim(id=f"{one.id}/{fires}/{index}", rule=one, case=case, fires=fires)


def own_rules(path: Path) -> list[ServiceRule]:
    """The rules of a platform's own, in whichever environment has them."""
    found: dict[ServiceRule, None] = {}
    for environment in load_platform(path).environments:
        platform = load_platform(path, environment=environment)
        for name, rules in apply_rules(platform, CATALOGUE, schedule(platform)).items():
            found |= {one: None for one in rules if one.rule in rule_sets(platform)[name].own}
    return list(found)


@pytest.mark.parametrize("name", CATALOGUE.rules)
def test_the_cases_of_a_rule_fire_it_or_leave_it_quiet(
    name: str, promtool: Path, tmp_path: Path
) -> None:
    found = list(claims(CATALOGUE, [name]))
    if not found:
        assert all(
            isinstance(when, Told) or when.KEY == "told" for when in CATALOGUE.rules[name].when
        )
        return
    for every in sorted({pace(claim) for claim in found}):
        some = [claim for claim in found if pace(claim) == every]
        rules = distinct(some)
        tests = claim_file(rules, some, "rules.yml", every)
        assert not judged(promtool, tmp_path / f"{every}", rule_file(rules), tests)


@pytest.mark.parametrize("path", PLATFORMS, ids=lambda path: path.stem)
def test_every_rule_of_a_platform_s_own_fires_beyond_its_limit_and_is_quiet_within(
    path: Path, promtool: Path, tmp_path: Path
) -> None:
    rules = own_rules(path)
    found = list(made(rules))
    minutes = firing_minutes(found, promtool, tmp_path, coarsely=True)
    assert [claim.id for claim in found if bool(minutes[claim.id]) != claim.fires] == []
    proved = {(claim.rule, claim.fires) for claim in found}
    tellable = [one for one in rules if not isinstance(one.condition, Told)]
    assert proved == set(product(tellable, (True, False)))


@pytest.mark.parametrize(("hold", "silence"), [(0, Silence.OK), (300, Silence.ALERTING)])
def test_conditions_of_every_kind_fire_beyond_their_limits_and_are_quiet_within(
    hold: int, silence: Silence, promtool: Path, tmp_path: Path
) -> None:
    rules = [
        rule(condition, name=f"Trouble{index}", hold=hold, silence=silence, silent_after=600)
        for index, condition in enumerate(CONDITIONS.values())
        if not isinstance(condition, Plain)
    ]
    found = list(made(rules))
    assert {claim.rule for claim in found if claim.fires} == set(rules)
    assert {claim.rule for claim in found if not claim.fires} == set(rules)
    minutes = firing_minutes(found, promtool, tmp_path)
    wrong = [claim for claim in found if bool(minutes[claim.id]) != claim.fires]
    assert [(claim.rule.condition, claim.case) for claim in wrong] == []
