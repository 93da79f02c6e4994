"""Run cron handlers of this machine by hand, at any minute: time travel for Workers."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from cli.output import BadInput, Failure, console, emit_json, json_option, progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.documents import Document
    from engine.localcloud import Client

MOST_MINUTES = 1_440
"""Of a range: a day."""
_AT_ONCE = 10
"""Minutes that are asked for in one call, so that there is progress to show."""
_QUIET = 2.0
"""Seconds before progress is shown."""
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_MINUTE = timedelta(minutes=1)


@click.command(
    epilog="""\b
Examples:
  belfry tick                                     what is due in this minute
  belfry tick --at +2h                            what will be due in two hours
  belfry tick --at 03:00 --until 03:30            every minute of half an hour, in order
  belfry tick --at 2026-11-21T03:00Z --script pitchey-local
  belfry tick --cron '*/5 * * * *' --json         one expression, due or not
\b
Times are in UTC, as crons are. A handler is told the time as `scheduledTime`; Date.now() in a
Worker stays the real time, because its runtime cannot be told another.
"""
)
@click.option("--at", metavar="TIME", help="The minute: 2026-11-21T03:00Z, 03:00, +2h, -30m.")
@click.option("--until", metavar="TIME", help="The last minute of a range; of a day at most.")
@click.option("--cron", metavar="EXPR", help="Only this expression; without --until also not due.")
@click.option("--script", metavar="NAME", help="Only this Worker.")
@json_option
def tick_command(
    *, at: str | None, until: str | None, cron: str | None, script: str | None, as_json: bool
) -> None:
    """Run the crons of Workers on this machine that are due at a minute."""
    from cli.subject import local_client
    from engine.paths import find_home

    present = datetime.now(UTC)
    first = moment("--at", at, present) if at else present
    last = moment("--until", until, first) if until else None
    if last is not None:
        _check_range(first, last)
    client = local_client(find_home())
    _check_names(client, cron, script)
    runs = [run for some in _ticks(client, first, last, cron, script) for run in some]
    if as_json:
        emit_json(runs)
    else:
        _print(runs, first, last)
    failed = sum(run["ok"] is not True for run in runs)
    if failed:
        message = f"{failed} of {len(runs)} runs failed"
        raise Failure(message)


def moment(option: str, told: str, present: datetime) -> datetime:
    """Return the moment of an option.

    Args:
        option: its name, for the complaint.
        told: a date and time with its zone, a time of the present day in UTC, or a duration after
            a sign, counted from `present`.
        present: what is relative to.

    Raises:
        BadInput: it is none of these.

    """
    from belfry.values.duration import Duration
    from belfry.values.nonsense import Nonsense

    try:
        if told[:1] in ("+", "-"):
            span = timedelta(milliseconds=Duration.parse(told[1:]).milliseconds)
            return present + span if told[0] == "+" else present - span
        clock = _CLOCK.fullmatch(told)
        if clock:
            hour, minute = int(clock[1]), int(clock[2])
            return present.replace(hour=hour, minute=minute, second=0, microsecond=0)
        found = datetime.fromisoformat(told)
    except (Nonsense, ValueError, OverflowError) as error:
        message = f"{option} {told} is no time: write 2026-11-21T03:00Z, 03:00 (UTC), +2h or -30m"
        raise BadInput(message) from error
    if found.tzinfo is None:
        message = f"{option} {told} needs a time zone: {told}Z is in UTC"
        raise BadInput(message)
    return found.astimezone(UTC)


def _check_range(first: datetime, last: datetime) -> None:
    minutes = (last - first.replace(second=0, microsecond=0)) // _MINUTE + 1
    if minutes < 1:
        message = f"--until {last:%Y-%m-%dT%H:%MZ} is before --at {first:%Y-%m-%dT%H:%MZ}"
        raise BadInput(message)
    if minutes > MOST_MINUTES:
        message = f"--until makes {minutes} minutes: {MOST_MINUTES} (a day) is the most"
        raise BadInput(message)


def _check_names(client: Client, cron: str | None, script: str | None) -> None:
    """See that what is asked for can be due at all; a misspelt name would only run nothing."""
    from belfry.problems import suggestion

    crons: dict[str, list[str]] = {}
    for worker in client.workers():
        own = worker["crons"]
        # Two accounts may have a Worker of one name; its address is one Worker's alone.
        for name in (str(worker["script"]), f"{worker.get('account')}/{worker['script']}"):
            crons.setdefault(name, []).extend(map(str, own) if isinstance(own, list) else ())
    if script is not None and script not in crons:
        names = sorted(name for name in crons if "/" not in name)
        hint = suggestion(script, names, else_say="belfry status lists the Workers")
        message = f"there is no Worker {script}: {hint}"
        raise BadInput(message)
    known = {one for name, own in crons.items() if script in (None, name) for one in own}
    if cron is not None and cron not in known:
        whose = f"Worker {script} has" if script else "the Workers have"
        message = f"no cron is {cron!r}: {whose} {', '.join(sorted(known)) or 'none'}"
        raise BadInput(message)


def _ticks(
    client: Client, first: datetime, last: datetime | None, cron: str | None, script: str | None
) -> Iterator[list[Document]]:
    if last is None:
        yield client.tick(at=_milliseconds(first), cron=cron, script=script)
        return
    say, started = progress(), time.monotonic()
    while first <= last:
        end = min(first + (_AT_ONCE - 1) * _MINUTE, last)
        yield client.tick(
            at=_milliseconds(first), until=_milliseconds(end), cron=cron, script=script
        )
        if time.monotonic() - started > _QUIET and end < last:
            say(f"ran until {end:%H:%M}, {(last - end) // _MINUTE} minutes are left")
        first = end.replace(second=0, microsecond=0) + _MINUTE


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _print(runs: list[Document], first: datetime, last: datetime | None) -> None:
    from rich.markup import escape

    out = console()
    for run in runs:
        at = datetime.fromtimestamp(float(str(run["at"])) / 1000, UTC)
        good = run["ok"] is True
        said = "ran" if good else escape(str(run["error"]).splitlines()[0])
        out.print(
            f"  [dim]{at:%Y-%m-%d %H:%M}Z[/]  [bold]{escape(str(run['script']))}[/]"
            f"  {escape(str(run['cron']))}  [{'green' if good else 'red'}]{said}[/]"
            f"  [dim]{run['ms']} ms[/]"
        )
    if not runs:
        span = f"{first:%Y-%m-%d %H:%M}" + (f" to {last:%Y-%m-%d %H:%M}" if last else "")
        out.print(f"No cron is due at {span} UTC. belfry status shows when the next one is.")
