"""Reads the golden cases' messages."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import TYPE_CHECKING

from belfry.messages.message import Message
from belfry.messages.wording import Kind

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> tuple[Message, tuple[str, ...], tuple[str, ...]]:
    """Read what is known about an incident, and what is scrubbed: kinds of text, and fields."""
    document = json.loads(path.read_text(encoding="utf-8"))
    told = {
        re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name): value
        for name, value in document["message"].items()
    }
    assert set(told) == {field.name for field in fields(Message)}
    for name in ("took_along", "also", "unseen"):
        told[name] = tuple(told[name])
    message = Message(**{**told, "kind": Kind(told["kind"])})
    return message, tuple(document["scrub"]), tuple(document["fields"])
