"""One platform in one environment: names, addresses and references, as all compilers need them."""

from __future__ import annotations

from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING

from belfry.addresses import Addresses, LocalAddress, split
from belfry.arguments import Component, Pager
from belfry.schedule import schedule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from belfry.language.environments import Environment
    from belfry.language.platform import Platform
    from belfry.language.services import Service
    from belfry.schedule import Turn

_SOMEWHERE = LocalAddress(url="http://127.0.0.1", smtp="127.0.0.1:25")
"""Stands for the local cloud where nobody says on which port it listens."""
_PAGERS = {
    Pager.WORKER: Component.MONITORING_WORKER,
    Pager.SHADOW: Component.MONITORING_WORKER,
    Pager.PROMETHEUS: Component.ALERTMANAGER,
    Pager.GRAFANA: Component.GRAFANA,
}
"""What sends messages where this wakes people."""


class Site:
    """What compilers ask about one environment. What is asked rarely is made when it is asked."""

    def __init__(
        self, platform: Platform, environment: str, addresses: Addresses | None = None
    ) -> None:
        """Take the effective platform of an environment, and where its services are, if known."""
        self.platform = platform
        self.environment = environment
        self._addresses = addresses

    @property
    def settings(self) -> Environment:
        """What the platform says of this environment."""
        return self.platform.environments[self.environment]

    @property
    def prefix(self) -> str:
        """What begins the name of everything provisioned here."""
        return f"{self.platform.platform}-{self.environment}"

    @property
    def pager(self) -> Component:
        """What sends messages here."""
        return _PAGERS[self.settings.paging]

    @property
    def worker_tells(self) -> bool:
        """Whether the monitoring Worker sends messages here, which keeps nearly all of it."""
        return self.pager is Component.MONITORING_WORKER

    def name(self, *words: str) -> str:
        """Give a name that no other environment gives."""
        return "-".join((self.prefix, *words))

    def with_environment(self, name: str) -> str:
        """Add the environment to a name that the platform gives, as for the monitoring Worker."""
        return f"{name}-{self.environment}"

    @cached_property
    def addresses(self) -> Addresses:
        """Where services are."""
        local = _SOMEWHERE if self.settings.stand_ins else None
        return self._addresses or Addresses(self.platform, self.environment, local)

    @cached_property
    def turns(self) -> Mapping[str, Turn]:
        """How often each check is made."""
        return schedule(self.platform)

    def address(self, service: str) -> str:
        """Give a service's address without a slash at its end; empty: it has none."""
        return self.addresses.of_service(service) or ""

    def host(self, service: str) -> str:
        """Give a service's host name: what it says, else that of its address; empty: none."""
        said: Service = self.platform.services[service]
        if said.host:
            return said.host
        address = self.address(service)
        if address:
            return split(address).host
        return said.address.rpartition(":")[0] if said.address else ""

    def title(self, service: str) -> str:
        """Give the words for a service in messages."""
        return self.platform.title_of(service)

    def with_dependents(self, services: Iterable[str]) -> tuple[str, ...]:
        """Give services and all that need them, directly or not, in the platform's order."""
        found = set(services)
        waiting = deque(found)
        while waiting:
            for other in self._needed_by.get(waiting.popleft(), ()):
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return tuple(name for name in self.platform.services if name in found)

    @cached_property
    def _needed_by(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for name, service in self.platform.services.items():
            for needed in service.needs:
                found.setdefault(needed, []).append(name)
        return found
