"""Pulumi's language host for Python: `python -m engine.language_host ENGINE`.

Pulumi's own is not to be had as a Go module, and this is all of it that a program in an environment
made beforehand needs: it runs `__main__.py` with this very interpreter, once a process.
"""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from google.protobuf import empty_pb2

from engine.protocol import language_pb2, language_pb2_grpc, plugin_pb2
from engine.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    import grpc

    Context = grpc.ServicerContext


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs the program of one project for one engine."""

    def __init__(self, engine: str) -> None:
        self._engine = engine

    def Handshake(  # noqa: N802 -- the names of the protocol, here and below
        self,
        request: language_pb2.LanguageHandshakeRequest,
        context: Context,  # noqa: ARG002
    ) -> language_pb2.LanguageHandshakeResponse:
        """Take the engine's address, if this host was started without."""
        self._engine = self._engine or request.engine_address
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(  # noqa: N802
        self,
        request: empty_pb2.Empty,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> plugin_pb2.PluginInfo:
        """The version of the SDK, whose protocol this host speaks."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def About(  # noqa: N802
        self,
        request: language_pb2.AboutRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> language_pb2.AboutResponse:
        """The interpreter, for `pulumi about`."""
        return language_pb2.AboutResponse(
            executable=sys.executable, version=sys.version.partition(" ")[0]
        )

    def GetRequiredPackages(  # noqa: N802
        self,
        request: language_pb2.GetRequiredPackagesRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> language_pb2.GetRequiredPackagesResponse:
        """The provider plugins that belong to the installed SDKs."""
        return language_pb2.GetRequiredPackagesResponse(packages=_plugins_of_sdks())

    def GetProgramDependencies(  # noqa: N802
        self,
        request: language_pb2.GetProgramDependenciesRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> language_pb2.GetProgramDependenciesResponse:
        """Every package of the environment, for `pulumi about`."""
        found = {package.name: package.version for package in metadata.distributions()}
        return language_pb2.GetProgramDependenciesResponse(
            dependencies=[
                language_pb2.DependencyInfo(name=name, version=found[name])
                for name in sorted(found)
            ]
        )

    def InstallDependencies(  # noqa: N802
        self,
        request: language_pb2.InstallDependenciesRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> Iterator[language_pb2.InstallDependenciesResponse]:
        """Nothing to do: the environment is made before Pulumi starts."""
        yield language_pb2.InstallDependenciesResponse(
            stdout=b"The Python environment is made by `make up`; nothing to install.\n"
        )

    def Cancel(  # noqa: N802
        self,
        request: empty_pb2.Empty,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> empty_pb2.Empty:
        """Nothing to stop: the engine refuses further registrations, which ends the program."""
        return empty_pb2.Empty()

    def Run(  # noqa: N802
        self,
        request: language_pb2.RunRequest,
        context: Context,  # noqa: ARG002
    ) -> language_pb2.RunResponse:
        """Run the program to its end. What it did wrong is logged, and the answer says `bail`."""
        # A host that is asked about plugins only, as each operation starts one, needs no SDK.
        from engine.language_program import run  # noqa: PLC0415

        return language_pb2.RunResponse(bail=not run(request, self._engine))


def _plugins_of_sdks() -> list[plugin_pb2.PackageDependency]:
    found = []
    for distribution in metadata.distributions():
        if not distribution.name.startswith("pulumi"):
            continue
        package = distribution.name.replace("-", "_")
        mark = Path(str(distribution.locate_file(f"{package}/pulumi-plugin.json")))
        if not mark.is_file():
            continue
        told = json.loads(mark.read_text(encoding="utf-8"))
        if told.get("resource"):
            found.append(
                plugin_pb2.PackageDependency(
                    name=told["name"],
                    kind="resource",
                    version=f"v{told.get('version') or distribution.version}",
                    server=told.get("server", ""),
                )
            )
    return found


def main() -> None:
    """Serve until the engine goes away."""
    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    host = LanguageHost(addresses[0] if addresses else "")
    serve(lambda server: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server))


if __name__ == "__main__":
    main()
