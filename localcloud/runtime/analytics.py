"""Data points that Workers wrote to Analytics Engine: the last of each dataset, in a file."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from localcloud.allowances import POINTS_KEPT
from localcloud.documents import document, items, number, parse, text

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.documents import Document

_SCHEMA = """
CREATE TABLE IF NOT EXISTS points (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL DEFAULT '', dataset TEXT NOT NULL,
  at INTEGER NOT NULL, point TEXT NOT NULL
);
"""
_ACCOUNTS = "ALTER TABLE points ADD COLUMN account TEXT NOT NULL DEFAULT ''"
"""For a file of an older localcloud, in which accounts shared their datasets."""
_INDEX = """
DROP INDEX IF EXISTS points_of_dataset;
CREATE INDEX IF NOT EXISTS points_of_account ON points (account, dataset, id);
"""
_FIELDS = ("indexes", "blobs", "doubles")


class Points:
    """The datasets of all accounts."""

    def __init__(self, path: Path, kept: int = POINTS_KEPT) -> None:
        """Open or make the file; of each dataset the last `kept` points stay."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)
        columns = self._connection.execute("PRAGMA table_info(points)").fetchall()
        if "account" not in {name for _, name, *_ in columns}:
            self._connection.execute(_ACCOUNTS)
        self._connection.executescript(_INDEX)
        self._kept = kept

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def add(self, account: str, points: list[Document]) -> None:
        """Keep points of an account: each `dataset`, `at` (ms), `blobs`, `doubles`, `indexes`.

        Raises:
            MalformedError: one is none; then none of them is kept.

        """
        told = [
            (
                account,
                text(point, "dataset"),
                int(number(point, "at")),
                json.dumps({name: items(point, name) for name in _FIELDS}),
            )
            for point in points
        ]
        self._connection.execute("BEGIN")
        try:
            self._connection.executemany(
                "INSERT INTO points (account, dataset, at, point) VALUES (?, ?, ?, ?)", told
            )
            for dataset in {dataset for _, dataset, _, _ in told}:
                self._connection.execute(
                    "DELETE FROM points WHERE account = ?1 AND dataset = ?2 AND id <= (SELECT id"
                    " FROM points WHERE account = ?1 AND dataset = ?2"
                    " ORDER BY id DESC LIMIT 1 OFFSET ?3)",
                    (account, dataset, self._kept),
                )
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def datasets(self) -> list[tuple[str, str, int]]:
        """Return the account, the name and the number of points of each dataset that has some."""
        rows = self._connection.execute(
            "SELECT account, dataset, count(*) FROM points GROUP BY account, dataset"
        )
        return [(str(account), str(dataset), int(count)) for account, dataset, count in rows]

    def last(self, account: str, dataset: str, limit: int) -> list[Document]:
        """Return the last points of a dataset, the newest first."""
        rows = self._connection.execute(
            "SELECT id, at, point FROM points WHERE account = ? AND dataset = ?"
            " ORDER BY id DESC LIMIT ?",
            (account, dataset, limit),
        )
        return [{"key": str(i), "at": at, **document(parse(point))} for i, at, point in rows]
