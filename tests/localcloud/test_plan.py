"""Which Workers share a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from localcloud.allowances import ALLOWANCES, Plan
from localcloud.runtime.plan import plan, secrets_of, storages
from localcloud.store import Module, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localcloud.documents import Document

SCOPE = "accounts/a"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db")
    for kind, identifier in (("namespaces", "n"), ("namespaces", "m"), ("buckets", "b")):
        hidden: Document = {"storage": f"{identifier}-storage"}
        opened.put(kind, SCOPE, identifier, name=identifier, body={}, hidden=hidden)
    yield opened
    opened.close()


def script(store: Store, name: str, *bindings: Document, **hidden: Document) -> None:
    body: Document = {"bindings": [*bindings], "classic": False, "compatibility_flags": []}
    store.put("scripts", SCOPE, name, name=name, body=body, hidden={**hidden})
    store.set_modules(
        SCOPE, name, [Module(name="main.js", type="text/javascript+module", content=b"")]
    )


def groups(store: Store) -> list[list[str]]:
    return [
        sorted(str(worker["name"]) for worker in group["workers"] if isinstance(worker, dict))
        for group in plan(store, ALLOWANCES[Plan.PAID])
        if isinstance(group["workers"], list)
    ]


def kv(namespace: str) -> Document:
    return {"name": "KV", "type": "kv_namespace", "namespace_id": namespace}


def test_workers_that_share_nothing_have_a_process_each(store: Store) -> None:
    script(store, "one", kv("n"))
    script(store, "two", kv("m"))
    assert groups(store) == [["one"], ["two"]]


def test_workers_that_share_storage_share_a_process_also_through_others(store: Store) -> None:
    bucket: Document = {"name": "R2", "type": "r2_bucket", "bucket_name": "b"}
    script(store, "one", kv("n"))
    script(store, "two", bucket)
    script(store, "alone")
    script(store, "between", kv("n"), bucket)
    assert sorted(groups(store)) == [["alone"], ["between", "one", "two"]]
    planned = plan(store, ALLOWANCES[Plan.PAID])
    shared = next(group for group in planned if "between" in str(group["workers"]))
    assert shared["shelves"] == [
        {"kind": "kv", "id": "n-storage"},
        {"kind": "r2", "id": "b-storage"},
    ]


@pytest.mark.parametrize(
    "binding",
    [
        {"name": "S", "type": "service", "service": "one"},
        {"name": "D", "type": "durable_object_namespace", "class_name": "C", "script_name": "one"},
    ],
)
def test_a_worker_lives_with_the_one_that_it_calls(store: Store, binding: Document) -> None:
    script(store, "one")
    script(store, "two", binding)
    assert groups(store) == [["one", "two"]]


def test_the_consumer_of_a_queue_lives_with_its_producers(store: Store) -> None:
    store.put("queues", SCOPE, "q", name="parcels", body={})
    settings: Document = {"batch_size": 5, "max_retries": 1, "max_wait_time_ms": 500}
    body: Document = {"settings": settings}
    store.put("consumers", f"{SCOPE}/queues/q", "c", name="two", body=body)
    script(store, "one", {"name": "Q", "type": "queue", "queue_name": "parcels"})
    script(store, "two")
    assert groups(store) == [["one", "two"]]


def test_secrets_are_bound_by_value_and_known_by_name(store: Store) -> None:
    script(store, "one", {"name": "WORD", "type": "secret_text"}, secrets={"WORD": "swordfish"})
    assert "swordfish" in str(plan(store, ALLOWANCES[Plan.PAID]))
    assert secrets_of(store) == {"swordfish": "WORD"}


def test_storage_in_use_is_that_of_what_there_is(store: Store) -> None:
    script(store, "one", classes={"tag": "v1", "namespaces": {"Room": "r-storage"}})
    assert storages(store) == {
        "do": {"r-storage"},
        "kv": {"n-storage", "m-storage"},
        "r2": {"b-storage"},
    }
