"""Provider plugins of localcloud stacks: the real ones where there are any, else stand-ins."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from engine import launchers
from engine.binaries import path_without

if TYPE_CHECKING:
    from engine.paths import Home

DISTRIBUTIONS = {"cloudflare": "pulumi-cloudflare", "grafana": "pulumiverse-grafana"}
"""Plugin → the SDK whose version it has to have."""


def provide(home: Home) -> None:
    """Make every provider plugin findable in the PULUMI_HOME of localcloud stacks.

    A real plugin on PATH is Pulumi's own first choice; one in the user's plugin cache, of the SDK's
    version, is linked; otherwise the stand-in is.
    """
    launchers.write_standins(home)
    for name, distribution in DISTRIBUTIONS.items():
        binary = f"pulumi-resource-{name}"
        folder = f"resource-{name}-v{version(distribution)}"
        place = home.pulumi / "plugins" / folder / binary
        real = _users_cache(home) / folder / binary
        if shutil.which(binary, path=path_without(home)) is not None:
            place.unlink(missing_ok=True)
        else:
            _point(place, real if real.is_file() else home.standins / binary)


def _users_cache(home: Home) -> Path:
    own = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    if own.resolve() == home.pulumi.resolve():
        own = Path.home() / ".pulumi"  # a shell in which .belfry/env was sourced names ours
    return own / "plugins"


def _point(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    link.parent.mkdir(parents=True, exist_ok=True)
    draft = link.with_name(f".{link.name}.{os.getpid()}")
    draft.symlink_to(target)
    draft.replace(link)
