"""Slack: an incoming webhook's message, in blocks (docs.slack.dev, Block Kit).

Colours exist only beside attachments, and blocks in an attachment may hold no field of the old
kind. What other people wrote stands in text objects of its own, so that nothing in one reaches
into another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.messages.characters import clip
from belfry.messages.message import facts, foot, headline, links, look, row
from belfry.messages.wording import SLACK_LENGTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.messages.message import Message

ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("```", "'''"))
"""All that Slack asks for, in order, and the mark that would swallow what follows."""
_FIELDS = 10
"""Text objects in one section."""


def slack(message: Message) -> Mapping[str, object]:
    """Give the JSON that is posted."""
    title = headline(message)
    pointers = row(
        (f"<{escaped(url)}|{part.label}>" for part, url in links(message)), SLACK_LENGTHS["links"]
    )
    last = foot(message)
    return {
        "text": escaped(title),
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": [{"type": "header", "text": _plain(clip(title, SLACK_LENGTHS["header"]))}],
        "attachments": [
            {
                "color": look(message).colour,
                "blocks": [
                    *_facts(message),
                    *([{"type": "section", "text": _marked(pointers)}] if pointers else []),
                    {"type": "context", "elements": [_plain(last)]},
                ],
            }
        ],
    }


def _facts(message: Message) -> list[Mapping[str, object]]:
    """Give a section a fact; short ones that follow each other share one."""
    sections: list[Mapping[str, object]] = []
    beside: list[Mapping[str, object]] = []
    for part, text in facts(message):
        said = _marked(f"*{part.label}*\n{escaped(clip(text, SLACK_LENGTHS['fact']))}")
        if not part.is_short:
            beside = []
            sections.append({"type": "section", "text": said})
        elif beside and len(beside) < _FIELDS:
            beside.append(said)
        else:
            beside = [said]
            sections.append({"type": "section", "fields": beside})
    return sections


def escaped(text: str) -> str:
    """Write a text so that Slack reads no link and no mention in it."""
    for mark, harmless in ESCAPES:
        text = text.replace(mark, harmless)
    return text


def _plain(text: str) -> Mapping[str, object]:
    return {"type": "plain_text", "text": text, "emoji": False}


def _marked(text: str) -> Mapping[str, object]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
