"""The binaries that commands need: where each comes from, and getting them beforehand."""

from __future__ import annotations

import click

from cli.output import BadInput, console, emit_json, json_option, progress


@click.group(
    name="tools",
    invoke_without_command=True,
    epilog="""\b
Examples:
  belfry tools                 what is there, and what would be got
  belfry tools get             get everything now, as an image build would
  belfry tools get node        only this one
  belfry tools get promtool amtool
                               what judges rules and routes as their own systems do
""",
)
@json_option
@click.pass_context
def tools_command(context: click.Context, *, as_json: bool) -> None:
    """Show or get the binaries that commands need."""
    if context.invoked_subcommand:
        return
    from engine.binaries import describe
    from engine.paths import find_home

    tools = describe(find_home())
    if as_json:
        emit_json([tool.as_json() for tool in tools])
        return
    from rich.table import Table

    table = Table("tool", "version", "from", "path", box=None, header_style="bold", pad_edge=False)
    for tool in tools:
        table.add_row(tool.name, tool.version or "–", tool.source, str(tool.path or ""))
    console().print(table)


@tools_command.command("get")
@click.argument("names", nargs=-1)
@json_option
def get_command(names: tuple[str, ...], *, as_json: bool) -> None:
    """Get the tools that are missing: those named, else what all commands together need."""
    from engine.getting import get
    from engine.paths import find_home
    from engine.tools import EVERYDAY, TOOLS

    unknown = [name for name in names if name not in TOOLS]
    if unknown:
        message = f"there is no tool {', '.join(unknown)}; there are {', '.join(TOOLS)}"
        raise BadInput(message)
    timings = get(names or EVERYDAY, find_home(), progress())
    if as_json:
        emit_json([{"name": t.name, "seconds": t.seconds, "how": t.how} for t in timings])
