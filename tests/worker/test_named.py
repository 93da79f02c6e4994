"""The Worker tells whom the routes answer, in the minute that they answer, from its own bytes."""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
from typing import TYPE_CHECKING

import pytest

from belfry.addresses import Addresses
from belfry.application import apply_rules
from belfry.catalogue import load_catalogue
from belfry.contact_channels import contact_channels
from belfry.loading import load_platform
from belfry.routes import routes_of, trace
from belfry.routes.alerts import labels_of
from belfry.routes.people import Means, on_call
from belfry.routes.tree import WATCHDOG
from belfry.schedule import schedule
from belfry.worker_configuration import Links, configuration
from tests.worker.node import ROOT, node

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.language.platform import Platform
    from belfry.routes.people import Recipient
    from belfry.rules import ServiceRule

PLATFORMS = sorted(path.stem for path in (ROOT / "platforms").glob("*.yaml"))
CATALOGUE = load_catalogue()
MINUTE = dt.timedelta(minutes=1)
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def in_the_worker(text: str, asked: Sequence[tuple[ServiceRule, Expected]]) -> list[list[set[str]]]:
    """Ask worker/src who is told at the moments of each question."""
    questions = [
        {
            "rule": rule.id,
            "opened": milliseconds(expected.opened),
            "moments": [milliseconds(one) for one in expected.moments],
            "begun": None if expected.begun is None else milliseconds(expected.begun),
        }
        for rule, expected in asked
    ]
    ended = subprocess.run(
        [node(), str(ROOT / "tests" / "worker" / "named.mjs")],
        input=json.dumps({"config": text, "asked": questions}),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return [[set(told) for told in one] for one in json.loads(ended.stdout)]


def milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


class Expected:
    """When each channel hears first of what begins at a moment, as the routes answer."""

    def __init__(self, platform: Platform, rule: ServiceRule, opened: dt.datetime) -> None:
        routes = routes_of(platform, "prod", inhibits=False)
        answer = trace(routes, labels_of(platform, "prod", rule), at=opened)
        self.opened = opened
        self.at: dict[str, dt.datetime] = {}
        dropping = {one.title: one for one in routes.times.values() if one.drop}
        told = answer.told or answer.otherwise
        first = min((one.after for one in told), default=0)
        opens = [one.at for one in told if one.after == first and one.at is not None]
        self.begun = min(opens, default=None)
        for one in told:
            assert one.due is not None
            is_dropped = any(
                dropping[name].hold(one.due) for name in one.unless if name in dropping
            )
            if one.at is None or is_dropped:
                continue
            for channel in channels(platform, one.to, one.at):
                self.at[channel] = min(one.at, self.at.get(channel, one.at))
        ends = {moment for at in self.at.values() for moment in (at, at - MINUTE)}
        self.moments = sorted(ends | {opened})

    def agrees(self, moment: dt.datetime, told: set[str]) -> bool:
        """Say whether those are told who hear then, and nobody who hears later."""
        now = {channel for channel, at in self.at.items() if at == moment}
        later = {channel for channel, at in self.at.items() if at > moment}
        return now <= told and not (told & later)


def channels(platform: Platform, recipient: Recipient, at: dt.datetime) -> tuple[str, ...]:
    people = platform.people
    if recipient.means is Means.CHANNEL:
        return (recipient.name,)
    is_turn = recipient.means is Means.ROTATION
    contacts = (on_call(people.rotations[recipient.name], at),) if is_turn else recipient.contacts
    found = [contact_channels(platform, name, people.contacts[name]) for name in contacts]
    return tuple(name for own in found for name in own)


@pytest.mark.parametrize("name", PLATFORMS)
def test_whoever_hears_by_the_routes_hears_from_the_worker_in_the_same_minute(name: str) -> None:
    made = random.Random(name)
    platform = load_platform(ROOT / "platforms" / f"{name}.yaml", environment="prod")
    turns = schedule(platform)
    applied = apply_rules(platform, CATALOGUE, turns)
    rules = [rule for some in applied.values() for rule in some if rule.rule != WATCHDOG]
    text = configuration(
        platform,
        environment="prod",
        turns=turns,
        rules=rules,
        addresses=Addresses(platform, "prod", None),
        links=Links(dashboard=None, status=None, incident=None),
    )
    asked = [
        (rule, Expected(platform, rule, BEGIN + made.randrange(365 * 1440) * MINUTE))
        for rule in made.sample(rules, min(30, len(rules)))
        for _ in range(4)
    ]
    for (rule, expected), answers in zip(asked, in_the_worker(text, asked), strict=True):
        for moment, told in zip(expected.moments, answers, strict=True):
            assert expected.agrees(moment, told), (rule.id, expected.opened, moment, told)
    assert any(expected.at for _, expected in asked)
