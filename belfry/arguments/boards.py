"""What people look at in Grafana, and where it comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from belfry.arguments.checked import check_name, check_once, check_some, check_uid, refused

if TYPE_CHECKING:
    from belfry.arguments.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A Grafana data source."""

    uid: str
    name: str
    type: Literal["prometheus", "loki"]
    url: str
    default: bool
    settings: tuple[tuple[str, str | int | bool], ...] = ()
    """Keys of Grafana's jsonData."""
    secrets: tuple[tuple[str, Secret], ...] = ()
    """Keys of Grafana's secureJsonData. What becomes of them there, no refresh notices."""

    def __post_init__(self) -> None:
        """Refuse a uid that cannot be read back.

        Raises:
            Problems: the uid, an empty name, a key that is there twice.

        """
        owner = f"data source {self.uid}"
        check_uid(owner, "uid", self.uid)
        check_name(owner, "name", self.name)
        check_once(owner, "settings", (key for key, _ in self.settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A Grafana dashboard: its JSON model as text, with a stable uid inside."""

    uid: str
    title: str
    model: str

    def __post_init__(self) -> None:
        """Refuse a uid that cannot be read back. The model is not parsed here.

        Raises:
            Problems: the uid.

        """
        check_uid(f"dashboard {self.uid}", "uid", self.uid)


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryPanel:
    """A panel that several dashboards show: its JSON model as text."""

    uid: str
    name: str
    model: str

    def __post_init__(self) -> None:
        """Refuse a model that Grafana does not take.

        Raises:
            Problems: the uid, the name, or a model without title or type.

        """
        owner = f"library panel {self.uid}"
        check_uid(owner, "uid", self.uid)
        check_name(owner, "name", self.name, longest=100)
        model = _parsed(owner, self.model)
        missing = [key for key in ("title", "type") if not model.get(key)]
        if missing:
            wrong = f"it says no {' and no '.join(missing)}"
            raise refused(owner, "model", wrong, "add it: Grafana adds it otherwise, for ever")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A mark on the time axis of dashboards."""

    text: str
    tags: tuple[str, ...]
    """In the order in which they are shown."""
    time: str
    """As 2026-12-24T22:00:00Z. Always said: without, it is the moment of the deployment."""
    end: str | None = None
    """Of a span of time; None: a moment."""
    dashboard: str | None = None
    """uid; None: every dashboard that asks for one of the tags."""

    def __post_init__(self) -> None:
        """Refuse a mark that nobody would find.

        Raises:
            Problems: no text, neither tag nor dashboard, or a time that is none.

        """
        check_name("annotation", "text", self.text, longest=4000)
        check_once("annotation", "tags", self.tags)
        if self.dashboard is None:
            check_some("annotation", "tags", self.tags, "tag")
        start = _moment("time", self.time)
        if self.end is not None and _moment("end", self.end) <= start:
            raise refused("annotation", "end", "it is before the time", "write a later one")


def _moment(field: str, moment: str) -> datetime:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        right = "write it as 2026-12-24T22:00:00Z"
        raise refused("annotation", field, f"{moment!r} is no moment", right)
    return found


def _parsed(owner: str, model: str) -> dict[str, Any]:
    try:
        parsed = json.loads(model)
    except ValueError as error:
        raise refused(owner, "model", f"it is no JSON: {error}", "write JSON text") from error
    if not isinstance(parsed, dict):
        raise refused(owner, "model", "it is no JSON object", "write a panel's model")
    return parsed
