"""What a Worker finds in its environment: one type a kind of binding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from belfry.arguments.checked import check_within

if TYPE_CHECKING:
    from belfry.arguments.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class KvBinding:
    """A KV namespace."""

    name: str
    namespace: str
    """Its title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class R2Binding:
    """An R2 bucket."""

    name: str
    bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueBinding:
    """A queue that the Worker sends to."""

    name: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class D1Binding:
    """A D1 database."""

    name: str
    database: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperdriveBinding:
    """A database elsewhere, through Hyperdrive."""

    name: str
    configuration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyticsEngineBinding:
    """A dataset of Workers Analytics Engine, which the first point makes: it has no resource."""

    name: str
    dataset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DurableObjectBinding:
    """A class of Durable Objects of the Worker itself, or of another."""

    name: str
    class_name: str
    script: str | None = None
    """The Worker that has the class; None: this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBinding:
    """Plain text, which anybody who may read the Worker can read."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonBinding:
    """A value that the Worker gets parsed."""

    name: str
    json: str
    """JSON text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretBinding:
    """A secret."""

    name: str
    secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSecretBinding:
    """A secret of the account's Secrets Store, whose value no upload carries."""

    name: str
    store: str
    """Id of the store."""
    secret: str
    """Its name there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitBinding:
    """A counter: so many calls of one key in a period."""

    name: str
    namespace: str
    """A number that the account gives this counter."""
    limit: int
    period: Literal[10, 60]
    """Seconds."""

    def __post_init__(self) -> None:
        """Refuse a limit that counts nothing.

        Raises:
            Problems: it is less than one.

        """
        check_within(f"rate limit binding {self.name}", "limit", self.limit, 1, 1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceBinding:
    """Another Worker."""

    name: str
    script: str
    entrypoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailBinding:
    """Sends mail, to addresses that the account has verified."""

    name: str
    to: str | None = None
    """To this address alone; None: to those of `allowed`, or any."""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBinding:
    """Id and tag of the version that runs."""

    name: str


Binding = (
    KvBinding
    | R2Binding
    | QueueBinding
    | D1Binding
    | HyperdriveBinding
    | AnalyticsEngineBinding
    | DurableObjectBinding
    | TextBinding
    | JsonBinding
    | SecretBinding
    | StoredSecretBinding
    | RateLimitBinding
    | ServiceBinding
    | MailBinding
    | VersionBinding
)
"""Any kind of binding."""
