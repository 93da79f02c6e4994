"""Grafana's three roles, and the one that each family of paths needs.

As in Grafana's table of what its basic roles may do. The permission named in a refusal is the one
that Grafana's own refusal names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from localcloud.documents import text
from localcloud.grafana.organisations import number_of
from localcloud.issued_tokens import SERVICE_ACCOUNT_TOKENS, digest_of, past

if TYPE_CHECKING:
    from datetime import datetime

    from localcloud.store import Object, Store

_VERBS = {"POST": "create", "DELETE": "delete"}
SERVICE_ACCOUNTS = "service-accounts"
PREFIX = "glsa_"
"""What every token of a service account begins with."""


class Role(StrEnum):
    """What a caller is."""

    NONE = "None"
    VIEWER = "Viewer"
    EDITOR = "Editor"
    ADMIN = "Admin"

    def includes(self, other: Role) -> bool:
        """Tell whether a role may do all that another may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(other)


class CredentialsError(Exception):
    """Credentials that do not count; the text is Grafana's, the id its name for it."""

    def __init__(self, message: str, message_id: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.message_id = message_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What a family of paths asks of a caller."""

    path: str
    """Regular expression of the whole path below `/grafana`."""
    reading: Role
    writing: Role
    subject: str
    """What Grafana's permissions for it begin with."""

    def role(self, method: str) -> Role:
        """Return the least role that may make a call."""
        return self.reading if method in ("GET", "HEAD") else self.writing

    def permission(self, method: str) -> str:
        """Return the name of the permission that a call needs."""
        if method in ("GET", "HEAD"):
            return f"{self.subject}:read"
        whole = self.subject == "alert.provisioning"
        return f"{self.subject}:{'write' if whole else _VERBS.get(method, 'write')}"


_NEEDS: tuple[Need, ...] = (
    Need(
        path="/api/(folders/[^/]+/permissions|access-control/.*)",
        reading=Role.ADMIN,
        writing=Role.ADMIN,
        subject="folders.permissions",
    ),
    Need(path="/api/folders(/.*)?", reading=Role.VIEWER, writing=Role.EDITOR, subject="folders"),
    Need(
        path="/api/(dashboards|search)(/.*)?",
        reading=Role.VIEWER,
        writing=Role.EDITOR,
        subject="dashboards",
    ),
    Need(
        path="/api/library-elements(/.*)?",
        reading=Role.VIEWER,
        writing=Role.EDITOR,
        subject="library.panels",
    ),
    Need(
        path="/api/annotations(/.*)?",
        reading=Role.VIEWER,
        writing=Role.EDITOR,
        subject="annotations",
    ),
    Need(
        path="/api/datasources(/.*)?",
        reading=Role.ADMIN,
        writing=Role.ADMIN,
        subject="datasources",
    ),
    Need(path="/api/teams(/.*)?", reading=Role.ADMIN, writing=Role.ADMIN, subject="teams"),
    Need(
        path="/api/serviceaccounts(/.*)?",
        reading=Role.ADMIN,
        writing=Role.ADMIN,
        subject="serviceaccounts",
    ),
    Need(
        path="/api/v1/provisioning(/.*)?",
        reading=Role.VIEWER,
        writing=Role.EDITOR,
        subject="alert.provisioning",
    ),
    Need(path="/api/(org|user)", reading=Role.VIEWER, writing=Role.ADMIN, subject="orgs"),
    Need(
        path="/api/(orgs|users|org|admin)/.*",
        reading=Role.ADMIN,
        writing=Role.ADMIN,
        subject="users",
    ),
)
"""The first that fits a path counts."""


def need_of(path: str) -> Need | None:
    """Return what a path asks of a caller, or None: every caller may."""
    return next((need for need in _NEEDS if re.fullmatch(need.path, path, re.DOTALL)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a caller may do, and where."""

    role: Role
    organisation: int | None
    """The number of the only one that its token is good for; None: it names the one it means."""
    account: Object | None = None
    """The service account that its token is of; None: the administrator."""


_OWNER = Standing(role=Role.ADMIN, organisation=None)


def standing_of(store: Store, scheme: str, credentials: str, at: datetime) -> Standing:
    """Return the standing of whoever calls.

    Args:
        store: keeps service accounts and the digests of their tokens.
        scheme: `bearer` or `basic`.
        credentials: what follows it.
        at: when the call is made.

    Raises:
        CredentialsError: they are of a token that has ended, was deleted, or was never issued.

    """
    if scheme != "bearer":
        return _OWNER
    digest = digest_of(credentials)
    token = store.issued(SERVICE_ACCOUNT_TOKENS, digest)
    if token is None:
        # What begins like a token of a service account was meant to be one.
        if credentials.startswith(PREFIX) or store.revoked(digest):
            raise CredentialsError("Invalid API key", "api-key.invalid")
        return _OWNER
    if past(token.body.get("expiration"), at):
        raise CredentialsError("Expired API key", "api-key.expired")
    account = _account_of(store, token)
    if account is None or account.body.get("isDisabled") is True:
        raise CredentialsError("Invalid API key", "api-key.invalid")
    wanted = text(account.body, "role", Role.NONE)
    role = Role(wanted) if wanted in list(Role) else Role.NONE
    return Standing(role=role, organisation=number_of(account.scope), account=account)


def _account_of(store: Store, token: Object) -> Object | None:
    """Return the service account that a token lives in: its scope ends in kind and id."""
    scope, _, identifier = token.scope.rpartition("/")
    return store.get(SERVICE_ACCOUNTS, scope.removesuffix(f"/{SERVICE_ACCOUNTS}"), identifier)
