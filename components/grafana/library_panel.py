"""A panel that several dashboards show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from pulumi import Input, Output

    from belfry.arguments.boards import LibraryPanel as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPanelArgs:
    """What LibraryPanel is made of."""

    panel: Values
    folder_uid: Input[str]


class LibraryPanel(ComponentResource):
    """A library panel. While a dashboard shows it, Grafana does not delete it."""

    uid: Output[str]
    """Its uid, known once it exists: dashboards that name it so come after it."""

    def __init__(
        self, name: str, args: LibraryPanelArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:LibraryPanel", name, None, opts)
        panel = oss.LibraryPanel(
            name,
            uid=args.panel.uid,
            name=args.panel.name,
            folder_uid=args.folder_uid,
            model_json=json.dumps(json.loads(args.panel.model), sort_keys=True),
            opts=ResourceOptions(parent=self),
        )
        self.uid = panel.uid
        self.register_outputs({"uid": self.uid})
