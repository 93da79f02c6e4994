"""One examination of a stack: the refresh that Pulumi would make, and what no provider reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.drift import reading, refreshed, watched
from engine.drift.differences import (
    GONE,
    Difference,
    Filling,
    Found,
)
from engine.drift.recorded import Recorded, resources
from engine.drift.sealed import sealed_like
from engine.drift.unreadable import unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.documents import Document
    from engine.operations import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found, and what of it would have to be recorded for `up` to see it."""

    found: Found
    observed: Mapping[str, Document]
    """By URN, properties as the service has them, of what only Belfry sees."""


def examine(session: Session, on_line: Callable[[str], None]) -> Examination:
    """Compare a stack's state with its services; nothing is changed anywhere.

    Raises:
        EngineError: a service cannot be asked, or Pulumi's refresh fails.

    """
    state = session.stack.export(show_secrets=True)
    recorded = [one for one in resources(state) if one.id]
    events = session.refresh_events(on_line)
    judged = list(refreshed.changes(events))
    by_refresh = [one for one in judged if isinstance(one, Difference)]
    gone = {one.subject.urn for one in by_refresh if one.property == GONE}
    here = session.client.discovery.url if session.client else None
    beside = [
        one
        for one in recorded
        if one.subject.type in watched.WATCHED and one.subject.urn not in gone
    ]
    own: list[Difference] = []
    observed: dict[str, Document] = {}
    providers = _providers(recorded, beside)
    with reading.Reader(reading.accesses(providers, reading.variables(), here)) as reader:
        for one in beside:
            differences, told = looked_at(one, reader)
            own += differences
            observed |= {one.subject.urn: told} if differences else {}
    return Examination(
        found=Found(
            differences=(*_not_told_better(by_refresh, own), *own),
            fillings=tuple(one for one in judged if isinstance(one, Filling)),
            unreadable=tuple(unreadable(recorded)),
        ),
        observed=observed,
    )


def looked_at(one: Recorded, reader: reading.Reader) -> tuple[list[Difference], Document]:
    """Ask what no provider reads of a resource: how it differs, and what to record of it."""
    watch = watched.WATCHED[one.subject.type]
    headers = watched.headers_of(watch, one)
    answers = {
        name: reader.read(watch.service, watched.path_of(template, one), one, headers)
        for name, template in watch.asked.items()
    }
    told = {
        name: sealed_like(part, one.inputs.get(name, one.outputs.get(name)))
        for name, part in watch.record(one, answers).items()
    }
    return list(watch.compare(one, answers)), told


def _not_told_better(
    by_refresh: Iterable[Difference], own: Iterable[Difference]
) -> list[Difference]:
    """Leave out what the refresh says of a property that was compared in detail."""
    told = {(one.subject.urn, one.property.partition(".")[0]) for one in own}
    return [
        one
        for one in by_refresh
        if (one.subject.urn, one.property.partition(".")[0].partition("[")[0]) not in told
    ]


def _providers(recorded: Iterable[Recorded], used: Iterable[Recorded]) -> dict[str, Recorded]:
    """Find the providers of some resources, by URN."""
    urns = {one.provider for one in used}
    return {one.subject.urn: one for one in recorded if one.subject.urn in urns}
