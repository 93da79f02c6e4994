"""The graph of which service needs which. Everything here is linear and iterative, for any size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def dependents_first(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Order services so that each comes before everything it needs; those of a cycle are left out.

    Needs that name no service are passed over.
    """
    waiting = dict.fromkeys(needs, 0)
    for needed in needs.values():
        for other in needed:
            if other in waiting:
                waiting[other] += 1
    ready = [service for service, count in waiting.items() if count == 0]
    for service in ready:
        for other in needs[service]:
            if other in waiting:
                waiting[other] -= 1
                if waiting[other] == 0:
                    ready.append(other)
    return tuple(ready)


def cycles(needs: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Find cycles, each as its services in order; every service stands in at most one of them.

    There is none exactly when `dependents_first` orders all services.
    """
    left = set(needs) - set(dependents_first(needs))
    found = []
    visited: set[str] = set()
    for start in needs:
        if start not in left or start in visited:
            continue
        trail: list[str] = []
        position: dict[str, int] = {}
        branches = [iter((start,))]
        while branches:
            service = next(branches[-1], None)
            if service is None:
                branches.pop()
                if trail:
                    position.pop(trail.pop(), None)
            elif service in position:
                found.append(tuple(trail[position[service] :]))
            elif service in left and service not in visited:
                visited.add(service)
                position[service] = len(trail)
                trail.append(service)
                branches.append(iter(needs[service]))
    return _apart(found)


def _apart(found: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Keep cycles that share no service with an earlier one: mending one often mends the other."""
    taken: set[str] = set()
    kept = []
    for cycle in found:
        if taken.isdisjoint(cycle):
            taken.update(cycle)
            kept.append(cycle)
    return tuple(kept)
