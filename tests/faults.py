"""Faults of a running localcloud: calls that fail, wait or hang up when a test wants them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from engine.loopback import NO_CERTIFICATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine.documents import Json
    from engine.localcloud import Client


def set_faults(client: Client, faults: Sequence[Mapping[str, Json]]) -> None:
    """Have these faults and no others."""
    _call(client, "POST", [dict(fault) for fault in faults])


def clear_faults(client: Client) -> None:
    """Let every call succeed again."""
    _call(client, "DELETE", None)


def _call(client: Client, method: str, body: Json) -> None:
    answer = httpx.request(
        method,
        f"{client.discovery.url}/_local/faults",
        headers={"Authorization": f"Bearer {client.discovery.key}"},
        json=body,
        verify=NO_CERTIFICATES,
        trust_env=False,
        timeout=30,
    )
    assert answer.is_success, answer.text
