"""What KV takes is the same for one pair and for many."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

from tests.localcloud.in_process import Process
from tests.localcloud.running import ACCOUNT, TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.localcloud.in_process import Answer


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "objects.db")
    yield process
    process.close()


@pytest.fixture
def namespace(local: Process) -> str:
    namespaces = f"/client/v4/accounts/{ACCOUNT}/storage/kv/namespaces"
    made = local.call("POST", namespaces, {"title": "limited"}).told["result"]
    return f"{namespaces}/{made['id']}"


def alone(local: Process, namespace: str, pair: dict[str, Any]) -> Answer:
    """Write a pair by a call of its own: a form with the value and, as JSON, the metadata."""
    ends: dict[str, object] = {
        name: pair[name] for name in ("expiration", "expiration_ttl") if name in pair
    }
    parts = {"value": pair["value"], "metadata": json.dumps(pair["metadata"], ensure_ascii=False)}
    body = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{content}\r\n'
        for name, content in parts.items()
    )
    return asyncio.run(
        local.send(
            "PUT",
            f"{namespace}/values/{quote(pair['key'], safe='')}",
            query=urlencode(ends).encode(),
            headers={
                "authorization": f"Bearer {TOKEN}",
                "content-type": "multipart/form-data; boundary=b",
            },
            body=f"{body}--b--\r\n".encode(),
        )
    )


def in_bulk(local: Process, namespace: str, pair: dict[str, Any]) -> Answer:
    """Write it with another one."""
    return local.call("PUT", f"{namespace}/bulk", [{"key": "other", "value": "v"}, pair])


SOON = int(time.time())
TAKEN: list[dict[str, Any]] = [
    {"key": "k" * 512},
    {"key": "ä" * 256},
    {"key": "..."},
    {"metadata": {"m": "m" * 1016}},
    {"expiration_ttl": 60},
    {"expiration": SOON + 3600},
    {"expiration_ttl": 60, "expiration": 1},
]
REFUSED: list[tuple[dict[str, Any], tuple[int, str]]] = [
    ({"key": "k" * 513}, (414, "length of 513 exceeds key length limit of 512")),
    ({"key": "ä" * 257}, (414, "length of 514 exceeds key length limit of 512")),
    ({"key": ".."}, (400, "'..' is not allowed as a key name")),
    ({"value": "v" * (25 * 1024 * 1024 + 1)}, (413, "Value length of 26214401 exceeds")),
    ({"metadata": {"m": "m" * 1017}}, (413, "Metadata length of 1025 exceeds limit of 1024")),
    ({"metadata": {"m": "ä" * 509}}, (413, "Metadata length of 1026 exceeds limit of 1024")),
    ({"expiration_ttl": 59}, (400, "Invalid expiration_ttl of 59")),
    ({"expiration": SOON + 30}, (400, "at least 60 seconds in the future")),
    ({"expiration_ttl": 59, "expiration": SOON + 3600}, (400, "Invalid expiration_ttl of 59")),
]

WAYS = pytest.mark.parametrize("write", [alone, in_bulk])


@WAYS
@pytest.mark.parametrize("pair", TAKEN, ids="-".join)
def test_what_is_just_within_the_limits_is_taken(
    local: Process, namespace: str, pair: dict[str, Any], write: Callable[..., Answer]
) -> None:
    answer = write(local, namespace, {"key": "k", "value": "v", "metadata": {}, **pair})
    assert answer.status == 200, answer.body
    assert pair.get("key", "k") in {key for _, _, key in local.memory.held}


@WAYS
@pytest.mark.parametrize(("pair", "told"), REFUSED)
def test_what_is_beyond_them_is_refused_and_nothing_is_written(
    local: Process,
    namespace: str,
    pair: dict[str, Any],
    told: tuple[int, str],
    write: Callable[..., Answer],
) -> None:
    answer = write(local, namespace, {"key": "k", "value": "v", "metadata": {}, **pair})
    assert answer.status == told[0], answer.body
    assert told[1] in answer.told["errors"][0]["message"]
    assert local.memory.held == {}


@pytest.mark.parametrize("key", ["k" * 513, ".."])
def test_a_key_that_cannot_be_is_refused_wherever_it_is_named(
    local: Process, namespace: str, key: str
) -> None:
    calls = [
        local.call(method, f"{namespace}/{part}/{quote(key)}")
        for method, part in (("GET", "values"), ("DELETE", "values"), ("GET", "metadata"))
    ]
    calls.append(local.call("POST", f"{namespace}/bulk/get", {"keys": ["a", key]}))
    calls.append(local.call("POST", f"{namespace}/bulk/delete", ["a", key]))
    assert {(one.status, one.code) for one in calls} == {(400 if key == ".." else 414, 10001)}


def test_a_number_of_seconds_without_end_is_refused(local: Process, namespace: str) -> None:
    query = {"expiration_ttl": "9" * 5000}
    assert local.call("PUT", f"{namespace}/values/k", {}, query=query).status == 400
