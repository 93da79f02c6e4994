"""What services refuse of messages, in their own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from localcloud.documents import inner

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from localcloud.documents import Document, Value

_ACTIONS = ("trigger", "acknowledge", "resolve")
_SEVERITIES = ("critical", "error", "warning", "info")
_LONGEST_SUMMARY = 1024
_MOST_EMBEDS = 10
_MOST_FIELDS = 25
_LONGEST_CONTENT = 2000
_LONGEST_EMBEDS = 6000
"""Characters of all embeds of a message."""
_LONGEST_OF_EMBED = (("title", 256), ("description", 4096))
_LONGEST_OF_FIELD = (("name", 256), ("value", 1024))
_LONGEST_FOOTER = 2048
"""Discord's limits: discord.com/developers/docs/resources/message#embed-object-embed-limits."""
_CARD = "application/vnd.microsoft.card.adaptive"
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
"""E.164."""
_LONGEST_TEXT = 1600


def slack_problem(payload: Document) -> str | None:
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


def event_problems(event: Document) -> list[str]:
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


def discord_problem(payload: Document) -> Document | None:
    """Return Discord's answer to a message that it would not take, or None."""
    embeds = payload.get("embeds")
    if not payload.get("content") and not embeds:
        return {"message": "Cannot send an empty message", "code": 50006}
    if embeds is not None and not isinstance(embeds, list):
        return _invalid_form("embeds", "Only iterables may be used in a ListType")
    wrong = next(_too_long(payload, embeds or []), None)
    return None if wrong is None else _invalid_form(*wrong)


def _too_long(payload: Document, embeds: list[Value]) -> Iterator[tuple[str, str]]:
    """Give the paths of what is longer than Discord takes, and what it says."""
    if len(str(payload.get("content") or "")) > _LONGEST_CONTENT:
        yield "content", _at_most(_LONGEST_CONTENT)
    if len(embeds) > _MOST_EMBEDS:
        yield "embeds", f"Must be {_MOST_EMBEDS} or fewer in length."
    size = 0
    for index, one in enumerate(embeds):
        embed = one if isinstance(one, dict) else {}
        fields = embed.get("fields")
        fields = fields if isinstance(fields, list) else []
        footer = embed.get("footer")
        measured = [(name, embed.get(name), limit) for name, limit in _LONGEST_OF_EMBED]
        if isinstance(footer, dict):
            measured.append(("footer.text", footer.get("text"), _LONGEST_FOOTER))
        for number, field in enumerate(fields):
            told = field if isinstance(field, dict) else {}
            for name, limit in _LONGEST_OF_FIELD:
                if not told.get(name):
                    yield f"embeds.{index}.fields.{number}.{name}", "This field is required"
                measured.append((f"fields.{number}.{name}", told.get(name), limit))
        if len(fields) > _MOST_FIELDS:
            yield f"embeds.{index}.fields", f"Must be {_MOST_FIELDS} or fewer in length."
        for name, value, limit in measured:
            size += len(str(value or ""))
            if len(str(value or "")) > limit:
                yield f"embeds.{index}.{name}", _at_most(limit)
    if size > _LONGEST_EMBEDS:
        yield "embeds", f"Embed size exceeds maximum size of {_LONGEST_EMBEDS}"


def _at_most(limit: int) -> str:
    return f"Must be {limit} or fewer in length."


def _invalid_form(path: str, wrong: str) -> Document:
    errors: Document = {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": wrong}]}
    for step in reversed(path.split(".")):
        errors = {step: errors}
    return {"message": "Invalid Form Body", "code": 50035, "errors": errors}


def teams_problem(payload: Document) -> str | None:
    """Return why a workflow that posts cards would fail on a message, or None."""
    attachments = payload.get("attachments")
    if payload.get("type") != "message" or not isinstance(attachments, list) or not attachments:
        return "the message has no attachments to post"
    for one in attachments:
        if not isinstance(one, dict) or one.get("contentType") != _CARD:
            return f"an attachment is not of the type {_CARD}"
        content = one.get("content")
        if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
            return "the content of an attachment is no AdaptiveCard"
    return None


def sms_problem(form: Mapping[str, str]) -> tuple[int, str] | None:
    """Return Twilio's code and words for what is wrong with a text message, or None."""
    for name, code in (("To", 21604), ("From", 21603)):
        if not form.get(name):
            return code, f"A '{name}' phone number is required."
    for name, code in (("To", 21211), ("From", 21212)):
        if not _NUMBER.fullmatch(form[name]):
            return code, f"Invalid '{name}' Phone Number: {form[name]}"
    if form["To"] == form["From"]:
        return 21266, "'To' and 'From' number cannot be the same"
    if not form.get("Body"):
        return 21602, "Message body is required."
    if len(form["Body"]) > _LONGEST_TEXT:
        return 21617, f"The concatenated message body exceeds the {_LONGEST_TEXT} character limit"
    return None
