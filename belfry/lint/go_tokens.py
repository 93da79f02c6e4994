"""The tokens of Go's templates.

Source: text/template/parse/lex.go of Go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

KEYWORDS = frozenset(
    (
        "if",
        "else",
        "end",
        "range",
        "with",
        "define",
        "template",
        "block",
        "break",
        "continue",
    )
)
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+')
    |(?P<number>[+-]?(?:0[xXbBoO][0-9a-fA-F_.]+(?:[pP][+-]?[0-9]+)?
        |(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?)i?(?![\w.]))
    |(?P<variable>\$\w*)
    |(?P<field>\.[^\W\d]\w*)
    |(?P<dot>\.)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>:=|[=|,()])
    """,
    re.VERBOSE,
)


class Wrong(NamedTuple):
    """Why a template cannot be read, and where."""

    offset: int
    wrong: str
    right: str


class Token(NamedTuple):
    """A token of an action, by the name of its group above."""

    kind: str
    text: str
    offset: int


class Broken(Exception):  # noqa: N818 -- becomes a value in `template`
    """The template cannot be read."""

    def __init__(self, offset: int, wrong: str, right: str) -> None:
        self.found = Wrong(offset, wrong, right)
        super().__init__(wrong)


def action_tokens(text: str, start: int, at: int) -> tuple[list[Token], int]:
    """Cut an action into tokens, blanks too, and say where it ends.

    Args:
        text: the template.
        start: where {{ stands.
        at: where the action begins after it.

    Raises:
        Broken: it does not end, or holds what is no token.

    """
    tokens: list[Token] = []
    while True:
        if text.startswith("}}", at):
            return tokens, at + 2
        close = re.compile(r"\s+-\}\}").match(text, at)
        if close:
            return tokens, close.end()
        if at >= len(text) or text.startswith("{{", at):
            raise Broken(start, "{{ is not closed", "close it with }}")
        match = _TOKEN.match(text, at)
        if match is None:
            raise Broken(at, *_strange(text, at))
        kind = match.lastgroup or ""
        token = Token(kind, match[0], at)
        _check_token(token, tokens[-1] if tokens else None)
        tokens.append(token)
        at = match.end()


_ESCAPES = re.compile(
    r"""\\(?:[abfnrtv\\"']|[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"""
)
_OPERANDS = frozenset(("string", "number", "variable", "field", "dot", "word"))


def _check_token(token: Token, before: Token | None) -> None:
    """Check a text in quotation marks, and that words do not touch; a field touches what it is of.

    Go's lexer ends a word at a blank, a bracket, a bar or the end only.
    """
    if token.kind == "string" and token.text[0] != "`":
        plain = _ESCAPES.sub("x", token.text[1:-1])
        if "\\" in plain:
            right = "double the backslash, or write the text between ` and `"
            raise Broken(token.offset, "an escape in a text is none", right)
        if token.text[0] == "'" and len(plain) != 1:
            right = f'write "{token.text[1:-1]}": single quotation marks hold one character'
            raise Broken(token.offset, f"{token.text} is no character", right)
    if before is None or before.kind not in _OPERANDS:
        return
    constant = before.kind in ("string", "number") or before.text in ("true", "false", "nil")
    joins = token.kind == "field" and not constant and before.kind != "dot"
    joins |= token.kind == "dot" and before.text in KEYWORDS
    ends = token.kind == "sign" and token.text in ("(", "=")
    if (token.kind in _OPERANDS and not joins) or ends:
        right = "put a blank between them; arguments follow without a bracket"
        raise Broken(token.offset, f"{before.text} and {token.text} touch", right)


def _strange(text: str, at: int) -> tuple[str, str]:
    letter = text[at]
    if letter in "\"'`":
        return "a text in the template does not end", f"close it with {letter}"
    if letter in "“”‘’":
        return f"{letter} is no quotation mark", 'write plain ones: "'
    if letter == "}":
        return "} closes nothing", "close the template with }}"
    return f"{letter!r} cannot stand in a template", "remove it, or put it into quotation marks"
