"""Whose credentials a call to Cloudflare's API carries: the machine owner's or a token's."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.documents import inner, texts
from localcloud.issued_tokens import ACCOUNT_TOKENS, digest_of, past

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from localcloud.documents import Document
    from localcloud.store import Object, Store

MISSING = Refusal(
    status=400, code=9106, message="Missing X-Auth-Key, X-Auth-Email or Authorization headers"
)
MALFORMED_TOKEN = Refusal(
    status=400,
    code=6003,
    message="Invalid request headers",
    cause=(6111, "Invalid format for Authorization header"),
)
MALFORMED_KEY = Refusal(
    status=400,
    code=6003,
    message="Invalid request headers",
    cause=(6103, "Invalid format for X-Auth-Key header"),
)
UNKNOWN_KEY = Refusal(status=403, code=9103, message="Unknown X-Auth-Key or X-Auth-Email")
INVALID = Refusal(status=401, code=1000, message="Invalid API Token")
ELSEWHERE = Refusal(
    status=403, code=9109, message="Cannot use the access token from location: {address}"
)

_BEARER = re.compile(r"Bearer ([0-9A-Za-z_-]{40,})", re.IGNORECASE)
_KEY = re.compile(r"[0-9A-Za-z_-]{37,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever makes a call."""

    name: str
    """The same for all calls with the same credentials; says nothing of the credentials."""
    token: Object | None
    """None: the owner of this machine, who may do everything."""


def caller(
    store: Store,
    headers: Mapping[str, str],
    *,
    known_only: bool,
    address: str,
    at: datetime,
) -> Caller:
    """Return who calls.

    Args:
        store: keeps the tokens that were issued here.
        headers: of the request, their names in lower case.
        known_only: refuse tokens that were not issued here, and users' keys, none of which is;
            otherwise they are the owner's.
        address: where the call comes from.
        at: when.

    Raises:
        RefusedError: there are no credentials, or none that count, now and from there.

    """
    authorization = headers.get("authorization")
    if authorization is None:
        return _by_key(headers, known_only=known_only)
    value = _BEARER.fullmatch(authorization)
    if value is None:
        raise MALFORMED_TOKEN.about()
    digest = digest_of(value[1])
    token = store.issued(ACCOUNT_TOKENS, digest)
    if token is None:
        if known_only or store.revoked(digest):
            raise INVALID.about()
        return Caller(name=digest, token=None)
    if token.body.get("status", "active") != "active" or not _in_time(token.body, at):
        raise INVALID.about()
    if not _from_there(inner(inner(token.body, "condition"), "request_ip"), address):
        raise ELSEWHERE.about(address=address)
    return Caller(name=digest, token=token)


def _by_key(headers: Mapping[str, str], *, known_only: bool) -> Caller:
    key, email = headers.get("x-auth-key"), headers.get("x-auth-email")
    if not key or not email:
        raise MISSING.about()
    if not _KEY.fullmatch(key):
        raise MALFORMED_KEY.about()
    if known_only:
        raise UNKNOWN_KEY.about()
    return Caller(name=digest_of(f"{email} {key}"), token=None)


def _in_time(token: Document, at: datetime) -> bool:
    begins = token.get("not_before")
    return (not begins or past(begins, at)) and not past(token.get("expires_on"), at)


def _from_there(condition: Document, address: str) -> bool:
    """Tell whether an address is among those that a token may be used from."""
    wanted, unwanted = texts(condition, "in"), texts(condition, "not_in")
    here = ipaddress.ip_address(address)

    def among(ranges: list[str]) -> bool:
        return any(here in ipaddress.ip_network(one, strict=False) for one in ranges)

    return (not wanted or among(wanted)) and not among(unwanted)
