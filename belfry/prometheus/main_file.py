"""prometheus.yml: what is collected from where, which rules are judged, and who is told.

Every series of a service bears the label `service`, which the rules select by; exporters know no
services, so each target says whose it is. What tells of several services (the SDK, the Cloudflare
exporter, the monitoring Worker) says so in each series, and is believed (`honor_labels`). Addresses
are those inside the server stack: a part is reached under its own name, an exporter beside the
service that it measures; an application is asked at its own address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from belfry.language.application import Dialect
from belfry.language.server import EXPORTERS, Part
from belfry.language.services import Kind
from belfry.provisioned import is_made
from belfry.targets import METRICS_KEY, home, metrics_key, metrics_path, tellers
from belfry.values.duration import Duration
from belfry.yaml_text import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.addresses import Addresses
    from belfry.language.checks import Check
    from belfry.language.platform import Platform
    from belfry.language.server import Server

SECRETS = "/etc/prometheus/secrets"
"""Where secrets are files, each called as the platform file calls it."""
TARGETS = "targets/monitoring-worker.json"
"""Where the Worker's address is read from (file_sd), which is not known beforehand."""

_EVERY_MINUTE = "1m"
_PATH = "/monitoring/metrics"
_OWN = (Part.PROMETHEUS, Part.ALERTMANAGER, Part.GRAFANA, Part.LOKI, Part.ALLOY)
"""Parts that serve their own metrics at the port that they are reached by."""
_BESIDE = tuple(part for part, kind in EXPORTERS.items() if kind not in (None, Kind.HOST))
_BLACKBOX = (
    {"source_labels": ["__address__"], "target_label": "__param_target"},
    {"source_labels": ["__param_target"], "target_label": "instance"},
)
_WAYS = ("http", "tcp", "dns", "tls")
_DETAILED = "/metrics/detailed"
_FAMILIES = ("queue_coarse_metrics", "queue_consumer_count")
"""What RabbitMQ tells of each queue (rabbitmq_prometheus, README: selective querying)."""
_RESOLVER = "1.1.1.1:53"
"""Whom names are asked of; which name, says the module `dns-<check>` of the exporter."""
Entry = dict[str, object]


def main_file(
    platform: Platform, environment: str, server: Server, secrets: str, addresses: Addresses
) -> str:
    """Write the file. Rule files and targets are named as they stand beside it."""
    told = {} if Part.ALERTMANAGER not in server.parts else {"alerting": _alerting(server)}
    stored = {} if server.remote_write is None else {"remote_write": [_stored(server, secrets)]}
    jobs = _Jobs(platform, server, secrets, addresses)
    return written(
        {
            "global": {
                "scrape_interval": str(server.scrape),
                "scrape_timeout": str(min(server.scrape, Duration.of(10))),
                "evaluation_interval": _EVERY_MINUTE,
                "external_labels": {"environment": environment, "platform": platform.platform},
            },
            "rule_files": ["recordings.yml", "rules/*.yml"],
            **told,
            **stored,
            "scrape_configs": [_worker(secrets), *jobs.all()],
        }
    )


def _alerting(server: Server) -> Entry:
    address = f"{Part.ALERTMANAGER}:{server.parts[Part.ALERTMANAGER].port}"
    return {"alertmanagers": [{"static_configs": [{"targets": [address]}]}]}


def _stored(server: Server, secrets: str) -> Entry:
    said = server.remote_write
    if said is None:
        return {}
    login: Entry = {"username": said.user} if said.user else {}
    if said.password is not None:
        login["password_file"] = f"{secrets}/{said.password.name}"
    return {"url": said.url, **({"basic_auth": login} if login else {})}


def _worker(secrets: str) -> Entry:
    """Read what the monitoring Worker measured; its series say themselves whose they are."""
    return {
        "job_name": "monitoring-worker",
        "scrape_interval": _EVERY_MINUTE,
        "honor_labels": True,
        "metrics_path": _PATH,
        "authorization": _key(secrets, METRICS_KEY),
        "scheme": "https",
        "file_sd_configs": [{"files": [TARGETS]}],
    }


def _key(secrets: str, name: str) -> Entry:
    return {"type": "Bearer", "credentials_file": f"{secrets}/{name}"}


class _Jobs:
    """What is collected inside the server stack, and from the applications themselves."""

    def __init__(
        self, platform: Platform, server: Server, secrets: str, addresses: Addresses
    ) -> None:
        self._platform = platform
        self._server = server
        self._secrets = secrets
        self._addresses = addresses
        self._home = home(platform)

    def all(self) -> Iterator[Entry]:
        """Give a job for every part that measures something."""
        for part in _OWN:
            if part in self._server.parts:
                yield _job(part, [_target(self._address(part), self._home)])
        if Part.CLOUDFLARE in self._server.parts:
            target = _target(self._address(Part.CLOUDFLARE), self._home)
            yield {**_job(Part.CLOUDFLARE, [target]), "honor_labels": True}
        yield from self._applications()
        if Part.NODE in self._server.parts:
            yield from _some(Part.NODE, [self._host(name) for name in self._of_kind(Kind.HOST)])
        for part in _BESIDE:
            if part in self._server.parts:
                yield from _some(part, self._exporters(part))
        if Part.RABBITMQ in self._server.parts:
            for job in _some(f"{Part.RABBITMQ}-queues", self._exporters(Part.RABBITMQ)):
                yield {**job, "metrics_path": _DETAILED, "params": {"family": list(_FAMILIES)}}
        if Part.BLACKBOX in self._server.parts:
            yield from self._blackbox()

    def _applications(self) -> Iterator[Entry]:
        """Give the job of the services whose SDK serves metrics, as text for Prometheus."""
        path = metrics_path(self._platform)
        targets = [self._application(name, path) for name in tellers(self._platform)]
        for job in _some("application", targets):
            yield {
                **job,
                "honor_labels": True,
                "metrics_path": path,
                "params": {"format": ["prometheus"]},
                **self._read_with(metrics_key(self._platform)),
                "scheme": "https",
            }

    def _read_with(self, key: str) -> Entry:
        """Give how the SDK is shown a key, in the words of its dialect."""
        application = self._platform.application
        if application is not None and application.dialect is Dialect.SCORE:
            return {"http_headers": {"X-API-Key": {"files": [f"{self._secrets}/{key}"]}}}
        return {"authorization": _key(self._secrets, key)}

    def _application(self, name: str, path: str) -> Entry:
        parts = urlsplit(self._addresses.of_service(name) or "")
        labels = {"service": name}
        if parts.scheme != "https":
            labels["__scheme__"] = parts.scheme
        if parts.path:
            labels["__metrics_path__"] = parts.path + path
        return {"targets": [parts.netloc], "labels": labels}

    def _of_kind(self, kind: Kind | None) -> tuple[str, ...]:
        services = self._platform.services
        return tuple(name for name, service in services.items() if service.is_ is kind)

    def _address(self, host: str, part: Part | None = None) -> str:
        return f"{host}:{self._server.parts[part or Part(host)].port}"

    def _host(self, name: str) -> Entry:
        """Give a host's exporter: in the stack on its own host, at the host's name on others."""
        service = self._platform.services[name]
        own = str(Part.NODE) if name == self._home else service.host or name
        return _target(self._address(own, Part.NODE), name)

    def _exporters(self, part: Part) -> list[Entry]:
        """Give the exporter of each service of its kind; it bears the service's name if several."""
        names = self._of_kind(EXPORTERS[part])
        if len(names) == 1:
            return [_target(self._address(part), names[0])]
        return [_target(self._address(f"{part}-{name}", part), name) for name in names]

    def _blackbox(self) -> Iterator[Entry]:
        """Give a job for each way of asking, as rules about the exporter's own health need it."""
        asked: dict[str, list[Entry]] = {way: [] for way in _WAYS}
        for name, check in self._platform.checks.items():
            found = self._asked(name, check)
            if found is not None:
                way, module, target = found
                labels = {"__param_module": module, "check": name, "service": check.of}
                asked[way].append({"targets": [target], "labels": labels})
        here = {"target_label": "__address__", "replacement": self._address(Part.BLACKBOX)}
        for way, targets in asked.items():
            for job in _some(f"{Part.BLACKBOX}-{way}", targets):
                yield {**job, "metrics_path": "/probe", "relabel_configs": [*_BLACKBOX, here]}

    def _asked(self, name: str, check: Check) -> tuple[str, str, str] | None:
        """Give way, module and target of what a Blackbox exporter can ask without a secret."""
        if check.tcp is not None:
            return "tcp", "tcp", check.tcp.to
        if check.http is not None and is_made(check):
            return "http", "http", self._addresses.of_check(check, check.http)
        if check.dns is not None:
            return "dns", f"dns-{name}", _RESOLVER
        if check.tls is not None:
            url = self._addresses.of_service(check.of)
            host = check.tls.host or (urlsplit(url).hostname if url else None)
            return None if host is None else ("tls", "tls", f"{host}:{check.tls.port}")
        return None


def _some(part: str, targets: list[Entry]) -> Iterator[Entry]:
    if targets:
        yield _job(part, targets)


def _job(part: str, targets: list[Entry]) -> Entry:
    return {"job_name": str(part), "static_configs": targets}


def _target(address: str, service: str | None) -> Entry:
    labels: Mapping[str, str] = {} if service is None else {"service": service}
    return {"targets": [address], **({"labels": labels} if labels else {})}
