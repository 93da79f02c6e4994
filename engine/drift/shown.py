"""Values as people read them: short, and never a secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engine.drift.sealed import Sealed, is_sealed

if TYPE_CHECKING:
    from engine.documents import Json

LONGEST = 80
"""Characters of a value that are shown."""
SECRET = "(secret)"  # noqa: S105 -- stands for one
_BEFORE = 20
"""Characters that two long texts have in common and that are shown before they part."""


def shown(value: Json) -> str | None:
    """Give a value as JSON, texts in quotes, cut; None for nothing."""
    if value is None:
        return None
    masked = _masked(value)
    return SECRET if masked == SECRET else _cut(_quoted(masked))


def shown_beside(was: Json, now: Json) -> tuple[str | None, str | None]:
    """Give two values that differ: long texts from where they part, and both as secret as one."""
    if was is None or now is None:
        return shown(was), shown(now)
    if is_sealed(was) or is_sealed(now):
        return SECRET, SECRET
    if isinstance(was, str) and isinstance(now, str) and max(len(was), len(now)) > LONGEST:
        start = max(_common(was, now) - _BEFORE, 0)
        if start:
            return _cut(f"…{_quoted(was[start:])}"), _cut(f"…{_quoted(now[start:])}")
    return shown(was), shown(now)


def _common(was: str, now: str) -> int:
    pairs = enumerate(zip(was, now, strict=False))
    shorter = min(len(was), len(now))
    return next((index for index, (one, other) in pairs if one != other), shorter)


def _quoted(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _masked(value: Json) -> Json:
    match value:
        case Sealed() | "[secret]" | {"ciphertext": _}:
            return SECRET
        case dict():
            return {name: _masked(part) for name, part in value.items()}
        case list():
            return [_masked(part) for part in value]
        case _:
            return value
