"""A folder for dashboards and rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments import Folder as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderArgs:
    """What Folder is made of."""

    folder: Values


class Folder(ComponentResource):
    """A folder. Deleting it deletes the rules in it, also those that were added by hand."""

    uid: Output[str]
    """Its uid, known once it exists."""

    def __init__(self, name: str, args: FolderArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:grafana:Folder", name, None, opts)
        folder = oss.Folder(
            name,
            uid=args.folder.uid,
            title=args.folder.title,
            opts=ResourceOptions(parent=self),
        )
        self.uid = folder.uid
        self.register_outputs({"uid": self.uid})
