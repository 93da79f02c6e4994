"""What Grafana is sent where it pages: who is told, with which texts, when, and in which order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from belfry.arguments import Integration, Secret
from belfry.arguments.contact_points import (
    ContactPoint,
    DiscordContact,
    EmailContact,
    PagerDutyContact,
    SlackContact,
    TeamsContact,
    WebhookContact,
)
from belfry.catalogue import load_catalogue
from belfry.compile import Target, compile_stack
from belfry.loading import load_platform
from belfry.messages.grafana import contact_settings
from components.grafana.contact_point import ContactPoint as Component
from components.grafana.contact_point import ContactPointArgs
from engine.recorder import observe
from program.register import register
from program.settings import Settings
from tests.contract.cases import CASES
from tests.contract.values import ACCOUNT, SECRET_VALUE, WORKER_URL, ZONE, secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from belfry.arguments.contact_points import Contact
    from engine.recorder import PlannedResource

SHOP = """\
platform: shop
environments:
  prod: {paging: grafana, domain: shop.example}
severities:
  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [slack, pager]}
  P3: {rank: 3, answer: 1d, resolve: 7d, channels: [mail], hours: business}
channels:
  slack: {slack: {webhook: secret:slack}}
  pager: {pagerduty: {key: secret:pagerduty}}
  mail:
    email:
      host: smtp.shop.example
      user: alerts
      password: secret:smtp
      from: a@shop.example
      to: b@shop.example
people:
  hours: {business: {days: Mon–Fri, between: 09:00–17:00, zone: America/New_York}}
services:
  api: {is: http-api, url: "https://api.${domain}"}
checks:
  api-health: {of: api, http: {path: /health}}
rules:
  all: {use: [WorkerDown], set: {WorkerDown: {severity: P0}}}
  milder: {use: [WorkerDown], set: {WorkerDown: {severity: P3}}}
"""


SETTINGS = Settings(
    platform="shop",
    environment="prod",
    account=ACCOUNT,
    zone=ZONE,
    workers_subdomain="shop",
    localcloud=None,
    owns_grafana_policy=False,
    secrets={},
    planning=True,
)


SECRET = Secret(name="s")
KINDS: dict[str, Contact] = {
    "slack": SlackContact(webhook=SECRET),
    "pagerduty": PagerDutyContact(key=SECRET, severity="critical"),
    "email": EmailContact(addresses=("a@shop.example",)),
    "webhook": WebhookContact(url="https://hooks.shop.example/x"),
    "discord": DiscordContact(webhook=SECRET),
    "teams": TeamsContact(webhook=SECRET),
}


def children(program: Callable[[], None]) -> list[dict[str, Any]]:
    """Give what the provider's resources of a program are made of."""
    found: list[dict[str, Any]] = [
        one.inputs for one in observe(program).resources if not one.type.startswith("belfry:")
    ]
    return found


def sent(case: str) -> dict[str, Any]:
    """Give what the provider's resource of a case is made of."""

    def program() -> None:
        CASES[case].build("prod")

    (one,) = children(program)
    return one


def registered(folder: Path, *, owns: bool) -> dict[str, PlannedResource]:
    """Give what the shop registers where Grafana pages, by key."""
    path = folder / "shop.yaml"
    path.write_text(SHOP, encoding="utf-8")
    stack = compile_stack(
        load_platform(path, environment="prod"),
        environment="prod",
        catalogue=load_catalogue(),
        worker_code="export default {};",
        dashboards=(),
        target=Target(workers_subdomain="shop", owns_grafana_policy=owns),
    )
    names = [one.name for one in stack.secrets]
    settings = replace(SETTINGS, owns_grafana_policy=owns)

    def program() -> None:
        register(stack, settings=settings, worker_url=WORKER_URL, secrets=secret(*names))

    return {one.key: one for one in observe(program).resources}


def test_a_contact_point_tells_everybody_at_once_each_in_the_list_of_its_kind() -> None:
    inputs = sent("contact of everybody")
    assert inputs.pop("name") == "shop-prod"
    assert {kind: len(some) for kind, some in inputs.items()} == {
        "slacks": 1,
        "pagerduties": 1,
        "emails": 1,
        "webhooks": 1,
        "discords": 1,
        "teams": 1,
    }
    title = '{{ template "shop.title" . }}'
    assert {
        kind: some[0].get("title", some[0].get("subject")) for kind, some in inputs.items()
    } == {
        **dict.fromkeys(inputs, title),
        "pagerduties": None,
    }


def test_pagerduty_is_told_the_facts_one_by_one_and_a_severity_that_depends_on_the_alert() -> None:
    (pager,) = sent("contact of everybody")["pagerduties"]
    assert pager["severity"] == '{{ template "shop.severity" . }}'
    assert pager["class"] == '{{ template "shop.class" . }}'
    assert pager["details"] == {"what": '{{ template "shop.what" . }}', "first-step": "look"}


@pytest.mark.parametrize(("kind", "contact"), KINDS.items())
def test_every_text_of_a_kind_arrives(kind: str, contact: Contact) -> None:
    texts = contact_settings("shop", "prod", kind)
    told = tuple(
        (name, tuple(text.items()) if isinstance(text, dict) else str(text))
        for name, text in texts.items()
    )
    integration = Integration(contact=contact, texts=told)

    def program() -> None:
        args = ContactPointArgs(
            contact_point=ContactPoint(name="shop", integrations=(integration,)),
            worker_url=WORKER_URL,
            secrets=secret("s"),
        )
        Component("shop", args)

    (one,) = children(program)
    ((given,),) = [some for key, some in one.items() if key != "name"]
    assert {key.rstrip("_"): text for key, text in texts.items()}.items() <= given.items()


def test_a_rule_says_when_and_by_what_its_alerts_are_told() -> None:
    told, by_the_tree = sent("rule group where Grafana pages")["rules"]
    assert told["notificationSettings"] == {
        "contactPoint": "shop-prod-people",
        "activeTimings": ["shop-prod-office"],
        "groupBies": ["grafana_folder", "alertname", "service"],
        "groupWait": "15m",
        "groupInterval": "5m",
        "repeatInterval": "1w",
    }
    assert "notificationSettings" not in by_the_tree


def test_a_route_says_what_is_its_own_and_leaves_the_rest_to_its_parent() -> None:
    (here,) = sent("notification policy where Grafana pages")["policies"]
    assert here["matchers"] == [{"label": "environment", "match": "=", "value": "prod"}]
    assert here.keys() == {"matchers", "continue", "policies"}
    (severity,) = here["policies"]
    now, later = severity["policies"]
    assert now == {
        "contactPoint": "shop-prod-people",
        "continue": True,
        "muteTimings": ["shop-prod-nights"],
    }
    assert later == {
        "contactPoint": "shop-prod-all",
        "continue": False,
        "muteTimings": ["shop-prod-nights"],
        "activeTimings": ["shop-prod-office"],
        "groupWait": "15m",
        "groupInterval": "5m",
        "repeatInterval": "1w",
    }


@pytest.mark.parametrize("owns", [False, True])
def test_texts_are_there_before_who_is_told_with_them_and_those_before_what_names_them(
    tmp_path: Path, *, owns: bool
) -> None:
    found = registered(tmp_path, owns=owns)
    points = {
        one.key: one
        for one in found.values()
        if one.type == "grafana:alerting/contactPoint:ContactPoint"
    }
    templates = [
        one.key
        for one in found.values()
        if one.type == "grafana:alerting/messageTemplate:MessageTemplate"
    ]
    assert len(templates) == 1
    assert len(points) > 2
    for one in points.values():
        assert set(templates) <= before(one, found), one.key
    kind = "notificationPolicy:NotificationPolicy" if owns else "ruleGroup:RuleGroup"
    naming = [one for one in found.values() if one.type == f"grafana:alerting/{kind}"]
    told = {key for one in naming for key in before(one, found)}
    assert {key for key in points if not key.endswith("-vote")} <= told


def before(one: PlannedResource, found: dict[str, PlannedResource]) -> set[str]:
    """Give the keys of all that is made before something, its parents' orders included."""
    keys: set[str] = set()
    parent: str | None = one.key
    while parent is not None and parent in found:
        keys.update(found[parent].depends_on)
        parent = found[parent].parent
    children = {each.key for each in found.values() if each.parent in keys}
    return keys | children


def test_no_secret_is_in_what_is_registered(tmp_path: Path) -> None:
    found = registered(tmp_path, owns=True)
    assert SECRET_VALUE not in "".join(str(one.inputs) for one in found.values())
