"""Secrets on the lines of a file, whether or not the file can be read: no mistake shows them.

What is read is judged text by text, in `belfry.meaning.clear_text`. Here a file is only lines, so
that a mistake that keeps it from being read, or a comment, which nothing reads, shows no secret.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from belfry.hosts import without_hosts
from belfry.problems import Code, Place, Problem
from belfry.randomness import drawn_in
from belfry.secret_looks import secrets_by_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_RIGHT = (
    "revoke it, for it may be known already, and remove it here; where a secret belongs write "
    "secret: and a name (docs/stacks.md)"
)
_COMMENT = re.compile(r"(?:^|(?<=[\s\[\]{},]))#.*")
_UNDER_SECRET_KEY = re.compile(
    r"""(?ix) (?: pass(?:word|wd|phrase) | secret | token | credentials? | webhook | \bdsn
        | \bkey | [_-]key ) (?: ["'] \s* : \s* | \s* [:=] \s+ ) ["']? (?! secret: | \$\{ )
        ([^\s"',{}\[\]]{6,})"""
)
_FEWEST = 6
"""Characters of the beginning of a secret that messages must not show."""


def hushed_by_lines(problems: Iterable[Problem], lines: Sequence[str]) -> tuple[Problem, ...]:
    """Take out of the problems of one file what would show a secret.

    Args:
        problems: mistakes that are all in the file.
        lines: all its lines.

    """

    @cache
    def secrets_on(number: int) -> tuple[str, ...]:
        if not 1 <= number <= len(lines):
            return ()
        # A zero byte between all letters is how text in another encoding is shown.
        line = lines[number - 1].replace("\0", "")
        return (*_known_in(line), *_under_secret_key(line))

    return tuple(
        _hushed(problem, secrets_on(problem.place.line) if problem.place else ())
        for problem in problems
    )


def secrets_in_comments(lines: Sequence[str], file: str) -> Iterator[Problem]:
    """Find what has the form of a secret behind a #, even where the # is part of a text."""
    for number, line in enumerate(lines, 1):
        comment = _COMMENT.search(line) if "#" in line else None
        if comment is None:
            continue
        for what, secret in sorted(secrets_by_form(line), key=lambda found: found[1].start()):
            if secret.start() > comment.start():
                yield Problem(
                    place=Place(file, number, secret.start() + 1),
                    path=(),
                    wrong=f"{what} stands in clear in this comment",
                    right=_RIGHT,
                    code=Code.SECRET,
                    hidden=True,
                )


def _hushed(problem: Problem, secrets: Sequence[str]) -> Problem:
    path = tuple(_masked(step, secrets) if isinstance(step, str) else step for step in problem.path)
    return replace(
        problem,
        path=path,
        wrong=_masked(problem.wrong, secrets),
        right=_masked(problem.right, secrets),
        hidden=problem.hidden or bool(secrets),
    )


def _known_in(text: str) -> tuple[str, ...]:
    by_form = (secret[0] for _, secret in secrets_by_form(text))
    return (*by_form, *drawn_in(without_hosts(text)))


def _under_secret_key(line: str) -> tuple[str, ...]:
    return tuple(_UNDER_SECRET_KEY.findall(line))


def _masked(text: str, secrets: Sequence[str]) -> str:
    """Put … where a secret stands, or the beginning of one that the message has cut off."""
    for secret in sorted({*secrets, *_known_in(text)}, key=len, reverse=True):
        fewest = min(len(secret), secret.find("://") + 3 + _FEWEST)
        ends = range(min(len(secret), len(text)), fewest - 1, -1)
        shown = next((secret[:end] for end in ends if secret[:end] in text), None)
        if shown is not None:
            text = text.replace(shown, "…")
    return text
