"""The Cloudflare types that are not one JSON call a step: a Worker's script, and a value in KV."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.api import ApiError, Gone, Part
from engine.standins.cloudflare import filled, request, result
from engine.standins.cloudflare_kind import CloudflareKind
from engine.standins.kinds import Observation, State, with_defaults
from engine.standins.naming import from_service, to_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.api import Answer, Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_NOT_METADATA = frozenset(
    {"accountId", "scriptName", "content", "contentFile", "contentSha256", "contentType", "force"}
)
_RENAMED = {"workersMessage": "workers/message", "workersTag": "workers/tag"}
_TOLD_IN_SETTINGS = ("compatibilityFlags", "tailConsumers")
_TOLD_PERHAPS = ("compatibilityDate", "observability", "logpush", "usageModel")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptKind(CloudflareKind):
    """A Worker: uploaded as multipart, read back by three calls."""

    read_again: bool = False

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        known = state.outputs | state.inputs
        script = filled("/accounts/{accountId}/workers/scripts/{scriptName}", known)
        try:
            if not state.inputs:  # an import asks first whether there is such a script
                request(api, "GET", script)
            request(
                api, "GET", filled("/accounts/{accountId}/workers/services/{scriptName}", known)
            )
        except Gone:
            return None
        settings = result(request(api, "GET", f"{script}/settings"))
        if "placement" not in settings:
            raise ApiError(f"the settings of Worker {known['scriptName']} came without placement")
        content = _main_module(request(api, "GET", f"{script}/content/v2"))
        found = self._settings(shape, state.inputs, settings)
        kept = {name: known[name] for name in self.aside if name in known}
        if not state.inputs:
            return State(
                id=state.id, inputs={**kept, **found, "content": content}, outputs=kept | found
            )
        observation = Observation(
            defaults=self.defaults, filled_in=self.filled_in, unseen=self.aside | self.unseen
        )
        unread = self._unread(state.inputs, found)
        inputs = observation.inputs(
            state.inputs, {**unread, **_content(state.inputs, content), **found}
        )
        outputs = {**state.outputs, **inputs}
        return State(id=state.id, inputs=inputs, outputs=outputs)

    def _write(
        self,
        api: Api,
        shape: KindShape,
        method: str,
        path: str,
        inputs: Properties,
        *,
        old: State | None = None,  # noqa: ARG002 -- an upload is whole
    ) -> Answer:
        full = with_defaults(inputs, self.defaults)
        return request(api, method, path, parts=_upload(full, self._metadata(shape, full)))

    def _metadata(self, shape: KindShape, full: Properties) -> dict[str, Json]:
        told: Properties = {n: value for n, value in full.items() if n not in _NOT_METADATA}
        sent = to_service(told, shape.inputs, renamed=_RENAMED)
        metadata = sent if isinstance(sent, dict) else {}
        if "main_module" not in metadata:
            metadata.setdefault("body_part", "script")
        bindings = metadata.get("bindings")
        for binding in bindings if isinstance(bindings, list) else []:
            if isinstance(binding, dict) and isinstance(binding.get("json"), str):
                binding["json"] = json.loads(str(binding["json"]))
        return metadata

    def _settings(
        self, shape: KindShape, old: Properties, settings: Mapping[str, Json]
    ) -> Properties:
        wanted = (*_TOLD_IN_SETTINGS, *_TOLD_PERHAPS)
        read = from_service(dict(settings), shape.inputs)
        found: Properties = (
            {name: value for name, value in read.items() if name in wanted}
            if isinstance(read, dict)
            else {}
        )
        theirs = read.get("bindings") if isinstance(read, dict) else None
        bindings = _bindings(old.get("bindings"), theirs)
        return {**found, "bindings": bindings} if bindings else found

    @staticmethod
    def _unread(old: Properties, found: Properties) -> Properties:
        """Settings that the service may leave out without that being a change, and migrations."""
        lenient = (*_TOLD_PERHAPS, "migrations", "mainModule", "bodyPart", "annotations", "limits")
        more = ("keepBindings", "force", "contentType", "exports", "bindingsInherit")
        return {n: old[n] for n in (*lenient, *more) if n in old and n not in found}


def _bindings(old: Value, theirs: Value) -> list[Value]:
    """Added bindings and lost secrets are noticed: other losses and changed values are not."""
    told = {
        (binding.get("name"), binding.get("type"))
        for binding in (theirs if isinstance(theirs, list) else [])
        if isinstance(binding, dict)
    }
    known = [
        binding
        for binding in (old if isinstance(old, list) else [])
        if isinstance(binding, dict)
        and (binding.get("type") != "secret_text" or (binding.get("name"), "secret_text") in told)
    ]
    names = {binding.get("name") for binding in known}
    added = [
        binding
        for binding in (theirs if isinstance(theirs, list) else [])
        if isinstance(binding, dict) and binding.get("name") not in names
    ]
    return [*known, *added]


def _content(old: Properties, content: str) -> Properties:
    if "contentSha256" in old:
        digest = hashlib.sha256(content.encode()).hexdigest()
        return {"contentSha256": digest, "contentFile": old.get("contentFile")}
    return {"content": content}


def _upload(full: Properties, metadata: Mapping[str, Json]) -> tuple[Part, Part]:
    name = str(full.get("mainModule") or full.get("bodyPart") or "script")
    kind = "application/javascript+module" if "mainModule" in full else "application/javascript"
    code = full.get("content")
    if code is None and "contentFile" in full:
        code = Path(str(full["contentFile"])).read_text(encoding="utf-8")
    return (
        Part(
            name=name,
            filename=name,
            content=str(code or ""),
            content_type=str(full.get("contentType") or kind),
        ),
        Part(name="metadata", content=json.dumps(metadata), content_type="application/json"),
    )


def _main_module(answer: Answer) -> str:
    """The code: the whole body, or its first part, which is all that the real plugin compares."""
    if answer.status != 200 or not answer.content_type:
        raise ApiError("the content of a Worker came without a Content-Type, or not as 200")
    boundary = re.search(r'boundary="?([^";]+)"?', answer.content_type)
    if not answer.content_type.startswith("multipart/") or boundary is None:
        return answer.text
    first = answer.text.split(f"--{boundary[1]}", 2)[1]
    return first.split("\r\n\r\n", 1)[1].removesuffix("\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class KvValueKind(CloudflareKind):
    """A value in KV: written as multipart, read raw, with its metadata apart."""

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        known = state.outputs | state.inputs
        try:
            value = request(api, "GET", self._item(state)).text
        except Gone:
            return None
        try:
            metadata = result(
                request(
                    api,
                    "GET",
                    filled(
                        "/accounts/{accountId}/storage/kv/namespaces/{namespaceId}/metadata/{keyName}",
                        known,
                    ),
                )
            )
        except Gone:
            metadata = {}
        told = {n: known[n] for n in self.aside if n in known}
        found: Properties = {"value": value}
        if metadata:
            found["metadata"] = json.dumps(metadata, separators=(",", ":"))
        observation = Observation(
            defaults=self.defaults, unseen=self.aside | self.unseen, equal=_same_json
        )
        inputs = observation.inputs(state.inputs, found if state.inputs else {**found, **told})
        return State(id=state.id, inputs=inputs, outputs={**told, **inputs})

    def _write(
        self,
        api: Api,
        shape: KindShape,  # noqa: ARG002
        method: str,
        path: str,
        inputs: Properties,
        *,
        old: State | None = None,  # noqa: ARG002 -- a value is written whole
    ) -> Answer:
        parts = [Part(name="value", content=str(inputs["value"]))]
        if "metadata" in inputs:
            parts.append(Part(name="metadata", content=str(inputs["metadata"])))
        return request(api, method, path, parts=tuple(parts))


def _same_json(name: str, old: Value, new: Value) -> bool:
    if name == "metadata":
        try:
            return bool(json.loads(str(old)) == json.loads(str(new)))
        except ValueError:
            return False
    return old == new


KINDS: tuple[CloudflareKind, ...] = (
    ScriptKind(
        type="cloudflare:index/workersScript:WorkersScript",
        sdk="pulumi_cloudflare:WorkersScript",
        named_by="scriptName",
        repeatable=True,
        replaced_on=frozenset({"accountId", "scriptName"}),
        create_at="PUT /accounts/{accountId}/workers/scripts/{scriptName}",
        update_at="PUT /accounts/{accountId}/workers/scripts/{scriptName}",
        item="/accounts/{accountId}/workers/scripts/{scriptName}",
        id_from="scriptName",
        import_form="{accountId}/{scriptName}",
        aside=frozenset({"accountId", "scriptName"}),
        defaults={
            "logpush": False,
            "usageModel": "standard",
            "compatibilityDate": "",
            "observability": {"logs": {"persist": True}},
        },
        filled_in=frozenset({"observability"}),
        refused={
            "files": "provider releases that lack it drop it in silence; bundle into `content`",
            "placement": "the real plugin then sends an empty metadata part",
            "assets": "this stand-in does not upload assets",
        },
        sealed=(("bindings", "text"), ("bindings", "keyBase64"), ("bindings", "keyJwk")),
        sealed_outputs=frozenset({"bindings"}),
    ),
    KvValueKind(
        type="cloudflare:index/workersKv:WorkersKv",
        sdk="pulumi_cloudflare:WorkersKv",
        named_by="keyName",
        repeatable=True,
        replaced_on=frozenset({"accountId", "namespaceId", "keyName"}),
        create_at="PUT /accounts/{accountId}/storage/kv/namespaces/{namespaceId}/values/{keyName}",
        update_at="PUT /accounts/{accountId}/storage/kv/namespaces/{namespaceId}/values/{keyName}",
        item="/accounts/{accountId}/storage/kv/namespaces/{namespaceId}/values/{keyName}",
        id_from="keyName",
        import_form="{accountId}/{namespaceId}/{keyName}",
        aside=frozenset({"accountId", "namespaceId", "keyName"}),
        refused={
            "expiration": "this stand-in does not send it",
            "expirationTtl": "this stand-in does not send it",
        },
    ),
)
