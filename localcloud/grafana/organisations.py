"""Organisations: each has objects of its own, which the others do not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.grafana.answers import told

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from localcloud.documents import Document
    from localcloud.store import Object, Store

MAIN = 1
"""The organisation of whoever names none."""

_HEADER = "x-grafana-org-id"
_SCOPE = "grafana"
_FURTHER = f"{_SCOPE}/organisations/"
_SETTLED = "localcloud.grafana.organisation"
_LONGEST = 9
"""Digits; anything longer is no number of an organisation."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """The objects of one organisation: the store, seen from inside it."""

    store: Store
    number: int

    @property
    def scope(self) -> str:
        """Return what its objects live in."""
        return _SCOPE if self.number == MAIN else f"{_FURTHER}{self.number}"

    def get(self, kind: str, identifier: str) -> Object | None:
        """Return one object, or None."""
        return self.store.get(kind, self.scope, identifier)

    def named(self, kind: str, name: str) -> Object | None:
        """Return the oldest object of a name, or None."""
        return self.store.named(kind, self.scope, name)

    def all(self, kind: str) -> list[Object]:
        """Return the objects of a kind, oldest first."""
        return self.store.all(kind, self.scope)

    def all_named(self, kind: str, name: str) -> list[Object]:
        """Return the objects of a name, oldest first."""
        return self.store.all_named(kind, self.scope, name)

    def with_rule(self, uid: str, but: str = "") -> Object | None:
        """Return the group that holds a rule, or None; `but` is the id of one that is not meant."""
        found = self.store.with_rule(self.scope, uid, but)
        return found[0] if found else None

    def with_rule_titled(self, folder: str, title: str, but: str = "") -> list[Object]:
        """Return the groups that hold a rule of a title in a folder; `but` as above."""
        return self.store.with_rule_titled(self.scope, folder, title, but)

    def put(self, kind: str, identifier: str, *, name: str, body: Document) -> Object:
        """Make or replace an object."""
        return self.store.put(kind, self.scope, identifier, name=name, body=body)

    def delete(self, kind: str, identifier: str) -> bool:
        """Remove an object and whatever lives in it; tell whether it was there."""
        return self.store.delete(kind, self.scope, identifier)

    def next_number(self, kind: str) -> int:
        """Return a number that no object of the kind had before, in any organisation."""
        return self.store.next_number(kind)

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""
        return self.store.transaction()


def number_of(scope: str) -> int:
    """Return the number of the organisation whose objects live in a scope."""
    return int(scope.removeprefix(_FURTHER)) if scope.startswith(_FURTHER) else MAIN


def settle(scope: Scope, only: int | None) -> bool:
    """Settle which organisation a call is about, for `organisation` to return.

    Args:
        scope: of the call; it keeps the number.
        only: the organisation of the caller's token, which no header can change; None: the
            header's, else the main one.

    Returns:
        Whether the header, if there is one, does not name another than the token's.

    """
    sent = dict(scope["headers"]).get(_HEADER.encode(), b"").decode("latin-1")
    usable = sent.isascii() and sent.isdecimal() and len(sent) <= _LONGEST
    named = int(sent) if usable else 0
    scope[_SETTLED] = only or named or MAIN
    return only is None or named in (0, only)


def organisation(store: Store, request: Request) -> Organisation:
    """Return the organisation that a call is about."""
    return Organisation(store, request.scope[_SETTLED])


class Organisations:
    """What is told of the organisation itself."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [Route("/api/org", self._current, methods=["GET"])]

    async def _current(self, request: Request) -> Response:
        number = organisation(self._store, request).number
        address = dict.fromkeys(("address1", "address2", "city", "zipCode", "state", "country"), "")
        return told({"id": number, "name": _name(number), "address": {**address}})


def _name(number: int) -> str:
    return "Main Org." if number == MAIN else f"Org. {number}"
