"""What Pulumi has recorded: a stack's exported state, typed, its secrets marked as such."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.drift.differences import Subject
from engine.drift.sealed import unsealed, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.documents import Document, Json

ABOVE = ("pulumi:", "belfry:")
"""How types begin that exist in Pulumi alone."""
_DELTA = "__pulumi_raw_state_delta"
"""Output of a bridged provider: how its own state differs from the outputs, value by value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One resource of a state."""

    subject: Subject
    id: str
    provider: str
    """URN of its provider; empty for components."""
    inputs: Document = field(repr=False)
    outputs: Document = field(repr=False)
    written: str
    """When Pulumi last wrote it (RFC 3339)."""


def resources(state: Mapping[str, Json]) -> Iterator[Recorded]:
    """Walk the resources of an export that shows secrets."""
    for resource in documents(_deployment(state).get("resources")):
        urn, kind = str(resource.get("urn")), str(resource.get("type"))
        if resource.get("delete"):
            continue
        yield Recorded(
            subject=Subject(urn=urn, type=kind, name=urn.split("::", 3)[-1]),
            id=str(resource.get("id") or ""),
            provider=str(resource.get("provider") or "").rpartition("::")[0],
            inputs=document(unsealed(resource.get("inputs"))),
            outputs=document(unsealed(resource.get("outputs"))),
            written=str(resource.get("modified") or ""),
        )


def rewritten(
    state: Mapping[str, Json], values: Mapping[str, Mapping[str, Json]], forget: str
) -> Document:
    """Give a state in which some resources are recorded as their services have them.

    Every other value stays as it was exported, sealed or not.

    Args:
        state: an export of the stack.
        values: by URN, the properties to record, as inputs and as outputs; what is sealed is
            written so that Pulumi encrypts it.
        forget: an output that the components above those resources lose, because it tells of an
            upload that is no longer what stands.

    """
    deployment = _deployment(state)
    told = documents(deployment.get("resources"))
    parents = {str(one.get("parent")) for one in told if str(one.get("urn")) in values}
    kept: list[Json] = []
    for one in told:
        urn, outputs = str(one.get("urn")), document(one.get("outputs"))
        if urn in values:
            inputs = _with(document(one.get("inputs")), values[urn])
            outputs = _with(outputs, values[urn])
            outputs.pop(_DELTA, None)
            kept.append({**one, "inputs": inputs, "outputs": outputs})
        elif urn in parents and forget in outputs:
            rest: Document = {name: part for name, part in outputs.items() if name != forget}
            kept.append({**one, "outputs": rest})
        else:
            kept.append(one)
    return {**state, "deployment": {**deployment, "resources": kept}}


def _with(held: Document, values: Mapping[str, Json]) -> Document:
    return {**held, **{name: wrapped(part, held.get(name)) for name, part in values.items()}}


def document(value: Json) -> Document:
    """Give a value if it is a table, else an empty one."""
    return value if isinstance(value, dict) else {}


def documents(value: Json) -> list[Document]:
    """Give the tables of a list; none if the value is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _deployment(state: Mapping[str, Json]) -> Document:
    return document(state.get("deployment"))
