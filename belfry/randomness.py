"""Does a text look as if a machine had drawn it? What people write follows the habits of words.

A letter after another costs as many bits as it is unusual in words; a change of case or to a digit
inside a word costs more. Where a stretch of text costs more than writing does, it was drawn.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_BITS = {
    "a": "75448759597343959343667769",
    "b": "35563778459377379446399959",
    "c": "38573793594479289463599979",
    "d": "36651679289577479546589979",
    "e": "47436569789453857234867579",
    "f": "37663489299477389455499969",
    "g": "49782854399564479346489979",
    "h": "28882999398667389564599969",
    "i": "56455559998452359543959796",
    "j": "38772799477888389829386989",
    "k": "47861767389595569736595969",
    "l": "38752689398387379845579949",
    "m": "25872999399658439957599979",
    "n": "48433538496786479833669979",
    "o": "66548669696442549354455899",
    "p": "39773886498388349354499959",
    "q": "69979798799476999646068999",
    "r": "38552759396655379544568959",
    "s": "59482784396677448842497969",
    "t": "39672794299678469345598959",
    "u": "54554669499343749343999899",
    "v": "29771999399888589977899999",
    "w": "28863893398694389447997999",
    "x": "47363697399657629862789669",
    "y": "56564658499444529633875986",
    "z": "39971896399678479776799966",
}
"""Bits of each letter after each, a row a letter, counted over 18,000 words of documentation and
programs, weighted by the root of how often each occurs; 9 stands for nine and more."""

_AT_BEGINNING = 5.0
_DIGIT = 4.0
_CAPITAL_AMONG_CAPITALS = 1.0
_BETWEEN_LETTER_AND_DIGIT = 9.0
_HUMP, _HUMP_IN_SHORT_WORD = 7.0, 9.0
_SEPARATOR, _SEPARATOR_IN_SHORT_WORD = 3.0, 7.0
_FEW = 3
"""Letters of which a word has at least so many."""
_OF_WRITING = 4.8
"""Bits a character from which on a stretch grows; names and paths stay below it on the average."""
_SHORTEST = 12
_DRAWN = 18.0
"""Both measured: of random texts of 20 base64 digits 2 in 1,000 stay below, of 24 digits 1 in
10,000; of long names in documentation and programs 4 in 10,000 are beyond."""

LONG = 20
"""Characters in a row; shorter texts can be guessed, and too many are names."""
_CANDIDATE = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_HEX = re.compile(r"(?<![0-9A-Za-z])([0-9a-f]{20,}|[0-9A-F]{20,})(?![0-9A-Za-z])")
_DIFFERENT = 6
"""Characters; what has fewer was not drawn."""
_ID = re.compile(
    r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
    r"|\b(AC|MG|PN)[0-9a-f]{32}\b"
    r"|\bsha(256:[0-9a-f]{64}|(256|384|512)-[A-Za-z0-9+/]{43,}={0,2})"
)
"""UUIDs, Twilio's SIDs, digests: drawn or computed, and no secrets."""


def is_drawn(text: str) -> bool:
    """Say whether a part of a text, at least twenty characters in a row, seems to be random."""
    return next(_drawn_in(text), None) is not None


def drawn_in(text: str) -> tuple[str, ...]:
    """Give the parts of a text that seem to be random."""
    return tuple(_drawn_in(text))


def _drawn_in(text: str) -> Iterator[str]:
    if len(text) < LONG or _CANDIDATE.search(text) is None:
        return
    rest = _ID.sub(" ", text)
    for found in _HEX.findall(rest):
        if len(set(found)) >= _DIFFERENT:
            yield found
    for found in _CANDIDATE.findall(rest):
        if len(set(found)) >= _DIFFERENT and surprise(found) >= _DRAWN:
            yield found


def surprise(text: str) -> float:
    """Give how many bits the most surprising stretch of a text costs beyond what writing does."""
    most = stretch = 0.0
    length = word = 0
    before = ""
    for letter in text:
        bits, goes_on = _step(before, letter, word < _FEW)
        before = letter
        word = word + 1 if goes_on else 1
        stretch += bits - _OF_WRITING
        length += 1
        if stretch <= 0:
            stretch, length = 0.0, 0
        elif length >= _SHORTEST and stretch > most:
            most = stretch
    return most


@cache
def _step(before: str, letter: str, in_short_word: bool) -> tuple[float, bool]:
    """Give the bits of a character after another, and whether it goes on with the word."""
    if not letter.isalnum():
        if before and not before.isalnum():
            return _SEPARATOR, True
        return _SEPARATOR_IN_SHORT_WORD if in_short_word else _SEPARATOR, False
    if not before.isalnum():
        return _DIGIT if letter.isdigit() else _AT_BEGINNING, False
    if before.isdigit() or letter.isdigit():
        both = before.isdigit() and letter.isdigit()
        return (_DIGIT, True) if both else (_BETWEEN_LETTER_AND_DIGIT, False)
    if before.islower() and letter.isupper():
        return _HUMP_IN_SHORT_WORD if in_short_word else _HUMP, False
    bits = float(_BITS[before.lower()][ord(letter.lower()) - ord("a")])
    return bits + (_CAPITAL_AMONG_CAPITALS if letter.isupper() else 0.0), True
