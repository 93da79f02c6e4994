"""The Worker and Belfry say the same, whatever other people wrote: random messages in both."""

from __future__ import annotations

import json
import random
import subprocess
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from belfry.language.records import Scrubbed
from belfry.messages.discord import discord
from belfry.messages.mail import mail
from belfry.messages.message import Message, cleaned
from belfry.messages.pagerduty import pagerduty
from belfry.messages.slack import slack
from belfry.messages.sms import sms
from belfry.messages.teams import teams
from belfry.messages.webhook import webhook
from belfry.messages.wording import Kind
from tests.golden.messages.told import read
from tests.localcloud.running import node

if TYPE_CHECKING:
    from collections.abc import Mapping

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "messages"
MANY = 300
PIECES = (
    *"&<>`*_[](){}|~^@#€\\\"'=:;,.-+/?!$% \n\t\x85\xa0\u2028\u202e\u200b\ufeff\ud800",
    *("é", "e\u0301", "ß", "ﬁ", "½", "ſ", "K", "İ", "Ⅷ", "２", "犬", "𐐷", "😀", "\U000e0041"),
    *(
        "```",
        "<!here>",
        "@everyone",
        "](http://evil)",
        "https://a.example/b?c=d&e=(f)",
        "${x}",
        "$1",
    ),
    *("4111 1111 1111 1111", "378282246310005", "10.1.2.3", "::1", "fe80::1:2", "jo@ex.example"),
    *("+49 30 1234567", "token=abcdef", "api_key: 'xyz12345'", "Bearer abc123def456", "SSN: 'a b'"),
    *("AKIAABCDEFGHIJKLMNOP", "postgres://a:b@c/d", "ghp_abcdefghijklmnop", "a" * 60, " " * 30),
)
SCRUB = tuple(Scrubbed)
FIELDS = ("ssn", "x.y", "B-c_1")


class Chance:
    """Makes messages up, the same ones in each run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def _text(self, most: int) -> str:
        return "".join(self._random.choices(PIECES, k=self._random.randrange(most)))

    def _texts(self, most: int) -> tuple[str, ...]:
        return tuple(self._text(4) for _ in range(self._random.randrange(most)))

    def _maybe(self, text: str) -> str | None:
        return self._random.choice((text, text, None))

    def _link(self) -> str | None:
        begin = self._random.choice(("https://", "http://", "HTTPS://", "javascript:", ""))
        return self._maybe(begin + self._text(6))

    def some(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Choose some words."""
        return tuple(word for word in words if self._random.random() < 0.5)

    def message(self, like: Message) -> Message:
        """Make a message whose every text is somebody else's."""
        return replace(
            like,
            kind=self._random.choice(list(Kind)),
            incident=self._text(4),
            platform=self._text(3),
            severity=self._text(3),
            level=self._random.randrange(6),
            answer=self._random.choice((0, 60, 900, 7199, 7200, 7380, 9000)),
            service=self._text(4),
            rule=self._text(3),
            trouble=self._random.choice((None, "down", "degraded", "ahead")),
            summary=self._text(40),
            description=self._maybe(self._text(80)),
            detail=self._maybe(self._text(40) * self._random.choice((1, 50))),
            lasted=self._random.randrange(20_000),
            took_along=self._texts(25),
            also=self._texts(3),
            unseen=self._texts(3),
            first_step=self._maybe(self._text(20)),
            runbook=self._link(),
            dashboard=self._link(),
            silence=self._link(),
            acknowledge=self._link(),
            status=self._link(),
        )


def said(message: Message) -> list[object]:
    letter = mail(message)
    payloads = [slack(message), pagerduty(message, "key"), discord(message), teams(message)]
    return [
        *payloads,
        webhook(message),
        sms(message),
        *(letter.subject, letter.text, letter.html),
    ]


def as_document(message: Message) -> Mapping[str, object]:
    """Write a message with the names that the Worker has for its fields."""
    names = {field.name: field.name.split("_") for field in fields(message)}
    return {
        first + "".join(map(str.capitalize, rest)): getattr(message, name)
        for name, (first, *rest) in names.items()
    }


def test_random_messages_are_the_same_in_the_worker_byte_for_byte() -> None:
    like, _, _ = read(GOLDEN / "opened-with-everything" / "message.json")
    chance = Chance(6)
    asked, expected = [], []
    for _ in range(MANY):
        message, scrub, hidden = chance.message(like), chance.some(SCRUB), chance.some(FIELDS)
        asked.append({"message": as_document(message), "scrub": scrub, "fields": hidden})
        expected.append(said(cleaned(message, scrub, hidden)))
    run = subprocess.run(
        [node(), str(GOLDEN / "alike.mjs")],
        input="".join(f"{json.dumps(one)}\n" for one in asked),
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    answers = run.stdout.splitlines()
    assert len(answers) == MANY
    for answer, wanted in zip(answers, expected, strict=True):
        assert answer == json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
