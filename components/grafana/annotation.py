"""A mark on the time axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pulumi import ComponentResource, ResourceOptions
from pulumiverse_grafana import oss

if TYPE_CHECKING:
    from pulumi import Input

    from belfry.arguments.boards import Annotation as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationArgs:
    """What Annotation is made of."""

    annotation: Values
    dashboard_uid: Input[str] | None = None
    """Known once the dashboard exists; by default as the annotation says it."""


class Annotation(ComponentResource):
    """A mark at a moment, or over a span of time, with a time of its own."""

    def __init__(
        self, name: str, args: AnnotationArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:grafana:Annotation", name, None, opts)
        values = args.annotation
        annotation = oss.Annotation(
            name,
            text=values.text,
            tags=list(values.tags),
            time=values.time,
            time_end=values.end,
            dashboard_uid=args.dashboard_uid or values.dashboard,
            opts=ResourceOptions(parent=self),
        )
        self.register_outputs({"id": annotation.id})
