"""Grafana dashboards as values: one module a dashboard, over the small builder beside them.

Pure: the same platform gives the same bytes. Where a dashboard lands is not decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards import overview

if TYPE_CHECKING:
    from belfry.arguments import Dashboard
    from belfry.language.platform import Platform

__all__ = ["build"]

_MODULES = (overview,)


def build(platform: Platform, environment: str) -> tuple[Dashboard, ...]:
    """Build every dashboard of one environment; the first is where messages lead people."""
    return tuple(module.build(platform, environment) for module in _MODULES)
