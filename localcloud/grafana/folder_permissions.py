"""Who may do what in a folder; a folder has those of the folders above it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import MalformedError, document, documents, number, parse, text
from localcloud.grafana.answers import RefusedError, told
from localcloud.grafana.organisations import organisation
from localcloud.grafana.roles import SERVICE_ACCOUNTS, Role
from localcloud.grafana.teams import team_of
from localcloud.grafana.users import person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.store import Object, Store

_KIND = "folder-permissions"
_ROLES = tuple(role for role in Role if role is not Role.NONE)
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "View": ("folders:read", "dashboards:read"),
    "Edit": ("folders:read", "folders:write", "dashboards:read", "dashboards:write"),
    "Admin": (
        *("folders:read", "folders:write", "folders:delete", "folders.permissions:write"),
        *("dashboards:read", "dashboards:write", "dashboards:delete"),
    ),
}
"""Each level, and some of what it allows."""


class FolderPermissions:
    """The routes of folders' permissions."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/api/access-control/folders/{folder}"
        return [
            Route(path, self._all, methods=["GET", "POST"]),
            Route(f"{path}/builtInRoles/{{builtInRole}}", self._one, methods=["POST"]),
            Route(f"{path}/teams/{{teamId}}", self._one, methods=["POST"]),
            Route(f"{path}/users/{{userId}}", self._one, methods=["POST"]),
        ]

    async def _all(self, request: Request) -> Response:
        org, folder = self._folder(request)
        if request.method == "GET":
            return told(_listed(org, folder))
        sent = document(parse(await request.body()))
        _apply(org, folder, documents(sent, "permissions"))
        return told({"message": "Permissions updated"})

    async def _one(self, request: Request) -> Response:
        org, folder = self._folder(request)
        sent = document(parse(await request.body()))
        entry: Document = {"permission": text(sent, "permission", "")}
        for name in ("builtInRole", "teamId", "userId"):
            if name in request.path_params:
                value = str(request.path_params[name])
                entry[name] = value if name == "builtInRole" else _number(value, name)
        _apply(org, folder, [entry])
        return told({"message": "Permission updated"})

    def _folder(self, request: Request) -> tuple[Organisation, Object]:
        org = organisation(self._store, request)
        held = org.get("folders", request.path_params["folder"])
        if held is None:
            raise RefusedError(404, "folder not found", status="not-found")
        return org, held


def forget(org: Organisation, folder: Object) -> None:
    """Delete what a folder that goes away had."""
    org.delete(_KIND, folder.id)


def _apply(org: Organisation, folder: Object, changes: list[Document]) -> None:
    """Set or, where a change has no level, remove one entry after another."""
    held = org.get(_KIND, folder.id)
    entries = documents(held.body, "entries") if held else []
    for change in changes:
        target = _target(org, change)
        level = text(change, "permission", "")
        if level and level not in _ACTIONS:
            raise MalformedError(f"permission is {level!r}: it is one of {', '.join(_ACTIONS)}")
        same = [entry for entry in entries if _who(entry) == target]
        if level and same:
            same[0]["permission"] = level
        elif level:
            identifier = org.next_number("permissions")
            entries.append({"id": identifier, target[0]: target[1], "permission": level})
        else:
            entries = [entry for entry in entries if entry not in same]
    if entries:
        org.put(_KIND, folder.id, name=folder.id, body={"entries": [*entries]})
    else:
        org.delete(_KIND, folder.id)


def _target(org: Organisation, change: Document) -> tuple[str, Value]:
    """Return whom a change is about, after a look whether there is such a one."""
    role = text(change, "builtInRole", "")
    if role:
        if role not in _ROLES:
            raise MalformedError(f"builtInRole is {role!r}: it is one of {', '.join(_ROLES)}")
        return "builtInRole", role
    team = _whole(change, "teamId")
    if team:
        if team_of(org, str(team)) is None:
            raise RefusedError(400, f"invalid teamId: there is no team {team}")
        return "teamId", team
    user = _whole(change, "userId")
    if not user:
        raise RefusedError(400, "a permission needs a builtInRole, a teamId or a userId")
    if person(org, user) is None and org.get(SERVICE_ACCOUNTS, str(user)) is None:
        raise RefusedError(400, f"invalid userId: there is no user {user}")
    return "userId", user


def _who(entry: Document) -> tuple[str, Value]:
    name = next(name for name in ("builtInRole", "teamId", "userId") if name in entry)
    return name, entry[name]


def _whole(change: Document, name: str) -> int:
    value = number(change, name, 0)
    if value != int(value):
        raise MalformedError(f"{name} must be a whole number")
    return int(value)


_DIGITS = 15
"""Of an id in a path; none that was ever given out has more."""


def _number(value: str, name: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > _DIGITS:
        raise MalformedError(f"{name} must be a number of at most {_DIGITS} digits")
    return int(value)


def _listed(org: Organisation, folder: Object) -> list[Value]:
    found: list[Value] = []
    place: Object | None = folder
    while place is not None:
        held = org.get(_KIND, place.id)
        entries = documents(held.body, "entries") if held else []
        inherited = place.id != folder.id
        found += [_told(org, place, entry, inherited=inherited) for entry in entries]
        place = org.get("folders", str(place.body["parent"])) if place.body["parent"] else None
    return found


def _told(org: Organisation, folder: Object, entry: Document, *, inherited: bool) -> Document:
    shown: Document = {
        "id": entry["id"],
        "roleName": f"managed:folders:{folder.id}:permissions",
        "isManaged": True,
        "isInherited": inherited,
        "isServiceAccount": False,
        "permission": entry["permission"],
        "actions": [*_ACTIONS[str(entry["permission"])]],
    }
    name, value = _who(entry)
    shown[name] = value
    if name == "teamId":
        team = team_of(org, str(value))
        shown |= {"team": team.name, "teamUid": team.body["uid"]} if team else {}
    elif name == "userId":
        user = person(org, value)
        account = org.get(SERVICE_ACCOUNTS, str(value))
        shown["isServiceAccount"] = account is not None
        login = user["login"] if user else account.body["login"] if account else ""
        shown["userLogin"] = login
    return shown
