"""The Cloudflare stand-in: which calls make, read, change and delete each resource type.

Paths, bodies and the odd corners are those that the real plugin was seen to send (version 6.23.1).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from string import Formatter
from typing import TYPE_CHECKING
from urllib.parse import quote

from typing_extensions import override

from engine.standins.api import (
    CLOUDFLARE_RETRY,
    Answer,
    Api,
    ApiError,
    Gone,
    Refused,
    reason,
    require_loopback,
)
from engine.standins.kinds import Kind, Observation, State, with_defaults
from engine.standins.naming import from_service, snake, to_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.documents import Json
    from engine.standins.api import Part
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_TOKEN = re.compile(r"[0-9A-Za-z_-]{40,80}")


def connect(settings: Mapping[str, Value], environment: Mapping[str, str]) -> Api:
    """The API that the provider's settings name.

    Raises:
        Refused: not a loopback address, or a token that the real plugin would not take.

    """
    base = str(settings.get("baseUrl") or environment.get("CLOUDFLARE_BASE_URL") or "")
    require_loopback(base, setting="base_url", plugin="cloudflare")
    token = str(settings.get("apiToken") or environment.get("CLOUDFLARE_API_TOKEN") or "")
    if not _TOKEN.fullmatch(token):
        raise Refused(
            "api_token: API tokens must only contain characters a-z, A-Z, 0-9, hyphens and "
            "underscores, 40 to 80 of them"
        )
    return Api(base=base, headers={"Authorization": f"Bearer {token}"}, retry=CLOUDFLARE_RETRY)


def request(
    api: Api,
    method: str,
    path: str,
    *,
    body: Json = None,
    parts: tuple[Part, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One call. Any status below 400 is a success, as for the real plugin.

    Raises:
        Gone: 404.
        ApiError: any other refusal, with the body as the service wrote it.

    """
    answer = api.call(method, path, body=body, parts=parts, headers=headers)
    if answer.status >= 400:
        body_text = "" if "html" in answer.content_type else answer.text
        message = f'{method} "{api.base}{path}": {reason(answer.status)} {body_text}'.rstrip()
        raise (Gone if answer.status == 404 else ApiError)(message)
    return answer


def result(answer: Answer) -> dict[str, Json]:
    """The object inside the envelope."""
    match answer.json():
        case {"result": dict(inner)}:
            return inner
        case _:
            return {}


def filled(template: str, properties: Mapping[str, Value]) -> str:
    """A path with properties put in, escaped."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    return template.format(**{name: quote(str(properties[name]), safe="") for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflareKind(Kind):
    """A type whose life is one call a step."""

    create_at: str
    """Method and path template, such as `POST /accounts/{accountId}/queues`."""
    update_at: str
    item: str
    """Path template of one object, for reading and deleting."""
    id_in: str | None = None
    """Where the answer to a create tells the id; None when the object is known by `id_from`."""
    id_from: str = ""
    """The input that is the id."""
    import_form: str
    """What `pulumi import` takes, as a template."""
    aside: frozenset[str]
    """Inputs that travel in the path or in headers, and are not in the body."""
    deletable: bool = True
    blind: bool = False
    """A refresh sees only whether the object is there."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    read_renamed: Mapping[str, str] | None = None
    names: Callable[[str], str] = snake
    read_names: Callable[[str], str] | None = None
    bare: str | None = None
    """The one input that is the whole body."""
    headers: Callable[[Properties], Mapping[str, str]] = lambda _inputs: {}
    same_text: frozenset[str] = frozenset()
    """Inputs that the service writes in other letter case."""

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        method, template = self.create_at.split(" ", 1)
        answer = self._write(api, shape, method, filled(template, inputs), inputs)
        return self._made(shape, inputs, result(answer))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        method, template = self.update_at.split(" ", 1)
        path = filled(template, {**inputs, "id": state.id})
        answer = self._write(api, shape, method, path, inputs)
        made = self._made(shape, inputs, {self.id_in or "": state.id, **result(answer)})
        return State(id=made.id, inputs=inputs, outputs={**state.outputs, **made.outputs})

    @override
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        try:
            answer = request(
                api, "GET", self._item(state), headers=self.headers(state.inputs | state.outputs)
            )
        except Gone:
            return None
        if self.blind:
            return state
        return self._seen(shape, state, result(answer))

    @override
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        if not self.deletable:
            return
        known = state.inputs | state.outputs
        answer = request(api, "DELETE", self._item(state), headers=self.headers(known))
        if not answer.text:
            raise ApiError(
                f'DELETE "{api.base}{self._item(state)}": error parsing response json: EOF'
            )

    @override
    def adopt(self, identity: str) -> State:
        names = [name for _, name, _, _ in Formatter().parse(self.import_form) if name]
        values = identity.split("/", len(names) - 1)
        if len(values) != len(names):
            raise Refused(f"{self.type} is imported by {self.import_form}, not by {identity!r}")
        known: Properties = dict(zip(names, values, strict=True))
        own = str(known.pop("id", known.get(self.id_from, "")))
        return State(id=own, inputs={}, outputs=known)

    def _item(self, state: State) -> str:
        return filled(self.item, {**state.outputs, **state.inputs, "id": state.id})

    def _write(
        self, api: Api, shape: KindShape, method: str, path: str, inputs: Properties
    ) -> Answer:
        return request(
            api, method, path, body=self._body(shape, inputs), headers=self.headers(inputs)
        )

    def _body(self, shape: KindShape, inputs: Properties) -> Json:
        full = with_defaults(inputs, self.defaults)
        if self.bare is not None:
            inner = shape.inputs.properties[self.bare]
            return to_service(full[self.bare], inner, names=self.names, renamed=self.renamed)
        sent: Properties = {name: value for name, value in full.items() if name not in self.aside}
        return to_service(sent, shape.inputs, names=self.names, renamed=self.renamed)

    def _found(self, shape: KindShape, theirs: Mapping[str, Json]) -> Properties:
        read = from_service(
            dict(theirs),
            shape.outputs,
            names=self.read_names or self.names,
            renamed=self.renamed if self.read_renamed is None else self.read_renamed,
        )
        return read if isinstance(read, dict) else {}

    def _made(self, shape: KindShape, inputs: Properties, theirs: Mapping[str, Json]) -> State:
        own = str(inputs[self.id_from]) if self.id_in is None else theirs.get(self.id_in)
        if own in {None, ""}:
            raise ApiError(f"{self.type}: the service answered without {self.id_in}")
        full = with_defaults(inputs, self.defaults)
        return State(id=str(own), inputs=inputs, outputs={**self._found(shape, theirs), **full})

    def _seen(self, shape: KindShape, state: State, theirs: Mapping[str, Json]) -> State:
        found = self._found(shape, theirs)
        known: Properties = {
            name: value
            for name, value in (state.outputs | state.inputs).items()
            if name in self.aside or name in self.unseen
        }
        told: Properties = {
            name: value for name, value in found.items() if name in shape.inputs.properties
        }
        observation = Observation(
            defaults=self.defaults,
            filled_in=self.filled_in,
            unseen=self.unseen | self.aside,
            equal=self._equal,
        )
        inputs = observation.inputs(state.inputs, told if state.inputs else {**told, **known})
        return State(id=state.id, inputs=inputs, outputs={**known, **found})

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name in self.same_text:
            return str(old).lower() == str(new).lower()
        return old == new
