"""Contact points: integrations that share a name. Their secrets are not even kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, documents, flag, inner, parse, text
from localcloud.grafana.answers import SCOPE, RefusedError, provenance, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Object, Store

REDACTED = "[REDACTED]"

_SECRETS: Mapping[str, frozenset[str]] = {
    "discord": frozenset({"url"}),
    "email": frozenset(),
    "opsgenie": frozenset({"apiKey"}),
    "pagerduty": frozenset({"integrationKey"}),
    "slack": frozenset({"url", "token"}),
    "teams": frozenset(),
    "telegram": frozenset({"bottoken"}),
    "webhook": frozenset({"password", "authorization_credentials"}),
}
"""Types of integrations, and which of their settings are secret."""

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "discord": ("url",),
    "email": ("addresses",),
    "opsgenie": ("apiKey",),
    "pagerduty": ("integrationKey",),
    "teams": ("url",),
    "telegram": ("bottoken", "chatid"),
    "webhook": ("url",),
}


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
        if request.method == "GET":
            name = request.query_params.get("name")
            return told(
                [
                    _told(held)
                    for held in self._store.all("contact-points", SCOPE)
                    if name in (None, held.name)
                ]
            )
        sent = document(parse(await request.body()))
        uid = text(sent, "uid", "") or secrets.token_hex(7)
        if self._store.get("contact-points", SCOPE, uid):
            raise RefusedError(409, f"contact point with uid {uid!r} already exists")
        return told(_told(self._put(uid, sent, request)), 202)

    async def _member(self, request: Request) -> Response:
        uid = str(request.path_params["uid"])
        held = self._store.get("contact-points", SCOPE, uid)
        if held is None:
            raise RefusedError(404, "contact point not found")
        if request.method == "PUT":
            sent = document(parse(await request.body()))
            if text(sent, "name") != held.name:
                self._check_unused(held)
            self._put(uid, sent, request)
            return told({"message": "contactpoint updated"}, 202)
        self._check_unused(held)
        self._store.delete("contact-points", SCOPE, uid)
        return told({"message": "contactpoint deleted"}, 202)

    def _put(self, uid: str, sent: Document, request: Request) -> Object:
        type_ = text(sent, "type")
        secret = _SECRETS.get(type_)
        if secret is None:
            raise RefusedError(400, f"invalid contact point type {type_!r}")
        settings = inner(sent, "settings")
        for name in _REQUIRED.get(type_, ()):
            if not settings.get(name):
                raise RefusedError(400, f"invalid contact point: {name} is required")
        if type_ == "slack" and not settings.get("url") and not settings.get("token"):
            raise RefusedError(400, "invalid contact point: slack needs a url or a token")
        body: Document = {
            "type": type_,
            "settings": {
                name: REDACTED if name in secret and value else value
                for name, value in settings.items()
            },
            "disableResolveMessage": flag(sent, "disableResolveMessage"),
            "provenance": provenance(request),
        }
        return self._store.put("contact-points", SCOPE, uid, name=text(sent, "name"), body=body)

    def _check_unused(self, held: Object) -> None:
        """Refuse to take away the last integration of a name that routes or rules use."""
        others = [
            other
            for other in self._store.all("contact-points", SCOPE)
            if other.name == held.name and other.id != held.id
        ]
        if not others and held.name in set(used(self._store)):
            raise RefusedError(
                409,
                f"Contact point '{held.name}' is currently used by a notification policy or rule",
                messageId="alerting.notifications.contact-points.referenced",
            )


def exists(store: Store, name: str) -> bool:
    """Tell whether there is a contact point of a name; Grafana's own default always is."""
    return name == "grafana-default-email" or store.named("contact-points", SCOPE, name) is not None


def used(store: Store) -> Iterator[str]:
    """Yield the names of contact points that the policy tree and rules use."""
    tree = store.get("policy-tree", SCOPE, "policy")
    if tree is not None:
        yield from receivers(tree.body)
    for group in store.all("rule-groups", SCOPE):
        for rule in documents(group.body, "rules"):
            yield text(inner(rule, "notification_settings"), "receiver", "")


def receivers(route: Document) -> Iterator[str]:
    """Yield the receivers of a route and all below it."""
    yield text(route, "receiver", "")
    for below in documents(route, "routes"):
        yield from receivers(below)


def _told(held: Object) -> Document:
    return {"uid": held.id, "name": held.name, **held.body}
