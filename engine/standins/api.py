"""The HTTP side of a stand-in: one client, loopback only, with the retries of the real plugins."""

from __future__ import annotations

import ipaddress
import json
import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from engine.loopback import NO_CERTIFICATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx

    from engine.documents import Json


class ApiError(Exception):
    """The service refused a call, or could not be reached. The text is what the user sees."""


class Gone(ApiError):  # noqa: N818 -- says what is so
    """The object is not there (404)."""


class Refused(Exception):  # noqa: N818 -- says what is so
    """The stand-in itself will not do this. The text is what the user sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a multipart body."""

    name: str
    content: str
    filename: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    text: str
    content_type: str = ""

    def json(self) -> Json:
        """The body as JSON; an empty object when there is none, or it is something else."""
        try:
            parsed: Json = json.loads(self.text)
        except ValueError:
            return {}
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """When a call is repeated. Delays are a tenth of the real ones: the service is next door."""

    statuses: frozenset[int]
    delays: tuple[float, ...]
    heeds_server: bool
    """Whether Retry-After, Retry-After-Ms and x-should-retry count, as with Cloudflare's plugin."""


CLOUDFLARE_RETRY = Retry(
    statuses=frozenset({409, 429, *range(500, 600)}), delays=(0.2, 0.4, 0.7, 1.4), heeds_server=True
)
GRAFANA_RETRY = Retry(
    statuses=frozenset({401, 412, 429, 500, 502, 503}), delays=(0.2, 0.4, 0.8), heeds_server=False
)


def require_loopback(address: str, *, setting: str, plugin: str) -> None:
    """Refuse any address that is not this machine.

    Raises:
        Refused: the address is missing, not HTTP, or names another machine.

    """
    remedy = (
        f"This is Belfry's stand-in for the {plugin} provider, which speaks to this machine only. "
        f"For real accounts install the real plugin: pulumi plugin install resource {plugin}"
    )
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not _is_loopback(parts.hostname or ""):
        raise Refused(f"{setting} is {address!r}, which is not a loopback address. {remedy}")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Api:
    """Calls to one service below one address."""

    def __init__(self, *, base: str, headers: Mapping[str, str], retry: Retry) -> None:
        self.base = base.rstrip("/")
        self._headers = dict(headers)
        self._retry = retry
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Json = None,
        parts: Sequence[Part] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request, repeated as the real plugin would; any answer comes back.

        Raises:
            ApiError: the service did not answer at all, or the operation was cancelled.

        """
        content: dict[str, Any] = {}
        if parts:
            content["files"] = [(part.name, _as_file(part)) for part in parts]
        elif body is not None:
            content["json"] = body
        delays = iter(self._retry.delays)
        while True:
            answer, wait = self._attempt(method, path, content, headers or {})
            pause = next(delays, None)
            if wait is None or pause is None:
                return answer
            if self._cancelled.wait(wait if wait >= 0 else pause):
                raise ApiError(f'{method} "{self.base}{path}": cancelled')

    def cancel(self) -> None:
        """Stop waiting for another attempt."""
        self._cancelled.set()

    def close(self) -> None:
        """Let go of the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None

    def _attempt(
        self, method: str, path: str, content: Mapping[str, Any], headers: Mapping[str, str]
    ) -> tuple[Answer, float | None]:
        """One answer, and how long to wait before asking again: None: never, -1: the usual time."""
        import httpx  # noqa: PLC0415 -- 0.3 s that an `up` without changes need not pay

        try:
            response = self._open().request(method, self.base + path, headers=headers, **content)
        except httpx.TransportError as error:
            raise ApiError(
                f'{method} "{self.base}{path}": {error or type(error).__name__}. Does localcloud '
                "run? `belfry status` tells; `belfry up` starts it."
            ) from error
        answer = Answer(
            status=response.status_code,
            text=response.text,
            content_type=response.headers.get("content-type", ""),
        )
        return answer, self._wait(response.status_code, response.headers)

    def _wait(self, status: int, headers: Mapping[str, str]) -> float | None:
        wanted = status in self._retry.statuses
        if not self._retry.heeds_server:
            return -1 if wanted else None
        said = headers.get("x-should-retry", "")
        if said == "false" or not (wanted or said == "true"):
            return None
        try:
            if "retry-after-ms" in headers:
                return float(headers["retry-after-ms"]) / 1000
            if "retry-after" in headers:
                return float(headers["retry-after"])
        except ValueError:
            return -1
        return -1

    def _open(self) -> httpx.Client:
        import httpx  # noqa: PLC0415 -- see _attempt

        with self._lock:
            if self._client is None:
                # No proxy from the environment: loopback only. Uploading a Worker starts it, which
                # may take a while on a loaded machine.
                self._client = httpx.Client(
                    headers={"Accept": "application/json", **self._headers},
                    timeout=httpx.Timeout(60, connect=5),
                    verify=NO_CERTIFICATES,
                    trust_env=False,
                )
            return self._client


def _as_file(part: Part) -> tuple[str | None, str] | tuple[str | None, str, str]:
    if part.content_type is None:
        return part.filename, part.content
    return part.filename, part.content, part.content_type


def reason(status: int) -> str:
    """`400 Bad Request`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
