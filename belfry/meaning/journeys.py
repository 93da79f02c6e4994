"""Journeys: whether each step can be made, with what the steps before it found, and in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.language.journeys import Runner
from belfry.language.services import Kind
from belfry.meaning.blanks import ask_blanks
from belfry.meaning.check_times import ask_interval, ask_patience, ask_within
from belfry.meaning.locations import ask_where
from belfry.meaning.questions import ask_answer, ask_body
from belfry.values.duration import DAY, Duration
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.journeys import Journey, Step
    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.values.template import Template

_LONGEST = Duration.of(300)
"""A journey that takes longer is no longer what a user does."""


def ask(findings: Findings[Platform]) -> None:
    """Ask about every journey."""
    for name, journey in findings.value.journeys.items():
        path = ("journeys", name)
        services = findings.value.services
        findings.known((*path, "of"), journey.of, "service", services, "services")
        if not journey.steps:
            right = "add one, such as {title: Front page, path: /}"
            findings.add((*path, "steps"), "it has no step", right)
        for index, step in enumerate(journey.steps):
            _step(findings, (*path, "steps", index), journey, step)
        ask_blanks(findings, name, journey)
        _times(findings, path, journey)
        _runner(findings, path, journey)
    _same(findings)


def _step(findings: Findings[Platform], path: Path, journey: Journey, step: Step) -> None:
    services = findings.value.services
    where: Path = (*path, "to") if step.to is not None else (*path[:2], "of")
    asked = step.to or journey.of
    known = asked in services
    if step.to is not None:
        known = findings.known(where, asked, "service", services, "services")
    if known and services[asked].url is None:
        because = (("services", asked, "url"), (*path, "to"))
        right = "give it a url, or ask another with to:"
        findings.add(where, f"{asked} has no url to ask", right, because=because)
    _path(findings, (*path, "path"), step.path)
    ask_answer(findings, path, step.method, step.expect)
    if step.body is not None:
        ask_body(findings, path, step.method)
    if step.method == "HEAD" and step.capture:
        wrong = "an answer to HEAD has no body to capture from"
        findings.add((*path, "method"), wrong, "write GET", because=((*path, "capture"),))


def _path(findings: Findings[Platform], path: Path, template: Template) -> None:
    text = template.fill(dict.fromkeys(template.names, "x"))
    if not text.startswith("/") or not template.head.startswith("/"):
        wrong = f"{shown(str(template))} does not begin with a slash"
        findings.add(path, wrong, "write a path below the service's address, such as /api/cart")
    elif not text.isascii() or any(letter <= " " or letter in '#"<>\\^`{|}' for letter in text):
        wrong = f"{shown(str(template))} is not a path"
        findings.add(path, wrong, "write it as browsers send it: a blank is %20")


def _times(findings: Findings[Platform], path: Path, journey: Journey) -> None:
    ask_interval(findings, (*path, "every"), journey.every, DAY)
    total = 0
    clear = True
    for index, step in enumerate(journey.steps):
        where = (*path, "steps", index)
        whole = ask_patience(findings, (*where, "timeout"), step.timeout)
        clear = clear and whole
        total += step.timeout.whole_seconds
        if whole and step.expect.within is not None:
            ask_within(findings, (*where, "expect", "within"), step.expect.within, step.timeout)
    longest = Duration.of(total)
    steps = (*path, "steps")
    if clear and longest > _LONGEST:
        wrong = f"its {len(journey.steps)} steps may take {longest}"
        right = f"let their timeouts be {_LONGEST} together, or make two journeys of it"
        findings.add(steps, wrong, right)
    elif clear and longest >= journey.every:
        findings.add(
            steps,
            f"they may take {longest}, but the journey is made every {journey.every}",
            "shorten their timeouts, or make it less often",
            because=((*path, "every"),),
        )


def _runner(findings: Findings[Platform], path: Path, journey: Journey) -> None:
    if journey.run is not Runner.HOST:
        ask_where(findings, path, journey)
        return
    platform = findings.value
    hosts = any(service.is_ is Kind.HOST for service in platform.services.values())
    if platform.server is None and not hosts:
        wrong = "there is no host that could make it"
        right = "add a service that is: host, or write run: worker"
        findings.add((*path, "run"), wrong, right, because=(("services",), ("server",)))
    for key in ("from", "down-when"):
        if findings.is_written((*path, key)):
            wrong = f"a journey that a host makes has no {key}"
            right = "remove it, or write run: worker"
            findings.add((*path, key), wrong, right, because=((*path, "run"),))


def _same(findings: Findings[Platform]) -> None:
    alike: dict[tuple[str, Runner, int], list[str]] = {}
    for name, journey in findings.value.journeys.items():
        alike.setdefault((journey.of, journey.run, len(journey.steps)), []).append(name)
    for names in alike.values():
        seen: dict[str, str] = {}
        for name in names if len(names) > 1 else ():
            journey = findings.value.journeys[name]
            other = seen.setdefault(repr((journey.steps, sorted(journey.from_))), name)
            if other != name and not findings.is_unclear(("journeys", name)):
                findings.add(
                    ("journeys", name),
                    f"it makes the same steps as {other}",
                    "make other steps, or remove one of them",
                    because=(("journeys", other),),
                )
