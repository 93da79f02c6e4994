"""People and severities: what is right, and what is told once. Whole texts are in tests/golden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.problems import Problems

if TYPE_CHECKING:
    from tests.unit.shop import ReadsShop

PEOPLE = """\
people:
  contacts:
    ada: {mail: ada@shop.example}
    bob: {mail: bob@shop.example, slack: "@bob"}
  teams:
    operations: {members: [ada, bob], lead: ada}
  rotations:
    on-call: {members: [ada, bob], every: 14d, since: 2026-01-05, zone: America/Denver}
  hours:
    business: {days: Mon–Fri, between: 09:00–17:00, zone: America/Denver, holidays: public}
  holidays:
    public: [12-25, 2026-11-26]
rules:
"""
WITH_PEOPLE = ("rules:\n", PEOPLE)
ESCALATES = ("channels: [slack]}", "channels: [slack], escalate: [{after: 0s, to: on-call}]}")
WRITES = (
    "slack: {slack: {webhook: secret:slack}}",
    (
        "slack: {email: {host: smtp.shop.example, user: alerts, password: secret:slack, "
        "from: alerts@shop.example, to: [you@shop.example]}}"
    ),
)
"""The one channel writes mail, so that people can be written to."""
MILDER = (
    "channels:\n",
    "  P1: {rank: 1, answer: 1h, resolve: 1d, channels: [slack], hours: business}\nchannels:\n",
)


def test_people_who_are_all_told_are_no_mistake(shop: ReadsShop) -> None:
    platform = shop(WITH_PEOPLE, ESCALATES, WRITES, MILDER)
    assert platform.people.teams["operations"].lead == "ada"


def test_an_escalation_at_once_tells_together(shop: ReadsShop) -> None:
    platform = shop(WITH_PEOPLE, ESCALATES, WRITES, MILDER)
    assert not platform.severities["P0"].escalate[0].after.milliseconds


def test_contacts_without_teams_and_rotations_are_a_mere_list(shop: ReadsShop) -> None:
    contacts = "people: {contacts: {ada: {phone: '+14155550100'}}}\nrules:\n"
    assert shop(("rules:\n", contacts)).people.contacts


def test_a_role_or_an_event_is_a_reason_to_have_somebody(shop: ReadsShop) -> None:
    roles = "access: {roles: {all: {who: [on-call, ada], may: [view, acknowledge]}}}\n"
    routing = "routing: {routes: {more: {channels: [slack], hours: business}}}\n"
    platform = shop(("rules:\n", PEOPLE.replace("rules:\n", f"{roles}{routing}rules:\n")))
    assert platform.access.roles["all"].who == ("on-call", "ada")


def test_a_misspelt_reference_does_not_leave_somebody_unused(shop: ReadsShop) -> None:
    misspelt = (ESCALATES[0], ESCALATES[1].replace("on-call", "on-cal"))
    with pytest.raises(Problems) as raised:
        shop(WITH_PEOPLE, misspelt, MILDER)
    assert [problem.right for problem in raised.value.problems] == ["did you mean on-call?"]


@pytest.mark.parametrize("resolve", ["next business day", "best effort", "3h"])
def test_a_step_may_come_late_where_no_span_of_time_is_promised(
    shop: ReadsShop, resolve: str
) -> None:
    step = f"resolve: {resolve}, channels: [slack], escalate: [{{after: 2h, to: slack}}]}}"
    assert shop(("resolve: 1h, channels: [slack]}", step)).severities["P0"].escalate


def test_the_worst_may_keep_to_hours_where_nobody_is_paged(shop: ReadsShop) -> None:
    platform = shop(
        WITH_PEOPLE,
        ESCALATES,
        ("rank: 0,", "rank: 0, hours: business,"),
        ("{paging: worker, stand-ins", "{paging: shadow, stand-ins"),
        ("{paging: worker, domain", "{paging: shadow, domain"),
    )
    assert platform.severities["P0"].hours == "business"


@pytest.mark.parametrize(
    "channel",
    [
        "{discord: {webhook: secret:slack}}",
        "{teams: {webhook: secret:slack}}",
        "{webhook: {url: https://hooks.shop.example, token: secret:slack, user: belfry}}",
        (
            "{sms: {account: AC00000000000000000000000000000000, token: secret:slack, "
            "from: '+14155550199', to: ['+14155550100']}}"
        ),
    ],
)
def test_a_channel_of_any_kind_is_enough(shop: ReadsShop, channel: str) -> None:
    platform = shop(("slack: {slack: {webhook: secret:slack}}", f"slack: {channel}"))
    assert platform.severities["P0"].channels == ("slack",)


def test_whom_the_worker_has_no_way_to_is_no_mistake_where_another_pages(shop: ReadsShop) -> None:
    with pytest.raises(Problems) as raised:
        shop(WITH_PEOPLE, ESCALATES, MILDER)
    assert {one.path for one in raised.value.problems} == {
        ("people", "contacts", "ada"),
        ("people", "contacts", "bob"),
    }
    shadow = (("{paging: worker, domain", "{paging: shadow, domain"),)
    local = (("{paging: worker, stand-ins", "{paging: shadow, stand-ins"),)
    assert shop(WITH_PEOPLE, ESCALATES, MILDER, *shadow, *local).people.contacts
