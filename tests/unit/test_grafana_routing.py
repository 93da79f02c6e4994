"""Whom Grafana tells: votes where somebody else pages, people where it pages itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.arguments import EmailContact, PagerDutyContact, Secret, SlackContact, WebhookContact
from belfry.compile import Target, compile_stack
from belfry.grafana_states import State, states
from belfry.problems import Problems
from belfry.routes import routes_of
from belfry.rules import Silence

if TYPE_CHECKING:
    from belfry.arguments import Stack
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from tests.unit.shop import Compiles, ReadsShop

PAGES = ("prod: {paging: worker", "prod: {paging: grafana")
MAIL = "mail: {email: {host: smtp.shop.example, from: a@shop.example, to: [b@shop.example], "
SLACK = "  slack: {slack: {webhook: secret:slack}}\n"
PAGER = "  pager: {pagerduty: {key: secret:pagerduty}}\n"
MORE = (SLACK, f"{SLACK}{PAGER}  {MAIL}user: a, password: secret:smtp}}}}\n")
ALL = ("channels: [slack]", "channels: [slack, pager, mail]")


def owning(platform: Platform, catalogue: Catalogue) -> Stack:
    return compile_stack(
        platform,
        environment="prod",
        catalogue=catalogue,
        worker_code="",
        dashboards=(),
        target=Target(workers_subdomain="shop", owns_grafana_policy=True),
    )


def test_where_grafana_pages_a_rule_names_everybody_of_its_severity(
    shop: ReadsShop, compiled: Compiles
) -> None:
    grafana = compiled(shop(PAGES, MORE, ALL), "prod").grafana
    (group,) = grafana.rule_groups
    assert {rule.contact_point for rule in group.rules} == {"shop-prod-slack+pager+mail"}
    (point,) = [one for one in grafana.contact_points if one.name != "shop-prod-vote"]
    kinds = [type(one.contact) for one in point.integrations]
    assert kinds == [SlackContact, PagerDutyContact, EmailContact]
    assert all(one.texts for one in point.integrations)
    assert [one.name for one in grafana.message_templates] == ["shop-prod-messages"]
    assert grafana.tree is None


def test_the_texts_that_a_contact_point_uses_are_defined(
    shop: ReadsShop, compiled: Compiles
) -> None:
    grafana = compiled(shop(PAGES, MORE, ALL), "prod").grafana
    (template,) = grafana.message_templates
    for point in grafana.contact_points:
        for one in point.integrations:
            for _, text in one.texts:
                for used in (text,) if isinstance(text, str) else (each for _, each in text):
                    name = used.split('"')[1]
                    assert f'define "{name}"' in template.text, name


def test_messages_lead_to_the_status_page(shop: ReadsShop, compiled: Compiles) -> None:
    (template,) = compiled(shop(PAGES, MORE, ALL), "prod").grafana.message_templates
    assert ".workers.dev/monitoring/status`" in template.text


def test_the_secrets_of_whom_grafana_tells_are_asked_for_and_kept_from_the_worker(
    shop: ReadsShop, compiled: Compiles
) -> None:
    stack = compiled(shop(PAGES, MORE, ALL), "prod")
    names = [secret.name for secret in stack.secrets]
    assert names == ["pagerduty", "slack", "vote-key"]
    assert [secret.name for _, secret in stack.worker.secrets] == ["vote-key"]


def test_where_somebody_else_pages_every_rule_is_a_vote(
    shop: ReadsShop, compiled: Compiles
) -> None:
    grafana = compiled(shop(MORE, ALL), "prod").grafana
    (vote,) = grafana.contact_points
    (one,) = vote.integrations
    assert one.contact == WebhookContact(url="/alerts/vote", secret=Secret(name="vote-key"))
    assert {rule.contact_point for group in grafana.rule_groups for rule in group.rules} == {
        vote.name
    }
    assert grafana.message_templates == ()


LATER = (
    "resolve: 1h, channels: [slack]",
    "resolve: 1h, channels: [slack], escalate: [{after: 15m, to: pager}]",
)


def test_what_is_told_later_needs_the_tree(
    shop: ReadsShop, compiled: Compiles, catalogue: Catalogue
) -> None:
    platform = shop(PAGES, (SLACK, SLACK + PAGER), LATER)
    with pytest.raises(Problems, match=r"slack and pager after 15m at different times") as raised:
        compiled(platform, "prod")
    (problem,) = raised.value.problems
    assert problem.wrong.startswith(
        "WorkerDown, DatabaseConnectionError, HighResponseTime are told"
    )
    grafana = owning(platform, catalogue).grafana
    assert {rule.contact_point for group in grafana.rule_groups for rule in group.rules} == {None}
    assert grafana.tree is not None
    (site,) = grafana.tree.routes
    assert [one.value for one in site.matches] == ["shop", "prod"]
    heartbeat, severity = site.routes
    assert [one.value for one in heartbeat.matches] == ["Watchdog"]
    first, second = severity.routes
    assert (first.contact_point, first.goes_on) == ("shop-prod-slack", True)
    assert second.contact_point == "shop-prod-pager"
    assert second.times is not None
    assert second.times.wait == "15m"
    points = {one.name for one in grafana.contact_points}
    assert points >= {"shop-prod-slack", "shop-prod-pager", grafana.tree.contact_point}


def test_sms_is_refused_where_grafana_pages(shop: ReadsShop) -> None:
    number, other = '"+14155550100"', '"+14155550101"'
    account = "AC00000000000000000000000000000000"
    text = f"{{account: {account}, token: secret:sms, from: {number}, to: {other}}}"
    sms = (SLACK, f"{SLACK}  text: {{sms: {text}}}\n")
    edits = (PAGES, sms, ("channels: [slack]", "channels: [slack, text]"))
    with pytest.raises(Problems, match="Grafana cannot send SMS"):
        shop(*edits)


def test_the_tree_has_every_branch_of_the_routes(shop: ReadsShop, catalogue: Catalogue) -> None:
    platform = shop(PAGES, (SLACK, SLACK + PAGER), LATER)
    tree = owning(platform, catalogue).grafana.tree
    routes = routes_of(platform, "prod", inhibits=False)
    assert tree is not None

    def count(nodes: object) -> int:
        assert isinstance(nodes, tuple)
        return sum(1 + count(getattr(one, "routes", None) or ()) for one in nodes)

    def counted(nodes: object) -> int:
        assert isinstance(nodes, tuple)
        return sum(1 + counted(one.nodes) for one in nodes)

    assert count(tree.routes) == counted(routes.root.nodes)


@pytest.mark.parametrize(
    ("answers", "hold", "silence", "alerting"),
    [
        ([True, True, False], 0, Silence.OK, [0, 1]),
        ([True, True, True, False], 120, Silence.OK, [2]),
        ([True, None, True, True], 120, Silence.OK, []),
        ([True, None, None, True], 120, Silence.ALERTING, [2, 3]),
        ([False, None, None], 0, Silence.ALERTING, [1, 2]),
        ([False, None, None], 0, Silence.OK, []),
        ([True, True, True, None, False], 120, Silence.OK, [2]),
    ],
)
def test_grafana_keeps_states_as_its_state_manager_does(
    answers: list[bool | None], hold: int, silence: Silence, alerting: list[int]
) -> None:
    found = [
        minute
        for minute, state in enumerate(states(answers, hold, silence))
        if state is State.ALERTING
    ]
    assert found == alerting
