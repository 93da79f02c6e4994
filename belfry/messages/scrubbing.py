"""What is taken out of a text before anybody is told: the platform file's `privacy.scrub`.

Secrets whose form is known are always taken out. The expressions run in Python and in the Worker's
JavaScript, so they hold only what both read alike: ASCII classes, and cases written out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from belfry.language.records import Scrubbed
from belfry.secret_looks import LOOKS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One expression, and what stands where it was found."""

    kind: Scrubbed | None
    """None: always."""
    word: str
    expression: str
    is_card: bool = False
    """Only those groups of digits go that have a card's check digit."""


_REST = r"""[^\s"'`]*"""
"""What goes on after the form of a secret is part of it."""
_VALUE = r"""["']?\s*[:=]\s*["']?[^\s"',;&]{4,}"""
_PART = r"""[^\s@<>"'(),;:=\[\]]"""
_DOMAIN = r"""[^\s@<>"'(),;:/\[\].]+"""
"""A character of a mail address's local part."""
_BYTE = r"(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
_CARD_WORD = "[card number]"
_WORDS = re.compile(r"\(\?i:([a-z|]+)\)")


def _portable(expression: str) -> str:
    """Write out what is only about the case of letters: JavaScript knows no (?i:…)."""

    def cases(found: re.Match[str]) -> str:
        letters = "".join(
            one if one == "|" else f"[{one.upper()}{one.lower()}]" for one in found[1]
        )
        return f"(?:{letters})"

    return _WORDS.sub(cases, expression)


def _patterns() -> Iterator[Pattern]:
    for look in LOOKS:
        yield Pattern(kind=None, word="[secret]", expression=_portable(look.form.pattern) + _REST)
    yield Pattern(
        kind=Scrubbed.API_KEY,
        word="[key]",
        expression=_portable(rf"(?i:api|access|secret|private|account)[_ -]?(?i:key){_VALUE}"),
    )
    yield Pattern(
        kind=Scrubbed.TOKEN,
        word="[token]",
        expression=_portable(
            rf"(?i:token|password|passwd|secret|session|authorization|cookie){_VALUE}"
        ),
    )
    yield Pattern(
        kind=Scrubbed.EMAIL,
        word="[mail address]",
        expression=rf"(?<!{_PART}){_PART}+@(?:{_DOMAIN}\.)+{_DOMAIN}",
    )
    yield Pattern(
        kind=Scrubbed.CARD_NUMBER,
        word=_CARD_WORD,
        expression=r"[0-9]+(?:[ -][0-9]+)*",
        is_card=True,
    )
    yield Pattern(
        kind=Scrubbed.IP_ADDRESS,
        word="[IP address]",
        expression=rf"(?<![0-9.])(?:{_BYTE}\.){{3}}{_BYTE}(?![0-9]|\.[0-9])",
    )
    yield Pattern(
        kind=Scrubbed.IP_ADDRESS,
        word="[IP address]",
        expression=r"(?<![\w:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
        r"|(?=[0-9A-Fa-f:]*::)(?=:*[0-9A-Fa-f])[0-9A-Fa-f:]{3,39})(?![\w:])",
    )
    yield Pattern(
        kind=Scrubbed.PHONE,
        word="[phone number]",
        expression=r"(?<![\w.+])\+[0-9](?:[ ()./-]{0,2}[0-9]){6,14}(?![0-9])",
    )


PATTERNS: tuple[Pattern, ...] = tuple(_patterns())
"""In the order in which they are applied."""
_COMPILED = tuple((one, re.compile(one.expression, re.ASCII)) for one in PATTERNS)


class Card(TypedDict):
    """How cards' numbers look."""

    least: int
    most: int
    """Digits (ISO/IEC 7812-1)."""
    first: str
    """Digits that those of banks begin with."""


CARD: Card = {"least": 13, "most": 19, "first": "23456"}


FIELD = {
    "before": r"(?<![\w.-])",
    "after": r"""["']?\s*[:=]\s*(?:"[^"]*"|'[^']*'|[^\s"',;&]+)""",
    "word": "[hidden]",
}
"""What stands around the name of a field that is taken out, and what stands for both."""


def scrubbed(text: str, kinds: Collection[str], fields: Collection[str] = ()) -> str:
    """Take out what is secret, and what the platform keeps to itself: kinds of text, and fields."""
    for pattern, compiled in _COMPILED:
        if pattern.kind is not None and pattern.kind not in kinds:
            continue
        if pattern.is_card:
            text = compiled.sub(lambda found: _without_cards(found[0]), text)
        else:
            text = compiled.sub(pattern.word, text)
    for name in fields:
        expression = FIELD["before"] + _any_case(name) + FIELD["after"]
        text = re.sub(expression, FIELD["word"], text, flags=re.ASCII)
    return text


def _any_case(name: str) -> str:
    """Write an expression for the name of a field: letters, digits, and the marks _ . -."""
    return "".join(
        f"[{one.upper()}{one.lower()}]" if one.isalpha() else one.replace(".", r"\.")
        for one in name
    )


def _without_cards(run: str) -> str:
    """Take cards' numbers out of groups of digits; a card begins and ends with a group."""
    pieces = re.split("([ -])", run)
    kept: list[str] = []
    start = 0
    while start < len(pieces):
        end = _end_of_card(pieces, start)
        kept += [pieces[start] if end is None else _CARD_WORD]
        start = start if end is None else end
        kept += pieces[start + 1 : start + 2]
        start += 2
    return "".join(kept)


def _end_of_card(pieces: list[str], start: int) -> int | None:
    """Say which group ends the card that begins with one; between two groups stands a blank."""
    digits = ""
    for index in range(start, len(pieces), 2):
        digits += pieces[index]
        if len(digits) > CARD["most"]:
            return None
        if len(digits) >= CARD["least"] and digits[0] in CARD["first"] and _checks(digits):
            return index
    return None


def _checks(digits: str) -> bool:
    """Luhn's sum (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
