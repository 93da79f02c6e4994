"""What KV takes: keys, values, metadata, and when they may end; alone and in bulk alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from localcloud.allowances import KV_KEY_BYTES, KV_METADATA_BYTES, KV_VALUE_BYTES
from localcloud.cloudflare.envelope import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from localcloud.shelves import Held

SHORTEST = 60
"""Seconds that a pair stays at least (reference of the KV API)."""
_LATEST = 2**53 - 1
"""Of seconds: larger numbers are no longer told apart in JSON."""

NO_NAME = Refusal(status=400, code=10001, message="'{key}' is not allowed as a key name.")
TOO_LONG_KEY = Refusal(
    status=414,
    code=10001,
    message="UTF-8 encoded length of {size} exceeds key length limit of {most}.",
)
TOO_LARGE = Refusal(
    status=413, code=10001, message="{what} length of {size} exceeds limit of {most}."
)
TOO_SHORT = Refusal(
    status=400,
    code=10001,
    message="Invalid expiration_ttl of {seconds}. Expiration TTL must be at least {least}.",
)
TOO_SOON = Refusal(
    status=400,
    code=10001,
    message=(
        "Invalid expiration of {seconds}. Expiration times must be at least {least} seconds in "
        "the future."
    ),
)


def check_key(key: str) -> None:
    """Check a key that is written, read or deleted.

    Raises:
        RefusedError: it is too long, empty, or a dot or two.

    """
    if key in ("", ".", ".."):
        raise NO_NAME.about(key=key)
    if (size := len(key.encode())) > KV_KEY_BYTES:
        raise TOO_LONG_KEY.about(size=str(size), most=str(KV_KEY_BYTES))


def check_pair(key: str, held: Held, ends: dict[str, int], at: datetime) -> None:
    """Check a pair that is written.

    Args:
        key: of the pair.
        held: its value and metadata.
        ends: `expirationTtl` in seconds or `expiration` in seconds since 1970; with both the
            first counts, with neither it stays.
        at: when it is written.

    Raises:
        RefusedError: the key is none, something is too large, or it ends too soon.

    """
    check_key(key)
    metadata = "" if held.metadata is None else _compact(held)
    for what, size, most in (
        ("Value", len(held.content), KV_VALUE_BYTES),
        ("Metadata", len(metadata.encode()), KV_METADATA_BYTES),
    ):
        if size > most:
            raise TOO_LARGE.about(what=what, size=str(size), most=str(most))
    if "expirationTtl" in ends:
        if not SHORTEST <= ends["expirationTtl"] <= _LATEST:
            raise TOO_SHORT.about(seconds=str(ends["expirationTtl"]), least=str(SHORTEST))
    elif "expiration" in ends and not (at.timestamp() + SHORTEST <= ends["expiration"] <= _LATEST):
        raise TOO_SOON.about(seconds=str(ends["expiration"]), least=str(SHORTEST))


def _compact(held: Held) -> str:
    return json.dumps(held.metadata, ensure_ascii=False, separators=(",", ":"))
