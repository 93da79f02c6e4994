"""`make bench`: run the measurements, all or those named, and print a table of each."""

from __future__ import annotations

import sys

import click

from bench import compiling, latency, planning, reading

MEASUREMENTS = {
    "plan": planning.measure,
    "read": reading.measure,
    "compile": compiling.measure,
    "latency": latency.measure,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
def bench(names: tuple[str, ...]) -> None:
    """Measure `plan` against a flat program, a file, a resource, and failure → message."""
    for name in names or tuple(MEASUREMENTS):
        click.echo(MEASUREMENTS[name]())
        click.echo()


if __name__ == "__main__":
    sys.exit(bench())
