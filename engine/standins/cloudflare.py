"""Calls to Cloudflare's API as the real plugin makes them: address, paths, refusals."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.standins.api import (
    CLOUDFLARE_RETRY,
    Answer,
    Api,
    ApiError,
    Gone,
    Refused,
    reason,
    require_loopback,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.api import Part
    from engine.standins.values import Value

_TOKEN = re.compile(r"[0-9A-Za-z_-]{40,80}")


def connect(settings: Mapping[str, Value], environment: Mapping[str, str]) -> Api:
    """The API that the provider's settings name.

    Raises:
        Refused: not a loopback address, or a token that the real plugin would not take.

    """
    base = str(settings.get("baseUrl") or environment.get("CLOUDFLARE_BASE_URL") or "")
    require_loopback(base, setting="base_url", plugin="cloudflare")
    token = str(settings.get("apiToken") or environment.get("CLOUDFLARE_API_TOKEN") or "")
    if not _TOKEN.fullmatch(token):
        raise Refused(
            "api_token: API tokens must only contain characters a-z, A-Z, 0-9, hyphens and "
            "underscores, 40 to 80 of them"
        )
    return Api(base=base, headers={"Authorization": f"Bearer {token}"}, retry=CLOUDFLARE_RETRY)


def request(
    api: Api,
    method: str,
    path: str,
    *,
    body: Json = None,
    parts: tuple[Part, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One call. Any status below 400 is a success, as for the real plugin.

    Raises:
        Gone: 404.
        ApiError: any other refusal, with the body as the service wrote it.

    """
    answer = api.call(method, path, body=body, parts=parts, headers=headers)
    if answer.status >= 400:
        body_text = "" if "html" in answer.content_type else answer.text
        message = f'{method} "{api.base}{path}": {reason(answer.status)} {body_text}'.rstrip()
        raise (Gone if answer.status == 404 else ApiError)(message)
    return answer


def result(answer: Answer) -> dict[str, Json]:
    """The object inside the envelope."""
    match answer.json():
        case {"result": dict(inner)}:
            return inner
        case _:
            return {}


def filled(template: str, properties: Mapping[str, Value]) -> str:
    """A path with properties put in, escaped; `{scope}` is the account or zone that is given.

    Raises:
        Refused: a property is missing.

    """
    found: dict[str, str] = {}
    for name in placeholders(template):
        if name == "scope":
            found[name] = scope(properties)
        elif properties.get(name) is None:
            raise Refused(f"{name} is missing")
        else:
            found[name] = quote(str(properties[name]), safe="")
    return template.format(**found)


def placeholders(template: str) -> list[str]:
    """Names in braces."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def scope(properties: Mapping[str, Value]) -> str:
    """`accounts/ID` or `zones/ID`, for types that may belong to either.

    Raises:
        Refused: neither is given.

    """
    for kind, name in SCOPES.items():
        if properties.get(name):
            return f"{kind}/{quote(str(properties[name]), safe='')}"
    raise Refused("one of accountId and zoneId has to be given")


SCOPES = {"accounts": "accountId", "zones": "zoneId"}
"""The part of a path and of an import → the property."""
