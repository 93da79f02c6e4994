"""The table of resource kinds: where each lives, what it takes, adds and tells.

A kind whose life is create, read, update, delete of a JSON object is a row here and needs no code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import Refusal
from localcloud.moments import plain, precise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from localcloud.documents import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a request that the service keeps and tells again."""

    name: str
    default: Value = None
    required: bool = False
    inner: tuple[Field, ...] = ()
    """Fields of the object in it, each with its own default."""
    stored_as: str | None = None
    """Name in answers, where it differs."""
    only_for: tuple[str, ...] = ()
    """Values of `type` that it belongs to; for others it is null."""
    values: tuple[str, ...] = ()
    """What it may hold; empty: anything."""
    upper: bool = False


class Identity(StrEnum):
    """What an object's id is."""

    GENERATED = "generated"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of resource."""

    name: str
    pulumi_type: str
    """Pulumi's type token, by which `_local/forget` and the console know it."""
    path: str
    """Of the collection. `{scope}` in front is the account or zone; a parent's id may follow."""
    fields: tuple[Field, ...]
    natural: str
    """The field that names it for people."""
    missing: Refusal
    identity: Identity = Identity.GENERATED
    identifier: str = "id"
    added: Mapping[str, Value] = field(default_factory=dict)
    """What the service adds."""
    created: str | None = None
    modified: str | None = None
    stamp: Callable[[datetime], str] = precise
    update: str = "PUT"
    duplicate: Refusal | None = None
    """Set where a name can be used once in its scope."""
    names: tuple[str, Refusal] | None = None
    """Regular expression of what may be a name, and the refusal of others."""
    deleted_tells_id: bool = True
    references: tuple[tuple[str, str, Refusal], ...] = ()
    """Dotted path to ids in the request, the kind they are of, and the refusal of unknown ones."""


_NOT_FOUND = Refusal(status=404, code=1002, message="not found")

_CHECK_FIELDS = (
    Field(name="name", required=True),
    Field(name="description", default=""),
    Field(name="suspended", default=False),
    Field(name="address", required=True),
    Field(name="retries", default=2),
    Field(name="timeout", default=5),
    Field(name="interval", default=60),
    Field(name="consecutive_fails", default=1),
    Field(name="consecutive_successes", default=1),
    Field(name="type", default="HTTP", values=("HTTP", "HTTPS", "TCP")),
    Field(name="check_regions", default=["WNAM"]),
    Field(
        name="http_config",
        only_for=("HTTP", "HTTPS"),
        inner=(
            Field(name="method", default="GET", values=("GET", "HEAD")),
            Field(name="port", default=80),
            Field(name="path", default="/"),
            Field(name="expected_codes", default=["200"]),
            Field(name="expected_body", default=""),
            Field(name="follow_redirects", default=False),
            Field(name="allow_insecure", default=False),
            Field(name="header"),
        ),
    ),
    Field(
        name="tcp_config",
        only_for=("TCP",),
        inner=(
            Field(name="method", default="connection_established"),
            Field(name="port", default=80),
        ),
    ),
)

KINDS: tuple[Kind, ...] = (
    Kind(
        name="healthchecks",
        pulumi_type="cloudflare:index/healthcheck:Healthcheck",
        path="/zones/{scope}/healthchecks",
        fields=_CHECK_FIELDS,
        natural="name",
        added={"status": "unknown", "failure_reason": ""},
        created="created_on",
        modified="modified_on",
        missing=_NOT_FOUND,
    ),
    Kind(
        name="webhooks",
        pulumi_type="cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
        path="/accounts/{scope}/alerting/v3/destinations/webhooks",
        fields=(Field(name="name", required=True), Field(name="url", required=True)),
        natural="name",
        added={"type": "generic", "last_success": None, "last_failure": None},
        created="created_at",
        stamp=plain,
        missing=_NOT_FOUND,
    ),
    Kind(
        name="policies",
        pulumi_type="cloudflare:index/notificationPolicy:NotificationPolicy",
        path="/accounts/{scope}/alerting/v3/policies",
        fields=(
            Field(name="name", required=True),
            Field(name="description", default=""),
            Field(name="enabled", default=True),
            Field(name="alert_type", required=True),
            Field(name="mechanisms", required=True),
            Field(name="filters", default={}),
        ),
        natural="name",
        added={"conditions": {}},
        created="created",
        modified="modified",
        stamp=plain,
        missing=_NOT_FOUND,
        references=(
            (
                "mechanisms.webhooks.id",
                "webhooks",
                Refusal(status=400, code=17103, message="webhook destination {id} does not exist"),
            ),
        ),
    ),
    Kind(
        name="namespaces",
        pulumi_type="cloudflare:index/workersKvNamespace:WorkersKvNamespace",
        path="/accounts/{scope}/storage/kv/namespaces",
        fields=(Field(name="title", required=True),),
        natural="title",
        added={"supports_url_encoding": True},
        missing=Refusal(status=404, code=10013, message="namespace not found"),
        duplicate=Refusal(
            status=400,
            code=10014,
            message="a namespace with this account ID and title already exists",
        ),
    ),
    Kind(
        name="buckets",
        pulumi_type="cloudflare:index/r2Bucket:R2Bucket",
        path="/accounts/{scope}/r2/buckets",
        fields=(
            Field(name="name", required=True),
            Field(name="locationHint", default="ENAM", stored_as="location", upper=True),
            Field(name="storageClass", default="Standard", stored_as="storage_class"),
        ),
        natural="name",
        identity=Identity.NAME,
        identifier="name",
        added={"jurisdiction": "default"},
        created="creation_date",
        stamp=plain,
        update="PATCH",
        deleted_tells_id=False,
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
        name="queues",
        pulumi_type="cloudflare:index/queue:Queue",
        path="/accounts/{scope}/queues",
        fields=(
            Field(name="queue_name", required=True),
            Field(
                name="settings",
                inner=(
                    Field(name="delivery_delay", default=0),
                    Field(name="delivery_paused", default=False),
                    Field(name="message_retention_period", default=345600),
                ),
            ),
        ),
        natural="queue_name",
        identifier="queue_id",
        names=(
            "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?",
            Refusal(status=400, code=11003, message="Queue name '{name}' is not valid."),
        ),
        created="created_on",
        modified="modified_on",
        missing=Refusal(status=404, code=11000, message="queue not found"),
        duplicate=Refusal(status=409, code=11009, message="Queue name '{name}' is already taken."),
    ),
    Kind(
        name="routes",
        pulumi_type="cloudflare:index/workersRoute:WorkersRoute",
        path="/zones/{scope}/workers/routes",
        fields=(Field(name="pattern", required=True), Field(name="script")),
        natural="pattern",
        missing=Refusal(status=404, code=10009, message="route not found"),
        duplicate=Refusal(
            status=409, code=10020, message="A route with the same pattern already exists."
        ),
    ),
)

KIND: Mapping[str, Kind] = {kind.name: kind for kind in KINDS}
