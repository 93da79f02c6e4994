"""What each backend is told, as files: to read, to judge with its own tools, to load by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.files import NamedPath, write_whole
from cli.output import Failure, console, emit_json, json_option, say, stack_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.arguments import Stack

BACKENDS = ("prometheus", "alertmanager", "grafana", "worker")


@click.command(
    epilog="""\b
Examples:
  belfry render prometheus                             print what stack local would load
  belfry render prometheus --platform pitchey --environment prod --out build/prometheus
  belfry render alertmanager --environment prod --out build/alertmanager
  belfry render grafana worker --stack prod --json     several, as one JSON value
"""
)
@click.argument(
    "backends", nargs=-1, required=True, metavar="BACKEND...", type=click.Choice(BACKENDS)
)
@stack_option
@click.option("--platform", metavar="NAME", help="Another platform than the stack's.")
@click.option("--environment", metavar="NAME", help="Another environment than the stack's.")
@click.option(
    "-o",
    "--out",
    metavar="DIR",
    type=NamedPath(file_okay=False),
    help="Write files there, and nothing where one did not change; else they are printed.",
)
@json_option
def render_command(
    backends: tuple[str, ...],
    *,
    stack: str,
    platform: str | None,
    environment: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write what Prometheus, Alertmanager, Grafana or the Worker is told of rules and routes.

    No secret is read: files name them. The same platform gives the same bytes.
    """
    found = _rendered(backends, stack, platform, environment)
    files = {
        f"{backend}/{path}" if len(found) > 1 else path: text
        for backend, texts in found.items()
        for path, text in texts.items()
    }
    if out is not None:
        changed = _written(out, files)
        left = _left(out, files)
        if as_json:
            told = {"files": list(files), "changed": changed, "left": left}
            emit_json({"folder": str(out), **told})
            return
        same = len(files) - len(changed)
        for path in changed:
            click.echo(f"{out / path} is written.")
        if same:
            click.echo(f"{same} of {len(files)} files are as they were.")
        for path in left:
            say(f"{out / path} is not of this environment: remove it if it was.")
    elif as_json:
        emit_json(files)
    else:
        _print(files)


def _rendered(
    backends: tuple[str, ...], stack: str, platform: str | None, environment: str | None
) -> Mapping[str, Mapping[str, str]]:
    from belfry.catalogue import load_catalogue
    from belfry.compile import dashboard_url
    from belfry.rendering import Backend, rendered
    from cli.compiling import compiled_offline, usual_localcloud
    from cli.subject import find_platform_of, find_stack
    from dashboards import overview
    from engine.paths import find_home

    site, name = find_platform_of(stack, platform, environment)
    catalogue = load_catalogue()
    owns = False
    if platform is None or environment is None:
        file = find_stack(find_home(), stack)
        same = (file.platform, file.environment) == (site.platform, name)
        owns = same and file.owns_grafana_policy

    @cache
    def compiled() -> Stack:
        return compiled_offline(site, name, catalogue, owns_grafana_policy=owns)

    board = overview.build(site, name)
    address = dashboard_url(site.environments[name].grafana, (board,))
    return {
        backend: rendered(
            Backend(backend),
            site,
            name,
            catalogue,
            compiled,
            dashboard=address,
            localcloud=usual_localcloud(),
        )
        for backend in dict.fromkeys(backends)
    }


def _written(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Write what differs; a folder that cannot be made is told as one mistake."""
    changed = []
    for path, text in files.items():
        target = folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_file() and target.read_bytes() == text.encode():
                continue
        except OSError as error:
            message = f"{target} cannot be written: {(error.strerror or str(error)).lower()}"
            raise Failure(message) from error
        write_whole(target, text)
        changed.append(path)
    return changed


def _left(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Give files of other runs, such as of a rule set that is no more, that would still be loaded.

    They stand where files of one kind stand: below the folder, which may hold anything itself.
    """
    kinds = {(Path(path).parent, Path(path).suffix) for path in files if "/" in path}
    there = (one for parent, suffix in kinds for one in (folder / parent).glob(f"*{suffix}"))
    return sorted({one.relative_to(folder).as_posix() for one in there} - files.keys())


def _print(files: Mapping[str, str]) -> None:
    shown = console()
    for path, text in files.items():
        if len(files) > 1:
            shown.rule(path, style="dim", align="left")
        click.echo(text, nl=not text.endswith("\n"))
