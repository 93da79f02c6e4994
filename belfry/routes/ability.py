"""Whom each backend can tell: what keeps one from reaching a channel or people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments import Pager
from belfry.contact_channels import mail_of, unreached
from belfry.language.channels import Email, Sms, Tls
from belfry.problems import Code, Problem
from belfry.routes.people import Means

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.language.platform import Platform
    from belfry.routes.people import Recipient

_CALLED = {Pager.PROMETHEUS: "Alertmanager", Pager.GRAFANA: "Grafana"}
_IMPLICIT = 465
"""The one port on which Alertmanager encrypts from the first byte (`force_implicit_tls`, which
says so of others, came with 0.31)."""


def obstacles(platform: Platform, environment: str, recipient: Recipient) -> Iterator[Problem]:
    """Say why who pages in an environment cannot tell somebody; nothing: it can."""
    pager = platform.environments[environment].paging
    if recipient.means is Means.CHANNEL:
        yield from _of_channel(platform, environment, pager, recipient.name)
    elif pager is Pager.WORKER:
        yield from unreached(platform, environment, recipient.contacts)
    elif pager in _CALLED:
        yield from _of_people(platform, environment, pager, recipient)


def _of_channel(platform: Platform, environment: str, pager: Pager, name: str) -> Iterator[Problem]:
    channel = platform.channels[name]
    path = ("channels", name)
    if pager in _CALLED and isinstance(channel, Sms):
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
    if pager is Pager.PROMETHEUS and mail_of(platform) is None:
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
