"""Which channels an environment reaches, and what keys that takes.

One place pages in an environment. Whatever Grafana and Cloudflare see goes to the monitoring Worker
as a vote (`belfry.votes`), which is recorded with the incident and wakes nobody.
"""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING

from belfry.arguments import Pager, Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.arguments import ContactPoint
    from belfry.language.platform import Platform

VOTE_KEY = "vote-key"
"""The secret with which other backends speak to the monitoring Worker."""
VOTE_PATH = "/alerts/vote"
"""Where the monitoring Worker takes opinions."""


def binding(secret: Secret) -> str:
    """Give the name under which the monitoring Worker finds a secret."""
    return f"SECRET_{secret.name.upper().replace('-', '_')}"


def secrets_of(platform: Platform, environment: str) -> tuple[Secret, ...]:
    """Give the secrets that an environment's monitoring Worker holds, sorted.

    Where nobody is paged it holds no channel's secret, so that a test environment cannot leak what
    production depends on.
    """
    secrets = {Secret(name=VOTE_KEY)}
    if platform.environments[environment].paging is Pager.WORKER:
        secrets |= {channel.secret for channel in platform.channels.values()}
    return united(secrets)


def secrets_told(contact_points: Iterable[ContactPoint]) -> Iterator[Secret]:
    """Give the secrets with which Grafana tells people."""
    for point in contact_points:
        for one in point.integrations:
            values = (getattr(one.contact, field.name) for field in fields(one.contact))
            yield from (value for value in values if isinstance(value, Secret))


def united(*several: Iterable[Secret]) -> tuple[Secret, ...]:
    """Give each secret of several once, sorted."""
    return tuple(sorted(set(chain.from_iterable(several)), key=lambda secret: secret.name))
