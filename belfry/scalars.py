"""Single texts and their types: how each is called, interpreted, and said in JSON Schema."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args, get_origin

from belfry.arguments import Secret
from belfry.problems import nearest
from belfry.values import secret
from belfry.values.clock import TimeOfDay, TimeSpan
from belfry.values.comparison import Comparison
from belfry.values.cron import Cron
from belfry.values.date import Date, Holiday, YearlyDate
from belfry.values.duration import Duration
from belfry.values.factor import Factor
from belfry.values.header import AnswerHeader, HeaderName
from belfry.values.json_path import JsonPath
from belfry.values.line import parse_line
from belfry.values.moment import Moment
from belfry.values.money import Money
from belfry.values.nonsense import Nonsense, shown
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.promise import Promise
from belfry.values.quorum import Quorum
from belfry.values.rate import Rate
from belfry.values.rule_text import RuleText
from belfry.values.size import Size
from belfry.values.template import Template
from belfry.values.truth import parse_truth
from belfry.values.weekdays import Weekdays
from belfry.values.whole import parse_whole
from belfry.values.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TITLE = 200
_FORMED = 2_000
"""Characters of a text that has a form; addresses may be long."""


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


@dataclass(frozen=True, slots=True)
class Length:
    """The most characters of a text; without it, as many as a title may have."""

    most: int


@dataclass(frozen=True, slots=True)
class Within:
    """The least and the most that an ordered value may be, as it is written: Within("1s", "5m")."""

    least: str
    most: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One text: what it is called, how it is interpreted, how JSON Schema says the same."""

    what: str
    example: str
    parse: Callable[[str], object]
    schema: tuple[tuple[str, object], ...]

    @property
    def sample(self) -> object:
        """The value of the example, which may stand in quotation marks for YAML's sake."""
        quoted = len(self.example) > 1 and self.example[0] == self.example[-1] == '"'
        return self.parse(self.example[1:-1] if quoted else self.example)


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
        if isinstance(note, Length):
            return _long(_VALUES[base], note.most, example)
        if isinstance(note, Within):
            return _within(_VALUES[base], note, example)
    if get_origin(base) is Literal:
        return _vocabulary({word: word for word in get_args(base)}, example)
    if isinstance(base, type) and issubclass(base, StrEnum):
        return _vocabulary({word.value: word for word in base}, example)
    value = _VALUES[base]
    return replace(value, example=example or value.example)


def _form(form: Form, example: str | None) -> Scalar:
    compiled = re.compile(form.pattern)
    example = example or form.example

    def fits(text: str) -> bool:
        return compiled.search(text) is not None and not text.endswith("\n")

    def parse(text: str) -> str:
        if len(text) > _FORMED:
            raise Nonsense(f"{shown(text)} is too long", f"write at most {_FORMED} characters")
        if not fits(text):
            meant = _otherwise_formed(text, fits)
            right = f"write {meant}" if meant else f"write one such as {example}"
            raise Nonsense(f"{shown(text)} is not {form.what}", right)
        return text

    return Scalar(
        what=form.what,
        example=example,
        parse=parse,
        schema=(("type", "string"), ("pattern", form.pattern)),
    )


def _otherwise_formed(text: str, fits: Callable[[str], bool]) -> str | None:
    """Find a form of a text that may have been meant: of a name, an address, a path."""
    bare = text.strip()
    if len(text) > _TITLE or not bare.isprintable() or not bare:
        return None
    words = re.split(r"[ _.-]+", bare)
    ways = [bare, bare.lower()]
    if fits("a-b") and not fits("a.b"):
        apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", bare)
        ways.append(re.sub(r"[ _./-]+", "-", apart).lower())
    ways.append("".join(word[:1].upper() + word[1:] for word in words))
    ways.extend((bare.upper(), "_".join(words), "_".join(words).upper()))
    if "://" in bare:
        host_and_path = re.sub(r"^https?://", "", bare.lower())
        ways.extend((host_and_path.rstrip("/"), re.sub(r"^[^/]*", "", host_and_path)))
    else:
        ways.extend((f"/{bare}", f"https://{bare}"))
    if bare.startswith("+"):
        ways.append(re.sub(r"[ ()./-]+", "", bare))
    return next(filter(fits, ways), None)


def _whole_number(bounds: Bounds, example: str | None) -> Scalar:
    least, most = bounds.least, bounds.most

    def parse(text: str) -> int:
        return parse_whole(text, least, most)

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
            raise Nonsense(f"{shown(text)} is not one of {', '.join(words)}", _word(text, words))
        return word

    return Scalar(
        what=f"one of {', '.join(words)}",
        example=example or next(iter(words)),
        parse=parse,
        schema=(("enum", tuple(words)),),
    )


def _word(text: str, words: Mapping[str, str]) -> str:
    alike = re.sub(r"[ _-]+", "-", text[:_TITLE].strip().lower())
    for word in words:
        if word.lower() == text.lower():
            return f"write {word}: capital and small letters differ"
        if re.sub(r"[ _-]+", "-", word.lower()) == alike:
            return f"write {word}"
    meant = nearest(text, words)
    return f"did you mean {meant}?" if meant else "write one of them"


def _long(value: Scalar, most: int, example: str | None) -> Scalar:
    """Bound the length of a text."""

    def parse(text: str) -> object:
        if len(text) > most:
            raise Nonsense(f"this text has {len(text)} characters", f"write at most {most}")
        return value.parse(text)

    def parse_text(text: str) -> str:
        return parse_line(text, most)

    schema = {**dict(value.schema), "maxLength": most}
    return Scalar(
        what=value.what,
        example=example or value.example,
        parse=parse_text if value is _VALUES[str] else parse,
        schema=tuple(schema.items()),
    )


def _within(value: Scalar, within: Within, example: str | None) -> Scalar:
    """Bound a value that is ordered."""
    ordered: Any = value.parse
    least, most = ordered(within.least), ordered(within.most)

    def parse(text: str) -> object:
        read = ordered(text)
        if not least <= read <= most:
            raise Nonsense(
                f"{shown(text)} is out of range", f"write one between {least} and {most}"
            )
        return read

    parse.__doc__ = value.parse.__doc__
    limits = (
        (("minimum", least.plain), ("maximum", most.plain)) if isinstance(least, Number) else ()
    )
    return Scalar(
        what=value.what,
        example=example or str(least),
        parse=parse,
        schema=(*value.schema, *limits),
    )


def _title(text: str) -> str:
    return parse_line(text, _TITLE)


class _Value(Protocol):
    """A type of `belfry.values`."""

    PATTERN: str

    @classmethod
    def parse(cls, text: str) -> object: ...


def _value(made: type[_Value], what: str, example: str) -> Scalar:
    return Scalar(
        what=what,
        example=example,
        parse=made.parse,
        schema=(("type", "string"), ("pattern", made.PATTERN)),
    )


_VALUES: dict[type, Scalar] = {
    str: Scalar(
        what="a text",
        example="a text",
        parse=_title,
        schema=(("type", "string"), ("minLength", 1), ("maxLength", _TITLE)),
    ),
    bool: Scalar(
        what="true or false", example="true", parse=parse_truth, schema=(("type", "boolean"),)
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
    RuleText: Scalar(
        what="a text on one line",
        example="${title} does not answer",
        parse=RuleText.parse,
        schema=(("type", "string"), ("minLength", 1)),
    ),
    Number: Scalar(
        what="a number",
        example="0.1",
        parse=Number.parse,
        schema=(("type", "number"),),  # editors read 0.1 as a number, not as a text
    ),
    Comparison: Scalar(
        what="a condition",
        example="at least 80",
        parse=Comparison.parse,
        schema=(
            ("type", ("string", "number", "boolean", "null")),
            ("pattern", Comparison.PATTERN),
        ),
    ),
    AnswerHeader: _value(AnswerHeader, "the name of a header in an answer", "content-type"),
    Cron: _value(Cron, "a cron expression", "*/5 * * * *"),
    Date: _value(Date, "a date", "2026-12-24"),
    Duration: _value(Duration, "a duration", "60s"),
    Factor: _value(Factor, "a factor", "10x"),
    HeaderName: _value(HeaderName, "the name of a header", "X-Request-Id"),
    Holiday: _value(Holiday, "a date of one year or of every year", "2026-12-24"),
    JsonPath: _value(JsonPath, "a place in JSON", "services.database.status"),
    Moment: _value(Moment, "a moment", "2026-12-24 22:00"),
    Money: _value(Money, "an amount of money", "50 USD"),
    Percent: _value(Percent, "a percentage", "99.9 %"),
    Promise: _value(Promise, "a promise", "15m"),
    Quorum: _value(Quorum, "a quorum", "2 of 3"),
    Rate: _value(Rate, "a rate", "100 per minute"),
    Size: _value(Size, "a size", "50MB"),
    TimeOfDay: _value(TimeOfDay, "a time of day", "07:30"),
    TimeSpan: _value(TimeSpan, "a span of the day", "08:00–18:00"),
    Weekdays: _value(Weekdays, "days of the week", "Mon–Fri"),
    YearlyDate: _value(YearlyDate, "a date of every year", "12-25"),
    Zone: _value(Zone, "a time zone", "America/Denver"),
}
"""Every type that stands in a single text."""
