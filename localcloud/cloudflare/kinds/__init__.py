"""The table of resource kinds, one module a family of products.

A kind whose life is create, read, update, delete of a JSON object is a row here and needs no code
beyond what it checks and tells; whatever answers other calls than those is no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.cloudflare.kinds import (
    access,
    alerting,
    health_checks,
    logpush,
    pages,
    queues,
    storage,
    web_analytics,
    workers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from localcloud.cloudflare.kinds.rows import Kind

KINDS: tuple[Kind, ...] = (
    *health_checks.KINDS,
    *alerting.KINDS,
    *storage.KINDS,
    *queues.KINDS,
    *workers.KINDS,
    *access.KINDS,
    *pages.KINDS,
    *logpush.KINDS,
    *web_analytics.KINDS,
)

KIND: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
