"""The kinds of values that the file may hold: what each is called, and how it is written."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from belfry.scalars import Scalar
from belfry.shapes import Listing, Names, Record, first_paragraph
from belfry.written import keys_of, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.shapes import Shape

_ARTICLE = re.compile(r"^(a|an|the) ")
_REST = re.compile(r"[,:]| (in (?!JSON)|that |with |at |and no )")


@cache
def kinds() -> Mapping[str, tuple[Scalar, ...]]:
    """Give every kind of value but vocabularies, by the word that names it, such as `duration`.

    Several kinds may share a word: there are names with and without capitals.
    """
    found: dict[str, dict[str, Scalar]] = {}
    for scalar in _scalars(whole_file()):
        if not words_of(scalar):
            name = _REST.split(_ARTICLE.sub("", scalar.what))[0].strip()
            same = found.setdefault(name, {})
            if scalar.what not in same or meaning_of(scalar) > meaning_of(same[scalar.what]):
                same[scalar.what] = scalar
    return {name: tuple(found[name].values()) for name in sorted(found)}


def kind_named(asked: str) -> tuple[Scalar, ...]:
    """Find a kind by its words, in the singular or plural; nothing if none is called so."""
    word = asked.lower().replace("-", " ")
    candidates = (word, word.removesuffix("s"), word.removesuffix("es"), f"{word[:-3]}y")
    known = {name.lower().removeprefix("name of a "): found for name, found in kinds().items()}
    known |= {name.lower(): found for name, found in kinds().items()}
    return next((known[one] for one in candidates if one in known), ())


def kind_that_ends_in(asked: str) -> tuple[Scalar, ...]:
    """Find a kind by the last of its words, as `year` for a date of every year."""
    last = asked.lower().removesuffix("s")
    return next((found for name, found in kinds().items() if name.lower().split()[-1] == last), ())


def words_of(shape: Shape) -> tuple[str, ...]:
    """Give the words of which one must be written, if it is such a shape."""
    words = dict(shape.schema).get("enum", ()) if isinstance(shape, Scalar) else ()
    return tuple(map(str, words)) if isinstance(words, tuple | list) else ()


def meaning_of(scalar: Scalar) -> str:
    """Say in one sentence what a kind of value is, as its type does; empty for plain texts."""
    made = getattr(scalar.parse, "__self__", None)
    return first_paragraph(made).split(". ")[0].rstrip(".") + "." if made else ""


def how_written(scalar: Scalar) -> str:
    """Say how a kind of value is written, as its parser does; empty when its name says all."""
    text = first_paragraph(scalar.parse)
    return sentence(text.removeprefix("Read ")) if text.startswith("Read ") else ""


def bounds_of(scalar: Scalar) -> str:
    """Say between which numbers a number must be: `0 to 99`; empty when it need not."""
    schema = dict(scalar.schema)
    return f"{schema['minimum']} to {schema['maximum']}" if "minimum" in schema else ""


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def _scalars(shape: Shape) -> Iterator[Scalar]:
    if isinstance(shape, Scalar):
        yield shape
    elif isinstance(shape, Listing):
        yield from _scalars(shape.item)
    elif isinstance(shape, Names):
        yield from _scalars(shape.name)
        yield from _scalars(shape.value)
    else:
        rest = (shape.rest,) if isinstance(shape, Record) and shape.rest else ()
        for part in (*keys_of(shape).values(), *rest):
            yield from _scalars(part.shape)
