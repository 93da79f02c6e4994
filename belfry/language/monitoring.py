"""Monitoring: how the monitoring itself runs."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from belfry.forms import Script, Url
from belfry.scalars import Bounds
from belfry.shapes import Says
from belfry.values.duration import Duration

_DEFAULT_SETTLE = Duration.of(5)


class Region(StrEnum):
    """Where Cloudflare's health checks are made from."""

    WNAM = "WNAM"
    ENAM = "ENAM"
    WEU = "WEU"
    EEU = "EEU"
    NSAM = "NSAM"
    SSAM = "SSAM"
    OC = "OC"
    ME = "ME"
    NAF = "NAF"
    SAF = "SAF"
    IN = "IN"
    SEAS = "SEAS"
    NEAS = "NEAS"
    ALL_REGIONS = "ALL_REGIONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitoring:
    """How the monitoring itself runs."""

    script: Annotated[
        Script | None,
        Says(
            "Its Worker's name, before the environment's; otherwise <platform>-monitoring.",
            "pitchey-monitoring",
        ),
    ] = None
    regions: Annotated[
        tuple[Region, ...], Says("Where Cloudflare's health checks are made from.", "[WEU, ENAM]")
    ] = (Region.WNAM, Region.WEU, Region.SEAS)
    recover_after: Annotated[
        int, Bounds(1, 60), Says("Ticks in a row without trouble until an incident is over.", "2")
    ] = 2
    settle: Annotated[
        Duration, Says("How long a tick waits for its checks before it judges.", "5s")
    ] = _DEFAULT_SETTLE
    runbooks: Annotated[
        Url | None,
        Says(
            "Where the pages of runbooks/ are published, for links in messages.",
            "https://docs.example.com/runbooks",
        ),
    ] = None
