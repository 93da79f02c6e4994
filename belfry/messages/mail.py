"""Mail: a subject, a plain text, and HTML that needs nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.messages.message import facts, foot, headline, links, look
from belfry.messages.wording import MAIL

if TYPE_CHECKING:
    from belfry.messages.message import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says; who sends it to whom is none of it."""

    subject: str
    text: str
    html: str


def mail(message: Message) -> Mail:
    """Say a message as mail; lines end with a line feed alone."""
    title = headline(message)
    last = foot(message)
    said = [*facts(message)]
    pointers = links(message)
    lines = [
        title,
        "",
        *(f"{part.label}: {text}" for part, text in said),
        "",
        *(f"{part.label}: {url}" for part, url in pointers),
        *([""] if pointers else []),
        last,
        "",
    ]
    pieces = [
        MAIL["head"].fill({"headline": escaped(title), "colour": look(message).colour}),
        *(MAIL["fact"].fill({"label": part.label, "text": escaped(text)}) for part, text in said),
        MAIL["links"].fill({}),
        *(MAIL["link"].fill({"label": part.label, "url": escaped(url)}) for part, url in pointers),
        MAIL["foot"].fill({"foot": escaped(last)}),
    ]
    return Mail(subject=title, text="\n".join(lines), html="".join(pieces))


def escaped(text: str) -> str:
    """Write a text so that HTML shows it as it is, in a text and in an attribute's quotes."""
    for mark, harmless in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(mark, harmless)
    return text
