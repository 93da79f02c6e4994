"""An HTTP server that expects calls in a given order and gives the answers written beside them."""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Call = dict[str, Any]
"""method, path, and optionally headers, body or multipart, answer."""


class Script:
    """What is still expected, and what came instead."""

    def __init__(self) -> None:
        self.expected: list[Call] = []
        self.received: list[Call] = []
        self.lock = threading.Lock()

    def answer(self, received: Call) -> Call:
        with self.lock:
            self.received.append(received)
            place = len(self.received) - 1
            if place < len(self.expected):
                answer: Call = self.expected[place]["answer"]
                return answer
            return {"status": 418, "json": {"message": "this call was not expected"}}


@contextmanager
def serving(script: Script) -> Iterator[str]:
    """The address of a server that plays a script."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            received = _received(self, self.rfile.read(length).decode())
            answer = script.answer(received)
            text = answer.get("text") or (json.dumps(answer["json"]) if "json" in answer else "")
            content = text.encode()
            self.send_response(answer["status"])
            self.send_header("content-type", answer.get("type", "application/json"))
            self.send_header("content-length", str(len(content)))
            for name, value in answer.get("headers", {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _received(handler: BaseHTTPRequestHandler, body: str) -> Call:
    received: Call = {"method": handler.command, "path": handler.path}
    kind = handler.headers.get("content-type", "")
    told = {name.lower(): value for name, value in handler.headers.items()}
    received["all_headers"] = told
    boundary = re.search(r"boundary=(\S+)", kind)
    if boundary:
        received["multipart"] = [_part(part) for part in body.split(f"--{boundary[1]}")[1:-1]]
    elif body:
        received["body"] = json.loads(body)
    return received


def _part(text: str) -> Call:
    head, _, content = text.removeprefix("\r\n").partition("\r\n\r\n")
    content = content.removesuffix("\r\n")
    name = re.search(r'; name="([^"]*)"', head)
    filename = re.search(r'filename="([^"]*)"', head)
    kind = re.search(r"Content-Type: (.*)", head)
    return {
        "name": name[1] if name else None,
        "filename": filename[1] if filename else None,
        "content_type": kind[1].strip() if kind else None,
        "body": json.loads(content) if name and name[1] == "metadata" else content,
    }
