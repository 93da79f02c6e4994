"""Tokens that either API issues itself: of their values prints are kept, and they have their time.

Which tokens there are is the store's: `Store.issued` finds one by its print, `Store.revoked` knows
those that are gone.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from typing import TYPE_CHECKING

from localcloud.moments import parsed

if TYPE_CHECKING:
    from datetime import datetime

    from localcloud.documents import Document, Value

ACCOUNT_TOKENS = "account-tokens"
"""The kind that Cloudflare's are kept as; each lives in its account."""
SERVICE_ACCOUNT_TOKENS = "service-account-tokens"
"""The kind that Grafana's are kept as; each lives in its service account."""


def digest_of(value: str) -> str:
    """Return the print of a token's value: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(value.encode()).hexdigest()


def kept_of(value: str) -> Document:
    """Return what the store keeps hidden in a token: the print alone, by which it is found."""
    return {"digest": digest_of(value)}


def past(moment: Value, at: datetime) -> bool:
    """Tell whether a moment of a token has come; one that it does not have never does.

    Args:
        moment: ISO 8601, in UTC where it names no zone; null or empty: there is none.
        at: now.

    """
    if not isinstance(moment, str) or not moment:
        return False
    come = parsed(moment)
    return (come if come.tzinfo else come.replace(tzinfo=UTC)) <= at
