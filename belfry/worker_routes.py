"""Which channels the monitoring Worker tells at once of a rule: what the routes make of it.

The Worker knows no hours and no waiting: whoever is told at once in some hours is told, and who is
told later is not.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from belfry.routes.cases import channels_of

if TYPE_CHECKING:
    from belfry.language.platform import Platform
    from belfry.language.routing import Route
    from belfry.rules import ServiceRule


def told_at_once(platform: Platform, rule: ServiceRule) -> tuple[str, ...]:
    """Give the names in the order of the severity and then of the routes; people may be among them.

    `belfry.routes` gives the same for the labels of the rule's alert.
    """
    routes = [one for one in platform.routing.routes.values() if _takes(one, rule)]
    severity = platform.severities[rule.severity]
    told = channels_of(severity.channels, routes).values()
    wait = platform.routing.wait.whole_seconds
    escalated = (step.to for step in severity.escalate if step.after.whole_seconds <= wait)
    return tuple(dict.fromkeys(chain.from_iterable((*told, *escalated))))


def _takes(route: Route, rule: ServiceRule) -> bool:
    return all(
        not wanted or value in wanted
        for wanted, value in (
            (route.severities, rule.severity),
            (route.services, rule.service),
            (route.kinds, rule.kind),
            (route.sets, rule.set),
        )
    )
