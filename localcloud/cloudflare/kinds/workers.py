"""Routes of a zone to Workers."""

from __future__ import annotations

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import Field, Kind

BAD_PATTERN = Refusal(status=400, code=10022, message="Invalid URL pattern: {reason}")

KINDS = (
    Kind(
        name="routes",
        pulumi_type="cloudflare:index/workersRoute:WorkersRoute",
        paths=("/zones/{scope}/workers/routes",),
        fields=(
            # A host, perhaps with * in front, and a path, perhaps with * behind.
            Field(
                name="pattern",
                required=True,
                pattern=r"(https?://)?\*?[A-Za-z0-9.-]+(/[^\s?*]*\*?)?",
                longest=2048,
            ),
            Field(name="script", default=None),
        ),
        natural="pattern",
        missing=Refusal(status=404, code=10009, message="route not found"),
        malformed=BAD_PATTERN,
        duplicate=Refusal(
            status=409, code=10020, message="A route with the same pattern already exists."
        ),
    ),
)
