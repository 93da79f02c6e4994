"""Prove that pages reach people: break a stand-in service, mend it, read the inbox."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from cli.output import BadInput, console, emit_json, json_option
from cli.services import print_services
from cli.subject import local_client

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from engine.documents import Document

_FIRST_READ: Sequence[Sequence[str | int]] = (
    ("payload", "summary"),
    ("subject",),
    ("text",),
    ("headline",),
    ("title",),
    ("Body",),
    ("embeds", 0, "title"),
    ("attachments", 0, "content", "body", 0, "items", 0, "inlines", 0, "text"),
)
"""Where the line of a message stands that a person reads first, of all channels."""
_POLL = 0.5
"""Seconds between two looks at the inbox that is followed."""
_COLOURS = {
    "opened": "red",
    "raised": "red",
    "updated": "yellow",
    "acknowledged": "yellow",
    "reminded": "red",
    "recovered": "green",
}
"""Of the kinds of messages."""


@click.command(
    name="break",
    epilog="""\b
Examples:
  belfry break database          everything that needs it fails with it
  belfry break api --slow 3s     it answers right, three seconds late
""",
)
@click.argument("service")
@click.option("--slow", metavar="DURATION", help="Do not fail: answer this much later.")
@json_option
def break_command(service: str, slow: str | None, *, as_json: bool) -> None:
    """Break a stand-in service of this machine, and what needs it."""
    if slow is None:
        _set(service, "broken", as_json=as_json)
    else:
        _set(service, "slow", delay=_seconds(slow), as_json=as_json)


@click.command(name="mend", epilog="\b\nExamples:\n  belfry mend database\n  belfry mend --all")
@click.argument("services", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Mend every service.")
@json_option
def mend_command(services: tuple[str, ...], *, everything: bool, as_json: bool) -> None:
    """Mend stand-in services that were broken or slowed down."""
    from engine.paths import find_home

    if not services and not everything:
        message = "name a service, or say --all"
        raise BadInput(message)
    names = [str(s["service"]) for s in local_client(find_home()).services()]
    _set_all(names if everything else services, "working", delay=None, as_json=as_json)


@click.command(
    epilog="""\b
Examples:
  belfry inbox
  belfry inbox --follow          every message as it comes, until Ctrl-C
  belfry inbox --json            channel, kind, incident, at, payload
  belfry inbox --follow --json   one message a line, as they come
  belfry inbox --clear
"""
)
@click.option("--follow", "-f", is_flag=True, help="Go on printing messages as they come.")
@click.option("--clear", is_flag=True, help="Forget every message.")
@json_option
def inbox_command(*, follow: bool, clear: bool, as_json: bool) -> None:
    """Show what Slack, PagerDuty and the mail server would have received."""
    from engine.paths import find_home

    client = local_client(find_home())
    if clear:
        client.empty_inbox()
        return
    messages = client.inbox()
    if as_json and not follow:
        emit_json(messages)
        return
    show = _print_lines if as_json else _print
    show(messages)
    if not messages and not follow:
        console().print("The inbox is empty. `belfry break SERVICE` gives it something to show.")
    while follow:
        time.sleep(_POLL)
        seen = {str(message["id"]) for message in messages}
        messages = client.inbox()
        show(message for message in messages if str(message["id"]) not in seen)


def _set(service: str, state: str, *, delay: float | None = None, as_json: bool) -> None:
    _set_all((service,), state, delay=delay, as_json=as_json)


def _set_all(names: Iterable[str], state: str, *, delay: float | None, as_json: bool) -> None:
    from belfry.problems import suggestion
    from engine.paths import find_home

    client = local_client(find_home())
    known = [str(service["service"]) for service in client.services()]
    chosen = tuple(names)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        hint = suggestion(unknown[0], known, else_say="no services are declared; run belfry up")
        message = f"there is no service {unknown[0]}: {hint}"
        raise BadInput(message)
    for name in chosen:
        client.set_service(name, state, delay=delay)
    services = client.services()
    if as_json:
        emit_json(services)
        return
    print_services(services)


def _seconds(text: str) -> float:
    from belfry.values.duration import Duration
    from belfry.values.nonsense import Nonsense

    try:
        return float(Duration.parse(text).seconds)
    except Nonsense as error:
        message = f"--slow {text}: {error}"
        raise BadInput(message) from error


def _print_lines(messages: Iterable[Document]) -> None:
    for message in messages:
        click.echo(json.dumps(message, ensure_ascii=False))


def _print(messages: Iterable[Document]) -> None:
    for message in messages:
        at = datetime.fromisoformat(str(message["at"])).astimezone()
        kind = str(message["kind"] or "message")
        colour = _COLOURS.get(kind, "default")
        console().print(
            f"[dim]{at:%H:%M:%S}[/]  [{colour}]{kind:<10}[/] [bold]{message['channel']:<16}[/] "
            f"{first_line(message)}"
        )


def first_line(message: Document) -> str:
    """Give the line of a message that a person reads first, from whatever its channel was sent.

    As text for rich, without what the channel's own markup needs.
    """
    from rich.markup import escape

    payload = message["payload"]
    if not isinstance(payload, dict):
        return escape(str(payload)[:120])
    text = next(filter(None, (_at(payload, path) for path in _FIRST_READ)), None)
    if text is None and payload.get("event_action") in ("acknowledge", "resolve"):
        text = f"{payload['event_action']} {payload.get('dedup_key', '')}"
    line = str(text).splitlines()[0] if text else ""
    if "embeds" in payload:
        line = re.sub(r"\\(.)", r"\1", line.replace("\u200b", ""))
    return escape(line)


def _at(payload: object, path: Sequence[str | int]) -> object:
    """Give what stands at a path of a message; None: nothing does."""
    for step in path:
        if isinstance(payload, dict):
            payload = payload.get(step)
        elif isinstance(payload, list) and isinstance(step, int) and step < len(payload):
            payload = payload[step]
        else:
            return None
    return payload
