"""What namespaces, buckets and databases hold: how the API asks for it and the runtime answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from localcloud.documents import Document, Value


class UnavailableError(Exception):
    """Whoever runs Workers and keeps their storage is not there; the text says why."""


class StatementError(Exception):
    """A database refuses an SQL statement; the text is SQLite's reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What lies under a key."""

    content: bytes
    metadata: Value
    media_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One SQL text for a database, with the values of its parameters."""

    sql: str
    """May hold several statements, separated by semicolons, when it has no parameters."""
    params: tuple[Value, ...] = ()


class Shelves(Protocol):
    """Whoever keeps the contents of namespaces, buckets and databases.

    Each call raises UnavailableError when there is nobody to ask, MalformedError when a key, a
    value or what goes with it is none that can be kept.
    """

    async def read(self, kind: str, shelf: str, key: str) -> Held | None:
        """Return what lies under a key of a `kv` or `r2` shelf."""

    async def write(
        self, kind: str, shelf: str, key: str, held: Held, expiration: dict[str, int]
    ) -> None:
        """Put something under a key."""

    async def remove(self, kind: str, shelf: str, key: str) -> None:
        """Take away what lies under a key."""

    async def keys(self, kind: str, shelf: str, prefix: str) -> list[Value]:
        """Return what there is, each as the service lists it."""

    async def query(self, shelf: str, statements: list[Statement]) -> list[Document]:
        """Run SQL on a `d1` shelf, the same database that Workers are bound to.

        Returns:
            one object for each statement, as D1's API tells them: `results` (rows as objects, or
            empty), `success` and `meta` (`duration`, `changes`, `last_row_id`, `rows_read` …).

        Raises:
            StatementError: SQLite refuses a statement; nothing of the list has been done.

        """
