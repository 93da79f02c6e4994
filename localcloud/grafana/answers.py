"""What Grafana answers: bare JSON, and errors with a message."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from localcloud.documents import MalformedError, text

if TYPE_CHECKING:
    from starlette.requests import Request

    from localcloud.documents import Document, Value


class RefusedError(Exception):
    """Grafana refuses the call."""

    def __init__(self, code: int, message: str, **more: Value) -> None:
        """Keep the status code, the message and whatever else the body tells."""
        super().__init__(message)
        self.code = code
        self.body: dict[str, Value] = {"message": message, **more}


def problem(code: int, message_id: str, message: str, **why: Value) -> RefusedError:
    """Return a refusal as Grafana's newer services word it: with an id, and reasons as `extra`."""
    extra: dict[str, Value] = {"extra": why} if why else {}
    return RefusedError(code, message, messageId=message_id, statusCode=code, traceID="", **extra)


def told(value: Value, status: int = 200) -> Response:
    """Return a value as JSON."""
    return JSONResponse(value, status)


def empty(status: int = 204) -> Response:
    """Return no body."""
    return Response(status_code=status)


def provenance(request: Request) -> str:
    """Return what a write makes of an object: owned by the API, or by nobody."""
    return "" if "x-disable-provenance" in request.headers else "api"


def check_provenance(before: Document | None, request: Request) -> None:
    """Refuse to make an object of the API one of nobody: only the reverse is allowed.

    Raises:
        RefusedError: it belongs to the API, and the call says that it belongs to nobody.

    """
    if before is not None and before.get("provenance") == "api" and not provenance(request):
        raise problem(
            403,
            "alerting.notifications.invalidProvenance",
            "Resource with provenance status 'api' cannot be managed via API that handles "
            "resources with provenance status 'none'. You must use appropriate API to manage this "
            "resource",
        )


def edition(value: Value) -> str:
    """Return what Grafana calls the version of an alerting object: a print of its content."""
    return hashlib.blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=8).hexdigest()


def check_edition(sent: Document, before: Document | None) -> None:
    """Refuse a write that is based on something else than what is kept.

    Raises:
        RefusedError: it names a version, and not that one.

    """
    version = text(sent, "version", "")
    if before is not None and version not in ("", before.get("version")):
        raise problem(
            409,
            "alerting.notifications.conflict",
            f"provided version {version} does not match the current version "
            f"{before.get('version')}: read it again, then write",
        )


_UID = re.compile(r"[A-Za-z0-9_-]*")
_LONGEST_UID = 40


def own_uid(sent: Document) -> str:
    """Return the uid that a caller gives, or a new one.

    Raises:
        RefusedError: it is too long or holds what addresses cannot.

    """
    uid = text(sent, "uid", "")
    if len(uid) > _LONGEST_UID:
        raise RefusedError(400, f"uid too long, max {_LONGEST_UID} characters")
    if not _UID.fullmatch(uid):
        raise RefusedError(400, "uid contains illegal characters")
    return uid or secrets.token_hex(7)


_DURATION = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?")
_UNITS = (604800.0, 86400.0, 3600.0, 60.0, 1.0, 0.001)


def seconds(value: str, what: str) -> float:
    """Return the seconds of a duration as Prometheus writes it, such as `1h30m`, `2d` or `0`.

    Raises:
        MalformedError: it is no duration.

    """
    found = _DURATION.fullmatch(value) if value not in ("", "0") else None
    if found is None:
        if value == "0":
            return 0.0
        raise MalformedError(f"{what} is {value!r}, which is no duration such as 30s, 5m or 1h30m")
    pairs = zip(found.groups(), _UNITS, strict=True)
    return sum(float(number) * unit for number, unit in pairs if number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of a list."""

    shown: list[Value]
    number: int
    """From 1 on."""
    length: int
    """How many it holds at most."""


def page(request: Request, *, per_page: str, default: int, found: list[Value]) -> Page:
    """Return the part of a list that the query asks for.

    Args:
        request: its query names the page, from 1.
        per_page: what the query calls the length of a page.
        default: that length when the query names none.
        found: everything.

    """
    length = _natural(request.query_params.get(per_page), default)
    number = _natural(request.query_params.get("page"), 1)
    first = (number - 1) * length
    return Page(shown=found[first : first + length], number=number, length=length)


def _natural(value: str | None, default: int) -> int:
    """Return a number of a query from 1 on; anything else counts as not given, as in Grafana."""
    if value is None or not value.isascii() or not value.isdecimal() or len(value) > _DIGITS:
        return default
    return int(value) or default


_DIGITS = 9


def slug(title: str) -> str:
    """Return a title as addresses hold it."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "x"
