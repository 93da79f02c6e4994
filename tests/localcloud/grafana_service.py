"""Grafana's API in the test's own process and thread: nothing to start, nothing to wait for."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from localcloud.grafana.api import grafana_api
from localcloud.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROVISIONING = "/api/v1/provisioning"


class Grafana(httpx.Client):
    """A client whose calls an application answers at once."""

    def __init__(self, store: Store) -> None:
        """Serve what is in a store."""
        super().__init__()
        app = Starlette(routes=[Mount("/grafana", grafana_api(store, lambda: None))])
        self.store = store
        self._runner = asyncio.Runner()
        self._inner = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://grafana.test/grafana",
            headers={"authorization": "Bearer anybody"},
        )

    def request(self, method: str, url: Any, **more: Any) -> httpx.Response:
        """Make a call."""
        given = {name: value for name, value in more.items() if value is not None}
        kept = {name: value for name, value in given.items() if name in _KNOWN}
        return self._runner.run(self._inner.request(method, url, **kept))

    def close(self) -> None:
        """End it."""
        self._runner.run(self._inner.aclose())
        self._runner.close()
        super().close()


_KNOWN = ("json", "content", "headers", "params", "auth")


@contextmanager
def served(place: Path) -> Iterator[Grafana]:
    """Give a client of a Grafana that keeps its objects in a directory."""
    store = Store(place / "objects.db")
    client = Grafana(store)
    yield client
    client.close()
    store.close()


def refused(answer: httpx.Response, status: int) -> str:
    """Return why a call was refused: a sentence, wherever the answer puts it."""
    assert answer.status_code == status, answer.text
    told = answer.json()
    words = str(told.get("extra", {}).get("Error", told["message"]))
    assert " " in words, words
    return words
