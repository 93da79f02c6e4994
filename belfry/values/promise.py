"""How soon people answer: 15m, next business day, best effort."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from belfry.values.duration import DAY, Duration
from belfry.values.nonsense import Nonsense


class Word(StrEnum):
    """Promises that are no span of time."""

    NEXT_BUSINESS_DAY = "next business day"
    BEST_EFFORT = "best effort"


@dataclass(frozen=True, slots=True)
class Promise:
    """Within a span of time, by the end of the next working day, or when somebody finds time."""

    within: Duration | None
    """The longest that it may take while people are at work; None: no promise at all."""
    word: Word | None = None

    PATTERN = rf"{Duration.PATTERN}|^next business day$|^best effort$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a duration, `next business day` or `best effort`.

        Raises:
            Nonsense: the text is something else.

        """
        if text == Word.NEXT_BUSINESS_DAY:
            return cls(DAY, Word.NEXT_BUSINESS_DAY)
        if text == Word.BEST_EFFORT:
            return cls(None, Word.BEST_EFFORT)
        try:
            return cls(Duration.parse(text))
        except Nonsense as nonsense:
            if any(letter.isdigit() for letter in text):
                raise
            raise Nonsense(
                nonsense.wrong, "write a duration such as 15m, next business day, or best effort"
            ) from nonsense

    @property
    def whole_seconds(self) -> int:
        """The promise in seconds; 0 where there is none."""
        return self.within.whole_seconds if self.within is not None else 0

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return str(self.word or self.within)
