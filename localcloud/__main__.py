"""`localcloud`: the foreground server, and commands for one that runs."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
from pathlib import Path

import click

from localcloud.allowances import Plan
from localcloud.commands import COMMANDS
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
@click.option(
    "--plan",
    type=click.Choice([plan.value for plan in Plan]),
    default=_LIMITS.plan.value,
    show_default=True,
    help="The Workers plan whose limits Workers are held to.",
)
@click.option(
    "--known-tokens-only",
    is_flag=True,
    help="Refuse Cloudflare tokens that were not issued here.",
)
@click.option(
    "--rate-limit",
    type=click.IntRange(1),
    help="Calls in 5 minutes for each Cloudflare token; the service's own limit is 1200.",
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
    plan: str,
    known_tokens_only: bool,
    rate_limit: int | None,
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
        limits=Limits(answer=answer_within, cron=cron_within, plan=Plan(plan)),
        known_tokens_only=known_tokens_only,
        rate_limit=rate_limit,
    )
    os.umask(0o077)
    # A crash below Python leaves its traceback in the log.
    faulthandler.enable()
    try:
        with locked(options.home):
            asyncio.run(serve(options))
    except (HomeTakenError, PortTakenError) as problem:
        click.echo(f"localcloud: {problem}", err=True)
        sys.exit(1)


for _command in COMMANDS:
    cli.add_command(_command)


if __name__ == "__main__":
    cli(prog_name="localcloud")
