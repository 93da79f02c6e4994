"""Logs that Cloudflare pushes to where they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.arguments.checked import check_name, check_once, check_some, check_within, refused

if TYPE_CHECKING:
    from belfry.arguments.secret import Secret


class Dataset(StrEnum):
    """What is pushed."""

    WORKERS = "workers_trace_events"
    AUDIT = "audit_logs"
    ACCESS = "access_requests"
    REQUESTS = "http_requests"
    FIREWALL = "firewall_events"
    DNS = "dns_logs"
    ERRORS = "nel_reports"

    @property
    def of_zone(self) -> bool:
        """Whether a zone has it; otherwise the account does."""
        return self in {Dataset.REQUESTS, Dataset.FIREWALL, Dataset.DNS, Dataset.ERRORS}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogpushJob:
    """One kind of log, pushed to one place."""

    name: str
    dataset: Dataset
    destination: Secret
    """Where to, with the key in it, such as r2://bucket/{DATE}?account-id=…"""
    fields: tuple[str, ...]
    """Names of what is told of each event, in this order."""
    sample: float = 1
    """Share of the events."""
    enabled: bool = True

    def __post_init__(self) -> None:
        """Refuse a job that would push nothing.

        Raises:
            Problems: no field, one twice, or a share that is none.

        """
        owner = f"Logpush job {self.name}"
        check_name(owner, "name", self.name, longest=512)
        check_some(owner, "fields", self.fields, "field")
        check_once(owner, "fields", self.fields)
        if self.sample == 0:
            raise refused(owner, "sample", "nothing is pushed", "leave the job out")
        check_within(owner, "sample", self.sample, 0, 1)
