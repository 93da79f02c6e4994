"""Secrets, which nothing here knows the values of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """The name of a secret. Its value is known to the shell alone."""

    name: str
