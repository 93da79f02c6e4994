"""Requests of the real provider plugins, as they were recorded: what a fuzzer starts from."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

RECORDINGS = Path(__file__).parents[1] / "parity" / "recordings"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a multipart body."""

    name: str
    filename: str | None
    media_type: str | None
    content: Any
    """A text, or a value to be sent as JSON."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One request."""

    method: str
    path: str
    body: Any
    """A value to be sent as JSON; None: nothing."""
    parts: tuple[Part, ...]
    """Sent as multipart instead, if there are any."""
    answer: Any
    """What came back."""


def requests() -> list[Recorded]:
    """Return every recorded request, in the order of its recording."""
    found: list[Recorded] = []
    for file in sorted(RECORDINGS.rglob("*.json")):
        held = json.loads(file.read_text())
        for call in held.get("calls", []) if isinstance(held, dict) else []:
            path = call["path"].partition("?")[0]
            sent = call.get("request")
            multipart = sent.get("multipart", []) if isinstance(sent, dict) else []
            found.append(
                Recorded(
                    method=call["method"],
                    path=path if path.startswith("/client/") else f"/grafana{path}",
                    body=None if multipart else sent,
                    answer=call.get("response"),
                    parts=tuple(
                        Part(
                            name=part["name"],
                            filename=part.get("filename"),
                            media_type=part.get("content_type"),
                            content=part.get("body"),
                        )
                        for part in multipart
                    ),
                )
            )
    return found


def by_route(
    routes: Iterable[tuple[str, str]], recorded: Sequence[Recorded]
) -> Mapping[tuple[str, str], list[Recorded]]:
    """Return the recorded requests of each route, by its method and path."""
    found: dict[tuple[str, str], list[Recorded]] = defaultdict(list)
    for method, path in routes:
        pattern = re.compile(
            re.sub(r"\\\{(\w+?)(:path)?\\\}", lambda m: ".+" if m[2] else "[^/]+", re.escape(path))
        )
        found[method, path] += [
            one for one in recorded if one.method == method and pattern.fullmatch(one.path)
        ]
    return found
