"""Grafana folders, and who may do what in them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from belfry.arguments.checked import check_name, check_once, check_uid, refused


class Level(StrEnum):
    """What somebody may do in a folder."""

    VIEW = "View"
    EDIT = "Edit"
    ADMIN = "Admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderGrant:
    """Who may do what: a basic role, or a team of the same stack, and not both."""

    level: Level
    role: Literal["Viewer", "Editor"] | None = None
    team: str | None = None
    """Name of a Team."""

    def __post_init__(self) -> None:
        """Refuse a grant for nobody, or for two.

        Raises:
            Problems: neither role nor team is said, or both are.

        """
        if (self.role is None) is (self.team is None):
            raise refused("folder grant", "role", "it must be one of role and team", "say one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A Grafana folder. Its uid holds a letter: one of digits alone cannot be read back."""

    uid: str
    title: str
    grants: tuple[FolderGrant, ...] | None = None
    """Who may do what; everybody else nothing. None: as Grafana has it, and by hand."""
    parent: str | None = None
    """uid of the folder that it is in."""
    keep_if_used: bool = False
    """Destroying it fails while something is in it."""

    def __post_init__(self) -> None:
        """Refuse a uid that cannot be read back.

        Raises:
            Problems: the uid, an empty title, somebody granted twice.

        """
        owner = f"folder {self.uid}"
        check_uid(owner, "uid", self.uid)
        check_name(owner, "title", self.title)
        if self.parent is not None:
            check_uid(owner, "parent", self.parent)
        grants = self.grants or ()
        check_once(owner, "grants", (f"{one.role or ''}/{one.team or ''}" for one in grants))
