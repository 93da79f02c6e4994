"""Queues, with who writes to and who reads from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import Field, Form, Kind

if TYPE_CHECKING:
    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store


def _tell_traffic(store: Store, queue: Object, told: Document) -> Document:
    consumers = store.all("consumers", f"{queue.scope}/queues/{queue.id}")
    producers: list[Value] = [
        {"type": "worker", "service": script.id, "environment": "production"}
        for script in store.all("scripts", queue.scope)
        if queue.name in _produced(script)
    ]
    return {
        **told,
        "producers": producers,
        "producers_total_count": len(producers),
        "consumers": [
            {"consumer_id": held.id, "type": "worker", "script": held.name} for held in consumers
        ],
        "consumers_total_count": len(consumers),
    }


def _produced(script: Object) -> set[str]:
    bindings = script.body.get("bindings")
    if not isinstance(bindings, list):
        return set()
    return {
        str(binding.get("queue_name"))
        for binding in bindings
        if isinstance(binding, dict) and binding.get("type") == "queue"
    }


KINDS = (
    Kind(
        name="queues",
        pulumi_type="cloudflare:index/queue:Queue",
        paths=("/accounts/{scope}/queues",),
        filters={"name": "queue_name"},
        fields=(
            Field(name="queue_name", required=True),
            Field(
                name="settings",
                form=Form.OBJECT,
                inner=(
                    # Limits of Queues: a delay of up to 12 hours, 60 s to 14 days of retention.
                    Field(name="delivery_delay", form=Form.WHOLE, default=0, least=0, most=43200),
                    Field(name="delivery_paused", form=Form.FLAG, default=False),
                    Field(
                        name="message_retention_period",
                        form=Form.WHOLE,
                        default=345600,
                        least=60,
                        most=1209600,
                    ),
                ),
            ),
        ),
        natural="queue_name",
        identifier="queue_id",
        names=(
            "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
            Refusal(status=400, code=11003, message="Queue name '{name}' is not valid."),
        ),
        created="created_on",
        modified="modified_on",
        updates=("PUT", "PATCH"),
        tell=_tell_traffic,
        missing=Refusal(status=404, code=11000, message="queue not found"),
        malformed=Refusal(status=400, code=10026, message="Invalid request body: {reason}"),
        duplicate=Refusal(status=409, code=11009, message="Queue name '{name}' is already taken."),
    ),
)
