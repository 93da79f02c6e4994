"""The Worker that probes, judges and pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from belfry.arguments.migrations import Migration
    from belfry.arguments.secret import Secret
    from belfry.arguments.storage import Expiry


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringWorker:
    """The Worker that probes, judges and pages, with everything it stands on."""

    script: str
    """Script name, unique in the account; environment included."""
    code: str
    """The bundled ES module."""
    compatibility_date: str
    compatibility_flags: tuple[str, ...]
    crons: tuple[str, ...]
    configuration: str
    """JSON text that the Worker reads from KV under the key `config` (worker/README.md)."""
    namespace: str
    """Title of the KV namespace."""
    bucket: str
    """Name of the R2 bucket that keeps the archive."""
    expiries: tuple[Expiry, ...]
    queue: str
    """Name of the queue that carries shards of checks."""
    variables: tuple[tuple[str, str], ...]
    """Plain text bindings, name and value, such as ENVIRONMENT and LOG_LEVEL."""
    secrets: tuple[tuple[str, Secret], ...]
    """Secret bindings: name inside the Worker, and the secret."""
    durable_objects: tuple[tuple[str, str], ...]
    """Binding name and class name."""
    migrations: tuple[Migration, ...]
    """Oldest first."""
