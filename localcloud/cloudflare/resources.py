"""Create, read, list, update and delete for every row of the table of kinds."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING
from uuid import uuid4

from starlette.routing import Route

from localcloud.cloudflare.envelope import cursored, listing, success
from localcloud.cloudflare.kinds import KINDS
from localcloud.cloudflare.kinds.rows import Draft, Identity, Secrecy
from localcloud.cloudflare.listed import Listed
from localcloud.cloudflare.taking import merged, parted, taken
from localcloud.documents import document, inner, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.kinds.rows import Kind
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store


def scope_of(request: Request) -> str:
    """Return the scope that a path names, such as `accounts/<id>`."""
    family = "zones" if str(request.scope["path"]).startswith("/client/v4/zones/") else "accounts"
    return f"{family}/{request.path_params['scope']}"


def new_id() -> str:
    """Return an id as Cloudflare makes them: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def told(store: Store, kind: Kind, held: Object) -> Document:
    """Return an object as the service tells it."""
    made, guarded = inner(held.hidden, "made"), inner(held.hidden, "guarded")
    body: Document = {**merged(held.body, guarded), **made, **kind.added}
    body[kind.identifier] = int(held.id) if kind.identity is Identity.NUMBER else held.id
    if kind.created:
        body[kind.created] = kind.stamp(held.created)
    if kind.modified:
        body[kind.modified] = kind.stamp(held.modified)
    return kind.tell(store, held, body)


class Resources:
    """The routes of all kinds."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes, two for each path of a kind."""
        return [
            route for kind in KINDS for path in kind.paths for route in self._routes_of(kind, path)
        ]

    def _routes_of(self, kind: Kind, path: str) -> list[Route]:
        async def create(request: Request) -> Response:
            answer = success(await self._create(kind, request))
            answer.status_code = kind.created_status
            return answer

        async def every(request: Request) -> Response:
            results = self._listed(kind, request)
            if kind.cursor:
                return cursored([*results], request, by=kind.identifier, within=kind.cursor)
            return listing(results, request)

        async def member(request: Request) -> Response:
            held = self._found(kind, request)
            if request.method == "GET":
                return success(told(self._store, kind, held))
            if request.method == "DELETE":
                self._store.delete(kind.name, held.scope, held.id)
                self._changed(kind.name)
                return success(kind.deleted(held) if kind.deleted else {kind.identifier: held.id})
            return success(await self._update(kind, held, request))

        return [
            Route(path, create, methods=["POST"]),
            Route(f"{path}{kind.listed_at}", every, methods=["GET"]),
            Route(f"{path}/{{id}}", member, methods=["GET", "DELETE", *kind.updates]),
        ]

    def _listed(self, kind: Kind, request: Request) -> Sequence[Value]:
        wanted = {
            field: request.query_params[parameter]
            for parameter, field in kind.filters.items()
            if parameter in request.query_params
        }
        results = Listed(
            self._store, kind.name, scope_of(request), lambda held: told(self._store, kind, held)
        )
        if not wanted:
            return results
        return [
            result
            for result in results
            if isinstance(result, dict)
            and all(result.get(field) == value for field, value in wanted.items())
        ]

    def _found(self, kind: Kind, request: Request) -> Object:
        held = self._store.get(kind.name, scope_of(request), request.path_params["id"])
        if held is None:
            raise kind.missing.about()
        return held

    async def _create(self, kind: Kind, request: Request) -> Document:
        sent = document(parse(await request.body()))
        scope = scope_of(request)
        body = taken(kind.fields, sent, kind.malformed)
        with self._store.transaction():
            draft = Draft(store=self._store, scope=scope, body=body, before=None)
            name = self._checked(kind, draft)
            # What a bucket or namespace holds belongs to this one, not to a later one of its name.
            hidden: Document = {"storage": new_id(), "made": kind.made(draft)}
            held = self._stored(kind, draft, self._new_id(kind, name), name, hidden)
        self._changed(kind.name)
        return told(self._store, kind, held)

    async def _update(self, kind: Kind, held: Object, request: Request) -> Document:
        sent = document(parse(await request.body()))
        if request.method == "PATCH":
            hidden = inner(held.hidden, "guarded"), inner(held.hidden, "sealed")
            sent = merged(merged(merged(_sent_again(kind, held.body), hidden[0]), hidden[1]), sent)
        elif kind.identity is Identity.NAME or kind.partial_put:
            sent = {kind.natural: held.name, **sent}
        body = taken(kind.fields, sent, kind.malformed)
        with self._store.transaction():
            draft = Draft(store=self._store, scope=held.scope, body=body, before=held)
            name = self._checked(kind, draft)
            changed = self._stored(kind, draft, held.id, name, held.hidden)
        self._changed(kind.name)
        return told(self._store, kind, changed)

    def _checked(self, kind: Kind, draft: Draft) -> str:
        """Return the name of what is to be stored.

        Raises:
            RefusedError: it cannot be stored as it is.

        """
        name = str(draft.body.get(kind.natural) or "")
        if kind.names and not re.fullmatch(kind.names[0], name):
            raise kind.names[1].about(name=name[:100])
        other = self._store.named(kind.name, draft.scope, name) if kind.duplicate else None
        if kind.duplicate and other and (draft.before is None or other.id != draft.before.id):
            raise kind.duplicate.about(name=name)
        kind.check(draft)
        return name

    def _stored(
        self, kind: Kind, draft: Draft, identifier: str, name: str, hidden: Document
    ) -> Object:
        return self._store.put(
            kind.name,
            draft.scope,
            identifier,
            name=name or identifier,
            body=parted(kind.fields, draft.body, Secrecy.OPEN),
            hidden={
                **hidden,
                "guarded": parted(kind.fields, draft.body, Secrecy.GUARDED),
                "sealed": parted(kind.fields, draft.body, Secrecy.SEALED),
            },
        )

    def _new_id(self, kind: Kind, name: str) -> str:
        match kind.identity:
            case Identity.NAME:
                return name
            case Identity.UUID:
                return str(uuid4())
            case Identity.NUMBER:
                return str(self._store.next_number(kind.name))
            case Identity.GENERATED:
                return new_id()


def _sent_again(kind: Kind, body: Document) -> Document:
    """Return a stored body under the names of the request that made it."""
    names = {field.stored_as: field.name for field in kind.fields if field.stored_as}
    return {names.get(name, name): value for name, value in body.items()}
