"""Journeys: their requests in order, with every blank known by what fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Secret
from belfry.declared.checks import Answer, Views, answer, views
from belfry.declared.units import seconds
from belfry.language.journeys import Runner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from belfry.declared.site import Site
    from belfry.language.journeys import Journey as SaidJourney
    from belfry.language.journeys import Step as SaidStep
    from belfry.values.template import Template

_RUNNERS = {
    Runner.WORKER: Component.MONITORING_WORKER,
    Runner.HOST: Component.SERVER_STACK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A blank that an earlier step's answer fills."""

    captured: str


Pieces = tuple[str | Captured | Secret, ...]
"""A text in pieces: what stands there, what was captured, what is secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request."""

    title: str
    service: str
    method: str
    url: Pieces
    headers: tuple[tuple[str, Pieces], ...]
    body: Pieces | None
    answer: Answer
    capture: tuple[tuple[str, tuple[str | int, ...]], ...]
    """A name, and the way to its value in the JSON answer, key by key."""
    timeout: float
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What a user does, step by step."""

    name: str
    title: str
    service: str
    steps: tuple[Step, ...]
    secrets: tuple[tuple[str, Secret], ...]
    every: float
    """Seconds."""
    confirmations: int
    views: Views


def journeys(site: Site) -> Iterator[Declared]:
    """Give every journey."""
    for name, said in site.platform.journeys.items():
        yield Declared(
            part=f"journeys.{name}",
            component=_RUNNERS[said.run],
            arguments=_journey(site, name, said),
        )


def _journey(site: Site, name: str, said: SaidJourney) -> Journey:
    known: dict[str, str | Captured | Secret] = {"domain": site.settings.domain or ""}
    known |= said.secrets
    steps = []
    for number, step in enumerate(said.steps, start=1):
        steps.append(_step(site, step, said.of, f"Step {number}", known))
        known |= {captured: Captured(captured=captured) for captured in step.capture}
    return Journey(
        name=site.name(name),
        title=said.title or name,
        service=said.of,
        steps=tuple(steps),
        secrets=tuple(said.secrets.items()),
        every=seconds(said.every),
        confirmations=said.confirmations,
        views=views(site, said.from_, said.down_when),
    )


def _step(
    site: Site,
    said: SaidStep,
    service: str,
    title: str,
    known: Mapping[str, str | Captured | Secret],
) -> Step:
    asked = said.to or service
    return Step(
        title=said.title or title,
        service=asked,
        method=said.method,
        url=_joined((site.address(asked), *_pieces(said.path, known))),
        headers=tuple((str(name), _pieces(text, known)) for name, text in said.headers.items()),
        body=_pieces(said.body, known) if said.body else None,
        answer=answer(said.expect),
        capture=tuple((name, path.steps) for name, path in said.capture.items()),
        timeout=seconds(said.timeout),
    )


def _pieces(text: Template, known: Mapping[str, str | Captured | Secret]) -> Pieces:
    pieces: list[str | Captured | Secret] = [text.head]
    for name, after in text.blanks:
        # A blank that nothing fills is a mistake that `meaning` finds; here it stays as written.
        pieces += (known.get(name, f"${{{name}}}"), after)
    return _joined(pieces)


def _joined(pieces: Iterable[str | Captured | Secret]) -> Pieces:
    """Put neighbouring texts together, and leave out empty ones."""
    found: list[str | Captured | Secret] = []
    for piece in pieces:
        if isinstance(piece, str) and found and isinstance(found[-1], str):
            found[-1] += piece
        elif piece != "":
            found.append(piece)
    return tuple(found)
