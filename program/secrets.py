"""From the names of secrets to their values, wrapped so that Pulumi never shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
from pulumi import Output

from belfry.language.channels import Discord, Slack, Teams, Webhook
from belfry.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.arguments import Secret
    from belfry.language.platform import Platform
    from program.settings import Localcloud, Settings

PLANNED = "secret:"
"""In a plan a secret's value is this and its name."""


def resolve_secrets(
    secrets: Sequence[Secret], settings: Settings, platform: Platform
) -> Mapping[str, Output[str]]:
    """Give each secret's value, by name, as a secret Output.

    Raises:
        Problems: every secret that the stack's config does not have.

    """
    if settings.planning:
        values: Mapping[str, str] = {one.name: f"{PLANNED}{one.name}" for one in secrets}
    elif settings.localcloud is not None:
        values = _local(secrets, settings.localcloud, platform)
    else:
        values = _configured(secrets, settings.secrets)
    return {name: Output.secret(value) for name, value in values.items()}


def _configured(secrets: Sequence[Secret], values: Mapping[str, str]) -> Mapping[str, str]:
    missing = [secret.name for secret in secrets if not values.get(secret.name)]
    if missing:
        raise Problems([_missing(name) for name in missing])
    return {secret.name: values[secret.name] for secret in secrets}


def _missing(name: str) -> Problem:
    stack = pulumi.get_stack()
    return Problem(
        place=None,
        path=("belfry:secrets", name),
        wrong="the stack does not have this secret",
        right=f"belfry secrets set {name} --stack {stack}",
    )


def _local(
    secrets: Sequence[Secret], localcloud: Localcloud, platform: Platform
) -> Mapping[str, str]:
    """Lead channels to the inbox: secrets that are addresses are its own, others what opens it."""
    inbox = f"{localcloud.address.url}/inbox"
    addresses = {
        channel.secret.name: f"{inbox}/{channel.KEY}/{name}/{localcloud.secret}"
        for name, channel in platform.channels.items()
        if isinstance(channel, Slack | Discord | Teams | Webhook)
    }
    return {secret.name: addresses.get(secret.name, localcloud.secret) for secret in secrets}
