"""The stand-in services of this machine, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.documents import Document


def print_services(services: Iterable[Document]) -> None:
    """Print a line a service: what it does, and through which broken one it fails."""
    out = console()
    for service in services:
        colour, words = _state(service)
        out.print(f"  {service['service']!s:<16} [{colour}]{words}[/]")


def _state(service: Document) -> tuple[str, str]:
    name, state, cause = service["service"], str(service["state"]), service.get("cause")
    others = [str(one) for one in cause if one != name] if isinstance(cause, list) else []
    if state == "broken":
        return "red", "broken"
    if others:
        return "red", f"suffers from {', '.join(others)}"
    if state == "slow":
        return "yellow", f"slow, by {service.get('delay')} s"
    return "green", "works"
