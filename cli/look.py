"""Look without touching anything: is the platform file right, and what would a stack hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import BadInput, console, emit_json, json_option, stack_option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from belfry.problems import Problem
    from engine.recorder import Plan, PlannedResource

ROOT = Path(__file__).resolve().parent.parent


@click.command(
    epilog="""\b
Examples:
  belfry check                              every file in platforms/
  belfry check platforms/pitchey.yaml --json
"""
)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@json_option
def check_command(files: tuple[Path, ...], *, as_json: bool) -> None:
    """Check platform files: every mistake at once, with its place and what would be right."""
    from belfry.catalogue import load_catalogue
    from belfry.loading import load_platform
    from belfry.problems import Problems

    chosen = files or tuple(sorted((ROOT / "platforms").glob("*.yaml")))
    if not chosen:
        message = "there is no platform file: copy platforms/example.yaml from a release"
        raise BadInput(message)
    found: list[Problem] = []
    catalogue = load_catalogue()
    for file in chosen:
        try:
            load_platform(file, catalogue=catalogue)
        except Problems as problems:
            found.extend(problems.problems)
    if as_json:
        emit_json(
            {
                "files": [str(file) for file in chosen],
                "problems": Problems(found).as_json() if found else [],
            }
        )
    if found:
        if as_json:
            raise SystemExit(2)
        raise Problems(found)
    if not as_json:
        console().print(
            f"{_count(len(chosen), 'platform file')} checked: [green]nothing is wrong[/]."
        )


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
    """List what a stack would hold: no network, no credentials, no Pulumi."""
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


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
