"""Pulumi's provider protocol over a package of kinds: checking, diffing, and walking its calls."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NoReturn, TypeAlias

import grpc
from google.protobuf import empty_pb2

from engine.errors import EngineError
from engine.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc
from engine.standins import shapes
from engine.standins.api import ApiError, Refused
from engine.standins.checking import findings
from engine.standins.kinds import State, holds_unknown
from engine.standins.places import Difference
from engine.standins.values import UNKNOWN, Properties, Value, decode, encode, seal, secret_names

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from engine.standins.api import Api
    from engine.standins.kinds import Kind

    Context: TypeAlias = grpc.ServicerContext


_TOLD = 20
"""Mistakes that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One provider: its kinds, its lookups, and how to reach the service."""

    name: str
    distribution: str
    """The Python package whose metadata the property tables come from."""
    kinds: Mapping[str, Kind]
    lookups: Mapping[str, Callable[[Api, Properties], Properties]]
    connect: Callable[[Mapping[str, Value], Mapping[str, str]], Api]


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """One provider plugin, for one engine."""

    def __init__(self, package: Package, *, version: str, cache: Path) -> None:
        self._package = package
        self._version = version
        self._cache = cache
        self._api: Api | None = None
        self._loaded: dict[str, shapes.KindShape] | None = None

    def Handshake(  # noqa: N802 -- the names of the protocol, here and below
        self,
        request: provider_pb2.ProviderHandshakeRequest,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Secrets are taken and given as such; resources and outputs are not."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True)

    def GetPluginInfo(  # noqa: N802
        self,
        request: empty_pb2.Empty,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> plugin_pb2.PluginInfo:
        """The version of the SDK that the tables were derived from."""
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(  # noqa: N802
        self,
        request: provider_pb2.GetSchemaRequest,  # noqa: ARG002
        context: Context,
    ) -> provider_pb2.GetSchemaResponse:
        """A stand-in has no schema of its own."""
        _abort(
            context,
            f"the {self._package.name} stand-in has no schema",
            grpc.StatusCode.UNIMPLEMENTED,
        )

    def CheckConfig(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: Context
    ) -> provider_pb2.CheckResponse:
        """Refuse at once what Configure would refuse, unless it is not known yet."""
        settings = decode(request.news)
        if not holds_unknown(settings):
            try:
                self._package.connect(settings, os.environ)
            except Refused as refusal:
                _abort(context, str(refusal))
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(  # noqa: N802
        self,
        request: provider_pb2.DiffRequest,
        context: Context,  # noqa: ARG002
    ) -> provider_pb2.DiffResponse:
        """Changed settings never replace a provider, nor what it made."""
        old, new = decode(request.old_inputs or request.olds), decode(request.news)
        changed = sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))
        response = _difference(changed, replaces=[], delete_first=False)
        for name in changed:
            _tell(response, name, Difference.CHANGED, replaces=False)
        return response

    def Configure(  # noqa: N802
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        """Connect."""
        settings = decode(request.args)
        if not holds_unknown(settings):
            try:
                self._api = self._package.connect(settings, os.environ)
            except Refused as refusal:
                _abort(context, str(refusal))
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Check(  # noqa: N802
        self, request: provider_pb2.CheckRequest, context: Context
    ) -> provider_pb2.CheckResponse:
        """Refuse unknown, missing and mistyped properties; mark what is always secret."""
        kind = self._kind(request.urn, context)
        shape = self._shape(kind, context)
        inputs = decode(request.news)
        response = provider_pb2.CheckResponse(inputs=request.news)
        found = findings(kind, shape, inputs)
        for path, why in islice(found, _TOLD):
            response.failures.add(property=path, reason=f"{kind.type}: {path}: {why}")
        if more := sum(1 for _ in found):
            response.failures.add(reason=f"{kind.type}: {more} more mistakes")
        for sealed in kind.sealed:
            seal(response.inputs, sealed)
        return response

    def Diff(  # noqa: N802
        self, request: provider_pb2.DiffRequest, context: Context
    ) -> provider_pb2.DiffResponse:
        """What changed between the recorded inputs and the wanted ones."""
        kind = self._kind(request.urn, context)
        old, new = decode(request.old_inputs), decode(request.news)
        ignored = {path.partition(".")[0].partition("[")[0] for path in request.ignoreChanges}
        changed = [name for name in kind.changes(old, new) if name not in ignored]
        replaces = [name for name in changed if kind.replaces(name, old, new)]
        response = _difference(changed, replaces=replaces, delete_first=kind.delete_before_replace)
        for name in changed:
            for path, difference in kind.places(name, old, new):
                _tell(response, path, difference, replaces=name in replaces)
        return response

    def Create(  # noqa: N802
        self, request: provider_pb2.CreateRequest, context: Context
    ) -> provider_pb2.CreateResponse:
        """Make the object; in a preview, tell what it would be."""
        kind = self._kind(request.urn, context)
        shape = self._shape(kind, context)
        inputs = decode(request.properties)
        secret = secret_names(request.properties) | kind.sealed_outputs | shape.secret_outputs
        if request.preview:
            unknown: Properties = dict.fromkeys(shape.outputs.properties, UNKNOWN)
            return provider_pb2.CreateResponse(
                properties=encode({**unknown, **inputs}, secret=secret)
            )
        with _answering(context):
            made = kind.create(self._connected(context), shape, inputs)
        return provider_pb2.CreateResponse(
            id=made.id, properties=encode(made.outputs, secret=secret)
        )

    def Read(  # noqa: N802
        self, request: provider_pb2.ReadRequest, context: Context
    ) -> provider_pb2.ReadResponse:
        """The object as the service has it; no id in the answer when it is gone."""
        kind = self._kind(request.urn, context)
        shape = self._shape(kind, context)
        outputs, inputs = decode(request.properties), decode(request.inputs)
        with _answering(context):
            state = (
                State(id=request.id, inputs=inputs, outputs=outputs)
                if inputs or outputs
                else kind.adopt(request.id)
            )
            found = kind.read(self._connected(context), shape, state)
            if found is not None and kind.read_again and not (inputs or outputs):
                found = kind.read(self._connected(context), shape, state)
        if found is None:
            return provider_pb2.ReadResponse()
        wrapped = secret_names(request.inputs)
        secret = wrapped | secret_names(request.properties) | kind.sealed_outputs
        response = provider_pb2.ReadResponse(
            id=found.id,
            inputs=encode(found.inputs, secret=wrapped),
            properties=encode(found.outputs, secret=secret | shape.secret_outputs),
        )
        for sealed in kind.sealed:
            seal(response.inputs, sealed)
        return response

    def Update(  # noqa: N802
        self, request: provider_pb2.UpdateRequest, context: Context
    ) -> provider_pb2.UpdateResponse:
        """Bring the object to its new inputs."""
        kind = self._kind(request.urn, context)
        shape = self._shape(kind, context)
        inputs, outputs = decode(request.news), decode(request.olds)
        secret = secret_names(request.news) | kind.sealed_outputs | shape.secret_outputs
        if request.preview:
            return provider_pb2.UpdateResponse(
                properties=encode({**outputs, **inputs}, secret=secret)
            )
        state = State(id=request.id, inputs=decode(request.old_inputs), outputs=outputs)
        with _answering(context):
            changed = kind.update(self._connected(context), shape, state, inputs)
        return provider_pb2.UpdateResponse(properties=encode(changed.outputs, secret=secret))

    def Delete(  # noqa: N802
        self, request: provider_pb2.DeleteRequest, context: Context
    ) -> empty_pb2.Empty:
        """Remove the object."""
        kind = self._kind(request.urn, context)
        state = State(
            id=request.id,
            inputs=decode(request.old_inputs),
            outputs=decode(request.properties),
        )
        with _answering(context):
            kind.delete(self._connected(context), self._shape(kind, context), state)
        return empty_pb2.Empty()

    def Invoke(  # noqa: N802
        self, request: provider_pb2.InvokeRequest, context: Context
    ) -> provider_pb2.InvokeResponse:
        """Answer a lookup."""
        lookup = self._package.lookups.get(request.tok)
        if lookup is None:
            known = ", ".join(sorted(self._package.lookups)) or "none"
            _abort(
                context, f"the stand-in does not know the lookup {request.tok}; it knows {known}"
            )
        with _answering(context):
            found = lookup(self._connected(context), decode(request.args))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(encode(found))
        return response

    def Cancel(  # noqa: N802
        self,
        request: empty_pb2.Empty,  # noqa: ARG002
        context: Context,  # noqa: ARG002
    ) -> empty_pb2.Empty:
        """Stop repeating calls; one under way is waited for, so that its answer is recorded."""
        if self._api is not None:
            self._api.cancel()
        return empty_pb2.Empty()

    def _kind(self, urn: str, context: Context) -> Kind:
        token = urn.split("::")[2].rpartition("$")[2] if urn.count("::") > 1 else urn
        kind = self._package.kinds.get(token)
        if kind is None:
            known = ", ".join(sorted(self._package.kinds))
            _abort(
                context,
                f"the {self._package.name} stand-in does not know the type {token}; "
                f"it knows {known}",
            )
        return kind

    def _shape(self, kind: Kind, context: Context) -> shapes.KindShape:
        if self._loaded is None:
            places = {token: known.sdk for token, known in self._package.kinds.items()}
            try:
                self._loaded = shapes.load(
                    self._package.name,
                    places,
                    cache=self._cache,
                    distribution=self._package.distribution,
                )
            except EngineError as error:
                _abort(context, str(error))
        return self._loaded[kind.type]

    def _connected(self, context: Context) -> Api:
        if self._api is None:
            _abort(context, f"the {self._package.name} provider is not configured yet")
        return self._api


def _difference(
    changed: list[str], *, replaces: list[str], delete_first: bool
) -> provider_pb2.DiffResponse:
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME
        if changed
        else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=changed,
        replaces=replaces,
        deleteBeforeReplace=delete_first and bool(replaces),
        hasDetailedDiff=True,
    )


_KINDS = {
    Difference.ADDED: (provider_pb2.PropertyDiff.ADD, provider_pb2.PropertyDiff.ADD_REPLACE),
    Difference.REMOVED: (
        provider_pb2.PropertyDiff.DELETE,
        provider_pb2.PropertyDiff.DELETE_REPLACE,
    ),
    Difference.CHANGED: (
        provider_pb2.PropertyDiff.UPDATE,
        provider_pb2.PropertyDiff.UPDATE_REPLACE,
    ),
}


def _tell(
    response: provider_pb2.DiffResponse, path: str, difference: Difference, *, replaces: bool
) -> None:
    response.detailedDiff[path].kind = _KINDS[difference][replaces]
    response.detailedDiff[path].inputDiff = True


class _answering:  # noqa: N801 -- reads as a word in a with statement
    """Turn refusals of the service into the protocol's errors."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ApiError | Refused):
            _abort(self._context, str(error))


def _abort(
    context: Context, message: str, status: grpc.StatusCode = grpc.StatusCode.UNKNOWN
) -> NoReturn:
    context.abort(status, message)
    raise AssertionError("abort returned")
