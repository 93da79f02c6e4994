"""Tokens of Cloudflare's API for parts that must ask it, each with the least that it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from belfry.arguments.checked import check_name, check_once, check_some, refused

_ID = re.compile(r"[0-9a-f]{32}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token may do with the account, or with the zone. Nothing is ever for all of them."""

    groups: tuple[str, ...]
    """Ids of permission groups, 32 hexadecimal digits each."""
    of_zone: bool = False

    def __post_init__(self) -> None:
        """Refuse what gives nothing.

        Raises:
            Problems: no group, one twice, or one that is no id.

        """
        check_some("grant", "groups", self.groups, "permission group")
        check_once("grant", "groups", self.groups)
        for group in self.groups:
            if not _ID.fullmatch(group):
                right = "ask accounts/…/tokens/permission_groups for its id"
                raise refused("grant", "groups", f"{group!r} is no id", right)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token of the account, which outlives the person who made it.

    It has no condition: the service tells an empty one back, which shows as a change for ever.
    """

    name: str
    grants: tuple[Grant, ...]
    expires: str | None = None
    """As 2027-01-01T00:00:00Z; None: never."""

    def __post_init__(self) -> None:
        """Refuse a token that could do nothing.

        Raises:
            Problems: no grant, or an end that is no moment in UTC.

        """
        owner = f"API token {self.name}"
        check_name(owner, "name", self.name, longest=120)
        check_some(owner, "grants", self.grants, "grant")
        if self.expires is not None and not _MOMENT.fullmatch(self.expires):
            wrong = f"{self.expires!r} is no moment in whole seconds of UTC"
            raise refused(owner, "expires", wrong, "write it as 2027-01-01T00:00:00Z")
