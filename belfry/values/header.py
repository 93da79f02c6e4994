"""Names of HTTP headers, for requests and in answers (RFC 9110, section 5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self

from belfry.values.nonsense import GUESSED, Nonsense, shown

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}"  # noqa: S105 -- the grammar's word

_OURS = {
    "connection": "the connection is the client's own",
    "content-length": "it is counted from the body",
    "expect": "the body is sent at once",
    "host": "it is taken from the address",
    "keep-alive": "the connection is the client's own",
    "proxy-connection": "the connection is the client's own",
    "te": "the connection is the client's own",
    "trailer": "the connection is the client's own",
    "transfer-encoding": "it follows from the body",
    "upgrade": "the connection is the client's own",
}
"""Headers that the client sets itself (RFC 9110, sections 7.6.1, 7.2, 8.6 and 10.1.1), and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerHeader:
    """The name of a header in an answer. Capitals make no difference, and are kept."""

    key: str
    """In lower case, as names compare and HTTP/2 sends them."""
    name: str = field(compare=False)
    """As it is written."""

    PATTERN = rf"^{_TOKEN}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a name: letters, digits and hyphens, and the grammar's few other signs.

        Raises:
            Nonsense: the text is something else, or too long.

        """
        if re.fullmatch(_TOKEN, text) is None:
            raise Nonsense(f"{shown(text)} is not a header's name", _remedy(text))
        return cls(key=text.lower(), name=text)

    def __str__(self) -> str:
        """Print the text that `parse` reads."""
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderName(AnswerHeader):
    """The name of a header that a request may carry."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the name of a header that is not the client's own to set: letters, digits, hyphens.

        Raises:
            Nonsense: the text is something else, or such a header.

        """
        if why := _OURS.get(text.lower()):
            raise Nonsense(f"{shown(text)} cannot be set: {why}", "leave it out")
        # `super` finds no class here: a slotted dataclass is made anew.
        header = AnswerHeader.parse(text)
        return cls(key=header.key, name=header.name)


def _remedy(text: str) -> str:
    if len(text) > GUESSED:
        return "write a name of at most 100 letters, digits and hyphens, such as X-Request-Id"
    meant = re.sub(r"[ /]+", "-", text.partition(":")[0].strip())
    if re.fullmatch(_TOKEN, meant):
        return f"write {meant}"
    return "write letters, digits and hyphens, such as X-Request-Id"
