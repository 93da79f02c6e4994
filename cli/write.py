"""Help for those who write a platform file: its schema, what a key means, its canonical form."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.files import write_whole
from cli.output import BadInput, Failure, Status, emit_json, json_option, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.explain import Explanation
    from belfry.in_force import InForce

ROOT = Path(__file__).resolve().parent.parent
STDIN = Path("-")

_WIDTH = 80
_LABEL = 10


@click.command(
    epilog="""\b
Examples:
  belfry schema                            print it
  belfry schema --output shop.schema.json  write it
"""
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write it.")
def schema_command(*, output: Path | None) -> None:
    """Print the platform file's JSON Schema, for editors."""
    from belfry.schema import schema

    if output is None:
        click.echo(schema(), nl=False)
        return
    write_whole(output, schema())
    say(f"{output} is written.")


@click.command(
    epilog="""\b
Examples:
  belfry explain                           what stands at the top
  belfry explain checks.NAME.http.path     one key; * or any word is a name
  belfry explain duration                  how a kind of value is written
  belfry explain checks.frontend.timeout --platform pitchey --environment prod
"""
)
@click.argument("path", default="")
@click.option("--platform", metavar="NAME", help="Also say what holds in this one's file.")
@click.option("--environment", metavar="NAME", help="What holds in this environment of it.")
@json_option
def explain_command(
    path: str, *, platform: str | None, environment: str | None, as_json: bool
) -> None:
    """Say what a key of the platform file means.

    Its kind, its default, an example, its keys and every place where it may stand.
    """
    from belfry.explain import explain

    found = explain(path)
    held = _held(path, platform, environment)
    if as_json:
        emit_json({**found.as_json(), **({"in_force": held.as_json()} if held else {})})
        return
    click.echo("\n".join(_told(found)))
    if held is not None:
        click.echo("\n".join(_told_in_force(found, held, environment)))


def _held(path: str, platform: str | None, environment: str | None) -> InForce | None:
    from belfry.explain import steps_of
    from belfry.in_force import in_force
    from belfry.loading import find_platform, load_document

    if platform is None:
        if environment is not None:
            message = "an environment is of a platform: add --platform NAME"
            raise BadInput(message)
        return None
    if not path:
        message = "name a key, such as checks.NAME.every with a name of that platform"
        raise BadInput(message)
    file = find_platform(ROOT, platform)
    shown = file.relative_to(ROOT)
    document = load_document(shown if shown.exists() else file)
    return in_force(document, steps_of(path), environment)


def _told_in_force(found: Explanation, held: InForce, environment: str | None) -> Iterator[str]:
    yield ""
    yield f"In {environment}:" if environment else "Where no environment differs:"
    if held.value is None:
        default = f"; so it is {found.default}" if found.default is not None else ""
        yield from _fact("value", held.why + default)
        return
    yield from _fact("value", held.value)
    yield from _fact("written", f"{held.place}, {held.why}")


def _told(found: Explanation) -> Iterator[str]:
    if found.path:
        yield click.style(found.path, bold=True)
    yield from textwrap.wrap(found.says, _WIDTH)
    facts = tuple(_facts(found))
    if facts:
        yield ""
    for label, text in facts:
        yield from _fact(label, text)
    for label, lines in (("example", found.example), ("stands at", found.places)):
        for index, line in enumerate(lines):
            yield f"  {label if index == 0 else '':{_LABEL}}{line}"
    if found.keys:
        yield ""
        yield from _keys(found)


def _facts(found: Explanation) -> Iterator[tuple[str, str]]:
    if found.path:
        yield "is", found.kind
    if found.words:
        yield "words", ", ".join(found.words)
    if found.written:
        yield "written", found.written
    if found.required:
        yield "required", "yes"
    elif found.default is not None:
        yield "required", f"no; otherwise {found.default}"
    elif found.required is not None:
        yield "required", "no"
    if found.off:
        yield "or", "the word off, which leaves it out there"


def _fact(label: str, text: str) -> Iterator[str]:
    indent = " " * (_LABEL + 2)
    first = f"  {label:{_LABEL}}"
    yield from textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
    )


def _keys(found: Explanation) -> Iterator[str]:
    width = max(len(key.key) for key in found.keys) + 2
    indent = " " * (width + 2)
    yield "Its keys (* is required):" if found.path else "At the top (* is required):"
    for key in found.keys:
        star = "*" if key.required else " "
        first = f"{star} {key.key:{width}}"
        yield from textwrap.wrap(key.says, _WIDTH, initial_indent=first, subsequent_indent=indent)


@click.command(
    epilog="""\b
Examples:
  belfry fmt                       every file in platforms/
  belfry fmt --diff mine.yaml      only show what would change
  belfry fmt --check               exit 1 if a file would change, for CI
  belfry fmt - < mine.yaml         from standard input to standard output
"""
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def fmt_command(files: tuple[Path, ...], *, check: bool, diff: bool) -> int:
    """Bring platform files into their canonical form. Comments and values stay as they are."""
    shipped = sorted((ROOT / "platforms").glob("**/*.yaml"))
    chosen = files or tuple(Path(os.path.relpath(file)) for file in shipped)
    forms = _forms(chosen)
    changed = [(file, before, after) for file, before, after in forms if before != after]
    for file, before, after in changed:
        if diff:
            _show_difference(file, before, after)
        elif check:
            say(f"{file} would change.")
        elif file != STDIN:
            write_whole(file, after)
            say(f"{file} is in its canonical form now.")
    if not changed and STDIN not in chosen:
        say("There is nothing to change.")
    if not (check or diff):
        for after in (after for file, _, after in forms if file == STDIN):
            click.echo(after, nl=False)
    return Status.FAILED if check and changed else Status.DONE


def _forms(files: Sequence[Path]) -> list[tuple[Path, str, str]]:
    """Read and format every file before any is written; mistakes of all are told at once."""
    from belfry.formatting import MeaningChangedError, formatted
    from belfry.problems import Problem, Problems

    forms: list[tuple[Path, str, str]] = []
    problems: list[Problem] = []
    for file in files:
        try:
            data = _read(file)
            after = formatted(data, str(file))
            forms.append((file, data.decode(), after))
        except Problems as found:
            problems += found.problems
        except MeaningChangedError as error:
            message = f"{file} would not mean the same: a mistake of belfry, please report the file"
            raise Failure(message) from error
    if problems:
        raise Problems(problems)
    return forms


def _read(file: Path) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        message = f"{file} cannot be read: {(error.strerror or str(error)).lower()}"
        raise BadInput(message) from error


def _show_difference(file: Path, before: str, after: str) -> None:
    from difflib import unified_diff

    colors = {"+": "green", "-": "red", "@": "cyan"}
    for line in unified_diff(
        before.splitlines(), after.splitlines(), str(file), str(file), lineterm=""
    ):
        click.secho(line, fg=colors.get(line[:1]))
