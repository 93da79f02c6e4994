"""Whom Grafana tells of what: the one tree of an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import alerting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pulumi import Input

    from belfry.arguments.alert_routing import AlertRoute, Match, NotificationTree


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationPolicyArgs:
    """What NotificationPolicy is made of."""

    tree: NotificationTree
    contact_points: Mapping[str, Input[str]]
    """Names of the contact points that the tree names, by those names; they make the order."""
    mute_timings: Mapping[str, Input[str]]
    """Names of the mute timings that the tree names, by those names; they make the order."""


class NotificationPolicy(ComponentResource):
    """The whole tree. Registered only where the stack owns it: it overwrites what is there.

    Names are outputs of what they name: by literal names the tree would be sent before its contact
    points exist, and destroyed after them, and both fail. That all routes have gone no refresh
    notices; `belfry drift` does.

    It outlives the stack: whoever has taken the tree over since the last update keeps theirs, and
    neither destroying nor giving it up runs the program, which would look. `belfry down` looks, and
    resets a tree that is still the stack's; Grafana keeps the contact points of one that stands.
    """

    def __init__(
        self, name: str, args: NotificationPolicyArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:NotificationPolicy", name, None, opts)
        tree = args.tree
        policy = alerting.NotificationPolicy(
            name,
            contact_point=args.contact_points[tree.contact_point],
            group_bies=list(tree.group_by),
            group_wait=tree.times.wait,
            group_interval=tree.times.interval,
            repeat_interval=tree.times.repeat,
            policies=[_route(route, args) for route in tree.routes],
            opts=ResourceOptions(parent=self, retain_on_delete=True),
        )
        self.register_outputs({"contactPoint": policy.contact_point})


def _route(route: AlertRoute, args: NotificationPolicyArgs) -> Any:
    times = route.times
    said: dict[str, object] = {
        "contact_point": args.contact_points[route.contact_point] if route.contact_point else None,
        "matchers": [_match(one) for one in route.matches] or None,
        "group_bies": list(route.group_by) or None,
        "continue_": route.goes_on,
        "mute_timings": [args.mute_timings[one] for one in route.mute_timings] or None,
        "active_timings": [args.mute_timings[one] for one in route.active_timings] or None,
        "group_wait": times.wait if times else None,
        "group_interval": times.interval if times else None,
        "repeat_interval": times.repeat if times else None,
        "policies": [_route(one, args) for one in route.routes] or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _match(match: Match) -> dict[str, str]:
    return {"label": match.label, "match": match.sign, "value": match.value}
