"""What platforms ask of their monitoring, and the keys that say it: docs/requirements.yaml, proved.

`python -m belfry.requirements` writes the same as a page, docs/requirements.md.
"""

# ruff: noqa: TC001 -- `shapes` reads these annotations at run time

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

from belfry import document
from belfry.arguments import Secret
from belfry.forms import Name
from belfry.loading import find_platform, load_platform
from belfry.problems import Problems
from belfry.reader import read
from belfry.scalars import is_value
from belfry.shapes import Record, Says, shape_of
from belfry.values.secret import print_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from belfry.language.platform import Platform

_ROOT = Path(__file__).resolve().parent.parent
SAID = _ROOT / "docs" / "requirements.yaml"
"""What is asked."""
WRITTEN = _ROOT / "docs" / "requirements.md"
"""Where the page is kept."""

_STEP = re.compile(r"[^.\[\]]+|\[[0-9]+\]")
_HEAD = """\
# What is asked, and where it is said

Made from [requirements.yaml](requirements.yaml) by `make docs`; a test holds that every key is
there and prints the value that stands beside it. Paths are those of messages and of
`belfry explain`; under `environments.NAME` stands what holds there. What is no data of a platform
file, has the part of Belfry that meets it instead.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that is asked."""

    says: Annotated[str, Says("In few words, with its figure.", "Prometheus on 9090")]
    keys: Annotated[
        Mapping[str, str],
        Says("Paths in the platform file, and what they print.", "server.scrape: 15s"),
    ] = field(default_factory=dict)
    elsewhere: Annotated[
        str | None, Says("The part of Belfry that meets what is no data of the file.", "runbooks/")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """What one system asks of its monitoring."""

    title: Annotated[str, Says("What people call it.", "Pitchey, server stack")]
    platform: Annotated[Name, Says("The platform file that says it.", "pitchey")]
    parts: Annotated[Mapping[str, tuple[Line, ...]], Says("What is asked, by subject.")]

    def lines(self) -> Iterator[tuple[str, Line]]:
        """Give every line with its subject, in order."""
        for part, lines in self.parts.items():
            for line in lines:
                yield part, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What all systems ask of their monitoring."""

    systems: Annotated[Mapping[str, System], Says("By number.")]


class VanishedError(LookupError):
    """A path leads to nothing that could be printed; the text says where it ends."""


def load_requirements(path: Path = SAID) -> Requirements:
    """Read what is asked.

    Raises:
        Problems: every mistake of the file's form.

    """
    reading = read(Requirements, document.load(path))
    if reading.problems:
        raise Problems(reading.problems)
    return reading.value


def value_at(find: Callable[[str | None], Platform], path: str) -> str:
    """Print what a platform says at a path: one text, a list's texts, or the names of a table.

    Args:
        find: gives the platform as it is in an environment, and for None as it is in the file.
        path: as in messages, such as `severities.P0.escalate[0].after`. Names may hold dots.

    Raises:
        VanishedError: nothing is there, or a table that has keys and no names.

    """
    steps = _STEP.findall(path)
    environment = steps[1] if steps[0] == "environments" and len(steps) > 2 else None
    platform = find(environment)
    if environment and steps[2] not in _keys(platform.environments[environment]):
        steps = steps[2:]
    return _printed(_found(platform, steps, path), path)


def page(requirements: Requirements) -> str:
    """Give the page: a table for each system."""
    return "\n".join([_HEAD, *(_table(*one) for one in requirements.systems.items())])


def _table(number: str, system: System) -> str:
    head = (
        f"## {number}. {system.title}\n\n"
        f"Said by [platforms/{system.platform}.yaml](../platforms/{system.platform}.yaml).\n\n"
        "| part | asked | said by, or met by |\n|---|---|---|\n"
    )
    rows = []
    before = None
    for part, line in system.lines():
        said = [f"`{path}: {value}`" for path, value in line.keys.items()]
        met = [*said, *([line.elsewhere] if line.elsewhere else [])]
        cells = ("" if part == before else part, line.says, "<br>".join(met))
        rows.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |\n")
        before = part
    return head + "".join(rows)


def _found(platform: Platform, steps: list[str], path: str) -> object:
    value: object = platform
    at = 0
    while at < len(steps):
        step = steps[at]
        taken = 1
        if isinstance(value, Mapping):
            names = {str(name): one for name, one in value.items()}
            taken, value = _named(names, steps[at:], path)
        elif isinstance(value, tuple) and step.startswith("["):
            index = int(step[1:-1])
            if index >= len(value):
                raise VanishedError(f"{path}: there are {len(value)} before {step}")
            value = value[index]
        elif getattr(value, "KEY", None) == step:
            pass  # the one kind of several that stands there; its keys follow
        elif step in (keys := _keys(value)):
            value = keys[step]
        else:
            raise VanishedError(f"{path}: there is no {step}")
        at += taken
    return value


def _named(names: Mapping[str, object], steps: list[str], path: str) -> tuple[int, object]:
    """Find the longest name that the next steps make, and how many steps that are."""
    for taken in range(len(steps), 0, -1):
        name = ".".join(steps[:taken])
        if name in names:
            return taken, names[name]
    raise VanishedError(f"{path}: there is no {steps[0]}, but {', '.join(names)}")


def _keys(value: object) -> Mapping[str, object]:
    """Give the values of a record by the keys that people write; of anything else none."""
    if not is_dataclass(value) or is_value(type(value)):
        return {}
    shape = shape_of(cast("Hashable", type(value)))
    if not isinstance(shape, Record):
        return {}
    rest = getattr(value, shape.rest.attribute) if shape.rest else {}
    return {part.key: getattr(value, part.attribute) for part in shape.parts} | rest


def _printed(value: object, path: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Secret):
        return print_secret(value)
    if isinstance(value, tuple):
        return ", ".join(_printed(one, path) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(map(str, value))
    if value is None or value == "" or _keys(value):
        raise VanishedError(f"{path}: {'a table' if value else 'nothing'} stands there")
    return str(value)


def platform_finder(name: str, root: Path = _ROOT) -> Callable[[str | None], Platform]:
    """Give a function that loads a platform of a checkout in one environment, each only once."""
    found: dict[str | None, Platform] = {}

    def find(environment: str | None) -> Platform:
        if environment not in found:
            found[environment] = load_platform(find_platform(root, name), environment=environment)
        return found[environment]

    return find


if __name__ == "__main__":
    WRITTEN.write_text(page(load_requirements()), encoding="utf-8")
