"""Pulumi's language host for Python: `python -m engine.language_host ENGINE`.

Pulumi's own is not to be had as a Go module, and this is all of it that a program in an environment
made beforehand needs: it runs `__main__.py` with this very interpreter, once a process.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from google.protobuf import empty_pb2
from pulumi import log
from pulumi.errors import RunError
from pulumi.runtime import reset_options, run_in_stack, set_all_config
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

from engine.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        program = _enter(request)
        reset_options(
            project=request.project,
            stack=request.stack,
            root_directory=request.info.root_directory,
            parallel=request.parallel,
            engine_address=self._engine,
            monitor_address=request.monitor_address,
            preview=request.dryRun,
            organization=request.organization or "organization",
        )
        set_all_config(dict(request.config), list(request.configSecretKeys))
        mistake = _run(program, workers=max(request.parallel, 1) * 4)
        sys.stdout.flush()
        sys.stderr.flush()
        if mistake is None:
            return language_pb2.RunResponse()
        log.error(mistake)
        return language_pb2.RunResponse(bail=True)


def _enter(request: language_pb2.RunRequest) -> Path:
    """Stand where the program expects to stand, and tell which file it is."""
    folder = Path(request.info.program_directory or request.pwd or ".")
    program = folder / (request.info.entry_point or request.program or ".")
    if program.is_dir():
        program /= "__main__.py"
    os.chdir(request.pwd or folder)
    sys.path[0:1] = [str(program.parent)]
    sys.argv = [str(program), *request.args]
    return program


def _run(program: Path, *, workers: int) -> str | None:
    """Run the program; what went wrong, for the user, or None."""
    # The programming model leaves futures behind when a program fails. That is harmless, and
    # asyncio would complain about each of them.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.set_default_executor(ThreadPoolExecutor(max_workers=workers))

    def main() -> None:
        runpy.run_path(str(program), run_name="__main__")

    try:
        loop.run_until_complete(run_in_stack(main))
    except RunError as error:
        return str(error)
    except SystemExit as ending:
        return None if ending.code in {0, None} else f"The program ended with {ending.code}."
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.UNAVAILABLE:
            return None
        return f"The engine refused a call: {error.details()}"
    except Exception as error:  # noqa: BLE001 -- whatever the program raises is told to its author
        return f"The program failed with an unhandled exception:\n{_its_own_trace(error, program)}"
    finally:
        _finish(loop)
    return None


def _its_own_trace(error: Exception, program: Path) -> str:
    """The trace from the program's first line on, without the frames that led there."""
    frames = traceback.TracebackException.from_exception(error)
    names = [frame.filename for frame in frames.stack]
    if str(program) in names:
        del frames.stack[: names.index(str(program))]
    return "".join(frames.format())


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    for task in left:
        with suppress(asyncio.CancelledError, Exception):
            loop.run_until_complete(task)
    loop.close()


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
