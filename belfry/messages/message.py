"""One message: its facts, made harmless, and the lines that say them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from belfry.messages.characters import address, clip, span, tidy
from belfry.messages.scrubbing import scrubbed
from belfry.messages.wording import (
    FACT_LENGTH,
    FIRST_STEP,
    HEADLINES,
    INCIDENT,
    LISTED,
    LOOKS,
    MORE,
    NAME_LENGTH,
    PARTS,
    SUMMARY_LENGTH,
    TROUBLES,
    WELL,
    Kind,
    Role,
)
from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from belfry.messages.wording import Look, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is known about an incident; times as ISO 8601 in UTC, spans in seconds.

    A channel's module takes one that went through `cleaned`, and only such a one.
    """

    kind: Kind
    incident: str
    """Its name, the same in every message about it."""
    at: str
    platform: str
    environment: str
    severity: str
    level: int
    """0 for the worst severity, 1 for the next …"""
    answer: int
    """How soon it is taken up; 0 where nothing is promised."""
    service: str
    set: str | None
    rule: str
    trouble: str | None
    """down, degraded or ahead."""
    summary: str
    description: str | None
    detail: str | None
    """What was measured, against its limit."""
    since: str
    lasted: int
    by: str | None = None
    """Who has acknowledged it."""
    until: str | None = None
    """When that lapses, and it goes on as before."""
    took_along: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    """What else is said about the same service."""
    unseen: tuple[str, ...] = ()
    first_step: str | None = None
    runbook: str | None = None
    dashboard: str | None = None
    silence: str | None = None
    acknowledge: str | None = None
    status: str | None = None


def cleaned(message: Message, scrub: Collection[str] = (), fields: Collection[str] = ()) -> Message:
    """Make other people's text harmless: one line, nothing hidden, scrubbed, and not too long.

    `scrub` and `fields` are what the platform file says under `privacy`. Names are not scrubbed,
    since whoever is told has to find what bears them.
    """

    def text(value: str, most: int = FACT_LENGTH) -> str:
        return clip(scrubbed(tidy(value), scrub, fields), most)

    def maybe(value: str | None) -> str | None:
        return text(value) or None if value is not None else None

    return replace(
        message,
        incident=_name(message.incident),
        platform=_name(message.platform),
        environment=_name(message.environment),
        severity=_name(message.severity),
        service=_name(message.service),
        set=_name(message.set) if message.set else None,
        rule=_name(message.rule),
        summary=text(message.summary, SUMMARY_LENGTH) or _name(message.rule),
        description=maybe(message.description),
        detail=maybe(message.detail),
        by=maybe(message.by),
        took_along=tuple(map(_name, message.took_along)),
        also=tuple(text(one, SUMMARY_LENGTH) for one in message.also),
        unseen=tuple(map(_name, message.unseen)),
        first_step=maybe(message.first_step),
        runbook=address(message.runbook),
        dashboard=address(message.dashboard),
        silence=address(message.silence),
        acknowledge=address(message.acknowledge),
        status=address(message.status),
    )


def _name(value: str) -> str:
    return clip(tidy(value), NAME_LENGTH) or "?"


def headline(message: Message) -> str:
    """Say it in one line: what, where, how bad."""
    return HEADLINES[message.kind].fill(values(message))


def foot(message: Message) -> str:
    """Say what it is about, in the last line."""
    return _INCIDENT.fill(values(message))


def facts(message: Message) -> tuple[tuple[Part, str], ...]:
    """Give the facts that are known, in the order in which they are needed."""
    return tuple(_said(message, Role.FACT))


def links(message: Message) -> tuple[tuple[Part, str], ...]:
    """Give the addresses that are known."""
    return tuple(_said(message, Role.LINK))


def row(shown: Iterable[str], most: int) -> str:
    """Put links into a row, as many as there is room for; a cut one would lead nowhere."""
    whole = ""
    for link in shown:
        longer = f"{whole} · {link}" if whole else link
        whole = longer if len(longer) <= most else whole
    return whole


def look(message: Message) -> Look:
    """Give the colours and words of a message's severity, or of a recovery."""
    return WELL if message.kind is Kind.RECOVERED else LOOKS[min(message.level, len(LOOKS) - 1)]


def _said(message: Message, role: Role) -> Iterator[tuple[Part, str]]:
    known = values(message)
    for part in PARTS:
        is_here = part.role is role and message.kind in part.kinds
        if is_here and all(known[name] for name in part.text.names):
            text = part.text.fill(known)
            yield part, text if role is Role.LINK else clip(text, FACT_LENGTH)


def values(message: Message) -> Mapping[str, str]:
    """Give what stands in the blanks of the wording; what is not known is empty."""
    return {
        "incident": message.incident,
        "platform": message.platform,
        "environment": message.environment,
        "severity": message.severity,
        "service": message.service,
        "summary": message.summary,
        "description": message.description or "",
        "trouble": TROUBLES.get(message.trouble or "", ""),
        "since": _moment(message.since),
        "clock": f"{message.since[11:16]} UTC",
        "lasted": span(message.lasted),
        "by": message.by or "",
        "until": _moment(message.until) if message.until else "",
        "answer": span(message.answer) if message.answer else "",
        "seen": message.detail or "",
        "took-along": _listed(message.took_along),
        "also": _listed(message.also),
        "unseen": _listed(message.unseen),
        "first-step": message.first_step or (FIRST_STEP if message.runbook else ""),
        "runbook": message.runbook or "",
        "dashboard": message.dashboard or "",
        "silence": message.silence or "",
        "acknowledge": message.acknowledge or "",
        "status": message.status or "",
    }


def _moment(at: str) -> str:
    return f"{at[:10]} {at[11:16]} UTC"


_MORE = Template.parse(MORE)
_INCIDENT = Template.parse(INCIDENT)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:LISTED])
    more = len(names) - LISTED
    return _MORE.fill({"shown": shown, "more": str(more)}) if more > 0 else shown
