"""Both APIs and the controls in the test's own process: no socket, no workerd, a store on disk."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote_to_bytes, urlencode

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from localcloud.allowances import ALLOWANCES, Plan
from localcloud.changes import Changes
from localcloud.cloudflare.access.rates import Rates
from localcloud.cloudflare.api import cloudflare_api, cloudflare_routes
from localcloud.contents import Contents
from localcloud.control import Control
from localcloud.faults import Faults
from localcloud.grafana.api import grafana_api, grafana_routes
from localcloud.inbox.messages import Messages
from localcloud.runtime.analytics import Points
from localcloud.runtime.clock import Clock
from localcloud.runtime.journal import Journal, Run
from localcloud.runtime.plan import BINDINGS, plan
from localcloud.services import Services
from localcloud.store import Store
from tests.localcloud.running import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from starlette.types import ASGIApp, Message

    from localcloud.allowances import Exceeded
    from localcloud.cloudflare.tails import Tail
    from localcloud.documents import Document, Value
    from localcloud.shelves import Held, Statement


KEY = "the key of this process"


class Still:
    """Plans every Worker, as the runtime does while others go on, and runs none of them."""

    binding_types = frozenset(BINDINGS)
    allowances = ALLOWANCES[Plan.PAID]

    def __init__(self, store: Store) -> None:
        self._store = store
        self.failures: list[str | Exception | None] = []
        """What the next starts come to: None is fine, and so are all that are not here."""

    def note_limit(self, exceeded: Exceeded) -> None:
        """Nobody asks."""

    async def start_problem(self, _script: str) -> str | None:
        failure = self.failures.pop(0) if self.failures else None
        for _ in range(3):
            await asyncio.sleep(0)
            plan(self._store, self.allowances)
        if isinstance(failure, Exception):
            raise failure
        return failure

    def refresh(self) -> None:
        """Nothing runs that could be stale."""

    def problem(self, _worker: str) -> str | None:
        return None

    async def scheduled(self, worker: str, cron: str, at: int) -> Run:
        return Run(script=worker, cron=cron, at=at, ok=True, error=None, ms=0)

    async def open_tail(self, _script: str) -> Tail | None:
        return None

    def tails_of(self, _script: str) -> list[Tail]:
        return []

    def close_tail(self, _script: str, _identifier: str) -> bool:
        return False


@dataclass
class Memory:
    """Keeps what namespaces and buckets hold in a dictionary, and a database's rows not at all."""

    held: dict[tuple[str, str, str], Held] = field(default_factory=dict)

    async def read(self, kind: str, shelf: str, key: str) -> Held | None:
        return self.held.get((kind, shelf, key))

    async def write(
        self, kind: str, shelf: str, key: str, held: Held, _expiration: dict[str, int]
    ) -> None:
        self.held[kind, shelf, key] = held

    async def remove(self, kind: str, shelf: str, key: str) -> None:
        self.held.pop((kind, shelf, key), None)

    async def keys(self, kind: str, shelf: str, prefix: str) -> list[Value]:
        name = "name" if kind == "kv" else "key"
        return [
            {name: key, "size": len(held.content)}
            for (of, at, key), held in self.held.items()
            if (of, at) == (kind, shelf) and key.startswith(prefix)
        ]

    async def waiting(self, _account: str, _queue: str) -> list[Document]:
        return []

    async def query(self, _shelf: str, statements: list[Statement]) -> list[Document]:
        return [{"results": [], "success": True, "meta": {}} for _ in statements]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """Return the JSON in it."""
        return json.loads(self.body)

    @property
    def code(self) -> int:
        """Return Cloudflare's code of a refusal."""
        return int(self.told["errors"][0]["code"])


class Process:
    """Both APIs over one store."""

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        rate_limit: int | None = None,
        known_tokens_only: bool = False,
    ) -> None:
        self.store = Store(path)
        self.still, self.memory = Still(self.store), Memory()
        self.changes = Changes()
        self.points = Points(path.with_name(f"{path.name}.points"))
        self.control = self._control()
        app = Starlette(
            routes=[
                Mount("/_local", self.control.application()),
                Mount(
                    "/client/v4",
                    cloudflare_api(
                        self.store,
                        self.still,
                        self.memory,
                        self.changes.note,
                        rates=Rates(rate_limit, clock),
                        known_tokens_only=known_tokens_only,
                    ),
                ),
                Mount("/grafana", grafana_api(self.store, self.changes.note)),
            ]
        )
        self.control.faults = Faults(app)
        self.app: ASGIApp = app

    def _control(self) -> Control:
        """Return the controls, of a runtime that stands still."""
        note = self.changes.note
        journal = Journal(self.store, note)
        contents = Contents(self.store, self.memory, self.points)  # type: ignore[arg-type]
        return Control(
            key=KEY,
            instance="in process",
            store=self.store,
            messages=Messages(self.store, note),
            services=Services(self.store, note),
            workers=self.still,  # type: ignore[arg-type]
            clock=Clock(self.store, self.still, journal),
            journal=journal,
            changes=self.changes,
            contents=contents,
            shutdown=lambda: None,
        )

    def close(self) -> None:
        """Let go of the files."""
        self.store.close()
        self.points.close()

    def routes(self) -> Iterator[tuple[str, str]]:
        """Yield every method and path that the APIs have, as the application lists them."""
        cloudflare = cloudflare_routes(self.store, self.still, self.memory, self.changes.note)
        for base, routes in (("/client/v4", cloudflare), ("/grafana", grafana_routes(self.store))):
            for route in routes:
                assert isinstance(route, Route)
                for method in sorted((route.methods or set()) - {"HEAD"}):
                    yield method, base + route.path

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: bytes = b"",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        client: str = "127.0.0.1",
        chunks: int = 1,
    ) -> Answer:
        """Send exactly this: `path` is percent-encoded already, as it goes over the wire.

        The body comes in so many chunks, with a pause for all others before each of them.
        """
        told: list[Message] = []
        size = -(-len(body) // chunks)
        sent = iter(
            [
                {
                    "type": "http.request",
                    "body": body[number * size : (number + 1) * size],
                    "more_body": number < chunks - 1,
                }
                for number in range(chunks)
            ]
        )

        async def receive() -> Message:
            await asyncio.sleep(0)
            return next(sent, {"type": "http.disconnect"})

        async def send(message: Message) -> None:
            told.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote_to_bytes(path).decode("utf-8", "replace"),
            "raw_path": path.encode("latin-1", "replace"),
            "query_string": query,
            "root_path": "",
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
                for name, value in (headers or {}).items()
            ],
            "client": (client, 1),
            "server": ("127.0.0.1", 80),
        }
        await self.app(scope, receive, send)
        return Answer(
            status=told[0]["status"],
            headers={n.decode(): value.decode("latin-1") for n, value in told[0]["headers"]},
            body=b"".join(message.get("body", b"") for message in told[1:]),
        )

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = TOKEN,
        client: str = "127.0.0.1",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send JSON and wait for the answer."""
        credentials = {} if token is None else {"authorization": f"Bearer {token}"}
        return asyncio.run(
            self.send(
                method,
                quote(path, safe="/%"),
                query=urlencode(query or {}).encode(),
                headers={**credentials, **(headers or {})},
                body=b"" if body is None else json.dumps(body).encode(),
                client=client,
            )
        )
