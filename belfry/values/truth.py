"""Whether something is so: true, false."""

from __future__ import annotations

from belfry.values.nonsense import Nonsense, shown

_YES = ("true", "yes", "y", "on", "1", "t", "enabled", "enable")
_NO = ("false", "no", "n", "off", "0", "f", "disabled", "disable")


def parse_truth(text: str) -> bool:
    """Read `true` or `false`, in small letters.

    Raises:
        Nonsense: the text is something else.

    """
    if text in ("true", "false"):
        return text == "true"
    word = text[:20].strip().lower()
    right = (
        "write true" if word in _YES else "write false" if word in _NO else "write true or false"
    )
    raise Nonsense(f"{shown(text)} is neither true nor false", right)
