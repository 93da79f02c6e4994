"""The upload of a Worker: its modules and the metadata that says how they are bound."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.allowances import MIB, Plan
from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.migrations import NOT_MIGRATED
from localcloud.documents import MalformedError, document, documents, parse, text, texts
from localcloud.store import Module

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from localcloud.allowances import Allowances
    from localcloud.cloudflare.migrations import Classes
    from localcloud.documents import Document, Value
    from localcloud.multipart import Part
    from localcloud.store import Store

NO_METADATA = Refusal(status=400, code=10056, message="The upload holds no metadata part.")
NO_MAIN = Refusal(status=400, code=10021, message='No such module "{name}".')

BAD_MODULE = Refusal(
    status=400,
    code=10021,
    message='{what} {text} of a module holds what no header can: use printable ASCII without "',
)
_TELLABLE = re.compile(r"[ !#-~]*")

NOT_RUN = Refusal(
    status=400,
    code=10021,
    message="localcloud cannot bind {name}, of type {type}; it can bind {types}.",
)

TOO_LARGE = Refusal(
    status=413,
    code=10027,
    message="Your Worker exceeded the size limit of {limit} MiB. {advice}",
)
_UPGRADE = "Please upgrade to a paid plan to deploy Workers up to 10 MiB."
_SHRINK = (
    "Refer to the Workers documentation (https://developers.cloudflare.com/workers/observability/"
    "errors/#errors-on-worker-upload) for more details."
)
NOT_INHERITED = Refusal(
    status=400, code=10057, message="There is no binding {name} of an earlier upload to inherit."
)
TOO_MANY_VARIABLES = Refusal(
    status=400,
    code=10021,
    message="This Worker has {count} variables and secrets: the Workers {plan} plan allows {most}.",
)
VARIABLE_TOO_LARGE = Refusal(
    status=400,
    code=10021,
    message="The variable {name} has {size} bytes: Workers may have variables of {most} bytes.",
)
SQLITE_ONLY = Refusal(
    status=400,
    code=10097,
    message=(
        "In order to use Durable Objects with a free plan, you must create a namespace using a "
        "`new_sqlite_classes` migration."
    ),
)
_VARIABLES = frozenset({"plain_text", "json", "secret_text"})

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
        RefusedError: there is no metadata or no main module, or a module has a name or type that
            could not be told again.
        MalformedError: the metadata is not what it should be, or a module has a name that another
            one has.

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
    names = Counter(module.name for module in modules)
    for module in modules:
        if names[module.name] > 1:
            raise MalformedError(f"the module {module.name!a} is there twice")
        if module.name.startswith("localcloud-"):
            raise MalformedError(f"localcloud has a module {module.name!a} of its own")
        for what, told in (("the name", module.name), ("the type", module.type)):
            if not _TELLABLE.fullmatch(told):
                raise BAD_MODULE.about(what=what, text=ascii(told))
    bindings, secrets = parted(documents(metadata, "bindings"))
    return Upload(
        modules=modules,
        metadata=metadata,
        bindings=bindings,
        secrets=secrets,
        classic=classic,
    )


def check_size(upload: Upload, allowed: Allowances) -> None:
    """See that an upload is as small as a plan wants it, after gzip.

    Raises:
        RefusedError: it is not.

    """
    whole = b"".join(module.content for module in upload.modules)
    # What is small enough as it is need not be compressed to know.
    if len(whole) <= allowed.script_bytes:
        return
    if len(gzip.compress(whole, compresslevel=6)) > allowed.script_bytes:
        advice = _UPGRADE if allowed.plan is Plan.FREE else _SHRINK
        raise TOO_LARGE.about(limit=str(allowed.script_bytes // MIB), advice=advice)


def check_variables(
    bindings: list[Document], values: Mapping[str, Value], allowed: Allowances
) -> None:
    """See that a Worker has no more variables and secrets, and none larger, than a plan allows.

    Args:
        bindings: all of the Worker, secrets without their values.
        values: of its secrets, by name.
        allowed: what the plan allows.

    Raises:
        RefusedError: it has.

    """
    variables = [binding for binding in bindings if binding["type"] in _VARIABLES]
    if len(variables) > allowed.variables:
        raise TOO_MANY_VARIABLES.about(
            count=str(len(variables)), plan=allowed.plan.value, most=str(allowed.variables)
        )
    for binding in variables:
        name = text(binding, "name")
        value = values.get(name, binding.get("text", binding.get("json")))
        size = len((value if isinstance(value, str) else json.dumps(value)).encode())
        if size > allowed.variable_bytes:
            most = str(allowed.variable_bytes)
            raise VARIABLE_TOO_LARGE.about(name=name, size=str(size), most=most)


def check_classes(classes: Classes, before: Classes, allowed: Allowances) -> None:
    """See that no new class of Durable Objects keeps its state in a way that a plan has not.

    Raises:
        RefusedError: one does.

    """
    if not allowed.key_value_objects and classes.key_value - before.key_value:
        raise SQLITE_ONLY.about()


def parted(sent: list[Document]) -> tuple[list[Document], dict[str, str]]:
    """Return bindings as the service tells them, and apart from them the values of secrets.

    Raises:
        MalformedError: a binding lacks its name or type, or two have one name.

    """
    bindings: list[Document] = []
    secrets: dict[str, str] = {}
    for binding in sent:
        name, type_ = text(binding, "name"), text(binding, "type")
        if name in {known["name"] for known in bindings}:
            raise MalformedError(f"the binding {name} is there twice")
        if type_ == "secret_text":
            secrets[name] = text(binding, "text", "")
            bindings.append({"name": name, "type": type_})
        elif type_ == "d1" and "id" not in binding:
            # Its newer name.
            bindings.append({**binding, "id": binding.get("database_id")})
        else:
            bindings.append(binding)
    return bindings, secrets


def inherited(bindings: list[Document], before: list[Document]) -> list[Document]:
    """Return bindings with those that only say `inherit` replaced by the earlier ones.

    Raises:
        RefusedError: there was none of that name.

    """
    known = {text(binding, "name"): binding for binding in before}
    found: list[Document] = []
    for binding in bindings:
        if binding["type"] != "inherit":
            found.append(binding)
            continue
        name = text(binding, "old_name", "") or text(binding, "name")
        if name not in known:
            raise NOT_INHERITED.about(name=name)
        found.append({**known[name], "name": text(binding, "name")})
    return found


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
    "d1": _Target(
        field="id",
        kind="databases",
        by="id",
        refusal=Refusal(
            status=400,
            code=10181,
            message="D1 binding '{name}' references database '{target}' which was not found.",
        ),
    ),
    "hyperdrive": _Target(
        field="id",
        kind="hyperdrives",
        by="id",
        refusal=Refusal(
            status=400, code=10157, message="Hyperdrive configuration '{target}' not found."
        ),
    ),
    "service": _Target(
        field="service",
        kind="scripts",
        by="id",
        refusal=Refusal(
            status=400,
            code=10144,
            message=("Service binding '{name}' references Worker '{target}' which was not found."),
        ),
    ),
}


def check_bindings(
    store: Store,
    scope: str,
    script: str,
    bindings: list[Document],
    *,
    classes: Classes,
    runnable: Collection[str],
) -> None:
    """See that every binding of a Worker can be had and refers to something that exists.

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
            itself = target.kind == "scripts" and wanted == script
            if not itself and find(target.kind, scope, wanted) is None:
                raise target.refusal.about(target=wanted, name=text(binding, "name"))
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
