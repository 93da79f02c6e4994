"""Secrets that stand in the file in clear. No message repeats any part of one.

They are known by their form, by the key they stand under, or by looking as if a machine had drawn
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from belfry.hosts import without_hosts
from belfry.problems import Code, Problem
from belfry.randomness import LONG, is_drawn
from belfry.secret_looks import form_of
from belfry.tree import Items, Table, Text
from belfry.values import secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from belfry.problems import Path, Place
    from belfry.tree import Document, Node

_RIGHT = (
    "revoke it, for it may be known already; where a secret belongs write secret: and a name, and "
    "set its value in the stack's config (docs/stacks.md)"
)
_RIGHT_IF_ANY = (
    "if it is a secret, revoke it, and write secret: and a name where one belongs "
    "(docs/stacks.md); if not, write what people can read"
)
_DRAWN = "a text that a machine seems to have drawn, such as a key,"
_SHOWN = 57
"""Characters of a text that messages show at most (see `shown`)."""
_REFERENCE = re.compile(secret.PATTERN)

_PLAIN_TABLES = ("headers", "variables", "tags")
"""Tables of anybody's keys with plain values, where a key tells what its value is."""
_SECRET_KEY = re.compile(
    r"(pass(word|wd|phrase)|secret|token|credentials?|api-?key|access-?key|private-?key|auth-?key)$"
)
_PUBLIC_KEY = re.compile(r"public|publishable|site-?key")
_NO_SECRET_KEY = re.compile(
    r"(^|-)(ids?|sha|commit|release|version|revision|hash|digest|etag|fingerprint)$"
)
"""Keys whose values are computed or given by number, and known to all."""
_PAGES = ("playbook", "troubleshooting", "runbooks", "runbook")
"""Keys of addresses that people follow: what is drawn in them names a page."""
_NAMES = ("bucket", "script", "namespace", "queue", "dataset")
_HOSTS = ("host", "hosts", "address", "addresses", "origin", "origins", "domain", "name", "to")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.([a-z]{2,}|\$\{[a-z-]+\})(:[0-9]{1,5})?")
_TABLES_OF_NAMES = ("kv", "r2", "queues", "analytics")
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)+")
"""Names of what a provider keeps, some of whose words are drawn; a single word is no name."""
_IMAGES = ("image", "images")
_IMAGE = re.compile(r"[a-z0-9][a-z0-9./:_-]*[/:][\w.-]+(@sha256:[0-9a-f]{64})?")
_WORD = re.compile(r"[A-Za-z]{1,12}([ -][a-z]{1,12})*|[0-9]{1,5}")
_IN_BODY = re.compile(
    r"""(?ix) ["'&?] \w* (password|passwd|passphrase|secret|token|api_?key) \w* ["']?
        \s* [:=] \s* ["']? (?! \$\{ ) [^"'&\s]{4,}"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """One secret that was found."""

    problem: Problem
    is_key: bool
    """It is a key, so that it is part of the path of all that stands below it."""
    text: str


def secrets_in(document: Document) -> tuple[Secret, ...]:
    """Find every secret of a document as it is written, overrides and defaults included."""
    return tuple(_within(document.root, ()))


def hushed(problems: Iterable[Problem], secrets: Sequence[Secret]) -> tuple[Problem, ...]:
    """Add the secrets to other problems, and take out of those what would repeat a secret.

    Where the reader has said already that a secret stands in clear, it is not said again.
    """
    others = tuple(problems)
    said = {problem.place for problem in others if problem.code is Code.SECRET}
    unseen = {problem.place for problem in others if problem.hidden}
    if not secrets and not said and not unseen:
        return others
    found = {secret.problem.place: secret.problem for secret in secrets}
    keys = {secret.text for secret in secrets if secret.is_key}
    repeated = _any_of(secret.text for secret in secrets)
    kept = (
        replace(
            problem,
            wrong=repeated.sub("…", problem.wrong),
            right=repeated.sub("…", problem.right),
        )
        for problem in others
        if problem.place not in found and keys.isdisjoint(map(str, problem.path))
    )
    first = [problem for problem in others if problem.code is Code.SECRET]
    rest = [problem for place, problem in found.items() if place not in said]
    told = (*(problem for problem in kept if problem.code is not Code.SECRET), *first, *rest)
    lines = {_line(place) for place in (*said, *unseen, *found) if place is not None}
    return tuple(
        replace(problem, hidden=True)
        if problem.place is not None and _line(problem.place) in lines
        else problem
        for problem in told
    )


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Make a pattern of texts, and of their beginnings that messages show; of none, nothing."""
    shown = {part for text in texts for part in (text, text[:_SHOWN]) if part}
    longest_first = sorted(shown, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _line(place: Place) -> tuple[str, int]:
    return place.file, place.line


def _within(node: Node, path: Path) -> Iterator[Secret]:
    if isinstance(node, Text):
        if what := _what(node.text, path):
            yield _secret(what, node, path, is_key=False)
    elif isinstance(node, Table):
        for entry in node.entries:
            key = entry.key.text
            if what := _what(key, ()):
                yield _secret(what, entry.key, path, is_key=True)
            else:
                yield from _within(entry.value, (*path, key))
    elif isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield from _within(item, (*path, index))


def _secret(what: str, text: Text, path: Path, *, is_key: bool) -> Secret:
    problem = Problem(
        place=text.place,
        path=path,
        wrong=f"{what} stands here in clear",
        right=_RIGHT_IF_ANY if what == _DRAWN else _RIGHT,
        code=Code.SECRET,
        hidden=True,
    )
    return Secret(problem=problem, is_key=is_key, text=text.text)


def _what(text: str, path: Path) -> str | None:
    """Say what kind of secret a text is, or holds; None when it is none."""
    if _REFERENCE.fullmatch(text):
        return None
    if what := form_of(text):
        return what
    if what := _by_key(text, path):
        return what
    if len(text) < LONG:
        return None  # as most texts are, which are not looked at twice
    return _DRAWN if is_drawn(without_hosts(text)) and not _is_public(text, path) else None


def _by_key(text: str, path: Path) -> str | None:
    """Say what stands under a key that tells it, where a plain value could stand too."""
    if path[-1:] == ("body",) and "expect" not in path:
        return "a password or key" if _IN_BODY.search(text) else None
    if len(path) < 2 or path[-2] not in _PLAIN_TABLES or "expect" in path:
        return None
    key = _key(path)
    if "${" in text or not _SECRET_KEY.search(key) or _PUBLIC_KEY.search(key):
        return None
    return None if _WORD.fullmatch(text) and "pass" not in key else f"a value for {path[-1]}"


def _is_public(text: str, path: Path) -> bool:
    """Say whether what stands there may look drawn, and is known to all."""
    key = _key(path)
    if path[-3:-1] == ("dns", "expect") or path[-2:] == ("expect", "body"):
        return True
    if key in _PAGES or _NO_SECRET_KEY.search(key):
        return True
    if key in _IMAGES:
        return bool(_IMAGE.fullmatch(text))
    if key in _HOSTS and _HOST.fullmatch(text):
        return True
    is_name = key in _NAMES or any(step in _TABLES_OF_NAMES for step in path[-2:-1])
    return is_name and bool(_NAME.fullmatch(text))


def _key(path: Path) -> str:
    """Give the last name of a path, with hyphens between its words."""
    names = (step for step in reversed(path) if isinstance(step, str))
    return next(names, "").lower().replace("_", "-")
