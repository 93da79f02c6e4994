"""Go's template language: how texts, names and replacements are written in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from belfry.values.template import Template


def action(text: str) -> str:
    """Write an action that leaves no blank and no line end around it."""
    return f"{{{{- {text} -}}}}"


def quoted(text: str) -> str:
    """Write a text as one of Go's strings."""
    if "`" not in text:
        return f"`{text}`"
    for mark, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n")):
        text = text.replace(mark, escape)
    return f'"{text}"'


def replaced(*pairs: tuple[str, str]) -> str:
    """Write replacements, an expression and what stands for it, as the end of a pipeline."""
    return "".join(f" | reReplaceAll {quoted(one)} {quoted(other)}" for one, other in pairs)


def cut(most: int) -> str:
    """Write an expression that finds what a text shortened to so many characters begins with."""
    return f"(?s)^(.{{{most - 1}}}).{{2,}}$"


def clipped(most: int) -> str:
    """Write the end of a pipeline that shortens a text as `characters.clip` does."""
    return replaced((cut(most), "${1}…"))


def formatted(text: Template) -> str:
    """Write a template as an operand; its blanks are variables."""
    if not text.head and len(text.blanks) == 1 and not text.blanks[0][1]:
        return variable(text.names[0])
    form = text.head.replace("%", "%%")
    form += "".join(f"%s{after.replace('%', '%%')}" for _, after in text.blanks)
    return f"(printf {quoted(form)} {' '.join(map(variable, text.names))})"


def variable(field: str) -> str:
    """Name the variable that holds a field."""
    head, *rest = field.split("-")
    return f"${head}{''.join(map(str.title, rest))}"
