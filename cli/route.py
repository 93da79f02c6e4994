"""Who hears of an alert, when, and why not: the routes of an environment, asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from cli.output import BadInput, emit_json, json_option, stack_option
from cli.route_answers import answer_as_json, line, print_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.routes import Answer

    Labels = Mapping[str, str]

_EARLIEST, _LATEST = 1970, 2999
"""Years: an answer looks further ahead than its own moment."""


@click.command(
    epilog="""\b
Examples:
  belfry route severity=P0 service=database
  belfry route severity=P3 service=api --at 2026-12-25T03:00Z    who hears at Christmas
  belfry route service=api severity=P0 --firing service=database,trouble=down
  belfry route rule=HighErrorRate --platform marketplace --environment prod --json
"""
)
@click.argument("labels", nargs=-1, metavar="LABEL=VALUE...")
@stack_option
@click.option("--platform", metavar="NAME", help="Another platform than the stack's.")
@click.option("--environment", metavar="NAME", help="Another environment than the stack's.")
@click.option(
    "--at",
    metavar="TIME",
    help="When it begins to fire: now, or 2026-12-25T03:00Z (UTC where no zone is said).",
)
@click.option(
    "--firing",
    multiple=True,
    metavar="LABELS",
    help="Another alert that fires, such as service=database,trouble=down. Again for more.",
)
@json_option
def route_command(
    labels: tuple[str, ...],
    *,
    stack: str,
    platform: str | None,
    environment: str | None,
    at: str | None,
    firing: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say who hears of an alert, when, and why not, with its path through the routes.

    Labels that are not given are those of the rules that match; where these are told to different
    people, every answer is given.
    """
    from belfry.application import application
    from belfry.catalogue import load_catalogue
    from belfry.routes import alert_labels, routes_of, trace
    from belfry.routes.asking import alike, check, meant, worst
    from belfry.schedule import schedule
    from cli.subject import find_platform_of

    told = _labels(labels, "LABEL=VALUE")
    others = [_labels(tuple(one.split(",")), "--firing") for one in firing]
    moment = _moment(at) if at is not None else None
    site, name = find_platform_of(stack, platform, environment)
    routes = routes_of(site, name)
    catalogue = load_catalogue()
    possible = alert_labels(site, name, catalogue)
    unmade = application(site, catalogue, schedule(site)).unmade
    unjudged = {one.rule: one.why for one in unmade}
    for one in (told, *others):
        check(site, name, one, possible, unjudged)
    also = [worst(meant(site, name, one, possible)[0]) for one in others]
    found, is_raised = meant(site, name, told, possible)

    def ask(alert: Labels) -> Answer:
        return trace(routes, alert, at=moment, firing=[one for one in also if one != alert])

    groups = alike(found, lambda alert: _same(ask(alert)))
    answers = [(group, ask(group[0])) for group in groups]
    if as_json:
        emit_json(
            {
                "platform": site.platform,
                "environment": name,
                "raised": is_raised,
                "firing": [dict(one) for one in also],
                "answers": [
                    answer_as_json(site, routes, group, answer) for group, answer in answers
                ],
            }
        )
        return
    if not is_raised:
        line("[yellow]No rule raises such an alert: it is as if somebody made it by hand.[/]\n")
    if len(answers) > 1:
        line(f"{len(answers)} answers: the rules that match are told to different people.\n")
    for group, answer in answers:
        print_answer(site, routes, told, group, answer)


def _labels(texts: Sequence[str], option: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    for text in texts:
        label, sign, value = text.partition("=")
        if not sign or not label or not value:
            message = f"{option}: {text!r} is no label: write label=value, such as severity=P0"
            raise BadInput(message)
        if labels.setdefault(label, value) != value:
            message = f"{option}: {label} is {labels[label]} and {value}: say it once"
            raise BadInput(message)
    if not labels:
        message = f"{option}: say a label at least, such as severity=P0 service=api"
        raise BadInput(message)
    return labels


def _moment(told: str) -> datetime:
    if told == "now":
        return datetime.now(UTC).replace(second=0, microsecond=0)
    try:
        found = datetime.fromisoformat(told)
    except ValueError as error:
        message = f"--at {told} is no time: write now, or 2026-12-25T03:00Z"
        raise BadInput(message) from error
    if not _EARLIEST <= found.year <= _LATEST:
        message = f"--at {told}: name a time of the years {_EARLIEST} to {_LATEST}"
        raise BadInput(message)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _same(answer: Answer) -> tuple[object, ...]:
    """Say what an answer is, but for the labels that it was given for."""
    return (answer.told, answer.otherwise, answer.reasons)
