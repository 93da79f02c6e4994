"""Running a program with the SDK, for the engine that asked the language host for it."""

from __future__ import annotations

import asyncio
import logging
import os
import runpy
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from pulumi import log
from pulumi.errors import RunError
from pulumi.runtime import reset_options, run_in_stack, set_all_config

if TYPE_CHECKING:
    from engine.protocol import language_pb2


def run(request: language_pb2.RunRequest, engine: str) -> bool:
    """Run the program to its end; False when something went wrong, which is logged."""
    program = _enter(request)
    reset_options(
        project=request.project,
        stack=request.stack,
        root_directory=request.info.root_directory,
        parallel=request.parallel,
        engine_address=engine,
        monitor_address=request.monitor_address,
        preview=request.dryRun,
        organization=request.organization or "organization",
    )
    set_all_config(dict(request.config), list(request.configSecretKeys))
    mistake = _run(program, workers=max(request.parallel, 1) * 4)
    sys.stdout.flush()
    sys.stderr.flush()
    if mistake is not None:
        log.error(mistake)
    return mistake is None


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
