"""The messages that arrived, each shown once however often it was delivered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.documents import parse
from localcloud.moments import now, precise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localcloud.documents import Document, Value
    from localcloud.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One delivery."""

    channel: str
    transport: str
    """slack, discord, teams, pagerduty, sms, mail, webhook …"""
    message: str | None
    """The sender's id of the message; the same one on the same channel is the same message."""
    kind: str | None
    incident: str | None
    payload: Value


class Messages:
    """The inbox."""

    def __init__(self, store: Store, arrived: Callable[[], None]) -> None:
        """`arrived` is called when something changed."""
        self._store = store
        self._arrived = arrived

    def add(self, arrival: Arrival) -> None:
        """Keep a delivery, or count it when its message is there already."""
        self._store.execute(
            "INSERT INTO messages (channel, transport, message, kind, incident, at, payload)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (channel, message) DO UPDATE SET deliveries = deliveries + 1",
            arrival.channel,
            arrival.transport,
            arrival.message,
            arrival.kind,
            arrival.incident,
            precise(now()),
            json.dumps(arrival.payload),
        )
        self._arrived()

    def all(self) -> list[Document]:
        """Return the messages, oldest first."""
        rows = self._store.execute(
            "SELECT id, message, channel, transport, kind, incident, at, payload, deliveries"
            " FROM messages ORDER BY id"
        )
        return [
            {
                "id": str(message or number),
                "channel": str(channel),
                "transport": str(transport),
                "kind": kind,
                "incident": incident,
                "at": str(at),
                "payload": parse(str(payload)),
                "deliveries": int(deliveries),
            }
            for number, message, channel, transport, kind, incident, at, payload, deliveries in rows
        ]

    def clear(self) -> None:
        """Empty the inbox."""
        self._store.execute("DELETE FROM messages")
        self._arrived()


def arrival(headers: Mapping[str, str], *, channel: str, transport: str, payload: Value) -> Arrival:
    """Return a delivery with what its headers say of it."""
    return Arrival(
        channel=channel,
        transport=transport,
        message=headers.get("x-belfry-message") or None,
        kind=headers.get("x-belfry-kind") or None,
        incident=headers.get("x-belfry-incident") or None,
        payload=payload,
    )
