"""The services that take messages over HTTP, and plain webhooks.

Slack's, Discord's and Teams' incoming webhooks, PagerDuty's Events API v2, Twilio's Messages API.

Each refuses what the real service refuses, with the same status and words, so that a message which
is accepted here would have been accepted there.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from localcloud.documents import MalformedError, document, parse
from localcloud.inbox.messages import arrival
from localcloud.inbox.refusals import (
    discord_problem,
    event_problems,
    slack_problem,
    sms_problem,
    teams_problem,
)

if TYPE_CHECKING:
    from starlette.requests import Request

    from localcloud.documents import Document, Value
    from localcloud.inbox.messages import Messages

_OWN_PATHS = ("slack", "discord", "teams", "pagerduty", "sms")
_LARGEST_EVENT = 512 * 1024
_LARGEST_CARD = 28 * 1024
_FORM = "application/x-www-form-urlencoded"


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
            Route("/inbox/discord/{channel}/{key}", self._discord, methods=["POST"]),
            Route("/inbox/teams/{channel}/{key}", self._teams, methods=["POST"]),
            Route("/inbox/pagerduty/{channel}/v2/enqueue", self._pagerduty, methods=["POST"]),
            Route(
                # A person's channel has a slash in its name.
                "/inbox/sms/{channel:path}/2010-04-01/Accounts/{account}/Messages.json",
                self._sms,
                methods=["POST"],
            ),
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
        if request.headers.get("content-type", "").startswith(_FORM):
            body = parse_qs(body.decode("utf-8", "replace")).get("payload", [""])[0].encode()
        try:
            payload = document(parse(body))
        except MalformedError:
            return PlainTextResponse("invalid_payload", 400)
        problem = slack_problem(payload)
        if problem:
            return PlainTextResponse(problem, 400)
        self._add(request, "slack", payload)
        return PlainTextResponse("ok")

    async def _discord(self, request: Request) -> Response:
        if not self._known(request.path_params["key"]):
            return JSONResponse({"message": "Invalid Webhook Token", "code": 50027}, 401)
        try:
            payload = document(parse(await request.body()))
        except MalformedError:
            invalid = {"message": "The request body contains invalid JSON.", "code": 50109}
            return JSONResponse(invalid, 400)
        problem = discord_problem(payload)
        if problem is not None:
            return JSONResponse(problem, 400)
        self._add(request, "discord", payload)
        return Response(status_code=204)

    async def _teams(self, request: Request) -> Response:
        if not self._known(request.path_params["key"]):
            wrong = "The authentication credentials are not valid."
            return _workflow_error(401, "DirectApiInvalidAuthorizationScheme", wrong)
        body = await request.body()
        if len(body) > _LARGEST_CARD:
            wrong = f"a card may have {_LARGEST_CARD} bytes"
            return _workflow_error(413, "RequestEntityTooLarge", wrong)
        try:
            payload = document(parse(body))
        except MalformedError as malformed:
            return _workflow_error(400, "InvalidRequestContent", str(malformed))
        problem = teams_problem(payload)
        if problem:
            return _workflow_error(400, "InvalidRequestContent", problem)
        self._add(request, "teams", payload)
        return Response(status_code=202)

    async def _sms(self, request: Request) -> Response:
        account = str(request.path_params["account"])
        if not self._authenticated(request, account):
            return _twilio_error(401, 20003, "Authenticate")
        form: dict[str, str] = {}
        if request.headers.get("content-type", "").startswith(_FORM):
            form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        problem = sms_problem(form)
        if problem is not None:
            return _twilio_error(400, *problem)
        headers = dict(request.headers)
        if message := headers.get("x-belfry-message"):
            # Each number of a message gets one of its own.
            headers["x-belfry-message"] = f"{message} {form['To']}"
        payload: Document = {name: form[name] for name in ("To", "From", "Body")}
        channel = str(request.path_params["channel"])
        self._messages.add(arrival(headers, channel=channel, transport="sms", payload=payload))
        sid = f"SM{secrets.token_hex(16)}"
        taken = {
            "sid": sid,
            "account_sid": account,
            "to": form["To"],
            "from": form["From"],
            "body": form["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
        }
        return JSONResponse(taken, 201)

    def _authenticated(self, request: Request, account: str) -> bool:
        """Say whether basic authentication names the account and what senders have to know."""
        scheme, _, told = request.headers.get("authorization", "").partition(" ")
        try:
            user, _, password = b64decode(told, validate=True).decode().partition(":")
        except ValueError:
            return False
        return scheme.lower() == "basic" and user == account and self._known(password)

    async def _pagerduty(self, request: Request) -> Response:
        body = await request.body()
        if len(body) > _LARGEST_EVENT:
            return JSONResponse({"status": "invalid event", "message": "Event too large"}, 413)
        try:
            event = document(parse(body))
        except MalformedError:
            return _invalid_event(["JSON cannot be parsed"])
        problems = event_problems(event)
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


def _invalid_event(problems: list[str]) -> Response:
    return JSONResponse(
        {"status": "invalid event", "message": "Event object is invalid", "errors": problems}, 400
    )


def _workflow_error(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status)


def _twilio_error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse(
        {"code": code, "message": message, "more_info": more, "status": status}, status
    )
