"""Drift: what the services hold otherwise than Pulumi recorded it, and putting it right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.output import (
    Failure,
    Status,
    console,
    emit_json,
    json_option,
    progress,
    stack_option,
    verbose_option,
)
from cli.subject import find_subject, stand_ins_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from engine.drift.differences import Difference, Filling, Found, Subject
    from engine.drift.examining import Examination
    from engine.operations import Session
    from engine.pulumi import Summary


@click.command(
    epilog="""\b
Examples:
  belfry drift                        the stack `local`, against this machine
  belfry drift --stack prod --json    for a job that runs every night; reads only
  belfry drift --stack prod --mend    shows what it found, asks, and lets Pulumi put it right

Exit status: 0 nothing has drifted or all is mended, 1 it cannot be told, 3 something has drifted,
130 you did not let it mend.
"""
)
@stack_option
@click.option("--mend", is_flag=True, help="Put right what has drifted, and nothing else.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before mending.")
@verbose_option
@json_option
def drift_command(*, stack: str, mend: bool, yes: bool, verbose: bool, as_json: bool) -> int:
    """Tell what was changed behind Pulumi's back, also what no refresh can see."""
    from engine.drift.examining import examine
    from engine.operations import open_session

    say = progress()
    line = say if verbose else _silent
    subject = find_subject(stack)
    session = open_session(subject.home, stack, say)
    say("asking the services")
    examination = examine(session, line)
    found = examination.found
    if not as_json:
        _print(found, stack, verbose=verbose, mend=mend)
    summary: Summary | None = None
    if mend and found.differences:
        count = len({one.subject.urn for one in found.differences})
        if not yes:
            things = "1 resource" if count == 1 else f"{count} resources"
            click.confirm(f"Mend {things} of the stack {stack}?", abort=True, err=as_json)
        say("mending")
        if session.client is not None:
            session.client.put_services(stand_ins_of(subject.home, also=stack))
        summary = _mended(session, examination, line)
    if as_json:
        told = {"stack": stack, **found.as_json()}
        emit_json({**told, "mended": summary.as_json() if summary else None})
    elif summary is not None:
        _print_mended(found, stack)
    return Status.DRIFTED if found.differences and summary is None else Status.DONE


def _mended(session: Session, examination: Examination, line: Callable[[str], None]) -> Summary:
    """Mend, and look again."""
    from engine.drift.examining import examine
    from engine.drift.mending import mend

    summary = mend(session, examination, line)
    left = examine(session, line).found.differences
    if left:
        names = ", ".join(f"{one.subject.name} {one.property}" for one in left)
        message = f"mended, and still drifted: {names}; somebody may be changing it right now"
        raise Failure(message)
    return summary


def _silent(_line: str) -> None:
    pass


def _print(found: Found, stack: str, *, verbose: bool, mend: bool) -> None:
    grouped = _by_resource(found.differences)
    for name, differences in grouped.items():
        console().print(f"[bold]{name}[/]  [dim]{differences[0].subject.type}[/]")
        for one in differences:
            console().print(f"  {_change(one)}  [dim]seen by {one.seen}[/]")
    aside = _aside(found)
    if grouped:
        console().print(f"[bold]{stack}[/]: {_resources(len(grouped))} drifted.")
        if aside:
            console().print(f"  [dim]{aside}.[/]")
    else:
        console().print(f"[bold]{stack}[/]: nothing has drifted{aside and f'; {aside}'}.")
    if verbose:
        for filling in found.fillings:
            console().print(f"  [dim]{_filled(filling)}[/]")
    if grouped and not mend:
        _print_remedy(found, stack)


def _print_remedy(found: Found, stack: str) -> None:
    from engine.drift.differences import Seen

    console().print(f"  belfry drift --stack {stack} --mend   [dim]# puts exactly this right[/]")
    if any(one.seen is Seen.BELFRY for one in found.differences):
        console().print(
            "  [dim]`belfry up` leaves what only belfry sees as it is: to Pulumi nothing has "
            "changed there.[/]"
        )


def _print_mended(found: Found, stack: str) -> None:
    """Say what was put right, a line a resource: the values stand above."""
    from rich.markup import escape

    grouped = _by_resource(found.differences)
    for name, differences in grouped.items():
        properties = ", ".join(dict.fromkeys(one.property for one in differences))
        console().print(f"mended [bold]{name}[/]: {escape(properties)}")
    count = len(grouped)
    console().print(
        f"[bold]{stack}[/]: {count} {'resource' if count == 1 else 'resources'} mended."
    )


def _aside(found: Found) -> str:
    """What is no drift, in as few words as it deserves."""
    parts = []
    if found.fillings:
        count = len(found.fillings)
        whose = "1 resource differs" if count == 1 else f"{count} resources differ"
        parts.append(f"{whose} only by what the provider fills in")
    if found.unreadable:
        names = {name for one in found.unreadable for name in one.secrets}
        count = sum(len(one.secrets) for one in found.unreadable)
        last = max(one.written for one in found.unreadable)[:19].replace("T", " ")
        what = f"the secret {names.pop()}" if count == 1 else f"{count} secrets"
        parts.append(f"{what} cannot be read back; last written by Pulumi at {last} UTC")
    return "; ".join(parts)


def _filled(filling: Filling) -> str:
    """Name a resource, and what of it is the provider's."""
    from rich.markup import escape

    whose = "what its provider does not name"
    return f"{_title(filling.subject)}: {escape(', '.join(filling.properties)) or whose}"


def _resources(count: int) -> str:
    return "1 resource has" if count == 1 else f"{count} resources have"


def _title(subject: Subject) -> str:
    return f"{subject.type.rpartition(':')[2]} {subject.name}"


def _change(one: Difference) -> str:
    from rich.markup import escape

    from engine.drift.differences import GONE

    if one.property == GONE:
        return "[red]is gone[/]"
    was = "nothing" if one.was is None else escape(one.was)
    now = "nothing" if one.now is None else escape(one.now)
    return f"{escape(one.property)}: was [green]{was}[/], is [red]{now}[/]"


def _by_resource(differences: Iterable[Difference]) -> dict[str, list[Difference]]:
    grouped: dict[str, list[Difference]] = {}
    for one in differences:
        grouped.setdefault(_title(one.subject), []).append(one)
    return grouped
