"""Whether a text is a regular expression as Prometheus knows them: RE2, Go's regexp/syntax.

Python's `re` knows more (look-around, references) and less (quoting, classes of Unicode), so it
cannot judge. Names of Unicode's classes are not looked up.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class Wrong(NamedTuple):
    """What is wrong with a regular expression, and where in it."""

    offset: int
    wrong: str
    right: str


_PLAIN = re.compile(r"[A-Za-z0-9_ :/\-,;=@!%&~<>\"'#|]*")
_GROUP = re.compile(r"\?P?<([A-Za-z0-9_]+)>|\?([imsU]*)(?:-([imsU]+))?[:)]")
_REPEAT = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_CLASS_NAME = re.compile(r"\[:\^?([a-z]+):\]")
_CLASSES = frozenset(
    [
        "alnum",
        "alpha",
        "ascii",
        "blank",
        "cntrl",
        "digit",
        "graph",
        "lower",
        "print",
        "punct",
        "space",
        "upper",
        "word",
        "xdigit",
    ]
)
_ESCAPES = re.compile(
    r"\\(?:[abfnrtvAzBdDsSwWQ]|[0-7]{1,3}|x[0-9a-fA-F]{2}|x\{0*(?:10|[0-9a-fA-F])?[0-9a-fA-F]{1,4}\}"
    r"|[pP](?:[A-Z]|\{\^?[A-Za-z_]+\})|[\x00-/:-@\[-`{-\x7f])",
    re.DOTALL,
)
_IN_CLASS_ONLY_NOT = frozenset("ABzbQ")
_LARGEST = 1000
"""Repeats: a limit of RE2."""


@lru_cache(maxsize=4096)
def wrong(text: str) -> Wrong | None:
    """Say what is wrong with a regular expression; None: nothing."""
    if _PLAIN.fullmatch(text):
        return None
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._open: list[int] = []
        self._times: list[int] = [1]
        """How often the innermost part of each open bracket, and of all, is repeated at most."""
        self._last = 1
        self._repeatable = False
        self._repeated = False

    def read(self) -> Wrong | None:
        while self._at < len(self._text):
            if found := self._part():
                return found
        if self._open:
            return Wrong(
                self._open[-1], "a bracket is not closed in the regular expression", _CLOSE
            )
        return None

    def _part(self) -> Wrong | None:
        text, at = self._text, self._at
        letter = text[at]
        if letter in "*+?":
            return self._repeat(1)
        if letter == "{" and (count := _REPEAT.match(text, at)):
            least, upper = int(count[1]), count[3]
            most = int(upper) if upper else least
            if least > _LARGEST or most > _LARGEST or most < least:
                right = f"counts go up to {_LARGEST}, the smaller one first"
                return Wrong(at, f"{count[0]} is no count of repeats", right)
            self._last *= max(most, 1)
            if self._last > _LARGEST:
                right = f"repeats within repeats make {_LARGEST} at most"
                return Wrong(at, f"{count[0]} repeats what repeats too often already", right)
            self._times[-1] = max(self._times[-1], self._last)
            return self._repeat(len(count[0]))
        self._repeated = False
        if letter == "(":
            return self._group()
        if letter == ")":
            if not self._open:
                right = "open it before, or write \\) for the sign itself"
                return Wrong(at, "a bracket is closed that was not opened", right)
            self._open.pop()
            self._last = self._times.pop()
            self._times[-1] = max(self._times[-1], self._last)
            self._repeatable = True
            self._at += 1
            return None
        self._last = 1
        if letter == "|":
            self._repeatable = False
            self._at += 1
            return None
        if letter == "[":
            return self._class()
        if letter == "\\":
            return self._escape()
        self._repeatable = True
        self._at += 1
        return None

    def _repeat(self, length: int) -> Wrong | None:
        at = self._at
        sign = self._text[at : at + length]
        if not self._repeatable:
            right = f"put what repeats before it, or write \\{sign[0]} for the sign itself"
            return Wrong(at, f"nothing stands before {sign} that it could repeat", right)
        if self._repeated:
            right = "keep one, or put a bracket around the first: (?:a+)+"
            return Wrong(at, f"{sign} repeats what is repeated already", right)
        self._at += length
        if self._text[self._at : self._at + 1] == "?":
            self._at += 1
        self._repeated = True
        return None

    def _group(self) -> Wrong | None:
        text, at = self._text, self._at
        if text[at + 1 : at + 2] != "?":
            self._at += 1
            self._begin_group(at)
            return None
        group = _GROUP.match(text, at + 1)
        if group is None or (group[3] is None and group[0].endswith("-:")):
            look = text[at : at + 3]
            if look in ("(?=", "(?!") or text[at : at + 4] in ("(?<=", "(?<!"):
                right = "use a second matcher instead: =~ for what must match, !~ for what must not"
                return Wrong(at, "RE2 knows no look-ahead and no look-behind", right)
            return Wrong(at, f"{text[at : at + 3]} begins no group", "write (?: for a plain group")
        self._at = group.end()
        if group[0].endswith(")"):
            return None  # flags for what follows: nothing is open
        self._begin_group(at)
        return None

    def _begin_group(self, at: int) -> None:
        self._open.append(at)
        self._times.append(1)
        self._repeatable = False

    def _escape(self) -> Wrong | None:
        text, at = self._text, self._at
        if text.startswith("\\Q", at):
            end = text.find("\\E", at)
            self._repeatable = True
            self._at = len(text) if end < 0 else end + 2
            return None
        escape = text[at : at + 2]
        if escape == "\\b":
            self._at += 2
            self._repeatable = True
            return None
        found = _ESCAPES.match(text, at)
        if found is None or _is_reference(found[0]):
            return Wrong(at, *_bad_escape(escape))
        self._at = found.end()
        self._repeatable = True
        return None

    def _class(self) -> Wrong | None:
        text, start = self._text, self._at
        at = start + 1
        if text[at : at + 1] == "^":
            at += 1
        first = True
        while at < len(text) and (first or text[at] != "]"):
            first = False
            low, at, bad = self._one(at)
            if bad:
                return bad
            if low and text[at : at + 1] == "-" and text[at + 1 : at + 2] not in ("]", ""):
                high, at, bad = self._one(at + 1)
                if bad:
                    return bad
                if not low or not high or high < low:
                    right = "write the smaller character first: a-z; a - itself stands last"
                    return Wrong(start, "a range in square brackets runs backwards", right)
        if at >= len(text):
            right = "close it with ], or write \\[ for the sign itself"
            return Wrong(start, "a square bracket is not closed in the regular expression", right)
        self._at = at + 1
        self._repeatable = True
        return None

    def _one(self, at: int) -> tuple[str, int, Wrong | None]:
        """Read one character of a class: itself (nothing for a class within), and what follows."""
        text = self._text
        if text.startswith("[:", at) and (named := _CLASS_NAME.match(text, at)):
            if named[1] not in _CLASSES:
                right = f"there are {', '.join(sorted(_CLASSES))}"
                return "", at, Wrong(at, f"there is no class {named[0]}", right)
            return "", named.end(), None
        if text[at] != "\\":
            return text[at], at + 1, None
        found = _ESCAPES.match(text, at)
        escape = text[at : at + 2]
        if found is None or _is_reference(found[0]) or escape[1:] in _IN_CLASS_ONLY_NOT:
            return "", at, Wrong(at, *_bad_escape(escape))
        is_class = escape[1] in "dDsSwWpP"
        return "" if is_class else _meant(found[0]), found.end(), None


_CLOSE = "close it with ), or write \\( for the sign itself"
_LETTERS = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _meant(escape: str) -> str:
    what = escape[1:]
    if what[0] == "x":
        return chr(min(int(what[1:].strip("{}"), 16), 0x10FFFF))
    if what[0].isdigit():
        return chr(int(what, 8))
    return _LETTERS.get(what, what)


def _is_reference(escape: str) -> bool:
    r"""Say whether it is \1, which RE2 does not know: one digit alone that is not 0."""
    return len(escape) == 2 and escape[1] in "1234567"


def _bad_escape(escape: str) -> tuple[str, str]:
    if len(escape) < 2:
        return "the regular expression ends with a backslash", "double it, or remove it"
    if escape[1] in "123456789":
        return f"RE2 knows no references such as {escape}", "write out what is to be repeated"
    return f"RE2 knows no {escape}", "remove the backslash, or use a class such as [0-9]"


@lru_cache(maxsize=4096)
def matches_empty(text: str) -> bool:
    """Say whether a regular expression that is none the wrong matches the empty text."""
    return matches(text, "")


@lru_cache(maxsize=4096)
def _compiled(text: str) -> re.Pattern[str] | None:
    translated = re.sub(r"\\z", r"\\Z", text).replace("(?<", "(?P<")
    try:
        return re.compile(translated, re.DOTALL)
    except (re.error, OverflowError, RecursionError):
        return None


def matches(text: str, value: str) -> bool:
    """Say whether a regular expression matches a whole value; no, when Python cannot tell."""
    pattern = _compiled(text)
    return pattern is not None and pattern.fullmatch(value) is not None
