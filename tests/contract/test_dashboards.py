"""Dashboards keep the rules, and the rules can be broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import dashboards
from belfry.loading import load_platform
from dashboards.builder import Color, Page, Row, Target, Text, TimeSeries, Unit
from tests.contract.dashboard_rules import RULES, Model, broken

if TYPE_CHECKING:
    from collections.abc import Callable

    from belfry.language.platform import Platform

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", params=["pitchey", "example"])
def platform(request: pytest.FixtureRequest) -> Platform:
    return load_platform(ROOT / "platforms" / f"{request.param}.yaml")


@pytest.fixture
def overview() -> Model:
    pitchey = load_platform(ROOT / "platforms" / "pitchey.yaml")
    model: Model = json.loads(dashboards.build(pitchey, "prod")[0].model)
    return model


def test_every_dashboard_keeps_every_rule(platform: Platform) -> None:
    for environment in platform.environments:
        for dashboard in dashboards.build(platform, environment):
            assert broken(json.loads(dashboard.model)) == []


def test_uids_and_titles_are_unique_and_those_of_the_models(platform: Platform) -> None:
    built = [one for name in platform.environments for one in dashboards.build(platform, name)]
    assert len({one.uid for one in built}) == len(built)
    assert len({one.title for one in built}) == len(built)
    for one in built:
        model = json.loads(one.model)
        assert (model["uid"], model["title"]) == (one.uid, one.title)


def test_the_same_platform_gives_the_same_sorted_text(platform: Platform) -> None:
    environment = next(iter(platform.environments))
    (one,), (other,) = (dashboards.build(platform, environment) for _ in range(2))
    assert one.model == other.model
    model = json.loads(one.model)
    assert one.model == json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_a_service_that_nothing_is_known_about_stays_and_is_not_green(overview: Model) -> None:
    services = next(one for one in overview["panels"] if one["title"] == "Services")
    legends = [one["legendFormat"] for one in services["targets"]]
    assert legends[:4] == ["api", "frontend", "database", "cache"]
    assert "storage" in legends, "no check is about it"
    assert all("or label_replace(vector(-1)" in one["expr"] for one in services["targets"])
    defaults = services["fieldConfig"]["defaults"]
    assert defaults["mappings"][0]["options"]["-1"]["text"] == "no data"
    colors = {step["value"]: step["color"] for step in defaults["thresholds"]["steps"]}
    assert colors[None] != "green"


def test_a_long_name_still_gives_a_uid_that_grafana_takes(platform: Platform) -> None:
    environment = "an-environment-with-a-very-long-name-indeed"
    other = f"{environment}-2"
    one, two = (dashboards.build(platform, name)[0].uid for name in (environment, other))
    assert len(one) <= 40
    assert one != two


def test_queries_beyond_z_get_two_letters() -> None:
    targets = tuple(Target(expression=f"up{number}") for number in range(28))
    panel = TimeSeries(
        title="Many",
        description="Many",
        width=12,
        height=8,
        targets=targets,
        unit=Unit.NONE,
        base=Color.GREEN,
        thresholds=(),
    )
    names = [one["refId"] for one in panel_model(panel)["targets"]]
    assert names[:2] == ["A", "B"]
    assert names[-3:] == ["Z", "AA", "AB"]


def test_a_panel_that_no_longer_fits_begins_a_new_line() -> None:
    words = [
        Text(title=str(number), description="words", width=10, height=number, content="")
        for number in (4, 2, 3)
    ]
    row = Row(title="Row", panels=tuple(words))
    page = Page(uid="x", title="x", description="x", tags=("x",), rows=(row, row)).build()
    places = [one["gridPos"] for one in json.loads(page.model)["panels"]]
    assert [(place["x"], place["y"]) for place in places] == [
        *((0, 0), (0, 1), (10, 1), (0, 5)),
        *((0, 8), (0, 9), (10, 9), (0, 13)),
    ]


def panel_model(panel: TimeSeries) -> Model:
    page = Page(
        uid="x", title="x", description="x", tags=("x",), rows=(Row(title="R", panels=(panel,)),)
    )
    model: Model = json.loads(page.build().model)["panels"][1]
    return model


def first_plot(model: Model) -> Model:
    plot: Model = next(one for one in model["panels"] if one["type"] == "stat")
    return plot


MUTATIONS: dict[str, Callable[[Model], object]] = {
    "1 a stable uid": lambda m: m.pop("uid"),
    "2 a title": lambda m: m.update(title=" "),
    "3 a description": lambda m: m.pop("description"),
    "4 tags: generator and owner": lambda m: m.update(tags=["belfry"]),
    "5 not editable": lambda m: m.update(editable=True),
    "6 a time zone": lambda m: m.pop("timezone"),
    "7 refreshed every 30 s at most": lambda m: m.update(refresh="5s"),
    "8 a day at most": lambda m: m.update(time={"from": "now-7d", "to": "now"}),
    "9 a data-source variable": lambda m: m["templating"]["list"].pop(0),
    "10 no literal data source": lambda m: first_plot(m).update(datasource="Prometheus"),
    "11 variables follow the time range": lambda m: m["templating"]["list"][1].update(refresh=1),
    "12 variables are used and defined": lambda m: first_plot(m)["targets"][0].update(
        expr="up{a='$b'}"
    ),
    "13 panels say what they are": lambda m: first_plot(m).update(description=""),
    "14 known units": lambda m: first_plot(m)["fieldConfig"]["defaults"].update(unit="furlong"),
    "15 panels ask something": lambda m: first_plot(m).update(targets=[]),
    "16 queries parse": lambda m: first_plot(m)["targets"][0].update(expr="sum(up"),
    "17 rates use the interval": lambda m: first_plot(m)["targets"][0].update(
        expr="rate(a_total[5m])"
    ),
    "18 counters are rated": lambda m: first_plot(m)["targets"][0].update(expr="sum(a_total)"),
    "19 current panels on a clean grid": lambda m: first_plot(m)["gridPos"].update(y=0),
    "20 thresholds, links, annotations": lambda m: m.update(links=[]),
}


def test_every_rule_is_broken_by_some_dashboard() -> None:
    assert set(MUTATIONS) == set(RULES)


@pytest.mark.parametrize("rule", MUTATIONS)
def test_a_rule_finds_what_breaks_it(rule: str, overview: Model) -> None:
    MUTATIONS[rule](overview)
    assert rule in broken(overview)
