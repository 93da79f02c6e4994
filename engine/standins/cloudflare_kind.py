"""A Cloudflare type whose life is one call a step, told by a row of a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from typing_extensions import override

from engine.standins.api import ApiError, Gone, Refused
from engine.standins.cloudflare import SCOPES, filled, placeholders, request, result
from engine.standins.kinds import Kind, Observation, State, with_defaults
from engine.standins.naming import from_service, snake, to_service

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from engine.documents import Json
    from engine.standins.api import Answer, Api
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudflareKind(Kind):
    """A type whose life is one call a step."""

    read_again: bool = True
    create_at: str
    """Method and path template, such as `POST /accounts/{accountId}/queues`."""
    update_at: str
    item: str
    """Path template of one object, for reading and deleting."""
    id_in: str | None = None
    """Where the answer to a create tells the id; None when the object is known by `id_from`."""
    id_told: str | None = None
    """What Pulumi gets to see as the id of every object; None: the id itself."""
    id_from: str = ""
    """The input that is the id."""
    import_form: str
    """What `pulumi import` takes, as a template."""
    aside: frozenset[str]
    """Inputs that travel in the path or in headers, and are not in the body."""
    deletable: bool = True
    untold: frozenset[str] = frozenset()
    """Inputs that not even an import takes over from the service."""
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
    sent_back: tuple[str, ...] = ()
    """What the service filled in and an update sends again."""
    nulled: frozenset[str] = frozenset()
    """Inputs that an update sends as null where they are empty."""
    partial: bool = False
    """An update sends only what changed."""

    @override
    def comparable(self, inputs: Properties) -> Properties:
        full = super(CloudflareKind, self).comparable(inputs)
        return {
            name: value.lower() if name in self.same_text and isinstance(value, str) else value
            for name, value in full.items()
        }

    @override
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        method, template = self.create_at.split(" ", 1)
        answer = self._write(api, shape, method, filled(template, inputs), inputs)
        return self._made(shape, inputs, result(answer))

    @override
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        method, template = self.update_at.split(" ", 1)
        path = filled(template, {**state.outputs, **inputs, "id": state.id})
        answer = self._write(api, shape, method, path, inputs, old=state)
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
            return State(id=state.id, inputs=state.inputs or state.outputs, outputs=state.outputs)
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
        if not self.import_form:
            raise Refused(f"{self.type} cannot be imported")
        names = placeholders(self.import_form)
        if names[0] == "scope":
            names = ["scopes", "scope", *names[1:]]
        values = [unquote(value) for value in identity.split("/")]
        known: Properties = dict(zip(names, values, strict=False))
        scopes = known.pop("scopes", "accounts")
        if len(values) != len(names) or scopes not in SCOPES:
            raise Refused(f"{self.type} is imported by {self.import_form}, not by {identity!r}")
        if "scope" in known:
            known[SCOPES[str(scopes)]] = known.pop("scope")
        own = str(known.pop("id", known.get(self.id_from, "")))
        return State(id=own, inputs={}, outputs=known)

    def _item(self, state: State) -> str:
        return filled(self.item, {**state.outputs, **state.inputs, "id": state.id})

    def _write(
        self,
        api: Api,
        shape: KindShape,
        method: str,
        path: str,
        inputs: Properties,
        *,
        old: State | None = None,
    ) -> Answer:
        body = self._body(shape, inputs, old)
        return request(api, method, path, body=body, headers=self.headers(inputs))

    def _body(self, shape: KindShape, inputs: Properties, old: State | None) -> Json:
        full = with_defaults(inputs, self.defaults)
        if self.bare is not None:
            inner = shape.inputs.properties[self.bare]
            return to_service(full[self.bare], inner, names=self.names, renamed=self.renamed)
        if old is not None:
            full |= {
                n: old.outputs[n] for n in self.sent_back if n in old.outputs and n not in full
            }
        if old is not None and self.partial:
            before = with_defaults(old.inputs, self.defaults)
            full = {name: value for name, value in full.items() if before.get(name) != value}
        sent: Properties = {name: value for name, value in full.items() if name not in self.aside}
        body = to_service(sent, shape.inputs, names=self.names, renamed=self.renamed)
        if old is not None and isinstance(body, dict):
            for name in (*self._removed(old.inputs, inputs), *self._emptied(full)):
                body[self.renamed.get(name, self.names(name))] = None
        return body

    def _removed(self, old: Properties, new: Properties) -> list[str]:
        """What the program no longer sets and the service does not fill in: told as null."""
        kept = self.aside | self.computed | self.defaults.keys()
        return [name for name in sorted(old.keys() - new.keys()) if name not in kept]

    def _emptied(self, full: Properties) -> list[str]:
        return [name for name in sorted(self.nulled) if not full.get(name)]

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
        return State(
            id=self.id_told or str(own),
            inputs=inputs,
            outputs={**self._found(shape, theirs), **full},
        )

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
            computed=self.computed if self.notices_additions else None,
            equal=self._equal,
        )
        seen = {name: value for name, value in told.items() if name not in self.untold}
        inputs = observation.inputs(state.inputs, told if state.inputs else {**seen, **known})
        outputs = {**known, **found}
        for name, value in inputs.items():
            theirs_now = outputs.get(name)
            if isinstance(value, dict) and isinstance(theirs_now, dict):
                outputs[name] = overlaid(theirs_now, value)
        return State(id=state.id, inputs=inputs, outputs=outputs)

    def _equal(self, name: str, old: Value, new: Value) -> bool:
        if name in self.same_text:
            return str(old).lower() == str(new).lower()
        return old == new


def overlaid(below: Properties, above: Properties) -> Properties:
    """Both, object by object: what a service tells, with what only the program knows."""
    result: Properties = dict(below)
    for name, value in above.items():
        under = result.get(name)
        if isinstance(value, dict) and isinstance(under, dict):
            result[name] = overlaid(under, value)
        else:
            result[name] = value
    return result
