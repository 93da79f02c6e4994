"""A program that asks Grafana."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, Output, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.arguments.people_in_grafana import ServiceAccount as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccountArgs:
    """What ServiceAccount is made of."""

    account: Values


class ServiceAccount(ComponentResource):
    """A service account and its keys. That a key has ended, no refresh notices."""

    keys: Mapping[str, Output[str]]
    """Values of its keys, secrets, by the keys' names."""

    def __init__(
        self, name: str, args: ServiceAccountArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:ServiceAccount", name, None, opts)
        account = oss.ServiceAccount(
            name,
            name=args.account.name,
            role=args.account.role,
            is_disabled=False,
            opts=ResourceOptions(parent=self),
        )
        keys = {
            token.name: oss.ServiceAccountToken(
                f"{name}-{token.name}",
                name=token.name,
                service_account_id=account.id,
                seconds_to_live=token.lives,
                opts=ResourceOptions(parent=self),
            ).key
            for token in args.account.tokens
        }
        self.keys = {token: Output.secret(key) for token, key in keys.items()}
        self.register_outputs({"id": account.id, "keys": self.keys})
