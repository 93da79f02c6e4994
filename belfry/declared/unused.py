"""Values of the platform file that nobody uses yet, though all around them is provisioned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Declared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.declared.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """One value, as people write it."""

    value: str


def unused(site: Site, part: str, said: Mapping[str, object]) -> Iterator[Declared]:
    """Give each value of a part under its key, for whoever sends messages; None is not said."""
    for key, value in said.items():
        if value is not None:
            yield Declared(
                part=f"{part}.{key}", component=site.pager, arguments=Unused(value=str(value))
            )
