"""Accounts, zones and the user: what clients ask for before anything else.

Every well-formed id is an account or a zone here. Those that anything lives in are listed; a zone
that the owner asks for by its name gets an id made of it, the same on every machine. Tokens that
were issued here see what their resources name, and make nothing by asking for it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.access import permits
from localcloud.cloudflare.access.groups import Reach
from localcloud.cloudflare.envelope import MALFORMED, Refusal, listing, success
from localcloud.cloudflare.zone_plans import USUAL, ZonePlan
from localcloud.documents import document, inner, parse, text

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.cloudflare.access.callers import Caller
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

BAD_SUBDOMAIN = Refusal(
    status=400, code=10001, message="'{name}' is no subdomain: use a-z, 0-9 and -, up to 63."
)

_NAME = "localcloud"
_EMAIL = "owner@localcloud.example"
_USER = hashlib.sha256(b"localcloud user").hexdigest()[:32]
_ACCOUNT = hashlib.sha256(b"localcloud account").hexdigest()[:32]
_BIRTH = "2026-01-01T00:00:00Z"
_SUBDOMAIN = re.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_ZONE_NAME = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*")


def zone_of(store: Store, identifier: str) -> str | None:
    """Return the name by which a zone is remembered; None: nobody has named it yet."""
    held = store.get("zones", "", identifier)
    return None if held is None else text(held.body, "name", "") or None


def plan_of(store: Store, identifier: str) -> ZonePlan:
    """Return the plan of a zone."""
    held = store.get("zones", "", identifier)
    return ZonePlan(text(held.body, "plan", USUAL)) if held else USUAL


def remember_zone(store: Store, identifier: str, **what: str) -> None:
    """Know a zone's `name` or `plan` from now on."""
    held = store.get("zones", "", identifier)
    body: Document = {**(held.body if held else {}), **what}
    name = text(body, "name", "") or identifier
    store.put("zones", "", identifier, name=name, body=body)


def zone_named(store: Store, name: str) -> str:
    """Return the id of the zone of a name."""
    known = store.named("zones", "", name)
    if known is not None:
        return known.id
    identifier = hashlib.sha256(f"zone {name}".encode()).hexdigest()[:32]
    remember_zone(store, identifier, name=name)
    return identifier


class Directory:
    """The routes of the user, accounts and zones."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/user", self._user, methods=["GET"]),
            Route("/memberships", self._memberships, methods=["GET"]),
            Route("/accounts", self._accounts, methods=["GET"]),
            Route("/accounts/{scope}", self._account, methods=["GET"]),
            Route("/accounts/{scope}/workers/subdomain", self._subdomain, methods=["GET", "PUT"]),
            Route("/zones", self._zones, methods=["GET"]),
            Route("/zones/{scope}", self._zone, methods=["GET", "PATCH"]),
        ]

    async def _user(self, _request: Request) -> Response:
        return success(
            {
                "id": _USER,
                "email": _EMAIL,
                "first_name": None,
                "last_name": None,
                "username": _NAME,
                "telephone": None,
                "country": None,
                "zipcode": None,
                "two_factor_authentication_enabled": False,
                "two_factor_authentication_locked": False,
                "suspended": False,
                "created_on": _BIRTH,
                "modified_on": _BIRTH,
                "organizations": [],
            }
        )

    async def _memberships(self, request: Request) -> Response:
        memberships: list[Value] = [
            {
                "id": hashlib.sha256(f"membership {account}".encode()).hexdigest()[:32],
                "status": "accepted",
                "account": _account(account),
                "roles": ["Super Administrator - All Privileges"],
                "permissions": {},
            }
            for account in self._seen_accounts(request)
        ]
        return listing(memberships, request)

    async def _accounts(self, request: Request) -> Response:
        wanted = request.query_params.get("name")
        accounts: list[Value] = [
            _account(account)
            for account in self._seen_accounts(request)
            if wanted is None or wanted == _NAME
        ]
        return listing(accounts, request)

    async def _account(self, request: Request) -> Response:
        return success(_account(str(request.path_params["scope"])))

    async def _subdomain(self, request: Request) -> Response:
        setting = f"workers.dev {request.path_params['scope']}"
        if request.method == "PUT":
            name = text(document(parse(await request.body())), "subdomain")
            if not _SUBDOMAIN.fullmatch(name):
                raise BAD_SUBDOMAIN.about(name=name[:100])
            self._store.set_setting(setting, name)
        return success({"subdomain": self._store.setting(setting) or _NAME})

    async def _zones(self, request: Request) -> Response:
        wanted = request.query_params.get("name")
        token = _token(request)
        if token is None and wanted is not None and _ZONE_NAME.fullmatch(wanted):
            zone_named(self._store, wanted)
        named = {held.id: held.name for held in self._store.all("zones", "")}
        known = dict.fromkeys([*named, *self._scopes("zones")])
        account = self._account_told(request)
        zones: list[Value] = [
            self._told(zone, account)
            for zone in known
            if (wanted is None or named.get(zone) == wanted)
            and (token is None or permits.sees(token, Reach.ZONE, zone))
        ]
        return listing(zones, request)

    async def _zone(self, request: Request) -> Response:
        zone = str(request.path_params["scope"])
        if request.method == "PATCH":
            sent = document(parse(await request.body()))
            plan = inner(sent, "plan").get("id")
            if plan not in list(ZonePlan):
                plans = ", ".join(ZonePlan)
                raise MALFORMED.about(reason=f"all to be changed here is plan.id: one of {plans}")
            remember_zone(self._store, zone, plan=str(plan))
        return success(self._told(zone, self._account_told(request)))

    def _told(self, zone: str, account: str) -> Document:
        plan = plan_of(self._store, zone)
        return {
            "id": zone,
            "name": zone_of(self._store, zone) or f"{zone[:8]}.example",
            "status": "active",
            "paused": False,
            "type": "full",
            "development_mode": 0,
            "name_servers": ["a.ns.localcloud.example", "b.ns.localcloud.example"],
            "original_name_servers": None,
            "created_on": _BIRTH,
            "modified_on": _BIRTH,
            "activated_on": _BIRTH,
            "account": {"id": account, "name": _NAME},
            "plan": {
                "id": plan.value,
                "legacy_id": plan.value,
                "name": plan.value,
                "is_subscribed": True,
            },
            "permissions": [],
        }

    def _seen_accounts(self, request: Request) -> list[str]:
        token = _token(request)
        return [
            account
            for account in self._known_accounts()
            if token is None or permits.sees(token, Reach.ACCOUNT, account)
        ]

    def _account_told(self, request: Request) -> str:
        """Return the account that zones, which belong to every account, are told to be in."""
        token = _token(request)
        return self._known_accounts()[0] if token is None else permits.account_of(token)

    def _known_accounts(self) -> list[str]:
        return self._scopes("accounts") or [_ACCOUNT]

    def _scopes(self, family: str) -> list[str]:
        rows = self._store.execute(
            "SELECT DISTINCT scope FROM objects WHERE scope LIKE ? ORDER BY place", f"{family}/%"
        )
        return list(dict.fromkeys(str(scope).split("/")[1] for (scope,) in rows))


def _token(request: Request) -> Object | None:
    """Return the token of the call that was issued here, or None: the owner calls."""
    who: Caller = request.scope["caller"]
    return who.token


def _account(identifier: str) -> Document:
    return {
        "id": identifier,
        "name": _NAME,
        "type": "standard",
        "settings": {"enforce_twofactor": False},
        "created_on": _BIRTH,
    }
