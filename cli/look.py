"""Look without touching anything: is the platform file right, and what would a stack hold."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.files import NamedPath
from cli.output import (
    BadInput,
    Failure,
    Status,
    console,
    emit_json,
    form_option,
    json_option,
    progress,
    say,
    show_problems,
    stack_option,
    the_form,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from belfry.application import Unmade
    from belfry.catalogue import Catalogue
    from belfry.problems import Problem, Problems
    from engine.recorder import Plan, PlannedPart, PlannedResource

ROOT = Path(__file__).resolve().parent.parent
_PATIENCE = 2.0
"""Seconds after which a person is told what goes on."""
_WIDTH = 80
_LINES = 3
"""So many lines say what is declared for one component; `--json` says all."""


@click.command(
    epilog="""\b
Examples:
  belfry check                                   every platform of platforms/
  belfry check platforms/pitchey.yaml            one file, or a folder of files
  belfry check --json                            for a script
  belfry check --format sarif --output it.sarif  for editors and code hosts
"""
)
@click.argument("files", nargs=-1, type=NamedPath())
@form_option
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option(
    "--output",
    type=NamedPath(dir_okay=False, writable=True),
    metavar="FILE",
    help="Write it to a file instead.",
)
def check_command(
    files: tuple[Path, ...], *, form: str | None, as_json: bool, output: Path | None
) -> None:
    """Check platform files: every mistake at once, with its place and what would be right."""
    from belfry.catalogue import load_catalogue
    from belfry.problems import Problems

    told = the_form(form, json=as_json)
    unjudged: dict[Path, tuple[Unmade, ...]] = {}
    try:
        chosen = _chosen(files)
        catalogue = load_catalogue() if chosen else None
    except Problems as found:
        chosen, problems = (), found
    else:
        if catalogue is None:
            message = "there is no platform file: belfry init writes one"
            raise BadInput(message)
        problems, unjudged = _checked(chosen, catalogue)
    if told == "text":
        _tell(chosen, problems, unjudged, output)
    else:
        import json

        text = json.dumps(
            _for_machines(told, chosen, problems, unjudged), indent=2, ensure_ascii=False
        )
        _write(text, output)
    if problems.problems:
        raise SystemExit(Status.BAD_INPUT)


def _chosen(files: tuple[Path, ...]) -> tuple[Path, ...]:
    """List the platforms to check: a folder of platforms stands for all that it holds."""
    from belfry.document import seen_from_here
    from belfry.loading import platforms_in

    if not files:
        return platforms_in(seen_from_here(ROOT))
    chosen: dict[Path, None] = {}
    for path in files:
        inside: tuple[Path, ...] = ()
        if path.is_dir():
            among = path.resolve().name == "platforms"
            whole = seen_from_here(path.resolve().parent) if among else path
            inside = platforms_in(whole) if (whole / "platforms").is_dir() else ()
        chosen |= dict.fromkeys(inside or (path,))
    return tuple(chosen)


def _checked(
    chosen: tuple[Path, ...], catalogue: Catalogue
) -> tuple[Problems, dict[Path, tuple[Unmade, ...]]]:
    """Load the platforms; also give the rules that they ask for and nothing can judge yet."""
    from belfry.application import application
    from belfry.loading import load_platform
    from belfry.problems import Problems
    from belfry.schedule import schedule

    started = time.monotonic()
    line = progress()
    found: list[Problem] = []
    unjudged: dict[Path, tuple[Unmade, ...]] = {}
    for index, path in enumerate(chosen):
        if time.monotonic() - started > _PATIENCE:
            line(f"{path} ({index + 1} of {len(chosen)})")
        try:
            platform = load_platform(path, catalogue=catalogue)
        except Problems as problems:
            found += problems.problems
        else:
            unjudged[path] = application(platform, catalogue, schedule(platform)).unmade
    return Problems(found), unjudged


def _tell(
    chosen: tuple[Path, ...],
    problems: Problems,
    unjudged: Mapping[Path, Sequence[Unmade]],
    output: Path | None,
) -> None:
    """Tell people: what is wrong on standard error, or that nothing is on standard output."""
    checked = _count(len(chosen), "platform")
    count = len(problems.problems)
    if output is not None:
        _write(problems.render() or f"{checked} checked: nothing is wrong.", output)
    elif count:
        show_problems(problems)
        say(f"\n{checked} checked: {_count(count, 'mistake')}.")
    else:
        click.echo(f"{checked} checked: {click.style('nothing is wrong', fg='green')}.")
        for path, rules in unjudged.items():
            names = dict.fromkeys(f"{one.rule} ({one.severity})" for one in rules)
            if names:
                note = click.style("wake nobody yet, for nothing measures them", fg="yellow")
                say(f"{path}: {note}: {', '.join(names)}; belfry plan says more")


def _for_machines(
    form: str,
    chosen: tuple[Path, ...],
    problems: Problems,
    unjudged: Mapping[Path, Sequence[Unmade]],
) -> dict[str, object]:
    if form == "json":
        waiting = [
            {
                "file": str(path),
                "set": one.set,
                "rule": one.rule,
                "service": one.service,
                "severity": one.severity,
                "why": one.why,
            }
            for path, rules in unjudged.items()
            for one in rules
        ]
        return {
            "files": list(map(str, chosen)),
            "problems": problems.as_json(),
            "unjudged": waiting,
        }
    from belfry.document import lines_of
    from belfry.sarif import sarif

    within = all(path.absolute().is_relative_to(ROOT) for path in chosen)
    return sarif(problems.problems, sources=lines_of, root=ROOT if within else Path.cwd())


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        message = f"{output} cannot be written: {(error.strerror or 'no reason').lower()}"
        raise Failure(message) from error


@click.command(
    epilog="""\b
Examples:
  belfry plan                          what the stack `local` would hold
  belfry plan --stack prod --json      for a machine; secrets are names
"""
)
@stack_option
@click.option("--platform", metavar="NAME", help="Another platform than the stack's.")
@click.option("--environment", metavar="NAME", help="Another environment than the stack's.")
@json_option
def plan_command(
    *, stack: str, platform: str | None, environment: str | None, as_json: bool
) -> None:
    """List what a stack would hold, and what is declared and not provisioned yet.

    No network, no credentials, no Pulumi.
    """
    from engine.recorder import record

    plan = record(ROOT, stack=stack, platform=platform, environment=environment)
    if as_json:
        emit_json(plan.as_json())
        return
    _print(plan, stack)


def _print(plan: Plan, stack: str) -> None:
    from rich.tree import Tree

    children: dict[str | None, list[PlannedResource]] = {}
    for resource in plan.resources:
        children.setdefault(resource.parent, []).append(resource)

    def grow(tree: Tree, resources: Iterable[PlannedResource]) -> None:
        for resource in resources:
            branch = tree.add(f"{resource.name}  [dim]{resource.type}[/]")
            grow(branch, children.get(resource.key, ()))

    tree = Tree(f"[bold]{stack}[/]")
    grow(tree, children.get(None, ()))
    console().print(tree)
    console().print(_count(len(plan.resources), "resource") + ".")
    _print_unjudged([one for one in plan.declared if {"set", "why"} <= one.arguments.keys()])
    _print_declared(plan.declared)


def _print_unjudged(parts: Sequence[PlannedPart]) -> None:
    """Say which rules wake nobody, because nothing measures what they are about."""
    if not parts:
        return
    console().print(f"\n[yellow]Nothing judges {_count(len(parts), 'rule')} yet:[/]")
    for part in sorted(parts, key=lambda part: int(str(part.arguments["rank"]))):
        rule = part.arguments
        where = f" ({rule['set']})" if part.part.startswith("objectives.") else ""
        told = f"  {rule['severity']}  {rule['rule']} of {rule['service']}{where}: {rule['why']}"
        console().print(told, markup=False, highlight=False)


def _print_declared(parts: Sequence[PlannedPart]) -> None:
    if not parts:
        return
    by_component: dict[str, list[str]] = {}
    for one in parts:
        by_component.setdefault(one.component, []).append(one.part)
    console().print(f"\nDeclared and not provisioned yet: {_count(len(parts), 'part')}.")
    for component, names in by_component.items():
        for line in _listed(f"{component}: ", names):
            console().print(line, markup=False)
    console().print("[dim]belfry plan --json has them all, with their arguments.[/]")


def _listed(heading: str, names: Sequence[str]) -> list[str]:
    """Lay names out in few lines; those that find no room are counted."""
    import textwrap

    wrap = textwrap.TextWrapper(
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    for shown in range(min(len(names), _WIDTH * _LINES), 0, -1):
        left = len(names) - shown
        text = heading + ", ".join(names[:shown]) + (f" and {left} more" if left else "")
        lines = wrap.wrap(text)
        if len(lines) <= _LINES:
            return lines
    return wrap.wrap(f"{heading}{len(names)}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
