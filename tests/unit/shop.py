"""A small platform file that tests change, and the types of the fixtures that take it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from belfry.arguments import Stack
    from belfry.language.platform import Platform

ROOT = Path(__file__).parents[2]

SHOP = """\
platform: shop
environments:
  local: {paging: worker, stand-ins: true}
  prod: {paging: worker, domain: shop.example}
severities:
  P0: {rank: 0, answer: 15m, resolve: 1h, channels: [slack]}
channels:
  slack: {slack: {webhook: secret:slack}}
services:
  api: {is: http-api, url: "https://api.${domain}", needs: [database]}
  database: {is: postgres}
checks:
  api-health: {of: api, http: {path: /health}}
  database-health: {of: database, through: api, http: {path: /health/db}}
rules:
  all: {use: [WorkerDown, DatabaseConnectionError, HighResponseTime]}
"""


FAILS = "own: {Fails: {of: [api, database], severity: P0, summary: It fails, failures: 2}}"
"""A rule of its own that judges whatever is asked of the shop, for a set that uses few others."""


class ReadsShop(Protocol):
    """Makes the shop's platform, with texts of its file replaced, as one environment has it."""

    def __call__(self, *edits: tuple[str, str], environment: str | None = None) -> Platform: ...


class Compiles(Protocol):
    """Compiles a platform for an environment."""

    def __call__(self, platform: Platform, environment: str) -> Stack: ...
