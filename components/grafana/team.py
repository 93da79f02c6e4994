"""A team of people in Grafana."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments.people_in_grafana import Team as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamArgs:
    """What Team is made of."""

    team: Values


class Team(ComponentResource):
    """A team without members of its own: whoever logs people in puts them there."""

    id: Output[str]
    """What grants name it by."""

    def __init__(self, name: str, args: TeamArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("belfry:grafana:Team", name, None, opts)
        team = oss.Team(
            name,
            name=args.team.name,
            email=args.team.mail,
            ignore_externally_synced_members=True,
            opts=ResourceOptions(parent=self),
        )
        self.id = team.id
        self.register_outputs({"id": self.id})
