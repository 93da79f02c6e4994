"""What a stack file says that the engine has to know before Pulumi runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from engine.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = "belfry"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """The settings of one stack that are not Pulumi's own business."""

    name: str
    platform: str
    environment: str
    localcloud: bool
    """Whether the stack runs against this machine."""
    account: str = ""
    """Id of its Cloudflare account; empty when it is not said."""
    zone: str = ""
    """Id of its Cloudflare zone; empty when it is not said."""
    owns_grafana_policy: bool = False
    """Whether the notification policies of its Grafana organisation are its own."""


def load_stack(root: Path, name: str) -> StackFile:
    """Read `Pulumi.<name>.yaml`.

    Raises:
        EngineError: there is no such stack, or its file does not say what it is about.

    """
    path = root / f"Pulumi.{name}.yaml"
    if not path.is_file():
        known = ", ".join(stack_names(root)) or "none"
        raise EngineError(f"there is no stack {name!r} (Pulumi.{name}.yaml); there are {known}")
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise EngineError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from error
    config = told.get("config") or {}
    missing = [key for key in ("platform", "environment") if not config.get(f"{PROJECT}:{key}")]
    if missing:
        keys = " and ".join(f"{PROJECT}:{key}" for key in missing)
        raise EngineError(f"{path.name} does not say {keys}")
    return StackFile(
        name=name,
        platform=str(config[f"{PROJECT}:platform"]),
        environment=str(config[f"{PROJECT}:environment"]),
        localcloud=str(config.get(f"{PROJECT}:localcloud", "")).lower() == "true",
        account=str(config.get(f"{PROJECT}:account") or ""),
        zone=str(config.get(f"{PROJECT}:zone") or ""),
        owns_grafana_policy=str(config.get(f"{PROJECT}:ownsGrafanaPolicy", "")).lower() == "true",
    )


def stack_names(root: Path) -> tuple[str, ...]:
    """The stacks that have a file."""
    found = sorted(path.name for path in root.glob("Pulumi.*.yaml"))
    return tuple(name.removeprefix("Pulumi.").removesuffix(".yaml") for name in found)
