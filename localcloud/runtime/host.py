"""The Node process that runs workerd: started, watched over, started again, and ended for good."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import shlex
import shutil
import signal
import ssl
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from localcloud.runtime.journal import LONGEST_LINE, event_of
from localcloud.shelves import UnavailableError

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Sequence

    from localcloud.documents import Document
    from localcloud.runtime.journal import Journal

_LOG = logging.getLogger("localcloud")
_HERE = Path(__file__).parent
_BACK_OFF = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0)
_STEADY = 30.0
"""Seconds after which a start counts as good and the back-off begins anew."""
_GRACE = 4.0
_MARK = "BELFRY_LOCALCLOUD"
"""By which whoever started localcloud knows the processes that belong to it."""
_LONGEST_LINE = 4 * 1024 * 1024


class Host:
    """Node with `host.mjs`, and the way to speak to it."""

    def __init__(self, *, node: str, modules: Path, root: Path, journal: Journal) -> None:
        """Nothing is started until `run` is."""
        self._node = node
        self._modules = modules
        self._root = root
        self._journal = journal
        self._client: httpx.AsyncClient | None = None
        self._up = asyncio.Event()
        self.problem: str | None = None
        """Why there is no runtime; None while there is, or while it is being started."""

    async def run(self, event: Callable[[Document], None], up: Callable[[], None]) -> None:
        """Keep Node running until cancelled, then end it with all that it started.

        Args:
            event: is given whatever Node tells.
            up: is called after each start.

        """
        attempt = 0
        while True:
            self.problem = self._missing()
            if self.problem is not None:
                _LOG.error("Workers do not run: %s", self.problem)
            while self.problem is not None:
                await asyncio.sleep(_BACK_OFF[-1])
                self.problem = self._missing()
            began = time.monotonic()
            try:
                reason = await self._once(event, up)
            except OSError as problem:
                reason = f"Node cannot be started: {problem}"
            attempt = 0 if time.monotonic() - began > _STEADY else attempt + 1
            delay = _BACK_OFF[min(attempt, len(_BACK_OFF) - 1)]
            _LOG.error("the Workers' runtime ended: %s; starting it again in %s s", reason, delay)
            self._journal.add_restart([], reason)
            self.problem = reason if attempt > 2 else None
            await asyncio.sleep(delay)

    async def call(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        wait: float,
        timeout: float,
    ) -> httpx.Response:
        """Call the host, waiting for it to be there.

        Raises:
            UnavailableError: it is not, or went away meanwhile.

        """
        client = await self._reach(wait)
        try:
            return await client.request(
                method, path, content=content, headers=headers, timeout=timeout
            )
        except httpx.HTTPError as problem:
            raise UnavailableError(f"the runtime went away: {problem!r}") from problem

    async def stream(
        self,
        method: str,
        path: str,
        *,
        headers: Sequence[tuple[str, str]],
        content: AsyncIterable[bytes] | None,
        wait: float,
        timeout: float,
    ) -> httpx.Response:
        """Call the host and return its answer unread; the caller closes it.

        Raises:
            UnavailableError: it is not there.
            httpx.HTTPError: it went away meanwhile.

        """
        client = await self._reach(wait)
        request = client.build_request(
            method, path, headers=list(headers), content=content, timeout=timeout
        )
        return await client.send(request, stream=True)

    async def _reach(self, wait: float) -> httpx.AsyncClient:
        if self.problem is not None and not self._up.is_set():
            raise UnavailableError(self.problem)
        try:
            async with asyncio.timeout(wait):  # `wait_for` may lose a cancellation (Python 3.11)
                await self._up.wait()
        except TimeoutError:
            reason = self.problem or f"the runtime did not start within {wait:g} s"
            raise UnavailableError(reason) from None
        if self._client is None:
            raise UnavailableError("the runtime is being started again")
        return self._client

    def _missing(self) -> str | None:
        """Return what the runtime lacks on this machine, or None."""
        if shutil.which(self._node) is None:
            return f"there is no Node at {self._node}"
        if not (self._modules / "miniflare" / "package.json").is_file():
            return f"there is no miniflare in {self._modules}"
        return None

    async def _once(self, event: Callable[[Document], None], up: Callable[[], None]) -> str:
        """Run Node until it ends; return why it did."""
        token = secrets.token_hex(24)
        environment = self._environment(token)
        process = await asyncio.create_subprocess_exec(
            *_leashed(self._node, str(_HERE / "host.mjs"), str(self._modules), str(self._root)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,
            limit=_LONGEST_LINE,
        )
        try:
            if process.stdout is None:
                raise RuntimeError("Node was started without a pipe")
            while line := await _line(process.stdout):
                told = event_of(line)
                if told is None:
                    said = self._journal.struck(line.decode(errors="replace").rstrip())
                    _LOG.info("runtime: %s", said[:LONGEST_LINE])
                elif told.get("event") == "listening":
                    self._client = httpx.AsyncClient(
                        base_url=f"http://127.0.0.1:{told['port']}",
                        headers={"Authorization": f"Bearer {token}"},
                        # Plain HTTP: the world's certificates, which it would read, are not needed.
                        verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                        trust_env=False,
                        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
                    )
                    self.problem = None
                    self._up.set()
                    up()
                else:
                    event(told)
            return f"Node ended with status {await process.wait()}"
        finally:
            self._up.clear()
            client, self._client = self._client, None
            await asyncio.shield(_ended(process, client))

    def _environment(self, token: str) -> dict[str, str]:
        """Return what Node gets to see: nothing of the caller's secrets."""
        temporary = self._root / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True, mode=0o700)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._root),
            "TMPDIR": str(temporary),
            "LANG": "C.UTF-8",
            "NO_COLOR": "1",
            "LOCALCLOUD_TOKEN": token,
        }
        # The package of the binary itself; Node's resolution is told where to begin.
        workerd = self._modules / "workerd" / "bin" / "workerd"
        binary = _native(self._modules) or workerd
        wrapper = self._root / "workerd"
        wrapper.write_text(f'#!/bin/sh\nexec {shlex.join(_leashed(str(binary)))} "$@"\n')
        wrapper.chmod(0o700)
        environment["MINIFLARE_WORKERD_PATH"] = str(wrapper)
        if _MARK in os.environ:
            environment[_MARK] = os.environ[_MARK]
        return environment


def _native(modules: Path) -> Path | None:
    """Return the workerd binary of this machine, as its package holds it."""
    found = sorted((modules / "@cloudflare").glob("workerd-*/bin/workerd*"))
    return found[0] if found else None


def _leashed(*command: str) -> list[str]:
    """Return a command whose process dies with the one that starts it."""
    return [sys.executable, "-I", "-S", str(_HERE / "leash.py"), *command]


async def _line(output: asyncio.StreamReader) -> bytes:
    """Return the next line of Node's output; empty: it has ended. Lines without end are dropped."""
    while True:
        try:
            return await output.readline()
        except ValueError:
            _LOG.warning("runtime: a line of more than %d bytes was dropped", _LONGEST_LINE)


async def _ended(process: asyncio.subprocess.Process, client: httpx.AsyncClient | None) -> None:
    """End Node and all that it started: asked first, killed after a while."""
    if client is not None:
        await client.aclose()
    if process.stdin is not None:
        process.stdin.close()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_GRACE):
            await process.wait()
    # Also when Node is gone: what it started is still in its group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
