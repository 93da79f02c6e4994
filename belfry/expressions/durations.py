"""Durations within an expression: of ranges, steps and offsets."""

from __future__ import annotations

import math

from belfry.expressions.cursor import BINDS, DEEPEST, SIGN, Broken, Cursor
from belfry.expressions.tokens import DURATION, NUMBER

_LONGEST_DURATION = 2**63 / 1e9
"""Seconds: Prometheus counts nanoseconds in 64 bits."""


class Durations(Cursor):
    """Reads durations; one that is computed is NaN."""

    def _signed_duration(self) -> float:
        sign = 1
        if self._peek().kind in ("+", "-"):
            sign = -1 if self._take().kind == "-" else 1
        if self._peek().kind in (NUMBER, DURATION):
            return sign * self._number("")
        if self._peek().kind in ("(", "step", "range", "max_of", "min_of"):
            return sign * self._duration_operand()
        raise self._unexpected("a duration such as 5m should follow offset")

    def _in_bounds(self, seconds: float, start: int) -> float:
        if abs(seconds) > _LONGEST_DURATION:
            raise Broken(start, "the duration is longer than Prometheus counts", "292y is the most")
        return seconds

    def _duration(self, least: int) -> float:
        """Read a duration; one that is computed is NaN, unless it is a plain sign."""
        self._depth += 1
        if self._depth > DEEPEST:
            wrong = f"brackets stand in each other more than {DEEPEST} deep"
            raise Broken(self._peek().start, wrong, "compute the duration yourself")
        left = self._duration_operand()
        while (binds := BINDS.get(self._peek().kind, -1)) >= max(least, 4):
            operator = self._take()
            right = self._duration(binds if binds == SIGN else binds + 1)
            if operator.kind in "/%" and right == 0:
                raise Broken(operator.start, "this divides by 0", "divide by another number")
            left = math.nan
        self._depth -= 1
        return left

    def _duration_operand(self) -> float:
        token = self._peek()
        if token.kind in ("+", "-"):
            self._take()
            value = self._duration(SIGN)
            return -value if token.kind == "-" else value
        if token.kind == "(":
            self._take()
            self._duration(0)
            self._expect(")", "close the bracket with )")
            return math.nan
        if token.kind in ("step", "range"):
            self._take()
            self._expect("(", f"write {token.kind}()")
            self._expect(")", f"write {token.kind}()")
            return math.nan
        if token.kind in ("max_of", "min_of"):
            self._take()
            self._expect("(", f"write {token.kind}(5m, step())")
            self._duration(0)
            self._expect(",", f"write {token.kind}(5m, step())")
            self._duration(0)
            self._expect(")", "close the bracket with )")
            return math.nan
        return self._number("a duration such as 5m should stand here")
