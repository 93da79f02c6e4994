"""What lies in namespaces, buckets, databases, queues and datasets, for people to look at.

Entries say what there is; a value is cut at 64 KB and says so. Nothing here changes anything.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from localcloud.addresses import AmbiguousError
from localcloud.documents import MalformedError, document, number, text
from localcloud.moments import moment_of, precise
from localcloud.shelves import Statement, StatementError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from localcloud.documents import Document
    from localcloud.runtime.analytics import Points
    from localcloud.runtime.storage import Storage
    from localcloud.store import Object, Store

SHOWN_BYTES = 64 * 1024
ENTRIES = 100
MOST_ENTRIES = 1_000
SIZED = 100
"""Keys of a namespace whose sizes are looked up: a listing does not tell them."""
COUNTED = 50
"""Shelves of a listing whose entries are counted: each takes a look into its storage."""
_NAMED = 20
"""Names that are told when another was asked for."""

_OBJECTS: Mapping[str, str] = {
    "kv": "namespaces",
    "r2": "buckets",
    "d1": "databases",
    "queue": "queues",
}
"""Kind of contents and kind of the objects that hold them; `analytics` has no objects."""
KINDS = (*_OBJECTS, "analytics")

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '!_cf!_%' ESCAPE '!' ORDER BY name"
)


class NothingThereError(LookupError):
    """There is no such shelf, table or key; the text names it and those that there are."""


class Contents:
    """All that is kept for Workers."""

    def __init__(self, store: Store, storage: Storage, points: Points) -> None:
        """Keep whoever knows."""
        self._store = store
        self._storage = storage
        self._points = points
        self._counts: Mapping[str, Callable[[Object], Awaitable[int]]] = {
            "kv": self._keys,
            "r2": self._keys,
            "d1": self._table_count,
            "queue": self._message_count,
        }

    async def shelves(self, kind: str, scope: str | None = None) -> list[Document]:
        """Return what holds contents of a kind, of one scope or of all.

        Returns:
            `scope`, `id`, `name`, and the `count` of entries. Of many, entries of the first ones
            alone are counted; for the others `count` is null and `uncounted` says why.

        Raises:
            MalformedError: there is no such kind.
            UnavailableError: there is no runtime to ask.

        """
        _check(kind)
        if kind == "analytics":
            return [
                {"scope": of, "id": dataset, "name": dataset, "count": count}
                for of, dataset, count in self._datasets(scope)
            ]
        told: list[Document] = []
        for place, brief in enumerate(self._store.briefs(_OBJECTS[kind], scope)):
            row: Document = {"scope": brief.scope, "id": brief.id, "name": brief.name}
            if place >= COUNTED:
                row["count"] = None
                row["uncounted"] = f"only the first {COUNTED} are counted: open this one for more"
            # It may go while others are counted.
            elif held := self._store.get(_OBJECTS[kind], brief.scope, brief.id):
                row["count"] = await self._counts[kind](held)
            else:
                continue
            told.append(row)
        return told

    async def entries(
        self,
        kind: str,
        identifier: str,
        *,
        prefix: str,
        limit: int,
        table: str | None,
        scope: str | None = None,
    ) -> Document:
        """Return the entries of one shelf.

        Args:
            kind: `kv`, `r2`, `d1`, `queue` or `analytics`.
            identifier: of the shelf, or its name.
            prefix: what keys begin with, of `kv` and `r2`.
            limit: how many entries at most.
            table: the table of a database whose first rows are wanted; None: its tables.
            scope: where the shelf is, such as `accounts/<id>`; None: wherever there is one.

        Returns:
            `entries`, in `more` how many were left out where that is known, and their `scope`.

        Raises:
            MalformedError: there is no such kind.
            NothingThereError: there is no such shelf or table.
            AmbiguousError: several accounts have a shelf of that id or name.
            UnavailableError: there is no runtime to ask.

        """
        _check(kind)
        limit = max(1, min(limit, MOST_ENTRIES))
        if kind == "analytics":
            found = [one for one in self._datasets(scope) if one[1] == identifier]
            of = _only(kind, identifier, [place for place, _, _ in found])
            if of is None:
                raise _nothing(kind, identifier, [name for _, name, _ in self._datasets(scope)])
            points = self._points.last(of.removeprefix("accounts/"), identifier, limit)
            told = _shown([{**point, "when": _when(point)} for point in points], limit)
            return {**told, "scope": of}
        held = self._found(kind, identifier, scope)
        told = await self._entries(kind, held, prefix=prefix, limit=limit, table=table)
        return {**told, "scope": held.scope}

    async def _entries(
        self, kind: str, held: Object, *, prefix: str, limit: int, table: str | None
    ) -> Document:
        if kind == "d1":
            if table is not None:
                return await self._rows(held, table, limit)
            return _shown([*await self._tables(held)], limit)
        if kind == "queue":
            messages = await self._storage.waiting(*_queue(held))
            return _shown([_message(one) for one in messages], limit)
        keys = await self._storage.keys(kind, _storage_of(held), prefix)
        told = [_ENTRY[kind](document(key)) for key in keys]
        shown = told[:limit]
        if kind == "kv":
            for entry in shown[:SIZED]:
                value = await self._storage.read("kv", _storage_of(held), text(entry, "key"))
                entry["size"] = len(value.content) if value else 0
        return {"entries": [*shown], "more": len(told) - len(shown)}

    async def value(
        self, kind: str, identifier: str, key: str, scope: str | None = None
    ) -> Document:
        """Return one value: `text`, or `base64` when it is no text; `size`; whether it is `cut`.

        Raises:
            MalformedError: there is no such kind, or its entries have no values of their own.
            NothingThereError: there is no such shelf or key.
            AmbiguousError: several accounts have a shelf of that id or name.
            UnavailableError: there is no runtime to ask.

        """
        _check(kind)
        if kind not in ("kv", "r2", "queue"):
            raise MalformedError(f"an entry of {kind} is told whole in the list of entries")
        held = self._found(kind, identifier, scope)
        if kind == "queue":
            for message in await self._storage.waiting(*_queue(held)):
                if message["id"] == key:
                    return {**_message(message), **_value(text(message, "body", "").encode())}
            raise _nothing("message", key, [])
        found = await self._storage.read(kind, _storage_of(held), key)
        if found is None:
            raise _nothing("key", key, [])
        return {
            "key": key,
            "metadata": found.metadata,
            "media_type": found.media_type,
            **_value(found.content),
        }

    def _datasets(self, scope: str | None) -> list[tuple[str, str, int]]:
        """Return the scope, the name and the number of points of each dataset."""
        every = [(f"accounts/{of}", name, count) for of, name, count in self._points.datasets()]
        return [one for one in every if scope in (None, one[0])]

    def _found(self, kind: str, asked: str, scope: str | None) -> Object:
        """Return the shelf of an id, or else of a name."""
        every = self._store.briefs(_OBJECTS[kind], scope)
        found = [one for one in every if one.id == asked] or [
            one for one in every if one.name == asked
        ]
        of = _only(kind, asked, [one.scope for one in found])
        held = None if of is None else self._store.get(_OBJECTS[kind], of, found[0].id)
        if held is None:
            raise _nothing(kind, asked, [one.name for one in every])
        return held

    async def _keys(self, held: Object) -> int:
        kind = "kv" if held.kind == "namespaces" else "r2"
        return len(await self._storage.keys(kind, _storage_of(held), ""))

    async def _message_count(self, held: Object) -> int:
        return len(await self._storage.waiting(*_queue(held)))

    async def _table_count(self, held: Object) -> int:
        return len(await self._ask(held, _TABLES))

    async def _tables(self, held: Object) -> list[Document]:
        tables: list[Document] = []
        for row in await self._ask(held, _TABLES):
            name = text(row, "name")
            columns = await self._ask(held, f"PRAGMA table_info({_quoted(name)})")
            counted = await self._ask(held, f"SELECT count(*) AS rows FROM {_quoted(name)}")  # noqa: S608 (quoted)
            tables.append(
                {
                    "key": name,
                    "rows": counted[0]["rows"],
                    "columns": [
                        {
                            "name": column["name"],
                            "type": column["type"],
                            "key": bool(column["pk"]),
                        }
                        for column in columns
                    ],
                }
            )
        return tables

    async def _rows(self, held: Object, table: str, limit: int) -> Document:
        known = [text(row, "name") for row in await self._ask(held, _TABLES)]
        if table not in known:
            raise _nothing("table", table, known)
        rows = await self._ask(held, f"SELECT * FROM {_quoted(table)} LIMIT {limit + 1}")  # noqa: S608 (quoted)
        return {"entries": [*rows[:limit]], "more": max(0, len(rows) - limit)}

    async def _ask(self, held: Object, sql: str) -> list[Document]:
        try:
            answers = await self._storage.query(_storage_of(held), [Statement(sql=sql)])
        except StatementError as problem:
            raise MalformedError(f"{held.name}: {problem}") from problem
        rows = answers[0].get("results")
        return [document(row) for row in rows] if isinstance(rows, list) else []


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise MalformedError(f"contents are of {', '.join(KINDS)}, not of {kind!r}")


def _nothing(what: str, name: str, known: list[str]) -> NothingThereError:
    there = ", ".join(sorted(known)[:_NAMED])
    if len(known) > _NAMED:
        there += f" and {len(known) - _NAMED} others"
    return NothingThereError(f"no {what} {name!r}" + (f": there are {there}" if known else ""))


def _only(kind: str, asked: str, scopes: list[str]) -> str | None:
    """Return the one scope in which something is; None: it is in none.

    Raises:
        AmbiguousError: it is in several.

    """
    if len(scopes) > 1:
        said = " or ".join(f"?scope={scope}" for scope in sorted(scopes))
        raise AmbiguousError(f"{len(scopes)} places have {kind} {asked!r}: say {said}")
    return scopes[0] if scopes else None


def _queue(held: Object) -> tuple[str, str]:
    return held.scope.removeprefix("accounts/"), held.name


def _storage_of(held: Object) -> str:
    return str(held.hidden["storage"])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _key(key: Document) -> Document:
    expires = key.get("expiration")
    when = precise(moment_of(1000 * expires)) if isinstance(expires, (int, float)) else None
    return {"key": key["name"], "size": None, "expires": when, "metadata": key.get("metadata")}


def _object(key: Document) -> Document:
    return {
        "key": key["key"],
        "size": key["size"],
        "when": key.get("last_modified"),
        "metadata": None,
    }


_ENTRY: Mapping[str, Callable[[Document], Document]] = {"kv": _key, "r2": _object}


def _when(told: Document) -> str:
    return precise(moment_of(number(told, "at")))


def _message(message: Document) -> Document:
    return {
        "key": message["id"],
        "size": message["size"],
        "when": _when(message),
        "attempts": message["attempts"],
        "delay": message["delay"],
        "body": text(message, "body", "")[:1000],
    }


def _shown(entries: list[Document], limit: int) -> Document:
    return {"entries": [*entries[:limit]], "more": max(0, len(entries) - limit)}


def _value(content: bytes) -> Document:
    shown = content[:SHOWN_BYTES]
    told: Document = {"size": len(content), "cut": len(content) > SHOWN_BYTES}
    try:
        # A cut may have gone through a character.
        decoded = shown.decode("utf-8", "ignore" if told["cut"] else "strict")
    except UnicodeDecodeError:
        decoded = "\0"
    if "\0" in decoded:
        return {**told, "base64": base64.b64encode(shown).decode()}
    return {**told, "text": decoded}
