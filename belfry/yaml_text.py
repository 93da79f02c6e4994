"""YAML that is written, not dumped: the same value gives the same bytes, whatever the library."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@+ -]*[A-Za-z0-9_/.-]|[A-Za-z]|([0-9]+[dhms])+")
_TYPED = re.compile("[ -~]*")
_NOT_TEXT = frozenset(("y", "yes", "n", "no", "true", "false", "on", "off", "null"))
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class Note(str):
    """A line for people; a key of a mapping whose value is not written."""

    __slots__ = ()


def written(value: object) -> str:
    """Write a mapping as a document in block style."""
    return "\n".join(_lines(value, 0)) + "\n"


def scalar(value: object) -> str:
    """Write one value on one line; text that could be something else, or end, is quoted."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_TEXT:
        return text
    return quoted(text)


def quoted(text: str) -> str:
    """Write text between quotes: double ones if something in it must be escaped."""
    if _TYPED.fullmatch(text) and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return f'"{"".join(map(_letter, text))}"'


def _letter(letter: str) -> str:
    if letter in _ESCAPED:
        return _ESCAPED[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _lines(value: object, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, Mapping):
        for key, one in value.items():
            if isinstance(key, Note):
                yield f"{indent}# {_comment(key)}"
            elif _is_nested(one):
                yield f"{indent}{scalar(key)}:"
                yield from _lines(one, depth + 1)
            else:
                yield f"{indent}{scalar(key)}: {_flow(one)}"
    else:
        for one in _items(value):
            if _is_nested(one):
                lines = list(_lines(one, depth + 1))
                first = next(i for i, line in enumerate(lines) if not line.lstrip().startswith("#"))
                for line in lines[:first]:
                    yield indent + line.lstrip()
                yield f"{indent}- {lines[first].lstrip()}"
                yield from lines[first + 1 :]
            else:
                yield f"{indent}- {_flow(one)}"


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else (value,)


def _is_nested(value: object) -> bool:
    if isinstance(value, Mapping):
        return bool(value)
    return isinstance(value, list | tuple) and bool(value) and any(map(_is_long, value))


def _is_long(value: object) -> bool:
    """Say whether an item of a list takes lines of its own."""
    return isinstance(value, Mapping | list | tuple) or len(str(value)) > 24


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(scalar, value))}]"
    return scalar(value)


def _comment(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
