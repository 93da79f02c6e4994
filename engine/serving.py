"""How a plugin of ours serves Pulumi's engine: a port on loopback, told on standard output."""

from __future__ import annotations

import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LARGEST_MESSAGE = 400 * 1024 * 1024
"""Bytes; the engine's own limit."""


def serve(
    register: Callable[[grpc.Server], None],
    *,
    interceptors: Sequence[grpc.ServerInterceptor] = (),
) -> None:
    """Serve until the engine ends this process, or has itself gone away."""
    server = grpc.server(
        ThreadPoolExecutor(max_workers=32),
        interceptors=list(interceptors),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ],
    )
    register(server)
    parent = os.getppid()
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    while not ended.wait(0.2):
        if os.getppid() != parent:
            break
    # Calls that are under way would hold the process until the engine loses patience with it.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
