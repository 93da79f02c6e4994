"""Contact points: integrations that share a name. Their secrets are not even kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, documents, flag, inner, parse, text, texts
from localcloud.grafana.answers import (
    RefusedError,
    check_provenance,
    own_uid,
    problem,
    provenance,
    told,
)
from localcloud.grafana.integrations import checked, redacted
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store


class ContactPoints:
    """The routes of contact points."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/api/v1/provisioning/contact-points"
        return [
            Route(path, self._collection, methods=["GET", "POST"]),
            Route(f"{path}/{{uid}}", self._member, methods=["PUT", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        org = organisation(self._store, request)
        if request.method == "GET":
            name = request.query_params.get("name")
            return told(
                [_told(held) for held in org.all("contact-points") if name in (None, held.name)]
            )
        sent = document(parse(await request.body()))
        uid = own_uid(sent)
        there = org.get("contact-points", uid)
        if there is not None:
            raise problem(
                409,
                "alerting.notifications.contact-points.uidInUse",
                f"Receiver configuration with UID '{uid}' already exists in contact point "
                f"'{there.name}'. Please use unique identifiers for receivers across all contact "
                "points.",
            )
        return told(_told(_put(org, uid, sent, request)), 202)

    async def _member(self, request: Request) -> Response:
        org = organisation(self._store, request)
        held = org.get("contact-points", request.path_params["uid"])
        if held is None:
            raise RefusedError(404, "contact point not found")
        if request.method == "PUT":
            sent = document(parse(await request.body()))
            check_provenance(held.body, request)
            if text(sent, "name") != held.name:
                _check_unused(org, held)
            _put(org, held.id, sent, request)
            return told({"message": "contactpoint updated"}, 202)
        _check_unused(org, held)
        org.delete("contact-points", held.id)
        return told({"message": "contactpoint deleted"}, 202)


def _put(org: Organisation, uid: str, sent: Document, request: Request) -> Object:
    type_, settings = text(sent, "type"), inner(sent, "settings")
    integration = checked(type_, settings)
    body: Document = {
        "type": type_,
        "settings": redacted(integration, settings),
        "disableResolveMessage": flag(sent, "disableResolveMessage"),
        "provenance": provenance(request),
    }
    return org.put("contact-points", uid, name=text(sent, "name"), body=body)


def _check_unused(org: Organisation, held: Object) -> None:
    """Refuse to take away the last integration of a name that routes or rules use."""
    if any(other.id != held.id for other in org.all_named("contact-points", held.name)):
        return
    tree = org.get("policy-tree", "policy")
    if tree is not None and held.name in {route.get("receiver") for route in routes(tree.body)}:
        raise problem(
            409,
            "alerting.notifications.contact-points.referenced",
            "Contact point is currently referenced by a notification policy.",
        )
    if held.name in {settings.get("receiver") for settings in rule_settings(org)}:
        raise problem(
            409,
            "alerting.notifications.contact-points.used-by-rule",
            "Contact point is currently used in the notification settings of one or many alert "
            "rules.",
        )


def exists(org: Organisation, name: str) -> bool:
    """Tell whether there is a contact point of a name; Grafana's own default always is."""
    return name == "grafana-default-email" or org.named("contact-points", name) is not None


def rule_settings(org: Organisation) -> Iterator[Document]:
    """Yield the notification settings of every alert rule that has its own."""
    for group in org.all("rule-groups"):
        for rule in documents(group.body, "rules"):
            settings = inner(rule, "notification_settings")
            if settings:
                yield settings


def routes(route: Document) -> Iterator[Document]:
    """Yield a route and all below it."""
    yield route
    for below in documents(route, "routes"):
        yield from routes(below)


def timings(settings: Document) -> list[str]:
    """Return the names of the timings that a route or a rule's notification settings use."""
    return [*texts(settings, "mute_time_intervals"), *texts(settings, "active_time_intervals")]


def _told(held: Object) -> Document:
    return {"uid": held.id, "name": held.name, **held.body}
