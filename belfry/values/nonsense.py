"""The one error of this package: text that a type cannot read."""

from __future__ import annotations

GUESSED = 80
"""Characters of a text up to which it is worth guessing what was meant."""


class Nonsense(ValueError):  # noqa: N818 -- it is what the text is
    """Says what is wrong with a text and what would be right. The caller knows where it stands."""

    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(f"{wrong}: {right}")
        self.wrong = wrong
        self.right = right


def shown(text: str) -> str:
    """Quote a user's text for a message: on one line, and not longer than a message should be."""
    line = "".join(letter if letter.isprintable() else "�" for letter in text[:61])
    line = " ".join(line.split())
    return f'"{line[:57]}…"' if len(text) > 60 else f'"{line}"'


def write(meant: object | None, otherwise: str) -> str:
    """Give the remedy: to write what was meant, when it could be guessed."""
    return otherwise if meant is None else f"write {meant}"
