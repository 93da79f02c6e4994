"""Service accounts and their tokens; a token's value is told once, and only its print is kept."""

from __future__ import annotations

import secrets
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, flag, number, parse, text
from localcloud.grafana.answers import page, problem, told
from localcloud.grafana.organisations import organisation
from localcloud.grafana.roles import PREFIX, SERVICE_ACCOUNTS, Role
from localcloud.grafana.users import next_user_number
from localcloud.issued_tokens import SERVICE_ACCOUNT_TOKENS, kept_of, past
from localcloud.moments import now, parsed, plain

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_LONGEST_LIFE = 3_155_760_000
"""Seconds: a hundred years, so that every expiry can be written."""


class ServiceAccounts:
    """The routes of service accounts."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        account = "/api/serviceaccounts/{account}"
        return [
            Route("/api/serviceaccounts", self._create, methods=["POST"]),
            Route("/api/serviceaccounts/search", self._search, methods=["GET"]),
            Route(account, self._account, methods=["GET", "PATCH", "DELETE"]),
            Route(f"{account}/tokens", self._tokens, methods=["GET", "POST"]),
            Route(f"{account}/tokens/{{token}}", self._revoke, methods=["DELETE"]),
        ]

    async def _create(self, request: Request) -> Response:
        org = organisation(self._store, request)
        sent = document(parse(await request.body()))
        name = _free_name(org, text(sent, "name"), None)
        identifier = next_user_number(org)
        body: Document = {
            "id": identifier,
            "uid": f"sa{identifier}",
            "login": f"sa-{org.number}-{name.lower().replace(' ', '-')}",
            "role": _role(sent, Role.VIEWER),
            "isDisabled": flag(sent, "isDisabled"),
        }
        held = org.put(SERVICE_ACCOUNTS, str(identifier), name=name, body=body)
        return told(_told(org, held), 201)

    async def _search(self, request: Request) -> Response:
        org = organisation(self._store, request)
        wanted = request.query_params.get("query", "").lower()
        found: list[Value] = [
            _told(org, held) for held in org.all(SERVICE_ACCOUNTS) if wanted in held.name.lower()
        ]
        part = page(request, per_page="perpage", default=1000, found=found)
        return told(
            {
                "totalCount": len(found),
                "serviceAccounts": part.shown,
                "page": part.number,
                "perPage": part.length,
            }
        )

    async def _account(self, request: Request) -> Response:
        org, held = self._found(request)
        if request.method == "GET":
            return told(_told(org, held))
        if request.method == "DELETE":
            org.delete(SERVICE_ACCOUNTS, held.id)
            return told({"message": "Service account deleted"})
        sent = document(parse(await request.body()))
        name = _free_name(org, text(sent, "name", "") or held.name, held)
        body: Document = {
            **held.body,
            "role": _role(sent, str(held.body["role"])),
            "isDisabled": flag(sent, "isDisabled", default=held.body["isDisabled"] is True),
        }
        changed = org.put(SERVICE_ACCOUNTS, held.id, name=name, body=body)
        return told(
            {
                "id": held.body["id"],
                "message": "Service account updated",
                "name": name,
                "serviceaccount": _told(org, changed),
            }
        )

    async def _tokens(self, request: Request) -> Response:
        org, held = self._found(request)
        inside = tokens_scope(org, held)
        if request.method == "GET":
            return told(
                [_told_token(one) for one in self._store.all(SERVICE_ACCOUNT_TOKENS, inside)]
            )
        sent = document(parse(await request.body()))
        name, life = text(sent, "name"), number(sent, "secondsToLive", 0)
        if not 0 <= life <= _LONGEST_LIFE:
            raise problem(
                400,
                "serviceaccounts.ErrInvalidTokenExpiration",
                "secondsToLive must be 0 for a token that does not expire, or up to a hundred "
                "years",
            )
        if any(
            self._store.named(SERVICE_ACCOUNT_TOKENS, tokens_scope(org, other), name)
            for other in org.all(SERVICE_ACCOUNTS)
        ):
            raise problem(
                400,
                "serviceaccounts.ErrTokenAlreadyExists",
                "service account token with given name already exists in the organization",
            )
        value = _new_value()
        identifier = self._store.next_number(SERVICE_ACCOUNT_TOKENS)
        body: Document = {
            "id": identifier,
            "created": plain(now()),
            "expiration": plain(now() + timedelta(seconds=life)) if life else None,
        }
        self._store.put(
            SERVICE_ACCOUNT_TOKENS,
            inside,
            str(identifier),
            name=name,
            body=body,
            hidden=kept_of(value),
        )
        return told({"id": identifier, "name": name, "key": value})

    async def _revoke(self, request: Request) -> Response:
        org, held = self._found(request)
        token = str(request.path_params["token"])
        if not self._store.delete(SERVICE_ACCOUNT_TOKENS, tokens_scope(org, held), token):
            raise problem(
                404, "serviceaccounts.ErrTokenNotFound", "service account token not found"
            )
        return told({"message": "Service account token deleted"})

    def _found(self, request: Request) -> tuple[Organisation, Object]:
        org = organisation(self._store, request)
        held = org.get(SERVICE_ACCOUNTS, request.path_params["account"])
        if held is None:
            raise problem(404, "serviceaccounts.ErrNotFound", "service account not found")
        return org, held


def tokens_scope(org: Organisation, account: Object) -> str:
    """Return what an account's tokens live in, so that they go when it goes."""
    return f"{org.scope}/{SERVICE_ACCOUNTS}/{account.id}"


def _new_value() -> str:
    """Return a value of the form of Grafana's own: a mark, 32 characters, and their checksum."""
    body = secrets.token_hex(16)
    return f"{PREFIX}{body}_{zlib.crc32(body.encode()):08x}"


def _free_name(org: Organisation, name: str, own: Object | None) -> str:
    other = org.named(SERVICE_ACCOUNTS, name)
    if other is not None and (own is None or other.id != own.id):
        raise problem(400, "serviceaccounts.ErrAlreadyExists", "service account already exists")
    return name


def _role(sent: Document, default: str) -> str:
    role = text(sent, "role", "") or default
    if role not in list(Role):
        raise problem(
            400,
            "serviceaccounts.ErrInvalidRoleValidation",
            f"invalid role value: {role!r} is none of {', '.join(Role)}",
        )
    return role


def _told(org: Organisation, held: Object) -> Document:
    tokens = org.store.all(SERVICE_ACCOUNT_TOKENS, tokens_scope(org, held))
    return {
        **{name: held.body[name] for name in ("id", "uid")},
        "name": held.name,
        "login": held.body["login"],
        "orgId": org.number,
        "isDisabled": held.body["isDisabled"],
        "isExternal": False,
        "role": held.body["role"],
        "tokens": len(tokens),
        "avatarUrl": "",
        "createdAt": plain(held.created),
        "updatedAt": plain(held.modified),
        "accessControl": {},
        "teams": [],
    }


def _told_token(held: Object) -> Document:
    ends = held.body["expiration"]
    left = (parsed(ends) - now()).total_seconds() if isinstance(ends, str) else 0
    return {
        "id": held.body["id"],
        "name": held.name,
        "created": held.body["created"],
        "lastUsedAt": None,
        "expiration": ends,
        "secondsUntilExpiration": left,
        "hasExpired": past(ends, now()),
        "isRevoked": False,
    }
