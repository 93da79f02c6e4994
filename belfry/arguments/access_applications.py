"""Pages that only some people see: applications of Cloudflare Access, and who is let in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.arguments.checked import check_host, check_name, check_once, check_some, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

_SESSION = re.compile(r"\d+(h|m|s)")


class Decision(StrEnum):
    """What becomes of somebody whom a policy is about."""

    ALLOW = "allow"
    DENY = "deny"
    BYPASS = "bypass"
    """Nobody is asked who they are."""
    SERVICE = "non_identity"
    """Programs, by a service token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """People and programs; whoever is one of these."""

    mails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Domains of mail addresses."""
    groups: tuple[str, ...] = ()
    """Ids of groups of Access."""
    service_tokens: tuple[str, ...] = ()
    """Ids of service tokens."""
    addresses: tuple[str, ...] = ()
    """IP addresses and ranges."""
    everyone: bool = False

    def __bool__(self) -> bool:
        """Whether it is anybody at all."""
        return self.everyone or any(self._named())

    def _named(self) -> Iterator[str]:
        for named in (self.mails, self.domains, self.groups, self.service_tokens, self.addresses):
            yield from named


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """Who is let in, or kept out."""

    name: str
    decision: Decision
    include: Who
    exclude: Who = Who()
    require: Who = Who()
    """Whoever is included must be one of these as well."""
    session: str = "24h"

    def __post_init__(self) -> None:
        """Refuse a policy about nobody.

        Raises:
            Problems: nobody is included, or the session is no time.

        """
        owner = f"Access policy {self.name}"
        check_name(owner, "name", self.name)
        if not self.include:
            raise refused(owner, "include", "it is about nobody", "say who is let in")
        _check_session(owner, self.session)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessApplication:
    """A page, or all pages under a path, before which people say who they are."""

    name: str
    domain: str
    """Host name, with a path if it is not all of it, such as ops.shop.example/admin."""
    policies: tuple[AccessPolicy, ...]
    """In the order in which they are tried."""
    session: str = "24h"
    launcher: bool = False
    """Shown in the account's own list of applications."""

    def __post_init__(self) -> None:
        """Refuse an application that would let in nobody.

        Raises:
            Problems: no policy, two of one name, or a domain that is none.

        """
        owner = f"Access application {self.name}"
        check_name(owner, "name", self.name)
        check_host(owner, "domain", self.domain.partition("/")[0])
        check_some(owner, "policies", self.policies, "policy")
        check_once(owner, "policies", (one.name for one in self.policies))
        _check_session(owner, self.session)


def _check_session(owner: str, session: str) -> None:
    if not _SESSION.fullmatch(session):
        raise refused(owner, "session", f"{session!r} is no time", "write it as 24h or 30m")
