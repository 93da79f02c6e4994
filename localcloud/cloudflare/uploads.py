"""The upload of a Worker: its modules and the metadata that says how they are bound."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.migrations import NOT_MIGRATED
from localcloud.documents import MalformedError, document, documents, parse, text, texts
from localcloud.store import Module

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from localcloud.cloudflare.migrations import Classes
    from localcloud.documents import Document, Value
    from localcloud.multipart import Part
    from localcloud.store import Store

BROKEN = Refusal(status=400, code=10021, message="{reason}")
NO_METADATA = Refusal(status=400, code=10056, message="The upload holds no metadata part.")
NO_MAIN = Refusal(status=400, code=10021, message='No such module "{name}".')

NOT_RUN = Refusal(
    status=400,
    code=10021,
    message="localcloud cannot bind {name}, of type {type}; it can bind {types}.",
)

_SERVICE_WORKER = "script"
_HANDLERS = ("fetch", "scheduled", "queue", "email", "tail")
_DEFAULT_OBSERVABILITY: Document = {"enabled": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What one upload holds."""

    modules: list[Module]
    """The main one first."""
    metadata: Document
    bindings: list[Document]
    """As the service tells them: without the values of secrets."""
    secrets: dict[str, str]
    """Name and value of each secret binding."""
    classic: bool
    """True: a script that listens for events, not a module that exports handlers."""

    @property
    def etag(self) -> str:
        """Return a digest of the code."""
        digest = hashlib.sha256()
        for module in self.modules:
            digest.update(f"{module.name}\0{module.type}\0{len(module.content)}\0".encode())
            digest.update(module.content)
        return digest.hexdigest()

    def settings(self) -> Document:
        """Return what the service keeps of the metadata, with its defaults."""
        metadata = self.metadata
        kept: Document = {
            "compatibility_date": text(metadata, "compatibility_date", ""),
            "compatibility_flags": list(texts(metadata, "compatibility_flags")),
            "usage_model": text(metadata, "usage_model", "standard"),
            "logpush": metadata.get("logpush") is True,
            "placement": metadata.get("placement") or {},
            "tags": list(texts(metadata, "tags")),
            "tail_consumers": metadata.get("tail_consumers"),
            "observability": metadata.get("observability") or _DEFAULT_OBSERVABILITY,
        }
        for name in ("limits", "annotations"):
            if metadata.get(name):
                kept[name] = metadata[name]
        return kept

    def handlers(self) -> list[Value]:
        """Return the handlers that the main module seems to have."""
        code = self.modules[0].content.decode("utf-8", "replace")
        return [name for name in _HANDLERS if re.search(rf"\b{name}\s*[(:]", code)]


def read(parts: list[Part]) -> Upload:
    """Return what the parts of an upload hold.

    Raises:
        RefusedError: there is no metadata or no main module.
        MalformedError: the metadata is not what it should be.

    """
    found = [part for part in parts if part.name == "metadata"]
    if not found or not found[0].content.strip():
        raise NO_METADATA.about()
    metadata = document(parse(found[0].content), "metadata")
    main = text(metadata, "main_module", "")
    classic = not main
    main = main or text(metadata, "body_part", _SERVICE_WORKER)
    modules = [
        Module(
            name=part.name,
            type=part.media_type or "application/javascript+module",
            content=part.content,
        )
        for part in parts
        if part.name != "metadata" and part.media_type != "application/source-map"
    ]
    modules.sort(key=lambda module: module.name != main)
    if not modules or modules[0].name != main:
        raise NO_MAIN.about(name=main)
    bindings: list[Document] = []
    secrets: dict[str, str] = {}
    for binding in documents(metadata, "bindings"):
        name, type_ = text(binding, "name"), text(binding, "type")
        if name in {known["name"] for known in bindings}:
            raise MalformedError(f"the binding {name} is there twice")
        if type_ == "secret_text":
            secrets[name] = text(binding, "text", "")
            bindings.append({"name": name, "type": type_})
        else:
            bindings.append(binding)
    return Upload(
        modules=modules,
        metadata=metadata,
        bindings=bindings,
        secrets=secrets,
        classic=classic,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What a binding refers to."""

    field: str
    kind: str
    by: str
    """`id` or `name`."""
    refusal: Refusal


_TARGETS: Mapping[str, _Target] = {
    "kv_namespace": _Target(
        field="namespace_id",
        kind="namespaces",
        by="id",
        refusal=Refusal(status=400, code=10041, message="KV namespace '{target}' not found."),
    ),
    "r2_bucket": _Target(
        field="bucket_name",
        kind="buckets",
        by="name",
        refusal=Refusal(status=400, code=10085, message="R2 bucket '{target}' not found."),
    ),
    "queue": _Target(
        field="queue_name",
        kind="queues",
        by="name",
        refusal=Refusal(status=400, code=11000, message="Queue '{target}' not found."),
    ),
}


def check_bindings(
    store: Store,
    scope: str,
    bindings: list[Document],
    classes: Classes,
    runnable: Collection[str],
) -> None:
    """See that every binding can be had and refers to something that exists.

    Raises:
        RefusedError: one does not, or a class keeps no state yet.

    """
    for binding in bindings:
        type_ = text(binding, "type")
        if type_ not in runnable:
            raise NOT_RUN.about(
                type=type_, name=text(binding, "name"), types=", ".join(sorted(runnable))
            )
        target = _TARGETS.get(type_)
        if target is not None:
            wanted = text(binding, target.field)
            find = store.get if target.by == "id" else store.named
            if find(target.kind, scope, wanted) is None:
                raise target.refusal.about(target=wanted)
        elif type_ == "durable_object_namespace":
            name = text(binding, "class_name")
            if "script_name" not in binding and name not in classes.namespaces:
                raise NOT_MIGRATED.about(name=name)


def told_bindings(bindings: list[Document], classes: Classes) -> list[Value]:
    """Return bindings as the settings tell them, with the ids of Durable Object namespaces."""
    told: list[Value] = []
    for binding in bindings:
        namespace = classes.namespaces.get(str(binding.get("class_name")))
        if binding.get("type") == "durable_object_namespace" and namespace:
            told.append({**binding, "namespace_id": namespace})
        else:
            told.append(binding)
    return told
