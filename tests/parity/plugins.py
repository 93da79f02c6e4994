"""A provider plugin in a process of its own, spoken to as Pulumi's engine speaks to it."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2, provider_pb2_grpc

from tests.localcloud.running import ROOT, TOKEN
from tests.parity.lives import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for a string that a preview does not know yet."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"
_LARGEST_MESSAGE = 400 * 1024 * 1024
_PATIENCE = 180
"""Seconds for one call; a real plugin may be repeating a request that was refused."""


class Engine(engine_pb2_grpc.EngineServicer):
    """As much of the engine as a plugin calls: it takes messages."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def Log(self, request: engine_pb2.LogRequest, context: Any) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Keep what the plugin says to the user."""
        if request.severity != engine_pb2.DEBUG:
            self.messages.append(request.message)
        return empty_pb2.Empty()


class Plugin:
    """A configured plugin."""

    def __init__(
        self, name: str, calls: provider_pb2_grpc.ResourceProviderStub, engine: Engine
    ) -> None:
        self.name = name
        self.calls = calls
        self.messages = engine.messages
        self.version: str = calls.GetPluginInfo(empty_pb2.Empty(), timeout=_PATIENCE).version

    def configure(self, settings: dict[str, str]) -> None:
        """Check and set the provider's own settings."""
        urn = f"urn:pulumi:parity::belfry::pulumi:providers:{self.name}::{self.name}"
        # The engine puts the version of the SDK among the settings.
        args = wire({**settings, "version": self.version})
        checked = self.calls.CheckConfig(
            provider_pb2.CheckRequest(urn=urn, olds=struct_pb2.Struct(), news=args, name=self.name),
            timeout=_PATIENCE,
        )
        assert not checked.failures, checked.failures
        self.calls.Configure(
            provider_pb2.ConfigureRequest(
                variables={f"{self.name}:config:{key}": told for key, told in settings.items()},
                args=checked.inputs,
                acceptSecrets=True,
                acceptResources=True,
                sends_old_inputs=True,
                sends_old_inputs_to_delete=True,
            ),
            timeout=_PATIENCE,
        )


def settings(name: str, url: str) -> dict[str, str]:
    """What aims a provider at the services behind an address."""
    if name == "cloudflare":
        return {"baseUrl": f"{url}/client/v4", "apiToken": TOKEN}
    return {"url": f"{url}/grafana", "auth": "admin:admin"}


@contextmanager
def running(name: str, path: Path | None, *, cache: Path) -> Iterator[Plugin]:
    """The plugin at a path; without one, the stand-in. It ends with the context."""
    standin = [sys.executable, "-m", "engine.standins", name, "--cache", str(cache)]
    command = standin if path is None else [str(path)]
    options = [
        ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
        ("grpc.max_send_message_length", _LARGEST_MESSAGE),
    ]
    engine = Engine()
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    with (
        (cache / f"{name}.log").open("wb") as log,
        subprocess.Popen(
            [*command, address], cwd=ROOT, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        try:
            assert process.stdout is not None
            port = process.stdout.readline().strip().decode()
            assert port.isdecimal(), (cache / f"{name}.log").read_text(encoding="utf-8")
            with grpc.insecure_channel(f"127.0.0.1:{port}", options) as channel:
                stub = provider_pb2_grpc.ResourceProviderStub(channel)
                handshake = provider_pb2.ProviderHandshakeRequest(
                    engine_address=address, configure_with_urn=True
                )
                try:
                    stub.Handshake(handshake, timeout=_PATIENCE)
                except grpc.RpcError as error:
                    # Bridged plugins know no handshake; the engine goes on without one too.
                    if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                        raise
                yield Plugin(name, stub, engine)
        finally:
            process.terminate()
            server.stop(None)


def wire(properties: dict[str, Any]) -> struct_pb2.Struct:
    """Properties as the engine sends them; secrets wrapped."""
    return _value(properties).struct_value


def without_empty_secrets(properties: struct_pb2.Struct) -> struct_pb2.Struct:
    """Properties without the secrets that hold nothing: the engine never gives one to a plugin."""
    kept = struct_pb2.Struct()
    for name, value in properties.fields.items():
        if _holds_nothing(value):
            continue
        if value.WhichOneof("kind") == "struct_value":
            kept.fields[name].struct_value.CopyFrom(without_empty_secrets(value.struct_value))
        else:
            kept.fields[name].CopyFrom(value)
    return kept


def plain(properties: struct_pb2.Struct) -> dict[str, Any]:
    """Properties without their wrappings."""
    found: dict[str, Any] = _plain(struct_pb2.Value(struct_value=properties))
    return found


def secrets(properties: struct_pb2.Struct) -> set[str]:
    """Names of the properties that are secret or hold a secret."""
    return {name for name, value in properties.fields.items() if _holds_secret(value)}


def _value(value: Any) -> struct_pb2.Value:
    told = struct_pb2.Value()
    match value:
        case Secret():
            told.struct_value.fields[_SIGNATURE].string_value = _SECRET
            told.struct_value.fields["value"].CopyFrom(_value(value.value))
        case None:
            told.null_value = struct_pb2.NULL_VALUE
        case bool():
            told.bool_value = value
        case int() | float():
            told.number_value = value
        case list():
            told.list_value.SetInParent()
            told.list_value.values.extend(_value(item) for item in value)
        case dict():
            told.struct_value.SetInParent()
            for name, part in value.items():
                told.struct_value.fields[name].CopyFrom(_value(part))
        case _:
            told.string_value = str(value)
    return told


def _plain(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            inner = value.struct_value
            if _SIGNATURE in inner.fields:
                return _plain(inner.fields["value"]) if "value" in inner.fields else UNKNOWN
            return {name: _plain(part) for name, part in inner.fields.items()}
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "string_value":
            return value.string_value
        case _:
            return None


def _holds_nothing(value: struct_pb2.Value) -> bool:
    """Whether a value is a secret around null."""
    fields = value.struct_value.fields
    return (
        _SIGNATURE in fields
        and fields[_SIGNATURE].string_value == _SECRET
        and fields["value"].WhichOneof("kind") in (None, "null_value")
    )


def _holds_secret(value: struct_pb2.Value) -> bool:
    match value.WhichOneof("kind"):
        case "struct_value":
            fields = value.struct_value.fields
            if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
                return True
            return any(_holds_secret(part) for part in fields.values())
        case "list_value":
            return any(_holds_secret(item) for item in value.list_value.values)
        case _:
            return False
