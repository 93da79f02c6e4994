"""Who uses Grafana: teams of people, and service accounts of programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from belfry.arguments.checked import check_name, check_once, check_within


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team. Its members are added by whoever logs people in, and are left as they are."""

    name: str
    mail: str = ""

    def __post_init__(self) -> None:
        """Refuse a name that is none.

        Raises:
            Problems: it is none.

        """
        check_name("team", "name", self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceToken:
    """A key of a service account. A new name makes a new key, before which the old one ends."""

    name: str
    lives: int | None = None
    """Seconds; None: for good. What ends is not renewed by itself, and no refresh notices."""

    def __post_init__(self) -> None:
        """Refuse a key that has ended.

        Raises:
            Problems: it lives less than a minute.

        """
        check_name("service token", "name", self.name)
        if self.lives is not None:
            check_within(f"service token {self.name}", "lives", self.lives, 60, 10 * 366 * 86_400)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceAccount:
    """A program that asks Grafana, and its keys."""

    name: str
    role: Literal["None", "Viewer", "Editor", "Admin"]
    tokens: tuple[ServiceToken, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a name that is none, and two keys of one name.

        Raises:
            Problems: either.

        """
        check_name("service account", "name", self.name)
        names = (token.name for token in self.tokens)
        check_once(f"service account {self.name}", "tokens", names)
