"""Mistakes as SARIF 2.1.0, which editors and code hosts read and show on the lines themselves.

OASIS standard "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", the sections
that are named below.
"""

from __future__ import annotations

import hashlib
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from belfry.problems import Code, printed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from belfry.problems import Place, Problem

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_NOWHERE = "platforms"


class _Rule(NamedTuple):
    name: str
    short: str
    help: str


_RULES: Mapping[Code, _Rule] = {
    Code.FILE: _Rule(
        "UnreadableFile",
        "A file cannot be read.",
        "A platform file is UTF-8, at most 16 MiB, and stands where the command looks for it.",
    ),
    Code.YAML: _Rule(
        "NotYaml",
        "A file is not YAML, or uses a part of YAML that belfry does not.",
        "Indent with blanks, close brackets and quotation marks, and quote texts that hold signs. "
        "Anchors, merge keys and tags are not read: name what repeats under defaults.",
    ),
    Code.WRITTEN_TWICE: _Rule(
        "WrittenTwice",
        "The same thing is said twice.",
        "A key stands once in a table, and an entry in one file of a folder.",
    ),
    Code.UNKNOWN_KEY: _Rule(
        "UnknownKey",
        "A key is not known where it stands.",
        "The key is misspelt, or belongs elsewhere. belfry explain tells which keys there are.",
    ),
    Code.MISSING_KEY: _Rule(
        "MissingKey",
        "A key that must be written is missing.",
        "Write it. belfry explain tells what it means and gives an example.",
    ),
    Code.WRONG_KIND: _Rule(
        "WrongKind",
        "A text, a list or a table stands where another of them belongs.",
        "Write the kind that the key takes. belfry explain tells which.",
    ),
    Code.BAD_VALUE: _Rule(
        "BadValue",
        "A text cannot mean what its key needs.",
        "Write a value of the kind that the key takes, with its unit where it has one.",
    ),
    Code.UNKNOWN_NAME: _Rule(
        "UnknownName",
        "A name refers to nothing.",
        "The name is misspelt, or what it refers to is not written yet.",
    ),
    Code.UNUSED: _Rule(
        "Unused",
        "Something is written that nothing uses.",
        "Use it where it was meant, or remove it.",
    ),
    Code.SECRET: _Rule(
        "SecretInClear",
        "A secret stands in the file.",
        "Take the value out and make it invalid where it came from. The file names secrets as "
        "secret:NAME; their values are set with belfry secrets set.",
    ),
    Code.MEANING: _Rule(
        "MakesNoSense",
        "Parts of the file contradict each other, or a service's limits.",
        "Each part is right on its own; together they cannot do what they are for.",
    ),
    Code.ARGUMENT: _Rule(
        "BadArgument",
        "A command was told something that cannot be.",
        "The message says what would be right.",
    ),
}


def sarif(
    problems: Sequence[Problem], *, sources: Callable[[str], Sequence[str]], root: Path
) -> dict[str, object]:
    """Give a log with one run, as values that `json.dumps` takes.

    Args:
        problems: in the order in which they are shown; none is a good result too.
        sources: gives the lines of a file by the name that places have.
        root: what the addresses of files are relative to, such as the checkout.

    """
    codes = list(Code)
    places = chain.from_iterable((*((p.place,) if p.place else ()), *p.also) for p in problems)
    lines = {file: sources(file) for file in {place.file for place in places}}
    fingerprints = _fingerprints(problems, root)
    results = [
        _result(problem, codes.index(problem.code), lines, root, fingerprint)
        for problem, fingerprint in zip(problems, fingerprints, strict=True)
    ]
    driver = {
        "name": "belfry",
        "rules": [_rule(code, _RULES[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the checkout."}}},
        "columnKind": "utf16CodeUnits",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code, rule: _Rule) -> dict[str, object]:
    """Describe a kind of mistake: a reportingDescriptor, section 3.49."""
    return {
        "id": code.value,
        "name": rule.name,
        "shortDescription": {"text": rule.short},
        "fullDescription": {"text": f"{rule.short} {rule.help}"},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": "error"},
    }


def _result(
    problem: Problem,
    index: int,
    lines: Mapping[str, Sequence[str]],
    root: Path,
    fingerprint: str,
) -> dict[str, object]:
    path = printed(problem.path)
    said = ": ".join(part for part in (path, problem.wrong) if part)
    result: dict[str, object] = {
        "ruleId": problem.code.value,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": f"{said}: {problem.right}" if problem.right else said},
        "partialFingerprints": {"belfry/v1": fingerprint},
    }
    logical = [{"fullyQualifiedName": path, "kind": "member"}] if path else []
    place = problem.place
    location: dict[str, object] = {"logicalLocations": logical} if logical else {}
    # Code hosts show no result without a file; what a command was told is shown on their folder.
    address = _address(place.file if place else _NOWHERE, root)
    location["physicalLocation"] = {"artifactLocation": address}
    if place is not None:
        region = _region(place, lines)
        location["physicalLocation"] = {"artifactLocation": address, "region": region}
    result["locations"] = [location]
    if problem.also:
        result["relatedLocations"] = [
            {
                "physicalLocation": {
                    "artifactLocation": _address(one.file, root),
                    "region": _region(one, lines),
                }
            }
            for one in problem.also
        ]
    return result


def _region(place: Place, lines: Mapping[str, Sequence[str]]) -> dict[str, int]:
    return {"startLine": place.line, "startColumn": _column(place, lines[place.file])}


def _address(file: str, root: Path) -> dict[str, str]:
    """Give a relative reference where the file is below the root: section 3.4.

    Outside of it, a file: address.
    """
    absolute = Path(file).absolute()
    if absolute.is_relative_to(root.absolute()):
        relative = absolute.relative_to(root.absolute()).as_posix()
        return {"uri": quote(relative, safe="/"), "uriBaseId": _ROOT}
    return {"uri": absolute.as_uri()}


def _column(place: Place, lines: Sequence[str]) -> int:
    """Count a column in UTF-16 code units from 1, as editors do: section 3.30.6."""
    if not 1 <= place.line <= len(lines):
        return place.column
    before = lines[place.line - 1][: place.column - 1]
    return place.column + sum(letter > "\uffff" for letter in before)


def _fingerprints(problems: Iterable[Problem], root: Path) -> list[str]:
    """Name each result so that it is known again when lines are added above it: section 3.27.17."""
    seen: dict[str, int] = {}
    names = []
    for problem in problems:
        file = _address(problem.place.file, root)["uri"] if problem.place else ""
        parts = (problem.code.value, file, printed(problem.path), problem.wrong)
        digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        seen[digest] = seen.get(digest, 0) + 1
        names.append(f"{digest}:{seen[digest]}")
    return names
