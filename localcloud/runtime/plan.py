"""Which Workers run together in one workerd, and how each is bound: computed from the store.

Workers that share a namespace, a bucket, a queue or a Durable Object live in one process, because
one process alone may hold that storage. Others have a process each, so that one which never yields
or does not start stops nobody else. Workers of different accounts share nothing.
"""

from __future__ import annotations

import base64
import hmac
import os
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from localcloud import allowances
from localcloud.addresses import address, address_of
from localcloud.cloudflare.migrations import stored
from localcloud.documents import Document, documents, inner, number, text, texts
from localcloud.moments import precise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from localcloud.allowances import Allowances
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

    def tie(self, kind: str, name: str) -> str:
        """Return the tie to something that has its name in this account."""
        return _tie(self.script, kind, name)

    def gone(self, what: Value) -> str:
        """Return the id of storage for what is no more."""
        return f"gone-{address(self.script.scope, str(what)).replace('/', '-')}"


def _kv(binding: Document, context: _Context) -> _Bound:
    held = context.store.get("namespaces", context.script.scope, text(binding, "namespace_id"))
    storage = str(held.hidden["storage"]) if held else context.gone(binding["namespace_id"])
    return _Bound(option="kvNamespaces", value=storage, ties=(f"kv {storage}",))


def _r2(binding: Document, context: _Context) -> _Bound:
    held = context.store.get("buckets", context.script.scope, text(binding, "bucket_name"))
    storage = str(held.hidden["storage"]) if held else context.gone(binding["bucket_name"])
    return _Bound(option="r2Buckets", value=storage, ties=(f"r2 {storage}",))


def _durable_object(binding: Document, context: _Context) -> _Bound:
    owner = text(binding, "script_name", context.script.id)
    held = context.store.get("scripts", context.script.scope, owner)
    class_name = text(binding, "class_name")
    classes = stored(inner(held.hidden, "classes")) if held else stored({})
    value: Document = {
        "className": class_name,
        "useSQLite": class_name not in classes.key_value,
        "unsafeUniqueKey": classes.namespaces.get(
            class_name, context.gone(f"{owner}-{class_name}")
        ),
    }
    if owner != context.script.id:
        value["scriptName"] = owner
    return _Bound(option="durableObjects", value=value, ties=(context.tie("script", owner),))


def _queue(binding: Document, context: _Context) -> _Bound:
    name = text(binding, "queue_name")
    held = context.store.named("queues", context.script.scope, name)
    settings = inner(held.body, "settings") if held else {}
    value: Document = {"queueName": name, "deliveryDelay": number(settings, "delivery_delay", 0)}
    return _Bound(option="queueProducers", value=value, ties=(context.tie("queue", name),))


def _service(binding: Document, context: _Context) -> _Bound:
    name = text(binding, "service")
    entrypoint = text(binding, "entrypoint", "")
    named = entrypoint not in ("", "default")
    value: Value = {"name": name, "entrypoint": entrypoint} if named else name
    return _Bound(option="serviceBindings", value=value, ties=(context.tie("script", name),))


def _d1(binding: Document, context: _Context) -> _Bound:
    held = context.store.get("databases", context.script.scope, text(binding, "id"))
    storage = str(held.hidden["storage"]) if held else context.gone(binding["id"])
    return _Bound(option="d1Databases", value=storage, ties=(f"d1 {storage}",))


_LOCAL_CONNECTION = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_"
"""With a binding's name, the variable in which wrangler looks for a database on this machine."""
_SCHEMES = {"mysql": ("mysql", 3306)}


def _hyperdrive(binding: Document, context: _Context) -> _Bound:
    own = os.environ.get(_LOCAL_CONNECTION + text(binding, "name"))
    if own:
        return _Bound(option="hyperdrives", value=own)
    held = context.store.get("hyperdrives", context.script.scope, text(binding, "id"))
    origin = inner(held.body, "origin") if held else {}
    sealed = inner(inner(held.hidden, "sealed"), "origin") if held else {}
    scheme, usual = _SCHEMES.get(text(origin, "scheme", ""), ("postgres", 5432))
    parts = {
        name: quote(text({**origin, **sealed}, name, "") or "localcloud", safe="")
        for name in ("user", "password", "database")
    }
    place = f"{text(origin, 'host', '') or '127.0.0.1'}:{int(number(origin, 'port', usual))}"
    url = f"{scheme}://{parts['user']}:{parts['password']}@{place}/{parts['database']}"
    return _Bound(option="hyperdrives", value=url)


def _version(_binding: Document, context: _Context) -> _Bound:
    held = context.script
    tag = text(inner(held.body, "annotations"), "workers/tag", "")
    value: Document = {
        "id": str(held.body["deployment_id"]),
        "tag": tag,
        "timestamp": precise(held.modified),
    }
    return _Bound(option="bindings", value=value)


_MAIL_RULES = ("destination_address", "allowed_destination_addresses", "allowed_sender_addresses")


def _mail(binding: Document, _context: _Context) -> _Bound:
    rules: Document = {name: binding[name] for name in _MAIL_RULES if binding.get(name)}
    return _Bound(option="send_email", value={"name": text(binding, "name"), **rules})


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
    "d1": _d1,
    "hyperdrive": _hyperdrive,
    "send_email": _mail,
    "version_metadata": _version,
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
    address: str
    options: Document
    ties: frozenset[str]


def plan(store: Store, allowed: Allowances) -> list[Document]:
    """Return the groups to run: each a key, the Workers in it, and the shelves that it holds."""
    groups: list[list[_Worker]] = []
    for script in store.all("scripts"):
        worker = _worker(store, script, allowed)
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


_KEEPERS: Mapping[str, tuple[str, str, str]] = {
    "kv": ("miniflare-KVNamespaceObject", "namespaces", "kv_namespace"),
    "r2": ("miniflare-R2BucketObject", "buckets", "r2_bucket"),
    "d1": ("miniflare-D1DatabaseObject", "databases", "d1"),
}
"""Directory of a kind of storage; what miniflare keeps it by, the kind of object, the binding."""


def indexes(store: Store) -> dict[str, set[str]]:
    """Return the SQLite files that are in use, without their endings, by their directory.

    A namespace and a bucket have one beside their values, a database is one. miniflare names them
    as workerd names a Durable Object that is got by the name of the storage.
    """
    scripts = store.all("scripts")
    found: dict[str, set[str]] = {}
    for directory, (keeper, kind, type_) in _KEEPERS.items():
        held = {str(one.hidden["storage"]) for one in store.all(kind)}
        for script in scripts:
            context = _Context(store=store, script=script, secrets={})
            for binding in documents(script.body, "bindings"):
                if binding.get("type") == type_:
                    # What is no more may have one, as long as a Worker is bound to it.
                    held.add(str(BINDINGS[type_](binding, context).value))
        found[f"{directory}/{keeper}"] = {_index(keeper, storage) for storage in held}
    return found


def _index(keeper: str, storage: str) -> str:
    """Return the id that workerd gives the object of a name in a namespace."""
    key = sha256(keeper.encode()).digest()
    named = hmac.digest(key, storage.encode(), "sha256")[:16]
    return (named + hmac.digest(key, named, "sha256")[:16]).hex()


def shelves(store: Store) -> list[str]:
    """Return the ids of all namespaces, buckets and databases that can be asked."""
    existing = storages(store)
    databases = {str(held.hidden["storage"]) for held in store.all("databases")}
    return sorted(existing["kv"] | existing["r2"] | databases)


def secrets_of(store: Store) -> dict[str, str]:
    """Return each secret value that a Worker holds or is bound to, with the name it goes by."""
    held = [
        (value, name)
        for script in store.all("scripts")
        for name, value in inner(script.hidden, "secrets").items()
    ]
    for hyperdrive in store.all("hyperdrives"):
        sealed = inner(inner(hyperdrive.hidden, "sealed"), "origin")
        held += [(value, f"{hyperdrive.name} {name}") for name, value in sealed.items()]
    return {value: name for value, name in held if isinstance(value, str) and value}


def _group(workers: list[_Worker]) -> Document:
    ties = sorted(frozenset[str]().union(*(worker.ties for worker in workers)))
    held: list[Value] = [
        {"kind": kind, "id": identifier}
        for kind, identifier in (tie.split(" ", 1) for tie in ties)
        if kind in ("kv", "r2", "d1")
    ]
    return {
        "key": min(worker.address for worker in workers),
        "workers": [worker.options for worker in workers],
        "shelves": held,
    }


def _worker(store: Store, script: Object, allowed: Allowances) -> _Worker:
    context = _Context(store=store, script=script, secrets=inner(script.hidden, "secrets"))
    ties = {context.tie("script", script.id)}
    options: Document = {
        "name": script.id,
        "address": address_of(script),
        "compatibilityDate": text(script.body, "compatibility_date", "") or "2021-11-02",
        "compatibilityFlags": list(texts(script.body, "compatibility_flags")),
    }
    modules = store.modules(script.scope, script.id)
    if script.body["classic"]:
        options["script"] = modules[0].content.decode("utf-8", "replace")
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
    _add_mail(options)
    for name in _tails(store, script):
        ties.add(context.tie("script", name))
    consumers = _consumers(store, script)
    ties.update(context.tie("queue", name) for name in consumers)
    if consumers:
        options["queueConsumers"] = consumers
    options["tails"] = [*_tails(store, script)]
    if not script.body["classic"] and _MODULE_TYPES.get(modules[0].type) == "ESModule":
        options["guarded"] = _guarded(store, script, allowed)
    return _Worker(address=address_of(script), options=options, ties=frozenset(ties))


def _add_mail(options: Document) -> None:
    """Put mail bindings where miniflare looks for them: in a list."""
    bound = options.pop("send_email", None)
    if isinstance(bound, dict):
        options["email"] = {"send_email": [*bound.values()]}


def _tie(script: Object, kind: str, name: str) -> str:
    # Storage has ids that are nobody else's; names of queues and Workers are those of an account.
    return f"{kind} {address(script.scope, name)}"


def _tails(store: Store, script: Object) -> list[str]:
    """Return the Workers that are told what this one did, as far as there are such."""
    named = (text(one, "service") for one in documents(script.body, "tail_consumers"))
    return [name for name in named if store.get("scripts", script.scope, name) is not None]


def _guarded(store: Store, script: Object, allowed: Allowances) -> Document:
    """Return the settings of a Worker's guard: what it holds the Worker to, and what it keeps."""
    bindings = documents(script.body, "bindings")
    own = inner(script.body, "limits")
    subrequests = int(number(own, "subrequests", 0))
    names = set(stored(inner(script.hidden, "classes")).namespaces)
    for other in store.all("scripts", script.scope):
        for binding in documents(other.body, "bindings"):
            if binding.get("service") == script.id and binding.get("entrypoint"):
                names.add(text(binding, "entrypoint"))
    names.discard("default")

    def of(type_: str, field: str) -> Document:
        return {
            text(binding, "name"): binding.get(field)
            for binding in bindings
            if binding.get("type") == type_
        }

    return {
        "plan": allowed.plan.value,
        "allowed": {
            "subrequests": subrequests or allowed.subrequests,
            "serviceCalls": max(subrequests, allowed.service_calls),
            "connections": allowances.SIMULTANEOUS_CONNECTIONS,
            "points": allowed.points,
            "message": allowances.MESSAGE_BYTES,
            "batch": allowances.BATCH_MESSAGES,
            "batchBytes": allowances.BATCH_BYTES,
        },
        "names": [*sorted(names)],
        "classes": [
            binding["class_name"]
            for binding in bindings
            if binding.get("type") == "durable_object_namespace"
            and binding.get("script_name") in (None, script.id)
        ],
        "datasets": of("analytics_engine", "dataset"),
        "queues": of("queue", "queue_name"),
        "mail": [*of("send_email", "name")],
    }


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
