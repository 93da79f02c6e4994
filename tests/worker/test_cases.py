"""Rules on the Worker's own probes: its judge, the twin in Python, and Prometheus, side by side."""

from __future__ import annotations

import json
import random
import subprocess
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from belfry.addresses import Addresses
from belfry.application import apply_rules, rule_about
from belfry.cases.claims import Claim, claims
from belfry.catalogue import load_catalogue
from belfry.conditions import (
    Absent,
    Beyond,
    Changed,
    Down,
    Fails,
    Fills,
    Reading,
    Take,
    Told,
    Value,
    readings,
)
from belfry.language.signals import Measure, MetricKind, SignalName, Source
from belfry.loading import load_platform
from belfry.rules import Case, Silence
from belfry.schedule import schedule
from belfry.series import parse_series
from belfry.trial import trial
from belfry.worker_conditions import in_its_words, judged_by_worker
from belfry.worker_configuration import Links, configuration, worker_rule
from engine.promtool import firing_minutes
from tests.judges.conftest import judge
from tests.unit.conditions import CONDITIONS
from tests.worker.node import ROOT, node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from belfry.conditions import Condition
    from belfry.rules import ServiceRule

CATALOGUE = load_catalogue()
JUDGED = [claim for claim in claims(CATALOGUE) if judged_by_worker(claim.rule.condition)]
UP = Reading(
    signal=SignalName.PROBE_UP,
    metric="belfry_probe_up",
    kind=MetricKind.GAUGE,
    measure=Measure.TRUTH,
    source=Source.WORKER,
)
SECONDS = replace(
    UP,
    signal=SignalName.PROBE_SECONDS,
    metric="belfry_probe_seconds",
    measure=Measure.SECONDS,
)


@pytest.fixture(scope="session")
def promtool() -> Path:
    return judge("promtool")


def verdicts(claims: Iterable[Claim]) -> list[list[str]]:
    """Give how each rule stands at every minute of its case, as worker/src judges."""
    asked = [
        {
            "rule": worker_rule(claim.rule),
            "isUp": readings(claim.rule.condition)[0].signal == SignalName.PROBE_UP,
            "checks": [parse_series(text) for text in claim.case.series.values()],
        }
        for claim in claims
    ]
    ended = subprocess.run(
        [node(), str(ROOT / "tests" / "worker" / "verdicts.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    found: list[list[str]] = json.loads(ended.stdout)
    return found


def tried(claim: Claim) -> list[str]:
    history = {key: parse_series(text) for key, text in claim.case.series.items()}
    return list(map(str, trial(claim.rule, history)))


def firing(states: Sequence[str]) -> tuple[int, ...]:
    return tuple(minute for minute, state in enumerate(states) if state == "firing")


def about(condition: Condition, **changes: object) -> ServiceRule:
    """Make a rule that fires at once, and for which silence is in order after five minutes."""
    made = rule_about("WorkerDown", CATALOGUE.rules["WorkerDown"], 0)
    assert made is not None
    quiet = replace(made, condition=condition, hold=0, silence=Silence.OK, silent_after=300)
    return replace(quiet, **changes)  # type: ignore[arg-type]


def slow(take: Take, over: int, *, above: bool = True, limit: float = 2) -> Beyond:
    return Beyond(measured=Value(reading=SECONDS, take=take, over=over), above=above, limit=limit)


def claim(rule: ServiceRule, series: Mapping[str, str], name: str = "case") -> Claim:
    return Claim(id=name, rule=rule, case=Case(says=name, series=series), fires=True)


def test_the_worker_judges_the_catalogue_s_rules_on_its_probes() -> None:
    assert {one.rule.rule for one in JUDGED} >= {
        "WorkerDown",
        "FrontendDown",
        "DatabaseConnectionError",
        "HighResponseTime",
        "PartnerUnreachable",
    }


def test_in_the_catalogue_s_cases_all_three_judges_fire_in_the_same_minutes(
    promtool: Path, tmp_path: Path
) -> None:
    worker = dict(zip((one.id for one in JUDGED), verdicts(JUDGED), strict=True))
    assert worker == {one.id: tried(one) for one in JUDGED}
    assert {one.id: bool(firing(worker[one.id])) for one in JUDGED} == {
        one.id: one.fires for one in JUDGED
    }
    assert {name: firing(states) for name, states in worker.items()} == firing_minutes(
        JUDGED, promtool, tmp_path
    )


MADE: Mapping[str, tuple[Condition, str, tuple[int, ...]]] = {
    "the largest above": (slow(Take.MAX, 180), "1x4 3 1x5", (5, 6, 7)),
    "the smallest above": (slow(Take.MIN, 180), "1x4 3x4 1x2", (7, 8, 9)),
    "the last above": (slow(Take.LAST, 60), "1x4 3x2 1x2", (5, 6, 7)),
    "the mean below": (slow(Take.MEAN, 120, above=False), "3x4 1x2 3x2", (6, 7)),
    "the largest below": (slow(Take.MAX, 120, above=False), "3x4 1x2 3x2", (6, 7)),
    "the smallest below": (slow(Take.MIN, 120, above=False), "3x4 1x2 3x2", (5, 6, 7, 8)),
    "the last below": (slow(Take.LAST, 60, above=False), "3x4 1 3x2", (5,)),
    "three in a row": (Fails(reading=UP, times=3, every=60), "1x3 0x1 1 0x3 1", (9, 10)),
    "nothing heard": (Absent(reading=UP, after=300), "1x4 _x8 1", (9, 10, 11, 12)),
}


@pytest.mark.parametrize("name", MADE)
def test_a_condition_on_probes_means_the_same_to_all_three_judges(
    name: str, promtool: Path, tmp_path: Path
) -> None:
    condition, text, minutes = MADE[name]
    (reading,) = readings(condition)
    one = claim(about(condition), {str(reading.signal): text})
    (worker,) = verdicts([one])
    assert worker == tried(one)
    assert firing(worker) == minutes
    assert firing_minutes([one], promtool, tmp_path) == {"case": minutes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A case in which the Worker and Prometheus fire in different minutes; docs/backends.md."""

    rule: ServiceRule
    series: Mapping[str, str]
    worker: tuple[int, ...]
    prometheus: tuple[int, ...]


def up(text: str, **others: str) -> Mapping[str, str]:
    return {"probe-up": text} | {f'probe-up{{check="{key}"}}': one for key, one in others.items()}


DIFFERENT = {
    "a gap while it fires": Difference(
        rule=about(Down(reading=UP)),
        series=up("1x4 0x1 _x8"),
        worker=(5, 6),
        prometheus=tuple(range(5, 11)),
    ),
    "a gap in a row of failures": Difference(
        rule=about(Fails(reading=UP, times=2, every=60)),
        series=up("1x4 0 _ 0 1x2"),
        worker=(7,),
        prometheus=(),
    ),
    "a window that nothing was measured in before": Difference(
        rule=about(slow(Take.MEAN, 300)),
        series={"probe-seconds": "3x6"},
        worker=(4, 5, 6),
        prometheus=tuple(range(7)),
    ),
    "one of several checks falls silent": Difference(
        rule=about(Down(reading=UP), silence=Silence.ALERTING, silent_after=180),
        series={'probe-up{check="a"}': "1x12", 'probe-up{check="b"}': "1x4 _x8"},
        worker=tuple(range(7, 13)),
        prometheus=(),
    ),
    "silence of a rule that waits for nearly as long": Difference(
        rule=about(Down(reading=UP), hold=180, silence=Silence.ALERTING, silent_after=180),
        series=up("1x4 _x8"),
        worker=tuple(range(7, 13)),
        prometheus=tuple(range(9, 13)),
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_where_prometheus_fires_in_other_minutes_it_is_as_the_docs_say(
    name: str, promtool: Path, tmp_path: Path
) -> None:
    said = DIFFERENT[name]
    one = claim(said.rule, said.series)
    (worker,) = verdicts([one])
    assert worker == tried(one)
    assert firing(worker) == said.worker
    assert firing_minutes([one], promtool, tmp_path) == {"case": said.prometheus}


def test_every_difference_is_in_the_docs() -> None:
    text = (ROOT / "docs" / "backends.md").read_text(encoding="utf-8")
    assert [name for name in DIFFERENT if f"| {name} |" not in text] == []


def test_whatever_is_measured_the_twin_in_python_says_what_the_worker_says() -> None:
    made = random.Random(20261121)
    conditions = [*(condition for condition, _, _ in MADE.values()), Down(reading=UP)]
    some = []
    for number in range(400):
        rule = about(
            made.choice(conditions),
            hold=made.choice((0, 60, 180)),
            silence=made.choice(list(Silence)),
            silent_after=made.choice((180, 300)),
        )
        signal = readings(rule.condition)[0].signal
        values = ("0", "1", "_") if signal == SignalName.PROBE_UP else ("1", "3", "_")
        checks = {
            f'{signal}{{check="{check}"}}': " ".join(
                word for _ in range(6) for word in [made.choice(values)] * made.randint(1, 5)
            )
            for check in range(made.randint(1, 3))
        }
        some.append(claim(rule, checks, f"random {number}"))
    found = dict(zip((one.id for one in some), verdicts(some), strict=True))
    assert found == {one.id: tried(one) for one in some}
    assert {state for states in found.values() for state in states} == {
        *("quiet", "pending", "firing", "unknown"),
    }


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_the_worker_does_not_measure_it_is_told(name: str) -> None:
    condition = CONDITIONS[name]
    told = in_its_words(condition)
    assert (told["is"] == "told") is not judged_by_worker(condition)
    if not judged_by_worker(condition):
        with pytest.raises(TypeError, match="does not judge"):
            trial(about(condition), {})


def test_what_is_told_says_by_which_event_or_how_long_it_shows() -> None:
    assert in_its_words(Told(event="dos_attack_l7")) == {"is": "told", "event": "dos_attack_l7"}
    errors = Value(reading=replace(UP, source=Source.SDK), take=Take.MEAN, over=300)
    dropped = Changed(measured=errors, rises=False, share=0.5, before=604_800)
    assert in_its_words(dropped) == {"is": "told", "window": 300}
    fills = Fills(reading=errors.reading, over=21_600, full=1, within=86_400)
    assert in_its_words(fills) == {"is": "told", "window": 3600}


def test_the_alert_that_always_fires_is_no_rule_of_the_worker_s() -> None:
    platform = load_platform(ROOT / "platforms" / "marketplace.yaml", environment="prod")
    turns = schedule(platform)
    rules = [rule for some in apply_rules(platform, CATALOGUE, turns).values() for rule in some]
    text = configuration(
        platform,
        environment="prod",
        turns=turns,
        rules=rules,
        addresses=Addresses(platform, "prod", None),
        links=Links(dashboard=None, status=None, incident=None),
    )
    assert {rule.rule for rule in rules} - {rule["rule"] for rule in json.loads(text)["rules"]} == {
        "Watchdog"
    }


def test_a_server_s_prober_is_not_the_worker_s() -> None:
    assert judged_by_worker(Down(reading=UP))
    assert not judged_by_worker(Down(reading=replace(UP, source=Source.BLACKBOX)))
    assert not judged_by_worker(Down(reading=replace(UP, signal=SignalName.JOURNEY_UP)))
    quantile = Value(reading=SECONDS, take=Take.QUANTILE, over=300, quantile=0.9)
    assert not judged_by_worker(Beyond(measured=quantile, above=True, limit=1))
