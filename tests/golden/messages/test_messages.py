"""A directory a message: what is known in, what every channel gets out, reviewed as text.

The Worker's own tests hold its renderers against the same files (worker/test/messages.test.js).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from belfry.messages.discord import discord
from belfry.messages.mail import mail
from belfry.messages.message import cleaned
from belfry.messages.pagerduty import pagerduty
from belfry.messages.slack import slack
from belfry.messages.sms import sms
from belfry.messages.teams import teams
from belfry.messages.webhook import webhook
from tests.golden.messages.told import read

if TYPE_CHECKING:
    from collections.abc import Mapping

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/message.json"))
KEY = "the-integration-key"


def rendered(case: Path) -> Mapping[str, str]:
    """Give the files that belong beside a case's message."""
    told, scrub, fields = read(case / "message.json")
    message = cleaned(told, scrub, fields)
    letter = mail(message)
    return {
        "slack.json": as_json(slack(message)),
        "pagerduty.json": as_json(pagerduty(message, KEY)),
        "discord.json": as_json(discord(message)),
        "teams.json": as_json(teams(message)),
        "webhook.json": as_json(webhook(message)),
        "sms.txt": f"{sms(message)}\n",
        "mail.txt": f"Subject: {letter.subject}\n\n{letter.text}",
        "mail.html": letter.html,
    }


def as_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_channel_gets_what_is_beside_the_message(case: Path, *, update: bool) -> None:
    for name, made in rendered(case).items():
        if update:
            (case / name).write_text(made, encoding="utf-8", newline="")
        with (case / name).open(encoding="utf-8", newline="") as kept:
            assert made == kept.read(), name


def test_there_are_cases() -> None:
    assert len(CASES) >= 9
