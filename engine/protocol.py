"""Pulumi's protocol, without the SDK around it.

The messages lie inside the SDK, whose import takes half of what a plugin's start takes; plugins
need nothing else of it. Who imports the SDK later gets all of it, and these same messages.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _packages_unrun(*names: str) -> Iterator[None]:
    """Let what is in packages be imported without running them, unless they are there already."""
    put = [name for name in names if name not in sys.modules]
    try:
        for name in put:
            spec = find_spec(name)
            if spec is not None:  # else whoever imports it is told
                sys.modules[name] = module_from_spec(spec)
        yield
    finally:
        for name in put:
            sys.modules.pop(name, None)


with _packages_unrun("pulumi", "pulumi.runtime", "pulumi.runtime.proto"):
    from pulumi.runtime.proto import (
        language_pb2,
        language_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
    )

with suppress(ImportError):  # protobuf in pure Python has no such limit
    # As the SDK does: messages may be as large, and so nested as deeply, as they come.
    import_module("google._upb._message").SetAllowOversizeProtos(True)

__all__ = ["language_pb2", "language_pb2_grpc", "plugin_pb2", "provider_pb2", "provider_pb2_grpc"]
