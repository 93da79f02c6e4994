"""Which Workers run together in one workerd, and how each is bound: computed from the store.

Workers that share a namespace, a bucket, a queue or a Durable Object live in one process, because
one process alone may hold that storage. Others have a process each, so that one which never yields
or does not start stops nobody else.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from localcloud.cloudflare.migrations import stored
from localcloud.documents import Document, documents, inner, number, text, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localcloud.documents import Value
    from localcloud.store import Module, Object, Store

_MODULE_TYPES: Mapping[str, str] = {
    "application/javascript+module": "ESModule",
    "text/javascript+module": "ESModule",
    "application/javascript": "CommonJS",
    "text/javascript": "CommonJS",
    "text/plain": "Text",
    "application/json": "Text",
    "application/wasm": "CompiledWasm",
    "application/octet-stream": "Data",
}
_BINARY = frozenset({"CompiledWasm", "Data"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """One binding in miniflare's words."""

    option: str
    value: Value
    ties: tuple[str, ...] = ()
    """What it shares with other Workers that have the same tie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What bindings refer to."""

    store: Store
    script: Object
    secrets: Document


def _kv(binding: Document, context: _Context) -> _Bound:
    held = context.store.get("namespaces", context.script.scope, text(binding, "namespace_id"))
    storage = str(held.hidden["storage"]) if held else f"gone-{binding['namespace_id']}"
    return _Bound(option="kvNamespaces", value=storage, ties=(f"kv {storage}",))


def _r2(binding: Document, context: _Context) -> _Bound:
    held = context.store.get("buckets", context.script.scope, text(binding, "bucket_name"))
    storage = str(held.hidden["storage"]) if held else f"gone-{binding['bucket_name']}"
    return _Bound(option="r2Buckets", value=storage, ties=(f"r2 {storage}",))


def _durable_object(binding: Document, context: _Context) -> _Bound:
    owner = text(binding, "script_name", context.script.id)
    held = context.store.get("scripts", context.script.scope, owner)
    class_name = text(binding, "class_name")
    classes = stored(inner(held.hidden, "classes")) if held else stored({})
    value: Document = {
        "className": class_name,
        "useSQLite": class_name not in classes.key_value,
        "unsafeUniqueKey": classes.namespaces.get(class_name, f"gone-{owner}-{class_name}"),
    }
    if owner != context.script.id:
        value["scriptName"] = owner
    return _Bound(option="durableObjects", value=value, ties=(f"script {owner}",))


def _queue(binding: Document, context: _Context) -> _Bound:
    name = text(binding, "queue_name")
    held = context.store.named("queues", context.script.scope, name)
    settings = inner(held.body, "settings") if held else {}
    value: Document = {"queueName": name, "deliveryDelay": number(settings, "delivery_delay", 0)}
    return _Bound(option="queueProducers", value=value, ties=(f"queue {name}",))


def _service(binding: Document, _context: _Context) -> _Bound:
    name = text(binding, "service")
    return _Bound(option="serviceBindings", value=name, ties=(f"script {name}",))


def _variable(field: str) -> Callable[[Document, _Context], _Bound]:
    return lambda binding, _: _Bound(option="bindings", value=binding.get(field))


def _secret(binding: Document, context: _Context) -> _Bound:
    return _Bound(option="bindings", value=context.secrets.get(str(binding["name"])))


BINDINGS: Mapping[str, Callable[[Document, _Context], _Bound]] = {
    "kv_namespace": _kv,
    "r2_bucket": _r2,
    "durable_object_namespace": _durable_object,
    "queue": _queue,
    "service": _service,
    "plain_text": _variable("text"),
    "json": _variable("json"),
    "secret_text": _secret,
    "analytics_engine": lambda binding, _: _Bound(
        option="analyticsEngineDatasets", value={"dataset": text(binding, "dataset")}
    ),
    "d1": lambda binding, _: _Bound(
        option="d1Databases",
        value=text(binding, "id"),
        ties=(f"d1 {binding['id']}",),
    ),
    "ratelimit": lambda binding, _: _Bound(
        option="ratelimits",
        value={
            "namespace_id": str(binding.get("namespace_id", "")),
            "simple": inner(binding, "simple"),
        },
    ),
}
"""Types of bindings that run here, each in miniflare's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worker:
    name: str
    options: Document
    ties: frozenset[str]


def plan(store: Store) -> list[Document]:
    """Return the groups to run: each a key, the Workers in it, and the shelves that it holds."""
    groups: list[list[_Worker]] = []
    for script in store.all("scripts"):
        worker = _worker(store, script)
        together = [worker]
        apart: list[list[_Worker]] = []
        for group in groups:
            if any(worker.ties & other.ties for other in group):
                together = group + together
            else:
                apart.append(group)
        groups = [*apart, together]
    return [_group(group) for group in groups]


def storages(store: Store) -> dict[str, set[str]]:
    """Return the ids of all storage that is in use, by the directory that it lies in."""
    objects: set[str] = set()
    for script in store.all("scripts"):
        objects.update(stored(inner(script.hidden, "classes")).namespaces.values())
    return {
        "do": objects,
        "kv": {str(held.hidden["storage"]) for held in store.all("namespaces")},
        "r2": {str(held.hidden["storage"]) for held in store.all("buckets")},
    }


def secrets_of(store: Store) -> dict[str, str]:
    """Return each secret value that a Worker holds, with the name it goes by."""
    return {
        value: name
        for script in store.all("scripts")
        for name, value in inner(script.hidden, "secrets").items()
        if isinstance(value, str) and value
    }


def _group(workers: list[_Worker]) -> Document:
    ties = sorted(frozenset[str]().union(*(worker.ties for worker in workers)))
    shelves: list[Value] = [
        {"kind": kind, "id": identifier}
        for kind, identifier in (tie.split(" ", 1) for tie in ties)
        if kind in ("kv", "r2")
    ]
    return {
        "key": min(worker.name for worker in workers),
        "workers": [worker.options for worker in workers],
        "shelves": shelves,
    }


def _worker(store: Store, script: Object) -> _Worker:
    context = _Context(store=store, script=script, secrets=inner(script.hidden, "secrets"))
    ties = {f"script {script.id}"}
    options: Document = {
        "name": script.id,
        "compatibilityDate": text(script.body, "compatibility_date", "") or "2021-11-02",
        "compatibilityFlags": list(texts(script.body, "compatibility_flags")),
    }
    modules = store.modules(script.id)
    if script.body["classic"]:
        options["script"] = modules[0].content.decode()
    else:
        options["modules"] = [_module(module) for module in modules]
    for binding in documents(script.body, "bindings"):
        bind = BINDINGS.get(text(binding, "type"))
        if bind is None:
            continue
        bound = bind(binding, context)
        ties.update(bound.ties)
        named = options.setdefault(bound.option, {})
        if isinstance(named, dict):
            named[text(binding, "name")] = bound.value
    consumers = _consumers(store, script)
    ties.update(f"queue {name}" for name in consumers)
    if consumers:
        options["queueConsumers"] = consumers
    return _Worker(name=script.id, options=options, ties=frozenset(ties))


def _module(module: Module) -> Document:
    type_ = _MODULE_TYPES.get(module.type, "Data")
    # An absolute path keeps the directory that this runs in out of stack traces.
    described: Document = {"type": type_, "path": f"/{module.name}"}
    if type_ in _BINARY:
        described["base64"] = base64.b64encode(module.content).decode()
    else:
        described["contents"] = module.content.decode("utf-8", "replace")
    return described


def _consumers(store: Store, script: Object) -> Document:
    found: Document = {}
    for queue in store.all("queues", script.scope):
        for consumer in store.all("consumers", f"{queue.scope}/queues/{queue.id}"):
            if consumer.name != script.id:
                continue
            settings = inner(consumer.body, "settings")
            options: Document = {
                "maxBatchSize": number(settings, "batch_size"),
                "maxBatchTimeout": number(settings, "max_wait_time_ms") / 1000,
                "maxRetries": number(settings, "max_retries"),
                "retryDelay": number(settings, "retry_delay", 0),
            }
            if text(consumer.body, "dead_letter_queue", ""):
                options["deadLetterQueue"] = consumer.body["dead_letter_queue"]
            found[queue.name] = options
    return found
