"""The fifteen rules for alerts in Grafana: each on a rule that breaks it, and on a good one."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from belfry.arguments import (
    ContactPoint,
    Dashboard,
    DataSource,
    Folder,
    Grafana,
    GrafanaRule,
    NoData,
    RuleGroup,
)
from belfry.catalogue import load_catalogue
from belfry.lint.check import Subject
from belfry.lint.compiled import Around, check_catalogue, check_stack
from belfry.lint.on_links import check_links
from belfry.lint.table import CHECKS
from belfry.loading import load_platform
from belfry.problems import Place
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = GrafanaRule(
    uid="WorkerDown-1",
    title="WorkerDown api",
    data_source="prometheus",
    expression='min by (service) (probe_up{service="api"})',
    comparison="lt",
    limit=1,
    window=600,
    hold=0,
    no_data=NoData.ALERTING,
    error=NoData.KEEP_LAST,
    labels=(("rule", "WorkerDown"), ("severity", "P0"), ("team", "web")),
    annotations=(
        ("description", "{{ $labels.service }} does not answer"),
        ("runbook_url", "https://docs.example/runbooks/WorkerDown.md"),
        ("summary", "It does not answer"),
    ),
    contact_point="votes",
)
DASHBOARD = Dashboard(
    uid="overview",
    title="Overview",
    model=json.dumps({"panels": [{"id": 1}, {"id": 2, "panels": [{"id": 3}]}]}),
)


def stack(*rules: GrafanaRule, interval: int = 60) -> Grafana:
    """Make a stack of one group; what the arguments refuse is put in behind their back."""
    group = RuleGroup(name="services", folder="shop", interval=60, rules=(RULE,))
    object.__setattr__(group, "rules", rules)
    object.__setattr__(group, "interval", interval)
    source = DataSource(
        uid="prometheus", name="Prometheus", type="prometheus", url="http://p", default=False
    )
    point = object.__new__(ContactPoint)
    object.__setattr__(point, "name", "votes")
    given: dict[str, Any] = {
        "folder": Folder(uid="shop", title="Shop"),
        "data_sources": (source,),
        "dashboards": (DASHBOARD,),
        "contact_points": (point,),
        "rule_groups": (group,),
        "tree": None,
    }
    return Grafana(**{field.name: given.get(field.name, ()) for field in fields(Grafana)})


AROUND = Around(
    places=lambda name: Place("shop.yaml", len(name), 1),
    severities={"P0": True, "P9": False},
    teams={"web"},
    runbook={
        "WorkerDown.md": "# WorkerDown\n",
        "Other.md": "# Else\n",
        "Like.md": "# Like\n",
        "own/Mine.md": "# Mine\n## Not this\n# `WorkerDown` of ours\n",
    }.get,
)


def found(*rules: GrafanaRule, interval: int = 60) -> list[str]:
    return [one.check.id for one in check_stack(stack(*rules, interval=interval), AROUND)]


def changed(name: str, value: object) -> GrafanaRule:
    """Change one argument; a wrong uid is put in behind the argument's back."""
    rule = replace(RULE)
    object.__setattr__(rule, name, value)
    return rule


def annotated(**texts: str | None) -> GrafanaRule:
    annotations = {**dict(RULE.annotations), **texts}
    kept = tuple((name, text) for name, text in annotations.items() if text is not None)
    return replace(RULE, annotations=kept)


def labelled(**values: str) -> GrafanaRule:
    return replace(RULE, labels=tuple({**dict(RULE.labels), **values}.items()))


def broken() -> Iterator[tuple[str, list[GrafanaRule], int]]:
    other = replace(RULE, title="Another")
    yield "rule-uid", [RULE, other], 60
    yield "rule-uid", [changed("uid", "x" * 41)], 60
    yield "rule-title", [RULE, replace(RULE, uid="WorkerDown-2")], 60
    yield "rule-interval", [RULE], 25
    yield "rule-hold", [replace(RULE, hold=90)], 60
    yield "rule-no-data", [changed("no_data", "")], 60
    yield "rule-condition", [replace(RULE, limit=float("nan"))], 60
    yield "rule-data-source", [replace(RULE, data_source="loki")], 60
    yield "rule-window", [replace(RULE, window=0)], 60
    yield "rule-comparison", [replace(RULE, expression="min by (service) (probe_up) < 1")], 60
    yield "rule-comparison", [replace(RULE, expression="min by (service (probe_up)")], 60
    yield "rule-labels", [labelled(severity="P7")], 60
    yield "rule-labels", [labelled(team="")], 60
    yield "rule-annotations", [annotated(summary=None)], 60
    yield "rule-annotations", [annotated(summary="{{ $labels.pod }} is down")], 60
    yield "rule-annotations", [annotated(summary="{{ $labels.service } is down")], 60
    yield "rule-annotations", [annotated(summary='{{ template "none" . }}')], 60
    yield "rule-runbook", [annotated(runbook_url=None)], 60
    yield "rule-runbook", [annotated(runbook_url="https://docs.example/Missing.md")], 60
    yield "rule-runbook", [annotated(runbook_url="https://docs.example/Other.md#first")], 60
    yield "rule-runbook", [annotated(runbook_url="https://docs.example/Like.md")], 60
    yield "rule-runbook", [annotated(runbook_url="https://docs.example/own/Missing.md")], 60
    yield "rule-panel", [annotated(__dashboardUid__="overview")], 60
    yield "rule-panel", [annotated(__dashboardUid__="overview", __panelId__="4")], 60
    yield "rule-panel", [annotated(__dashboardUid__="other", __panelId__="1")], 60
    yield "rule-route", [replace(RULE, contact_point="nobody")], 60
    yield "rule-route", [labelled(severity="P9")], 60


@pytest.mark.parametrize(("check", "rules", "interval"), list(broken()))
def test_a_rule_that_breaks_one_of_the_fifteen_is_told(
    check: str, rules: list[GrafanaRule], interval: int
) -> None:
    assert found(*rules, interval=interval) == [check]


def test_a_rule_that_keeps_them_all_is_left_alone() -> None:
    assert found(RULE) == []
    assert found(annotated(__dashboardUid__="overview", __panelId__="3")) == []
    assert found(annotated(runbook_url="https://docs.example/runbooks/WorkerDown/")) == []
    assert found(annotated(runbook_url="runbooks/own/Mine.md#first")) == []


def test_a_rule_of_a_platform_s_own_may_lead_to_the_page_of_the_rule_that_it_is_like() -> None:
    like = annotated(runbook_url="https://docs.example/Like.md")
    assert [one.wrong for one in check_stack(stack(like), AROUND)] == [
        "runbooks/Like.md has no heading WorkerDown"
    ]
    own = replace(AROUND, own={"WorkerDown"})
    assert list(check_stack(stack(like), own)) == []
    other = annotated(runbook_url="https://docs.example/Other.md")
    assert [one.wrong for one in check_stack(stack(other), own)] == [
        "runbooks/Other.md has no heading Other or WorkerDown"
    ]


def test_a_rule_of_the_catalogue_has_a_page_of_its_own() -> None:
    catalogue = load_catalogue()
    name, rule = next(iter(catalogue.rules.items()))
    pages = {"HighCPU.md": "# HighCPU\n", "own/Mine.md": f"# {name}\n"}
    for page, wrong in (
        ("HighCPU.md", [f"runbooks/HighCPU.md has no heading {name}"]),
        ("own/Mine.md", []),
    ):
        changed_catalogue = replace(catalogue, rules={name: replace(rule, runbook=page)})
        told = check_catalogue(changed_catalogue, lambda _: None, pages.get)
        assert [one.wrong for one in told] == wrong


def test_what_many_services_have_in_common_is_told_once() -> None:
    many = [
        replace(labelled(severity="P7"), uid=f"WorkerDown-{number}", title=f"WorkerDown {number}")
        for number in range(100)
    ]
    assert found(*many) == ["rule-labels"]


def test_a_finding_stands_where_the_rule_is_written() -> None:
    (finding,) = check_stack(stack(labelled(severity="P7")), AROUND)
    assert str(finding.place) == "shop.yaml:10:1"
    assert finding.path == ("services", "WorkerDown")


def test_every_check_of_platforms_is_tried() -> None:
    of_platforms = {name for name, one in CHECKS.items() if one.subject is Subject.PLATFORM}
    assert {name for name, _, _ in broken()} == of_platforms - {
        "mistake",
        "rule-cases",
        "rule-parameters",
        "runbooks-unpublished",
    }


def test_a_platform_that_publishes_no_runbooks_is_told_that_messages_link_to_none() -> None:
    published = load_platform(ROOT / "platforms" / "example.yaml")
    silent = replace(published, monitoring=replace(published.monitoring, runbooks=None))
    place = Place("shop.yaml", 5, 1)
    assert list(check_links(published, place)) == []
    (finding,) = check_links(silent, place)
    assert finding.check is CHECKS["runbooks-unpublished"]
    assert (finding.place, finding.path) == (place, ("monitoring", "runbooks"))
    assert "https://docs.example.com/runbooks" in finding.right


def test_a_rule_of_the_catalogue_needs_cases_a_page_and_a_use_for_its_parameters() -> None:
    catalogue = load_catalogue()
    name, rule = next((name, one) for name, one in catalogue.rules.items() if one.parameters)
    bare = replace(
        rule,
        cases=replace(rule.cases, fires=(), quiet=()),
        parameters={**rule.parameters, "nobody": next(iter(rule.parameters.values()))},
    )
    changed_catalogue = replace(catalogue, rules={name: bare})
    told = [
        one.check.id for one in check_catalogue(changed_catalogue, lambda _: None, lambda _: None)
    ]
    assert told == ["rule-cases", "rule-cases", "rule-runbook", "rule-parameters"]
