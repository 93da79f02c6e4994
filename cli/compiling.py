"""One environment compiled without its stack's config, for commands that only look."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from belfry.addresses import LocalAddress
    from belfry.arguments import Stack
    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform


def usual_localcloud() -> LocalAddress:
    """Give where localcloud listens, if nothing else has its ports."""
    from belfry.addresses import LocalAddress

    return LocalAddress(url="http://127.0.0.1:8787", smtp="127.0.0.1:8788")


def compiled_offline(
    platform: Platform, environment: str, catalogue: Catalogue, *, owns_grafana_policy: bool = False
) -> Stack:
    """Compile an environment; what only a stack's config knows is stood in for by a word.

    That is the account's name under workers.dev (`account`), and where localcloud listens.
    """
    from belfry.compile import Target, compile_stack
    from dashboards import overview

    target = Target(
        workers_subdomain="account",
        localcloud=usual_localcloud(),
        owns_grafana_policy=owns_grafana_policy,
    )
    return compile_stack(
        platform,
        environment=environment,
        catalogue=catalogue,
        worker_code="",
        dashboards=(overview.build(platform, environment),),
        target=target,
    )
