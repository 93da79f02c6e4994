"""Begin a platform: a few questions or flags, then its first files and what is left to do."""

from __future__ import annotations

import sys
import tempfile
import textwrap
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from cli.files import write_whole
from cli.output import BadInput, emit_json, json_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from belfry.first_files import FirstFiles
    from belfry.starting import Answers

ROOT = Path(__file__).resolve().parent.parent

_SERVICES = ("website=website",)
_HEALTH = "/health"
_ENVIRONMENTS = ("staging", "prod")
_WIDTH = 78


@click.command(
    epilog="""\b
Examples:
  belfry init                             asks a few questions
  belfry init shop --domain shop.example --slack --yes
  belfry init shop --domain shop.example --service website --service db=postgres
      --service api=http-api --email on-call@shop.example --dry-run
"""
)
@click.argument("name", required=False)
@click.option("--platform", metavar="NAME", help="The platform's name, as the argument NAME.")
@click.option("--domain", metavar="HOST", help="Its domain; production has it, others a part.")
@click.option(
    "--service",
    "services",
    multiple=True,
    metavar="NAME=KIND",
    help="A part of it, such as api=http-api; may be said again.",
)
@click.option("--health", metavar="PATH", help="Where its programs tell how they are.")
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    help="Where it runs, beside local; the last one is production.",
)
@click.option("--zone", metavar="ZONE", help="Where the team works, such as America/Denver.")
@click.option("--slack", is_flag=True, help="Tell a channel of Slack.")
@click.option("--pagerduty", is_flag=True, help="Tell PagerDuty.")
@click.option("--email", metavar="ADDRESS", help="Tell a mail address.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing; what no flag says is as usual.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would be written.")
@click.option("--force", is_flag=True, help="Write over files that are there.")
@json_option
def init_command(
    *,
    name: str | None,
    platform: str | None,
    domain: str | None,
    services: tuple[str, ...],
    health: str | None,
    environments: tuple[str, ...],
    zone: str | None,
    email: str | None,
    slack: bool,
    pagerduty: bool,
    yes: bool,
    dry_run: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Write the first files of a platform, and list what is left to do."""
    from belfry.first_files import first_files
    from belfry.starting import Answers

    flags = _Flags(
        platform=name or platform,
        domain=domain,
        services=services,
        health=health,
        environments=environments,
        zone=zone,
        slack=slack,
        pagerduty=pagerduty,
        email=email,
    )
    if not (yes or as_json) and sys.stdin.isatty():
        flags = _Questions().about(flags)
    answers = Answers(
        platform=flags.platform or "",
        domain=flags.domain or "",
        services=flags.services or _SERVICES,
        health=flags.health or _HEALTH,
        environments=flags.environments or _ENVIRONMENTS,
        zone=flags.zone,
        slack=flags.slack,
        pagerduty=flags.pagerduty,
        email=flags.email,
    )
    _refuse_mistakes(answers)
    found = first_files(answers)
    _prove(found)
    if not dry_run:
        _write(found, force=force)
    if as_json:
        emit_json(_as_json(found, written=not dry_run))
    else:
        click.echo("\n".join(_told(found, dry_run=dry_run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flags:
    """What the command line says; nothing and None where it is silent."""

    platform: str | None
    domain: str | None
    services: tuple[str, ...]
    health: str | None
    environments: tuple[str, ...]
    zone: str | None
    slack: bool
    pagerduty: bool
    email: str | None


class _Told(TypedDict):
    slack: bool
    pagerduty: bool
    email: str | None


class _Questions:
    """Asks on a terminal for what no flag says; what cannot be used is asked again."""

    def about(self, flags: _Flags) -> _Flags:
        """Complete the flags."""
        from belfry.starting import KINDS

        ask = self._ask
        kinds = f"Kinds of services: {', '.join(KINDS)}."
        return _Flags(
            platform=flags.platform or ask("platform", "Name of the platform"),
            domain=flags.domain or ask("domain", "Its domain, such as shop.example"),
            services=flags.services
            or self._ask_words(
                "service",
                "\n".join([*textwrap.wrap(kinds, _WIDTH), "What is it made of? NAME=KIND …"]),
                _SERVICES,
            ),
            health=flags.health
            or ask("health", "Where do its programs tell how they are", _HEALTH),
            environments=flags.environments
            or self._ask_words(
                "environment", "Where does it run, beside local? Production last", _ENVIRONMENTS
            ),
            zone=flags.zone or ask("zone", "Time zone of the team, empty for none", "") or None,
            **self._who_is_told(flags),
        )

    def _who_is_told(self, flags: _Flags) -> _Told:
        told: _Told = {
            "slack": flags.slack,
            "pagerduty": flags.pagerduty,
            "email": flags.email,
        }
        while not any(told.values()):
            click.echo("Who is told of trouble? At least one.", err=True)
            told["slack"] = click.confirm("  Slack", default=True, err=True)
            told["pagerduty"] = click.confirm("  PagerDuty", default=False, err=True)
            told["email"] = self._ask("email", "  A mail address, empty for none", "") or None
        return told

    def _ask(self, option: str, question: str, default: str | None = None) -> str:
        return "".join(self._asked(option, question, default, lambda text: [text] if text else []))

    def _ask_words(self, option: str, question: str, default: tuple[str, ...]) -> tuple[str, ...]:
        return self._asked(
            option, question, " ".join(default), lambda text: text.replace(",", " ").split()
        )

    def _asked(
        self, option: str, question: str, default: str | None, split: Callable[[str], list[str]]
    ) -> tuple[str, ...]:
        from belfry.starting import wrong_with

        def read(text: str) -> tuple[str, ...]:
            words = tuple(split(text.strip()))
            for problem in wrong_with(option, words) if words else ():
                message = f"{problem.wrong}; {problem.right}"
                raise click.UsageError(message)
            return words

        answer: tuple[str, ...] = click.prompt(
            question, default=default, show_default=bool(default), value_proc=read, err=True
        )
        return answer


def _refuse_mistakes(answers: Answers) -> None:
    from belfry.problems import Problems
    from belfry.starting import mistakes

    if problems := mistakes(answers):
        raise Problems(problems)


def _prove(found: FirstFiles) -> None:
    """Read the platform file as every command will, before it is written anywhere."""
    from belfry.loading import load_platform
    from belfry.problems import Problems

    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / Path(found.platform_file).name
        draft.write_text(found.files[found.platform_file], encoding="utf-8")
        try:
            load_platform(draft)
        except Problems as refused:
            # The draft is no file of the writer's: what matters is which part, and why.
            raise Problems(replace(one, place=None) for one in refused.problems) from refused


def _write(found: FirstFiles, *, force: bool) -> None:
    there = [name for name in found.files if (ROOT / name).exists()]
    folder = ROOT / Path(found.platform_file).with_suffix("")
    if folder.is_dir():
        message = f"{folder.relative_to(ROOT)}/ is a platform of this name already: choose another"
        raise BadInput(message)
    if there and not force:
        verb = "is" if len(there) == 1 else "are"
        message = f"{', '.join(there)} {verb} there already; --force writes over it"
        raise BadInput(message)
    for name, text in found.files.items():
        write_whole(ROOT / name, text)


def _as_json(found: FirstFiles, *, written: bool) -> dict[str, object]:
    return {
        "written": written,
        "platform_file": found.platform_file,
        "files": dict(found.files),
        "stacks": [found.local_stack, *found.stacks],
        "secrets": [
            {"name": one.name, "what": one.what, "stack": found.stacks[-1]} for one in found.secrets
        ],
        "next": [command for _, commands in _steps(found) for command, _ in commands],
    }


def _told(found: FirstFiles, *, dry_run: bool) -> Iterator[str]:
    for name, text in found.files.items():
        if dry_run:
            yield from (click.style(f"--- {name}", bold=True), text)
        else:
            yield f"{name} is written."
    for heading, commands in _steps(found):
        yield from ("", click.style(heading, bold=True))
        width = max(len(command) for command, _ in commands) + 2
        beside = width + max(len(why) for _, why in commands) <= _WIDTH
        for command, why in commands:
            yield f"  {command:{width}}{why}".rstrip() if beside else f"  {command}"


def _steps(found: FirstFiles) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Headings, and below each the commands with what they are for."""
    from belfry.routing import VOTE_KEY

    yield (
        "Try it on this machine, without any account:",
        [
            (f"belfry check {found.platform_file}", "nothing is wrong with it now"),
            (f"belfry up --stack {found.local_stack}", "the whole monitoring, here"),
            (f"belfry plan --stack {found.stacks[-1]}", "what production will hold"),
        ],
    )
    for stack in found.stacks:
        secrets = found.secrets if stack == found.stacks[-1] else ()
        yield (
            f"Before the first `pulumi up -s {stack}` (docs/stacks.md):",
            [
                (f"pulumi stack init {stack}", ""),
                (f"pulumi config set --stack {stack} belfry:account ID", ""),
                (f"pulumi config set --stack {stack} belfry:zone ID", ""),
                (f"pulumi config set --stack {stack} belfry:workersSubdomain NAME", ""),
                *((f"belfry secrets set {one.name} --stack {stack}", one.what) for one in secrets),
                (f"belfry secrets set {VOTE_KEY} --stack {stack} --generate", ""),
                (f"belfry secrets check --stack {stack}", ""),
            ],
        )
