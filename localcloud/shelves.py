"""What namespaces and buckets hold: how the API asks for it and the runtime answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from localcloud.documents import Value


class UnavailableError(Exception):
    """Whoever runs Workers and keeps their storage is not there; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What lies under a key."""

    content: bytes
    metadata: Value
    media_type: str | None = None


class Shelves(Protocol):
    """Whoever keeps the contents of namespaces and buckets.

    Each call raises UnavailableError when it cannot.
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
