"""Consumers of a queue: the Worker that its messages are given to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from localcloud.cloudflare.envelope import Refusal, listing, success
from localcloud.cloudflare.kinds import KIND
from localcloud.cloudflare.kinds.rows import Field, Form
from localcloud.cloudflare.resources import new_id, scope_of
from localcloud.cloudflare.taking import taken
from localcloud.documents import document, parse
from localcloud.moments import precise

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document
    from localcloud.store import Object, Store

MISSING = Refusal(status=404, code=11002, message="consumer not found")
TAKEN = Refusal(status=400, code=11004, message="Queue '{queue}' already has a consumer.")
NO_SCRIPT = Refusal(status=400, code=10007, message="Worker '{script}' does not exist.")

_PATH = "/accounts/{scope}/queues/{queue}/consumers"
_BAD_BODY = Refusal(status=400, code=10026, message="Invalid request body: {reason}")

# Limits of Queues: 100 messages a batch, 60 s to fill it, 100 retries, 12 hours of delay.
_SETTINGS = (
    Field(name="batch_size", form=Form.WHOLE, default=10, least=1, most=100),
    Field(name="max_retries", form=Form.WHOLE, default=3, least=0, most=100),
    Field(name="max_wait_time_ms", form=Form.WHOLE, default=5000, least=0, most=60000),
    Field(name="retry_delay", form=Form.WHOLE, default=0, least=0, most=43200),
    Field(name="max_concurrency", form=Form.WHOLE, least=1, most=250),
)
_CONSUMER = (
    Field(name="type", default="worker", values=("worker",)),
    Field(name="script_name", required=True),
    Field(name="dead_letter_queue", default=""),
    Field(name="settings", form=Form.OBJECT, inner=_SETTINGS),
)


class QueueConsumers:
    """The routes below a queue."""

    def __init__(self, store: Store, changed: Callable[[str], None]) -> None:
        """Tell `changed` the kind of whatever is made, changed or deleted."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route(_PATH, self._collection, methods=["GET", "POST"]),
            Route(f"{_PATH}/{{id}}", self._member, methods=["GET", "PUT", "DELETE"]),
        ]

    async def _collection(self, request: Request) -> Response:
        queue = self._queue(request)
        if request.method == "GET":
            held = self._store.all("consumers", _scope(queue))
            return listing([_told(queue, one) for one in held], request)
        sent = document(parse(await request.body()))
        with self._store.transaction():
            if self._store.all("consumers", _scope(queue)):
                raise TAKEN.about(queue=queue.name)
            held_now = self._put(queue, new_id(), sent)
        self._changed("consumers")
        return success(_told(queue, held_now))

    async def _member(self, request: Request) -> Response:
        queue = self._queue(request)
        held = self._store.get("consumers", _scope(queue), request.path_params["id"])
        if held is None:
            raise MISSING.about()
        if request.method == "GET":
            return success(_told(queue, held))
        if request.method == "DELETE":
            self._store.delete("consumers", held.scope, held.id)
            self._changed("consumers")
            return success({"consumer_id": held.id})
        changed = self._put(queue, held.id, document(parse(await request.body())))
        self._changed("consumers")
        return success(_told(queue, changed))

    def _queue(self, request: Request) -> Object:
        queue = self._store.get("queues", scope_of(request), request.path_params["queue"])
        if queue is None:
            raise KIND["queues"].missing.about()
        return queue

    def _put(self, queue: Object, identifier: str, sent: Document) -> Object:
        told = sent if sent.get("script_name") else {**sent, "script_name": sent.get("script")}
        body = taken(_CONSUMER, told, _BAD_BODY)
        script = str(body.pop("script_name"))
        if self._store.get("scripts", queue.scope, script) is None:
            raise NO_SCRIPT.about(script=script[:100])
        return self._store.put("consumers", _scope(queue), identifier, name=script, body=body)


def _scope(queue: Object) -> str:
    return f"{queue.scope}/queues/{queue.id}"


def _told(queue: Object, held: Object) -> Document:
    return {
        **held.body,
        "consumer_id": held.id,
        "queue_id": queue.id,
        "queue_name": queue.name,
        "created_on": precise(held.created),
        "script": held.name,
        "script_name": held.name,
        "service": held.name,
        "environment": "production",
    }
