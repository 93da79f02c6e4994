"""Faults on demand: answers that are late, wrong, or lost after the work was done."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from localcloud.documents import MalformedError, document, flag, number, text

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from localcloud.documents import Document, Value


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to the next requests that match."""

    match: re.Pattern[str]
    """Of `METHOD /path`, whole."""
    status: int | None
    """Answered instead of doing anything."""
    delay: float
    drop: bool
    """The request is carried out and its answer lost."""
    times: int
    """How often still."""

    def as_document(self) -> Document:
        """Return it as it was asked for."""
        return {
            "match": self.match.pattern,
            "status": self.status,
            "delay": self.delay,
            "drop": self.drop,
            "times": self.times,
        }


class Faults:
    """The faults that are set, and the application that has them."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what answers when there is no fault."""
        self._app = app
        self._faults: list[Fault] = []

    def set(self, wanted: Value) -> None:
        """Have exactly these faults.

        Raises:
            MalformedError: one is not what it should be.

        """
        if not isinstance(wanted, list):
            raise MalformedError("the body must be a list of faults")
        self._faults = [_fault(document(item, f"[{i}]")) for i, item in enumerate(wanted)]

    def clear(self) -> None:
        """Have none."""
        self._faults = []

    def all(self) -> list[Value]:
        """Return those that still apply."""
        return [fault.as_document() for fault in self._faults if fault.times > 0]

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
            # Clients that repeat the call do it at once, instead of after seconds.
            answer = JSONResponse(body, fault.status, headers={"retry-after": "0"})
            await answer(scope, receive, send)
        elif fault.drop:
            await self._app(scope, receive, _swallow)
            # An answer that never comes to its end: the server closes the connection.
            length = [(b"content-length", b"1")]
            await send({"type": "http.response.start", "status": 200, "headers": length})
        else:
            await self._app(scope, receive, send)

    def _next(self, scope: Scope) -> Fault | None:
        if scope["type"] != "http" or scope["path"].startswith("/_local/"):
            return None
        request = f"{scope['method']} {scope['path']}"
        for fault in self._faults:
            if fault.times > 0 and fault.match.fullmatch(request):
                fault.times -= 1
                return fault
        return None


async def _swallow(_message: Message) -> None:
    pass


def _fault(wanted: Document) -> Fault:
    try:
        match = re.compile(text(wanted, "match"))
    except re.error as problem:
        raise MalformedError(f"match is not a regular expression: {problem}") from problem
    status = wanted.get("status")
    return Fault(
        match=match,
        status=None if status is None else int(number(wanted, "status")),
        delay=number(wanted, "delay", 0),
        drop=flag(wanted, "drop"),
        times=int(number(wanted, "times", 1)),
    )
