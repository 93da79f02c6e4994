"""A dashboard in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from pulumi import Input, Output

    from belfry.arguments import Dashboard as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardArgs:
    """What Dashboard is made of."""

    dashboard: Values
    folder_uid: Input[str]


class Dashboard(ComponentResource):
    """A dashboard. One that has its uid is taken over, so that an interrupted update is mended."""

    uid: Output[str]
    """Its uid, known once it exists."""

    def __init__(self, name: str, args: DashboardArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:grafana:Dashboard", name, None, opts)
        uid = args.dashboard.uid
        dashboard = oss.Dashboard(
            name,
            config_json=args.dashboard.model,
            folder=args.folder_uid,
            overwrite=True,
            opts=ResourceOptions(parent=self),
        )
        self.uid = dashboard.config_json.apply(lambda _: uid)
        self.register_outputs({"uid": self.uid})
