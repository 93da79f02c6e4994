"""Conditions on an alert's labels, as Alertmanager and Grafana match them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A label has one of some values; of none: it is there at all."""

    label: str
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Say whether labels are so. A label that is not there is as one that is empty."""
        value = labels.get(self.label, "")
        return value in self.values if self.values else value != ""

    def __str__(self) -> str:
        """Print for people: `service=api or database`."""
        return f"{self.label}={' or '.join(self.values) or 'anything'}"


def all_hold(matches: Sequence[Match], labels: Mapping[str, str]) -> bool:
    """Say whether every condition holds; of none, all do."""
    return all(match.holds(labels) for match in matches)


def said(matches: Sequence[Match]) -> str:
    """Print conditions for people."""
    return ", ".join(map(str, matches))
