"""The outer form of Go's templates: whether actions are closed and blocks end."""

from __future__ import annotations

import re

from localcloud.documents import MalformedError

_TOKEN = re.compile(
    r"""
    \{\{-?\s*/\*.*?\*/\s*-?\}\}                     # a comment
    | \{\{(?P<action>(?:"(?:\\.|[^"\\\n])*"         # text in quotes, which may hold braces
        | `[^`]*` | '(?:\\.|[^'\\\n])*'
        | (?!\}\}|\{\{)[^"`'])*)\}\}
    | (?P<open>\{\{)
    """,
    re.DOTALL | re.VERBOSE,
)
_BLOCKS = frozenset({"block", "define", "if", "range", "with"})
_WITH_ELSE = frozenset({"if", "range", "with"})
_DEFINE = re.compile(r"\{\{-?\s*(?:define|block)\s")
_ALONE = frozenset({"break", "continue", "else", "end"})


def check_template(name: str, content: str) -> None:
    """Check that there is content, that every action is closed and that every block ends.

    Raises:
        MalformedError: something is missing; the text names the line, from 1.

    """
    if not name or any(mark in name for mark in ('"', "\\", "\n")):
        raise MalformedError("template must have a name without quotes, backslashes and line ends")
    if not content.strip():
        raise MalformedError("template must have content")
    blocks: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(content):
        line = content.count("\n", 0, token.start()) + 1
        if token["open"]:
            raise MalformedError(f"template: line {line}: unclosed action")
        if token["action"] is not None:
            _take(token["action"].strip("-").split(), line, blocks)
    if blocks:
        word, line = blocks[-1]
        raise MalformedError(f"template: line {line}: {word} has no end: unexpected EOF")


def wrapped(name: str, content: str) -> str:
    """Return a template's content as Grafana keeps it: what defines nothing defines its name."""
    content = content.strip()
    if _DEFINE.search(content):
        return content
    body = "\n".join(f"  {line}" for line in content.split("\n"))
    return f'{{{{ define "{name}" }}}}\n{body}\n{{{{ end }}}}'


def _take(words: list[str], line: int, blocks: list[tuple[str, int]]) -> None:
    if not words:
        raise MalformedError(f"template: line {line}: missing value for command")
    word = words[0]
    if word in _BLOCKS:
        if len(words) == 1:
            raise MalformedError(f"template: line {line}: missing value for {word}")
        if word == "define" and blocks:
            raise MalformedError(f"template: line {line}: unexpected {{{{define}}}} inside a block")
        blocks.append((word, line))
    elif word in _ALONE and not blocks:
        raise MalformedError(f"template: line {line}: unexpected {{{{{word}}}}}")
    elif word == "end":
        blocks.pop()
    elif word == "else" and blocks[-1][0] not in _WITH_ELSE:
        raise MalformedError(f"template: line {line}: unexpected {{{{else}}}} in {blocks[-1][0]}")
