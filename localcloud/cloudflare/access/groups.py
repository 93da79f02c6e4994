"""Cloudflare's permission groups, and the paths that each of them opens.

Names and paths are those of Cloudflare's reference of token permissions and of the permissions
that its reference names beside each operation. Ids are the public ones where they are published;
for the few that are not, one is made of the name, so that it is the same on every machine.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.documents import Document


class Reach(StrEnum):
    """What a permission group is about."""

    ACCOUNT = "com.cloudflare.api.account"
    ZONE = "com.cloudflare.api.account.zone"


class Right(StrEnum):
    """What a call does to what it names."""

    READ = "Read"
    WRITE = "Write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One permission group."""

    id: str
    name: str
    reach: Reach

    def as_document(self) -> Document:
        """Return it as the API lists it."""
        return {"id": self.id, "name": self.name, "scopes": [self.reach.value]}


_PUBLIC: Mapping[tuple[str, Reach], tuple[str | None, str | None]] = {
    ("Access: Apps and Policies", Reach.ACCOUNT): (
        "7ea222f6d5064cfa89ea366d7c1fee89",
        "1e13c5124ca64b72b1969a67e8829049",
    ),
    ("Access: Apps and Policies", Reach.ZONE): (
        "eb258a38ea634c86a0c89da6b27cb6b6",
        "959972745952452f8be2452be8cbb9f2",
    ),
    ("Account API Tokens", Reach.ACCOUNT): (
        "eb56a6953c034b9d97dd838155666f06",
        "5bc3f8b21c554832afc660159ab75fa4",
    ),
    ("Account Rulesets", Reach.ACCOUNT): (
        "fb39996ee9044d2a8725921e02744b39",
        "56907406c3d548ed902070ec4df0e328",
    ),
    ("Account Settings", Reach.ACCOUNT): (
        "c1fde68c7bcc44588cbb6ddbc16d6480",
        "1af1fa2adc104452b74a9a3364202f20",
    ),
    ("Account WAF", Reach.ACCOUNT): (
        "56b2af4817c84ad99187911dc3986c23",
        "cde8c82463b6414ca06e46b9633f52a6",
    ),
    ("D1", Reach.ACCOUNT): (
        "192192df92ee43ac90f2aeeffce67e35",
        "09b2857d1c31407795e75e3fed8617a1",
    ),
    ("Health Checks", Reach.ZONE): (
        "fac65912d42144aa86b7dd33281bf79e",
        "e0dc25a0fbdf4286b1ea100e3256b0e3",
    ),
    ("Hyperdrive", Reach.ACCOUNT): (None, None),
    ("Logs", Reach.ACCOUNT): (
        "6a315a56f18441e59ed03352369ae956",
        "96163bd1b0784f62b3e44ed8c2ab1eb6",
    ),
    ("Logs", Reach.ZONE): (
        "c4a30cd58c5d42619c86a3c36c441e2d",
        "3e0b5820118e47f3922f7c989e673882",
    ),
    ("Notifications", Reach.ACCOUNT): (None, None),
    ("Pages", Reach.ACCOUNT): (
        "e247aedd66bd41cc9193af0213416666",
        "8d28297797f24fb8a0c332fe0866ec89",
    ),
    ("Queues", Reach.ACCOUNT): (None, "366f57075ffc42689627bcf8242a1b6d"),
    ("Workers KV Storage", Reach.ACCOUNT): (
        "8b47d2786a534c08a1f94ee8f9f599ef",
        "f7f0eda5697f475c90846e879bab8666",
    ),
    ("Workers Observability", Reach.ACCOUNT): ("66c1ed49f4ed46098b75696a6d4ee3c9", None),
    ("Workers R2 Storage", Reach.ACCOUNT): (
        "b4992e1108244f5d8bfbd5744320c2e1",
        "bf7481a1826f439697cb59a20b22293e",
    ),
    ("Workers Routes", Reach.ZONE): (
        "2072033d694d415a936eaeb94e6405b8",
        "28f4b596e7d643029c524985477ae49a",
    ),
    ("Workers Scripts", Reach.ACCOUNT): (
        "1a71c399035b4950a1bd1466bbe4f420",
        "e086da7e2179491d91ee5f35b3ca210a",
    ),
    ("Zone", Reach.ZONE): (
        "c8fed203ed3043cba015a93ad1616f1f",
        "e6d2666161e84845a636613608cee8d5",
    ),
    ("Zone WAF", Reach.ZONE): (
        "dbc512b354774852af2b5a5f4ba3d470",
        "fb6778dc191143babbfaa57993f1d275",
    ),
}
"""Each subject with the ids of its group for reading and of its group for writing."""

_READING_ONLY: Mapping[str, str] = {
    "Account Analytics Read": "b89a480218d04ceb98b4fe57ca29dc1f",
    "Workers Tail Read": "05880cd1bdc24d8bae0be2136972816b",
}


def _made(name: str) -> str:
    return hashlib.sha256(f"localcloud: {name}".encode()).hexdigest()[:32]


GROUPS: tuple[Group, ...] = (
    *(
        Group(id=known or _made(f"{subject} {right}"), name=f"{subject} {right}", reach=reach)
        for (subject, reach), ids in _PUBLIC.items()
        for right, known in zip(Right, ids, strict=True)
    ),
    *(Group(id=known, name=name, reach=Reach.ACCOUNT) for name, known in _READING_ONLY.items()),
)
"""Every permission group that opens something here."""

BY_ID: Mapping[str, Group] = {group.id: group for group in GROUPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Paths that the same permission groups open."""

    path: str
    """Regular expression of the whole path below `accounts/<id>` or `zones/<id>`."""
    reach: Reach
    subjects: tuple[str, ...] = ()
    """Each opens it for reading with its Read or Write group, for writing with its Write group."""
    reads: tuple[str, ...] = ()
    """Further groups, by name, that open it for reading."""
    writes: tuple[str, ...] = ()
    """Further groups, by name, that open it for reading and writing."""
    reading_posts: str | None = None
    """Regular expression of the paths in it where POST only reads."""

    def right(self, method: str, path: str) -> Right:
        """Return what a call does."""
        reads = method in ("GET", "HEAD") or (
            method == "POST"
            and self.reading_posts is not None
            and re.fullmatch(self.reading_posts, path) is not None
        )
        return Right.READ if reads else Right.WRITE

    def opened_by(self, right: Right) -> frozenset[str]:
        """Return the names of the groups each of which is enough."""
        writing = {f"{subject} {Right.WRITE}" for subject in self.subjects} | set(self.writes)
        if right is Right.WRITE:
            return frozenset(writing)
        reading = {f"{subject} {Right.READ}" for subject in self.subjects} | set(self.reads)
        return frozenset(reading | writing)


_ACCOUNT, _ZONE = Reach.ACCOUNT, Reach.ZONE

FAMILIES: tuple[Family, ...] = (
    Family(path="tokens(/.*)?", reach=_ACCOUNT, subjects=("Account API Tokens",)),
    Family(path="alerting/.*", reach=_ACCOUNT, subjects=("Notifications", "Account Settings")),
    Family(
        path="workers/scripts/[^/]+/tails(/.*)?",
        reach=_ACCOUNT,
        subjects=("Workers Scripts",),
        writes=("Workers Tail Read",),
    ),
    Family(
        path="workers/observability/.*",
        reach=_ACCOUNT,
        subjects=("Workers Observability",),
    ),
    Family(path="workers/.*", reach=_ACCOUNT, subjects=("Workers Scripts",)),
    Family(
        path="storage/kv/.*",
        reach=_ACCOUNT,
        subjects=("Workers KV Storage",),
        reading_posts="storage/kv/namespaces/[^/]+/bulk/get",
    ),
    Family(path="r2/.*", reach=_ACCOUNT, subjects=("Workers R2 Storage",)),
    Family(path="queues(/.*)?", reach=_ACCOUNT, subjects=("Queues", "Workers Scripts")),
    Family(path="d1/.*", reach=_ACCOUNT, subjects=("D1",)),
    Family(path="hyperdrive/.*", reach=_ACCOUNT, subjects=("Hyperdrive",)),
    Family(path="rulesets(/.*)?", reach=_ACCOUNT, subjects=("Account Rulesets", "Account WAF")),
    Family(path="access/.*", reach=_ACCOUNT, subjects=("Access: Apps and Policies",)),
    Family(path="pages/.*", reach=_ACCOUNT, subjects=("Pages",)),
    Family(path="logpush/.*", reach=_ACCOUNT, subjects=("Logs",)),
    Family(path="rum/.*", reach=_ACCOUNT, subjects=("Account Settings",)),
    Family(
        path="analytics_engine/.*",
        reach=_ACCOUNT,
        reads=("Account Analytics Read",),
        reading_posts="analytics_engine/sql",
    ),
    Family(path="(subscriptions|members|roles)?", reach=_ACCOUNT, subjects=("Account Settings",)),
    Family(path="healthchecks(/.*)?", reach=_ZONE, subjects=("Health Checks",)),
    Family(path="workers/.*", reach=_ZONE, subjects=("Workers Routes",)),
    Family(path="rulesets(/.*)?", reach=_ZONE, subjects=("Zone WAF",)),
    Family(path="access/.*", reach=_ZONE, subjects=("Access: Apps and Policies",)),
    Family(path="logpush/.*", reach=_ZONE, subjects=("Logs",)),
    Family(path="", reach=_ZONE, subjects=("Zone",)),
)
"""The first that fits a path counts."""


def family_of(reach: Reach, path: str) -> Family | None:
    """Return the family of a path below an account or zone, or None."""
    return next(
        (
            family
            for family in FAMILIES
            if family.reach is reach and re.fullmatch(family.path, path, re.DOTALL)
        ),
        None,
    )
