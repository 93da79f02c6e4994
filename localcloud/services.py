"""Stand-ins for the services of a platform, which can be broken, slowed and mended."""

from __future__ import annotations

import asyncio
import html
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.routing import Route

from localcloud.documents import (
    MalformedError,
    document,
    flag,
    inner,
    number,
    text,
    texts,
)
from localcloud.moments import now, precise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_LATENCY_MS = 2
_LONGEST_DELAY = 600


class State(StrEnum):
    """What was done to a service."""

    WORKING = "working"
    BROKEN = "broken"
    SLOW = "slow"


class UnknownServiceError(KeyError):
    """There is no stand-in of that name; the text says which there are."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One stand-in."""

    name: str
    page: bool
    needs: tuple[str, ...]
    components: Mapping[str, str]
    state: State
    delay: float


class Services:
    """All stand-ins, and how they answer."""

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        """Call `changed` when a state does."""
        self._store = store
        self._changed = changed

    def routes(self) -> list[Route]:
        """Return what answers for the services."""
        return [
            Route("/services/{service}", self._answer, methods=_METHODS),
            Route("/services/{service}/{path:path}", self._answer, methods=_METHODS),
        ]

    def declare(self, wanted: list[Document]) -> None:
        """Have exactly these stand-ins; the states of those that stay are kept.

        Raises:
            MalformedError: one is not what it should be, or needs one that is not there.

        """
        names = [text(item, "service") for item in wanted]
        with self._store.transaction():
            for held in self._store.all("stand-ins"):
                if held.id not in names:
                    self._store.delete("stand-ins", "", held.id)
            for item, name in zip(wanted, names, strict=True):
                needs = texts(item, "needs")
                missing = [need for need in needs if need not in names]
                if missing:
                    raise MalformedError(f"{name} needs {missing[0]}, which is not in the list")
                body: Document = {
                    "page": flag(item, "page"),
                    "needs": list(needs),
                    "components": {
                        path: part
                        for path, part in inner(item, "components").items()
                        if isinstance(part, str)
                    },
                }
                known = self._store.get("stand-ins", "", name)
                hidden = known.hidden if known else None
                self._store.put(
                    "stand-ins",
                    "",
                    name,
                    name=name,
                    body=body,
                    hidden=hidden,
                )
        self._changed()

    def set_state(self, name: str, state: State, delay: float) -> None:
        """Break, slow or mend a service.

        Raises:
            UnknownServiceError: there is none of that name.

        """
        held = self._found(name)
        told: Document = {"state": state.value, "delay": min(delay, _LONGEST_DELAY)}
        self._store.put("stand-ins", "", name, name=name, body=held.body, hidden=told)
        self._changed()

    def all(self) -> list[Document]:
        """Return each service with its state, its health and what that comes from."""
        services = self._services()
        return [
            {
                "service": service.name,
                "page": service.page,
                "needs": list(service.needs),
                "components": dict(service.components),
                "state": service.state.value,
                "delay": service.delay,
                "health": "broken"
                if service.state is State.BROKEN
                else ("unhealthy" if broken else "healthy"),
                "cause": list(broken),
            }
            for service in services.values()
            for broken in [_broken(services, service.name)]
        ]

    def _found(self, name: str) -> Object:
        held = self._store.get("stand-ins", "", name)
        if held is None:
            known = ", ".join(sorted(one.id for one in self._store.all("stand-ins")))
            raise UnknownServiceError(f"no service {name}: there are {known or 'none'}")
        return held

    def _services(self) -> dict[str, Service]:
        return {held.id: _service(held) for held in self._store.all("stand-ins")}

    async def _answer(self, request: Request) -> Response:
        services = self._services()
        name = str(request.path_params["service"])
        service = services.get(name)
        if service is None:
            # Whoever deploys without declaring must not be paged for what nobody broke.
            well: Document = {"status": "healthy", "timestamp": precise(now()), "components": {}}
            return JSONResponse(well)
        path = "/" + str(request.path_params.get("path", ""))
        asked = service.components.get(path)
        involved = [name, *(_reached(services, asked) if asked else _reached(services, name))]
        delay = max(services[one].delay for one in involved if one in services)
        if delay:
            await asyncio.sleep(delay)
            services = self._services()
            service = services.get(name, service)
        if service.state is State.BROKEN:
            return PlainTextResponse("Internal Server Error", 500)
        if asked:
            return _component(services, asked)
        return _page(services, service) if service.page else _health(services, service)


def _service(held: Object) -> Service:
    components = inner(held.body, "components")
    state = State(text(held.hidden, "state", State.WORKING.value))
    return Service(
        name=held.id,
        page=flag(held.body, "page"),
        needs=tuple(texts(held.body, "needs")),
        components={path: str(part) for path, part in components.items()},
        state=state,
        delay=number(held.hidden, "delay", 0) if state is State.SLOW else 0,
    )


def _reached(services: Mapping[str, Service], name: str) -> list[str]:
    """Return a service and all that it needs, directly or through others; nearest first."""
    found = [name]
    for one in found:
        if one in services:
            found += [need for need in services[one].needs if need not in found]
    return found


def _broken(services: Mapping[str, Service], name: str) -> list[str]:
    """Return the broken services because of which one does not work; empty: it does."""
    return [
        one
        for one in _reached(services, name)
        if one in services and services[one].state is State.BROKEN
    ]


def _status(services: Mapping[str, Service], name: str) -> Document:
    slow = services[name].delay if name in services else 0
    return {
        "status": "unhealthy" if _broken(services, name) else "healthy",
        "latencyMs": round(slow * 1000) + _LATENCY_MS,
    }


def _component(services: Mapping[str, Service], asked: str) -> Response:
    told = {**_status(services, asked), "details": {}}
    return JSONResponse(told, 200 if told["status"] == "healthy" else 503)


def _health(services: Mapping[str, Service], service: Service) -> Response:
    components: dict[str, Value] = {need: _status(services, need) for need in service.needs}
    well = not _broken(services, service.name)
    told: Document = {
        "status": "healthy" if well else "unhealthy",
        "timestamp": precise(now()),
        "components": components,
    }
    return JSONResponse(told, 200 if well else 503)


def _page(services: Mapping[str, Service], service: Service) -> Response:
    broken = _broken(services, service.name)
    name = html.escape(service.name)
    said = "is not available" if broken else "is up and running"
    document_ = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>'
        f"<h1>{name}</h1><p>This page {said}.</p></html>\n"
    )
    return HTMLResponse(document_, 503 if broken else 200)


def declared(body: Value) -> list[Document]:
    """Return the stand-ins of a request.

    Raises:
        MalformedError: it is not a list of objects.

    """
    if not isinstance(body, list):
        raise MalformedError("the body must be a list of services")
    return [document(item, f"[{index}]") for index, item in enumerate(body)]
