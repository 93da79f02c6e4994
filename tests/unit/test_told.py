"""Rules of the catalogue that an event tells where nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.application import apply_rules
from belfry.conditions import Told, Trouble
from belfry.loading import load_platform
from belfry.prometheus.seen import seen
from belfry.rules import Absent, Down, Ends, Fails, Fills, Overdue
from belfry.rules import Told as Event
from belfry.schedule import schedule
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.rules import Rule, When


def test_an_event_is_told_without_a_figure_that_it_has_not(catalogue: Catalogue) -> None:
    platform = load_platform(ROOT / "platforms" / "boulder-fest.yaml", environment="prod")
    (rules,) = apply_rules(platform, catalogue, schedule(platform)).values()
    (one,) = [rule for rule in rules if rule.rule == "CertificateEnds"]
    assert isinstance(one.condition, Told)
    assert one.trouble is Trouble.AHEAD
    assert not any("14d" in text for text in (one.summary, one.description, seen(one)))
    assert "Cloudflare" in one.description


def meant(when: When) -> Trouble:
    if isinstance(when, Down | Absent | Fails | Overdue):
        return Trouble.DOWN
    return Trouble.AHEAD if isinstance(when, Fills | Ends) else Trouble.DEGRADED


def test_whatever_tells_a_rule_it_means_the_same_trouble(catalogue: Catalogue) -> None:
    unclear = [
        name
        for name, rule in catalogue.rules.items()
        if rule.trouble is None and len({meant(when) for when in rule.when}) > 1
    ]
    assert unclear == []


def test_what_an_event_tells_names_no_figure_of_another_condition(catalogue: Catalogue) -> None:
    wrong = [
        name
        for name, rule in catalogue.rules.items()
        for when in rule.when
        if isinstance(when, Event) and named(rule, when) & set(rule.parameters)
    ]
    assert wrong == []


def named(rule: Rule, event: Event) -> set[str]:
    """What the texts of an event name."""
    summary, description = event.summary or rule.summary, event.description or rule.description
    return {*summary.names, *description.names}
