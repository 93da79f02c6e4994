"""PromQL cut into tokens, as Prometheus' lexer does: braces and brackets have rules of their own.

Source: prometheus/promql/parser/lex.go, release 3.14.
"""

from __future__ import annotations

import re
from typing import NamedTuple

AGGREGATORS = frozenset(
    [
        "sum",
        "avg",
        "count",
        "min",
        "max",
        "group",
        "stddev",
        "stdvar",
        "topk",
        "bottomk",
        "count_values",
        "quantile",
        "limitk",
        "limit_ratio",
    ]
)
KEYWORDS = AGGREGATORS | frozenset(
    [
        "and",
        "or",
        "unless",
        "atan2",
        "offset",
        "smoothed",
        "anchored",
        "by",
        "without",
        "on",
        "ignoring",
        "group_left",
        "group_right",
        "fill",
        "fill_left",
        "fill_right",
        "bool",
        "start",
        "end",
        "step",
        "range",
        "max_of",
        "min_of",
    ]
)
"""Words that mean something where they stand; their case does not matter."""


class Token(NamedTuple):
    """A token: `kind` is the keyword or the sign itself, or one of the names in capitals below."""

    kind: str
    text: str
    start: int


WORD = "WORD"
METRIC = "METRIC"
"""A word with a colon."""
NUMBER = "NUMBER"
DURATION = "DURATION"
STRING = "STRING"
BROKEN = "BROKEN"
"""What is no token; its text says why, as `wrong` and `right` with a line feed between them."""
END = "END"

_BLANKS = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)+")
_NUMBER = re.compile(
    r"(?:0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*"
    r"|(?:[0-9]+(?:_[0-9]+)*\.?|\.(?=[0-9]))(?:[0-9]+(?:_[0-9]+)*)?(?:[eE][+-]?[0-9]+(?:_[0-9]+)*)?)"
    r"(?![0-9A-Za-z_.])"
)
_DURATION = re.compile(r"[0-9]+(?:ms|[smhdwy])(?:[0-9]+(?:ms|[smhdw]))*(?![0-9A-Za-z_])")
_DURATION_ORDER = re.compile(
    r"(?:[0-9]+y)?(?:[0-9]+w)?(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?"
)
_NUMBER_LIKE = re.compile(r"[0-9A-Za-z_.]+")
_WORD_OR_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`""", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:[abfnrtv\\]|[0-3][0-7]{2}|x[0-9a-fA-F]{2}|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"
    r"|U(?!0000[dD][89a-fA-F])00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})"
)
_TWO = frozenset(("==", "!=", "<=", ">=", "</", ">/"))
_ONE = frozenset("+-*/%^=<>(),@")
_IN_BRACKETS = frozenset("+-*/%^():,")
_OPERATORS_IN_BRACES = re.compile("=~|!~|!=|=|,")
_PAREN_NEXT = re.compile(r"[ \t\r\n]*\(")


def tokens(text: str) -> list[Token]:
    """Cut a text into tokens; the last is END, or BROKEN where nothing goes on."""
    found: list[Token] = []
    at = 0
    scan = _outside
    while True:
        if blanks := _BLANKS.match(text, at):
            at = blanks.end()
        if at == len(text):
            found.append(Token(END, "", at))
            return found
        token = scan(text, at)
        found.append(token)
        kind = token.kind
        if kind == BROKEN:
            return found
        at += len(token.text)
        if kind == "{":
            scan = _in_braces
        elif kind == "[":
            scan = _in_brackets
        elif kind in ("}", "]"):
            scan = _outside


def _outside(text: str, at: int) -> Token:
    letter = text[at]
    if word := _WORD_OR_METRIC.match(text, at):
        return _word(text, word[0], at)
    if letter in "0123456789" or (letter == "." and text[at + 1 : at + 2].isdigit()):
        return _number(text, at)
    if letter in "\"'`":
        return _string(text, at)
    two = text[at : at + 2]
    if two in _TWO:
        return Token(two, two, at)
    if letter in _ONE and two != "=~":
        return Token(letter, letter, at)
    if letter in "[]{}":
        return Token(letter, letter, at)
    if two in ("=~", "!~"):
        right = "a comparison is == or !=; =~ and !~ stand in the braces of a selector"
        return _broken(at, f"{two} stands outside of braces", right)
    if letter == "!":
        return _broken(at, "! is no operator", "write != or, to negate a set, unless")
    return _broken(at, f"{_shown(letter)} does not belong here", _instead_of(text, at))


def _in_braces(text: str, at: int) -> Token:
    letter = text[at]
    if word := _WORD.match(text, at):
        return Token(WORD, word[0], at)
    if letter in "\"'`":
        return _string(text, at)
    if operator := _OPERATORS_IN_BRACES.match(text, at):
        return Token(operator[0], operator[0], at)
    if letter == "}":
        return Token(letter, letter, at)
    if letter in ")]":
        return _broken(at, f"{letter} does not belong into braces", "close the braces with } first")
    usual = 'a matcher is written label="value", with =, !=, =~ or !~'
    right = _INSTEAD.get(letter, usual)
    return _broken(at, f"{_shown(letter)} does not belong into braces", right)


def _in_brackets(text: str, at: int) -> Token:
    letter = text[at]
    if letter in _IN_BRACKETS or letter == "]":
        return Token(letter, letter, at)
    if letter in "0123456789" or (letter == "." and text[at + 1 : at + 2].isdigit()):
        return _number(text, at)
    word = _WORD.match(text, at)
    if word and word[0].lower() in ("step", "range", "max_of", "min_of"):
        return Token(word[0].lower(), word[0], at)
    if word and word[0].startswith("__"):
        right = "write a duration such as 5m: this is Grafana's, and a rule has no dashboard"
        return _broken(at, f"Prometheus does not know {word[0]}", right)
    if letter == "$":
        right = "write a duration such as 5m: a rule has no variables"
        return _broken(at, "a variable stands here", right)
    if letter == "}":
        return _broken(at, "} does not belong into brackets", "close the brackets with ] first")
    thing = word[0] if word else _shown(letter)
    return _broken(at, f"{thing} does not belong into brackets", "write a duration such as 5m")


def _word(text: str, word: str, at: int) -> Token:
    lower = word.lower()
    if lower in ("inf", "nan"):
        return Token(NUMBER, word, at)
    if lower not in KEYWORDS:
        return Token(METRIC if ":" in word else WORD, word, at)
    if lower.startswith("fill") and not _PAREN_NEXT.match(text, at + len(word)):
        return Token(WORD, word, at)
    return Token(lower, word, at)


def _number(text: str, at: int) -> Token:
    if number := _NUMBER.match(text, at):
        return Token(NUMBER, number[0], at)
    if duration := _DURATION.match(text, at):
        if _DURATION_ORDER.fullmatch(duration[0]):
            return Token(DURATION, duration[0], at)
        right = "name each unit once, the largest first: 1h30m"
        return _broken(at, f"{duration[0]} is no duration", right)
    like = _NUMBER_LIKE.match(text, at)
    written = like[0][:40] if like else text[at]
    if re.fullmatch(r"[0-9]+\.[0-9]+(?:ms|[smhdwy])", written):
        right = "write whole units: 1h30m instead of 1.5h"
        return _broken(at, f"{written} is no duration", right)
    right = "a number is written 0.5 or 1e3, a duration 5m, 1h30m or 100ms"
    return _broken(at, f"{written} is neither a number nor a duration", right)


def _string(text: str, at: int) -> Token:
    found = _STRING.match(text, at)
    quote = text[at]
    if found is None:
        right = f"close it with {quote}"
        if quote != "`" and "\n" in text[at:]:
            right += " on the same line, or write it between ` and `"
        return _broken(at, "this text does not end", right)
    if quote != "`":
        inside = found[0]
        place = inside.find("\\")
        while place >= 0:
            escape = _ESCAPE.match(inside, place)
            if escape is None and inside[place + 1] != quote:
                right = "double the backslash, or write the text between ` and `"
                return _broken(at + place, f"{inside[place : place + 2]!s} is no escape", right)
            place = inside.find("\\", escape.end() if escape else place + 2)
    return Token(STRING, found[0], at)


_INSTEAD = {
    "“": 'write plain quotation marks: "',
    "”": 'write plain quotation marks: "',
    "‘": "write plain quotation marks: '",
    "’": "write plain quotation marks: '",
    "$": "a rule has no variables: write the value",
    "&": "write and",
    "|": "write or",
    "\u00a0": "write a plain blank",
    "≥": "write >=",
    "≤": "write <=",
    "×": "write *",
    "–": "write -",
    "−": "write -",
    ";": "a rule has one expression",
}


def _instead_of(text: str, at: int) -> str:
    return _INSTEAD.get(text[at], "remove it, or put it into quotation marks")


def _shown(letter: str) -> str:
    return letter if letter.isprintable() else f"the character U+{ord(letter):04X}"


def _broken(at: int, wrong: str, right: str) -> Token:
    return Token(BROKEN, f"{wrong}\n{right}", at)


def unquoted(text: str) -> str:
    """Give what a STRING token says; its escapes were checked when it was cut."""
    inside = text[1:-1]
    if text[0] == "`" or "\\" not in inside:
        return inside
    return _ANY_ESCAPE.sub(_meant, inside)


_ANY_ESCAPE = re.compile(r"\\(?:[0-7]{3}|x..|u.{4}|U.{8}|.)", re.DOTALL)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _meant(escape: re.Match[str]) -> str:
    what = escape[0][1:]
    if what[0] in "xuU":
        return chr(int(what[1:], 16))
    if what[0].isdigit():
        return chr(int(what, 8))
    return _LETTERS.get(what, what)


_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_STEP = re.compile(r"([0-9]+)(ms|[smhdwy])")


def seconds_of(duration: str) -> float:
    """Give the seconds of a DURATION token."""
    return sum(int(count) * _UNITS[unit] for count, unit in _STEP.findall(duration))


def number_of(text: str) -> float | None:
    """Give the value of a NUMBER token; None if it is none, as 0x1.8 or 09_1."""
    plain = text.replace("_", "").lower()
    try:
        if plain.startswith("0x"):
            return float(int(plain, 16))
        if len(plain) > 1 and plain[0] == "0" and set(plain) <= set("01234567"):
            return float(int(plain, 8))
        return float(plain)
    except (ValueError, OverflowError):
        return None
