"""A folder for dashboards and rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi import Input, Output

    from belfry.arguments import Folder as Values
    from belfry.arguments.folders import FolderGrant


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderArgs:
    """What Folder is made of."""

    folder: Values
    teams: Mapping[str, Input[str]] = field(default_factory=dict)
    """Ids of the teams that grants name, by those names."""


class Folder(ComponentResource):
    """A folder. Deleting it deletes the rules in it, also those that were added by hand."""

    uid: Output[str]
    """Its uid, known once it exists."""

    def __init__(self, name: str, args: FolderArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:grafana:Folder", name, None, opts)
        values = args.folder
        folder = oss.Folder(
            name,
            uid=values.uid,
            title=values.title,
            parent_folder_uid=values.parent,
            prevent_destroy_if_not_empty=True if values.keep_if_used else None,
            opts=ResourceOptions(parent=self),
        )
        if values.grants is not None:
            oss.FolderPermission(
                name,
                folder_uid=folder.uid,
                permissions=[_grant(one, args) for one in values.grants],
                opts=ResourceOptions(parent=self),
            )
        self.uid = folder.uid
        self.register_outputs({"uid": self.uid})


def _grant(grant: FolderGrant, args: FolderArgs) -> oss.FolderPermissionPermissionArgs:
    return oss.FolderPermissionPermissionArgs(
        permission=grant.level.value,
        role=grant.role,
        team_id=args.teams[grant.team] if grant.team else None,
    )
