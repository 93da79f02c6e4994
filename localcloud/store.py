"""Every provisioned object, in one SQLite file that survives a restart.

The file has mode 0600 in a directory of mode 0700: it holds the secrets of uploaded Workers, which
the runtime needs again after a restart. Encrypting them with a key that lies beside them would
protect against nobody, so they are protected as an SSH key is: by the owner of the file.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from localcloud.addresses import address
from localcloud.documents import Document, document, parse
from localcloud.moments import now, parsed, precise
from localcloud.schema import SCHEMA, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_LOG = logging.getLogger("localcloud")

_COLUMNS = "SELECT kind, scope, id, name, body, hidden, created, modified FROM objects WHERE "
_BY_ID = _COLUMNS + "kind = ? AND scope = ? AND id = ?"
_BY_NAME = _COLUMNS + "kind = ? AND scope = ? AND name = ? ORDER BY place"
_BY_NAME_ANYWHERE = _COLUMNS + "kind = ? AND name = ? ORDER BY place"
_BY_SCOPE = _COLUMNS + "kind = ? AND scope = ? ORDER BY place"
_GROUPS = _COLUMNS + "kind = 'rule-groups' AND scope = ?1 AND id IN "
_UID = "(SELECT rule_group FROM rules WHERE scope = ?1 AND uid = ?2)"
_TITLE = "(SELECT rule_group FROM rules WHERE scope = ?1 AND folder = ?2 AND title = ?3)"
_BY_RULE_UID = f"{_GROUPS}{_UID} AND id != ?3"
_BY_RULE_TITLE = f"{_GROUPS}{_TITLE} AND id != ?4"
_BY_DIGEST = _COLUMNS + "json_extract(hidden, '$.digest') = ? AND kind = ? ORDER BY place"
_BY_KIND = _COLUMNS + "kind = ? ORDER BY place"
_SOME = _BY_SCOPE + " LIMIT ? OFFSET ?"
_COUNT = "SELECT count(*) FROM objects WHERE kind = ? AND scope = ?"
_BRIEFS = (
    "SELECT scope, id, name, modified FROM objects WHERE kind = ? ORDER BY place",
    "SELECT scope, id, name, modified FROM objects WHERE kind = ? AND scope = ? ORDER BY place",
)
"""For all scopes, and for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """One provisioned thing."""

    kind: str
    scope: str
    """What it lives in, such as `accounts/<id>` or `accounts/<id>/queues/<id>`."""
    id: str
    name: str
    """What it is unique by within its scope, for people."""
    body: Document
    """What the service tells about it."""
    hidden: Document = field(default_factory=dict, repr=False)
    """What the service never tells again."""
    created: datetime
    modified: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a list says of an object: its body is not read."""

    scope: str
    id: str
    name: str
    modified: str
    """As the services write a time; later ones are greater."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One file of an uploaded Worker."""

    name: str
    type: str
    """Its media type, as uploaded."""
    content: bytes


class Store:
    """The SQLite file. All calls are short and made from one thread."""

    def __init__(self, path: Path) -> None:
        """Open or make the file."""
        try:
            self._connection = _opened(path)
        except sqlite3.OperationalError:
            # Locked, or on a full disk: whole as it is.
            raise
        except sqlite3.DatabaseError as error:
            aside = path.with_name(f"{path.name}.damaged")
            _LOG.warning("%s is damaged (%s): set aside as %s", path, error, aside.name)
            for ending in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    Path(f"{path}{ending}").replace(f"{aside}{ending}")
            self._connection = _opened(path)
        self._depth = 0

    def close(self) -> None:
        """Write everything back and let go of the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. May be nested: the outermost one counts."""
        if self._depth == 0:
            self._connection.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("ROLLBACK")
            raise
        self._depth -= 1
        if self._depth == 0:
            self._connection.execute("COMMIT")

    def execute(self, statement: str, *values: str | int | bytes | None) -> list[tuple[Any, ...]]:
        """Run one statement of a table that another module owns; return its rows."""
        return self._connection.execute(statement, values).fetchall()

    def get(self, kind: str, scope: str, identifier: str) -> Object | None:
        """Return one object, or None."""
        found = self._select(_BY_ID, kind, scope, identifier)
        return found[0] if found else None

    def named(self, kind: str, scope: str, name: str) -> Object | None:
        """Return the oldest object of a name, or None."""
        found = self._select(_BY_NAME, kind, scope, name)
        return found[0] if found else None

    def all_named_anywhere(self, kind: str, name: str) -> list[Object]:
        """Return the objects of a name in all scopes, oldest first."""
        return self._select(_BY_NAME_ANYWHERE, kind, name)

    def all_named(self, kind: str, scope: str, name: str) -> list[Object]:
        """Return the objects of a name, oldest first."""
        return self._select(_BY_NAME, kind, scope, name)

    def with_rule(self, scope: str, uid: str, but: str = "") -> list[Object]:
        """Return the rule groups, but for one by its id, that hold a rule of a uid: one or none."""
        return self._select(_BY_RULE_UID, scope, uid, but)

    def with_rule_titled(self, scope: str, folder: str, title: str, but: str = "") -> list[Object]:
        """Return the rule groups, but for one by its id, with a rule of a title in a folder."""
        return self._select(_BY_RULE_TITLE, scope, folder, title, but)

    def issued(self, kind: str, digest: str) -> Object | None:
        """Return the token whose hidden `digest` is this one, or None."""
        found = self._select(_BY_DIGEST, digest, kind)
        return found[0] if found else None

    def revoked(self, digest: str) -> bool:
        """Tell whether a token of this digest was there once, and was deleted or replaced."""
        return bool(self.execute("SELECT 1 FROM revoked WHERE digest = ?", digest))

    def all(self, kind: str, scope: str | None = None) -> list[Object]:
        """Return the objects of a kind, oldest first; of one scope, or of all."""
        if scope is None:
            return self._select(_BY_KIND, kind)
        return self._select(_BY_SCOPE, kind, scope)

    def some(self, kind: str, scope: str, first: int, most: int) -> list[Object]:
        """Return at most so many objects of a kind and scope, oldest first, from one on."""
        return self._select(_SOME, kind, scope, most, first)

    def count(self, kind: str, scope: str) -> int:
        """Return how many objects of a kind a scope has."""
        return int(self.execute(_COUNT, kind, scope)[0][0])

    def briefs(self, kind: str, scope: str | None = None) -> list[Brief]:
        """Return what lists say of the objects of a kind, oldest first; of one scope, or of all."""
        within = () if scope is None else (scope,)
        rows = self.execute(_BRIEFS[len(within)], kind, *within)
        return [Brief(scope=s, id=i, name=name, modified=at) for s, i, name, at in rows]

    def put(
        self,
        kind: str,
        scope: str,
        identifier: str,
        *,
        name: str,
        body: Document,
        hidden: Document | None = None,
    ) -> Object:
        """Make or replace an object; its place in lists and its age stay."""
        at = precise(now())
        self._connection.execute(
            "INSERT INTO objects (kind, scope, id, name, body, hidden, created, modified)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, scope, id) DO UPDATE SET"
            " name = excluded.name, body = excluded.body, hidden = excluded.hidden,"
            " modified = excluded.modified",
            (kind, scope, identifier, name, json.dumps(body), json.dumps(hidden or {}), at, at),
        )
        stored = self.get(kind, scope, identifier)
        if stored is None:
            raise RuntimeError(f"{kind} {identifier} was not stored")
        return stored

    def delete(self, kind: str, scope: str, identifier: str) -> bool:
        """Remove an object and whatever lives in its scope; tell whether it was there."""
        with self.transaction():
            gone = self._connection.execute(
                "DELETE FROM objects WHERE kind = ? AND scope = ? AND id = ?",
                (kind, scope, identifier),
            ).rowcount
            inside = f"{scope}/{kind}/{identifier}"
            self._connection.execute(
                "DELETE FROM objects WHERE scope = ? OR substr(scope, 1, ?) = ?",
                (inside, len(inside) + 1, inside + "/"),
            )
        return gone > 0

    def next_number(self, kind: str) -> int:
        """Return a number that no object of the kind had before."""
        number = int(self.setting(f"last {kind}") or "0") + 1
        self.set_setting(f"last {kind}", str(number))
        return number

    def kinds(self) -> list[tuple[str, int, str]]:
        """Return each kind that has objects, with how many and when one last changed."""
        rows = self._connection.execute(
            "SELECT kind, count(*), max(modified) FROM objects GROUP BY kind ORDER BY kind"
        )
        return [(str(kind), int(count), str(last)) for kind, count, last in rows]

    def modules(self, scope: str, script: str) -> list[Module]:
        """Return a Worker's files, the main one first."""
        rows = self._connection.execute(
            "SELECT name, type, content FROM modules WHERE script = ? ORDER BY place",
            (address(scope, script),),
        )
        return [Module(name=name, type=type_, content=bytes(held)) for name, type_, held in rows]

    def set_modules(self, scope: str, script: str, modules: list[Module]) -> None:
        """Replace a Worker's files; none: it is gone."""
        worker = address(scope, script)
        with self.transaction():
            self._connection.execute("DELETE FROM modules WHERE script = ?", (worker,))
            self._connection.executemany(
                "INSERT INTO modules (script, place, name, type, content) VALUES (?, ?, ?, ?, ?)",
                [(worker, i, m.name, m.type, m.content) for i, m in enumerate(modules)],
            )

    def setting(self, name: str) -> str | None:
        """Return a remembered value, or None."""
        row = self._connection.execute(
            "SELECT value FROM settings WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else str(row[0])

    def set_setting(self, name: str, value: str) -> None:
        """Remember a value."""
        self._connection.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _select(self, statement: str, *values: str | int) -> list[Object]:
        rows = self._connection.execute(statement, values)
        return [
            Object(
                kind=kind,
                scope=scope,
                id=identifier,
                name=name,
                body=document(parse(body)),
                hidden=document(parse(hidden)),
                created=parsed(created),
                modified=parsed(modified),
            )
            for kind, scope, identifier, name, body, hidden, created, modified in rows
        ]


def _opened(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA busy_timeout = 2000")
        connection.execute("PRAGMA secure_delete = ON")
        connection.executescript(SCHEMA)
        (done,) = connection.execute("PRAGMA user_version").fetchone()
        for number, step in enumerate(STEPS[done:], start=done + 1):
            mark = f"PRAGMA user_version = {number};"
            connection.executescript(f"BEGIN IMMEDIATE; {step} {mark} COMMIT;")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection
