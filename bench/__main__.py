"""`make bench`: run the measurements, all or those named, and print a table of each."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from bench import compiling, engine, latency, linting, planning, reading, rules, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEASUREMENTS: Mapping[str, Callable[[], str]] = {
    "plan": planning.measure,
    "read": reading.measure,
    "compile": compiling.measure,
    "rules": rules.measure,
    "lint": linting.measure,
    "engine": engine.measure,
    "serve": serving.measure,
    "latency": latency.measure,
}
_SMALL: Mapping[str, Callable[[], str]] = {
    "engine": partial(engine.measure, services=30),
    "serve": partial(serving.measure, sizes=(100, 1_000), seconds=0.5),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--small", is_flag=True, help="engine, serve: little of everything, in minutes.")
def bench(names: tuple[str, ...], *, small: bool) -> None:
    """Measure `plan`, a file, a resource, the engine, localcloud, and failure → message."""
    measurements = {**MEASUREMENTS, **(_SMALL if small else {})}
    for name in names or tuple(measurements):
        click.echo(measurements[name]())
        click.echo()


if __name__ == "__main__":
    sys.exit(bench())
