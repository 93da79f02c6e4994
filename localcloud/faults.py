"""Faults on demand: answers that are late, wrong, or lost before or after the work was done."""

from __future__ import annotations

import asyncio
import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from localcloud.bodies import whole
from localcloud.documents import MalformedError, document, flag, number, text, written
from localcloud.hanging_up import hang_up

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from localcloud.documents import Document, Value

_LONGEST_DELAY = 600.0
"""Seconds."""
_BODILESS = frozenset({204, 205, 304})
_SPENT = 100
"""As many that are spent are still told, for how often they were met."""
_FIELDS = frozenset(
    {
        "match",
        "status",
        "delay",
        "drop",
        "before",
        "times",
        "retry_after",
        "retry_after_ms",
        "should_retry",
    }
)


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next requests that match."""

    id: str
    """A number that no other had since localcloud started."""
    match: re.Pattern[str]
    """Of `METHOD /path`, whole."""
    status: int | None
    """Answered instead of doing anything."""
    delay: float
    """Seconds before anything happens."""
    drop: bool
    """The connection ends without an answer."""
    before: bool
    """It ends before the request is carried out, not after."""
    times: int
    """How often still; 0: it is spent."""
    retry_after: float | None
    """Seconds that a wrong answer tells clients to wait; None: it tells nothing."""
    retry_after_ms: float | None
    """The same in milliseconds, in the header that Cloudflare's libraries prefer."""
    should_retry: bool | None
    """Whether a wrong answer tells them to try again at all; None: it tells nothing."""
    hits: int = 0
    """How often it was met."""

    def as_document(self) -> Document:
        """Return it as it was asked for, with what is left of it."""
        return {
            "id": self.id,
            "match": self.match.pattern,
            "status": self.status,
            "delay": self.delay,
            "drop": self.drop,
            "before": self.before,
            "times": self.times,
            "hits": self.hits,
            "retry_after": self.retry_after,
            "retry_after_ms": self.retry_after_ms,
            "should_retry": self.should_retry,
        }

    def headers(self) -> dict[str, str]:
        """Return what its answer says of trying again."""
        told: dict[str, str] = {}
        if self.retry_after is not None:
            told["retry-after"] = written(self.retry_after)
        if self.retry_after_ms is not None:
            told["retry-after-ms"] = written(self.retry_after_ms)
        if self.should_retry is not None:
            told["x-should-retry"] = str(self.should_retry).lower()
        return told


class Faults:
    """The faults that are set, and the application that has them."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what answers when there is no fault."""
        self._app = app
        self._faults: list[Fault] = []
        self._numbers = itertools.count(1)

    def set(self, wanted: Value) -> None:
        """Have exactly these faults.

        Raises:
            MalformedError: one is not what it should be.

        """
        if not isinstance(wanted, list):
            raise MalformedError("the body must be a list of faults")
        self._faults = [self._made(document(item, f"[{i}]")) for i, item in enumerate(wanted)]

    def add(self, wanted: Value) -> None:
        """Have one more, which counts after all others.

        Raises:
            MalformedError: it is not what it should be.

        """
        fault = self._made(document(wanted))
        spent = [one for one in self._faults if one.times == 0]
        for old in spent[:-_SPENT]:
            self._faults.remove(old)
        self._faults.append(fault)

    def remove(self, identifier: str) -> bool:
        """Have one less; tell whether it was there."""
        left = [fault for fault in self._faults if fault.id != identifier]
        gone = len(left) < len(self._faults)
        self._faults = left
        return gone

    def clear(self) -> None:
        """Have none."""
        self._faults = []

    def all(self) -> list[Value]:
        """Return them in the order in which they count, and among them those that are spent."""
        return [fault.as_document() for fault in self._faults]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or fail to."""
        fault = self._next(scope)
        if fault is None:
            await self._app(scope, receive, send)
            return
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.status is not None:
            body: Document = {
                "success": False,
                "errors": [{"code": 10000, "message": "a fault that was asked for"}],
                "messages": [],
                "result": None,
                "message": "a fault that was asked for",
            }
            headers = fault.headers()
            answer = (
                Response(status_code=fault.status, headers=headers)
                if fault.status in _BODILESS
                else JSONResponse(body, fault.status, headers=headers)
            )
            await answer(scope, receive, send)
        elif fault.drop:
            told = await whole(receive)
            if told is None:
                return
            if not fault.before:
                await self._app(scope, told, _swallow)
            await hang_up(scope, receive)
        else:
            await self._app(scope, receive, send)

    def _made(self, wanted: Document) -> Fault:
        return _fault(wanted, str(next(self._numbers)))

    def _next(self, scope: Scope) -> Fault | None:
        if scope["type"] != "http" or scope["path"].startswith("/_local/"):
            return None
        request = f"{scope['method']} {scope['path']}"
        for fault in self._faults:
            if fault.times > 0 and fault.match.fullmatch(request):
                fault.times -= 1
                fault.hits += 1
                return fault
        return None


async def _swallow(_message: Message) -> None:
    pass


def _fault(wanted: Document, identifier: str) -> Fault:
    unknown = sorted(wanted.keys() - _FIELDS)
    if unknown:
        raise MalformedError(f"{unknown[0]} is no field of a fault: {', '.join(sorted(_FIELDS))}")
    try:
        match = re.compile(text(wanted, "match"))
    except (re.error, RecursionError, OverflowError) as problem:
        raise MalformedError(f"match is not a regular expression: {problem}") from problem
    status, should = wanted.get("status"), wanted.get("should_retry")
    fault = Fault(
        id=identifier,
        match=match,
        # Statuses below 200 announce another answer, which a client would wait for.
        status=None if status is None else int(_within(wanted, "status", 200, 599)),
        delay=_within(wanted, "delay", 0, _LONGEST_DELAY, 0),
        drop=flag(wanted, "drop"),
        before=flag(wanted, "before"),
        times=int(_within(wanted, "times", 1, math.inf, 1)),
        # Clients that repeat the call do it at once, instead of after seconds.
        retry_after=_wait(wanted, "retry_after", 0),
        retry_after_ms=_wait(wanted, "retry_after_ms", None),
        should_retry=None if should is None else flag(wanted, "should_retry"),
    )
    if fault.status is not None and fault.drop:
        raise MalformedError("a fault has a status or drops the connection, not both")
    if fault.before and not fault.drop:
        raise MalformedError("before says when a connection is dropped: set drop as well")
    return fault


def _wait(wanted: Document, name: str, usual: float | None) -> float | None:
    if name not in wanted:
        return usual
    return None if wanted[name] is None else _within(wanted, name, 0, math.inf)


def _within(
    wanted: Document, name: str, least: float, most: float, usual: float | None = None
) -> float:
    value = number(wanted, name, usual)
    if not least <= value <= most:
        upper = "" if math.isinf(most) else f" and at most {written(most)}"
        raise MalformedError(
            f"{name} must be at least {written(least)}{upper}, not {written(value)}"
        )
    return value
