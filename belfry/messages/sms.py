"""A text message: 160 characters of the GSM 7-bit alphabet (3GPP TS 23.038, 6.2.1)."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from belfry.messages.message import values
from belfry.messages.wording import SHORT, SMS_LENGTH, SMS_LINK_LENGTH, SMS_LINKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.messages.message import Message

BASIC = (
    "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Characters that take one place."""
EXTENDED = "^{}\\[~]|€"
"""Characters that take two."""
ALIKE: Mapping[str, str] = {
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "‚": "'",
    "`": "'",
    "´": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "…": "...",
    "•": "*",
    "·": "*",
    "×": "x",
    "ç": "c",
}
"""What stands for characters that the alphabet lacks and people use."""
_PLACES = {**dict.fromkeys(BASIC, 1), **dict.fromkeys(EXTENDED, 2)}
_CUT = "..."


def sms(message: Message) -> str:
    """Say it in one text message: its link is whole, what is too long is the summary."""
    known = {name: _spelt(text) for name, text in values(message).items()}
    link = next(
        (
            known[name]
            for name in SMS_LINKS[message.kind]
            if known[name] and _places(known[name]) <= SMS_LINK_LENGTH
        ),
        "",
    )
    room = SMS_LENGTH - (_places(link) + 1 if link else 0)
    template = SHORT[message.kind]
    others = _places(template.fill({**known, "summary": ""}))
    known["summary"] = _cut(known["summary"], max(room - others, len(_CUT)))
    return f"{_cut(template.fill(known), room)} {link}".rstrip(" ")


def _spelt(text: str) -> str:
    """Write a text in the alphabet; what has no place in it becomes a question mark."""
    spelt = ""
    for character in text:
        alike = ALIKE.get(character, character)
        if all(one in _PLACES for one in alike):
            spelt += alike
            continue
        parts = unicodedata.normalize("NFKD", character)
        spelt += "".join(one for one in parts if one in _PLACES) or "?"
    return spelt


def _places(text: str) -> int:
    return sum(_PLACES[one] for one in text)


def _cut(text: str, room: int) -> str:
    """Shorten a text to so many places; an address in it is kept whole or left out."""
    if _places(text) <= room:
        return text
    taken = 0
    length = 0
    for one in text:
        taken += _PLACES[one]
        if taken > room - len(_CUT):
            break
        length += 1
    start = text.rfind(" ", 0, length) + 1
    end = text.find(" ", length)
    word = text[start : len(text) if end < 0 else end]
    kept = text[:start] if "://" in word else text[:length]
    return f"{kept.rstrip(' ')}{_CUT}"
