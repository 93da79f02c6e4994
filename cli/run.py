"""Run Pulumi on a stack: up, preview, refresh, down. The engine is Pulumi's own."""

from __future__ import annotations

import json
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from cli.output import (
    Failure,
    console,
    emit_json,
    json_option,
    progress,
    stack_option,
    verbose_option,
)
from cli.subject import addresses_of, find_stack, find_subject, stand_ins_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cli.subject import Subject
    from engine.documents import Document, Json
    from engine.operations import Session
    from engine.paths import Home
    from engine.pulumi import Summary

    Say = Callable[[str], None]
    Operation = Callable[[Say], Summary]


_CHANGE = re.compile(r"(?:[+~-]|\+-|\+\+|--)\s.*\b(?:created|updated|deleted|replaced|failed)\b")
"""A line of Pulumi's about something that was changed just now."""


_DONE = {
    "same": "unchanged",
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
}
_PLANNED = {
    "same": "unchanged",
    "create": "to create",
    "update": "to update",
    "delete": "to delete",
    "replace": "to replace",
}


@dataclass(slots=True)
class _Stages:
    """Where the time of a command went."""

    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Say that a stage begins, and keep how long it took."""
        started = time.monotonic()
        self.say(name)
        yield
        self.seconds[name] = time.monotonic() - started


@click.command(
    epilog="""\b
Examples:
  belfry up                    the stack `local`, on this machine
  belfry up --stack prod       the same program on real accounts (docs/stacks.md)
"""
)
@stack_option
@verbose_option
@json_option
def up_command(*, stack: str, verbose: bool, as_json: bool) -> None:
    """Bring a stack up: create, update and delete what it takes, and nothing else."""
    from belfry.arguments import Pager

    stages = _Stages(progress())
    subject, session = _session(stack, stages)
    wanted = stand_ins_of(subject.home, also=stack) if session.client else []
    if session.client is not None:
        # What the Worker still asks must go on answering until it asks for something else.
        new = {one["service"] for one in wanted}
        stay = [one for one in session.client.services() if one["service"] not in new]
        session.client.put_services([*wanted, *stay])
    with stages.stage("pulumi up"):
        summary = _run(session.up, stages.say, verbose=verbose)
    if session.client is not None:
        session.client.put_services(wanted)
    addresses = addresses_of(session.stack.outputs(), session.client)
    if as_json:
        told = {"stack": stack, **summary.as_json(), "addresses": addresses}
        told["declared"] = _declared(subject)
        emit_json({**told, "stages": stages.seconds})
        return
    _print_summary(summary, stack)
    _print_declared(subject, stack)
    _print_stages(_with_bootstrap(subject, stages.seconds))
    _print_addresses(addresses)
    # Grafana and Alertmanager are not played on this machine: there nobody would be told.
    if wanted and subject.platform.environments[subject.stack.environment].paging is Pager.WORKER:
        _print_what_to_try(str(_most_needed(wanted)["service"]))


@click.command(epilog="Example:\n  belfry preview --stack prod --json")
@stack_option
@verbose_option
@json_option
def preview_command(*, stack: str, verbose: bool, as_json: bool) -> None:
    """Tell what `up` would change, against the stack's state."""
    stages = _Stages(progress())
    subject, session = _session(stack, stages)
    with stages.stage("pulumi preview"):
        summary = _run(session.preview, stages.say, verbose=verbose)
    if as_json:
        emit_json({"stack": stack, **summary.as_json(), "declared": _declared(subject)})
        return
    _print_summary(summary, stack)
    _print_declared(subject, stack)


@click.command(epilog="Example:\n  belfry refresh")
@stack_option
@verbose_option
@json_option
def refresh_command(*, stack: str, verbose: bool, as_json: bool) -> None:
    """Bring the state to what the services really hold."""
    stages = _Stages(progress())
    _, session = _session(stack, stages)
    with stages.stage("pulumi refresh"):
        summary = _run(session.refresh, stages.say, verbose=verbose)
    _tell(summary, stack, as_json=as_json)


@click.command(
    epilog="""\b
Examples:
  belfry down                          the stack `local`: resources, processes and ports
  belfry down --stack staging --yes    a stack on real accounts asks before it deletes
"""
)
@stack_option
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@verbose_option
@json_option
def down_command(*, stack: str, yes: bool, verbose: bool, as_json: bool) -> None:
    """Take a stack down: no resource, process or port is left."""
    from engine.operations import has_resources, open_session
    from engine.paths import find_home

    home = find_home()
    file = find_stack(home, stack)
    stages = _Stages(progress())
    summary: Summary | None = None
    session: Session | None = None
    if not file.localcloud or has_resources(home, stack):
        session = open_session(home, stack, stages.say)
        if session.client is None:
            _warn_of_buckets(session, stages.say)
            if not yes:
                click.confirm(f"Delete everything that the stack {stack} holds?", abort=True)
        with stages.stage("pulumi destroy"):
            summary = _run(session.destroy, stages.say, verbose=verbose)
    others = stand_ins_of(home, but=stack) if file.localcloud else []
    if file.localcloud and not others:
        _stop(home, stages.say)
    elif file.localcloud and session is not None and session.client is not None:
        session.client.put_services(others)
    if summary is not None:
        _tell(summary, stack, as_json=as_json)
    elif as_json:
        emit_json({"stack": stack, "succeeded": True, "counts": {}, "changes": []})
    if file.localcloud and not as_json:
        left = "Other stacks on this machine go on." if others else "Nothing is left running."
        console().print(left)


def _warn_of_buckets(session: Session, say: Say) -> None:
    """Name the buckets that whoever ends a stack on real accounts has to empty first."""
    from engine.ending import buckets

    for address in buckets(session.stack):
        account, _, name = address.partition("/")
        say(
            f"bucket {name} has to be empty: Cloudflare deletes no other. To empty it: aws s3 rm "
            f"s3://{name} --recursive --endpoint-url https://{account}.r2.cloudflarestorage.com"
        )


def _stop(home: Home, say: Say) -> None:
    """Stop localcloud; the next stack begins with an empty inbox."""
    from engine import localcloud
    from engine.localcloud import Client, running

    there = running(home)
    if there is not None:
        Client(there).empty_inbox()
    localcloud.stop(home, say)


def _session(stack: str, stages: _Stages) -> tuple[Subject, Session]:
    """Check the platform before anything is got, started or contacted."""
    from engine.operations import open_session

    with stages.stage("checking the platform file"):
        subject = find_subject(stack)
    with stages.stage("getting ready"):
        session = open_session(subject.home, stack, stages.say)
    for got in session.timings:
        stages.seconds["getting ready"] -= got.seconds
        stages.seconds[f"getting {got.name} ({got.how})"] = got.seconds
    return subject, session


def _run(operation: Operation, say: Say, *, verbose: bool) -> Summary:
    """Run one of Pulumi's operations and tell its lines: all, or those of what is being changed."""
    complaints: list[str] = []

    def line(text: str) -> None:
        stripped = text.strip()
        if stripped.startswith("error: "):
            complaints.append(stripped.removeprefix("error: "))
        if verbose or _CHANGE.match(stripped):
            say(f"  {stripped}")

    summary = operation(line)
    if not summary.succeeded:
        reasons = "\n".join(dict.fromkeys(summary.errors or complaints))
        hint = reasons or "run it again with --verbose to see more"
        message = f"pulumi {summary.operation.value} failed: {hint}"
        raise Failure(message)
    return summary


def _tell(summary: Summary, stack: str, *, as_json: bool) -> None:
    if as_json:
        emit_json({"stack": stack, **summary.as_json()})
    else:
        _print_summary(summary, stack)


def _print_summary(summary: Summary, stack: str) -> None:
    words = _PLANNED if summary.operation == "preview" else _DONE
    # What was done has been told as it happened; what would be done has not.
    planned = summary.changes if summary.operation == "preview" else ()
    for change in planned:
        word = words.get(change.operation, change.operation)
        console().print(f"  {word:<9} [bold]{change.name}[/]  [dim]{change.type}[/]")
    counts = ", ".join(
        f"{number} {words.get(name, name)}" for name, number in summary.counts.items()
    )
    console().print(f"[bold]{stack}[/]: {counts or 'nothing to do'}.")


def _declared(subject: Subject) -> int:
    """Count what the platform file says and nothing provisions yet."""
    from belfry.declared import declared

    return len(declared(subject.platform, subject.stack.environment))


def _print_declared(subject: Subject, stack: str) -> None:
    count = _declared(subject)
    if count:
        parts = "1 part is" if count == 1 else f"{count} parts are"
        console().print(
            f"{parts} declared and not provisioned yet: belfry plan --stack {stack} lists them."
        )


def _with_bootstrap(subject: Subject, seconds: dict[str, float]) -> dict[str, float]:
    """Add the Python environment, when it was made just before this command."""
    note = subject.home.cache / "bootstrap.json"
    if not note.is_file():
        return seconds
    told = json.loads(note.read_text(encoding="utf-8"))
    note.unlink()
    return {"making the Python environment": float(told["seconds"]), **seconds}


def _print_stages(seconds: dict[str, float]) -> None:
    total = sum(seconds.values())
    long = ", ".join(f"{name} {value:.0f} s" for name, value in seconds.items() if value >= 1)
    console().print(f"[dim]{total:.0f} s: {long or 'nothing took a second'}.[/]")


def _print_addresses(addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        console().print(f"  {name:<10} {address}")


def _print_what_to_try(service: str) -> None:
    console().print(
        "\nTry:\n"
        "  . .belfry/env             [dim]# puts belfry and pulumi on your PATH[/]\n"
        f"  {f'belfry break {service}':<25} [dim]# then, within 90 s:[/]\n"
        "  belfry inbox --follow     [dim]# one message per channel of its route[/]\n"
        f"  {f'belfry mend {service}':<25} [dim]# and its recovery, two quiet minutes later[/]"
    )


def _most_needed(services: list[Document]) -> Document:
    """The service whose end takes most others along; the first of equals."""
    needs = {str(one["service"]): _texts(one.get("needs")) for one in services}

    def along(name: str) -> int:
        found = [name]
        for one in found:
            found += [other for other, its in needs.items() if one in its and other not in found]
        return len(found)

    return max(services, key=lambda one: along(str(one["service"])))


def _texts(value: Json) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
