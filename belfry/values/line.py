"""Texts of one line: titles, sentences, whatever people read."""

from __future__ import annotations

from belfry.values.nonsense import Nonsense

_JOINERS = "\u200c\u200d"
"""Unseen, and part of how some scripts and emoji are written."""


def parse_line(text: str, most: int) -> str:
    """Read a text on one line, of at most so many characters that can be seen.

    Raises:
        Nonsense: there is nothing, too much, or something that cannot be seen.

    """
    if not text.strip():
        raise Nonsense("nothing is written here", "write a text")
    one = text.strip("\n")
    if "\n" in one:
        raise Nonsense("this text has several lines", "write it on one line")
    if len(one) > most:
        raise Nonsense(f"this text has {len(one)} characters", f"write at most {most}")
    if not one.isprintable():
        _must_be_seen(one)
    return one


def _must_be_seen(text: str) -> None:
    from unicodedata import category  # noqa: PLC0415 -- only for texts with unusual characters

    for letter in text:
        kind = category(letter)
        if kind == "Zs" and letter != " ":
            wrong = f"a blank that is not the ordinary one (U+{ord(letter):04X}) stands here"
            raise Nonsense(wrong, "write an ordinary blank instead")
        if letter == "\t":
            raise Nonsense("a tab stands in this text", "write a blank instead")
        if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and letter not in _JOINERS:
            wrong = f"a character that cannot be seen (U+{ord(letter):04X}) stands in this text"
            raise Nonsense(wrong, "take it out")
