"""Places in a JSON document: status, services.database.status, items[0].id."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from belfry.values.nonsense import GUESSED, Nonsense, shown

_LONGEST = 300
_DEEPEST = 20
_NAME = r"[A-Za-z_$@][A-Za-z0-9_$@-]*"
_STEP = (
    r"\.?([A-Za-z_$@][A-Za-z0-9_$@-]*)"
    r"|\[(0|[1-9][0-9]{0,8})\]"
    r"|\[(\"(?:[^\"\\\x00-\x1f]|\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4}))*\")\]"
    r"|\['([^'\"\\\x00-\x1f]*)'\]"
)


class Missing(Enum):
    """What is found where there is nothing."""

    MISSING = "nothing"


MISSING: Final = Missing.MISSING


@dataclass(frozen=True, slots=True)
class JsonPath:
    """The way from the top of a document to one value in it."""

    steps: tuple[str | int, ...]
    """Keys of tables and, counted from 0, positions in lists; none: the whole document."""

    PATTERN = r"^[A-Za-z_$@\[][^\n]*$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `items[0].id`; `$.` in front and quoted keys, `["a key"]`, are taken too.

        Raises:
            Nonsense: the text is something else, leads to several values, or too deep.

        """
        if len(text.removeprefix("$")) > _LONGEST:
            raise Nonsense(f"{shown(text)} is too long", f"write at most {_LONGEST} characters")
        steps: list[str | int] = []
        position = 1 if re.match(r"\$(?:[.\[]|\Z)", text) else 0
        whole = position == 1
        while position < len(text):
            match = re.compile(_STEP).match(text, position)
            dotted = text[position] == "."
            out_of_place = match is not None and match[1] and dotted != bool(steps or whole)
            if match is None or out_of_place or not match[0].isprintable():
                raise Nonsense(f"{shown(text)} is not a place in JSON", _remedy(text))
            name, index, quoted, plain = match.groups()
            steps.append(int(index) if index else _unquoted(quoted) if quoted else name or plain)
            position = match.end()
        if not steps and not whole:
            raise Nonsense(f"{shown(text)} is not a place in JSON", _remedy(text))
        if len(steps) > _DEEPEST:
            raise Nonsense(f"{shown(text)} is too deep", f"write at most {_DEEPEST} steps")
        return cls(tuple(steps))

    def find(self, document: object) -> object:
        """Give the value in a document as `json.loads` makes it; MISSING where it has none."""
        found = document
        for step in self.steps:
            if isinstance(found, dict):
                found = found.get(step, MISSING)
            elif isinstance(found, list) and isinstance(step, int) and step < len(found):
                found = found[step]
            else:
                return MISSING
        return found

    def __str__(self) -> str:
        """Print the canonical text: without `$`, but where nothing else could stand in front."""
        text = "" if self.steps and _is_plain(self.steps[0]) else "$"
        for step in self.steps:
            if isinstance(step, int):
                text += f"[{step}]"
            elif _is_plain(step):
                text += f".{step}" if text else step
            else:
                text += f"[{_quoted(step)}]"
        return text


def _is_plain(step: str | int) -> bool:
    return isinstance(step, str) and step != "$" and re.fullmatch(_NAME, step) is not None


def _quoted(key: str) -> str:
    """Quote a key; what cannot be seen is escaped, and nothing else that need not be."""
    from json import dumps  # noqa: PLC0415 -- only for keys that are no plain names

    return "".join(
        letter if letter.isprintable() else dumps(letter)[1:-1]
        for letter in dumps(key, ensure_ascii=False)
    )


def _unquoted(text: str) -> str:
    from json import loads  # noqa: PLC0415 -- only for keys that are no plain names

    return str(loads(text))


def _remedy(text: str) -> str:
    otherwise = "write keys with points between them, such as services.database.status or items[0]"
    short = text[:GUESSED].strip()
    if re.search(r"\*|\.\.|\[\?|\[:|:\]|\[-|,", short):
        return "a place is one value: write keys and positions, such as items[0].id"
    keys = re.sub(r"->>?|::|[/.\[\]'\"]+", ".", re.sub(r"^\$?[./#]*", "", short)).strip(".")
    steps = tuple(
        int(key) if key.isdecimal() and place else key for place, key in enumerate(keys.split("."))
    )
    if not keys or not keys.isprintable() or len(text) > GUESSED:
        return otherwise
    return f"write {JsonPath(steps)}"
