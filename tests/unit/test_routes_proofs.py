"""What is wrong with routes although Alertmanager would take them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from belfry.arguments import Pager, Secret
from belfry.language.channels import Email, Sms, Tls
from belfry.language.people import Contact, People
from belfry.language.routing import Route
from belfry.language.rules import RuleSet
from belfry.language.severities import Escalation
from belfry.loading import load_platform
from belfry.routes import alert_labels, routes_of
from belfry.routes.proofs import hidden, misspelt, proofs, unheard, unreachable, unrouted, untold
from belfry.values.duration import Duration
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from tests.unit.shop import ReadsShop

SMS = Sms(
    account=f"AC{'0' * 32}", token=Secret(name="sms"), from_="+14155550199", to=("+14155550100",)
)
MAIL = Email(
    host="smtp.shop.example",
    user="alerts",
    password=Secret(name="smtp"),
    from_="alerts@shop.example",
    to=("team@shop.example",),
)


@pytest.fixture(scope="module")
def platform(shop: ReadsShop) -> Platform:
    return replace(shop(), rules={"all": RuleSet(use=("WorkerDown",))})


def paged(platform: Platform, pager: Pager) -> Platform:
    prod = replace(platform.environments["prod"], paging=pager)
    return replace(platform, environments={**platform.environments, "prod": prod})


def test_a_platform_that_makes_sense_has_none(platform: Platform, catalogue: Catalogue) -> None:
    routes = routes_of(platform, "prod")
    assert proofs(platform, routes, alert_labels(platform, "prod", catalogue)) == ()


def test_a_misspelt_severity_is_told_with_the_nearest(
    platform: Platform, catalogue: Catalogue
) -> None:
    routes = routes_of(platform, "prod")
    (alert,) = alert_labels(platform, "prod", catalogue)
    (problem,) = proofs(platform, routes, [{**alert, "severity": "p00"}])
    assert str(problem) == (
        'rules.all  WorkerDown has the severity "p00", which is none  did you mean P0?'
    )
    assert list(misspelt(routes, [alert])) == []


def test_a_rule_that_reaches_only_the_default_receiver_is_told(
    platform: Platform, catalogue: Catalogue
) -> None:
    routes = routes_of(platform, "prod")
    (alert,) = alert_labels(platform, "prod", catalogue)
    (problem,) = unrouted(routes, [{**alert, "environment": "staging"}])
    assert str(problem) == (
        "rules.all  WorkerDown reaches only the default receiver  give it the labels "
        "platform=shop and environment=prod"
    )


def test_a_route_that_no_rule_can_reach_is_told(platform: Platform, catalogue: Catalogue) -> None:
    routing = replace(
        platform.routing,
        routes={
            "api": Route(services=("api",), channels=("slack",)),
            "database": Route(services=("database",), channels=("slack",)),
        },
    )
    changed = replace(platform, routing=routing)
    routes = routes_of(changed, "prod")
    (problem,) = unreachable(changed, routes, alert_labels(changed, "prod", catalogue))
    assert problem.path == ("routing", "routes", "database")
    assert problem.wrong == "no rule can reach this route in prod"


def test_a_route_that_another_always_goes_with_is_reached(
    platform: Platform, catalogue: Catalogue
) -> None:
    routing = replace(
        platform.routing,
        routes={name: Route(services=("api",), channels=("slack",)) for name in ("one", "other")},
    )
    changed = replace(platform, routing=routing)
    found = alert_labels(changed, "prod", catalogue)
    assert list(unreachable(changed, routes_of(changed, "prod"), found)) == []


@pytest.mark.parametrize("pager", [Pager.PROMETHEUS, Pager.GRAFANA])
def test_a_page_that_who_pages_cannot_send_is_told(
    pager: Pager, platform: Platform, catalogue: Catalogue
) -> None:
    changed = paged(replace(platform, channels={"slack": SMS}), pager)
    routes = routes_of(changed, "prod")
    found = alert_labels(changed, "prod", catalogue)
    (problem,) = unheard(changed, routes, found)
    assert problem.path == ("severities", "P0", "channels")
    assert problem.wrong == f"WorkerDown about api pages nobody: {pager} cannot tell slack"
    (sms,) = untold(changed, routes)
    assert sms.path == ("channels", "slack")
    assert "cannot send SMS, and pages in prod" in sms.wrong
    assert proofs(changed, routes, found) == (problem, sms)


def test_a_severity_without_channels_pages_nobody(platform: Platform, catalogue: Catalogue) -> None:
    silent = replace(platform.severities["P0"], channels=())
    changed = replace(platform, severities={"P0": silent})
    found = alert_labels(changed, "prod", catalogue)
    (problem,) = unheard(changed, routes_of(changed, "prod"), found)
    assert problem.wrong == "WorkerDown about api pages nobody: P0 has no channel"
    shadow = paged(changed, Pager.SHADOW)
    assert list(unheard(shadow, routes_of(shadow, "prod"), found)) == []


def test_people_without_mail_cannot_be_told_by_alertmanager(platform: Platform) -> None:
    severity = replace(
        platform.severities["P0"], escalate=(Escalation(after=Duration.of(900), to=("ann",)),)
    )
    changed = paged(
        replace(
            platform,
            severities={"P0": severity},
            people=People(contacts={"ann": Contact(phone="+14155550100")}),
        ),
        Pager.PROMETHEUS,
    )
    (problem,) = untold(changed, routes_of(changed, "prod"))
    assert problem.path == ("people", "contacts", "ann")
    assert "there is no mail server" in problem.wrong
    with_server = replace(changed, channels={**changed.channels, "mail": MAIL})
    (problem,) = untold(with_server, routes_of(with_server, "prod"))
    assert problem.right == "add their mail address, or let the severity escalate to a channel"
    reachable = People(contacts={"ann": Contact(mail="ann@shop.example")})
    told = replace(with_server, people=reachable)
    assert list(untold(told, routes_of(told, "prod"))) == []


def test_alertmanager_encrypts_from_the_first_byte_on_one_port_alone(platform: Platform) -> None:
    for port, tls, count in (
        (465, Tls.IMPLICIT, 0),
        (4465, Tls.IMPLICIT, 1),
        (587, Tls.STARTTLS, 0),
    ):
        mail = replace(MAIL, port=port, tls=tls)
        changed = paged(replace(platform, channels={"slack": mail}), Pager.PROMETHEUS)
        assert len({str(one) for one in untold(changed, routes_of(changed, "prod"))}) == count


def test_what_another_branch_takes_all_of_is_not_rendered(platform: Platform) -> None:
    routing = replace(
        platform.routing,
        routes={
            "everybody": Route(channels=("slack",)),
            "api": Route(services=("api",), channels=("slack",)),
        },
    )
    routes = routes_of(replace(platform, routing=routing), "prod")
    (severity,) = [node for node in routes.root.nodes[0].nodes if node.name == "P0"]
    assert [node.name for node in severity.nodes] == [
        "route everybody, route api",
        "route everybody",
    ]
    assert list(hidden(routes)) == []


@pytest.mark.parametrize("name", ["pitchey", "boulder-fest", "marketplace"])
@pytest.mark.parametrize("pager", [Pager.PROMETHEUS, Pager.GRAFANA, Pager.WORKER])
def test_every_branch_of_a_shipped_platform_can_be_reached(name: str, pager: Pager) -> None:
    path = ROOT / "platforms" / f"{name}.yaml"
    routes = routes_of(paged(load_platform(path, environment="prod"), pager), "prod")
    assert list(hidden(routes)) == []


def test_a_branch_after_one_that_takes_everything_is_told(
    platform: Platform, catalogue: Catalogue
) -> None:
    routes = routes_of(platform, "prod")
    site = routes.root.nodes[0]
    swapped = replace(site, nodes=(replace(site.nodes[0], name="all", matches=()), *site.nodes[1:]))
    hiding = replace(routes, root=replace(routes.root, nodes=(swapped,)))
    found = proofs(platform, hiding, alert_labels(platform, "prod", catalogue))
    assert [str(one) for one in found if one.path == ("routing", "routes")] == [
        "routing.routes  in prod, all takes all that P0 would  let the narrower one come first"
    ]
