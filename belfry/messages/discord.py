"""Discord: a webhook's message with one embed (docs.discord.com, Webhook resource)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.messages.characters import clip
from belfry.messages.message import facts, foot, headline, links, look, row
from belfry.messages.wording import DISCORD_LENGTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.messages.message import Message

MARKS = r"([\\`*_~|<>#()\[\]])"
"""What would be markup, for an expression that puts a backslash before it."""
_MARKS = re.compile(MARKS)


def discord(message: Message) -> Mapping[str, object]:
    """Give the JSON that is posted; it mentions nobody, whatever it says."""
    embed: dict[str, object] = {
        "title": clip(escaped(headline(message)), DISCORD_LENGTHS["title"]),
        "color": int(look(message).colour[1:], 16),
        "fields": [
            {
                "name": part.label,
                "value": escaped(clip(text, DISCORD_LENGTHS["fact"])),
                "inline": part.is_short,
            }
            for part, text in facts(message)
        ],
        "footer": {"text": foot(message)},
        "timestamp": message.at,
    }
    pointers = row(
        (f"[{part.label}]({url})" for part, url in links(message)), DISCORD_LENGTHS["links"]
    )
    if pointers:
        embed["description"] = pointers
    return {"content": "", "embeds": [embed], "allowed_mentions": {"parse": []}}


def escaped(text: str) -> str:
    """Write a text so that Discord reads no markup, no link and no mention in it."""
    return _MARKS.sub(r"\\\1", text).replace("@", "@\u200b")
