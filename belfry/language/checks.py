"""Checks: the questions, asked again and again, whether a service works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from belfry.arguments import Secret
from belfry.forms import AskedPath, DnsName, Domain, HeaderValue, HostPort, Reference
from belfry.scalars import Bounds, Length
from belfry.shapes import Says
from belfry.values.comparison import Comparison
from belfry.values.duration import MINUTE, Duration
from belfry.values.header import AnswerHeader, HeaderName
from belfry.values.json_path import JsonPath
from belfry.values.quorum import Quorum

_DEFAULT_TIMEOUT = Duration.of(10)
_TWO_WEEKS = Duration.of(14 * 86_400)
_MONTH = Duration.of(30 * 86_400)


class RecordType(StrEnum):
    """Kinds of DNS records that a check can ask for."""

    A = "A"
    AAAA = "AAAA"
    CNAME = "CNAME"
    MX = "MX"
    NS = "NS"
    TXT = "TXT"
    CAA = "CAA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a good answer looks like."""

    status: Annotated[
        tuple[Annotated[int, Bounds(100, 599)], ...],
        Says("Status codes that are good.", "200", one_or_more=True),
    ] = (200,)
    body: Annotated[
        str | None, Says("A part of the body that must be there.", '\'"status":"healthy"\'')
    ] = None
    headers: Annotated[
        Mapping[AnswerHeader, Comparison],
        Says("Headers, and what each must be.", "content-type: matches ^application/json"),
    ] = field(default_factory=dict)
    json: Annotated[
        Mapping[JsonPath, Comparison],
        Says("Places in a JSON body, and what each must be.", "health_score: at least 80"),
    ] = field(default_factory=dict)
    within: Annotated[
        Duration | None,
        Says("An answer that takes longer is a failure, though it comes.", "2s"),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCheck:
    """A request, and the answer that is expected."""

    path: Annotated[
        AskedPath,
        Says("Path below the service's address, and perhaps a query.", "/api/health"),
    ]
    method: Annotated[
        Literal["GET", "HEAD", "POST"], Says("HEAD when no body is needed.", "GET")
    ] = "GET"
    headers: Annotated[
        Mapping[HeaderName, HeaderValue], Says("Headers to send.", "accept: application/json")
    ] = field(default_factory=dict)
    secrets: Annotated[
        Mapping[HeaderName, Secret],
        Says("Headers whose values are secrets.", "x-api-key: secret:metrics-key"),
    ] = field(default_factory=dict)
    body: Annotated[
        str | None, Length(4_000), Says("The body to send, with POST.", "'{\"probe\": true}'")
    ] = None
    expect: Annotated[Expect, Says("What a good answer looks like.")] = Expect()


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpCheck:
    """A connection that must be accepted."""

    to: Annotated[HostPort, Says("Host and port.", "smtp.example.com:465")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsCheck:
    """A name that must resolve."""

    name: Annotated[
        DnsName | None,
        Says("The name; otherwise the host of the service's address.", "example.com"),
    ] = None
    type: Annotated[RecordType, Says("The kind of record.", "A")] = RecordType.A
    expect: Annotated[
        tuple[str, ...],
        Says("Values that must be among the answers; none: any answer.", "[192.0.2.10]"),
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsCheck:
    """A certificate that must be valid for some time to come."""

    host: Annotated[
        Domain | None, Says("The host; otherwise that of the service's address.", "example.com")
    ] = None
    port: Annotated[int, Bounds(1, 65_535), Says("The port.", "443")] = 443
    left: Annotated[Duration, Says("How long it must still be valid.", "14d")] = _TWO_WEEKS


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCheck:
    """A domain whose registration must last for some time to come."""

    name: Annotated[Domain, Says("The registered domain.", "example.com")]
    left: Annotated[Duration, Says("How long it must still be registered.", "30d")] = _MONTH


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatCheck:
    """A sign of life that the service itself must send."""

    every: Annotated[Duration, Says("How often it is sent.", "1d")]
    grace: Annotated[Duration, Says("How much later it may come.", "30m")] = MINUTE


Asked = HttpCheck | TcpCheck | DnsCheck | TlsCheck | DomainCheck | HeartbeatCheck
ASKED = ("http", "tcp", "dns", "tls", "domain", "heartbeat")
"""Keys of a check, of which exactly one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The question, asked again and again, whether a service works."""

    of: Annotated[Reference, Says("The service that it is about.", "api")]
    through: Annotated[
        Reference | None,
        Says("The service that is asked instead, when this one cannot be reached itself.", "api"),
    ] = None
    http: Annotated[HttpCheck | None, Says("A request.")] = None
    tcp: Annotated[TcpCheck | None, Says("A connection.")] = None
    dns: Annotated[DnsCheck | None, Says("A name in DNS.")] = None
    tls: Annotated[TlsCheck | None, Says("A certificate.")] = None
    domain: Annotated[DomainCheck | None, Says("A domain's registration.")] = None
    heartbeat: Annotated[HeartbeatCheck | None, Says("A sign of life of the service's own.")] = None
    every: Annotated[Duration, Says("How often it is made; whole minutes.", "60s")] = MINUTE
    timeout: Annotated[Duration, Says("How long an answer may take.", "10s")] = _DEFAULT_TIMEOUT
    confirmations: Annotated[
        int, Bounds(0, 5), Says("How often a failure is repeated at once before it counts.", "1")
    ] = 1
    from_: Annotated[
        tuple[Reference, ...],
        Says("Locations that it is made from; none: wherever the Worker runs.", "[west, europe]"),
    ] = ()
    down_when: Annotated[
        Quorum | None,
        Says("How many locations must see a failure; otherwise more than half.", "2 of 3"),
    ] = None

    @property
    def asks(self) -> Asked | None:
        """The one question that it asks."""
        for one in (self.http, self.tcp, self.dns, self.tls, self.domain, self.heartbeat):
            if one is not None:
                return one
        return None
