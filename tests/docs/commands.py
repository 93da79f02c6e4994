"""The commands that a page of Markdown shows: each program, and its words."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL
)
_SHELL = ("", "sh", "bash", "console")
_PLACEHOLDER = re.compile(r"<[a-z][a-z '-]*>")
_SET = re.compile(r"[A-Za-z_]\w*=")
_BEFORE = ("sudo", "do", "then", "else", "if", "while", "!")
_NO_COMMAND = ("for", "done", "fi")
_OPTIONS_WITH_VALUE = ("-e", "--env", "-u", "--user", "-w", "--namespace", "-n", "-c")


def shell_blocks(text: str) -> Iterator[str]:
    """Give every block of commands."""
    for block in FENCE.finditer(text):
        if block["language"] in _SHELL:
            indent = len(block["indent"])
            yield "\n".join(line[indent:] for line in block["body"].splitlines())


def commands(script: str) -> Iterator[tuple[str, ...]]:
    """Give every command of a script, those within a container or on another host too."""
    for line in script.replace("\\\n", " ").splitlines():
        yield from _of_line(_PLACEHOLDER.sub("PLACEHOLDER", line))


def _of_line(line: str) -> Iterator[tuple[str, ...]]:
    words: list[str] = []
    redirected = False
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    for word in lexer:
        if redirected:
            redirected = False
        elif set(word) <= set("|&;"):
            yield from _unwrapped(words)
            words = []
        elif set(word) <= set("<>&"):
            redirected = True
            if words and words[-1].isdigit():
                words.pop()
        else:
            words.append(word)
    yield from _unwrapped(words)


def _unwrapped(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    while words and (_SET.match(words[0]) or words[0] in _BEFORE):
        words = words[1:]
    if not words or words[0] in _NO_COMMAND:
        return
    yield tuple(words)
    rest = _wrapped(words)
    if len(rest) == 1 and " " in rest[0]:
        yield from _of_line(rest[0])
    elif rest:
        yield from _unwrapped(rest)


def _wrapped(words: Sequence[str]) -> Sequence[str]:
    """Give the command that a command runs for us: in a container, elsewhere, or for a while."""
    if words[0] == "timeout":
        return words[2:]
    if words[0] == "ssh":
        return _after_options(words[1:], ("-o", "-p", "-i"))[1:]
    if words[0] in ("docker", "kubectl") and "exec" in words:
        if "--" in words:
            return words[words.index("--") + 1 :]
        return _after_options(words[words.index("exec") + 1 :], _OPTIONS_WITH_VALUE)[1:]
    return ()


def _after_options(words: Sequence[str], with_value: Sequence[str]) -> Sequence[str]:
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in with_value else words[1:]
    return words
