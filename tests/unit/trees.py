"""Trees as plain values and back, for tests."""

from __future__ import annotations

import yaml

from belfry.tree import Items, Node, Table, Text

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


def texts(node: Node) -> object:
    """The tree as plain values."""
    if isinstance(node, Table):
        return {entry.key.text: texts(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [texts(item) for item in node.items]
    return node.text if isinstance(node, Text) else None


def written(value: object) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(written(item) for item in value) + "]"
    text = str(value)
    return "'" + text + "'"
