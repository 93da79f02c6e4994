"""The letters of a file: how bytes become lines, and which letters are not what they look like."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LINE_END = re.compile("\r\n|\n|\r")
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_SEPARATORS = "\x85\u2028\u2029"
_BLANKS = "\xa0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000"
_STRANGE_INDENTATION = re.compile(rf"^ *([{_BLANKS}][ {_BLANKS}]*)(?=[^\s#])", re.MULTILINE)
_STRANGE_END = re.compile(rf"^[{_BLANKS}\u200c-\u200f]+|[{_BLANKS}\u200c-\u200f]+$")
_OPENING = "“„‟‘‚‛"
_QUOTES = f"{_OPENING}”’"
_ENCODINGS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_SAMPLE = 64


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A letter that no file may hold, and how many letters stand before it."""

    start: int
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text whose letters look like what they are not, and the text that was meant."""

    wrong: str
    right: str
    meant: str


@dataclass(frozen=True, slots=True)
class Strange:
    """The first line that is indented by what only looks like blanks; it counts from 1."""

    line: int
    column: int
    wrong: str
    right: str


def lines(text: str) -> list[str]:
    """Split into lines as editors and YAML count them; there is always one."""
    return _LINE_END.split(text)


def other_encoding(data: bytes) -> str | None:
    """Name the encoding of a file that is plainly not UTF-8."""
    for mark, name in _ENCODINGS:
        if data.startswith(mark):
            return name
    sample = data[:_SAMPLE]
    halves = (sample[::2], sample[1::2])
    nothing = [half.count(0) for half in halves]
    if len(sample) > 3 and max(nothing) * 2 > len(halves[0]) and min(nothing) == 0:
        return "UTF-16"
    return None


def in_latin(byte: int) -> str:
    """Say which letter a byte would be on an old machine, to find it by."""
    letter = bytes([byte]).decode("cp1252", errors="replace")
    return f": in Latin-1 it is “{letter}”" if letter.isprintable() and letter != "�" else ""


def forbidden(text: str) -> Forbidden | None:
    """Find the first letter that cannot stand in a file."""
    found = _UNPRINTABLE.search(text)
    if found is None:
        return None
    name = f"U+{ord(found[0]):04X}"
    if found[0] in _LINE_SEPARATORS:
        wrong = f"the character {name} ends a line for YAML, and not for most editors"
        return Forbidden(found.start(), wrong, "remove it, or begin a line with the Enter key")
    return Forbidden(found.start(), f"the character {name} cannot stand in YAML", "remove it")


def refusal(text: str) -> Refusal | None:
    """Refuse an unquoted text that typographic marks quote, or that begins or ends unseen."""
    if text.isascii():
        return None
    if text[0] in _OPENING or (text[0] in _QUOTES and text[-1] in _QUOTES):
        wrong = f"the typographic mark {text[0]} does not quote in YAML"
        right = 'quote with straight marks: "…"'
        return Refusal(wrong, right, text.strip(_QUOTES) or text)
    if found := _STRANGE_END.search(text):
        right = "remove it, or write an ordinary blank"
        meant = _STRANGE_END.sub("", text)
        return Refusal(f"{_named(found[0][0])} stands beside this text", right, meant)
    return None


def mend_indentation(text: str) -> tuple[str, Strange | None]:
    """Indent with blanks what is indented with letters that only look so; tell of the first."""
    found = _STRANGE_INDENTATION.search(text)
    if found is None:
        return text, None
    before = lines(text[: found.start(1)])
    count = len(_STRANGE_INDENTATION.findall(text))
    more = f", and {count - 1} more" if count > 1 else ""
    strange = Strange(
        len(before),
        len(before[-1]) + 1,
        f"{_named(found[1][0])} indents this line{more}",
        "indent with ordinary blanks",
    )
    return _STRANGE_INDENTATION.sub(lambda one: " " * len(one[0]), text), strange


def _named(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return f"an invisible character, U+{ord(letter):04X} {name.lower()},".replace(" ,", ",")
