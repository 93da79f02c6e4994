"""What stands in the way of a stack's end, and what of it may be put out of the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from engine.drift import reading
from engine.drift.recorded import document, resources
from engine.drift.watched import Service
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.drift.recorded import Recorded
    from engine.localcloud import Client
    from engine.pulumi import Stack

_BUCKET = "cloudflare:index/r2Bucket:R2Bucket"
_TREE = "grafana:alerting/notificationPolicy:NotificationPolicy"
_POLICIES = "/v1/provisioning/policies"


def buckets(stack: Stack) -> tuple[str, ...]:
    """Buckets that the stack holds, as `<account>/<name>`: Cloudflare deletes none that is full."""
    return _addresses(_recorded(stack))


def make_ready(stack: Stack, client: Client | None) -> None:
    """Put out of the way what would stop `pulumi destroy`, which runs no program that could.

    Grafana's notification policies are reset if they are still the stack's, for Pulumi leaves them
    and Grafana deletes no contact point that they lead to. Somebody else's are left alone. On
    localcloud, buckets go with all they hold.

    Raises:
        EngineError: Grafana does not tell whose policies it has, or does not reset them.

    """
    recorded = _recorded(stack)
    full = _addresses(recorded)
    if client is not None and full:
        client.let_go_full(full)
    tree = next((one for one in recorded.values() if one.subject.type == _TREE), None)
    if tree is not None:
        _reset(tree, recorded, client.discovery.url if client else None)


def _reset(tree: Recorded, recorded: Mapping[str, Recorded], here: str | None) -> None:
    """Reset the tree, unless another contact point than the stack's is its root by now."""
    providers = {tree.provider: recorded[tree.provider]}
    accesses = reading.accesses(providers, reading.variables(), here)
    with reading.Reader(accesses) as reader:
        told = document(reader.read(Service.GRAFANA, _POLICIES, tree))
    if told.get("receiver") != tree.inputs.get("contactPoint"):
        return
    access = accesses[tree.provider]
    headers = dict(access.headers)
    if tree.inputs.get("orgId"):
        headers["X-Grafana-Org-Id"] = str(tree.inputs["orgId"])
    with httpx.Client(trust_env=here is None, timeout=30) as http:
        try:
            answer = http.delete(f"{access.url}{_POLICIES}", headers=headers)
        except httpx.TransportError as error:
            raise EngineError(f"Grafana does not answer ({type(error).__name__})") from error
    if answer.is_error:
        raise EngineError(
            f"Grafana answers {answer.status_code} when its notification policies are reset: see "
            "that the token may write them, or reset them by hand (docs/stacks.md)"
        )


def _recorded(stack: Stack) -> dict[str, Recorded]:
    return {one.subject.urn: one for one in resources(stack.export(show_secrets=True))}


def _addresses(recorded: Mapping[str, Recorded]) -> tuple[str, ...]:
    return tuple(
        f"{one.inputs.get('accountId')}/{one.inputs.get('name')}"
        for one in recorded.values()
        if one.subject.type == _BUCKET
    )
