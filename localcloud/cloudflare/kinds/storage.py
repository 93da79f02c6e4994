"""What keeps data: KV namespaces, R2 buckets, D1 databases, Hyperdrive configurations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.cloudflare.kinds.rows import (
    Draft,
    Field,
    Form,
    Identity,
    Kind,
    Secrecy,
    empty_object,
    null,
)
from localcloud.documents import Document, inner
from localcloud.moments import plain

if TYPE_CHECKING:
    from localcloud.store import Object, Store

_LOCATIONS = ("apac", "eeur", "enam", "weur", "wnam", "oc")

_PRIVATE = ("localhost", "127.", "10.", "192.168.", "169.254.", "0.", "::1")
"""Beginnings of hosts that Cloudflare's network cannot reach."""

_NOT_A_DATABASE = Refusal(status=400, code=2007, message="Invalid Hyperdrive config: {reason}")
_PRIVATE_HOST = Refusal(
    status=400, code=2009, message="The host {host} is private: Hyperdrive cannot connect to it."
)
_PORTS = {"postgres": 5432, "postgresql": 5432, "mysql": 3306}


def _check_origin(draft: Draft) -> None:
    origin = inner(draft.body, "origin")
    host, port = origin.get("host"), origin.get("port")
    if "service_id" in origin:
        return
    if not host:
        raise _NOT_A_DATABASE.about(reason="origin.host is required")
    if "access_client_id" in origin:
        if "access_client_secret" not in origin:
            raise _NOT_A_DATABASE.about(reason="origin.access_client_secret is required")
    elif port is None:
        origin["port"] = _PORTS[str(origin["scheme"])]
    if str(host).startswith(_PRIVATE) and "access_client_id" not in origin:
        raise _PRIVATE_HOST.about(host=str(host))


def _tell_hyperdrive(_store: Store, _held: Object, told: Document) -> Document:
    """Leave the caching's times out where there is no caching."""
    caching = inner(told, "caching")
    return {**told, "caching": {"disabled": True}} if caching.get("disabled") else told


KINDS = (
    Kind(
        name="namespaces",
        pulumi_type="cloudflare:index/workersKvNamespace:WorkersKvNamespace",
        paths=("/accounts/{scope}/storage/kv/namespaces",),
        fields=(Field(name="title", required=True, longest=512),),
        natural="title",
        added={"supports_url_encoding": True},
        missing=Refusal(status=404, code=10013, message="namespace not found"),
        malformed=Refusal(status=400, code=10019, message="malformed namespace: {reason}"),
        duplicate=Refusal(
            status=400,
            code=10014,
            message="a namespace with this account ID and title already exists",
        ),
    ),
    Kind(
        name="buckets",
        pulumi_type="cloudflare:index/r2Bucket:R2Bucket",
        paths=("/accounts/{scope}/r2/buckets",),
        cursor="buckets",
        fields=(
            Field(name="name", required=True),
            Field(
                name="locationHint",
                default="ENAM",
                stored_as="location",
                upper=True,
                values=tuple(location.upper() for location in _LOCATIONS),
            ),
            Field(
                name="storageClass",
                default="Standard",
                stored_as="storage_class",
                values=("Standard", "InfrequentAccess"),
            ),
        ),
        natural="name",
        identity=Identity.NAME,
        identifier="name",
        added={"jurisdiction": "default"},
        created="creation_date",
        stamp=plain,
        updates=(),
        deleted=empty_object,
        names=(
            "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
            Refusal(
                status=400, code=10005, message="The specified bucket name is not valid: {name}"
            ),
        ),
        missing=Refusal(status=404, code=10006, message="The specified bucket does not exist."),
        duplicate=Refusal(
            status=409,
            code=10004,
            message="The bucket you tried to create already exists, and you own it.",
        ),
    ),
    Kind(
        name="databases",
        pulumi_type="cloudflare:index/d1Database:D1Database",
        paths=("/accounts/{scope}/d1/database",),
        filters={"name": "name"},
        fields=(
            Field(name="name", required=True),
            Field(name="jurisdiction", values=("eu", "fedramp")),
            Field(
                name="primary_location_hint",
                stored_as="running_in_region",
                default="WEUR",
                upper=True,
                values=tuple(location.upper() for location in _LOCATIONS),
            ),
            Field(
                name="read_replication",
                form=Form.OBJECT,
                inner=(Field(name="mode", default="disabled", values=("auto", "disabled")),),
            ),
        ),
        natural="name",
        identity=Identity.UUID,
        identifier="uuid",
        added={"version": "production", "num_tables": 0, "file_size": 12288},
        created="created_at",
        updates=("PUT", "PATCH"),
        partial_put=True,
        deleted=null,
        names=(
            "[A-Za-z0-9][A-Za-z0-9_-]{0,62}",
            Refusal(status=400, code=7400, message="Invalid property: name => '{name}'"),
        ),
        missing=Refusal(status=404, code=7404, message="The database could not be found"),
        malformed=Refusal(status=400, code=7400, message="Invalid property: {reason}"),
        duplicate=Refusal(
            status=400, code=7502, message="A database with that name already exists"
        ),
    ),
    Kind(
        name="hyperdrives",
        pulumi_type="cloudflare:index/hyperdriveConfig:HyperdriveConfig",
        paths=("/accounts/{scope}/hyperdrive/configs",),
        fields=(
            Field(name="name", required=True, longest=256),
            Field(
                name="origin",
                form=Form.OBJECT,
                required=True,
                inner=(
                    Field(name="scheme", required=True, values=tuple(_PORTS)),
                    Field(name="host", sparse=True),
                    Field(name="port", form=Form.WHOLE, sparse=True, least=1, most=65535),
                    Field(name="database", required=True),
                    Field(name="user", required=True),
                    Field(name="password", required=True, secrecy=Secrecy.SEALED),
                    Field(name="access_client_id", sparse=True),
                    Field(name="access_client_secret", sparse=True, secrecy=Secrecy.SEALED),
                    Field(name="service_id", sparse=True),
                ),
            ),
            Field(
                name="caching",
                form=Form.OBJECT,
                inner=(
                    Field(name="disabled", form=Form.FLAG, default=False),
                    Field(name="max_age", form=Form.WHOLE, sparse=True, least=0, most=3600),
                    Field(
                        name="stale_while_revalidate",
                        form=Form.WHOLE,
                        sparse=True,
                        least=0,
                        most=3600,
                    ),
                ),
            ),
            Field(
                name="mtls",
                form=Form.OBJECT,
                sparse=True,
                inner=(
                    Field(name="ca_certificate_id", sparse=True),
                    Field(name="mtls_certificate_id", sparse=True),
                    Field(name="sslmode", sparse=True),
                ),
            ),
            # At most 100 for accounts that pay (API reference).
            Field(name="origin_connection_limit", form=Form.WHOLE, sparse=True, least=5, most=100),
        ),
        natural="name",
        created="created_on",
        modified="modified_on",
        updates=("PUT", "PATCH"),
        deleted=null,
        check=_check_origin,
        tell=_tell_hyperdrive,
        missing=Refusal(status=404, code=2006, message="Hyperdrive config not found"),
        malformed=_NOT_A_DATABASE,
        duplicate=Refusal(
            status=400,
            code=2017,
            message="A Hyperdrive config with the given name already exists: {name}",
        ),
    ),
)
