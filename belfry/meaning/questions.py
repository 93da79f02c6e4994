"""Questions of checks: whether what is asked can be asked, and whether any answer would be good."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

from belfry.language.checks import RecordType
from belfry.meaning.reachable import host_of, is_number, is_of_this_machine
from belfry.values.duration import MINUTE, Duration
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.checks import Check, DnsCheck, Expect, HeartbeatCheck, HttpCheck
    from belfry.language.platform import Platform
    from belfry.language.services import Service
    from belfry.problems import Path

_DAY = 86_400
_MOST_OF_A_CERTIFICATE = Duration.of(60 * _DAY)
"""Certificates of 90 days are renewed 30 days before their end (letsencrypt.org/docs/faq)."""
_MOST_OF_A_REGISTRATION = Duration.of(365 * _DAY)
"""Domains are registered for a year at least, and many for no longer."""
_MOST_OF_A_HEARTBEAT = Duration.of(31 * _DAY)
_NO_CONTENT = frozenset({204, 205, 304})
"""Answers without a body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5)."""
_NUMBERS = {
    RecordType.A: (IPv4Address, "192.0.2.10"),
    RecordType.AAAA: (IPv6Address, "2001:db8::1"),
}


def ask(findings: Findings[Platform], name: str, check: Check) -> None:
    """Ask about the question of one check."""
    path = ("checks", name)
    service = findings.value.services.get(check.of)
    if check.http is not None:
        _http(findings, (*path, "http"), check.http, told_by_body=check.through is not None)
    if check.tcp is not None:
        _tcp(findings, (*path, "tcp", "to"), check.tcp.to)
    if check.dns is not None:
        _dns(findings, (*path, "dns"), check.dns)
        if check.dns.name is None and service is not None:
            _host_of(findings, path, "dns", "name", service)
    if check.tls is not None:
        _left(findings, (*path, "tls", "left"), check.tls.left, _MOST_OF_A_CERTIFICATE, _TLS)
        if check.tls.host is None and service is not None:
            _host_of(findings, path, "tls", "host", service)
    if check.domain is not None:
        _left(findings, (*path, "domain", "left"), check.domain.left, *_REGISTRATION)
        _registered(findings, (*path, "domain", "name"), check.domain.name)
    if check.heartbeat is not None:
        _heartbeat(findings, path, check.heartbeat, service)


def ask_answer(findings: Findings[Platform], path: Path, method: str, expect: Expect) -> None:
    """Ask whether any answer to a request at `path` would be good."""
    if not expect.status:
        right = "write a status, such as 200"
        findings.add((*path, "expect", "status"), "no answer would be good", right)
    findings.once((*path, "expect", "status"), expect.status)
    for index, code in enumerate(expect.status):
        if code < 200:
            where = (*path, "expect", "status", index)
            wrong = f"{code} is never the end of an answer"
            findings.add(where, wrong, "write one between 200 and 599")
    wanted = "body" if expect.body is not None else "json" if expect.json else None
    if wanted and expect.status and set(expect.status) <= _NO_CONTENT:
        wrong = f"an answer with {expect.status[0]} has no body"
        right = "remove it, or expect another status"
        status = (*path, "expect", "status")
        findings.add((*path, "expect", wanted), wrong, right, because=(status,))
    elif wanted and method == "HEAD":
        because = ((*path, "expect", wanted),)
        wrong = "an answer to HEAD has no body, which this check needs"
        findings.add((*path, "method"), wrong, "write GET", because=because)


def ask_body(findings: Findings[Platform], path: Path, method: str) -> None:
    """Ask whether the body of a request at `path` is sent."""
    if method in ("GET", "HEAD"):
        because = ((*path, "method"),)
        right = "write method: POST, or remove the body"
        findings.add(
            (*path, "body"), f"{method} sends no body", right, because=because, also=(path,)
        )


def _http(findings: Findings[Platform], path: Path, http: HttpCheck, *, told_by_body: bool) -> None:
    ask_answer(findings, path, http.method, http.expect)
    if http.body is not None:
        ask_body(findings, path, http.method)
    needs_body = http.expect.body is not None or http.expect.json
    if told_by_body and http.method == "HEAD" and not needs_body:
        wrong = "an answer to HEAD has no body, which this check needs"
        findings.add((*path, "method"), wrong, "write GET", because=((*path[:2], "through"),))
    public = {header.key: header for header in http.headers}
    for header in http.secrets:
        if header.key in public:
            where = (*path, "headers", public[header.key].name)
            wrong = f"{header.name} stands under secrets too"
            findings.add(where, wrong, "keep the secret one", because=((*path, "secrets"),))


def _tcp(findings: Findings[Platform], path: Path, to: str) -> None:
    host = to.rpartition(":")[0]
    if is_of_this_machine(host):
        wrong = f"{host} is another machine wherever it is asked from"
        findings.add(path, wrong, "write the address that others use")


def _dns(findings: Findings[Platform], path: Path, dns: DnsCheck) -> None:
    if dns.name is not None and is_number(dns.name):
        wrong = f"{dns.name} is an address already"
        findings.add((*path, "name"), wrong, "write a name, such as example.com")
    findings.once((*path, "expect"), dns.expect)
    if dns.type not in _NUMBERS:
        return
    made, example = _NUMBERS[dns.type]
    for index, text in enumerate(dns.expect):
        try:
            made(text)
        except ValueError:
            wrong = f"{shown(text)} is in no {dns.type} record"
            right = f"write an address such as {example}, or another type"
            findings.add((*path, "expect", index), wrong, right, because=((*path, "type"),))


def _host_of(
    findings: Findings[Platform], path: Path, kind: str, key: str, service: Service
) -> None:
    """Ask whether a check that names no host can take that of its service."""
    of = findings.value.checks[str(path[1])].of
    url, host = ("services", of, "url"), ("services", of, "host")
    if service.host is None and service.url is None:
        wrong = f"{of} has neither a url nor a host to take it from"
        right = f"add {key}: and a host name, or give {of} one"
        findings.add((*path, kind), wrong, right, because=(url, host, (*path, "of")))
        return
    address = service.host or host_of(str(service.url))
    because = (host if service.host else url, (*path, "of"))
    if kind == "dns" and is_number(address):
        wrong = f"{of} is at {address}, which is no name"
        findings.add((*path, kind), wrong, "add name: and what must resolve", because=because)
    elif kind == "tls" and service.host is None and str(service.url).startswith("http:"):
        wrong = f"{of} answers http, which has no certificate"
        right = f"add host: and what answers https, or write https in services.{of}.url"
        findings.add((*path, kind), wrong, right, because=because)


_TLS = (
    "certificates of 90 days are renewed a month before their end, so there are never",
    "write 14d: time enough to act, and later than any renewal",
)
_REGISTRATION = (
    _MOST_OF_A_REGISTRATION,
    (
        "many domains are registered for a year at a time, so there are never",
        "write 30d: time enough to act",
    ),
)


def _left(
    findings: Findings[Platform], path: Path, left: Duration, most: Duration, says: tuple[str, str]
) -> None:
    why, right = says
    if left > most:
        findings.add(path, f"{why} {left} left", right)
    elif left.milliseconds < _DAY * 1000:
        wrong = f"{left} is too late to act"
        findings.add(path, wrong, "write 1d or more")


def _registered(findings: Findings[Platform], path: Path, name: str) -> None:
    if is_number(name):
        findings.add(
            path, f"{name} is an address", "write a registered domain, such as example.com"
        )
    elif name.startswith("www."):
        right = f"write {name.removeprefix('www.')}"
        findings.add(path, f"{name} is a host; the domain is what was registered", right)
    elif "." not in name:
        right = "write a registered domain, such as example.com"
        findings.add(path, f"{name} is not registered by anybody", right)


def _heartbeat(
    findings: Findings[Platform], path: Path, beat: HeartbeatCheck, service: Service | None
) -> None:
    where = (*path, "heartbeat", "every")
    if beat.every < MINUTE:
        right = "write 60s or more: the Worker looks once a minute"
        findings.add(where, f"{beat.every} is less than a minute", right)
        return
    if beat.every > _MOST_OF_A_HEARTBEAT:
        right = f"write {_MOST_OF_A_HEARTBEAT} or less"
        findings.add(where, f"{beat.every} of silence would be well", right)
        return
    if not beat.grace.milliseconds:
        right = "write how much later it may come, such as 1m"
        findings.add((*path, "heartbeat", "grace"), "it could never come in time", right)
    cron = service.schedule if service is not None else None
    if cron is not None and beat.every < cron.least_gap:
        of = findings.value.checks[str(path[1])].of
        findings.add(
            where,
            f"{of} runs every {cron.least_gap} at most, so it would be missed in between",
            f"write {cron.least_gap} or more",
            because=(("services", of, "schedule"), (*path, "of")),
        )
