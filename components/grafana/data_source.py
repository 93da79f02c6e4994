"""A source of metrics or logs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi import ComponentResource, Output, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input

    from belfry.arguments import DataSource as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSourceArgs:
    """What DataSource is made of."""

    data_source: Values
    secrets: Mapping[str, Input[str]] = field(default_factory=dict)
    """Values by the secrets' names, secret already."""


class DataSource(ComponentResource):
    """A data source that Grafana's server asks, not the browser."""

    uid: Output[str]
    """Its uid, known once it exists."""

    def __init__(
        self, name: str, args: DataSourceArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:DataSource", name, None, opts)
        values = args.data_source
        source = oss.DataSource(
            name,
            uid=values.uid,
            name=values.name,
            type=values.type,
            url=values.url,
            access_mode="proxy",
            is_default=values.default,
            json_data_encoded=json.dumps(dict(values.settings), sort_keys=True),
            secure_json_data_encoded=_secure(args) if values.secrets else None,
            opts=ResourceOptions(parent=self),
        )
        self.uid = source.uid
        self.register_outputs({"uid": self.uid})


def _secure(args: DataSourceArgs) -> Output[str]:
    values = {key: args.secrets[secret.name] for key, secret in args.data_source.secrets}
    return Output.secret(Output.json_dumps(values, sort_keys=True))
