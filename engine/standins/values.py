"""Property values between Pulumi's wire form and Python: unknown values, secrets, whole numbers."""

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


class Unknown(Enum):
    """A value that Pulumi does not know yet, as in a preview."""

    VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


UNKNOWN = Unknown.VALUE

Value: TypeAlias = "bool | int | float | str | Unknown | list[Value] | dict[str, Value] | None"
Properties: TypeAlias = dict[str, Value]

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- Pulumi's mark of a secret, itself none
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWN_MARKS = frozenset(
    {
        UNKNOWN.value,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""Unknown computed value, boolean, number, array, asset, archive, object."""


_NOTES = frozenset({"__defaults", "__internal"})
"""What real plugins write between the properties for themselves; a state of theirs may be ours."""


class TooDeepError(Exception):
    """A property is nested more deeply than anything in an SDK is."""


def decode(wire: struct_pb2.Struct) -> Properties:
    """Plain properties; secrets are opened, nulls at the top left out.

    Raises:
        TooDeepError: with the name of the property.

    """
    plain: Properties = {}
    for name, value in wire.fields.items():
        try:
            decoded = None if name in _NOTES else _decode(value)
        except RecursionError:
            raise TooDeepError(f"{name}: nested too deeply") from None
        if decoded is not None:
            plain[name] = decoded
    return plain


def in_one_order(values: Iterable[Value]) -> list[Value]:
    """Values of which order means nothing, in one that no order of the keys in them changes.

    Properties come over the wire as maps, whose order is another in each process.
    """
    return sorted(values, key=lambda value: json.dumps(value, sort_keys=True, default=str))


def secret_names(wire: struct_pb2.Struct) -> frozenset[str]:
    """Names of the properties that are secret or hold a secret anywhere."""
    return frozenset(name for name, value in wire.fields.items() if _holds_secret(value))


def encode(properties: Mapping[str, Value], *, secret: Collection[str] = ()) -> struct_pb2.Struct:
    """The wire form; properties named in `secret` are wrapped whole."""
    wire = struct_pb2.Struct()
    for name, value in properties.items():
        wire.fields[name].CopyFrom(_encode(value))
        if name in secret:
            _wrap(wire.fields[name])
    return wire


def seal(wire: struct_pb2.Struct, path: tuple[str, ...]) -> None:
    """Wrap what lies at a path as secret, in place; lists on the way are walked through.

    `*` in a path stands for every key.
    """
    for name in list(wire.fields) if path[0] == "*" else [path[0]]:
        if name not in wire.fields:
            continue
        value = wire.fields[name]
        if len(path) == 1:
            if not _holds_secret(value):
                _wrap(value)
            continue
        for item in _structs(value):
            if not _is_secret(item):
                seal(item, path[1:])


def _structs(value: struct_pb2.Value) -> Iterable[struct_pb2.Struct]:
    match value.WhichOneof("kind"):
        case "struct_value":
            yield value.struct_value
        case "list_value":
            for item in value.list_value.values:
                yield from _structs(item)
        case _:
            return


def _is_secret(wire: struct_pb2.Struct) -> bool:
    return _SIGNATURE in wire.fields and wire.fields[_SIGNATURE].string_value == _SECRET


def _holds_secret(value: struct_pb2.Value) -> bool:
    match value.WhichOneof("kind"):
        case "struct_value":
            inner = value.struct_value
            if _is_secret(inner):
                return True
            if _SIGNATURE in inner.fields and inner.fields[_SIGNATURE].string_value == _OUTPUT:
                return inner.fields["secret"].bool_value
            return any(_holds_secret(part) for part in inner.fields.values())
        case "list_value":
            return any(_holds_secret(item) for item in value.list_value.values)
        case _:
            return False


def _wrap(value: struct_pb2.Value) -> None:
    wrapped = struct_pb2.Value()
    wrapped.struct_value.fields[_SIGNATURE].string_value = _SECRET
    wrapped.struct_value.fields["value"].CopyFrom(value)
    value.CopyFrom(wrapped)


def _decode(value: struct_pb2.Value) -> Value:
    match value.WhichOneof("kind"):
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value in _UNKNOWN_MARKS else value.string_value
        case "list_value":
            return [_decode(item) for item in value.list_value.values]
        case "struct_value":
            return _decode_struct(value.struct_value)
        case _:
            return None


def _decode_struct(wire: struct_pb2.Struct) -> Value:
    match wire.fields[_SIGNATURE].string_value if _SIGNATURE in wire.fields else None:
        case "1b47061264138c4ac30d75fd1eb44270":
            return _decode(wire.fields["value"])
        case "d0e6a833031e9bbcd3f4e8bde6ca49a4":
            return _decode(wire.fields["value"]) if "value" in wire.fields else UNKNOWN
        case _:
            return {
                name: _decode(value) for name, value in wire.fields.items() if name not in _NOTES
            }


def _encode(value: Value) -> struct_pb2.Value:
    wire = struct_pb2.Value()
    match value:
        case None:
            wire.null_value = struct_pb2.NULL_VALUE
        case bool():
            wire.bool_value = value
        case int() | float():
            wire.number_value = value
        case str():
            wire.string_value = value
        case Unknown():
            wire.string_value = value.value
        case list():
            wire.list_value.SetInParent()
            wire.list_value.values.extend(_encode(item) for item in value)
        case dict():
            wire.struct_value.SetInParent()
            for name, part in value.items():
                wire.struct_value.fields[name].CopyFrom(_encode(part))
    return wire
