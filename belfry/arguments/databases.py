"""Databases that Workers ask: D1, and those of others through Hyperdrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from belfry.arguments.checked import check_name, check_within, refused

if TYPE_CHECKING:
    from belfry.arguments.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class D1Database:
    """A D1 database. Its replication is always sent: an unsaid one is a change for ever."""

    name: str
    replicas: bool = False
    """Readers near those who ask."""
    location: Literal["wnam", "enam", "weur", "eeur", "apac", "oc"] | None = None
    """Where it should be; a wish. Never changed: the database would be replaced."""

    def __post_init__(self) -> None:
        """Refuse a name that is none.

        Raises:
            Problems: it is none.

        """
        check_name("D1 database", "name", self.name, longest=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperdriveConfig:
    """A database elsewhere, whose connections and answers Cloudflare keeps."""

    name: str
    scheme: Literal["postgres", "mysql"]
    host: str
    port: int
    database: str
    user: str
    password: Secret
    cached: bool = True
    """Answers to what only reads are kept."""
    max_age: int = 60
    """Seconds that an answer is kept."""
    stale: int = 15
    """Seconds that it is given while it is asked anew."""
    connections: int = 20
    """At most, to the database."""

    def __post_init__(self) -> None:
        """Refuse what no database is reached with.

        Raises:
            Problems: a scheme in the host, a port that is none, or figures out of range.

        """
        owner = f"Hyperdrive {self.name}"
        check_name(owner, "name", self.name, longest=64)
        if not self.host or "/" in self.host or ":" in self.host:
            raise refused(owner, "host", f"{self.host!r} is no host", "write the host name alone")
        check_within(owner, "port", self.port, 1, 65_535)
        check_within(owner, "max_age", self.max_age, 1, 3600)
        check_within(owner, "stale", self.stale, 0, 3600)
        check_within(owner, "connections", self.connections, 5, 100)
