"""`localcloud tail`: follow what a Worker does, logs and throws, from a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from localcloud.calling import AS_JSON, HOME, call
from localcloud.documents import document, documents, inner, number, parse, text

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.documents import Document, Value

_PROTOCOL = "trace-v1"
_COLOURS = {"error": "red", "warn": "yellow", "debug": "bright_black"}
_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}
_OUTCOMES = {
    "ok": ["ok"],
    "error": ["exception", "exceededCpu", "exceededMemory", "unknown"],
    "canceled": ["canceled"],
}


@click.command(
    epilog="\n".join(
        [
            "\b",
            "Examples:",
            "  localcloud tail probe",
            "  localcloud tail probe --status error --search timeout",
            "  localcloud tail probe --json --first 1      the next invocation, for programs",
        ]
    )
)
@click.argument("script")
@HOME
@click.option("--status", type=click.Choice([*_OUTCOMES]), help="Only invocations that ended so.")
@click.option("--method", multiple=True, help="Only requests of this method; may be repeated.")
@click.option("--search", metavar="TEXT", help="Only invocations that logged this.")
@click.option("--first", type=click.IntRange(1), metavar="N", help="End after N invocations.")
@AS_JSON
def tail(
    *,
    script: str,
    home: Path,
    status: str | None,
    method: tuple[str, ...],
    search: str | None,
    first: int | None,
    as_json: bool,
) -> None:
    """Show what a Worker does as it happens, until Ctrl-C."""
    from websockets.exceptions import ConnectionClosed  # noqa: PLC0415 (only this command pays)
    from websockets.sync.client import connect  # noqa: PLC0415
    from websockets.typing import Subprotocol  # noqa: PLC0415

    made = document(call(home, "POST", f"/tails/{quote(script)}"))
    filters: list[Value] = []
    if status:
        filters.append({"outcome": [*_OUTCOMES[status]]})
    if method:
        filters.append({"method": [one.upper() for one in method]})
    if search:
        filters.append({"query": search})
    try:
        with connect(
            text(made, "url"), subprotocols=[Subprotocol(_PROTOCOL)], proxy=None, max_size=None
        ) as socket:
            socket.send(json.dumps({"filters": filters, "debug": False}))
            click.echo(f"following {script}; Ctrl-C ends it", err=True)
            for count, told in enumerate(socket, start=1):
                event = document(parse(told))
                click.echo(json.dumps(event) if as_json else "\n".join(lines(event)))
                if count == first:
                    return
    except KeyboardInterrupt:
        return
    except (ConnectionClosed, OSError) as problem:
        raise click.ClickException(
            f"localcloud has gone: {problem}. The same command follows the next one."
        ) from problem
    raise click.ClickException(f"the tail of {script} has ended: the Worker is gone, or 6 h passed")


def lines(event: Document) -> list[str]:
    """Return what a person reads of one invocation: what it was, what it logged, what it threw."""
    at = datetime.fromtimestamp(number(event, "eventTimestamp", 0) / 1000, UTC).astimezone()
    outcome = text(event, "outcome", "unknown")
    colour = "green" if outcome == "ok" else "red"
    told = [f"{at:%H:%M:%S}  {_what(inner(event, 'event'))}  {click.style(outcome, fg=colour)}"]
    for log in documents(event, "logs"):
        level = text(log, "level", "log")
        said = " ".join(_printed(part) for part in _listed(log.get("message")))
        told.append(f"  {click.style(f'{level:<5}', fg=_COLOURS.get(level))} {said}")
    for thrown in documents(event, "exceptions"):
        said = _plain(f"{thrown.get('name')}: {thrown.get('message')}")
        told.append("  " + click.style(said, fg="red"))
        stack = _plain(text(thrown, "stack", "")).splitlines()
        told += [f"    {line.strip()}" for line in stack if line.strip().startswith("at ")]
    return told


def _what(event: Document) -> str:
    request = inner(event, "request")
    if request:
        status = inner(event, "response").get("status")
        return f"{request.get('method')} {request.get('url')}" + (f" {status}" if status else "")
    if "cron" in event:
        at = datetime.fromtimestamp(number(event, "scheduledTime", 0) / 1000, UTC)
        return f'cron "{event["cron"]}" for {at:%Y-%m-%d %H:%MZ}'
    if "queue" in event:
        return f"queue {event['queue']}, {event.get('batchSize')} messages"
    if "rpcMethod" in event:
        return f"rpc {event['rpcMethod']}"
    return "alarm" if "scheduledTime" in event else "invocation"


def _listed(message: Value) -> list[Value]:
    return message if isinstance(message, list) else [message]


def _printed(part: Value) -> str:
    return _plain(part if isinstance(part, str) else json.dumps(part, ensure_ascii=False))


def _plain(said: str) -> str:
    """Return a text that does nothing to a terminal but stand there."""
    return said.translate(_CONTROLS)
