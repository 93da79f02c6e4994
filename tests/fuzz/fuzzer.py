"""Sends odd requests to an application in the test's own process, and remembers what it said."""

from __future__ import annotations

import json
import random
import re
import traceback
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from tests.fuzz import mutations, recorded
from tests.localcloud.running import ACCOUNT, TOKEN, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.fuzz.recorded import Recorded
    from tests.localcloud.in_process import Answer, Process

REMEMBERED = 20
"""Of each kind: those that are gone would crowd out those that are there."""
IDENTIFIER = re.compile("[0-9a-f]{32}|[0-9a-f-]{36}")
NAMES = ("id", "uid", "uuid", "queue_id", "consumer_id", "name", "hostname", "key", "tag")
AUTHORIZATION = {"authorization": f"Bearer {TOKEN}"}


class Fuzzer:
    """Fuzzes some routes of one application, starting from requests that it understands."""

    def __init__(
        self,
        process: Process,
        seed: int,
        *,
        routes: Sequence[tuple[str, str]],
        known: Sequence[Recorded],
        headers: Mapping[str, str] = AUTHORIZATION,
    ) -> None:
        self.process = process
        self.random = random.Random(seed)
        self.headers = headers
        self.routes = routes
        self.recorded = known
        self.by_route = recorded.by_route(self.routes, self.recorded)
        self.known: dict[str, list[str]] = defaultdict(list)
        """Ids and names that were told or taken, by the last fixed part of the path before them."""
        for (_, path), ones in self.by_route.items():
            for one in ones:
                self._know(path, one.path)
        self.statuses: Counter[int] = Counter()
        self.troubles: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    async def begin(self) -> None:
        """Send the recorded requests but those that delete, so that there is something."""
        now: dict[str, str] = {}
        for one in self.recorded:
            if one.method == "DELETE":
                continue
            headers = dict(self.headers)
            if one.parts:
                media_type, body = mutations.multipart(one.parts, self.random, odd=False)
                headers["content-type"] = media_type
            else:
                body = json.dumps(one.body).encode() if one.body is not None else b""
            path = one.path
            for before, after in now.items():
                path = path.replace(before, after)
                body = body.replace(before.encode(), after.encode())
            answer = await self.process.send(one.method, path, headers=headers, body=body)
            if answer.status < 300 and answer.headers.get("content-type") == "application/json":
                now |= dict(_renamed(one.answer, answer.told))

    async def run(self, count: int) -> None:
        """Send requests."""
        await self.begin()
        for number in range(count):
            method, path = self.routes[number % len(self.routes)]
            await self._one(method, path)

    async def _one(self, method: str, path: str) -> None:
        chance = self.random
        odd = chance.random() < 0.5
        headers = dict(self.headers)
        query = chance.choice(mutations.ODD_QUERIES) if chance.random() < 0.2 else b""
        often = 0.2 if method == "DELETE" else 0.9
        target = self.filled(path, often, odd=odd and chance.random() < 0.25)
        media_type, body = self._body(method, path, odd=odd)
        if media_type:
            headers["content-type"] = media_type
        if odd and chance.random() < 0.2:
            headers |= chance.choice(mutations.ODD_HEADERS)
        if odd and chance.random() < 0.05:
            method = chance.choice(mutations.METHODS)
        said = f"{method} {target[:200]} ?{query[:80]!r} {headers} {body[:300]!r}"
        try:
            answer = await self.process.send(
                method, target, query=query, headers=headers, body=body
            )
        except Exception as problem:  # noqa: BLE001 -- whatever comes out is what is looked for
            at = traceback.extract_tb(problem.__traceback__)
            ours = [frame for frame in at if "localcloud/" in frame.filename] or list(at)
            where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"
            self._trouble(f"{type(problem).__name__} at {where}: {problem!s:.100}", said)
            return
        self.statuses[answer.status] += 1
        if answer.status >= 500:
            self._trouble(f"{answer.status} {answer.body[:150]!r}", said)
        self._learn(path, target, answer, said)

    def _know(self, path: str, target: str) -> None:
        """Remember what stands in an address where its route has names."""
        for name, value in zip(path.split("/"), target.split("/"), strict=False):
            if name.startswith("{") and name != "{scope}":
                self._remember(path[: path.index(name)], unquote(value))

    def _remember(self, before: str, *values: str) -> None:
        fixed = [part for part in before.split("/") if part and not part.startswith("{")]
        held = self.known[fixed[-1]]
        held += [value for value in values if len(value) < 80 and value not in held]
        del held[:-REMEMBERED]

    def _learn(self, path: str, target: str, answer: Answer, said: str) -> None:
        if 200 <= answer.status < 300:
            self._know(path, target)
        kept = path.endswith("{key:path}")  # What was put there comes back as it is.
        if kept or answer.headers.get("content-type", "") != "application/json":
            return
        try:
            told = json.loads(answer.body, parse_constant=no_number)
        except ValueError as problem:
            self._trouble(f"an answer that is not JSON: {problem}", said)
            return
        if answer.status < 300:
            for one in _objects(told):
                self._remember(path, *(str(one[name]) for name in NAMES if one.get(name)))

    def _trouble(self, kind: str, said: str) -> None:
        self.troubles[kind] += 1
        self.examples.setdefault(kind, said)

    def filled(self, path: str, often: float = 1.0, *, odd: bool) -> str:
        chance = self.random

        def segment(match: re.Match[str]) -> str:
            if odd and chance.random() < 0.6:
                return chance.choice(mutations.ODD_SEGMENTS)
            if match[1] == "scope":
                return ZONE if path.startswith("/client/v4/zones") else ACCOUNT
            fixed = [p for p in path[: match.start()].split("/") if p and not p.startswith("{")]
            # What was made last is there most likely; what is always deleted is never met.
            known = self.known.get(fixed[-1], []) if chance.random() < often else []
            return quote(chance.choice(known[-4:] or self._anything()), safe="")

        target = re.sub(r"\{(\w+?)(?::path)?\}", segment, path)
        if odd and chance.random() < 0.2:
            target += chance.choice(("/", "//", "/..", "?", "%00", "/x/y/z", ";"))
        return target

    def _body(self, method: str, path: str, *, odd: bool) -> tuple[str | None, bytes]:
        chance = self.random
        if method in ("GET", "DELETE") and chance.random() < 0.9:
            return None, b""
        fitting = self.by_route[method, path] or [
            one for one in self.recorded if one.body is not None
        ]
        one = chance.choice(fitting if chance.random() < 0.9 else self.recorded)
        if one.parts:
            return mutations.multipart(one.parts, chance, odd=odd)
        body = self._living(one.body)
        if odd:
            for _ in range(chance.choice((1, 1, 2, 5))):
                body = mutations.mutated(body, chance)
            return "application/json", mutations.written(body, chance)
        return "application/json", json.dumps(body).encode()

    def _living(self, value: Any) -> Any:
        """Return a copy of a recorded body whose names are new, or of something that is there."""
        chance = self.random
        if isinstance(value, dict):
            return {key: self._living(below) for key, below in value.items()}
        if isinstance(value, list):
            return [self._living(below) for below in value]
        if isinstance(value, str):
            if IDENTIFIER.fullmatch(value) or chance.random() < 0.02:
                return chance.choice(self._anything())
            if value.isidentifier() and chance.random() < 0.1:
                return f"{value}{chance.randrange(100)}"
        return value

    def _anything(self) -> list[str]:
        return self.known[self.random.choice(sorted(self.known))] or ["x"]


def no_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _renamed(before: Any, after: Any) -> Iterator[tuple[str, str]]:
    """Yield the ids of a recorded answer with those that stand in their places now."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before.keys() & after.keys():
            old, new = before[name], after[name]
            if name in NAMES and isinstance(old, str) and IDENTIFIER.fullmatch(old):
                yield old, str(new)
            yield from _renamed(old, new)
    elif isinstance(before, list) and isinstance(after, list):
        for old, new in zip(before, after, strict=False):
            yield from _renamed(old, new)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        for below in value.values():
            yield from _objects(below)
    elif isinstance(value, list):
        for below in value:
            yield from _objects(below)
