"""Commands for a localcloud that runs: what `localcloud` offers beside `serve`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import click

from localcloud.calling import AS_JSON, HOME, call
from localcloud.documents import documents, number, text, written
from localcloud.tailing import tail

if TYPE_CHECKING:
    from pathlib import Path

    from localcloud.documents import Document, Value


def _examples(*lines: str) -> str:
    """Return the end of a command's help; the sign in front keeps the lines as they are."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])


@click.group(
    epilog=_examples(
        "localcloud faults add 'POST .*/queues' --status 500 --times 2",
        "localcloud faults add 'GET /grafana/.*' --delay 3",
        "localcloud faults add 'PUT .*/rule-groups/.*' --drop after",
        "localcloud faults list",
        "localcloud faults remove 2",
        "localcloud faults clear",
    ),
)
def faults() -> None:
    """Make calls late, wrong or lost, to see what clients do."""


@faults.command("list")
@HOME
@AS_JSON
def list_faults(*, home: Path, as_json: bool) -> None:
    """Show the faults that are set, with their numbers; also those that are spent."""
    _print_faults(call(home, "GET", "/faults"), as_json=as_json)


@faults.command(
    "add",
    epilog=_examples(
        "localcloud faults add 'POST /client/v4/.*' --status 429 --retry-after 1 --times 3",
        "localcloud faults add 'GET .*' --status 500 --should-retry false",
        "localcloud faults add 'DELETE .*/healthchecks/.*' --drop before",
    ),
)
@click.argument("match")
@click.option("--status", type=click.IntRange(200, 599), help="Answer this and do nothing.")
@click.option("--delay", type=click.FloatRange(0, 600), help="Seconds before anything happens.")
@click.option(
    "--drop",
    type=click.Choice(["before", "after"]),
    help="End the connection without an answer, before or after the work is done.",
)
@click.option("--times", default=1, show_default=True, type=click.IntRange(1), help="How often.")
@click.option(
    "--retry-after",
    default="0",
    show_default=True,
    help="Seconds in Retry-After of a wrong answer; none: no header.",
)
@click.option("--retry-after-ms", type=click.FloatRange(0), help="Milliseconds in Retry-After-Ms.")
@click.option("--should-retry", type=bool, help="true or false in x-should-retry.")
@HOME
@AS_JSON
def add_fault(
    *,
    match: str,
    status: int | None,
    delay: float | None,
    drop: str | None,
    times: int,
    retry_after: str,
    retry_after_ms: float | None,
    should_retry: bool | None,
    home: Path,
    as_json: bool,
) -> None:
    """Add a fault for requests that MATCH, a regular expression of all of `METHOD /path`."""
    if status is None and delay is None and drop is None:
        raise click.UsageError("say what goes wrong: --status, --delay or --drop")
    wanted: Document = {
        "match": match,
        "status": status,
        "delay": delay or 0,
        "drop": drop is not None,
        "before": drop == "before",
        "times": times,
        "retry_after": _seconds(retry_after),
        "retry_after_ms": retry_after_ms,
        "should_retry": should_retry,
    }
    _print_faults(call(home, "POST", "/faults/add", wanted), as_json=as_json)


@faults.command("remove")
@click.argument("number")
@HOME
@AS_JSON
def remove_fault(*, number: str, home: Path, as_json: bool) -> None:
    """Take back the fault of a NUMBER that `faults list` shows."""
    _print_faults(call(home, "DELETE", f"/faults/{quote(number, safe='')}"), as_json=as_json)


@faults.command("clear")
@HOME
@AS_JSON
def clear_faults(*, home: Path, as_json: bool) -> None:
    """Let everything work again."""
    told = call(home, "DELETE", "/faults")
    click.echo(json.dumps(told) if as_json else "no faults")


@click.group(
    epilog=_examples(
        "localcloud objects list",
        "localcloud objects list queues --json",
        "localcloud objects show queues 5f0c…",
    ),
)
def objects() -> None:
    """Look at what was provisioned."""


@objects.command("list")
@click.argument("kind", required=False)
@HOME
@AS_JSON
def list_objects(*, kind: str | None, home: Path, as_json: bool) -> None:
    """Show the objects of each KIND, or of one."""
    kinds = documents({"kinds": call(home, "GET", "/objects")}, "kinds")
    names = [text(one, "kind") for one in kinds]
    if kind is not None and kind not in names:
        raise click.ClickException(
            f"there is no {kind}: there are {', '.join(sorted(names)) or 'no objects at all'}"
        )
    shown = [one for one in kinds if kind in (None, one["kind"])]
    if as_json:
        click.echo(json.dumps(shown))
        return
    for one in shown:
        click.echo(f"{text(one, 'kind')} ({int(number(one, 'count'))})")
        for held in documents(one, "objects"):
            click.echo(f"  {text(held, 'id')}  {text(held, 'name', '')}")


@objects.command("show")
@click.argument("kind")
@click.argument("identifier")
@click.option(
    "--scope", help="What it lives in, such as accounts/<id>, if the id alone is not one."
)
@HOME
def show_object(*, kind: str, identifier: str, scope: str | None, home: Path) -> None:
    """Show all that the service tells of one object, as JSON; never a secret."""
    query = f"?{urlencode({'scope': scope})}" if scope else ""
    path = f"/objects/{quote(kind, safe='')}/{quote(identifier, safe='')}{query}"
    click.echo(json.dumps(call(home, "GET", path), indent=2))


def _seconds(told: str) -> float | None:
    if told == "none":
        return None
    try:
        return float(told)
    except ValueError as problem:
        raise click.UsageError(f"--retry-after is seconds or none, not {told!r}") from problem


def _print_faults(told: Value, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(told))
        return
    known = documents({"faults": told}, "faults")
    for fault in known:
        click.echo(f"{text(fault, 'id')}  {text(fault, 'match')}: {', '.join(_effects(fault))}")
    if not known:
        click.echo("no faults")


def _effects(fault: Document) -> list[str]:
    effects: list[str] = []
    if number(fault, "delay", 0):
        effects.append(f"after {written(number(fault, 'delay'))} s")
    if fault["status"] is not None:
        effects.append(f"answers {int(number(fault, 'status'))}")
    if fault["drop"]:
        effects.append(f"drops the connection {'before' if fault['before'] else 'after'} the work")
    times, hits = int(number(fault, "times")), int(number(fault, "hits"))
    return [*effects, f"{times} more times, {hits} so far" if times else f"spent after {hits}"]


COMMANDS: tuple[click.Command, ...] = (faults, objects, tail)
"""What `localcloud` offers beside `serve`."""
