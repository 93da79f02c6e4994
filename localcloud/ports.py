"""Ports on loopback: the one wanted, the next free one, and who has it otherwise."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

ADDRESS = "127.0.0.1"
_TRIES = 20


class PortTakenError(Exception):
    """A port that has to be used is in use; the text says by whom, where that can be known."""


def listen(wanted: int, *, fixed: bool) -> socket.socket:
    """Return a socket that listens on a port; 0: on any.

    Args:
        wanted: the port.
        fixed: use no other. Otherwise one of the 20 after it will do.

    Raises:
        PortTakenError: none of them is free.

    """
    candidates = [wanted] if fixed or wanted == 0 else range(wanted, wanted + _TRIES + 1)
    for port in candidates:
        # The protocol is named because asyncio sends small answers at once only on sockets that are
        # known to be TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((ADDRESS, port))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        listener.setblocking(False)
        return listener
    raise PortTakenError(f"port {wanted} is taken{_by_whom(wanted)}; choose another with --port")


def port_of(listener: socket.socket) -> int:
    """Return the port that a socket listens on."""
    return int(listener.getsockname()[1])


def _by_whom(port: int) -> str:
    """Return ` by COMMAND (process N)` where /proc tells, otherwise nothing."""
    inodes: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text("ascii").splitlines()[1:]:
                fields = line.split()
                if int(fields[1].rsplit(":", 1)[1], 16) == port and fields[3] == "0A":
                    inodes.add(f"socket:[{fields[9]}]")
    if not inodes:
        return ""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(str(link.readlink()) in inodes for link in (process / "fd").iterdir()):
                command = (process / "cmdline").read_bytes().split(b"\0")[0].decode()
                return f" by {command} (process {process.name})"
    return ""
