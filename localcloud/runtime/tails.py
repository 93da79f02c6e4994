"""Tails: what Workers do, told as it happens over WebSockets in the form `trace-v1`."""

from __future__ import annotations

import asyncio
import json
import random
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from localcloud.documents import MalformedError, document, documents, inner, items, parse
from localcloud.moments import now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from starlette.websockets import WebSocket

    from localcloud.documents import Document, Value
    from localcloud.runtime.journal import Journal

PROTOCOL = "trace-v1"
LIFE = timedelta(hours=6)
"""After which a tail ends by itself."""
MOST = 10
"""Tails of one Worker at a time, as with Cloudflare's."""
_BEHIND = 1_000
"""Events that wait for a reader who is slow; then the oldest are dropped."""
_GONE = 1000
_NEVER_THERE = 4404


@dataclass(slots=True, kw_only=True)
class Tail:
    """One listener to one Worker."""

    id: str
    worker: str
    """The address of the Worker."""
    url: str
    expires: datetime
    ending: asyncio.TimerHandle
    """What ends it then."""
    listeners: int = 0
    left: bool = False
    """Whether somebody listened and went away."""
    filters: list[Document] = field(default_factory=list)
    events: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(_BEHIND))
    """JSON texts; None: it has ended."""

    def put(self, event: str | None) -> None:
        """Add an event; when the reader is too far behind, the oldest one goes."""
        if self.events.full():
            self.events.get_nowait()
        self.events.put_nowait(event)


class Tails:
    """All tails that are open."""

    def __init__(
        self, journal: Journal, origin: str, closed: Callable[[], None] = lambda: None
    ) -> None:
        """Begin without any.

        Args:
            journal: knows what must not be told.
            origin: where WebSockets reach this server: `ws://127.0.0.1:8787`.
            closed: is called whenever a tail has ended.

        """
        self._journal = journal
        self._origin = origin
        self._closed = closed
        self._tails: dict[str, Tail] = {}

    def routes(self) -> list[WebSocketRoute]:
        """Return where tails are listened to."""
        return [WebSocketRoute("/tails/{id}", self._listen)]

    def followed(self) -> set[str]:
        """Return the Workers that somebody listens to, or is about to."""
        return {tail.worker for tail in self._tails.values()}

    def of(self, worker: str) -> list[Tail]:
        """Return the tails of a Worker, the oldest first."""
        return [tail for tail in self._tails.values() if tail.worker == worker]

    def open(self, worker: str) -> Tail | None:
        """Make a tail of a Worker; one that was left gives way to it. None: there are too many."""
        present = self.of(worker)
        if len(present) >= MOST:
            left = [tail for tail in present if tail.left and not tail.listeners]
            if not left:
                return None
            self.close(worker, left[0].id)
        identifier = secrets.token_hex(16)
        tail = Tail(
            id=identifier,
            worker=worker,
            url=f"{self._origin}/tails/{identifier}",
            expires=now() + LIFE,
            ending=asyncio.get_running_loop().call_later(
                LIFE.total_seconds(), self.close, worker, identifier
            ),
        )
        self._tails[identifier] = tail
        return tail

    def close(self, worker: str, identifier: str) -> bool:
        """End a tail; tell whether it was there."""
        tail = self._tails.get(identifier)
        if tail is None or tail.worker != worker:
            return False
        del self._tails[identifier]
        tail.ending.cancel()
        tail.put(None)
        self._closed()
        return True

    def traced(self, worker: str, item: Document) -> None:
        """Give one invocation to whoever listens to its Worker."""
        listening = [tail for tail in self.of(worker) if _passes(tail.filters, item)]
        if listening:
            event = self._journal.struck_json(item)
            for tail in listening:
                tail.put(event)

    async def _listen(self, socket: WebSocket) -> None:
        tail = self._tails.get(str(socket.path_params["id"]))
        if tail is None:
            await socket.close(_NEVER_THERE, "there is no such tail")
            return
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(PROTOCOL if PROTOCOL in offered else None)
        heard = asyncio.create_task(_hear(socket, tail))
        tail.listeners += 1
        try:
            while not heard.done():
                told = asyncio.create_task(tail.events.get())
                await asyncio.wait({told, heard}, return_when=asyncio.FIRST_COMPLETED)
                if not told.done():
                    told.cancel()
                    break
                event = told.result()
                if event is None:
                    await socket.close(_GONE)
                    break
                await socket.send_text(event)
        except (WebSocketDisconnect, RuntimeError):
            pass  # whoever listened has gone while something was sent
        finally:
            tail.listeners -= 1
            tail.left = True
            heard.cancel()


async def _hear(socket: WebSocket, tail: Tail) -> None:
    """Take the filters that a listener sends, until it goes away."""
    try:
        while True:
            told = await socket.receive()
            if told["type"] != "websocket.receive":
                return
            sent = told.get("text") or told.get("bytes") or "{}"
            try:
                filters = documents(document(parse(sent)), "filters")
                _passes(filters, {})
                tail.filters = filters
            except MalformedError as problem:
                await socket.close(1007, str(problem)[:100])
                return
    except WebSocketDisconnect:
        return


def _request(item: Document) -> Document:
    return inner(inner(item, "event"), "request")


def _sampled(wanted: Value, _item: Document) -> bool:
    return random.random() < (wanted if isinstance(wanted, (int, float)) else 1)  # noqa: S311 (a sample)


def _has_header(wanted: Value, item: Document) -> bool:
    sent = document(wanted, "header")
    value = inner(_request(item), "headers").get(str(sent.get("key", "")).lower())
    return value is not None and str(sent.get("query") or "") in str(value)


def _from_address(wanted: Value, item: Document) -> bool:
    # Everybody is on this machine; "self" is whoever asks.
    allowed = {"127.0.0.1" if one == "self" else one for one in items({"ip": wanted}, "ip")}
    headers = inner(_request(item), "headers")
    return headers.get("cf-connecting-ip", "127.0.0.1") in allowed


_FILTERS: Mapping[str, Callable[[Value, Document], bool]] = {
    "sampling_rate": _sampled,
    "outcome": lambda wanted, item: item.get("outcome") in items({"of": wanted}, "of"),
    "method": lambda wanted, item: _request(item).get("method") in items({"of": wanted}, "of"),
    "header": _has_header,
    "client_ip": _from_address,
    "query": lambda wanted, item: str(wanted) in json.dumps(item.get("logs")),
}
"""What wrangler's `tail` may ask for, by the name it goes by on the wire."""


def _passes(filters: list[Document], item: Document) -> bool:
    """Tell whether an invocation is wanted; unknown filters let everything through.

    Raises:
        MalformedError: a filter holds something of another kind than it takes.

    """
    verdicts = [
        _FILTERS[name](wanted, item)
        for one in filters
        for name, wanted in one.items()
        if name in _FILTERS
    ]
    return all(verdicts)
