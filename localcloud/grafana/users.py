"""People: the administrator who is always there, and those that a test adds to make teams of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.documents import document, parse, text
from localcloud.grafana.answers import RefusedError, told
from localcloud.grafana.organisations import organisation

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.grafana.organisations import Organisation
    from localcloud.grafana.roles import Standing
    from localcloud.store import Object, Store

_ADMIN: Document = {
    "id": 1,
    "uid": "u1",
    "login": "admin",
    "email": "admin@localhost",
    "name": "admin",
    "role": "Admin",
}


class Users:
    """The routes of users."""

    def __init__(self, store: Store) -> None:
        """Keep the store."""
        self._store = store

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/api/user", self._own, methods=["GET"]),
            Route("/api/org/users", self._of_organisation, methods=["GET"]),
            Route("/api/admin/users", self._add, methods=["POST"]),
            Route("/api/admin/users/{id}", self._remove, methods=["DELETE"]),
            Route("/api/users/lookup", self._lookup, methods=["GET"]),
        ]

    async def _own(self, request: Request) -> Response:
        number = organisation(self._store, request).number
        who: Standing = request.scope["caller"]
        if who.account is None:
            return told(_profile(_ADMIN, number, admin=True))
        return told(_profile(_user_like(who.account), number, admin=False))

    async def _of_organisation(self, request: Request) -> Response:
        org = organisation(self._store, request)
        return told(
            [
                {
                    **{name: user[name] for name in ("uid", "login", "email", "name", "role")},
                    "orgId": org.number,
                    "userId": user["id"],
                    "avatarUrl": "",
                    "lastSeenAt": "2020-01-01T00:00:00Z",
                    "lastSeenAtAge": "10 years",
                    "isDisabled": False,
                    "authLabels": [],
                }
                for user in people(org)
            ]
        )

    async def _add(self, request: Request) -> Response:
        org = organisation(self._store, request)
        sent = document(parse(await request.body()))
        login = text(sent, "login", "") or text(sent, "email", "")
        if not login:
            raise RefusedError(400, "Validation error, need specify either username or email")
        if len(text(sent, "password", "")) < _SHORTEST_PASSWORD:
            raise RefusedError(400, "Password is missing or too short")
        email = text(sent, "email", "") or login
        if any(login == user["login"] or email == user["email"] for user in people(org)):
            raise RefusedError(
                412, f"User with email '{email}' or username '{login}' already exists"
            )
        number = next_user_number(org)
        body: Document = {
            "id": number,
            "uid": f"u{number}",
            "login": login,
            "email": email,
            "name": text(sent, "name", ""),
            "role": "Viewer",
        }
        org.put("users", str(number), name=login, body=body)
        return told({"id": number, "uid": body["uid"], "message": "User created"})

    async def _remove(self, request: Request) -> Response:
        if not organisation(self._store, request).delete("users", request.path_params["id"]):
            raise RefusedError(404, "user not found")
        return told({"message": "User deleted"})

    async def _lookup(self, request: Request) -> Response:
        org = organisation(self._store, request)
        wanted = request.query_params.get("loginOrEmail", "")
        for user in people(org):
            if wanted in (user["login"], user["email"]):
                return told(_profile(user, org.number, admin=user is _ADMIN))
        raise RefusedError(404, "user not found")


_SHORTEST_PASSWORD = 4


def next_user_number(org: Organisation) -> int:
    """Return a number that neither a user nor a service account had: Grafana keeps both as one."""
    return org.next_number("users") + 1


def people(org: Organisation) -> list[Document]:
    """Return everybody, the administrator first."""
    return [_ADMIN, *(held.body for held in org.all("users"))]


def person(org: Organisation, number: Value) -> Document | None:
    """Return the user of a number, or None."""
    return next((user for user in people(org) if user["id"] == number), None)


def _user_like(account: Object) -> Document:
    """Return what a service account's profile is made of, as Grafana has it.

    It gives no number, its own kind of uid, and the login as address.
    """
    login = account.body["login"]
    return {
        "id": 0,
        "uid": f"service-account:{account.id}",
        "login": login,
        "email": login,
        "name": account.name,
    }


def _profile(user: Document, number: int, *, admin: bool) -> Document:
    return {
        **{name: user[name] for name in ("id", "uid", "login", "email", "name")},
        "theme": "",
        "orgId": number,
        "isGrafanaAdmin": admin,
        "isDisabled": False,
        "isExternal": False,
        "authLabels": [],
        "avatarUrl": "",
    }
