"""What a platform says of where its services are, for the texts of rules."""

from __future__ import annotations

from functools import cached_property
from shlex import quote
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from belfry.provisioned import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.addresses import Addresses
    from belfry.language.checks import Check
    from belfry.language.platform import Platform

_THIS_MACHINE = "//127.0.0.1"
"""Where stand-ins are; `privacy.scrub` would take such a number out of messages."""


class Whereabouts:
    """What fills the names of `OF_SOME_SERVICES`, in one environment."""

    def __init__(self, platform: Platform, addresses: Addresses | None) -> None:
        """Take where services are; None: nobody knows, so nothing is filled."""
        self._platform = platform
        self._addresses = addresses
        self._known: dict[str, Mapping[str, str]] = {}

    def of(self, service: str) -> Mapping[str, str]:
        """Give what is known of a service, by name, fit to stand in a command."""
        if service not in self._known:
            self._known[service] = dict(self._found(service))
        return self._known[service]

    def _found(self, service: str) -> Iterator[tuple[str, str]]:
        if self._addresses is None:
            return
        said = self._platform.services[service]
        address = self._asked.get(service) or self._addresses.of_service(service) or ""
        address = address.replace(_THIS_MACHINE, "//localhost", 1)
        known = {"address": address, "host": said.host, "script": said.script}
        known |= dict(_of_address(address))
        host = known["host"]
        for check in self._checks.get(service, ()):
            known |= dict(_of_check(check, host))
        known |= dict(_of_pair(said.address or ""))
        yield from ((name, quote(value)) for name, value in known.items() if value)

    @cached_property
    def _asked(self) -> Mapping[str, str]:
        """What the first request about each service asks."""
        found: dict[str, str] = {}
        for _, check, http in requests(self._platform):
            if self._addresses is not None and check.of not in found:
                found[check.of] = self._addresses.of_check(check, http)
        return found

    @cached_property
    def _checks(self) -> Mapping[str, list[Check]]:
        """Each service's checks, the first last."""
        found: dict[str, list[Check]] = {}
        for check in reversed(tuple(self._platform.checks.values())):
            found.setdefault(check.of, []).append(check)
        return found


def _of_address(address: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(address)
    if parts.hostname:
        yield "host", parts.hostname
        yield "port", str(parts.port or (443 if parts.scheme == "https" else 80))


def _of_check(check: Check, host: str | None) -> Iterator[tuple[str, str]]:
    if check.tcp is not None:
        yield from _of_pair(check.tcp.to)
    if check.tls is not None:
        yield "host", check.tls.host or host or ""
        yield "port", str(check.tls.port)
    if check.dns is not None:
        yield "host", check.dns.name or host or ""
    if check.domain is not None:
        yield "registered-domain", check.domain.name


def _of_pair(address: str) -> Iterator[tuple[str, str]]:
    host, colon, port = address.rpartition(":")
    if colon:
        yield "host", host
        yield "port", port
