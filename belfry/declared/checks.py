"""Checks that are not made yet, or not in all that they say; locations they are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments import Component, Declared, Secret
from belfry.declared.units import seconds, text
from belfry.language.checks import (
    DnsCheck,
    DomainCheck,
    HeartbeatCheck,
    HttpCheck,
    TcpCheck,
    TlsCheck,
)
from belfry.provisioned import is_made

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.declared.site import Site
    from belfry.language.checks import Check as SaidCheck
    from belfry.language.checks import Expect
    from belfry.values.comparison import Comparison
    from belfry.values.quorum import Quorum


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place from which checks are made; exactly one of region and prober."""

    name: str
    title: str
    region: str | None
    """Cloudflare's hint for a Durable Object, such as weur."""
    prober: str | None
    """Address of a Blackbox exporter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a value in an answer must be."""

    how: str
    """is, is not, one of, at least, at most, above, below, matches, present, absent."""
    operands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a good answer looks like."""

    status: tuple[int, ...]
    body: str | None
    headers: tuple[tuple[str, Condition], ...]
    json: tuple[tuple[tuple[str | int, ...], Condition], ...]
    """The way to a value, key by key, and what it must be."""
    within: float | None
    """Seconds after which an answer is a failure though it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request."""

    url: str
    method: str
    headers: tuple[tuple[str, str], ...]
    secrets: tuple[tuple[str, Secret], ...]
    """Headers whose values are secrets."""
    body: str | None
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A TCP connection."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A DNS question; no expected values: any answer is good."""

    host: str
    record: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """How long a certificate must still be valid, in seconds."""

    host: str
    port: int
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """How long a domain must still be registered, in seconds."""

    domain: str
    left: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A sign of life: the Worker's path that takes it, how often it comes, and how late at most."""

    path: str
    every: float
    grace: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """From where something is seen, and how many must see a failure."""

    locations: tuple[Location, ...]
    """None: wherever the Worker runs."""
    needed: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A question that is asked again and again."""

    name: str
    service: str
    through: str | None
    """The service that is asked instead."""
    asks: Request | Connection | Resolution | Certificate | Registration | Heartbeat
    every: int
    """Seconds, as the timeout."""
    timeout: int
    confirmations: int
    views: Views


def locations(site: Site) -> Iterator[Declared]:
    """Give every location."""
    for name in site.platform.locations:
        yield Declared(
            part=f"locations.{name}",
            component=Component.MONITORING_WORKER,
            arguments=_location(site, name),
        )


def _location(site: Site, name: str) -> Location:
    said = site.platform.locations[name]
    return Location(
        name=site.name(name),
        title=said.title or name,
        region=text(said.region),
        prober=said.prober,
    )


def views(site: Site, locations: Sequence[str], quorum: Quorum | None) -> Views:
    """Fill in who must see a failure: more than half, when nothing else is said."""
    many = len(locations) or 1
    return Views(
        locations=tuple(_location(site, name) for name in locations),
        needed=quorum.needed if quorum else many // 2 + 1,
        of=quorum.of if quorum else many,
    )


def checks(site: Site) -> Iterator[Declared]:
    """Give those that are not made, and those that say more than what is made."""
    for name, said in site.platform.checks.items():
        if _says_more(said) or not is_made(said):
            yield Declared(
                part=f"checks.{name}",
                component=Component.MONITORING_WORKER,
                arguments=_check(site, name, said),
            )


def _says_more(said: SaidCheck) -> bool:
    http = said.http
    if said.from_ or said.down_when or http is None or http.headers:
        return True
    expect = http.expect
    return bool(expect.headers or expect.json or expect.within)


def _check(site: Site, name: str, said: SaidCheck) -> Check:
    turn = site.turns.get(name)
    return Check(
        name=site.name(name),
        service=said.of,
        through=said.through,
        asks=_asks(site, name, said),
        every=turn.every if turn else said.every.whole_seconds,
        timeout=turn.timeout if turn else said.timeout.whole_seconds,
        confirmations=said.confirmations,
        views=views(site, said.from_, said.down_when),
    )


def _asks(
    site: Site, name: str, said: SaidCheck
) -> Request | Connection | Resolution | Certificate | Registration | Heartbeat:
    asked = said.through or said.of
    match said.asks:
        case HttpCheck() as http:
            return _request(site, asked, http)
        case TcpCheck() as tcp:
            host, _, port = tcp.to.rpartition(":")
            return Connection(host=host, port=int(port))
        case DnsCheck() as dns:
            host = dns.name or site.host(asked)
            return Resolution(host=host, record=str(dns.type), expected=dns.expect)
        case TlsCheck() as tls:
            host = tls.host or site.host(asked)
            return Certificate(host=host, port=tls.port, left=seconds(tls.left))
        case DomainCheck() as domain:
            return Registration(domain=domain.name, left=seconds(domain.left))
        case HeartbeatCheck() as beat:
            path = f"/monitoring/heartbeats/{name}"
            return Heartbeat(path=path, every=seconds(beat.every), grace=seconds(beat.grace))
        case None:
            message = f"the check {name} asks nothing"
            raise ValueError(message)


def _request(site: Site, service: str, said: HttpCheck) -> Request:
    return Request(
        url=site.address(service) + said.path,
        method=said.method,
        headers=tuple((str(name), value) for name, value in said.headers.items()),
        secrets=tuple((str(name), secret) for name, secret in said.secrets.items()),
        body=said.body,
        answer=answer(said.expect),
    )


def answer(said: Expect) -> Answer:
    """Say what a good answer looks like, with its conditions taken apart."""
    return Answer(
        status=said.status,
        body=said.body,
        headers=tuple((str(name), _condition(one)) for name, one in said.headers.items()),
        json=tuple((path.steps, _condition(one)) for path, one in said.json.items()),
        within=seconds(said.within),
    )


def _condition(said: Comparison) -> Condition:
    return Condition(how=str(said.how), operands=said.operands)
