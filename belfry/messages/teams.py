"""Microsoft Teams: an adaptive card for a workflow's webhook (adaptivecards.io, 1.4).

Texts stand in RichTextBlocks, which show them as they are: a TextBlock would read Markdown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.messages.characters import clip
from belfry.messages.message import facts, foot, headline, links, look
from belfry.messages.wording import TEAMS_LENGTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.messages.message import Message


def teams(message: Message) -> Mapping[str, object]:
    """Give the JSON that is posted."""
    last = foot(message)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [
            {
                "type": "Container",
                "style": look(message).style,
                "bleed": True,
                "items": [
                    _block({**_run(headline(message)), "weight": "Bolder", "size": "Medium"})
                ],
            },
            *(
                _block(
                    {**_run(f"{part.label}: "), "weight": "Bolder"},
                    _run(clip(text, TEAMS_LENGTHS["fact"])),
                )
                for part, text in facts(message)
            ),
            _block({**_run(last), "isSubtle": True, "size": "Small"}),
        ],
        "actions": [
            {"type": "Action.OpenUrl", "title": part.label, "url": url}
            for part, url in links(message)
        ],
    }
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": card,
            }
        ],
    }


def _run(text: str) -> Mapping[str, object]:
    return {"type": "TextRun", "text": text}


def _block(*runs: Mapping[str, object]) -> Mapping[str, object]:
    return {"type": "RichTextBlock", "inlines": list(runs)}
