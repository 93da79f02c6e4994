"""Every route that keeps no Worker's code: one place to see what there is beside Workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.cloudflare.account_tokens import AccountTokens
from localcloud.cloudflare.buckets import Buckets
from localcloud.cloudflare.databases import Databases
from localcloud.cloudflare.deployments import Deployments
from localcloud.cloudflare.directory import Directory
from localcloud.cloudflare.domains import Domains
from localcloud.cloudflare.kv_bulk import KvBulk
from localcloud.cloudflare.notifications import Notifications
from localcloud.cloudflare.queue_consumers import QueueConsumers
from localcloud.cloudflare.resources import Resources
from localcloud.cloudflare.rulesets import Rulesets

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.routing import Route

    from localcloud.shelves import Shelves
    from localcloud.store import Store


def resource_routes(store: Store, shelves: Shelves, changed: Callable[[str], None]) -> list[Route]:
    """Return the routes; those of the table come last, as others answer some of its paths."""
    return [
        *Directory(store).routes(),
        *AccountTokens(store, changed).routes(),
        *Deployments(store).routes(),
        *Domains(store, changed).routes(),
        *KvBulk(store, shelves).routes(),
        *Buckets(store, shelves, changed).routes(),
        *Databases(store, shelves).routes(),
        *QueueConsumers(store, changed).routes(),
        *Rulesets(store, changed).routes(),
        *Notifications(store, changed).routes(),
        *Resources(store, changed).routes(),
    ]
