"""Durable Object migrations: which classes of a Worker keep state, and the tag that guards them.

A Worker's upload may carry migration steps. The service applies them once, remembers the tag they
end in, and refuses steps that start anywhere else, so that two deployments cannot both create, or
both delete, the storage of a class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.documents import documents, text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localcloud.documents import Document

TAG = Refusal(
    status=412, code=10079, message="Actor migration tag precondition failed: expected {expected}"
)
NOT_MIGRATED = Refusal(
    status=400,
    code=10061,
    message=(
        "Cannot create binding for class '{name}' because it is not currently configured to "
        "implement Durable Objects. Did you forget to apply migrations?"
    ),
)
EXISTS = Refusal(
    status=400,
    code=10074,
    message=(
        "Cannot apply new-class migration to class '{name}' that is already depended on by "
        "existing Durable Objects."
    ),
)
UNKNOWN_CLASS = Refusal(
    status=400,
    code=10073,
    message="Cannot apply {step} migration to class '{name}': it is not a Durable Object class.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """The Durable Object classes of one Worker."""

    tag: str | None = None
    namespaces: Mapping[str, str]
    """Class name and the id of its storage, which outlives a renaming."""
    key_value: frozenset[str] = frozenset()
    """Classes that keep their state the older way, not in SQLite."""

    def as_document(self) -> Document:
        """Return what the store keeps."""
        return {
            "tag": self.tag,
            "namespaces": dict(self.namespaces),
            "key_value": [*sorted(self.key_value)],
        }


def stored(held: Document) -> Classes:
    """Return what `as_document` wrote."""
    namespaces = held.get("namespaces")
    tag = held.get("tag")
    return Classes(
        tag=tag if isinstance(tag, str) else None,
        namespaces={k: str(v) for k, v in namespaces.items()}
        if isinstance(namespaces, dict)
        else {},
        key_value=frozenset(texts(held, "key_value")),
    )


def migrated(before: Classes, migrations: Document | None, new_id: Callable[[], str]) -> Classes:
    """Return a Worker's classes after an upload.

    Args:
        before: the classes until now.
        migrations: what the upload carries; None: no steps.
        new_id: makes the id of a new class's storage.

    Raises:
        RefusedError: the steps do not start at the present tag, or do not fit the classes.

    """
    if migrations is None:
        return before
    old_tag = text(migrations, "old_tag", "") or None
    if old_tag != before.tag:
        raise TAG.about(expected="None" if before.tag is None else f"'{before.tag}'")
    namespaces = dict(before.namespaces)
    key_value = set(before.key_value)
    for step in documents(migrations, "steps") or [migrations]:
        for field in ("new_classes", "new_sqlite_classes"):
            for name in texts(step, field):
                if name in namespaces:
                    raise EXISTS.about(name=name)
                namespaces[name] = new_id()
                if field == "new_classes":
                    key_value.add(name)
        for renaming in documents(step, "renamed_classes"):
            source, target = text(renaming, "from"), text(renaming, "to")
            if source not in namespaces:
                raise UNKNOWN_CLASS.about(step="renamed-class", name=source)
            namespaces[target] = namespaces.pop(source)
            if source in key_value:
                key_value.remove(source)
                key_value.add(target)
        for name in texts(step, "deleted_classes"):
            if name not in namespaces:
                raise UNKNOWN_CLASS.about(step="delete-class", name=name)
            del namespaces[name]
            key_value.discard(name)
    return Classes(
        tag=text(migrations, "new_tag", "") or before.tag,
        namespaces=namespaces,
        key_value=frozenset(key_value),
    )
