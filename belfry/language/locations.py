"""Locations: where checks and journeys are made from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar

from belfry.forms import Url
from belfry.shapes import Says


class Hint(StrEnum):
    """Where Cloudflare can be asked to place a Durable Object."""

    WNAM = "wnam"
    ENAM = "enam"
    SAM = "sam"
    WEUR = "weur"
    EEUR = "eeur"
    APAC = "apac"
    OC = "oc"
    AFR = "afr"
    ME = "me"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place from which checks are made: a region of Cloudflare, or a prober of one's own."""

    EXAMPLE_WITHOUT: ClassVar[tuple[str, ...]] = ("prober",)
    """Keys that do not go with the others of its example."""

    title: Annotated[str | None, Says("What people call it.", "Western Europe")] = None
    region: Annotated[
        Hint | None,
        Says(
            "A region of Cloudflare, asked for and not promised; the real place is shown.", "weur"
        ),
    ] = None
    prober: Annotated[
        Url | None,
        Says("A Blackbox exporter of one's own.", "https://probe.example.com"),
    ] = None
