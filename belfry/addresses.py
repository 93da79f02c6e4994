"""Where everything is in one environment: really, or as stand-ins on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from belfry.language.checks import Check, HttpCheck
    from belfry.language.environments import Environment
    from belfry.language.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalAddress:
    """Where the local cloud listens."""

    url: str
    """Such as http://127.0.0.1:8787."""
    smtp: str
    """Host and port, such as 127.0.0.1:8788."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAddress:
    """An address in the parts that Cloudflare wants."""

    scheme: Literal["HTTP", "HTTPS"]
    host: str
    port: int
    path: str


class Addresses:
    """The addresses of one environment of one platform."""

    def __init__(
        self, platform: Platform, environment: str, localcloud: LocalAddress | None
    ) -> None:
        """Take `localcloud` for an environment that is played on this machine, else None."""
        settings = platform.environments[environment]
        self._localcloud = localcloud
        self._services = {
            name: f"{localcloud.url}/services/{name}"
            if localcloud
            else service.url.fill(_blanks(settings)).rstrip("/")
            for name, service in platform.services.items()
            if service.url is not None
        }

    def of_check(self, check: Check, http: HttpCheck) -> str:
        """Give the address that a check's request goes to."""
        return self._services[check.through or check.of] + http.path

    def of_service(self, service: str) -> str | None:
        """Give a service's address, without a slash at its end; None: it does not answer HTTP."""
        return self._services.get(service)

    def pagerduty(self, channel: str) -> str:
        """Give PagerDuty's events endpoint, for a channel."""
        if self._localcloud:
            return f"{self._localcloud.url}/inbox/pagerduty/{channel}/v2/enqueue"
        return "https://events.pagerduty.com/v2/enqueue"

    def webhook(self, url: str) -> str | None:
        """Give a webhook's address; None on this machine, where its secret is the address."""
        return None if self._localcloud else url

    def sms(self, channel: str) -> str | None:
        """Give what takes Twilio's place for a channel; None where Twilio itself is meant."""
        return f"{self._localcloud.url}/inbox/sms/{channel}" if self._localcloud else None

    @property
    def smtp(self) -> tuple[str, int] | None:
        """Host and port of the mail server that takes the place of every channel's, if one does."""
        if self._localcloud is None:
            return None
        host, _, port = self._localcloud.smtp.rpartition(":")
        return host, int(port)


def split(url: str) -> HttpAddress:
    """Take an address apart."""
    path_begins = url.find("/", url.index("://") + 3)
    base, path = (url, "/") if path_begins < 0 else (url[:path_begins], url[path_begins:])
    scheme, host, port = _split_base(base)
    return HttpAddress(scheme=scheme, host=host, port=port, path=path)


@lru_cache(maxsize=4096)
def _split_base(base: str) -> tuple[Literal["HTTP", "HTTPS"], str, int]:
    parts = urlsplit(base)
    encrypted = parts.scheme == "https"
    port = parts.port or (443 if encrypted else 80)
    return "HTTPS" if encrypted else "HTTP", parts.hostname or "", port


def _blanks(environment: Environment) -> dict[str, str]:
    return {"domain": environment.domain or ""}
