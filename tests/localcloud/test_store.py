"""What the store finds without reading everything."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

from localcloud.documents import document
from localcloud.runtime.journal import Journal
from localcloud.store import Module, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localcloud.documents import Value


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "objects.db")
    yield opened
    opened.close()


def group(store: Store, name: str, *uids: str) -> None:
    rules: list[Value] = [{"uid": uid, "folderUID": "f", "title": f"T {uid}"} for uid in uids]
    store.put("rule-groups", "grafana", f"f:{name}", name=name, body={"rules": rules})


def holders(store: Store, uid: str) -> list[str]:
    return [held.name for held in store.with_rule("grafana", uid)]


def test_a_rule_is_found_where_it_is_now(store: Store) -> None:
    group(store, "one", "a", "b")
    assert (holders(store, "a"), holders(store, "b")) == (["one"], ["one"])
    group(store, "one", "b")
    group(store, "two", "a")
    assert (holders(store, "a"), holders(store, "b")) == (["two"], ["one"])
    store.delete("rule-groups", "grafana", "f:two")
    assert holders(store, "a") == []


def test_a_rule_is_found_by_its_title_in_its_folder_and_in_its_organisation(store: Store) -> None:
    group(store, "one", "a")
    assert [held.name for held in store.with_rule_titled("grafana", "f", "T a")] == ["one"]
    assert store.with_rule_titled("grafana", "g", "T a") == []
    assert store.with_rule_titled("grafana/organisations/2", "f", "T a") == []


def test_a_group_that_is_not_meant_is_not_read(store: Store) -> None:
    group(store, "one", "a", "b")
    assert store.with_rule("grafana", "a", but="f:one") == []
    assert [held.name for held in store.with_rule("grafana", "a", but="f:two")] == ["one"]
    group(store, "two", "a")
    titled = store.with_rule_titled("grafana", "f", "T a", but="f:one")
    assert [held.name for held in titled] == ["two"]


def test_rules_of_a_file_that_was_written_before_they_were_found_so_are_found(
    tmp_path: Path,
) -> None:
    before = Store(tmp_path / "objects.db")
    group(before, "one", "a")
    before.execute("DELETE FROM rules")
    before.close()
    after = Store(tmp_path / "objects.db")
    assert holders(after, "a") == ["one"]
    after.close()


def test_modules_and_runs_that_were_kept_by_name_alone_are_found_again(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    older = Store(path)
    files = [Module(name=name, type="text/plain", content=name.encode()) for name in ("b", "a")]
    for account, name in (("one", "twin"), ("other", "twin"), ("one", "alone")):
        older.put("scripts", f"accounts/{account}", name, name=name, body={})
    for name in ("twin", "alone", "gone"):
        for place, file in enumerate(files):
            older.execute(
                "INSERT INTO modules VALUES (?, ?, ?, ?, ?)",
                *(name, place, file.name, file.type, file.content),
            )
        for run in range(2):
            body = json.dumps({"script": name, "ms": run})
            older.execute("INSERT INTO runs (script, body) VALUES (?, ?)", name, body)
    older.execute("PRAGMA user_version = 0")
    older.close()
    for _ in range(2):  # what was done once is not done again
        store = Store(path)
        for account, name in (("one", "twin"), ("other", "twin"), ("one", "alone")):
            assert store.modules(f"accounts/{account}", name) == files
            journal = Journal(store, lambda: None)
            runs = [document(run)["ms"] for run in journal.runs(f"{account}/{name}")]
            assert runs == [1, 0]
        assert store.execute("SELECT count(*) FROM modules") == [(6,)]
        store.close()


def test_a_store_that_cannot_be_brought_up_to_date_is_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.db"
    monkeypatch.setattr("localcloud.store.STEPS", ("DELETE FROM messages; DELETE FROM nothing;",))
    with pytest.raises(sqlite3.OperationalError, match="nothing"):
        Store(path)
    assert not path.with_name("store.db.damaged").exists()
    monkeypatch.undo()
    Store(path).close()
