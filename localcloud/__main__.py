"""`python -m localcloud serve`: the foreground server."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from pathlib import Path

import click

from localcloud.discovery import HomeTakenError, locked
from localcloud.ports import PortTakenError
from localcloud.runtime.workers import Limits
from localcloud.server import Options, serve

_LIMITS = Limits()


@click.group()
def cli() -> None:
    """Run the Cloudflare and Grafana APIs on this machine."""


@cli.command("serve")
@click.option(
    "--home",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where everything is kept.",
)
@click.option("--port", default=8787, show_default=True, help="Of loopback; 0: any free one.")
@click.option("--port-fixed", is_flag=True, help="Use no other port when it is taken.")
@click.option("--node", default="node", show_default=True, help="Node 22 or newer.")
@click.option(
    "--modules",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A node_modules directory that has miniflare.",
)
@click.option(
    "--answer-within",
    default=_LIMITS.answer,
    show_default=True,
    help="Seconds that a Worker has for an answer.",
)
@click.option(
    "--cron-within",
    default=_LIMITS.cron,
    show_default=True,
    help="Seconds that a Worker has for a cron handler.",
)
def serve_command(
    *,
    home: Path,
    port: int,
    port_fixed: bool,
    node: str,
    modules: Path,
    answer_within: float,
    cron_within: float,
) -> None:
    """Serve until it is told to end."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr
    )
    for noisy in ("httpx", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    options = Options(
        home=home.absolute(),
        port=port,
        port_fixed=port_fixed,
        node=node,
        modules=modules.absolute(),
        limits=Limits(answer=answer_within, cron=cron_within),
    )
    os.umask(0o077)
    try:
        with locked(options.home):
            asyncio.run(serve(options))
    except (HomeTakenError, PortTakenError) as problem:
        click.echo(f"localcloud: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    cli(prog_name="python -m localcloud")
