"""Recorded calls of the real provider, sent again: what came back then has to come back now.

A recording tells what the provider plugin sent and what a double answered. Ids and times are the
double's own; they are learned from the answers and put in their place. What was done behind the
provider's back is not in a recording and is done here: an object is deleted before the refresh that
misses it, and made again before it is destroyed.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.localcloud.running import ACCOUNT, MODULE, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.localcloud.in_process import Answer, Process

RECORDINGS = Path(__file__).parents[1] / "parity" / "recordings"

GONE, DESTROY = "refresh_after_delete_in_service", "destroy"

_A = f"/client/v4/accounts/{ACCOUNT}"
_SCRIPT = f"{_A}/workers/scripts"

OWN = frozenset(
    {
        *("consumers", "consumers_total_count", "producers", "producers_total_count"),
        *("aud", "author_email", "cert_id", "compatibility_date", "created", "created_at"),
        *("created_on", "creation_date", "deployment_id", "etag", "handlers", "issued_on"),
        *("last_updated", "modified", "modified_on", "namespace_id"),
        *("script_tag", "site_token", "startup_time_ms"),
        *("tag", "updated_at", "value", "version"),
    }
)
"""Fields whose values are of whoever answers: they have to be there, with a value of the type."""

ALIASED: Mapping[str, frozenset[str]] = {
    "cloudflare-logpush": frozenset({"enabled"}),
    "cloudflare-pages": frozenset({"production_branch"}),
    "cloudflare-r2": frozenset({"storage_class"}),
}
"""Fields that a recording tells as they were after its update, in the answers before it, too."""

LEFT_OUT: Mapping[str, frozenset[str]] = {
    # Told of a token that has none, it makes the provider update the token after each refresh; and
    # the value of a token is told once.
    "cloudflare-accounttoken": frozenset({"condition", "value"}),
    # The double kept settings of the upload that no answer of the service holds.
    "cloudflare-script": frozenset({"usage_model"}),
}


@dataclass(frozen=True, kw_only=True)
class Before:
    """One call that makes what a recording takes for granted."""

    method: str
    path: str
    body: Any = None
    recorded: str | None = None
    """The id by which the recording knows what it makes."""


def _worker(name: str, **metadata: object) -> Before:
    body = {"main_module": "main.js", **metadata}
    return Before(method="PUT", path=f"{_SCRIPT}/{name}", body=body)


def _namespace(recorded: str) -> Before:
    path = f"{_A}/storage/kv/namespaces"
    return Before(method="POST", path=path, body={"title": "ns"}, recorded=recorded)


_BUCKET = Before(method="POST", path=f"{_A}/r2/buckets", body={"name": "bkt"})
_WEBHOOK = Before(
    method="POST",
    path=f"{_A}/alerting/v3/destinations/webhooks",
    body={"name": "w", "url": "https://hooks.example.com/x"},
    recorded="2" * 32,
)
_POLICY = Before(
    method="POST",
    path=f"{_A}/access/policies",
    body={"name": "p", "decision": "allow", "include": [{"everyone": {}}]},
    recorded="4" * 36,
)
_QUEUE = Before(method="POST", path=f"{_A}/queues", body={"queue_name": "q"}, recorded="9" * 32)

BEFORE: Mapping[str, tuple[Before, ...]] = {
    "cloudflare-accessapp": (_POLICY,),
    "cloudflare-cron": (_worker("mon"),),
    "cloudflare-customdomain": (_worker("mon"), _worker("mon2")),
    "cloudflare-kv": (_namespace("1" * 32),),
    "cloudflare-kv-nometa": (_namespace("1" * 32),),
    "cloudflare-notification-policy": (_WEBHOOK,),
    "cloudflare-notification-policy-desc": (_WEBHOOK,),
    "cloudflare-queueconsumer": (_QUEUE, _worker("mon")),
    "cloudflare-r2lifecycle": (_BUCKET,),
    "cloudflare-script-bindings-obs": (
        _namespace("1" * 32),
        Before(method="POST", path=f"{_A}/r2/buckets", body={"name": "bucket"}),
        Before(method="POST", path=f"{_A}/queues", body={"queue_name": "q"}),
        Before(
            method="POST",
            path=f"{_A}/d1/database",
            body={"name": "db"},
            recorded="3" * 32,
        ),
        _worker("mon", migrations={"new_tag": "v0", "new_sqlite_classes": ["Room"]}),
    ),
    "cloudflare-subdomain": (_worker("mon"),),
}

STANDS_FOR: Mapping[str, Mapping[str, str]] = {
    "cloudflare-accounttoken": {"5" * 32: "e086da7e2179491d91ee5f35b3ca210a"},
    "cloudflare-script-bindings-obs": {'"bucket_name": "b"': '"bucket_name": "bucket"'},
}
"""What the double took and the service does not, and what is sent instead."""

LEFT_OVER: Mapping[str, str] = {"cloudflare-customdomain": "0" * 31 + "2"}
"""The id of an object that was there before a recording began: it is not deleted again."""

GONE_WITH: Mapping[str, str] = {
    "cloudflare-cron": f"{_SCRIPT}/mon",
    "cloudflare-r2lifecycle": f"{_A}/r2/buckets/bkt",
    "cloudflare-subdomain": f"{_SCRIPT}/mon",
}
"""What is deleted for an object that cannot be deleted on its own."""


@dataclass
class Replay:
    """One recording against one process."""

    process: Process
    name: str
    known: dict[str, str] = field(default_factory=dict)
    """Ids of the recording, and those that stand for them here."""

    def run(self) -> None:
        """Send every call and compare what comes back.

        Raises:
            AssertionError: an answer has another status, or lacks a recorded field or value.

        """
        self._prepare()
        calls: list[dict[str, Any]] = json.loads((RECORDINGS / f"{self.name}.json").read_text())[
            "calls"
        ]
        phase = ""
        for call in calls:
            if call["phase"] != phase:
                self._behind(call, phase, calls)
                phase = call["phase"]
            if LEFT_OVER.get(self.name, "none") not in call["path"] or phase == DESTROY:
                self._compare(call)

    def _prepare(self, *, again: bool = False) -> None:
        self.known.update(STANDS_FOR.get(self.name, {}))
        for before in BEFORE.get(self.name, ()):
            answer = self.send(before.method, before.path, before.body)
            assert answer.status < 300 or again, (before, answer.body)
            if before.recorded and answer.status < 300:
                made = answer.told["result"]
                self.known[before.recorded] = str(
                    made.get("id") or made.get("queue_id") or made["uuid"]
                )

    def _behind(self, call: dict[str, Any], before: str, calls: list[dict[str, Any]]) -> None:
        """Do what was done to the service without the provider."""
        if call["phase"] == GONE:
            gone = GONE_WITH.get(self.name, self._here(call["path"]).partition("?")[0])
            self.send("DELETE", gone.replace("/services/", "/scripts/"))
        elif call["phase"] == DESTROY and before == GONE:
            self._prepare(again=True)
            first = calls[0]
            answer = self.send(first["method"], self._here(first["path"]), self._sent(first))
            self._learn({"id": call["path"].rpartition("/")[2]}, _identified(answer))

    def _compare(self, call: dict[str, Any]) -> None:
        path = self._here(call["path"])
        answer = self.send(call["method"], path, self._sent(call))
        said = f"{call['phase']}: {call['method']} {path}: {answer.status} {answer.body[:2000]!r}"
        assert answer.status == call["response_status"], said
        recorded = call["response"]
        if not isinstance(recorded, dict) or call["method"] == "DELETE":
            return
        assert answer.told["success"] is recorded["success"], said
        if recorded["success"]:
            self._learn(recorded["result"], answer.told["result"])
            there = json.loads(self._here(json.dumps(recorded["result"])))
            lacking = list(self._lacking(answer.told["result"], there))
            assert not lacking, f"{lacking}\n{said}"

    def _sent(self, call: dict[str, Any]) -> Any:
        return json.loads(self._here(json.dumps(call["request"])))

    def _here(self, text: str) -> str:
        for recorded, here in self.known.items():
            text = text.replace(recorded, here)
        return text

    def _learn(self, recorded: Any, told: Any) -> None:
        """Note which id stands for which."""
        if isinstance(recorded, dict) and isinstance(told, dict):
            for key, value in recorded.items():
                here = told.get(key)
                if isinstance(value, str) and isinstance(here, str) and _is_id(key, value):
                    self.known.setdefault(value, here)
                self._learn(value, here)
        elif isinstance(recorded, list) and isinstance(told, list):
            for one, other in zip(recorded, told, strict=False):
                self._learn(one, other)

    def _lacking(self, told: Any, recorded: Any, at: str = "result") -> Iterable[str]:
        """Yield the places where something else was told than recorded."""
        if isinstance(recorded, dict) and isinstance(told, dict):
            left_out = self._of_this(LEFT_OUT)
            for key, value in recorded.items():
                if key in left_out:
                    continue
                if key not in told:
                    yield f"{at}.{key} is not told"
                elif key in OWN | self._of_this(ALIASED) or _is_id(key, value):
                    if value is not None and type(told[key]) is not type(value):
                        yield f"{at}.{key} is {told[key]!r}, of another type than {value!r}"
                else:
                    yield from self._lacking(told[key], value, f"{at}.{key}")
        elif isinstance(recorded, list) and isinstance(told, list) and len(told) == len(recorded):
            for place, value in enumerate(recorded):
                yield from self._lacking(told[place], value, f"{at}[{place}]")
        elif recorded != told or isinstance(recorded, bool) != isinstance(told, bool):
            yield f"{at} is {told!r}, was {recorded!r}"

    def _of_this(self, table: Mapping[str, frozenset[str]]) -> frozenset[str]:
        return frozenset().union(
            *(fields for name, fields in table.items() if self.name.startswith(name))
        )

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a body as recorded: JSON, or the parts under `multipart`."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        content = b""
        if path.startswith(f"{_SCRIPT}/") and path.count("/") == _SCRIPT.count("/") + 1 and body:
            body = body if "multipart" in body else {"multipart": _upload(body)}
        if isinstance(body, dict) and "multipart" in body:
            headers["content-type"] = "multipart/form-data; boundary=replay"
            content = _multipart(body["multipart"])
        elif body is not None:
            headers["content-type"] = "application/json"
            content = json.dumps(body).encode()
        if method == "PATCH" and body is None:
            headers["cf-r2-storage-class"] = "InfrequentAccess"
        path, _, query = path.partition("?")
        sending = self.process.send(
            method, quote(path, safe="/%"), query=query.encode(), headers=headers, body=content
        )
        return asyncio.run(sending)


def recordings() -> list[str]:
    """Return the names of the recordings of Cloudflare's provider."""
    return sorted(path.stem for path in RECORDINGS.glob("cloudflare-*.json"))


def _is_id(key: str, value: Any) -> bool:
    named = key in ("id", "uid", "uuid") or key.endswith("_id")
    return (
        named and isinstance(value, str) and re.fullmatch(r"[0-9a-fp-]{32,36}", value) is not None
    )


def _identified(answer: Answer) -> dict[str, Any]:
    result = answer.told["result"] or {}
    names = ("id", "consumer_id", "queue_id", "uuid", "name")
    found = next((result[name] for name in names if result.get(name)), "")
    return {"id": str(found)}


def _upload(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    code = "export default {async fetch() {return new Response()}}"
    main = {"name": "main.js", "filename": "main.js", "content_type": MODULE, "body": code}
    return [main, {"name": "metadata", "content_type": "application/json", "body": metadata}]


def _multipart(parts: list[dict[str, Any]]) -> bytes:
    whole = ""
    for part in parts:
        body = part["body"] if isinstance(part["body"], str) else json.dumps(part["body"])
        filename = f'; filename="{part["filename"]}"' if part.get("filename") else ""
        kind = f"Content-Type: {part['content_type']}\r\n" if part.get("content_type") else ""
        whole += (
            f'--replay\r\nContent-Disposition: form-data; name="{part["name"]}"{filename}\r\n'
            f"{kind}\r\n{body}\r\n"
        )
    return f"{whole}--replay--\r\n".encode()
