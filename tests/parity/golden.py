"""Calls beside those that the real plugins were recorded to make."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from typing import TYPE_CHECKING, Any

from tests.parity.lives import RECORDINGS, Recording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from email.message import MIMEPart

    from tests.parity.hop import Passed

RECORDED_VERSIONS = {"cloudflare": "6.23.1", "grafana": "2.44.0"}
"""What the recorded plugins called themselves."""

TELLING = ("x-grafana-org-id", "x-disable-provenance", "cf-r2-jurisdiction", "cf-r2-storage-class")
"""Headers that mean something to a service and so are compared."""

_GENERATED = re.compile(
    r"[0-9a-f]{32}|[0-9a-f]{36}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE
)
_IDENTIFIER = re.compile(r"(^|_|[a-z])(id|Id|ID|uid)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A call in the form in which it is compared."""

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]

    def __str__(self) -> str:
        headers = f" {dict(self.headers)}" if self.headers else ""
        body = "" if self.body is None else f" {json.dumps(self.body, sort_keys=True)}"
        return f"{self.method} {self.path}{headers}{body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """What was recorded of one life."""

    phases: Mapping[str, tuple[Told, ...]]
    """Phases that were run to their end, with the calls that were made in them, perhaps none."""
    identifiers: frozenset[str]
    summaries: Mapping[str, Mapping[str, int]]
    """What Pulumi counted, by phase."""


def read(recording: Recording) -> Golden:
    """A recording from its file."""
    path = RECORDINGS / f"{recording.name}.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    summaries = {one["phase"]: one["changes"] for one in stored["pulumi"] if one["changes"]}
    phases: dict[str, list[Told]] = {_CALLED.get(name, name): [] for name in summaries}
    identifiers: set[str] = set()
    for call in stored["calls"]:
        identifiers |= set(_identifiers(call["response"]))
        if call["phase"] in phases:
            request = call["request"]
            if isinstance(request, dict) and "multipart" in request:
                request = [{key: part[key] for key in _PART} for part in request["multipart"]]
            headers = call.get("request_headers", {})
            phases[call["phase"]].append(
                Told(
                    method=call["method"],
                    path=call["path"],
                    body=request,
                    headers={name: headers[name] for name in TELLING if name in headers},
                )
            )
    return Golden(
        phases={n: tuple(calls) for n, calls in phases.items() if n not in recording.without},
        identifiers=frozenset(identifiers),
        summaries={n: told for n, told in summaries.items() if n not in recording.without},
    )


_CALLED = {"drift": "refresh_after_delete_in_service"}
"""A phase's name among the summaries → among the calls."""

_PART = ("name", "filename", "content_type", "body")


def told(call: Passed, replaced: Mapping[str, str]) -> Told:
    """An observed call; `replaced` gives text that stands for other text in the recording."""
    kind = call.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        body: Any = _parts(kind, call.body)
    else:
        body = json.loads(call.body) if call.body else None
    path = call.path
    for text, other in replaced.items():
        path = path.replace(text, other)
    # Grafana lies below a path of its own in localcloud, and did not where it was recorded.
    return Told(
        method=call.method,
        path=path.removeprefix("/grafana"),
        body=_replaced(body, replaced),
        headers={name: call.headers[name] for name in TELLING if name in call.headers},
    )


def identifiers(calls: Iterable[Passed]) -> frozenset[str]:
    """Every id that a service gave out in its answers."""
    found: set[str] = set()
    for call in calls:
        try:
            found |= set(_identifiers(json.loads(call.answer)))
        except ValueError:
            continue
    return frozenset(found)


def differences(
    expected: tuple[Told, ...],
    got: tuple[Told, ...],
    *,
    theirs: frozenset[str],
    ours: frozenset[str],
) -> list[str]:
    """What differs, in words; ids may differ as long as one stands for one."""
    if len(expected) != len(got):
        return [
            "calls: expected\n    "
            + ("\n    ".join(map(str, expected)) or "none")
            + "\n  got\n    "
            + ("\n    ".join(map(str, got)) or "none")
        ]
    alike = _Alike(theirs=theirs, ours=ours)
    found: list[str] = []
    for index, (wanted, made) in enumerate(zip(expected, got, strict=True)):
        place = f"call {index + 1} ({wanted.method} {wanted.path})"
        if wanted.method != made.method:
            found.append(f"{place}: method {made.method}")
        if not alike.paths(wanted.path, made.path):
            found.append(f"{place}: path {made.path}")
        if wanted.headers != made.headers:
            found.append(f"{place}: headers {dict(made.headers)}, not {dict(wanted.headers)}")
        found += [f"{place}: {what}" for what in alike.values(wanted.body, made.body, "body")]
    return found


@dataclass(slots=True, kw_only=True)
class _Alike:
    """Equality up to ids."""

    theirs: frozenset[str]
    ours: frozenset[str]
    known: dict[str, str] = field(default_factory=dict)

    def paths(self, expected: str, got: str) -> bool:
        wanted, made = (re.split(r"([/?&=])", path) for path in (expected, got))
        return len(wanted) == len(made) and all(
            self._same(one, other) or self._numbered(one, other)
            for one, other in zip(wanted, made, strict=True)
        )

    def values(self, expected: Any, got: Any, place: str) -> Iterator[str]:
        match expected, got:
            case dict(), dict():
                for name in sorted(expected.keys() | got.keys()):
                    if name not in got:
                        yield f"{place}.{name} is missing, was {expected[name]!r}"
                    elif name not in expected:
                        yield f"{place}.{name} is new: {got[name]!r}"
                    else:
                        yield from self.values(expected[name], got[name], f"{place}.{name}")
            case list(), list() if len(expected) == len(got):
                for index, (one, other) in enumerate(zip(expected, got, strict=True)):
                    yield from self.values(one, other, f"{place}[{index}]")
            case _:
                if type(expected) is not type(got) or not self._same(expected, got):
                    yield f"{place} is {got!r}, was {expected!r}"

    def _same(self, expected: Any, got: Any) -> bool:
        if expected == got:
            return True
        one, other = str(expected), str(got)
        if not (self._is_identifier(one, self.theirs) and self._is_identifier(other, self.ours)):
            return False
        return self.known.setdefault(one, other) == other

    def _numbered(self, expected: str, got: str) -> bool:
        """Whether two segments are numbers that services count up: recorded ones skip some."""
        if not (expected.isdecimal() and got.isdecimal()):
            return False
        return self.known.setdefault(expected, got) == got

    @staticmethod
    def _is_identifier(text: str, given_out: frozenset[str]) -> bool:
        return text in given_out or _GENERATED.fullmatch(text) is not None


def _identifiers(value: Any) -> Iterator[str]:
    match value:
        case list():
            for item in value:
                yield from _identifiers(item)
        case dict():
            for name, part in value.items():
                if isinstance(part, str | int) and _IDENTIFIER.search(name):
                    yield str(part)
                yield from _identifiers(part)


def _replaced(value: Any, replaced: Mapping[str, str]) -> Any:
    match value:
        case str():
            for text, other in replaced.items():
                value = value.replace(text, other)
            return value
        case list():
            return [_replaced(item, replaced) for item in value]
        case dict():
            return {
                _replaced(name, replaced): _replaced(part, replaced) for name, part in value.items()
            }
        case _:
            return value


def _metadata(part: MIMEPart) -> bool:
    """Whether a part is what was recorded as JSON whatever it calls itself."""
    return part.get_param("name", header="content-disposition") == "metadata"


def _parts(kind: str, body: bytes) -> list[dict[str, Any]]:
    message = message_from_bytes(
        b"content-type: " + kind.encode() + b"\r\n\r\n" + body, policy=HTTP
    )
    found = []
    for part in message.iter_parts():
        content_type = str(part["content-type"]) if "content-type" in part else None
        raw = part.get_payload(decode=True)
        text = raw.decode() if isinstance(raw, bytes) else ""
        told_type = None if content_type is None else content_type.strip()
        found.append(
            {
                "name": part.get_param("name", header="content-disposition"),
                "filename": part.get_filename(),
                "content_type": told_type,
                "body": json.loads(text)
                if told_type == "application/json" or _metadata(part)
                else text,
            }
        )
    return found
