"""What the providers' SDKs say of resources' properties, against which recorded inputs are held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.standins import shapes
from engine.standins.values import UNKNOWN, Value
from tests.contract.resource_types import CLOUDFLARE, GRAFANA, sdk_class

if TYPE_CHECKING:
    from pathlib import Path

    from engine.documents import Json
    from engine.recorder import PlannedResource


class Properties:
    """The property tables of every type that the platforms need."""

    def __init__(self, cache: Path) -> None:
        self._shapes = {
            token: shape
            for name, distribution, types in (
                ("cloudflare", "pulumi-cloudflare", CLOUDFLARE),
                ("grafana", "pulumiverse-grafana", GRAFANA),
            )
            for token, shape in shapes.load(
                name,
                {token: sdk_class(token) for token in types},
                cache=cache,
                distribution=distribution,
            ).items()
        }

    def mistakes(self, resource: PlannedResource) -> list[str]:
        """Say what the SDK does not know in a resource's inputs, or misses there."""
        shape = self._shapes[resource.type]
        inputs = {key: value(one) for key, one in resource.inputs.items()}
        return [f"{path}: {why}" for path, why in shapes.mistakes(inputs, shape.inputs)]


def value(recorded: Json) -> Value:
    """Take a recorded value back to what a provider would be given."""
    match recorded:
        case {"unknown": True}:
            return UNKNOWN
        case {"secret": str(name)}:
            return name
        case dict():
            return {key: value(one) for key, one in recorded.items()}
        case list():
            return [value(one) for one in recorded]
        case _:
            return recorded
