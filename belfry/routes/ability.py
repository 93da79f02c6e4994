"""Whom each backend can tell: what keeps one from reaching a channel or people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.language.channels import Email, Sms, Tls
from belfry.problems import Code, Problem
from belfry.provisioned import is_delivered
from belfry.routes.people import Means

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.language.platform import Platform
    from belfry.routes.people import Recipient

_CALLED = {Pager.PROMETHEUS: "Alertmanager", Pager.GRAFANA: "Grafana"}
_IMPLICIT = 465
"""The one port on which Alertmanager encrypts from the first byte (`force_implicit_tls`, which
says so of others, came with 0.31)."""


def sender_of(platform: Platform) -> Email | None:
    """Give the mail server through which people are written to: that of the first mail channel."""
    return next((one for one in platform.channels.values() if isinstance(one, Email)), None)


def obstacles(platform: Platform, environment: str, recipient: Recipient) -> Iterator[Problem]:
    """Say why who pages in an environment cannot tell somebody; nothing: it can."""
    pager = platform.environments[environment].paging
    if recipient.means is Means.CHANNEL:
        yield from _of_channel(platform, environment, pager, recipient.name)
    elif pager in _CALLED:
        yield from _of_people(platform, environment, pager, recipient)


def _of_channel(platform: Platform, environment: str, pager: Pager, name: str) -> Iterator[Problem]:
    channel = platform.channels[name]
    path = ("channels", name)
    if pager is Pager.WORKER and not is_delivered(channel):
        wrong = f"the monitoring Worker does not tell {channel.KEY} yet, and pages in {environment}"
        yield _problem(path, wrong, "name a channel that it tells beside this one")
    elif pager in _CALLED and isinstance(channel, Sms):
        wrong = f"{_CALLED[pager]} cannot send SMS, and pages in {environment}"
        right = f"let the Worker page there (environments.{environment}.paging: worker), or name "
        yield _problem(path, wrong, f"{right}another channel")
    elif (
        pager is Pager.PROMETHEUS
        and isinstance(channel, Email)
        and channel.tls is Tls.IMPLICIT
        and channel.port != _IMPLICIT
    ):
        wrong = f"Alertmanager encrypts from the first byte on port {_IMPLICIT} alone"
        yield _problem((*path, "email", "port"), wrong, "write port: 465, or tls: starttls")


def _of_people(
    platform: Platform, environment: str, pager: Pager, recipient: Recipient
) -> Iterator[Problem]:
    if pager is Pager.PROMETHEUS and sender_of(platform) is None:
        wrong = f"Alertmanager, which pages in {environment}, can write to {recipient.name} by "
        right = "add a channel of kind email, or let the severity escalate to a channel"
        path = ("people", f"{recipient.means}s", recipient.name)
        yield _problem(path, f"{wrong}mail alone, and there is no mail server", right)
        return
    for name in recipient.contacts:
        if platform.people.contacts[name].mail is None:
            wrong = f"{_CALLED[pager]} writes to people by mail alone, and pages in {environment}"
            right = "add their mail address, or let the severity escalate to a channel"
            yield _problem(("people", "contacts", name), wrong, right)


def _problem(path: tuple[str, ...], wrong: str, right: str) -> Problem:
    return Problem(place=None, path=path, wrong=wrong, right=right, code=Code.MEANING)
