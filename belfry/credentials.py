"""Where Cloudflare and Grafana are and who asks, as their providers read the environment."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOUDFLARE_API = "https://api.cloudflare.com/client/v4"
_ANONYMOUS = "anonymous"
"""What GRAFANA_AUTH says where Grafana lets everybody in; the provider then sends nothing."""


class MissingError(Exception):
    """A variable that nobody set; its text says what is not said."""

    def __init__(self, message: str, variable: str) -> None:
        super().__init__(message)
        self.variable = variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where a service is, and what is sent along with every request."""

    url: str
    """Without a slash at its end."""
    headers: Mapping[str, str] = field(repr=False)


def cloudflare(environment: Mapping[str, str]) -> Access:
    """Give the address of the API, up to its version, and who asks.

    Raises:
        MissingError: nobody says who asks.

    """
    base = environment.get("CLOUDFLARE_BASE_URL") or _CLOUDFLARE_API
    return Access(url=base.rstrip("/"), headers=_cloudflare_headers(environment))


def grafana(environment: Mapping[str, str]) -> Access:
    """Give Grafana's own address, without `/api`, and who asks.

    Raises:
        MissingError: nobody says where it is, or who asks.

    """
    url, auth = environment.get("GRAFANA_URL"), environment.get("GRAFANA_AUTH")
    if not url:
        raise MissingError("where Grafana is, is not said", "GRAFANA_URL")
    if not auth:
        raise MissingError("nobody says who asks Grafana", "GRAFANA_AUTH")
    return Access(url=url.rstrip("/"), headers=_grafana_headers(auth))


def _cloudflare_headers(environment: Mapping[str, str]) -> Mapping[str, str]:
    token = environment.get("CLOUDFLARE_API_TOKEN")
    if token:
        return {"Authorization": f"Bearer {token}"}
    key, email = environment.get("CLOUDFLARE_API_KEY"), environment.get("CLOUDFLARE_EMAIL")
    if key and email:
        return {"X-Auth-Key": key, "X-Auth-Email": email}
    raise MissingError("nobody says who asks Cloudflare", "CLOUDFLARE_API_TOKEN")


def _grafana_headers(auth: str) -> Mapping[str, str]:
    if auth == _ANONYMOUS:
        return {}
    if ":" not in auth:
        return {"Authorization": f"Bearer {auth}"}
    # A person may be of several organisations; the provider asks in the first.
    basic = b64encode(auth.encode()).decode()
    return {"Authorization": f"Basic {basic}", "X-Grafana-Org-Id": "1"}
