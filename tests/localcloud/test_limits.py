"""What Cloudflare allows a Worker is enforced here too, and each limit that one meets is told."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import socket
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from localcloud.allowances import ALLOWANCES, MIB, REQUEST_BODY_BYTES, Plan
from localcloud.cloudflare.uploads import Upload, check_size
from localcloud.runtime.counted_body import Counted, TooLargeError
from localcloud.store import Module
from tests.localcloud.running import ACCOUNT, WORKERS, refusal, result, start, wait_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.localcloud.running import LocalCloud

SCRIPTS = f"/accounts/{ACCOUNT}/workers/scripts"
FREE = ALLOWANCES[Plan.FREE]
NOTHING = "export default { fetch: () => new Response('') }"


class _Origin(ThreadingHTTPServer):
    """Answers each request; below `/held`, only when it is let."""

    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def __init__(self) -> None:
        self.let = threading.Event()
        self.waiting: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def holding(self) -> Iterator[list[str]]:
        """Answer nothing below `/held` meanwhile; gives the list of those that wait."""
        self.let.clear()
        self.waiting.clear()
        try:
            yield self.waiting
        finally:
            self.let.set()


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, _Origin)
        if self.path.startswith("/held"):
            server.waiting.append(self.path)
            server.let.wait(20)
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        with suppress(OSError):  # whoever asked may have gone
            self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def origin() -> Iterator[_Origin]:
    server = _Origin()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.let.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    """A localcloud of the Free plan with a Worker that spends."""
    cloud = start(tmp_path_factory.mktemp("free") / "local", "--plan", "free")
    cloud.control.post("/crons", json={"paused": True})
    queue = cloud.cloudflare.post(f"/accounts/{ACCOUNT}/queues", json={"queue_name": "spent"})
    result(queue)
    bindings: list[dict[str, Any]] = [
        {"name": "SPENDER", "type": "durable_object_namespace", "class_name": "Spender"},
        {"name": "KV", "type": "kv_namespace", "namespace_id": cloud.namespace("spent")},
        {"name": "QUEUE", "type": "queue", "queue_name": "spent"},
        {"name": "POINTS", "type": "analytics_engine", "dataset": "spent"},
    ]
    code = (WORKERS / "spender.js").read_text()
    migrations = {"new_tag": "v1", "new_sqlite_classes": ["Spender"]}
    result(cloud.upload("spender", code, bindings, migrations=migrations))
    yield cloud
    assert cloud.stop() == 0


def spent(cloud: LocalCloud, way: str, **how: object) -> str:
    answer = cloud.anybody.get(
        f"/workers/spender/{way}", params={k: str(v) for k, v in how.items()}
    )
    assert answer.status_code == 200, answer.text
    return answer.text


def limits(cloud: LocalCloud, script: str = "spender") -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = cloud.worker(script)["limits"]
    return told


def met(cloud: LocalCloud, limit: str, script: str = "spender") -> dict[str, Any]:
    """Return the last report of a limit, which may come after the answer."""

    def reported() -> list[dict[str, Any]]:
        return [one for one in limits(cloud, script) if one["limit"] == limit]

    return wait_for(reported, f"{limit} is reported")[-1]


@pytest.mark.parametrize("way", ["fetches", "object"])
def test_an_invocation_has_as_many_subrequests_as_the_plan_allows(
    free: LocalCloud, origin: _Origin, way: str
) -> None:
    assert spent(free, way, to=origin.url, count=50) == "50"
    over = spent(free, way, to=origin.url, count=51)
    assert over == "refused: Too many subrequests by single Worker invocation."
    report = met(free, "subrequests")
    assert (report["figure"], report["allowed"]) == (51, 50)


def test_calls_of_the_services_beside_it_are_counted_apart(free: LocalCloud) -> None:
    assert spent(free, "reads", count=60) == "60"
    assert spent(free, "reads", count=1001).startswith("refused: Too many subrequests")
    assert met(free, "serviceCalls")["allowed"] == 1000


def test_the_seventh_connection_waits_for_the_headers_of_another(
    free: LocalCloud, origin: _Origin
) -> None:
    answers: list[str] = []
    with origin.holding() as waiting:
        held = f"{origin.url}/held"
        asking = threading.Thread(
            target=lambda: answers.append(spent(free, "fetches", to=held, count=8))
        )
        asking.start()
        wait_for(lambda: len(waiting) == 6, "six are under way")
        assert met(free, "connections")["allowed"] == 6
        assert len(waiting) == 6
    asking.join(20)
    assert answers == ["8"]
    assert len(waiting) == 8


def test_whoever_gives_up_while_it_waits_for_a_connection_does_so_in_time(
    free: LocalCloud, origin: _Origin
) -> None:
    with origin.holding() as waiting:
        held = f"{origin.url}/held"
        told = json.loads(spent(free, "late", to=held, within=100))
        assert told == ["TimeoutError"] * 3
        assert len(waiting) == 6


@pytest.mark.parametrize(
    ("way", "size", "limit", "allowed"),
    [
        ("value", 25 * 1024 * 1024 + 1, "value size", 25 * 1024 * 1024),
        ("key", 513, "key size", 512),
        ("metadata", 1024, "metadata size", 1024),
        ("message", 128_001, "message size", 128_000),
    ],
)
def test_what_is_too_large_for_a_service_is_refused(
    free: LocalCloud, way: str, size: int, limit: str, allowed: int
) -> None:
    assert spent(free, way, size=size).startswith("refused: ")
    assert met(free, limit)["allowed"] == allowed


def test_a_batch_has_a_hundred_messages(free: LocalCloud) -> None:
    assert spent(free, "batch", count=100) != "refused"
    assert spent(free, "batch", count=101).startswith("refused: ")
    assert met(free, "batch count")["figure"] == 101


def test_data_points_beyond_the_limit_are_dropped(free: LocalCloud) -> None:
    assert spent(free, "points", count=FREE.points + 5) == "written"
    assert met(free, "points")["allowed"] == FREE.points
    wait_for(
        lambda: free.control.get("/contents/analytics").json()[0]["count"] == FREE.points,
        "the others are kept",
    )
    assert "Maximum of 20 blobs" in spent(free, "blobs", count=21)


def test_a_limit_is_said_in_the_log_too(free: LocalCloud, origin: _Origin) -> None:
    spent(free, "fetches", to=origin.url, count=51)
    said = wait_for(
        lambda: [
            line for line in free.worker("spender")["log"] if "50 subrequests" in line["text"]
        ],
        "the log says it",
    )
    assert said[0]["level"] == "warn"


def test_a_worker_does_not_see_who_guards_it(free: LocalCloud) -> None:
    assert json.loads(spent(free, "sees")) == ["KV", "POINTS", "QUEUE", "SPENDER"]


def test_lines_in_a_stack_are_those_of_the_uploaded_file(free: LocalCloud) -> None:
    code = (WORKERS / "spender.js").read_text().splitlines()
    line = 1 + next(i for i, text in enumerate(code) if "on line" in text)
    assert free.anybody.get("/workers/spender/throws").status_code == 500
    thrown = wait_for(
        lambda: [one for one in free.worker("spender")["log"] if one["level"] == "uncaught"],
        "the log has it",
    )[0]
    assert f"main.js:{line}:" in thrown["stack"]
    assert "localcloud-" not in thrown["stack"]


def test_a_body_that_cloudflare_would_not_take_does_not_reach_the_worker(
    free: LocalCloud,
) -> None:
    result(free.upload("taker", NOTHING))
    address = ("127.0.0.1", int(free.url.rsplit(":", 1)[1]))
    with socket.create_connection(address, timeout=20) as connection:
        head = f"POST /workers/taker/ HTTP/1.1\r\nhost: {address[0]}\r\n"
        connection.sendall(f"{head}content-length: {REQUEST_BODY_BYTES + 1}\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")
    assert met(free, "request body size", "taker")["figure"] == REQUEST_BODY_BYTES + 1


def test_a_body_that_does_not_say_how_long_it_is_may_not_be_longer_either() -> None:
    async def sent() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"four"

    async def taken(most: int) -> bytes:
        return b"".join([chunk async for chunk in Counted(sent(), most).chunks()])

    assert asyncio.run(taken(12)) == b"four" * 3
    with pytest.raises(TooLargeError):
        asyncio.run(taken(11))


def test_an_address_longer_than_16_kib_does_not_reach_the_worker(free: LocalCloud) -> None:
    result(free.upload("taker", NOTHING))
    assert free.anybody.get("/workers/taker/" + "a" * 16 * 1024).status_code == 414
    assert met(free, "URL size", "taker")["allowed"] == 16 * 1024


def test_the_free_plan_has_five_crons_in_an_account(free: LocalCloud) -> None:
    for name in ("one", "two"):
        result(free.upload(name, NOTHING))
    free.schedule("one", *(f"{minute} * * * *" for minute in range(3)))
    free.schedule("two", "1 * * * *", "2 * * * *")
    path = f"{SCRIPTS}/two/schedules"
    wanted = [{"cron": f"{minute} * * * *"} for minute in range(3)]
    answer = free.cloudflare.put(path, json=wanted)
    assert refusal(answer) == (400, 10072)
    assert "Workers Free limit of 5" in answer.text
    assert met(free, "crons", "two")["figure"] == 6
    free.schedule("two", "5 * * * *", "6 * * * *")
    result(free.cloudflare.put(f"{SCRIPTS}/one/schedules", json=[]))
    result(free.cloudflare.put(path, json=[]))


def test_the_free_plan_keeps_the_state_of_objects_in_sqlite_alone(free: LocalCloud) -> None:
    code = (WORKERS / "spender.js").read_text()
    answer = free.upload("older", code, migrations={"new_tag": "v1", "new_classes": ["Spender"]})
    assert refusal(answer) == (400, 10097)


def test_an_upload_is_as_small_as_the_plan_wants_it(free: LocalCloud) -> None:
    # Base64 compresses to three quarters, which is what the noise had: 3 MiB, and what gzip adds.
    noise = base64.b64encode(random.Random(1).randbytes(3 * MIB)).decode()
    answer = free.upload("large", f"{NOTHING}\n// {noise}")
    assert refusal(answer) == (413, 10027)
    assert "3 MiB" in answer.text


def test_the_size_of_an_upload_is_that_after_gzip() -> None:
    code = NOTHING.encode() + b" " * 4 * MIB
    module = Module(name="main.js", type="application/javascript+module", content=code)
    upload = Upload(modules=[module], metadata={}, bindings=[], secrets={}, classic=False)
    check_size(upload, FREE)


def test_variables_are_limited_in_number_and_size(free: LocalCloud) -> None:
    def variables(count: int, size: int) -> list[dict[str, Any]]:
        return [
            {"name": f"V{i}", "type": "plain_text" if i % 2 else "secret_text", "text": "v" * size}
            for i in range(count)
        ]

    result(free.upload("varied", NOTHING, variables(64, 5 * 1024)))
    assert refusal(free.upload("varied", NOTHING, variables(65, 1))) == (400, 10021)
    assert refusal(free.upload("varied", NOTHING, variables(2, 5 * 1024 + 1))) == (400, 10021)
