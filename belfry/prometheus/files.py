"""All files of Prometheus for one environment of one platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.addresses import Addresses
from belfry.prometheus.main_file import SECRETS, main_file
from belfry.prometheus.recordings import recordings
from belfry.prometheus.rule_files import alert_file, recording_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.language.platform import Platform
    from belfry.rules import ServiceRule

MAIN = "prometheus.yml"
RECORDINGS = "recordings.yml"


def prometheus_files(
    platform: Platform,
    environment: str,
    rules: Mapping[str, Sequence[ServiceRule]],
    *,
    dashboard: str | None = None,
    secrets: str = SECRETS,
    addresses: Addresses | None = None,
) -> Mapping[str, str]:
    """Give the files by their path: recordings, a file of alerts a rule set, and what loads them.

    Args:
        platform: as the environment has it.
        environment: which one.
        rules: by rule set.
        dashboard: the address of a dashboard that every alert links to.
        secrets: the folder in which Prometheus finds secrets, a file each.
        addresses: where its services are, which are asked; None: where the environment says.

    """
    prefix = f"{platform.platform}-{environment}"
    found = recordings(rule for of_one_set in rules.values() for rule in of_one_set)
    files = {RECORDINGS: recording_file(f"{prefix}-recordings", found.rules)}
    for name, of_one_set in rules.items():
        if of_one_set:
            files[f"rules/{name}.yml"] = alert_file(
                f"{prefix}-{name}",
                platform,
                environment,
                of_one_set,
                recorded=found.numbers,
                dashboard=dashboard,
            )
    if platform.server is not None:
        asked = addresses or Addresses(platform, environment, None)
        files[MAIN] = main_file(platform, environment, platform.server, secrets, asked)
    return files
