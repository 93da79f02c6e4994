"""Calls to the controls of a localcloud that runs in a home, for commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
import httpx

from localcloud.discovery import FILE
from localcloud.documents import MalformedError, document, parse, text

if TYPE_CHECKING:
    from localcloud.documents import Value

HOME = click.option(
    "--home",
    default=Path(".belfry/local"),
    show_default=True,
    envvar="LOCALCLOUD_HOME",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the localcloud keeps everything.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

_PATIENCE = 60.0


def call(home: Path, method: str, path: str, body: Value = None) -> Value:
    """Return what the localcloud of a home answers.

    Args:
        home: where it keeps everything.
        method: of the call.
        path: below `/_local`.
        body: what is sent; None: nothing.

    Raises:
        click.ClickException: none runs there, or it refuses; the text says which and what to do.

    """
    url, key = _found(home)
    try:
        answer = httpx.request(
            method,
            f"{url}/_local{path}",
            headers={"authorization": f"Bearer {key}"},
            content=None if body is None else json.dumps(body).encode(),
            timeout=_PATIENCE,
            trust_env=False,
        )
    except httpx.ConnectError as problem:
        raise click.ClickException(
            f"the localcloud of {home} does not answer at {url}: it seems to have been killed. "
            "Start it again."
        ) from problem
    except httpx.HTTPError as problem:
        raise click.ClickException(f"the localcloud of {home}: {problem}") from problem
    try:
        told = parse(answer.content) if answer.content else None
    except MalformedError as problem:
        raise click.ClickException(f"{method} {path}: {answer.text.strip()}") from problem
    if answer.is_error:
        reason = told.get("error") if isinstance(told, dict) else None
        raise click.ClickException(str(reason or f"{method} {path}: {answer.status_code}"))
    return told


def _found(home: Path) -> tuple[str, str]:
    try:
        told = document(parse((home / FILE).read_bytes()), FILE)
        return text(told, "url"), text(told, "key")
    except FileNotFoundError as problem:
        raise click.ClickException(
            f"no localcloud runs in {home}. Start one with `belfry up` or `localcloud serve`, or "
            "say with --home where it runs."
        ) from problem
    except (OSError, MalformedError) as problem:
        raise click.ClickException(f"{home / FILE} cannot be read: {problem}") from problem
