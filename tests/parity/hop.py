"""An HTTP hop between a plugin and a service: passes every call on and keeps it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "accept-encoding"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A call with its answer."""

    method: str
    path: str
    """With the query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    status: int
    answer: bytes


class Hop:
    """What has passed since it was last taken."""

    def __init__(self) -> None:
        self.url = ""
        self._passed: list[Passed] = []
        self._lock = threading.Lock()

    def keep(self, call: Passed) -> None:
        """Keep a call, in the order of the answers."""
        with self._lock:
            self._passed.append(call)

    def take(self) -> list[Passed]:
        """Every call since the last time."""
        with self._lock:
            taken, self._passed = self._passed, []
        return taken


@contextmanager
def passing(target: str) -> Iterator[Hop]:
    """A hop that passes on to `target`, an address without path."""
    hop = Hop()
    client = httpx.Client(base_url=target, timeout=120, trust_env=False)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent = {
                name: value for name, value in headers.items() if name not in _OF_THE_CONNECTION
            }
            # As raw bytes: escapes in a path, such as %2F, have to arrive as they were sent.
            url = client.base_url.copy_with(raw_path=self.path.encode())
            answer = client.request(self.command, url, headers=sent, content=body)
            hop.keep(
                Passed(
                    method=self.command,
                    path=self.path,
                    headers=headers,
                    body=body,
                    status=answer.status_code,
                    answer=answer.content,
                )
            )
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name not in {*_OF_THE_CONNECTION, "content-encoding", "date", "server"}:
                    self.send_header(name, value)
            if answer.status_code != 204:
                self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    hop.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        client.close()
