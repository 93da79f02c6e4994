"""Processes of this machine: whether one lives, who holds a port, ending what carries a mark."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROC = Path("/proc")


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    with suppress(ChildProcessError, OSError):
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _status(pid)[:1] != ["Z"]


def name(pid: int) -> str:
    """The name of a process's program; empty when that cannot be told."""
    try:
        return (_PROC / str(pid) / "comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def command(pid: int) -> list[str]:
    """The command line of a process; empty when that cannot be told."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def parent(pid: int) -> int:
    """The process that started one, or that took it over; 0 when that cannot be told."""
    fields = _status(pid)
    return int(fields[1]) if fields else 0


def kill(pid: int, *, patience: float = 5.0) -> None:
    """End a process at once, and wait until it has ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    wait_for_end(pid, patience)


def marked(variable: str, value: str) -> Iterator[int]:
    """Processes of ours, but for this one, whose environment holds a variable."""
    wanted = f"{variable}={value}".encode()
    for pid in _own_processes():
        if pid == os.getpid():
            continue
        with suppress(OSError):
            held = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
            if wanted in held and alive(pid):
                yield pid


def wait_for_end(pid: int, seconds: float) -> bool:
    """Whether a process ended within a time."""
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def end_all(variable: str, value: str, *, patience: float = 5.0) -> bool:
    """End every process of ours whose environment holds a variable; whether there was any.

    Asked first, killed when that does not help within `patience` seconds.
    """
    found = False
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = list(marked(variable, value))
        found = found or bool(left)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        for pid in left:
            wait_for_end(pid, patience)
    return found


def port_owner(port: int) -> str | None:
    """Who listens on a port of loopback, as `name (pid 12)`; None when it is free.

    Another user's process is `another process`, because its open files cannot be looked at.
    """
    inodes = {
        inode
        for table in ("tcp", "tcp6")
        for local, status, inode in _sockets(_PROC / "net" / table)
        if status == "0A" and int(local.rpartition(":")[2], 16) == port
    }
    if not inodes:
        return None
    for pid in _own_processes():
        with suppress(OSError):
            for descriptor in (_PROC / str(pid) / "fd").iterdir():
                with suppress(OSError):
                    target = str(descriptor.readlink())
                    if target.startswith("socket:[") and target[8:-1] in inodes:
                        return f"{name(pid)} (pid {pid})"
    return "another process"


def _sockets(table: Path) -> Iterator[tuple[str, str, str]]:
    """Local address, state and inode of each socket in one of the kernel's tables."""
    with suppress(OSError):
        for line in table.read_text(encoding="utf-8").splitlines()[1:]:
            parts = line.split()
            yield parts[1], parts[3], parts[9]


def _own_processes() -> Iterator[int]:
    with suppress(OSError):
        for entry in _PROC.iterdir():
            if entry.name.isdigit():
                yield int(entry.name)


def _status(pid: int) -> list[str]:
    """State, parent, … as the kernel lists them after the name."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
