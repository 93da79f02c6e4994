"""Tails of Workers, through the API: made, listed and ended; the WebSocket is the runtime's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from starlette.routing import Route

from localcloud.addresses import address_of, name_in
from localcloud.cloudflare.envelope import Refusal, success
from localcloud.cloudflare.worker_store import Starter, find
from localcloud.moments import plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Store

NO_TAIL = Refusal(status=404, code=10067, message="This tail does not exist.")
TOO_MANY = Refusal(
    status=400, code=10066, message="Worker '{script}' has {count} tails: no more are possible."
)


class Tail(Protocol):
    """One listener to one Worker."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def url(self) -> str:
        """Where its WebSocket is."""

    @property
    def expires(self) -> datetime:
        """When it ends by itself."""


class Follower(Protocol):
    """Whoever tells what Workers do; each is meant by its address."""

    async def open_tail(self, worker: str) -> Tail | None:
        """Begin a tail; None: there are as many as there may be."""

    def tails_of(self, worker: str) -> Sequence[Tail]:
        """Return the tails of a Worker, the oldest first."""

    def close_tail(self, worker: str, identifier: str) -> bool:
        """End a tail; tell whether it was there."""


class Runtime(Starter, Follower, Protocol):
    """Whoever runs the Workers and tells what they do."""


class Tails:
    """The routes of tails."""

    def __init__(self, store: Store, follower: Follower) -> None:
        """Keep the store and whoever tells what Workers do."""
        self._store = store
        self._follower = follower

    def routes(self) -> list[Route]:
        """Return the routes."""
        path = "/accounts/{scope}/workers/scripts/{script}/tails"
        return [
            Route(path, self._collection, methods=["GET", "POST"]),
            Route(f"{path}/{{id}}", self._member, methods=["DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        worker = self._worker(request)
        if request.method == "GET":
            tails: list[Value] = [told(tail) for tail in self._follower.tails_of(worker)]
            return success(tails)
        tail = await self._follower.open_tail(worker)
        if tail is None:
            count = str(len(self._follower.tails_of(worker)))
            raise TOO_MANY.about(script=name_in(worker), count=count)
        return success(told(tail))

    async def _member(self, request: Request) -> Response:
        if not self._follower.close_tail(self._worker(request), str(request.path_params["id"])):
            raise NO_TAIL.about()
        return success(None)

    def _worker(self, request: Request) -> str:
        return address_of(find(self._store, request))


def told(tail: Tail) -> Document:
    """Return a tail as the service tells it."""
    return {"id": tail.id, "url": tail.url, "expires_at": plain(tail.expires)}
