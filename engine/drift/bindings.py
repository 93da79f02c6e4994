"""The bindings of a Worker, as recorded and as they are; and whether somebody uploaded since."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from engine.drift.differences import Difference, Seen
from engine.drift.recorded import document, documents
from engine.drift.sealed import marks_off
from engine.drift.shown import shown_beside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.documents import Document, Json
    from engine.drift.recorded import Recorded

SCRIPT = "cloudflare:index/workersScript:WorkersScript"
SECRET_TYPES = frozenset({"secret_text", "secret_key"})
"""Bindings whose value the service never tells."""
UPLOAD = "upload"
"""The property of a difference that tells of an upload which Pulumi did not make."""

_VALUES = frozenset({"text", "json", "keyBase64", "keyJwk"})
"""Fields that hold a value which may be secret; others name things, also where all is sealed."""
_TOLD: Mapping[str, frozenset[str]] = {
    "analytics_engine": frozenset({"dataset"}),
    "d1": frozenset({"database_id", "id"}),
    "dispatch_namespace": frozenset({"namespace"}),
    "durable_object_namespace": frozenset({"class_name", "script_name"}),
    "hyperdrive": frozenset({"id"}),
    "json": frozenset({"json"}),
    "kv_namespace": frozenset({"namespace_id"}),
    "mtls_certificate": frozenset({"certificate_id"}),
    "pipelines": frozenset({"pipeline"}),
    "plain_text": frozenset({"text"}),
    "queue": frozenset({"queue_name"}),
    "r2_bucket": frozenset({"bucket_name"}),
    "ratelimit": frozenset({"namespace_id"}),
    "secrets_store_secret": frozenset({"store_id", "secret_name"}),
    "send_email": frozenset(
        {"destination_address", "allowed_destination_addresses", "allowed_sender_addresses"}
    ),
    "service": frozenset({"service", "entrypoint"}),
    "vectorize": frozenset({"index_name"}),
    "workflow": frozenset({"workflow_name", "class_name", "script_name"}),
}
"""Type of a binding → fields that the service tells where they are set: absent, they are gone."""
_WHERE_FROM = frozenset({"script_name", "entrypoint"})
"""Fields that lead a binding to another Worker or class where there was none of them."""
_UNSET: tuple[Json, ...] = (None, "")
_ALSO_CALLED: Mapping[str, str] = {"database_id": "id", "id": "database_id"}
"""The service takes either name of a field and tells one of them."""


def secret_names(recorded: Recorded) -> tuple[str, ...]:
    """Give the names of a Worker's secrets."""
    told = documents(recorded.inputs.get("bindings"))
    return tuple(str(one.get("name")) for one in told if one.get("type") in SECRET_TYPES)


def compare(recorded: Recorded, answers: Mapping[str, Json]) -> Iterator[Difference]:
    """Compare by name: types, ids and values, but for those of secrets."""
    was = {str(one.get("name")): one for one in documents(recorded.inputs.get("bindings"))}
    now = _found(answers)
    for name in dict.fromkeys((*was, *now)):
        yield from _of_one(recorded, name, was.get(name), now.get(name))
    yield from _later_upload(recorded, answers)


def record(_recorded: Recorded, answers: Mapping[str, Json]) -> Document:
    """Record what is there, every secret as an empty text: the next update sends them all."""
    return {
        "bindings": [
            {_camel(name): part for name, part in one.items()}
            | ({"text": ""} if one.get("type") == "secret_text" else {})
            for one in _found(answers).values()
        ]
    }


def _found(answers: Mapping[str, Json]) -> dict[str, Document]:
    told = documents(document(answers["settings"]).get("bindings"))
    return {str(one.get("name")): one for one in told}


def _of_one(
    recorded: Recorded, name: str, was: Document | None, now: Document | None
) -> Iterator[Difference]:
    def different(path: str, before: str | None, after: str | None) -> Difference:
        return Difference(
            subject=recorded.subject,
            property=f"bindings.{name}{path}",
            was=before,
            now=after,
            seen=Seen.BELFRY,
        )

    before_type, after_type = _type(was), _type(now)
    if was is None or now is None:
        yield different("", before_type, after_type)
        return
    if before_type != after_type:
        # No value is told: what is plain now may be the secret that it was before.
        yield different(".type", before_type, after_type)
        return
    own = recorded.inputs.get("scriptName")
    for field, before, after in _fields(was, now, own):
        hidden = field in _VALUES and was.get("type") in SECRET_TYPES
        if before != after and not hidden:
            told = before if field in _VALUES else marks_off(before)
            yield different(f".{field}", *shown_beside(told, after))


def _fields(was: Document, now: Document, own: Json) -> Iterator[tuple[str, Json, Json]]:
    """Give the fields that can be compared: as recorded, and as the service tells them.

    A Worker's own name says as much as none, and what the service may keep to itself is left out.
    """
    told = _TOLD.get(str(was.get("type")), frozenset())
    for field, before in was.items():
        key = _snake(field)
        after = now.get(key, now.get(_ALSO_CALLED.get(key, key)))
        is_own = key == "script_name" and after is None and before == own
        if before not in _UNSET and not is_own and (after is not None or key in told):
            yield field, before, after
    for key in sorted(told & _WHERE_FROM):
        after = now.get(key)
        if was.get(_camel(key)) in _UNSET and after not in (*_UNSET, own):
            yield _camel(key), None, after


def _type(binding: Document | None) -> str | None:
    """Give the type of a binding as it is: where all bindings are sealed, it is no secret yet."""
    return None if binding is None else str(binding.get("type"))


def _later_upload(recorded: Recorded, answers: Mapping[str, Json]) -> Iterator[Difference]:
    """Tell of a change since Pulumi's own: the one trace of a secret that was rotated by hand."""
    ours = str(recorded.outputs.get("modifiedOn") or "")
    script = recorded.inputs.get("scriptName")
    listed = next((one for one in documents(answers["scripts"]) if one.get("id") == script), {})
    theirs = str(listed.get("modified_on") or "")
    if not ours or not theirs or not secret_names(recorded):
        return
    # An update that follows the upload, such as a subdomain's, may count as a change of the Worker.
    ends = [moment for moment in (ours, recorded.written) if moment]
    if all(_moment(theirs) > _moment(end) for end in ends):
        yield Difference(
            subject=recorded.subject,
            property=UPLOAD,
            was=f"by Pulumi at {ours}",
            now=f"by somebody else at {theirs}; secrets may be others",
            seen=Seen.BELFRY,
        )


def _moment(text: str) -> datetime:
    # Pulumi writes nanoseconds, which Python's parser of 3.11 cuts only after six places.
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
