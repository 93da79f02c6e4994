"""The one tree of notification policies of an organisation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import MalformedError, document, flag, items, parse, text, texts
from localcloud.grafana.answers import (
    RefusedError,
    check_provenance,
    provenance,
    seconds,
    told,
)
from localcloud.grafana.contacts import exists, routes, timings
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Store

_DEFAULT: Document = {
    "receiver": "grafana-default-email",
    "group_by": ["grafana_folder", "alertname"],
}
_ALL_LABELS = "..."
_OPERATORS = ("=", "!=", "=~", "!~")
_INVALID = "invalid object specification: "


class Policies:
    """The one route of the tree."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the route."""
        path = "/api/v1/provisioning/policies"
        return [Route(path, self._tree, methods=["GET", "PUT", "DELETE"])]

    async def _tree(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.get("policy-tree", "policy")
        if request.method == "DELETE":
            org.delete("policy-tree", "policy")
            return told({"message": "policies deleted"}, 202)
        if request.method == "GET":
            return told(_DEFAULT if held is None else held.body)
        sent = document(parse(await request.body()))
        check_provenance(None if held is None else held.body, request)
        _check_root(sent)
        for route in routes(sent):
            check_routing(org, route)
        body: Document = {**sent, "provenance": provenance(request)}
        org.put("policy-tree", "policy", name="policy", body=body)
        return told({"message": "policies updated"}, 202)


def check_routing(org: Organisation, route: Document) -> None:
    """Refuse a route, or a rule's notification settings, that the Alertmanager would not take.

    Raises:
        RefusedError: it names a contact point or timing that does not exist.
        MalformedError: a duration, a matcher or the grouping is wrong.

    """
    receiver = text(route, "receiver", "")
    if receiver and not exists(org, receiver):
        raise RefusedError(400, f"{_INVALID}receiver '{receiver}' does not exist")
    for name in timings(route):
        if org.get("mute-timings", name) is None:
            raise RefusedError(400, f"{_INVALID}time interval '{name}' does not exist")
    for matcher in items(route, "object_matchers"):
        _check_matcher(matcher)
    _check_grouping(texts(route, "group_by"))
    flag(route, "continue")
    for name in ("group_wait", "group_interval", "repeat_interval"):
        value = text(route, name, "")
        if value and not seconds(value, name) and name != "group_wait":
            raise MalformedError(f"{_INVALID}{name} cannot be zero")


def _check_root(sent: Document) -> None:
    if not text(sent, "receiver", ""):
        raise RefusedError(400, f"{_INVALID}root route must specify a default receiver")
    if items(sent, "object_matchers"):
        raise RefusedError(400, f"{_INVALID}root route must not have any matchers")
    if timings(sent):
        raise RefusedError(400, f"{_INVALID}root route must not have any mute or active timings")


def _check_grouping(labels: list[str]) -> None:
    if _ALL_LABELS in labels and len(labels) > 1:
        raise MalformedError(
            f"{_INVALID}cannot have wildcard group_by ({_ALL_LABELS}) and other labels at the "
            "same time"
        )
    doubled = {label for label in labels if labels.count(label) > 1}
    if doubled:
        raise MalformedError(f"{_INVALID}duplicated label {min(doubled)} in group_by")


def _check_matcher(matcher: Value) -> None:
    match matcher:
        case [str(label), str(operator), str(value)] if label:
            if operator not in _OPERATORS:
                raise MalformedError(
                    f"{_INVALID}{operator!r} is no operator of a matcher: it is one of "
                    f"{', '.join(_OPERATORS)}"
                )
            if operator.endswith("~"):
                _check_pattern(value)
        case _:
            raise MalformedError(
                f"{_INVALID}a matcher in object_matchers is a list of label, operator and value"
            )


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as mistake:
        raise MalformedError(
            f"{_INVALID}{pattern!r} is no regular expression: {mistake}"
        ) from mistake
