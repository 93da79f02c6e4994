"""Asking Cloudflare and Grafana, with the credentials of each resource's provider. Reads only."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self

import httpx

from belfry import credentials
from belfry.permissions import CLOUDFLARE, GRAFANA, Purpose
from engine.drift.recorded import document
from engine.drift.watched import Service
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from belfry.credentials import Access
    from engine.documents import Json
    from engine.drift.recorded import Recorded

PROVIDERS = "pulumi:providers:"
"""How the types of providers begin; the name of their package follows."""
_WHO: Mapping[Service, Callable[[Mapping[str, str]], Access]] = {
    Service.CLOUDFLARE: credentials.cloudflare,
    Service.GRAFANA: credentials.grafana,
}
_SETTINGS: Mapping[Service, Mapping[str, str]] = {
    Service.CLOUDFLARE: {
        "apiToken": "CLOUDFLARE_API_TOKEN",
        "apiKey": "CLOUDFLARE_API_KEY",
        "email": "CLOUDFLARE_EMAIL",
        "baseUrl": "CLOUDFLARE_BASE_URL",
    },
    Service.GRAFANA: {"auth": "GRAFANA_AUTH", "url": "GRAFANA_URL"},
}
"""A provider's settings → the variable that says the same for those that are left open."""
_URL: Mapping[Service, str] = {
    Service.CLOUDFLARE: "CLOUDFLARE_BASE_URL",
    Service.GRAFANA: "GRAFANA_URL",
}
_HERE: Mapping[Service, str] = {Service.CLOUDFLARE: "/client/v4", Service.GRAFANA: "/grafana"}
"""Where in a localcloud a service is."""
_API: Mapping[Service, str] = {Service.CLOUDFLARE: "", Service.GRAFANA: "/api"}
_WAITS = (0.5, 1.0, 2.0)
"""Seconds before each repetition."""
_LONGEST_WAIT = 10.0
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_REFUSALS = frozenset({401, 403})


class Reader:
    """Asks each service once for each thing; its connections end with the block that it is for."""

    def __init__(
        self, accesses: Mapping[str, Access], transport: httpx.BaseTransport | None = None
    ) -> None:
        """Take the accesses by the URN of the provider that has them."""
        self._accesses = accesses
        self._told: dict[tuple[str, str, frozenset[tuple[str, str]]], Json] = {}
        self._http = httpx.Client(
            transport=transport,
            timeout=30,
            trust_env=not all(_is_here(one.url) for one in accesses.values()),
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def read(
        self,
        service: Service,
        path: str,
        recorded: Recorded,
        more: Mapping[str, str] | None = None,
    ) -> Json:
        """What the service tells about a resource, without its envelope; None if it is gone.

        Args:
            service: who is asked.
            path: below the service's API.
            recorded: the resource; its provider says who asks.
            more: headers that belong to the question.

        Raises:
            EngineError: it cannot be asked; says what a token must be allowed.

        """
        access = self._accesses[recorded.provider]
        headers = dict(more or {})
        organisation = str(recorded.inputs.get("orgId") or "")
        if organisation and service is Service.GRAFANA:
            headers["X-Grafana-Org-Id"] = organisation
        asked = recorded.provider, path, frozenset(headers.items())
        if asked not in self._told:
            answer = self._answer(f"{access.url}{path}", {**access.headers, **headers})
            self._told[asked] = _opened(service, answer, recorded)
        return self._told[asked]

    def _answer(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        for wait in (*_WAITS, None):
            try:
                answer = self._http.get(url, headers=headers)
            except httpx.TransportError as error:
                if wait is None:
                    raise EngineError(f"{url} does not answer ({type(error).__name__})") from error
                time.sleep(wait)
                continue
            if wait is None or answer.status_code not in _PASSING:
                break
            time.sleep(_asked_to_wait(answer, wait))
        return answer


def _opened(service: Service, answer: httpx.Response, recorded: Recorded) -> Json:
    what = f"{service.value} answers {answer.status_code} to GET {answer.request.url.path}"
    if answer.status_code == 404:
        return None
    if answer.status_code in _REFUSALS:
        raise EngineError(f"{what}: the token must be allowed {_needed(recorded.subject.type)}")
    try:
        told: Json = answer.json() if answer.is_success else None
    except ValueError:
        told = None
    if not answer.is_success or told is None:
        raise EngineError(f"{what}; belfry drift needs it for {recorded.subject.name}")
    return document(told).get("result") if service is Service.CLOUDFLARE else told


def accesses(
    providers: Mapping[str, Recorded], environment: Mapping[str, str], here: str | None
) -> dict[str, Access]:
    """Find where each provider's service is, and who asks: its own settings, else the environment.

    Args:
        providers: the state's providers by URN.
        environment: variables, for what a provider's settings leave open.
        here: address of the localcloud of a stack that runs on one.

    Returns:
        By URN; without the providers of other services.

    Raises:
        EngineError: credentials are missing; names the variable.

    """
    found = {}
    for urn, provider in providers.items():
        package = provider.subject.type.removeprefix(PROVIDERS)
        if package in list(Service):
            found[urn] = _access(Service(package), provider.inputs, environment, here)
    return found


def _access(
    service: Service,
    settings: Mapping[str, Json],
    environment: Mapping[str, str],
    here: str | None,
) -> Access:
    own = {
        variable: str(settings[name])
        for name, variable in _SETTINGS[service].items()
        if settings.get(name)
    }
    if here is not None:
        own[_URL[service]] = f"{here}{_HERE[service]}"
    try:
        access = _WHO[service]({**environment, **own})
    except credentials.MissingError as error:
        raise EngineError(f"{error}: set {error.variable} (docs/stacks.md)") from error
    return replace(access, url=f"{access.url}{_API[service]}")


def variables() -> Mapping[str, str]:
    """The environment of this process."""
    return os.environ


def _needed(kind: str) -> str:
    if kind in CLOUDFLARE:
        return CLOUDFLARE[kind].api_name(Purpose.PREVIEW)
    if kind in GRAFANA:
        return ", ".join(GRAFANA[kind].of(Purpose.PREVIEW))
    return "to read it"


def _asked_to_wait(answer: httpx.Response, otherwise: float) -> float:
    told = answer.headers.get("retry-after", "")
    return min(float(told), _LONGEST_WAIT) if told.isdecimal() else otherwise


def _is_here(url: str) -> bool:
    return httpx.URL(url).host in ("127.0.0.1", "localhost", "::1")
