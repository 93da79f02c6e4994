"""What a stack would hold: the Pulumi program, run under the SDK's mocks, each registration kept.

No engine, no network, no credentials: `belfry plan`. The SDK's own mocks show a resource's inputs
only and let two resources of one name pass; the monitor here keeps the options and refuses those.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import os
import runpy
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from google.protobuf import empty_pb2, struct_pb2
from pulumi import RunError
from pulumi.runtime import MockResourceArgs, Mocks, rpc, run_in_stack, set_all_config
from pulumi.runtime.mocks import MockCallArgs, MockEngine, MockMonitor
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.settings import Settings, configure

from belfry import document
from belfry.problems import Problems, problem_without_place, suggestion
from belfry.tree import Table, Text
from engine.errors import EngineError
from engine.stacks import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from engine.documents import Json

_STACK = "pulumi:pulumi:Stack"
_PLANNED_SECRET = "secret:"  # noqa: S105 -- begins the name of one, in the program's plans
DECLARED = "declared"
"""Under this name the program exports, in a plan, what it does not register yet: JSON text."""
_CREDENTIALS = ("CLOUDFLARE_", "GRAFANA_")
NOTHING_DEPLOYED: Mapping[str, Mapping[str, Json]] = {
    "cloudflare:index/getWorkersScripts:getWorkersScripts": {"results": []},
    "pulumi:pulumi:readStackResourceOutputs": {"outputs": {}},
}
"""What the program asks, and what it is told where nothing is deployed yet."""
_IDENTIFIERS = {"cloudflare:index/queue:Queue": "queueId"}
"""Outputs that are another word for the id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedResource:
    """One resource that the program registers."""

    key: str
    """What tells it from all others: the types of its parents and its own, and its name."""
    type: str
    name: str
    parent: str | None
    """Key of the component that it is part of; None at the top."""
    inputs: dict[str, Json]
    """Secrets as `{"secret": name}`; what is known only after deployment as `{"unknown": true}`."""
    depends_on: tuple[str, ...]
    """Keys of what must be made before it."""
    protect: bool
    retain_on_delete: bool
    """The service keeps it when the stack lets go of it."""
    outputs: dict[str, Json] | None
    """What a component registered as its outputs; None for a resource of a provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """A part of the platform that is declared, and that the program does not register yet."""

    part: str
    """Where it stands in the platform file, such as journeys.sign-up."""
    component: str
    """What will take the arguments."""
    arguments: dict[str, Json]
    """Secrets as `{"secret": name}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A plan in short."""

    stack: str
    platform: str
    environment: str
    resources: int
    types: Mapping[str, int]
    """How many there are of each type."""
    secrets: tuple[str, ...]
    """Names of the secrets that are needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that a stack would hold, in an order that depends on nothing else."""

    resources: tuple[PlannedResource, ...]
    declared: tuple[PlannedPart, ...]
    """In the order of the platform file."""
    summary: Summary

    def as_json(self) -> dict[str, Json]:
        """Give the same as values that `json.dumps` takes."""
        return {
            "resources": [
                {
                    "type": one.type,
                    "name": one.name,
                    "parent": one.parent,
                    "inputs": one.inputs,
                    "depends_on": list(one.depends_on),
                    "protect": one.protect,
                    "retain_on_delete": one.retain_on_delete,
                }
                for one in self.resources
            ],
            "declared": [
                {"part": one.part, "component": one.component, "arguments": one.arguments}
                for one in self.declared
            ],
            "summary": {
                "stack": self.summary.stack,
                "platform": self.summary.platform,
                "environment": self.summary.environment,
                "resources": self.summary.resources,
                "types": dict(self.summary.types),
                "secrets": list(self.summary.secrets),
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a program registered."""

    resources: tuple[PlannedResource, ...]
    """Sorted by key, children after their parents."""
    outputs: dict[str, Json]
    """What it exported."""
    secrets: tuple[str, ...]
    """Names of the planned secrets in it, sorted."""


def record(
    root: Path,
    *,
    stack: str,
    platform: str | None = None,
    environment: str | None = None,
    preview: bool = True,
) -> Plan:
    """Run the project's program and keep what it registers.

    Args:
        root: the checkout, with `__main__.py` and `Pulumi.<stack>.yaml`.
        stack: whose config the program is given; encrypted values stay encrypted and unread.
        platform: another one than the config says.
        environment: another one than the config says.
        preview: as in a preview, what a provider makes up is unknown; otherwise made up here.

    Raises:
        Problems: a mistake in the stack's config or in the platform file.
        EngineError: the program failed.

    """
    config = _config(root, stack.rpartition("/")[2])
    if platform is not None:
        config["belfry:platform"] = platform
    if environment is not None:
        config["belfry:environment"] = environment
    config["plan:offline"] = "true"

    def program() -> None:
        with _importing_from(root), _without_credentials():
            runpy.run_path(str(root / "__main__.py"), run_name="__main__")

    recording = observe(program, stack=stack, config=config, preview=preview)
    types = Counter(resource.type for resource in recording.resources)
    return Plan(
        resources=recording.resources,
        declared=_declared(recording.outputs.get(DECLARED)),
        summary=Summary(
            stack=stack,
            platform=config.get("belfry:platform", ""),
            environment=config.get("belfry:environment", ""),
            resources=len(recording.resources),
            types={name: types[name] for name in sorted(types)},
            secrets=recording.secrets,
        ),
    )


def _declared(exported: Json) -> tuple[PlannedPart, ...]:
    """Read what the program exports in a plan alone."""
    return tuple(PlannedPart(**one) for one in json.loads(str(exported))) if exported else ()


def observe(
    program: Callable[[], None],
    *,
    stack: str = "test",
    config: Mapping[str, str] | None = None,
    preview: bool = True,
    lookups: Mapping[str, Mapping[str, Json]] = NOTHING_DEPLOYED,
) -> Recording:
    """Run any program under mocks, apart from whatever else this process does with Pulumi.

    Args:
        program: registers resources.
        stack: the name under which it runs.
        config: what it is configured with, under full keys.
        preview: as in a preview, what a provider makes up is unknown; otherwise made up here.
        lookups: what it is told when it asks, by the lookup's token.

    Raises:
        Problems: the program found mistakes in what it was given.
        EngineError: it stopped with a message, or registered two resources of one kind and name.

    """
    monitor = _Monitor(preview=preview, lookups=lookups)
    return contextvars.copy_context().run(_observe, program, stack, dict(config or {}), monitor)


def _observe(
    program: Callable[[], None], stack: str, config: dict[str, str], monitor: _Monitor
) -> Recording:
    configure(
        Settings(
            project=PROJECT,
            stack=stack,
            monitor=monitor,
            engine=MockEngine(None),
            dry_run=monitor.preview,
            organization="organization",
        )
    )
    set_all_config(config, [])
    loop = asyncio.new_event_loop()
    # The SDK leaves futures behind when a program fails; the failure itself is raised here, once.
    loop.set_exception_handler(lambda *_: None)
    try:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run_in_stack(program))
    except RunError as error:
        if isinstance(error.__cause__, Problems):
            raise error.__cause__ from None
        raise EngineError(str(error)) from error
    finally:
        _finish(loop)
    return monitor.recording()


def _finish(loop: asyncio.AbstractEventLoop) -> None:
    """Leave no task behind that would complain in the next run."""
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    asyncio.set_event_loop(None)
    loop.close()


class _Unused(Mocks):
    """The monitor below answers by itself, straight from the messages, which is faster."""

    def call(self, args: MockCallArgs) -> tuple[dict[str, object], None]:
        raise NotImplementedError(args.token)

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[str, object]]:
        raise NotImplementedError(args.typ)


class _Monitor(MockMonitor):
    """Keeps registrations. A made resource has its inputs as outputs."""

    def __init__(self, *, preview: bool, lookups: Mapping[str, Mapping[str, Json]]) -> None:
        super().__init__(_Unused())
        self.preview = preview
        self._lookups = lookups
        self._requests: dict[str, resource_pb2.RegisterResourceRequest] = {}
        self._outputs: dict[str, struct_pb2.Struct] = {}

    def RegisterResource(  # noqa: N802 -- the name of the protocol, here and below
        self, request: resource_pb2.RegisterResourceRequest
    ) -> resource_pb2.RegisterResourceResponse:
        urn = self.make_urn(request.parent, request.type, request.name)
        if request.type == _STACK:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if urn in self._requests:
            message = (
                f"Two resources of the type {request.type} are called {request.name}: "
                "rename one of what they are made from."
            )
            raise EngineError(message)
        self._requests[urn] = request
        if not request.custom:
            return resource_pb2.RegisterResourceResponse(urn=urn)
        if self.preview:
            return resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        made = struct_pb2.Struct()
        made.CopyFrom(request.object)
        identifier = f"{request.name}-id"
        if output := _IDENTIFIERS.get(request.type):
            made.update({output: identifier})
        return resource_pb2.RegisterResourceResponse(urn=urn, id=identifier, object=made)

    def RegisterResourceOutputs(  # noqa: N802
        self, request: resource_pb2.RegisterResourceOutputsRequest
    ) -> empty_pb2.Empty:
        self._outputs[request.urn] = request.outputs
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802
        self, request: resource_pb2.ResourceInvokeRequest
    ) -> resource_pb2.ResourceInvokeResponse:
        answer = self._lookups.get(request.tok)
        if answer is None:
            raise EngineError(f"The program looks up {request.tok}, which no plan can know.")
        found = struct_pb2.Struct()
        found.CopyFrom(request.args)
        found.update(answer)
        response = resource_pb2.ResourceInvokeResponse()
        getattr(response, "return").CopyFrom(found)
        return response

    def recording(self) -> Recording:
        """Give everything that was registered."""
        reading = _Reading()
        resources = [self._planned(urn, reading) for urn in sorted(self._requests, key=self._line)]
        exported = next(
            (outputs for urn, outputs in self._outputs.items() if urn.split("::")[2] == _STACK),
            None,
        )
        return Recording(
            resources=tuple(resources),
            outputs=reading.struct(exported) if exported else {},
            secrets=tuple(sorted(reading.secrets)),
        )

    def _line(self, urn: str) -> tuple[str, ...]:
        """Give a resource's ancestors and itself, by which resources are sorted."""
        request = self._requests.get(urn)
        return () if request is None else (*self._line(request.parent), _key(urn))

    def _planned(self, urn: str, reading: _Reading) -> PlannedResource:
        request = self._requests[urn]
        outputs = self._outputs.get(urn)
        depends_on = {_key(one) for one in request.dependencies}
        return PlannedResource(
            key=_key(urn),
            type=request.type,
            name=request.name,
            parent=_key(request.parent) if request.parent in self._requests else None,
            inputs=reading.struct(request.object),
            depends_on=tuple(sorted(depends_on)),
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            outputs=None if outputs is None else reading.struct(outputs),
        )


class _Reading:
    """From the SDK's messages to plain values; notes the planned secrets that it meets."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()

    def struct(self, struct: struct_pb2.Struct) -> dict[str, Json]:
        """Read a table, with sorted keys."""
        fields = struct.fields
        return {key: self._value(key, fields[key]) for key in sorted(fields)}

    def _value(self, key: str, value: struct_pb2.Value) -> Json:
        match value.WhichOneof("kind"):
            case "string_value":
                text = value.string_value
                return {"unknown": True} if text == rpc.UNKNOWN else text
            case "number_value":
                number = value.number_value
                return int(number) if number.is_integer() else number
            case "bool_value":
                return value.bool_value
            case "list_value":
                return [self._value(key, one) for one in value.list_value.values]
            case "struct_value":
                return self._table(key, value.struct_value)
            case _:
                return None

    def _table(self, key: str, struct: struct_pb2.Struct) -> Json:
        fields = struct.fields
        if rpc._special_sig_key not in fields:  # noqa: SLF001 -- the SDK's own mark, read-only
            return self.struct(struct)
        if fields[rpc._special_sig_key].string_value != rpc._special_secret_sig:  # noqa: SLF001
            return {"unknown": True}
        text = fields["value"].string_value
        if not text.startswith(_PLANNED_SECRET):
            return {"secret": key}
        name = text.removeprefix(_PLANNED_SECRET)
        self.secrets.add(name)
        return {"secret": name}


def _key(urn: str) -> str:
    """Shorten a URN to what tells resources of one stack apart."""
    _, _, types, name = urn.split("::", 3)
    return f"{types.removeprefix(_STACK + '$')}::{name}"


def _config(root: Path, stack: str) -> dict[str, str]:
    """Read a stack's config: plain values only, as texts."""
    path = root / f"Pulumi.{stack}.yaml"
    if not path.is_file():
        known = [file.name.split(".")[1] for file in root.glob("Pulumi.*.yaml")]
        wrong = f"there is no Pulumi.{stack}.yaml"
        raise problem_without_place(wrong, suggestion(stack, known, else_say="write one"), "stack")
    read = document.load(path)
    if read.problems:
        raise Problems(read.problems)
    config = _entries(read.root).get("config")
    return {key: value.text for key, value in _entries(config).items() if isinstance(value, Text)}


def _entries(node: object) -> dict[str, object]:
    if not isinstance(node, Table):
        return {}
    return {entry.key.text: entry.value for entry in node.entries}


@contextmanager
def _importing_from(root: Path) -> Iterator[None]:
    """Let the program import its own packages, as it may when Pulumi runs it."""
    known = list(sys.path)
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path[:] = known


@contextmanager
def _without_credentials() -> Iterator[None]:
    """Hide the providers' variables, which their SDKs would write into the plan."""
    hidden = {
        name: os.environ.pop(name) for name in list(os.environ) if name.startswith(_CREDENTIALS)
    }
    try:
        yield
    finally:
        os.environ.update(hidden)
