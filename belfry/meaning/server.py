"""The server stack: whether its parts can run together, be reached, and be restored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.language.server import EXPORTERS as MEASURING
from belfry.language.server import Part, Reach, Where
from belfry.language.services import Kind
from belfry.meaning.service_keys import EXPORTERS
from belfry.problems import Code
from belfry.values.duration import DAY, Duration
from belfry.values.percent import Percent

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.server import Backups, RemoteWrite, Server
    from belfry.problems import Path

_OFTENEST = Duration.of(5)
_SELDOMEST = Duration.of(60)
"""Rules are judged once a minute, by what was collected since."""
_FULLEST = Percent.parse("100 %")
_NEEDS = {
    Part.ALERTMANAGER: (Part.PROMETHEUS, "sends it alerts"),
    Part.ALLOY: (Part.LOKI, "takes the logs that it ships"),
    **dict.fromkeys(MEASURING, (Part.PROMETHEUS, "collects what it measures")),
}
"""Parts that are of no use without another, and what the other does for them."""
_SHOWN = (Part.PROMETHEUS, Part.LOKI, Part.JAEGER)
_BUCKET = re.compile(r"[a-z][a-z0-9]*:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?", re.ASCII)


def ask(findings: Findings[Platform]) -> None:
    """Ask about the server stack, if there is one."""
    server = findings.value.server
    if server is None:
        return
    _place(findings, server)
    _parts(findings, server)
    _measured(findings, server)
    _hosts(findings, server)
    scrape = server.scrape
    if not _OFTENEST <= scrape <= _SELDOMEST:
        wrong = f"{scrape} is {'too often' if scrape < _OFTENEST else 'too seldom'}"
        right = f"write one between {_OFTENEST} and {_SELDOMEST}"
        findings.add(("server", "scrape"), wrong, right)
    if server.remote_write is not None:
        _remote_write(findings, server.remote_write)
    if server.backups is not None:
        _backups(findings, server.backups)
    if server.full >= _FULLEST:
        right = "write less, such as 80 %"
        findings.add(("server", "full"), "no volume is fuller than full", right)


def _place(findings: Findings[Platform], server: Server) -> None:
    on, host, namespace = ("server", "on"), ("server", "host"), ("server", "namespace")
    services = findings.value.services
    if server.on is Where.DOCKER and server.host is None:
        right = "add host: and a service that is: host"
        findings.add(("server",), "docker runs on a host", right, because=(on, host))
    if server.on is Where.KUBERNETES and server.namespace is None:
        right = "add namespace: and its name, such as monitoring"
        findings.add(
            ("server",), "kubernetes runs it in a namespace", right, because=(on, namespace)
        )
    beside = findings.written(on)[:-1]
    for key, where in (("host", Where.KUBERNETES), ("namespace", Where.DOCKER)):
        path = ("server", key)
        # An environment that runs it elsewhere cannot take away what the others say.
        together = findings.is_written(path) and findings.written(path)[:-1] == beside
        if server.on is where and together:
            findings.add(path, f"{where} has no {key}", "remove it", because=(on,))
    if server.host is None or not findings.known(
        host, server.host, "service", services, "services"
    ):
        return
    if services[server.host].is_ is not Kind.HOST:
        because = (("services", server.host, "is"),)
        right = "name a service that is: host"
        findings.add(host, f"{server.host} is no host", right, because=because)


def _parts(findings: Findings[Platform], server: Server) -> None:
    parts = ("server", "parts")
    if not server.parts:
        right = "add one, such as prometheus: {port: 9090}"
        findings.add(parts, "it is made of nothing", right)
    ports: dict[int, Part] = {}
    for part, settings in server.parts.items():
        path = (*parts, part)
        needed, does = _NEEDS.get(part, (part, ""))
        if needed not in server.parts:
            wrong = f"there is no {needed}, which {does}"
            right = f"add {needed} to server.parts, or remove {part}"
            findings.add(path, wrong, right, because=(parts,))
        if part is Part.GRAFANA and not any(one in server.parts for one in _SHOWN):
            right = f"add {', '.join(_SHOWN[:-1])} or {_SHOWN[-1]} to server.parts"
            findings.add(path, "it has nothing to show", right, because=(parts,))
        other = ports.setdefault(settings.port, part)
        if other != part:
            because = ((*parts, other, "port"),)
            wrong = f"{other} has port {settings.port} already"
            findings.add((*path, "port"), wrong, "give each part its own", because=because)
        if settings.image is not None and settings.image.partition("@")[0].endswith(":latest"):
            wrong = "latest is another version every day"
            findings.add((*path, "image"), wrong, "write the version that was tried")


def _measured(findings: Findings[Platform], server: Server) -> None:
    """Ask whether every exporter has a service to measure, and is told where it is."""
    services = findings.value.services
    if findings.is_broken_within("services"):
        return
    for kind, part in EXPORTERS.items():
        if part not in server.parts:
            continue
        path = ("server", "parts", part)
        there = [name for name, service in services.items() if service.is_ is kind]
        if not there:
            right = f"add a service that is: {kind}, or remove {part}"
            findings.add(path, f"there is no {kind} to measure", right, code=Code.UNUSED)
        elif not any(services[name].address for name in there):
            wrong = f"it is not told where {there[0]} is"
            right = f"add address: and host and port to services.{there[0]}"
            findings.add(path, wrong, right)


def _hosts(findings: Findings[Platform], server: Server) -> None:
    seen: dict[str, Part] = {}
    for part, host in server.hosts.items():
        path = ("server", "hosts", part)
        if part not in server.parts:
            wrong = f"there is no {part} in the server stack"
            right = f"add {part} to server.parts, or remove it"
            findings.add(path, wrong, right, because=(("server", "parts"),))
        elif server.reach is Reach.LOOPBACK:
            wrong = "with reach: loopback nobody comes by a host name"
            right = "write reach: tunnel or vpn, or remove it"
            findings.add(path, wrong, right, because=(("server", "reach"),))
        other = seen.setdefault(host, part)
        if other != part:
            because = (("server", "hosts", other),)
            findings.add(
                path, f"{other} is at {host} already", "give each its own", because=because
            )


def _remote_write(findings: Findings[Platform], write: RemoteWrite) -> None:
    path = ("server", "remote-write")
    user, password, url = (*path, "user"), (*path, "password"), (*path, "url")
    if write.user is not None and write.password is None:
        right = "add password: secret:remote-write"
        findings.add(user, "a user without a password", right, because=(password, path))
    if write.password is not None and write.user is None:
        right = "add user: and who writes"
        findings.add(password, "a password without a user", right, because=(user, path))
    if write.url.startswith("http:"):
        said = " and the password" if write.password is not None else ""
        wrong = f"everybody on the way can read the metrics{said}"
        findings.add(url, wrong, f"write https:{write.url.removeprefix('http:')}")


def _backups(findings: Findings[Platform], backups: Backups) -> None:
    path = ("server", "backups")
    here, away, bucket = (*path, "here"), (*path, "away"), (*path, "bucket")
    if backups.here < DAY:
        wrong = f"{backups.here} ends before the next copy is made"
        findings.add(here, wrong, "write 1d or more")
    if backups.away is not None and backups.bucket is None:
        right = "add bucket: and where, such as r2:shop-backups"
        findings.add(away, "nothing says where they are kept", right, because=(bucket,))
    elif backups.bucket is not None and backups.away is None:
        right = "add away: and how long, such as 90d"
        findings.add(bucket, "nothing says how long they are kept there", right, because=(away,))
    elif backups.away is not None and backups.away < backups.here:
        wrong = f"copies elsewhere end before those on the host, which are kept {backups.here}"
        findings.add(away, wrong, f"write {backups.here} or more", because=(here,))
    if backups.bucket is not None and _BUCKET.fullmatch(backups.bucket) is None:
        right = "write the kind and the name, such as r2:shop-backups"
        findings.add(bucket, f"{backups.bucket} does not say what kind of place it is", right)
    _kept_well(findings, path, backups)


def _kept_well(findings: Findings[Platform], path: Path, backups: Backups) -> None:
    if backups.too_old <= DAY:
        wrong = f"a copy is made once a day, so the newest is often {DAY} old"
        findings.add((*path, "too-old"), wrong, "write more than 1d, such as 26h")
    if backups.restore_test < DAY:
        wrong = f"every {backups.restore_test} there is no new copy to restore"
        findings.add((*path, "restore-test"), wrong, "write 1d or more, such as 30d")
