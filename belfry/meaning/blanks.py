"""Blanks of journeys: what fills each ${name}, and whether what is found or kept is ever used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.problems import Code, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.findings import Findings
    from belfry.language.journeys import Journey, Step
    from belfry.language.platform import Platform
    from belfry.problems import Path

_DOMAIN = "domain"
"""The one blank that is there without a secret or a capture: the environment's domain."""


def ask_blanks(findings: Findings[Platform], name: str, journey: Journey) -> None:
    """Ask about the blanks of a journey, its captures and its secrets."""
    path = ("journeys", name)
    captured_at: dict[str, int] = {}
    for index, step in enumerate(journey.steps):
        for key in step.capture:
            captured_at.setdefault(key, index)
    used: set[str] = set()
    known: dict[str, str] = {_DOMAIN: "the environment's domain"}
    known |= dict.fromkeys(journey.secrets, "a secret")
    if _DOMAIN in journey.secrets:
        right = "call it otherwise"
        findings.add((*path, "secrets", _DOMAIN), "the environment's domain has this name", right)
    for index, step in enumerate(journey.steps):
        where = (*path, "steps", index)
        for part, blank in _blanks(step):
            used.add(blank)
            if blank not in known:
                _unfilled(findings, (*where, *part), blank, known, captured_at.get(blank))
        for key in step.capture:
            if key in known:
                wrong, right = f"{known[key]} has this name already", "call it otherwise"
                findings.add((*where, "capture", key), wrong, right, because=((*path, "secrets"),))
            known[key] = f"what step {index + 1} captures"
    _unused(findings, path, journey, used, captured_at)


def _blanks(step: Step) -> Iterator[tuple[Path, str]]:
    """Give the blanks of a step, each once for each part that has it."""
    yield from ((("path",), blank) for blank in dict.fromkeys(step.path.names))
    for header, value in step.headers.items():
        yield from ((("headers", header.name), blank) for blank in dict.fromkeys(value.names))
    if step.body is not None:
        yield from ((("body",), blank) for blank in dict.fromkeys(step.body.names))


def _unfilled(
    findings: Findings[Platform], path: Path, blank: str, known: dict[str, str], later: int | None
) -> None:
    journey = path[:2]
    because = ((*journey, "secrets"), (*journey, "steps"))
    if later == path[3]:
        wrong = f"${{{blank}}} is captured from the answer to this very step"
        right = "use it in a later step, or capture it in an earlier one"
    elif later is not None:
        wrong = f"${{{blank}}} is captured only by step {later + 1}"
        right = "move that step up, or capture it earlier"
    else:
        wrong = f"nothing fills ${{{blank}}}"
        meant = nearest(blank, known)
        right = (
            f"did you mean ${{{meant}}}?"
            if meant
            else "capture it in an earlier step, or add it to the journey's secrets"
        )
    steps = findings.value.journeys[str(journey[1])].steps
    name = blank if later is not None else nearest(blank, known) or ""
    captured = tuple(
        (*journey, "steps", index, "capture", name)
        for index, step in enumerate(steps)
        if name in step.capture and later in (None, index)
    )
    findings.add(path, wrong, right, because=because, also=captured)


def _unused(
    findings: Findings[Platform],
    path: Path,
    journey: Journey,
    used: set[str],
    captured_at: dict[str, int],
) -> None:
    if findings.is_unclear((*path, "steps")):
        return
    known = {_DOMAIN, *journey.secrets, *captured_at}
    if not used <= known:
        return  # what is misspelt may be the use that is missed
    for key, index in captured_at.items():
        if key not in used and key != _DOMAIN and key not in journey.secrets:
            where = (*path, "steps", index, "capture", key)
            right = f"write ${{{key}}} in a later step, or remove it"
            findings.add(where, "no step uses it", right, code=Code.UNUSED)
    for key in journey.secrets:
        where = (*path, "secrets", key)
        of_its_own = findings.written(where)[: len(path)] == findings.written(path)
        if key not in used and of_its_own:
            right = f"write ${{{key}}} in a step, or remove it"
            findings.add(where, "no step uses it", right, code=Code.UNUSED)
