"""localcloud's answers: requests a second and the slowest of a hundred, with 10,000 objects held.

Beside it, measured in turn: a bare Starlette on the same uvicorn that answers the same bytes from
memory, and SQLite alone reading the same row. Clients are processes of their own, so that they do
not share the interpreter with what they measure; each keeps one connection and sends one request
after another over a plain socket.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bench.table import table
from engine import localcloud
from engine.paths import ROOT, Home
from localcloud.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.documents import Document

SIZES = (100, 1_000, 10_000)
"""Objects held, ascending; the load is on the last."""
PAGE = 1000
"""Health checks that one page may hold at most."""
KIND = "healthchecks"
"""What is held: nothing else hangs on it, so that the API alone is measured."""
WALKS = 3
"""Times that everything is listed."""
CLIENTS = (1, 16)
SECONDS = 3.0
ZONE = "b" * 32
_HELD = f"/client/v4/zones/{ZONE}/healthchecks"
_SCOPE = f"zones/{ZONE}"
_TOKEN = "t" * 40
_BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = sys.stdin.buffer.read()
async def answer(request):
    await request.body()
    return Response(body, media_type="application/json")
app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PUT"])])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False,
            lifespan="off", server_header=False, ws="none")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What every client sends, again and again."""

    method: str
    path: str
    body: bytes = b""

    def request(self, host: str) -> bytes:
        """Give the request as it goes over the wire."""
        return (
            f"{self.method} {self.path} HTTP/1.1\r\nHost: {host}\r\n"
            f"Authorization: Bearer {_TOKEN}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        ).encode() + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How a server answered."""

    rate: float
    """Requests a second, of all clients together."""
    median: float
    """Seconds."""
    p99: float
    """Seconds."""


def measure(*, sizes: tuple[int, ...] = SIZES, seconds: float = SECONDS) -> str:
    """Measure a start, reads and writes under load, and lists as they grow; return the tables.

    Args:
        sizes: how many objects are held, ascending; the load is on the last.
        seconds: how long each load lasts.

    """
    held = sizes[-1]
    with tempfile.TemporaryDirectory(prefix="belfry-bench-") as folder:
        home = _home(Path(folder))
        growth = [_row_of_growth(home, size, seconds) for size in sizes]
        ready, url = _started(home)
        try:
            loads = _rows_of_loads(url, held, seconds)
        finally:
            localcloud.stop(home, _silent)
        floor = _sqlite(home.local / "localcloud.db", held)
    title = f"localcloud under load, {held:,} objects held"
    heads = ["server and request", "clients", "a second", "median", "p99", "rate to bare"]
    note = (
        f"{seconds:g} s each, clients in processes of their own. SQLite alone reads a row in "
        f"{floor * 1e6:.0f} µs. From start to ready, with {held:,} objects: {ready:.2f} s."
    )
    listed = table(
        "localcloud as objects grow",
        ["objects", "read one, median", "list all, median", "a thousand listed", "start to ready"],
        growth,
        "One client. Reading one must not grow; a list grows with what it lists.",
    )
    return table(title, heads, loads, note) + "\n\n" + listed


def drive(url: str, load: Load, clients: int, seconds: float) -> Answers:
    """Send one request after another from each of so many clients.

    Raises:
        RuntimeError: an answer is not 200.

    """
    address = urlsplit(url)
    place = (str(address.hostname), int(address.port or 0))
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    with context.Pool(clients, _begin, (barrier,)) as pool:
        request = load.request(f"{place[0]}:{place[1]}")
        each = pool.starmap(_client, [(place, request, seconds)] * clients, chunksize=1)
    every = sorted(length for lengths in each for length in lengths)
    return Answers(
        rate=len(every) / seconds,
        median=statistics.median(every),
        p99=every[min(int(len(every) * 0.99), len(every) - 1)],
    )


_barrier: object = None


def _begin(barrier: object) -> None:
    global _barrier  # noqa: PLW0603 -- a process of a pool is given it once, when it begins
    _barrier = barrier


def _client(place: tuple[str, int], request: bytes, seconds: float) -> list[float]:
    lengths = []
    with socket.create_connection(place) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = connection.makefile("rb")
        _exchange(connection, stream, request)
        _barrier.wait()  # type: ignore[attr-defined]
        end = time.perf_counter() + seconds
        while (started := time.perf_counter()) < end:
            _exchange(connection, stream, request)
            lengths.append(time.perf_counter() - started)
    return lengths


def _exchange(connection: socket.socket, stream: object, request: bytes) -> bytes:
    connection.sendall(request)
    status = stream.readline()  # type: ignore[attr-defined]
    if b" 200 " not in status:
        raise RuntimeError(status.decode("latin-1").strip())
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):  # type: ignore[attr-defined]
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body: bytes = stream.read(length)  # type: ignore[attr-defined]
    return body


def _rows_of_loads(url: str, held: int, seconds: float) -> list[list[str]]:
    one = f"{_HELD}/{_id(held // 2)}"
    read = Load(method="GET", path=one)
    write = Load(method="PUT", path=one, body=json.dumps(_body(held // 2)).encode())
    rows = []
    for clients in CLIENTS:
        for name, load in (("read one", read), ("change one", write)):
            ours = drive(url, load, clients, seconds)
            with _bare(_answer(url, load)) as bare_url:
                bare = drive(bare_url, load, clients, seconds)
            for server, told in (("bare Starlette", bare), ("localcloud", ours)):
                rows.append(
                    [
                        f"{server}, {name}",
                        str(clients),
                        f"{told.rate:,.0f}",
                        _milliseconds(told.median),
                        _milliseconds(told.p99),
                        f"{told.rate / bare.rate:.2f}",
                    ]
                )
    return rows


def _row_of_growth(home: Home, size: int, seconds: float) -> list[str]:
    _hold(home.local / "localcloud.db", size)
    ready, url = _started(home)
    try:
        one = drive(url, Load(method="GET", path=f"{_HELD}/{_id(size // 2)}"), 1, seconds / 2)
        length, listed = _listing(url, size)
    finally:
        localcloud.stop(home, _silent)
    if listed != size:
        raise RuntimeError(f"{listed} of {size} objects were listed")
    return [
        f"{size:,}",
        _milliseconds(one.median),
        _milliseconds(length),
        _milliseconds(length / size * 1000),
        f"{ready:.2f} s",
    ]


def _listing(url: str, size: int) -> tuple[float, int]:
    """List everything, page by page; the median of several such walks, and how many there are."""
    lengths, found = [], 0
    for _ in range(WALKS):
        started, found, page = time.perf_counter(), 0, 1
        while found < size:
            load = Load(method="GET", path=f"{_HELD}?page={page}&per_page={PAGE}")
            told = json.loads(_answer(url, load))["result"]
            if not told:
                break
            found, page = found + len(told), page + 1
        lengths.append(time.perf_counter() - started)
    return statistics.median(lengths), found


def _answer(url: str, load: Load) -> bytes:
    address = urlsplit(url)
    place = (str(address.hostname), int(address.port or 0))
    with socket.create_connection(place) as connection, connection.makefile("rb") as stream:
        return _exchange(connection, stream, load.request(str(address.netloc)))


def _hold(path: Path, size: int) -> None:
    """Fill a store with so many health checks, as if the API had made them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(path)
    with contextlib.closing(store), store.transaction():
        for number in range(len(store.all(KIND)), size):
            body = _body(number)
            store.put(KIND, _SCOPE, _id(number), name=str(body["name"]), body=body)


def _body(number: int) -> Document:
    return {"name": f"check-{number}", "address": f"s{number}.example.com"}


def _id(number: int) -> str:
    return f"{number:032x}"


def _started(home: Home) -> tuple[float, str]:
    started = time.perf_counter()
    there = localcloud.start(home, _silent)
    return time.perf_counter() - started, there.url


def _sqlite(path: Path, held: int) -> float:
    """Read a row by its key and parse it; seconds each."""
    with contextlib.closing(sqlite3.connect(path)) as store:
        started = time.perf_counter()
        for number in range(1000):
            found = store.execute(
                "SELECT body FROM objects WHERE kind = ? AND scope = ? AND id = ?",
                (KIND, _SCOPE, _id(number * held // 1000)),
            ).fetchone()
            json.loads(found[0])
        return (time.perf_counter() - started) / 1000


@contextlib.contextmanager
def _bare(body: bytes) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-c", _BARE, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as running:
        if running.stdin is None:
            raise RuntimeError("the bare server takes no input")
        running.stdin.write(body)
        running.stdin.close()
        try:
            _until_open(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()


def _until_open(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


def _home(folder: Path) -> Home:
    home = Home(path=folder / "home")
    tools = Path(os.environ.get("BELFRY_TOOLS_HOME", ROOT / ".belfry"))
    home.path.mkdir()
    for name in ("bin", "tools", "cache"):
        (home.path / name).symlink_to((tools / name).resolve())
    return home


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"


def _silent(_line: str) -> None:
    pass
