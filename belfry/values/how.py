"""What a condition asks, in our words, and how people write it elsewhere: `>= 80`, `over 5`."""

from __future__ import annotations

import re
from enum import StrEnum

from belfry.values.number import Number, meant_number


class How(StrEnum):
    """What must be so."""

    IS = "is"
    IS_NOT = "is not"
    ONE_OF = "one of"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    ABOVE = "above"
    BELOW = "below"
    MATCHES = "matches"
    PRESENT = "present"
    ABSENT = "absent"


NUMERIC = (How.AT_LEAST, How.AT_MOST, How.ABOVE, How.BELOW)
ALONE = (How.PRESENT, How.ABSENT)
HEADS = "(is not|is|one of|at least|at most|above|below|matches)(?: +(.*))?|(present|absent)"

_SIGNS = {
    "===": How.IS, "!==": How.IS_NOT, "&gt;=": How.AT_LEAST, "&lt;=": How.AT_MOST,
    ">=": How.AT_LEAST, "=>": How.AT_LEAST, "<=": How.AT_MOST, "=<": How.AT_MOST,
    "==": How.IS, "=~": How.MATCHES, "!=": How.IS_NOT, "<>": How.IS_NOT,
    "&gt;": How.ABOVE, "&lt;": How.BELOW,
    "≥": How.AT_LEAST, "≤": How.AT_MOST, "≠": How.IS_NOT, ">": How.ABOVE, "<": How.BELOW,
    "=": How.IS, "!": How.IS_NOT, "~": How.MATCHES,
}  # fmt: skip
"""Longer ones first."""
_LIMITS = {
    "greater than or equal to": How.AT_LEAST, "no less than": How.AT_LEAST,
    "not less than": How.AT_LEAST, "minimum": How.AT_LEAST, "min": How.AT_LEAST,
    "less than or equal to": How.AT_MOST, "no more than": How.AT_MOST, "up to": How.AT_MOST,
    "not more than": How.AT_MOST, "maximum": How.AT_MOST, "max": How.AT_MOST,
    "greater than": How.ABOVE, "more than": How.ABOVE, "higher than": How.ABOVE,
    "over": How.ABOVE,
    "less than": How.BELOW, "fewer than": How.BELOW, "lower than": How.BELOW,
    "smaller than": How.BELOW, "under": How.BELOW,
    "at least": How.AT_LEAST, "at most": How.AT_MOST, "above": How.ABOVE, "below": How.BELOW,
}  # fmt: skip
"""Words before a limit. Longer ones first where one begins as another."""
_EQUALS = {
    "equal to": How.IS, "equals": How.IS, "not equal to": How.IS_NOT, "isn't": How.IS_NOT,
    "is not": How.IS_NOT, "must be": How.IS, "should be": How.IS, "regex": How.MATCHES,
    "one of": How.ONE_OF, "any of": How.ONE_OF, "matches": How.MATCHES,
}  # fmt: skip
"""Words before what must be equal."""
_PATTERNS = {
    "contains": "{}", "includes": "{}", "starts with": "^{}", "begins with": "^{}",
    "ends with": "{}$",
}  # fmt: skip
"""Words before a part of the text, and the pattern that says the same."""
_STATES = {
    "present": How.PRESENT, "exists": How.PRESENT, "not absent": How.PRESENT,
    "not missing": How.PRESENT, "not empty": How.PRESENT, "not null": How.PRESENT,
    "absent": How.ABSENT, "missing": How.ABSENT, "not present": How.ABSENT,
    "does not exist": How.ABSENT,
}  # fmt: skip
_BEGINNINGS = (*_SIGNS, *(f"{words} " for words in (*_LIMITS, *_PATTERNS, *_EQUALS)))


def remedy(how: How, rest: str) -> str | None:
    """Give the words for a condition that somebody wrote otherwise; None: it is none.

    `how` is IS or IS_NOT, and `rest` is what follows, or a whole text without our words.
    """
    lower = rest.lower()
    if how is How.IS_NOT:
        if state := _STATES.get(f"not {lower}"):
            return f"write {state}"
        several = lower.startswith(("one of ", "any of ", "in "))
        return "write one of, with the words that are good" if several else None
    if state := _STATES.get(lower):
        return f"write {state}"
    if lower == "not" or lower.startswith(("not one of ", "none of ", "not in ")):
        return "write one of, with the words that are good"
    if lower.startswith("not ") and lower not in _STATES:
        return _in_words(How.IS_NOT, rest[4:])
    between = re.fullmatch(r"between *(-?[0-9.]{1,12}) *and *(-?[0-9.]{1,12}).*", lower)
    if between is not None:
        return f"write the limit that matters: at least {between[1]}, or at most {between[2]}"
    return _by_head(rest, lower)


def _by_head(rest: str, lower: str) -> str | None:
    """Look at the sign or the words that a text begins with."""
    if lower.startswith(_BEGINNINGS) and (right := _by_words(rest, lower)):
        return right
    match = re.fullmatch(HEADS, lower) if lower != rest else None
    if match is None:
        return None
    head = match[1] or match[3]
    return f"write {head}{rest[len(head) :]}"


def _by_words(rest: str, lower: str) -> str | None:
    for sign, how in _SIGNS.items():
        if rest.startswith(sign):
            return _in_words(how, rest.removeprefix(sign))
    for words, how in _LIMITS.items():
        if lower.startswith(f"{words} ") and (
            right := meant_limit(how, rest[len(words) :].strip())
        ):
            return right
    for words, pattern in _PATTERNS.items():
        if lower.startswith(f"{words} "):
            return f"write matches {pattern.format(_quoted(rest[len(words) :].strip()))}"
    for words, how in _EQUALS.items():
        if lower.startswith(f"{words} "):
            return _in_words(how, rest[len(words) :])
    return None


def _in_words(how: How, operand: str) -> str:
    """Write a condition in our words. The operand may be one in words itself."""
    operand = operand.strip()
    if how in NUMERIC:
        return meant_limit(how, operand) or f"write {how} and a number, such as {how} 80"
    if how in (How.IS, How.IS_NOT) and operand and (right := remedy(how, operand)):
        return right
    return f"write {how} {operand or ('^ok' if how is How.MATCHES else 'healthy')}"


def _quoted(text: str) -> str:
    """Write a text as a pattern that matches it alone."""
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)


def meant_limit(how: How, rest: str) -> str | None:
    """Give the remedy for a limit that is written otherwise, such as with a unit."""
    bare = re.sub(r" *(%|[a-zA-Zµ]{1,12})$", "", rest)
    number = meant_number(bare)
    if number is None:
        return None
    without = "" if bare == rest else ", without a unit and as the answer counts"
    return f"write {how} {Number(number)}{without}"
