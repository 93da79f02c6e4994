"""Slack's incoming webhooks, PagerDuty's Events API v2, and plain webhooks, over HTTP.

Each refuses what the real service refuses, with the same status and words, so that a message which
is accepted here would have been accepted there.
"""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from localcloud.documents import MalformedError, document, inner, parse
from localcloud.inbox.messages import arrival

if TYPE_CHECKING:
    from starlette.requests import Request

    from localcloud.documents import Document, Value
    from localcloud.inbox.messages import Messages

_OWN_PATHS = ("slack", "pagerduty")
_ACTIONS = ("trigger", "acknowledge", "resolve")
_SEVERITIES = ("critical", "error", "warning", "info")
_LONGEST_SUMMARY = 1024
_LARGEST_EVENT = 512 * 1024


class Hooks:
    """The routes that receive messages."""

    def __init__(self, messages: Messages, key: str) -> None:
        """`key` is what senders have to know."""
        self._messages = messages
        self._key = key

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/inbox/slack/{channel}/{key}", self._slack, methods=["POST"]),
            Route("/inbox/pagerduty/{channel}/v2/enqueue", self._pagerduty, methods=["POST"]),
            Route("/inbox/{transport}/{channel}/{key}", self._webhook, methods=["POST", "PUT"]),
            Route(
                "/inbox/{transport}/{channel}/{key}/{rest:path}",
                self._webhook,
                methods=["POST", "PUT"],
            ),
        ]

    def _known(self, key: object) -> bool:
        return isinstance(key, str) and hmac.compare_digest(key.encode(), self._key.encode())

    def _add(self, request: Request, transport: str, payload: Value) -> None:
        channel = str(request.path_params["channel"])
        self._messages.add(
            arrival(request.headers, channel=channel, transport=transport, payload=payload)
        )

    async def _slack(self, request: Request) -> Response:
        if not self._known(request.path_params["key"]):
            return PlainTextResponse("invalid_token", 403)
        body = await request.body()
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            body = parse_qs(body.decode("utf-8", "replace")).get("payload", [""])[0].encode()
        try:
            payload = document(parse(body))
        except MalformedError:
            return PlainTextResponse("invalid_payload", 400)
        problem = _slack_problem(payload)
        if problem:
            return PlainTextResponse(problem, 400)
        self._add(request, "slack", payload)
        return PlainTextResponse("ok")

    async def _pagerduty(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > _LARGEST_EVENT:
            return JSONResponse({"status": "invalid event", "message": "Event too large"}, 413)
        try:
            event = document(parse(body))
        except MalformedError:
            return _invalid_event(["JSON cannot be parsed"])
        problems = _event_problems(event)
        if not problems and not self._known(event.get("routing_key")):
            problems = ["Invalid routing key"]
        if problems:
            return _invalid_event(problems)
        key = event.get("dedup_key")
        dedup_key = key if isinstance(key, str) and key else secrets.token_hex(16)
        shown = {**event, "dedup_key": dedup_key}
        del shown["routing_key"]
        self._add(request, "pagerduty", shown)
        return JSONResponse(
            {"status": "success", "message": "Event processed", "dedup_key": dedup_key}, 202
        )

    async def _webhook(self, request: Request) -> Response:
        if request.path_params["transport"] in _OWN_PATHS:
            return PlainTextResponse("not_found", 404)
        if not self._known(request.path_params["key"]):
            return PlainTextResponse("wrong key", 403)
        body = await request.body()
        try:
            payload = parse(body)
        except MalformedError:
            payload = body.decode("utf-8", "replace")
        self._add(request, str(request.path_params["transport"]), payload)
        return PlainTextResponse("ok")


def _slack_problem(payload: Document) -> str | None:
    """Return Slack's word for what is wrong with a message, or None."""
    for name in ("blocks", "attachments"):
        held = payload.get(name)
        if held is not None and not isinstance(held, list):
            return "invalid_blocks" if name == "blocks" else "invalid_attachments"
        if isinstance(held, list) and any(not isinstance(item, dict) for item in held):
            return "invalid_blocks" if name == "blocks" else "invalid_attachments"
    blocks = payload.get("blocks")
    if isinstance(blocks, list):
        if len(blocks) > 50:
            return "invalid_blocks"
        if any(isinstance(block, dict) and not block.get("type") for block in blocks):
            return "invalid_blocks"
    if not any(payload.get(name) for name in ("text", "blocks", "attachments")):
        return "no_text"
    return None


def _event_problems(event: Document) -> list[str]:
    """Return PagerDuty's sentences about what is wrong with an event."""
    problems: list[str] = []
    key = event.get("routing_key")
    if not isinstance(key, str) or not key:
        problems.append("'routing_key' is missing or blank")
    elif len(key) != 32:
        problems.append("Length of 'routing_key' is incorrect (should be 32 characters)")
    action = event.get("event_action")
    if not action:
        problems.append("'event_action' is missing or blank")
    elif action not in _ACTIONS:
        problems.append("'event_action' must be one of 'trigger', 'acknowledge' or 'resolve'")
    elif action != "trigger":
        if not event.get("dedup_key"):
            problems.append("'dedup_key' is missing or blank")
        return problems
    if not isinstance(event.get("payload"), dict):
        return [*problems, "'payload' is missing or blank"]
    payload = inner(event, "payload")
    problems += [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not isinstance(payload.get(name), str) or not payload[name]
    ]
    if len(str(payload.get("summary", ""))) > _LONGEST_SUMMARY:
        problems.append(f"'payload.summary' is too long (maximum is {_LONGEST_SUMMARY} characters)")
    if payload.get("severity") and payload["severity"] not in _SEVERITIES:
        problems.append(
            "'payload.severity' is invalid (must be one of the following: "
            "'critical', 'warning', 'error' or 'info')"
        )
    return problems


def _invalid_event(problems: list[str]) -> Response:
    return JSONResponse(
        {"status": "invalid event", "message": "Event object is invalid", "errors": problems}, 400
    )
