"""Grafana on the cases of every rule: it fires in the minutes in which Prometheus does.

Grafana itself is not run. Prometheus judges what its queries answer, minute by minute, and
`belfry.grafana_states` simulates what Grafana makes of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from belfry.cases.claims import Claim, claims
from belfry.cases.made import made_cases
from belfry.catalogue import load_catalogue
from belfry.conditions import Absent, Down, Plain, Take, Told
from belfry.rules import Case, Silence
from tests.judges.grafana_answers import firing_in_both
from tests.unit.conditions import CONDITIONS, LOAD, REQUESTS, UP, above, rule, value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from belfry.conditions import Condition

CATALOGUE = load_catalogue()
NAMES = [name for name in CATALOGUE.rules if any(claims(CATALOGUE, [name]))]
BEGINS_AT_ONCE = {"BackupTooOld/fires/1": (1560, 0)}
"""Silence of what was never heard: the minutes at which Prometheus and Grafana begin.

Prometheus waits until it has judged for `no-data.after`. To Grafana it is no data at once, which
then only has to last for the rule's `for`.
"""


@pytest.mark.parametrize("name", NAMES)
def test_grafana_fires_in_the_minutes_in_which_prometheus_does(
    name: str, promtool: Path, tmp_path: Path
) -> None:
    found = list(claims(CATALOGUE, [name]))
    prometheus, grafana = firing_in_both(found, promtool, tmp_path)
    for claim in found:
        ours, theirs = grafana[claim.id], prometheus[claim.id]
        assert bool(ours) == claim.fires, claim.id
        if claim.id in BEGINS_AT_ONCE:
            assert isinstance(claim.rule.condition, Plain)
            assert claim.rule.silence is Silence.ALERTING
            assert (theirs[0], ours[0]) == BEGINS_AT_ONCE[claim.id]
            assert set(theirs) < set(ours)
        else:
            assert ours == theirs, claim.id


def test_the_cases_that_differ_are_there() -> None:
    assert {claim.id for claim in claims(CATALOGUE)} >= BEGINS_AT_ONCE.keys()


def test_conditions_of_every_kind_fire_in_the_same_minutes(promtool: Path, tmp_path: Path) -> None:
    rules = [
        rule(condition, name=f"Trouble{index}", hold=120, silence=Silence.OK, silent_after=600)
        for index, condition in enumerate(CONDITIONS.values())
        if not isinstance(condition, Plain | Told | Absent)
    ]
    found = [
        Claim(id=f"{one.rule}/{fires}/{index}", rule=one, case=case, fires=fires)
        for one in rules
        for fires, some in ((True, made_cases(one).fires), (False, made_cases(one).quiet))
        for index, case in enumerate(some)
    ]
    prometheus, grafana = firing_in_both(found, promtool, tmp_path)
    assert grafana == prometheus
    assert any(grafana.values())


@dataclass(frozen=True, kw_only=True)
class Silent:
    """A history in which something falls silent, and when each of both begins to fire."""

    says: str
    condition: Condition
    series: Mapping[str, str]
    prometheus: tuple[int, ...]
    grafana: tuple[int, ...]
    hold: int = 0


LOADED = above(value(LOAD, Take.MEAN, 300), 0.9)
SILENT = (
    Silent(
        says="a probe that falls silent is heard after its time, by both",
        condition=Down(reading=UP),
        series={"probe-up": "1x5 _x14"},
        prometheus=(15,),
        grafana=(15,),
    ),
    Silent(
        says="of that time `for` is a part, for both",
        condition=Down(reading=UP),
        series={"probe-up": "1x5 _x14"},
        prometheus=(15,),
        grafana=(15,),
        hold=300,
    ),
    Silent(
        says="where a window is shorter, Grafana hears silence as soon as it is empty",
        condition=LOADED,
        series={"load": "0.1x5 _x14"},
        prometheus=(15,),
        grafana=(10,),
    ),
    Silent(
        says="Grafana says at once what Prometheus waits for: that something was never heard",
        condition=Down(reading=UP),
        series={"up": "1x15"},
        prometheus=(10,),
        grafana=(0,),
    ),
    Silent(
        says="it waits for `for` at least",
        condition=Down(reading=UP),
        series={"up": "1x15"},
        prometheus=(10,),
        grafana=(5,),
        hold=300,
    ),
    Silent(
        says="a rule about silence itself is silent about itself in neither",
        condition=Absent(reading=REQUESTS, after=300),
        series={"requests": "0+60x5 _x14"},
        prometheus=(10,),
        grafana=(10,),
    ),
)


@pytest.mark.parametrize("silent", SILENT, ids=lambda one: one.says)
def test_silence_is_heard(silent: Silent, promtool: Path, tmp_path: Path) -> None:
    one = rule(silent.condition, hold=silent.hold, silence=Silence.ALERTING, silent_after=600)
    case = Case(says=silent.says, series=silent.series)
    claim = Claim(id="silent", rule=one, case=case, fires=True)
    prometheus, grafana = firing_in_both([claim], promtool, tmp_path)
    assert (prometheus["silent"][:1], grafana["silent"][:1]) == (silent.prometheus, silent.grafana)
