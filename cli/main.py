"""The command group: which commands there are, in which order, and what becomes of errors.

A command's module is imported when the command runs: `belfry check` does not pay for Pulumi.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import click

from cli.output import Failure, Status, flush_quietly, show_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS: dict[str, dict[str, str]] = {
    "Look": {
        "check": "cli.look",
        "lint": "cli.lint",
        "cases": "cli.cases",
        "plan": "cli.look",
        "render": "cli.render",
        "route": "cli.route",
    },
    "Run": {
        "up": "cli.run",
        "preview": "cli.run",
        "refresh": "cli.run",
        "drift": "cli.drift",
        "down": "cli.run",
        "status": "cli.watch",
        "open": "cli.watch",
    },
    "Prove": {
        "break": "cli.prove",
        "mend": "cli.prove",
        "inbox": "cli.prove",
        "tick": "cli.tick",
    },
    "Write": {
        "schema": "cli.write",
        "explain": "cli.write",
        "fmt": "cli.write",
    },
    "Start": {
        "init": "cli.start",
        "secrets": "cli.secrets",
        "tokens": "cli.tokens",
        "tools": "cli.tools",
    },
}
"""Heading → command → the module that holds the function `<command>_command`."""


class _Belfry(click.Group):
    """Finds commands in GROUPS and prints the help by heading."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return [name for commands in GROUPS.values() for name in commands]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        for commands in GROUPS.values():
            if cmd_name in commands:
                module = importlib.import_module(commands[cmd_name])
                command: click.Command = getattr(module, f"{cmd_name}_command")
                return command
        return None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            message = f"there is no command {args[0]!r}.{hint} `belfry --help` lists them."
            raise click.UsageError(message, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, commands in GROUPS.items():
            rows = []
            for name in commands:
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str(70) if command else ""))
            with formatter.section(heading):
                formatter.write_dl(rows)


@click.group(
    cls=_Belfry,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, 1 failed, 2 bad input, 3 drifted. NO_COLOR=1 turns colours off.",
)
@click.version_option(package_name=None, version="0.1.0", prog_name="belfry")
def belfry() -> None:
    """Provision the whole monitoring of a platform from one YAML file.

    \b
    Examples:
      belfry up                     the monitoring of the default platform, on this machine
      belfry break database         see who is paged, and by what
      belfry plan --stack prod      what would be provisioned; no credentials, no network
    """  # noqa: D301 -- click reads the character that \\b stands for


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command line and exit with its status; a user's mistake never shows a traceback."""
    from belfry.problems import Problems
    from engine.errors import EngineError

    try:
        result = belfry.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="belfry",
            standalone_mode=False,
        )
    except Problems as problems:
        show_problems(problems)
        sys.exit(Status.BAD_INPUT)
    except EngineError as error:
        Failure(str(error)).show()
        sys.exit(Status.FAILED)
    except click.UsageError as error:
        error.show()
        sys.exit(Status.BAD_INPUT)
    except Failure as failure:
        failure.show()
        sys.exit(failure.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nbelfry: interrupted. The same command again goes on from here.", err=True)
        sys.exit(Status.INTERRUPTED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Status.DONE)
    flush_quietly()
    sys.exit(result if isinstance(result, int) else Status.DONE)
