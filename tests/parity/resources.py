"""One resource in the hands of a plugin: the calls of the engine in the order of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2

from tests.parity.plugins import plain, wire, without_empty_secrets

if TYPE_CHECKING:
    from tests.parity.plugins import Plugin

PATIENCE = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a plugin says of wanted inputs beside what is recorded."""

    changed: bool
    names: frozenset[str]
    """Properties, without what lies inside; a plugin may say that, and not what, changed."""
    replaces: frozenset[str]
    delete_first: bool


@dataclass(slots=True)
class Resource:
    """A resource as the engine has it recorded."""

    plugin: Plugin
    type: str
    name: str = "it"
    id: str = ""
    inputs: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)
    outputs: struct_pb2.Struct = field(default_factory=struct_pb2.Struct)

    @property
    def urn(self) -> str:
        """As the engine makes it."""
        return f"urn:pulumi:parity::belfry::{self.type}::{self.name}"

    @property
    def told(self) -> dict[str, Any]:
        """Outputs without wrappings, and the id."""
        return {**plain(self.outputs), "id": self.id}

    def check(self, program: dict[str, Any]) -> provider_pb2.CheckResponse:
        """What the plugin makes of a program's inputs."""
        # A program's properties reach the engine without nulls.
        request = provider_pb2.CheckRequest(
            urn=self.urn,
            olds=self.inputs,
            news=wire(program),
            randomSeed=bytes(32),
            name=self.name,
            type=self.type,
        )
        answer: provider_pb2.CheckResponse = self.plugin.calls.Check(request, timeout=PATIENCE)
        return answer

    def checked(self, program: dict[str, Any]) -> struct_pb2.Struct:
        """The inputs that the engine goes on with; none may be refused."""
        answer = self.check(program)
        assert not answer.failures, [(one.property, one.reason) for one in answer.failures]
        return answer.inputs

    def preview(self, program: dict[str, Any]) -> struct_pb2.Struct:
        """What a preview says that there would be."""
        checked = self.checked(program)
        if self.id:
            request = provider_pb2.UpdateRequest(
                id=self.id,
                urn=self.urn,
                olds=self.outputs,
                news=checked,
                old_inputs=self.inputs,
                preview=True,
                name=self.name,
                type=self.type,
            )
            updated: provider_pb2.UpdateResponse = self.plugin.calls.Update(
                request, timeout=PATIENCE
            )
            return updated.properties
        wanted = provider_pb2.CreateRequest(
            urn=self.urn, properties=checked, preview=True, name=self.name, type=self.type
        )
        created: provider_pb2.CreateResponse = self.plugin.calls.Create(wanted, timeout=PATIENCE)
        assert not created.id, "a preview gave an id"
        return created.properties

    def create(self, program: dict[str, Any]) -> None:
        """Check and create."""
        checked = self.checked(program)
        request = provider_pb2.CreateRequest(
            urn=self.urn, properties=checked, name=self.name, type=self.type
        )
        answer = self.plugin.calls.Create(request, timeout=PATIENCE)
        self.id, self.inputs = answer.id, checked
        self.outputs = without_empty_secrets(answer.properties)

    def diff(self, program: dict[str, Any]) -> Difference:
        """Check and compare."""
        request = provider_pb2.DiffRequest(
            id=self.id,
            urn=self.urn,
            olds=self.outputs,
            news=self.checked(program),
            old_inputs=self.inputs,
            name=self.name,
            type=self.type,
        )
        answer = self.plugin.calls.Diff(request, timeout=PATIENCE)
        names = {*answer.diffs, *answer.detailedDiff}
        return Difference(
            changed=answer.changes == provider_pb2.DiffResponse.DIFF_SOME,
            names=frozenset(map(_outermost, names)),
            replaces=frozenset(map(_outermost, answer.replaces)),
            delete_first=answer.deleteBeforeReplace,
        )

    def update(self, program: dict[str, Any]) -> None:
        """Check and update."""
        checked = self.checked(program)
        request = provider_pb2.UpdateRequest(
            id=self.id,
            urn=self.urn,
            olds=self.outputs,
            news=checked,
            old_inputs=self.inputs,
            name=self.name,
            type=self.type,
        )
        answer = self.plugin.calls.Update(request, timeout=PATIENCE)
        self.inputs, self.outputs = checked, without_empty_secrets(answer.properties)

    def read(self) -> bool:
        """Refresh; tells whether the object is there."""
        answer = self._read(self.id, self.inputs, self.outputs)
        if answer.id:
            self.id, self.outputs = answer.id, without_empty_secrets(answer.properties)
            if answer.HasField("inputs"):
                self.inputs = without_empty_secrets(answer.inputs)
        return bool(answer.id)

    def adopt(self, identity: str) -> bool:
        """Import; tells whether there is such an object."""
        answer = self._read(identity, None, None)
        self.id, self.inputs = answer.id, without_empty_secrets(answer.inputs)
        self.outputs = without_empty_secrets(answer.properties)
        return bool(answer.id)

    def delete(self) -> None:
        """Delete."""
        request = provider_pb2.DeleteRequest(
            id=self.id,
            urn=self.urn,
            properties=self.outputs,
            old_inputs=self.inputs,
            name=self.name,
            type=self.type,
        )
        self.plugin.calls.Delete(request, timeout=PATIENCE)

    def _read(
        self, identity: str, inputs: struct_pb2.Struct | None, outputs: struct_pb2.Struct | None
    ) -> provider_pb2.ReadResponse:
        request = provider_pb2.ReadRequest(
            id=identity,
            urn=self.urn,
            properties=outputs,
            inputs=inputs,
            name=self.name,
            type=self.type,
        )
        answer: provider_pb2.ReadResponse = self.plugin.calls.Read(request, timeout=PATIENCE)
        return answer


def _outermost(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]
