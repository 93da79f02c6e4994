"""Where a life is lived: an account of its own, what it needs, and what is left of it."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import grpc
import httpx

from tests.localcloud.running import ACCOUNT, TOKEN, ZONE
from tests.parity import golden
from tests.parity.lives import Secret
from tests.parity.plugins import UNKNOWN
from tests.parity.resources import Resource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.localcloud.running import LocalCloud
    from tests.parity.hop import Hop, Passed
    from tests.parity.lives import Call, Life
    from tests.parity.plugins import Plugin

_PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")


@dataclass
class Stage:
    """One life under way."""

    life: Life
    plugin: Plugin
    hop: Hop
    cloud: LocalCloud
    note: Callable[[str], None]
    """Takes a difference from the recording that is told and not held against the plugin."""
    account: str = field(default_factory=lambda: uuid.uuid4().hex)
    zone: str = field(default_factory=lambda: uuid.uuid4().hex)
    needed: dict[str, Resource] = field(default_factory=dict)
    unknown_needs: bool = False
    seen: list[Passed] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.before = self.objects()

    def resource(self, type_: str | None = None, name: str = "it") -> Resource:
        """A resource that is not made yet."""
        return Resource(self.plugin, type_ or self.life.type, name)

    def prepare(self) -> None:
        """Make what the life needs."""
        for name, need in self.life.needs.items():
            made = self.resource(need.type, name)
            made.create(self.filled(need.inputs))
            self.needed[name] = made
        self.taken()

    def made(self) -> Resource:
        """The life's resource, with all that it needs."""
        self.prepare()
        it = self.resource()
        it.create(self.program())
        return it

    def program(self, *changes: dict[str, Any]) -> dict[str, Any]:
        """The program's inputs, with changes merged in."""
        inputs: dict[str, Any] = self.life.inputs
        for change in changes:
            inputs = merged(inputs, change)
        filled: dict[str, Any] = self.filled(inputs)
        return filled

    def filled(self, value: Any, it: Resource | None = None) -> Any:
        """A value with its placeholders filled."""
        match value:
            case Secret():
                return Secret(self.filled(value.value, it))
            case list():
                return [self.filled(item, it) for item in value]
            case dict():
                return {
                    self.filled(name, it): self.filled(part, it) for name, part in value.items()
                }
            case str():
                return self._text(value, it)
            case _:
                return value

    def _text(self, text: str, it: Resource | None) -> Any:
        whole = _PLACEHOLDER.fullmatch(text)
        if whole:
            return self._named(whole[1], it)
        return _PLACEHOLDER.sub(lambda found: str(self._named(found[1], it)), text)

    def _named(self, name: str, it: Resource | None) -> Any:
        match name.split("."):
            case ["account"]:
                return self.account
            case ["zone"]:
                return self.zone
            case ["url"]:
                return self.cloud.url
            case ["needs", need, *path]:
                if self.unknown_needs:
                    return UNKNOWN
                return _at(self.needed[need].told, path, f"${{{name}}}")
            case ["number"] if it is not None:
                return it.id.rpartition(":")[2]
            case path:
                assert it is not None, f"{self.life.name}: ${{{name}}} is not known here"
                return _at(it.told, path, f"${{{name}}}")

    def do(self, calls: Iterable[Call], it: Resource) -> None:
        """Call the services behind the plugin's back."""
        for call in calls:
            path = self.filled(call.path, it)
            headers = dict(self.filled(call.headers, it))
            if path.startswith("/grafana"):
                auth: Any = ("admin", "admin")
            else:
                auth = None
                token = self.cloud.key if path.startswith("/_local") else TOKEN
                headers["authorization"] = f"Bearer {token}"
            content: dict[str, Any] = {}
            if call.body is not None:
                content["json"] = self.filled(call.body, it)
            elif call.text is not None:
                content["content"] = self.filled(call.text, it)
            elif call.parts:
                content["files"] = [
                    (
                        part["name"],
                        (part.get("filename"), self.filled(part["content"], it), part["type"]),
                    )
                    if "type" in part
                    else (part["name"], (part.get("filename"), self.filled(part["content"], it)))
                    for part in call.parts
                ]
            answer = httpx.request(
                call.method,
                self.cloud.url + path,
                headers=headers,
                auth=auth,
                trust_env=False,
                timeout=60,
                **content,
            )
            assert answer.status_code < 400, f"{call.method} {path}: {answer.text}"

    def taken(self) -> tuple[Passed, ...]:
        """The plugin's calls since the last time."""
        calls = self.hop.take()
        self.seen += calls
        return tuple(calls)

    def compare(self, phase: str) -> None:
        """Hold the plugin's calls since the last time beside those of a phase of the recording."""
        calls = self.taken()
        recording = self.life.recording
        if recording is None:
            return
        stored = golden.read(recording)
        if phase not in stored.phases:
            return
        replaced = {self.account: ACCOUNT, self.zone: ZONE, **self.life.recorded_as}
        found = golden.differences(
            stored.phases[phase],
            tuple(golden.told(call, replaced) for call in calls),
            theirs=stored.identifiers,
            ours=golden.identifiers(self.seen),
        )
        text = f"{self.life.name}, {phase}, beside {recording.name}:\n  " + "\n  ".join(found)
        if self.plugin.version.removeprefix("v") == golden.RECORDED_VERSIONS[self.plugin.name]:
            assert not found, text
        elif found:
            self.note(text)

    def leave(self) -> None:
        """Delete what was needed; nothing may be left."""
        for made in reversed(self.needed.values()):
            made.delete()
        self.needed.clear()
        left = self.objects() - self.before
        assert not left, f"left in the service: {sorted(left)}"

    def clear(self) -> None:
        """Delete what was needed, some of which may have gone with what was deleted."""
        for made in reversed(self.needed.values()):
            with suppress(grpc.RpcError):
                made.delete()
        self.needed.clear()
        self.taken()

    def objects(self) -> set[tuple[str, str]]:
        """Kind and id of everything that the services hold."""
        told = self.cloud.control.get("/objects").json()
        return {(kind["type"], held["id"]) for kind in told for held in kind["objects"]}


def merged(inputs: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Inputs with a change merged in, object by object; null takes a property away."""
    result = dict(inputs)
    for name, value in change.items():
        old = result.get(name)
        if value is None:
            result.pop(name, None)
        elif isinstance(old, dict) and isinstance(value, dict):
            result[name] = merged(old, value)
        else:
            result[name] = value
    return result


def _at(value: Any, path: list[str], place: str) -> Any:
    for step in path:
        value = value[int(step)] if isinstance(value, list) else value.get(step)
        assert value is not None, f"{place}: there is no {step}"
    return value
