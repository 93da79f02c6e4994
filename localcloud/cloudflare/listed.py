"""The objects of a kind in a scope as a list, of which only what is looked at is read and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from localcloud.documents import Value
    from localcloud.store import Object, Store


class Listed(Sequence["Value"]):
    """Each object as the service tells it, oldest first."""

    def __init__(
        self, store: Store, kind: str, scope: str, tell: Callable[[Object], Value]
    ) -> None:
        """Keep where objects are, and how one is told."""
        self._store = store
        self._kind = kind
        self._scope = scope
        self._tell = tell

    def __len__(self) -> int:
        """Count them."""
        return self._store.count(self._kind, self._scope)

    def __iter__(self) -> Iterator[Value]:
        """Tell all of them."""
        return map(self._tell, self._store.all(self._kind, self._scope))

    @overload
    def __getitem__(self, place: int) -> Value: ...

    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...

    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        """Tell one of them, or some that follow each other."""
        if isinstance(place, int):
            every: list[Value] = [*self]
            return every[place]
        first, end, step = place.indices(len(self))
        if step != 1:
            return [*self][place]
        some = self._store.some(self._kind, self._scope, first, max(0, end - first))
        return [self._tell(held) for held in some]
