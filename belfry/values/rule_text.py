"""A text of a rule, for people: its ${names} are filled for each service that the rule is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from belfry.values.line import parse_line
from belfry.values.nonsense import shown
from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

OF_EVERY_SERVICE = ("for", "service", "title")
"""Names that are filled in every text of every rule."""
OF_SOME_SERVICES = ("address", "host", "port", "registered-domain", "script")
"""Names that are filled where the platform says it of the service."""
_LONGEST = 1_000
_SOME = "|".join(OF_SOME_SERVICES)
_OPTIONAL = re.compile(rf"\[(?P<within>[^\[\]]*\$\{{(?:{_SOME})\}}[^\[\]]*)\]|,? for \$\{{for\}}")
_NOTHING = (None, "0s")
_STRANGE = re.compile(
    r"(?P<braces>\{\{(?P<inside>.*?)(?:\}\}|$))"
    r"|\$\{(?P<name>[^{}\s$]*)(?P<closed>\}?)"
    r"|\$(?P<bare>[a-z][a-z0-9-]*)\}?"
)
_LABEL = re.compile(r"labels\.(\w+)", re.IGNORECASE)
_VALUE = re.compile(r"\$value|\.Value")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in a text that would not be filled; people would read it as it stands."""

    at: int
    """The character at which it begins."""
    name: str
    """What is meant to be filled, as it is written; empty where that is no name."""
    wrong: str
    right: str
    """What would be right; empty where another name would be."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A text in pieces, some of which are left out where what they name is not known.

    Those are `[…]` with a name of OF_SOME_SERVICES in it, and `, for ${for}` of a rule that waits
    for nothing. Where brackets begin with a colon, a full stop takes their place.
    """

    text: str
    pieces: tuple[tuple[bool, Template], ...]
    """Whether it may be left out, and what it says."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a text; `mistakes` says which of its names nothing fills.

        Raises:
            Nonsense: it is no text of one line.

        """
        line = parse_line(text, _LONGEST)
        pieces: list[tuple[bool, Template]] = []
        begins = 0
        for match in _OPTIONAL.finditer(line):
            pieces.append((False, Template.of(line[begins : match.start()])))
            pieces.append((True, Template.of(match["within"] or match[0])))
            begins = match.end()
        return cls(line, (*pieces, (False, Template.of(line[begins:]))))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it wants filled, in order."""
        return tuple(name for _, piece in self.pieces for name in piece.names)

    @property
    def whole(self) -> str:
        """The text with its names, and without the brackets."""
        return "".join(str(piece) for _, piece in self.pieces)

    def fill(self, values: Mapping[str, str]) -> str:
        """Put values in; a piece that may be left out, and lacks one, is left out."""
        text = ""
        for optional, piece in self.pieces:
            if not optional or not any(values.get(name) in _NOTHING for name in piece.names):
                text += piece.fill(values)
            elif piece.head.startswith(":"):
                text += "."
        return text

    def mistakes(self, known: Iterable[str]) -> Iterator[Mistake]:
        """Find all that would be read as it stands; `known` are the names that can be filled."""
        names = frozenset(known)
        within = [range(*match.span()) for match in _OPTIONAL.finditer(self.text)]
        for match in _STRANGE.finditer(self.text):
            found = _mistake(match, names)
            if found is not None:
                yield found
            elif match["name"] in OF_SOME_SERVICES and not any(
                match.start() in one for one in within
            ):
                yield Mistake(
                    match.start(),
                    match["name"],
                    f"{match[0]} is not known of every service",
                    "put what needs it into square brackets, which are left out where it is not "
                    f"known, such as: See what it answers[: curl {match[0]}]",
                )

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return self.text


def _mistake(match: re.Match[str], known: frozenset[str]) -> Mistake | None:
    if match["braces"]:
        return _of_go(match, known)
    name, bare = match["name"], match["bare"]
    if bare is not None:
        if bare not in known:
            return None  # a variable of the shell
        return Mistake(
            match.start(), bare, f"{shown(match[0])} lacks its brackets", f"write ${{{bare}}}"
        )
    if not match["closed"]:
        meant = re.match(r"[A-Za-z][\w-]*", name)
        right = f"write ${{{meant[0]}}}" if meant and meant[0] in known else ""
        return Mistake(
            match.start(), meant[0] if meant else "", f"{shown(match[0])} lacks a bracket", right
        )
    if name in known:
        return None
    wrong = f"nothing fills {match[0]}"
    if name.isupper():
        return Mistake(match.start(), name, wrong, f"write ${name} for a variable of the shell")
    return Mistake(match.start(), name, wrong, "")


def _of_go(match: re.Match[str], known: frozenset[str]) -> Mistake:
    wrong = (
        f"{shown(match['braces'])} would be read as it stands: Belfry writes the templates itself"
    )
    label = _LABEL.search(match["inside"])
    if label is not None:
        name = label[1].replace("_", "-")
        return Mistake(match.start(), name, wrong, f"write ${{{name}}}" if name in known else "")
    if _VALUE.search(match["inside"]):
        right = "leave it out: every message says the value beside its limit"
        return Mistake(match.start(), "", wrong, right)
    return Mistake(match.start(), "", wrong, "")
