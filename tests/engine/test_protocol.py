"""Whatever comes over the plugin protocol: a refusal that names resource and property, no crash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import provider_pb2

from engine.standins.packages import PACKAGES
from engine.standins.shapes import Object, Scalar, Sequence, Shape, Table
from tests.localcloud.running import TOKEN
from tests.parity import plugins
from tests.parity.resources import Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.standins.shapes import KindShape
    from tests.parity.plugins import Plugin

QUEUE = "cloudflare:index/queue:Queue"
SCRIPT = "cloudflare:index/workersScript:WorkersScript"
TYPES = sorted(token for package in PACKAGES.values() for token in package.kinds)
NOBODY = "http://127.0.0.1:9"
PATIENCE = 60
"""Seconds: a first call loads what it needs, on a machine that may be busy."""

WRONG: dict[str, tuple[Any, ...]] = {
    "string": (7, True, ["x"], {"a": "x"}),
    "integer": ("7", 0.5, True, [7], {"a": 7}),
    "number": ("7", True, [7], {"a": 7}),
    "boolean": ("true", 1, [True], {"a": True}),
    "list": ("x", 7, {"a": 1}),
    "object": ("x", 7, ["x"]),
}
"""For each kind of value, values of another kind."""


@pytest.fixture(scope="session")
def standins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Plugin]]:
    """Both stand-ins, each in a process of its own; nobody answers behind them."""
    cache = tmp_path_factory.mktemp("standins")
    with (
        plugins.running("cloudflare", None, cache=cache) as cloudflare,
        plugins.running("grafana", None, cache=cache) as grafana,
    ):
        found = {"cloudflare": cloudflare, "grafana": grafana}
        for name, plugin in found.items():
            plugin.configure(plugins.settings(name, NOBODY))
        yield found


@pytest.fixture
def standin(standins: dict[str, Plugin]) -> Iterator[Plugin]:
    """Cloudflare's; it has to be up afterwards."""
    yield standins["cloudflare"]
    assert standins["cloudflare"].calls.GetPluginInfo(empty_pb2.Empty(), timeout=PATIENCE).version


def refusals(resource: Resource, inputs: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.property, one.reason) for one in resource.check(inputs).failures]


def queue(standin: Plugin) -> Resource:
    return Resource(standin, QUEUE, "it")


def test_an_unknown_type_is_named(standin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        Resource(standin, "cloudflare:index/tunnel:Tunnel").check({})
    assert "does not know the type cloudflare:index/tunnel:Tunnel" in str(refused.value.details())


def test_something_that_is_no_urn_is_told_as_it_came(standin: Plugin) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        standin.calls.Check(provider_pb2.CheckRequest(urn="no urn"), timeout=PATIENCE)
    assert "no urn" in str(refused.value.details())


@pytest.mark.parametrize(
    ("token", "inputs", "place", "reason"),
    [
        (
            QUEUE,
            {"accountId": "a", "queueName": "q", "colour": "red"},
            "colour",
            "there is no such property",
        ),
        (QUEUE, {"accountId": "a"}, "queueName", "missing, and required"),
        (
            QUEUE,
            {"accountId": "a", "queueName": 7},
            "queueName",
            "expected string, got a number",
        ),
        (
            QUEUE,
            {"accountId": "a", "queueName": "q", "settings": {"deliveryDelay": "soon"}},
            "settings.deliveryDelay",
            "expected number, got a string",
        ),
        (
            SCRIPT,
            {"accountId": "a", "scriptName": "s", "bindings": [{"name": "B", "type": 7}]},
            "bindings[0].type",
            "expected string, got a number",
        ),
        (
            SCRIPT,
            {"accountId": "a", "scriptName": "s", "bindings": [{"name": "B", "text": "x"}]},
            "bindings[0].type",
            "missing, and required",
        ),
        (
            SCRIPT,
            {"accountId": "a", "scriptName": "s", "placement": {"mode": "smart"}},
            "placement",
            "the real plugin then sends an empty metadata part",
        ),
    ],
)
def test_a_mistake_is_told_with_type_place_and_reason(
    standin: Plugin, token: str, inputs: dict[str, Any], place: str, reason: str
) -> None:
    ((path, why),) = refusals(Resource(standin, token, "it"), inputs)
    assert path == place
    assert why.startswith(f"{token}: {place}: {reason}")


@pytest.mark.parametrize(
    "address",
    [
        "https://api.cloudflare.com/client/v4",
        "http://192.168.1.4/client/v4",
        "http://0.0.0.0/x",
        "",
    ],
)
def test_it_speaks_to_this_machine_only(standin: Plugin, address: str) -> None:
    with pytest.raises(grpc.RpcError) as refused:
        standin.configure({"baseUrl": address, "apiToken": TOKEN})
    assert "not a loopback address" in str(refused.value.details())


def test_a_megabyte_of_the_wrong_kind_is_refused_in_a_line(standin: Plugin) -> None:
    inputs = {"accountId": "a", "queueName": "q", "settings": {"deliveryDelay": "x" * 1_000_000}}
    ((path, why),) = refusals(queue(standin), inputs)
    assert path == "settings.deliveryDelay"
    assert len(why) < 500


def test_a_megabyte_that_is_none_of_the_words_is_refused_in_a_line(standin: Plugin) -> None:
    bucket = Resource(standin, "cloudflare:index/r2Bucket:R2Bucket")
    inputs = {"accountId": "a", "name": "b", "storageClass": "x" * 1_000_000}
    ((path, why),) = refusals(bucket, inputs)
    assert path == "storageClass"
    assert "(1000002 characters)" in why
    assert len(why) < 500


def test_ten_thousand_wrong_entries_are_told_by_their_first_and_their_number(
    standin: Plugin,
) -> None:
    check = Resource(standin, "cloudflare:index/healthcheck:Healthcheck")
    inputs = {"zoneId": "z", "name": "n", "address": "a", "checkRegions": [7] * 10_000}
    found = refusals(check, inputs)
    assert found[0][0] == "checkRegions[0]"
    assert found[-1][1].endswith("9980 more mistakes")
    assert len(found) == 21


def test_a_megabyte_that_fits_is_the_services_to_refuse(standin: Plugin) -> None:
    resource = queue(standin)
    inputs = {"accountId": "a", "queueName": "q" * 1_000_000}
    assert refusals(resource, inputs) == []
    with pytest.raises(grpc.RpcError) as refused:
        resource.create(inputs)
    assert "/accounts/a/queues" in str(refused.value.details())


def nested(depth: int) -> struct_pb2.Struct:
    """Properties of a queue whose settings are nested."""
    properties = plugins.wire({"accountId": "a", "queueName": "q"})
    inner = properties.fields["settings"].struct_value
    for _ in range(depth):
        inner = inner.fields["a"].struct_value
    inner.fields["a"].string_value = "x"
    return properties


def test_two_hundred_levels_where_none_belong_are_refused_at_the_first(standin: Plugin) -> None:
    request = provider_pb2.CheckRequest(urn=queue(standin).urn, news=nested(200))
    (failure,) = standin.calls.Check(request, timeout=PATIENCE).failures
    assert failure.property == "settings.a"


@pytest.mark.parametrize("call", ["Check", "Create", "Diff", "Update", "Read", "Delete"])
def test_what_is_too_deep_to_be_read_is_refused_with_resource_and_property(
    standin: Plugin, call: str
) -> None:
    properties, urn = nested(2000), queue(standin).urn
    request = {
        "Check": provider_pb2.CheckRequest(urn=urn, news=properties),
        "Create": provider_pb2.CreateRequest(urn=urn, properties=properties),
        "Diff": provider_pb2.DiffRequest(urn=urn, news=properties),
        "Update": provider_pb2.UpdateRequest(urn=urn, news=properties),
        "Read": provider_pb2.ReadRequest(urn=urn, inputs=properties),
        "Delete": provider_pb2.DeleteRequest(urn=urn, properties=properties),
    }[call]
    with pytest.raises(grpc.RpcError) as refused:
        getattr(standin.calls, call)(request, timeout=PATIENCE)
    assert str(refused.value.details()) == f"{urn}: settings: nested too deeply"


def test_a_state_of_the_real_plugin_is_no_change(standin: Plugin) -> None:
    program = {"accountId": "a", "queueName": "q", "settings": {"deliveryDelay": 1}}
    theirs = {**program, "settings": {"deliveryDelay": 1, "__defaults": []}, "__defaults": []}
    resource = queue(standin)
    resource.id, resource.inputs = "1", plugins.wire(theirs)
    resource.outputs = plugins.wire({**program, "queueId": "1"})
    assert not resource.diff(program).changed


def test_a_delete_without_the_properties_of_its_path_names_what_is_missing(
    standin: Plugin,
) -> None:
    request = provider_pb2.DeleteRequest(
        id="1", urn=queue(standin).urn, properties=struct_pb2.Struct()
    )
    with pytest.raises(grpc.RpcError) as refused:
        standin.calls.Delete(request, timeout=PATIENCE)
    assert "accountId is missing" in str(refused.value.details())


def least(shape: Shape) -> Any:
    """The least value that fits."""
    match shape:
        case Scalar(name="string", words=words):
            return words[0] if words else "x"
        case Scalar(name="boolean"):
            return True
        case Scalar():
            return 7
        case Sequence():
            return []
        case Table():
            return {}
        case Object():
            return {name: least(shape.properties[name]) for name in sorted(shape.required)}


def places(shape: Shape, depth: int = 4) -> Iterator[tuple[list[str | int], Shape]]:
    """Every place in a shape where a value stands, with what may stand there."""
    match shape:
        case Object() if depth:
            for name, inner in shape.properties.items():
                yield [name], inner
                for path, deeper in places(inner, depth - 1):
                    yield [name, *path], deeper
        case Sequence(of=inner) if depth:
            yield [0], inner
            for path, deeper in places(inner, depth - 1):
                yield [0, *path], deeper


def with_value(shape: Shape, path: list[str | int], value: Any) -> Any:
    """The least value that fits, but for one place."""
    if not path:
        return value
    step, *rest = path
    if isinstance(shape, Sequence):
        return [with_value(shape.of, rest, value)]
    assert isinstance(shape, Object)
    return {**least(shape), str(step): with_value(shape.properties[str(step)], rest, value)}


def kind_of(shape: Shape) -> str:
    match shape:
        case Scalar(name=name):
            return name
        case Sequence():
            return "list"
        case _:
            return "object"


def dotted(path: list[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


@pytest.fixture(scope="session")
def everywhere(shapes: dict[str, KindShape]) -> list[tuple[str, list[str | int], Shape]]:
    """Every place in the inputs of every type at which a kind of value is asked for."""
    return [
        (token, path, shape)
        for token in TYPES
        for path, shape in places(shapes[token].inputs)
        if kind_of(shape) != "any"
    ]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(place=st.integers(0, 1_000_000), other=st.integers(0, 3))
def test_a_wrong_kind_of_value_is_refused_wherever_it_stands(
    place: int,
    other: int,
    standins: dict[str, Plugin],
    shapes: dict[str, KindShape],
    everywhere: list[tuple[str, list[str | int], Shape]],
) -> None:
    token, path, shape = everywhere[place % len(everywhere)]
    choice = WRONG[kind_of(shape)]
    inputs = with_value(shapes[token].inputs, path, choice[other % len(choice)])
    resource = Resource(standins[token.partition(":")[0]], token)
    found = dict(refusals(resource, inputs))
    assert dotted(path) in found, found
    assert found[dotted(path)].startswith(f"{token}: {dotted(path)}: expected ")
