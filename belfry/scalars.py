"""Single texts and their types: how each is called, interpreted, and said in JSON Schema."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from belfry.arguments import Secret
from belfry.problems import nearest
from belfry.values import secret
from belfry.values.duration import Duration
from belfry.values.nonsense import Nonsense, shown
from belfry.values.percent import Percent
from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Form:
    """How a text must look."""

    pattern: str
    what: str
    example: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a whole number may be."""

    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One text: what it is called, how it is interpreted, how JSON Schema says the same."""

    what: str
    example: str
    parse: Callable[[str], object]
    schema: tuple[tuple[str, object], ...]


def is_value(base: Any) -> bool:
    """Say whether a type is one of the values that stand in a single text."""
    return base in _VALUES


def scalar_of(base: Any, example: str | None, notes: tuple[object, ...]) -> Scalar:
    """Give the scalar of a type with its annotations; `example` is of the field that holds it."""
    for note in notes:
        if isinstance(note, Form):
            return _form(note, example)
        if isinstance(note, Bounds):
            return _whole_number(note, example)
    if get_origin(base) is Literal:
        return _vocabulary({word: word for word in get_args(base)}, example)
    if isinstance(base, type) and issubclass(base, StrEnum):
        return _vocabulary({word.value: word for word in base}, example)
    value = _VALUES[base]
    return replace(value, example=example or value.example)


def _form(form: Form, example: str | None) -> Scalar:
    compiled = re.compile(form.pattern)
    example = example or form.example

    def parse(text: str) -> str:
        if compiled.search(text) is None or text.endswith("\n"):
            raise Nonsense(f"{shown(text)} is not {form.what}", f"write one such as {example}")
        return text

    return Scalar(
        what=form.what,
        example=example,
        parse=parse,
        schema=(("type", "string"), ("pattern", form.pattern)),
    )


def _whole_number(bounds: Bounds, example: str | None) -> Scalar:
    least, most = bounds.least, bounds.most

    def parse(text: str) -> int:
        if re.fullmatch(r"0|-?[1-9][0-9]{0,17}", text, re.ASCII) is None:
            right = f"write one between {least} and {most}"
            raise Nonsense(f"{shown(text)} is not a whole number", right)
        number = int(text)
        if not least <= number <= most:
            raise Nonsense(f"{number} is out of range", f"write one between {least} and {most}")
        return number

    return Scalar(
        what="a whole number",
        example=example or str(least),
        parse=parse,
        schema=(("type", "integer"), ("minimum", least), ("maximum", most)),
    )


def _vocabulary(words: Mapping[str, str], example: str | None) -> Scalar:
    def parse(text: str) -> str:
        word = words.get(text)
        if word is None:
            known = ", ".join(words)
            right = (
                f"did you mean {meant}?" if (meant := nearest(text, words)) else "write one of them"
            )
            raise Nonsense(f"{shown(text)} is not one of {known}", right)
        return word

    return Scalar(
        what=f"one of {', '.join(words)}",
        example=example or next(iter(words)),
        parse=parse,
        schema=(("enum", tuple(words)),),
    )


def _line(text: str) -> str:
    if not text.strip():
        raise Nonsense("nothing is written here", "write a text")
    if "\n" in text.strip("\n"):
        raise Nonsense("this text has several lines", "write it on one line")
    return text.strip("\n")


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise Nonsense(f"{shown(text)} is neither true nor false", "write true or false")
    return text == "true"


_VALUES: dict[type, Scalar] = {
    str: Scalar(
        what="a text", example="a text", parse=_line, schema=(("type", "string"), ("minLength", 1))
    ),
    bool: Scalar(
        what="true or false", example="true", parse=_truth, schema=(("type", "boolean"),)
    ),
    Duration: Scalar(
        what="a duration",
        example="60s",
        parse=Duration.parse,
        schema=(("type", "string"), ("pattern", Duration.PATTERN)),
    ),
    Percent: Scalar(
        what="a percentage",
        example="99.9 %",
        parse=Percent.parse,
        schema=(("type", "string"), ("pattern", Percent.PATTERN)),
    ),
    Secret: Scalar(
        what="the name of a secret",
        example="secret:slack-critical",
        parse=secret.parse_secret,
        schema=(("type", "string"), ("pattern", secret.PATTERN)),
    ),
    Template: Scalar(
        what="a text with blanks",
        example="https://api.${domain}",
        parse=Template.parse,
        schema=(("type", "string"), ("minLength", 1)),
    ),
}  # fmt: skip
