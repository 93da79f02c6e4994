"""Texts for messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import alerting

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments.alert_routing import MessageTemplate as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplateArgs:
    """What MessageTemplate is made of."""

    template: Values


class MessageTemplate(ComponentResource):
    """A group of templates."""

    template: Output[str]
    """Its name, known once it exists."""

    def __init__(
        self, name: str, args: MessageTemplateArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:MessageTemplate", name, None, opts)
        template = alerting.MessageTemplate(
            name,
            name=args.template.name,
            template=args.template.text,
            opts=ResourceOptions(parent=self),
        )
        self.template = template.name
        self.register_outputs({"template": self.template})
