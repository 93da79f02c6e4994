"""Values of secrets, struck out of what Workers say, in all the forms that code gives them.

Quoted in JSON, percent-encoded in a URL, in base64: whoever knows the form has the value.
"""

from __future__ import annotations

import json
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from localcloud.runtime.plan import secrets_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.documents import Value
    from localcloud.store import Store

SHORTEST = 6
"""Characters of a value that is struck: shorter ones are in every other line by chance."""
_FORMER = 200
"""Values that are struck although nothing has them any more: a Worker may still speak of them."""
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
#: Characters that stay as they are in the forms that a URL gives a value.
_LEFT_ALONE = (
    "",
    "/",  # what many libraries take for a part of a path
    "!'()*",  # encodeURIComponent
    "!'()*;,/?:@&=+$#",  # encodeURI
    "".join(set(_PRINTABLE) - set('"#<>?`{}')),  # a path
    "".join(set(_PRINTABLE) - set("\"#<>'")),  # a query
    "".join(set(_PRINTABLE) - set('"<>`')),  # a fragment
)
_LEAST_SHIFTED = 7
"""Digits of base64 in the middle of something longer, below which they may be anything."""


class Striking:
    """The secrets of a store's Workers, each known by its name."""

    def __init__(self, store: Store) -> None:
        """Nothing is read before it is needed."""
        self._store = store
        self._present: dict[str, str] | None = None
        self._former: dict[str, str] = {}
        self._forms: list[tuple[str, str]] = []

    def renew(self) -> None:
        """Read the secrets again before the next text: Workers have changed."""
        if self._present is not None:
            self._former = dict([*self._former.items(), *self._present.items()][-_FORMER:])
        self._present = None

    def read(self) -> None:
        """Read the secrets now: Workers are about to run with them."""
        self.renew()
        self._known()

    def text(self, told: str) -> str:
        """Return a text with the names of secrets, in brackets, in place of their values."""
        found = sorted(_places(told, self._known()))
        if not found:
            return told
        kept: list[str] = []
        end = 0
        for start, less_length, name in found:
            if start >= end:
                kept += [told[end:start], f"[{name}]"]
            # Values that overlap go together.
            end = max(end, start - less_length)
        return "".join([*kept, told[end:]])

    def value(self, told: Value) -> Value:
        """Return a JSON value of which every text, and every name of a field, is struck."""
        match told:
            case str():
                return self.text(told)
            case dict():
                return {self.text(name): self.value(of) for name, of in told.items()}
            case list():
                return [self.value(one) for one in told]
            case bool() | None:
                return told
        as_text = json.dumps(told)
        names = [name for form, name in self._known() if form == as_text]
        return f"[{names[0]}]" if names else told

    def _known(self) -> list[tuple[str, str]]:
        """Return the forms of all values, the longest first, each with the name of the secret."""
        if self._present is None:
            self._present = secrets_of(self._store)
            known = {**self._former, **self._present}
            forms = {
                form: name
                for value, name in known.items()
                if len(value) >= SHORTEST
                for form in forms_of(value)
            }
            self._forms = sorted(forms.items(), key=lambda form: -len(form[0]))
        return self._forms


def _places(told: str, forms: list[tuple[str, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield where values are: the start, the length as a negative number, the secret's name."""
    for form, name in forms:
        start = told.find(form)
        while start >= 0:
            yield start, -len(form), name
            start = told.find(form, start + 1)


@lru_cache(maxsize=1024)
def forms_of(value: str) -> frozenset[str]:
    """Return a value in every form that is struck."""
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    quoted = {value, whole}
    for _ in range(2):
        quoted |= {
            json.dumps(form, ensure_ascii=ascii_only)[1:-1]
            for form in quoted
            for ascii_only in (True, False)
        }
    addresses = {quote(whole, safe=safe) for safe in _LEFT_ALONE}
    addresses |= {quote_plus(whole, safe=safe) for safe in ("", "*")}
    addresses |= {form.replace("~", "%7E") for form in addresses}
    addresses |= {_lower(form) for form in addresses}
    raw = {whole.encode(), *_latin(whole)}
    digits = {form for content in raw for form in _base64(content)}
    return frozenset(quoted | addresses | digits | {d.translate(_URL_SAFE) for d in digits})


_URL_SAFE = str.maketrans("+/", "-_")


def _lower(form: str) -> str:
    head, *rest = form.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


def _latin(value: str) -> list[bytes]:
    """Return a value as `btoa` sees it, if it can."""
    try:
        return [value.encode("latin-1")]
    except UnicodeEncodeError:
        return []


def _base64(content: bytes) -> Iterator[str]:
    """Yield the digits of a content alone, and those that it has within anything longer."""
    alone = b64encode(content).decode()
    yield alone
    yield alone.rstrip("=")
    for before in range(3):
        digits = b64encode(bytes(before) + content).decode()
        within = digits[-(-8 * before // 6) : 8 * (before + len(content)) // 6]
        if len(within) >= _LEAST_SHIFTED:
            yield within
