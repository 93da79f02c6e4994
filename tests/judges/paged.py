"""The shipped platforms as they would be if Alertmanager paged everywhere, and what is modelled."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.catalogue import load_catalogue
from belfry.language.channels import Sms, Webhook
from belfry.loading import load_platform
from belfry.routes import routes_of
from belfry.routes.tree import leaves, passed
from belfry.routes.votes import votes_of
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.routes import Routes

PLATFORMS = ("pitchey", "boulder-fest", "marketplace", "example")


@cache
def catalogue() -> Catalogue:
    """Give the rules of this release, read once."""
    return load_catalogue()


@cache
def shipped(name: str, environment: str) -> Platform:
    """Give a shipped platform as it is in an environment, read once."""
    path = ROOT / "platforms" / f"{name}.yaml"
    return load_platform(path, environment=environment, catalogue=catalogue())


def paged_by_prometheus(platform: Platform) -> Platform:
    """Let Alertmanager page everywhere; it cannot send SMS, so that a webhook does."""
    environments = {
        name: replace(one, paging=Pager.PROMETHEUS) for name, one in platform.environments.items()
    }
    channels = {
        name: Webhook(url="https://sms.example/send", token=one.secret)
        if isinstance(one, Sms)
        else one
        for name, one in platform.channels.items()
    }
    return replace(platform, environments=environments, channels=channels)


def sites() -> Iterable[tuple[Platform, str]]:
    """Give every environment of every shipped platform, as it is and as if Alertmanager paged."""
    for name in PLATFORMS:
        path = ROOT / "platforms" / f"{name}.yaml"
        for environment in load_platform(path, catalogue=catalogue()).environments:
            platform = shipped(name, environment)
            yield platform, environment
            yield paged_by_prometheus(platform), environment


def is_paged(platform: Platform, environment: str) -> bool:
    """Say whether Alertmanager pages in an environment."""
    return platform.environments[environment].paging is Pager.PROMETHEUS


def logical(platform: Platform, environment: str) -> Routes:
    """Give the routes that Alertmanager has there: the platform's, or those of votes."""
    made = routes_of if is_paged(platform, environment) else votes_of
    return made(platform, environment)


def modelled(routes: Routes, labels: Mapping[str, str]) -> list[str]:
    """Give the receivers of an alert, in the order of the tree."""
    found = passed(routes.root, labels)
    assert found is not None
    return [end.receiver for end in leaves(found)]
