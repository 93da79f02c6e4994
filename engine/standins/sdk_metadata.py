"""Read property tables out of a Pulumi SDK: `python -m engine.standins.sdk_metadata`.

Standard input: JSON, type token → `module:Class`. Standard output: JSON, type token → tables in the
form that `engine.standins.shapes` reads. A process of its own, because the import is heavy.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
import typing
import warnings
from collections import abc
from types import NoneType

from engine.documents import Json


def main() -> None:
    """Answer one request on standard input."""
    warnings.simplefilter("ignore")
    kinds: dict[str, str] = json.load(sys.stdin)
    json.dump({token: describe(place) for token, place in kinds.items()}, sys.stdout)


def describe(place: str) -> dict[str, Json]:
    """The tables of one resource class, named `module:Class` or `module:Class:ArgumentsClass`."""
    from pulumi import _types  # noqa: PLC0415 -- a part of the heavy import that this process is for

    module_name, class_name, *named = place.split(":")
    module = importlib.import_module(module_name)
    resource = getattr(module, class_name)
    arguments = getattr(module, named[0] if named else f"{class_name}Args")
    outputs = _types.resource_types(resource)
    return {
        "inputs": _inputs(arguments, ()),
        "outputs": {"object": {n: _shape(t, ()) for n, t in outputs.items()}, "required": []},
        "secret": list[Json](_secret_outputs(resource)),
    }


def _secret_outputs(resource: type) -> list[str]:
    named = re.search(r"additional_secret_outputs=\[([^\]]*)\]", inspect.getsource(resource))
    return re.findall(r'"(\w+)"', named[1]) if named else []


def _inputs(arguments: type, seen: tuple[type, ...]) -> Json:
    from pulumi import _types  # noqa: PLC0415 -- see describe

    names = _types.input_type_py_to_pulumi_names(arguments)
    types = _types.input_type_types(arguments)
    signature = inspect.signature(arguments)
    required = [
        names[python_name]
        for python_name, parameter in signature.parameters.items()
        if parameter.default is inspect.Parameter.empty and python_name in names
    ]
    words = {names[python_name]: _words(arguments, python_name) for python_name in names}
    properties = {
        name: _worded(_shape(types[name], (*seen, arguments)), words[name])
        for name in names.values()
    }
    return {"object": properties, "required": list[Json](required)}


_AVAILABLE = re.compile(r'Available values: ((?:"[^"]*"(?:, )?)+)')


def _words(arguments: type, python_name: str) -> list[str]:
    """The words that a property takes, as its documentation tells; nothing if it takes any."""
    told = inspect.getdoc(getattr(arguments, python_name, None)) or ""
    found = _AVAILABLE.search(told)
    # The SDK's generator took the underscores of a word for emphasis and wrote asterisks.
    return [word.replace("*", "_") for word in re.findall(r'"([^"]*)"', found[1])] if found else []


def _worded(shape: Json, words: list[str]) -> Json:
    match shape:
        case "string" if words:
            return {"words": list[Json](words)}
        case {"list": "string"} if words:
            return {"list": {"words": list[Json](words)}}
        case _:
            return shape


def _outputs(kind: type, seen: tuple[type, ...]) -> Json:
    from pulumi import _types  # noqa: PLC0415 -- see describe

    types = _types.output_type_types(kind)
    return {
        "object": {name: _shape(part, (*seen, kind)) for name, part in types.items()},
        "required": [],
    }


_SCALARS: dict[object, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _shape(kind: object, seen: tuple[type, ...]) -> Json:
    from pulumi import _types  # noqa: PLC0415 -- see describe

    kind = _bare(kind)
    if kind in _SCALARS:
        return _SCALARS[kind]
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in {list, abc.Sequence}:
        return {"list": _shape(parts[0], seen)}
    if origin in {dict, abc.Mapping}:
        return {"map": _shape(parts[1], seen)}
    if isinstance(kind, type) and kind not in seen:
        if _types.is_input_type(kind):
            return _inputs(kind, seen)
        if _types.is_output_type(kind):
            return _outputs(kind, seen)
    return "any"


def _bare(kind: object) -> object:
    """The type inside `Input[…]`, `Output[…]` and `Optional[…]`."""
    while typing.get_origin(kind) is typing.Union or _is_wrapper(kind):
        parts = [part for part in typing.get_args(kind) if part is not NoneType]
        plain = [part for part in parts if not _is_wrapper(part)]
        if not (plain or parts):
            return kind
        kind = (plain or parts)[0]
    return kind


def _is_wrapper(kind: object) -> bool:
    origin = typing.get_origin(kind)
    return origin is abc.Awaitable or getattr(origin, "__name__", "") == "Output"


if __name__ == "__main__":
    main()
