"""What conditions mean to Prometheus at their edges: the minutes at which they fire."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from belfry.cases.claims import Claim
from belfry.cases.made import made_cases
from belfry.cases.promtool import VARIANT, lasts
from belfry.conditions import (
    Absent,
    Beyond,
    Burn,
    Deviates,
    Direction,
    Down,
    Ends,
    Fails,
    Fills,
    Method,
    Overdue,
    Plain,
    Take,
)
from belfry.language.signals import Source
from belfry.prometheus.recordings import recordings
from belfry.prometheus.rule_files import alert_lines, file_of, recorded_lines
from belfry.promql import query
from belfry.rules import Case, ServiceRule, Silence
from engine.promtool import firing_minutes
from tests.unit.conditions import (
    BURNING,
    CONDITIONS,
    CPU,
    ERROR_RATIO,
    ERRORS,
    LAST_RUN,
    LOAD,
    REQUESTS,
    TIMES,
    UP,
    above,
    below,
    deviates,
    drops,
    rises,
    rule,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from belfry.conditions import Condition

ALERTING = {"silence": Silence.ALERTING}
NEVER: tuple[int, ...] = ()


def minutes(*spans: tuple[int, int]) -> tuple[int, ...]:
    """The minutes of spans, both ends included."""
    return tuple(minute for first, last in spans for minute in range(first, last + 1))


@dataclass(frozen=True)
class Edge:
    says: str
    condition: Condition
    series: Mapping[str, str]
    fires: tuple[int, ...]
    more: Mapping[str, object] = field(default_factory=dict)


LOADED = above(value(LOAD, Take.MEAN, 300), 0.9)
MANY = above(value(ERRORS, Take.INCREASE, 300), 100)
FEW = below(value(REQUESTS, Take.RATE, 300), 1)
SLOW = above(value(TIMES, Take.QUANTILE, 300, 0.95), 2)
FAR = deviates(value(LOAD, Take.MEAN, 120), 3, baseline=1800)
IN_A_ROW = Fails(reading=UP, times=3, every=60)
UNHEARD = Absent(reading=REQUESTS, after=300)
FALLEN = drops(value(LOAD, Take.MEAN, 300), 0.3, before=600)
DOWN = Down(reading=UP)

EDGES = (
    # Down: the last value, of the worst check.
    Edge("it is down while the last probe failed", DOWN, {"probe-up": "1x4 0x1 1x3"}, (5, 6)),
    Edge(
        "one check of two is enough",
        DOWN,
        {'probe-up{check="a"}': "1x9", 'probe-up{check="b"}': "1x4 0x1 1x3"},
        (5, 6),
    ),
    Edge(
        "a lost value ends nothing",
        DOWN,
        {"probe-up": "1x2 0x1 _x2 0x1 1x2"},
        minutes((3, 8)),
    ),
    Edge(
        "what is down and then silent is not known to be down for ever",
        DOWN,
        {"probe-up": "1x2 0x1 _x9"},
        minutes((3, 6)),
    ),
    # Silence.
    Edge(
        "what is down and then silent is one incident",
        DOWN,
        {"probe-up": "1x2 0x1 _x9"},
        minutes((3, 13)),
        ALERTING,
    ),
    Edge(
        "silence counts once it has lasted, and ends with the next value",
        DOWN,
        {"probe-up": "1x2 _x5 1x2"},
        (5, 6, 7),
        ALERTING,
    ),
    Edge(
        "what was never heard is silent from the moment that Prometheus judges",
        DOWN,
        {"unrelated": "1x9"},
        minutes((3, 9)),
        ALERTING,
    ),
    Edge(
        "silence fires when it says so, though trouble has to last",
        DOWN,
        {"probe-up": "1x2 _x19"},
        minutes((12, 21)),
        {**ALERTING, "hold": 300, "silent_after": 600},
    ),
    Edge(
        "trouble that turns into silence has lasted all the time",
        DOWN,
        {"probe-up": "1x2 0x2 _x15"},
        minutes((8, 20)),
        {**ALERTING, "hold": 300, "silent_after": 600},
    ),
    Edge(
        "plain PromQL is silent too",
        Plain(expression='pg_up{service="api"}', above=False, limit=1, source=Source.POSTGRES),
        {"pg_up": "1x2 _x5 1x2 0x1"},
        (5, 6, 7, 11, 12),
        ALERTING,
    ),
    # Gauges.
    Edge("a limit is not beyond itself", LOADED, {"load": "0.9x15"}, NEVER),
    Edge("a mean rises with its window", LOADED, {"load": "0.5x9 1x9"}, minutes((14, 19))),
    Edge(
        "a mean of the first minutes is of what is there", LOADED, {"load": "1x2 0.5x5"}, (0, 1, 2)
    ),
    Edge("a hole is not in the mean", LOADED, {"load": "1x2 _x2 1x1"}, minutes((0, 6))),
    Edge(
        "the highest series counts above",
        LOADED,
        {'load{host="a"}': "0.1x5", 'load{host="b"}': "0.95x5"},
        minutes((0, 5)),
    ),
    Edge(
        "the lowest series counts below",
        below(value(LOAD, Take.LAST), 0.2),
        {'load{host="a"}': "0.1x5", 'load{host="b"}': "0.95x5"},
        minutes((0, 5)),
    ),
    Edge(
        "it has to last, without a break",
        LOADED,
        {"load": "1x3 0.1x9 1x20"},
        minutes((2, 3), (20, 34)),
        {"hold": 120},
    ),
    # Counters.
    Edge("a counter that begins anew has lost nothing", MANY, {"errors": "0+15x9 0+15x9"}, NEVER),
    Edge("a counter that begins anew goes on", MANY, {"errors": "0+30x9 0+30x9"}, minutes((4, 19))),
    Edge("just below many", MANY, {"errors": "0+19x15"}, NEVER),
    Edge(
        "instances add up",
        MANY,
        {'errors{pod="a"}': "0+15x9", 'errors{pod="b"}': "0+15x9"},
        minutes((4, 9)),
    ),
    Edge("a counter that has just begun is not slow", FEW, {"requests": "_x9 0+120x15"}, NEVER),
    Edge("a counter that is gone is not slow", FEW, {"requests": "0+120x15 _x9"}, NEVER),
    Edge(
        "a counter that stands still is slow",
        FEW,
        {"requests": "0+120x15 1800x9"},
        minutes((18, 25)),
    ),
    Edge(
        "instances may take turns",
        FEW,
        {'requests{pod="a"}': "0+120x15 _x9", 'requests{pod="b"}': "_x14 0+120x9"},
        NEVER,
    ),
    # Ratios.
    Edge("no error was ever counted", above(ERROR_RATIO, 0.05), {"requests": "0+600x15"}, NEVER),
    Edge(
        "no error is a share of zero, which is known",
        below(ERROR_RATIO, 0.5),
        {"requests": "0+600x9"},
        minutes((1, 9)),
    ),
    Edge(
        "no requests have no share",
        below(ERROR_RATIO, 0.5),
        {"requests": "600x9", "errors": "5x9"},
        NEVER,
    ),
    Edge("errors alone have none either", below(ERROR_RATIO, 0.5), {"errors": "0+5x9"}, NEVER),
    Edge(
        "just beyond a share",
        above(ERROR_RATIO, 0.05),
        {"requests": "0+600x19", "errors": "0x9 0+31x9"},
        minutes((15, 19)),
    ),
    Edge(
        "a share of too few tells nothing",
        Beyond(measured=ERROR_RATIO, above=True, limit=0.05, least=100),
        {"requests": "0+19x15 325+40x9", "errors": "0+9x25"},
        minutes((16, 25)),
    ),
    # Budgets, by the example of the SRE workbook (chapter 5): 15 % for ten minutes.
    Edge(
        "a budget burns when an hour has enough of it, and is over soon after",
        BURNING,
        {"requests": "0+600x120", "errors": "0x60 90+90x9 900x50"},
        minutes((65, 73)),
    ),
    Edge(
        "without the short window it would be told for an hour more",
        replace(BURNING, burn=Burn(promise=0.999, times=10, still=None)),
        {"requests": "0+600x130", "errors": "0x60 90+90x9 900x60"},
        minutes((65, 125)),
    ),
    Edge(
        "a burst that the hour forgives is none, however bad the last minutes were",
        BURNING,
        {"requests": "0+600x120", "errors": "0x60 120x3 240x56"},
        NEVER,
    ),
    Edge(
        "a promise is about all instances, and not about the worst",
        replace(BURNING, measured=value(LOAD, Take.MEAN, 3600), least=None),
        {'load{instance="a"}': "0x90", 'load{instance="b"}': "0.019x90"},
        NEVER,
    ),
    Edge(
        "a budget of which too few requests tell",
        BURNING,
        {"requests": "0+1x90", "errors": "0x60 1+1x29"},
        NEVER,
    ),
    # Distributions.
    Edge(
        "a quantile lies in its bucket",
        SLOW,
        {
            'times{le="1"}': "0+94x9 846+96x9",
            'times{le="2"}': "0+94x9 846+96x9",
            'times{le="5"}': "0+100x19",
            'times{le="+Inf"}': "0+100x19",
        },
        minutes((1, 13)),
    ),
    Edge(
        "nothing has no quantile",
        below(value(TIMES, Take.QUANTILE, 300, 0.5), 10),
        {'times{le="1"}': "7x9", 'times{le="+Inf"}': "9x9"},
        NEVER,
    ),
    Edge(
        "a mean is the sum over the count",
        above(value(TIMES, Take.MEAN, 300), 2),
        {"times.sum": "0+21x9", "times.count": "0+10x9"},
        minutes((1, 9)),
    ),
    Edge(
        "a summary's next higher quantile is taken",
        above(value(CPU, Take.QUANTILE, 300, 0.95), 0.05),
        {
            'cpu-time{quantile="0.9"}': "0.01x5",
            'cpu-time{quantile="0.99"}': "0.06x5",
            'cpu-time{quantile="0.999"}': "0.09x5",
        },
        minutes((0, 5)),
    ),
    Edge(
        "no lower one, and no higher one than the next",
        above(value(CPU, Take.QUANTILE, 300, 0.95), 0.05),
        {
            'cpu-time{quantile="0.9"}': "0.09x5",
            'cpu-time{quantile="0.99"}': "0.04x5",
            'cpu-time{quantile="0.999"}': "0.09x5",
        },
        NEVER,
    ),
    # Changes.
    Edge("it dropped by more than the share", FALLEN, {"load": "1x19 0.6x19"}, minutes((23, 30))),
    Edge("it dropped by less", FALLEN, {"load": "1x19 0.71x19"}, NEVER),
    Edge("nothing is known of before", FALLEN, {"load": "_x15 0.1x9"}, NEVER),
    Edge(
        "from nothing it cannot rise by a share",
        rises(value(LOAD, Take.MEAN, 300), 1, before=600),
        {"load": "0x15 5x9"},
        NEVER,
    ),
    Edge(
        "what rises must be enough now",
        replace(rises(value(LOAD, Take.MEAN, 60), 0.5, before=600), least=50),
        {"load": "10x14 40x4 60x4"},
        minutes((20, 24)),
    ),
    Edge(
        "what drops must have been enough then",
        replace(drops(value(LOAD, Take.MEAN, 60), 0.5, before=600), least=50),
        {"load": "40x4 60x9 1x15"},
        minutes((15, 24)),
    ),
    # Deviations.
    Edge(
        "what is far must be enough",
        replace(FAR, least=120),
        {"load": "50x39 115x4 125x4"},
        minutes((45, 49)),
    ),
    Edge("the first wobble of a flat line is not far", FAR, {"load": "100x39 101x9"}, NEVER),
    Edge("a flat line that jumps is far away", FAR, {"load": "100x39 140x4"}, minutes((40, 44))),
    Edge("a line of zeros tells nothing", FAR, {"load": "0x39 5x4"}, NEVER),
    Edge("a short line tells nothing", FAR, {"load": "100x9 200x4"}, NEVER),
    Edge(
        "an outlier does not move the median",
        FAR,
        {"load": "100x19 100000x1 100x19 140x4"},
        (20, 21, 22, *minutes((42, 46))),
    ),
    Edge(
        "on a line that swings, far is farther",
        Deviates(
            measured=value(LOAD, Take.LAST, 60),
            method=Method.MEDIAN,
            factor=3,
            baseline=1800,
            direction=Direction.UP,
        ),
        {"load": " ".join(("80 100 120",) * 14) + " 140 195 100"},
        (43,),
    ),
    Edge(
        "an outlier does move the mean",
        deviates(value(LOAD, Take.MEAN, 120), 3, baseline=1800, method=Method.MEAN),
        {"load": "100x19 100000x1 100x19 140x4"},
        (20, 21, 22),
    ),
    Edge(
        "up is not down",
        deviates(value(LOAD, Take.MEAN, 120), 3, baseline=1800, direction=Direction.DOWN),
        {"load": "100x39 140x4"},
        NEVER,
    ),
    # Predictions.
    Edge(
        "it is full in time from some minute on",
        Fills(reading=LOAD, over=3600, full=1, within=7200),
        {"load": "0.5+0.004x30"},
        minutes((6, 30)),
    ),
    Edge(
        "a pace is told by some values",
        Fills(reading=LOAD, over=3600, full=1, within=7200),
        {"load": "0.1 0.9 0.9x20"},
        minutes((5, 22)),
    ),
    Edge(
        "what is full stays full",
        Fills(reading=LOAD, over=3600, full=1, within=7200),
        {"load": "1.01x9"},
        minutes((0, 9)),
    ),
    Edge(
        "what falls does not fill",
        Fills(reading=LOAD, over=3600, full=1, within=7200),
        {"load": "0.99-0.001x60"},
        NEVER,
    ),
    # Absence.
    Edge("it is missed after so long", UNHEARD, {"requests": "5x4 _x9 5x2"}, minutes((9, 13))),
    Edge("a shorter absence is none", UNHEARD, {"requests": "5x4 _x4 5x2"}, NEVER),
    Edge("what was never there is missed as well", UNHEARD, {"unrelated": "1x9"}, minutes((5, 9))),
    # Failures in a row.
    Edge("two failures are not three", IN_A_ROW, {"probe-up": "1x2 0x1 1 0x1 1"}, NEVER),
    Edge("three are", IN_A_ROW, {"probe-up": "1x2 0x3 1"}, (5, 6)),
    Edge("they are counted from the first value", IN_A_ROW, {"probe-up": "0x3"}, (2, 3)),
    Edge("a hole is no failure", IN_A_ROW, {"probe-up": "1x2 0x1 _ 0x1 1"}, NEVER),
    Edge(
        "failures come as seldom as probes",
        Fails(reading=UP, times=2, every=240),
        {"probe-up": "1x3 0x4 1x3"},
        (8,),
    ),
    # Times.
    Edge(
        "a job is overdue",
        Overdue(reading=LAST_RUN, after=600),
        {"last-run": "0x12 720x5"},
        (11, 12),
    ),
    Edge(
        "a job's last success is remembered through a hole",
        Overdue(reading=LAST_RUN, after=600),
        {"last-run": "0x11 _x1 0x1"},
        (11, 12, 13, 14),
    ),
    Edge(
        "an end comes near",
        Ends(reading=LAST_RUN, within=600),
        {"last-run": "1200x12"},
        (11, 12),
    ),
    # Plain PromQL.
    Edge(
        "the worst series of plain PromQL counts",
        Plain(expression='a{service="api"} + 1', above=False, limit=1, source=Source.NODE),
        {'a{x="1"}': "5x5", 'a{x="2"}': "-0.5x5"},
        minutes((0, 5)),
    ),
)


def claim(edge: Edge, index: int) -> Claim:
    made = rule(edge.condition, name=f"Edge{index}", **edge.more)  # type: ignore[arg-type]
    case = Case(says=edge.says, series=edge.series)
    return Claim(id=str(index), rule=made, case=case, fires=bool(edge.fires))


@pytest.fixture(scope="module")
def fired(
    promtool: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, tuple[int, ...]]:
    """The minutes of all edges, judged at once."""
    some = [claim(edge, index) for index, edge in enumerate(EDGES)]
    return firing_minutes(some, promtool, tmp_path_factory.mktemp("edges"))


@pytest.mark.parametrize("index", range(len(EDGES)), ids=[edge.says for edge in EDGES])
def test_a_condition_means_at_its_edge(index: int, fired: Mapping[str, tuple[int, ...]]) -> None:
    assert fired[str(index)] == EDGES[index].fires


def as_grafana_asks(rules: Sequence[ServiceRule]) -> str:
    """Rules made of what Grafana asks and holds against the limit."""
    lines = [line for one in recordings(rules[:0]).rules for line in recorded_lines(one)]
    for index, one in enumerate(rules):
        asked = query(one)
        assert asked is not None
        sign = {"gt": ">", "lt": "<"}[asked.comparison]
        expression = f"({asked.expression}\n) {sign} {asked.limit!r}"
        lines += alert_lines(one, expression, {"service": "api", VARIANT: str(index)}, {})
    return file_of("grafana", lines)


def made(rules: Iterable[ServiceRule]) -> list[Claim]:
    return [
        Claim(id=f"{one.id}/{index}", rule=one, case=case, fires=True)
        for one in rules
        for index, case in enumerate((*made_cases(one).fires, *made_cases(one).quiet))
    ]


def test_what_grafana_asks_is_trouble_in_the_same_minutes(promtool: Path, tmp_path: Path) -> None:
    """Absence apart: there Prometheus waits until it was there itself to hear, at the beginning."""
    rules = [
        rule(condition, name=f"Trouble{index}")
        for index, condition in enumerate(CONDITIONS.values())
        if not isinstance(condition, Plain)
    ]
    found = made(rules)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    expected = firing_minutes(found, promtool, tmp_path / "a")
    asked = firing_minutes(found, promtool, tmp_path / "b", rules_of=as_grafana_asks)
    assert asked == expected
    assert any(expected.values())
    assert all(lasts(one) for one in found)
