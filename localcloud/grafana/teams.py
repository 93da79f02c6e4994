"""Teams, their members and their preferences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import (
    MalformedError,
    document,
    documents,
    inner,
    number,
    parse,
    text,
    texts,
)
from localcloud.grafana.answers import RefusedError, page, told
from localcloud.grafana.organisations import organisation
from localcloud.grafana.users import people, person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_MEMBER, _ADMIN = 0, 4
"""Grafana's figures for what a member may do."""

_PREFERENCES: Mapping[str, tuple[str, ...] | None] = {
    "theme": ("", "light", "dark", "system"),
    "homeDashboardUID": None,
    "timezone": None,
    "weekStart": ("", "sunday", "monday", "saturday"),
}
"""Each preference and the values that it may have; None: any."""


class Teams:
    """The routes of teams. A team is known by its number or its uid."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        team = "/api/teams/{team}"
        return [
            Route("/api/teams", self._create, methods=["POST"]),
            Route("/api/teams/search", self._search, methods=["GET"]),
            Route(team, self._team, methods=["GET", "PUT", "DELETE"]),
            Route(f"{team}/preferences", self._preferences, methods=["GET", "PUT", "PATCH"]),
            Route(f"{team}/members", self._members, methods=["GET", "POST", "PUT"]),
            Route(f"{team}/members/{{user}}", self._member, methods=["PUT", "DELETE"]),
        ]

    async def _create(self, request: Request) -> Response:
        org = organisation(self._store, request)
        sent = document(parse(await request.body()))
        name = _free_name(org, text(sent, "name"), None)
        identifier = org.next_number("teams")
        uid = f"t{identifier}"
        body: Document = {
            "id": identifier,
            "uid": uid,
            "email": text(sent, "email", ""),
            "members": [],
            "preferences": {},
        }
        org.put("teams", str(identifier), name=name, body=body)
        return told({"message": "Team created", "teamId": identifier, "uid": uid})

    async def _search(self, request: Request) -> Response:
        org, query = organisation(self._store, request), request.query_params
        found: list[Value] = [
            _told(org, held)
            for held in org.all("teams")
            if query.get("name") in (None, "", held.name)
            and query.get("query", "").lower() in held.name.lower()
        ]
        part = page(request, per_page="perpage", default=1000, found=found)
        return told(
            {
                "totalCount": len(found),
                "teams": part.shown,
                "page": part.number,
                "perPage": part.length,
            }
        )

    async def _team(self, request: Request) -> Response:
        org, held = self._found(request)
        if request.method == "GET":
            return told(_told(org, held))
        if request.method == "DELETE":
            org.delete("teams", held.id)
            return told({"message": "Team deleted"})
        sent = document(parse(await request.body()))
        name = _free_name(org, text(sent, "name"), held)
        body: Document = {**held.body, "email": text(sent, "email", "")}
        org.put("teams", held.id, name=name, body=body)
        return told({"message": "Team updated"})

    async def _preferences(self, request: Request) -> Response:
        org, held = self._found(request)
        kept = inner(held.body, "preferences")
        if request.method == "GET":
            return told(kept)
        sent = document(parse(await request.body()))
        wanted: Document = dict(kept) if request.method == "PATCH" else {}
        for name, values in _PREFERENCES.items():
            value = text(sent, name, "") if name in sent else None
            if value is not None and values is not None and value not in values:
                raise MalformedError(f"{name} must be one of {', '.join(values[1:])}, or empty")
            if value:
                wanted[name] = value
            elif value == "":
                wanted.pop(name, None)
        org.put("teams", held.id, name=held.name, body={**held.body, "preferences": wanted})
        return told({"message": "Preferences updated"})

    async def _members(self, request: Request) -> Response:
        org, held = self._found(request)
        if request.method == "GET":
            return told([_told_member(org, held, member) for member in _members(held)])
        sent = document(parse(await request.body()))
        if request.method == "PUT":
            _set_members(org, held, _everybody(org, sent))
            return told({"message": "Team memberships have been updated"})
        user = number(sent, "userId")
        if person(org, user) is None:
            raise RefusedError(404, "User not found")
        members = _members(held)
        if any(member["userId"] == user for member in members):
            raise RefusedError(400, "User is already added to this team")
        _set_members(org, held, [*members, {"userId": user, "permission": _MEMBER}])
        return told({"message": "Member added to Team"})

    async def _member(self, request: Request) -> Response:
        org, held = self._found(request)
        user = str(request.path_params["user"])
        members = _members(held)
        if all(str(member["userId"]) != user for member in members):
            raise RefusedError(404, "Team member not found.")
        others = [member for member in members if str(member["userId"]) != user]
        if request.method == "DELETE":
            _set_members(org, held, others)
            return told({"message": "Team Member removed"})
        permission = number(document(parse(await request.body())), "permission")
        if permission not in (_MEMBER, _ADMIN):
            raise MalformedError(f"permission must be {_MEMBER} (member) or {_ADMIN} (admin)")
        changed = [
            {**member, "permission": permission} if str(member["userId"]) == user else member
            for member in members
        ]
        _set_members(org, held, changed)
        return told({"message": "Team member updated"})

    def _found(self, request: Request) -> tuple[Organisation, Object]:
        org = organisation(self._store, request)
        held = team_of(org, str(request.path_params["team"]))
        if held is None:
            raise RefusedError(404, "Team not found")
        return org, held


def team_of(org: Organisation, known_as: str) -> Object | None:
    """Return the team of a number or uid, or None."""
    return next((t for t in org.all("teams") if known_as in (t.id, t.body["uid"])), None)


def _free_name(org: Organisation, name: str, own: Object | None) -> str:
    other = org.named("teams", name)
    if other is not None and (own is None or other.id != own.id):
        raise RefusedError(409, "Team name taken")
    return name


def _members(held: Object) -> list[Document]:
    return documents(held.body, "members")


def _set_members(org: Organisation, held: Object, members: list[Document]) -> None:
    org.put("teams", held.id, name=held.name, body={**held.body, "members": [*members]})


def _everybody(org: Organisation, sent: Document) -> list[Document]:
    """Return the members that a whole list of addresses makes."""
    by_address = {user["email"]: user["id"] for user in people(org)}
    members: list[Document] = []
    for field, permission in (("members", _MEMBER), ("admins", _ADMIN)):
        for address in texts(sent, field):
            if address not in by_address:
                raise RefusedError(400, f"there is no user of the address {address!r}")
            members.append({"userId": by_address[address], "permission": permission})
    return members


def _told(org: Organisation, held: Object) -> Document:
    return {
        "id": held.body["id"],
        "uid": held.body["uid"],
        "orgId": org.number,
        "name": held.name,
        "email": held.body["email"],
        "externalUID": "",
        "isProvisioned": False,
        "avatarUrl": "",
        "memberCount": len(_members(held)),
        "permission": 0,
        "accessControl": None,
    }


def _told_member(org: Organisation, held: Object, member: Document) -> Document:
    user = person(org, member["userId"]) or {}
    return {
        "orgId": org.number,
        "teamId": held.body["id"],
        "teamUID": held.body["uid"],
        "userId": member["userId"],
        "userUID": user.get("uid"),
        "auth_module": "",
        "email": user.get("email"),
        "name": user.get("name"),
        "login": user.get("login"),
        "avatarUrl": "",
        "labels": [],
        "permission": member["permission"],
    }
