"""PagerDuty: an event of the Events API v2; everything about an incident is one alert there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.messages.characters import clip
from belfry.messages.message import facts, headline, links, look
from belfry.messages.wording import PAGERDUTY_LENGTHS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.messages.message import Message

_ANSWERS: Mapping[Kind, str] = {Kind.ACKNOWLEDGED: "acknowledge", Kind.RECOVERED: "resolve"}


def pagerduty(message: Message, key: str) -> Mapping[str, object]:
    """Give the event for one integration key: it triggers, acknowledges or resolves."""
    event = {"routing_key": key, "dedup_key": message.incident}
    if message.kind in _ANSWERS:
        return {**event, "event_action": _ANSWERS[message.kind]}
    return {
        **event,
        "event_action": "trigger",
        "payload": {
            "summary": clip(headline(message), PAGERDUTY_LENGTHS["summary"]),
            "source": f"{message.platform}/{message.environment}/{message.service}",
            "severity": look(message).word,
            "timestamp": message.since,
            "component": message.service,
            "group": message.platform,
            "class": message.rule,
            "custom_details": {part.label: text for part, text in facts(message)},
        },
        "links": [{"text": part.label, "href": url} for part, url in links(message)],
    }
