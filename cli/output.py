"""How the commands speak: text for people on the right stream, JSON for machines, exit statuses."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from belfry.problems import Problems


Command = TypeVar("Command", bound="Callable[..., Any]")
_FORMS = ("text", "json", "sarif")


class Status(IntEnum):
    """Exit statuses, the same for every command."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    DRIFTED = 3
    """A stack's services hold something else than was recorded; `belfry drift` alone says so."""
    INTERRUPTED = 130


class Failure(click.ClickException):
    """Something that could not be done; one sentence, and what to do. Exit status 1."""

    exit_code = Status.FAILED

    def show(self, file: Any = None) -> None:
        """Print the sentence on standard error."""
        click.secho(f"belfry: {self.message}", fg="red", err=True, file=file)


class BadInput(Failure):
    """The user's own input cannot be used. Exit status 2."""

    exit_code = Status.BAD_INPUT


def console(*, err: bool = False) -> Console:
    """Rich's console; no colour where NO_COLOR is set or no terminal reads."""
    from rich.console import Console

    terminal = (sys.stderr if err else sys.stdout).isatty()
    return Console(stderr=err, highlight=False, soft_wrap=True, width=None if terminal else 200)


def emit_json(value: object) -> None:
    """Write one JSON document to standard output."""
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def say(text: str) -> None:
    """A line of progress, on standard error, so that standard output stays a result."""
    click.echo(text, err=True)


def show_problems(problems: Problems) -> None:
    """Mistakes in files, on standard error; on a terminal with the lines that they are on."""
    from belfry.document import lines_of

    terminal = sys.stderr.isatty()
    color = terminal and not os.environ.get("NO_COLOR")
    click.echo(problems.render(color=color, sources=lines_of if terminal else None), err=True)


def progress(prefix: str = "") -> Callable[[str], None]:
    """A function that prints progress lines with the seconds since it was made."""
    import time

    started = time.monotonic()

    def line(text: str) -> None:
        seconds = time.monotonic() - started
        say(click.style(f"[{seconds:6.1f} s] ", dim=True) + prefix + text)

    return line


def json_option(command: Command) -> Command:
    """The option --json of commands whose result a machine may read."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(
        command
    )


def form_option(command: Command) -> Command:
    """The option --format of commands whose findings editors read too."""
    option = click.option(
        "--format", "form", type=click.Choice(_FORMS), help="How it is told.  [default: text]"
    )
    return option(command)


def the_form(form: str | None, **short: bool) -> str:
    """The form that was asked for, by --format or by an option of its own; text where none was.

    Raises:
        BadInput: two were.

    """
    asked = {form, *(name for name, chosen in short.items() if chosen)} - {None}
    if len(asked) > 1:
        message = f"{' and '.join(sorted(map(str, asked)))} are both asked for: choose one"
        raise BadInput(message)
    return str(next(iter(asked), _FORMS[0]))


def verbose_option(command: Command) -> Command:
    """The option --verbose of commands that run Pulumi."""
    option = click.option("-v", "--verbose", is_flag=True, help="Show every line of Pulumi's own.")
    return option(command)


def stack_option(command: Command) -> Command:
    """The option --stack of commands that touch state."""
    return click.option(
        "-s",
        "--stack",
        default="local",
        show_default=True,
        metavar="STACK",
        help="The stack: Pulumi.STACK.yaml says which platform and environment.",
    )(command)


def flush_quietly() -> None:
    """Let `belfry … | head` end without a complaint."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
