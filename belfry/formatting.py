"""The canonical form of a platform file: keys in the types' order, every comment and value kept.

Names keep the order in which they were written. What is within brackets stays so while it fits
into a line and holds no comment. One empty line stands between sections; inside them, the writer's
stay, one at a time.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import yaml

from belfry import document, lettering
from belfry.layout import BLANK, Group, Leaf, lay_out
from belfry.problems import Code, Problem, Problems
from belfry.shapes import Record
from belfry.tree import Items, Table, Text
from belfry.written import below, whole_file

if TYPE_CHECKING:
    from belfry.layout import Item
    from belfry.shapes import Shape
    from belfry.tree import Node

WIDTH = 100
_INDENT = 2
_MODELINE = "# yaml-language-server:"
_AS_IT_IS = re.compile(
    "[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_NUMBER = re.compile(r"[-+]?(0o[0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)")
_EVENTS_OF_AN_ENTRY = 8
"""Stream, document and table begin, key, value, and they end."""
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


class MeaningChangedError(Exception):
    """The canonical form would not say the same: a mistake of ours. Nothing may be written."""


def formatted(data: bytes, file: str) -> str:
    """Give the canonical form of a file's bytes; `file` is how messages call it.

    Raises:
        Problems: it is not a file with one table, as YAML; every mistake of that kind.
        MeaningChangedError: never, as far as tests can tell.

    """
    before = document.parse(data, file)
    problems = list(before.problems)
    if not isinstance(before.root, Table):
        wrong, right = "this is not a table", "write keys and values, such as platform: shop"
        place = before.root.place
        problem = Problem(place=place, path=(), wrong=wrong, right=right, code=Code.WRONG_KIND)
        problems.append(problem)
    if problems:
        raise Problems(problems)
    text = re.sub("\r\n?", "\n", data.decode("utf-8-sig"))
    root = lay_out(text)
    if not isinstance(root, Group):
        raise MeaningChangedError(file)
    result = "\n".join(_file(root)) + "\n"
    if not _says_the_same(before.root, result, file):
        raise MeaningChangedError(file)
    return result


def _says_the_same(before: Node, text: str, file: str) -> bool:
    try:
        after = document.parse(text.encode(), file)
    except Problems:
        return False
    return not after.problems and _said(after.root) == _said(before)


def _said(node: Node) -> object:
    """Give what a tree says, without places and without the order of keys."""
    if isinstance(node, Table):
        return {entry.key.text: _said(entry.value) for entry in node.entries}
    if isinstance(node, Items):
        return [_said(item) for item in node.items]
    return (node.text, bool(node.text) or node.quoted) if isinstance(node, Text) else None


def _file(root: Group) -> list[str]:
    if not root.items:
        return [*root.below, "{}"]
    head = _take_head(root.items[0])
    lines: list[str] = []
    previous: Item | None = None
    for item in _ordered(root, whole_file()):
        above = item.above
        if previous is None:
            above = _without_leading_blank(above)
        elif (_is_section(item) or _is_section(previous)) and above[:1] != [BLANK]:
            above = [BLANK, *above]
        lines += _item(item, above, _below(whole_file(), item), 0)
        previous = item
    return [*head, *lines, *_comments(root.below, 0)]


def _take_head(first: Item) -> list[str]:
    """Take from the first item what is about the file: up to an empty line, or an editor's line."""
    above = _without_leading_blank(first.above)
    lines = range(len(above), 0, -1)
    end = next((end for end in lines if above[end - 1] == BLANK), None) or next(
        (end for end in lines if above[end - 1].startswith(_MODELINE)), 0
    )
    first.above = above[end:]
    return above[:end]


def _without_leading_blank(lines: list[str]) -> list[str]:
    return lines[1:] if lines[:1] == [BLANK] else lines


def _is_section(item: Item) -> bool:
    return isinstance(item.value, Group)


def _ordered(group: Group, shape: Shape | None) -> list[Item]:
    """Put a record's keys into the order of its type; what it does not know comes last."""
    if not isinstance(shape, Record) or not group.is_table:
        return group.items
    ranks = {part.key: rank for rank, part in enumerate(shape.parts)}
    return sorted(group.items, key=lambda item: ranks.get(_key(item), len(ranks)))


def _below(shape: Shape | None, item: Item) -> Shape | None:
    """Give the shape of an item's value, when its key is known."""
    return below(shape, item.key.text if item.key else 0) if shape else None


def _key(item: Item) -> str:
    return item.key.text if item.key else ""


def _group(group: Group, shape: Shape | None, indent: int) -> list[str]:
    lines: list[str] = []
    for item in _ordered(group, shape):
        above = item.above if lines else _without_leading_blank(item.above)
        lines += _item(item, above, _below(shape, item), indent)
    return [*lines, *_comments(group.below, indent)]


def _item(item: Item, above: list[str], shape: Shape | None, indent: int) -> list[str]:
    beside = item.beside[-1:]
    above = [*above, *item.beside[:-1]]
    margin = " " * indent
    head = f"{_text(item.key, flow=False, key=True)}:" if item.key else "-"
    value = item.value
    if isinstance(value, Group) and not value.items:
        above = [*above, *(line for line in value.below if line)]
    lines = _comments(above, indent)
    if isinstance(value, Leaf):
        if value.style in ("|", ">") and (block := _block(value, indent)):
            first, *others = block
            return [*lines, " ".join((margin + head, first, *beside)), *others]
        text = _text(value, flow=False)
        return [*lines, " ".join((margin + head, *filter(None, [text]), *beside))]
    if value.flow and not value.has_comments():
        line = f"{margin}{head} {_flow(value, shape)}"
        if len(line) <= WIDTH or not value.items:
            return [*lines, " ".join((line, *beside))]
    if not value.items:
        return [*lines, " ".join((margin + head, "{}" if value.is_table else "[]", *beside))]
    inner = _group(value, shape, indent + _INDENT)
    if item.key is None and not beside and not _starts_with_comment(inner):
        return [*lines, f"{margin}- {inner[0].lstrip()}", *inner[1:]]
    return [*lines, " ".join((margin + head, *beside)), *inner]


def _starts_with_comment(lines: list[str]) -> bool:
    return lines[0].lstrip().startswith("#")


def _comments(lines: list[str], indent: int) -> list[str]:
    return [" " * indent + line if line else line for line in lines]


def _flow(node: Leaf | Group, shape: Shape | None) -> str:
    if isinstance(node, Leaf):
        return _text(node, flow=True)
    parts = [
        f"{_text(item.key, flow=True, key=True)}: {_flow(item.value, _below(shape, item))}"
        if item.key
        else _flow(item.value, _below(shape, item))
        for item in _ordered(node, shape)
    ]
    inside = ", ".join(parts)
    return f"{{{inside}}}" if node.is_table else f"[{inside}]"


def _block(leaf: Leaf, indent: int) -> list[str] | None:
    """Move a block of lines to its new margin; None when it would not say the same there."""
    header, *lines = leaf.written.split("\n")
    first = next((line for line in lines if line.strip()), "")
    own = len(first) - len(first.lstrip(" "))
    sign = header[0] + ("" if leaf.text.endswith("\n") else "-")
    margin = " " * (indent + _INDENT)
    block = [sign, *(margin + line[own:] if line.strip() else BLANK for line in lines)]
    said = [
        one.value for one in _events("\n".join([*block, ""])) if isinstance(one, yaml.ScalarEvent)
    ]
    return block if said == [leaf.text] else None


def _events(text: str) -> list[yaml.Event]:
    try:
        return list(yaml.parse(text, Loader=yaml.SafeLoader))
    except yaml.YAMLError:
        return []


def _text(leaf: Leaf, *, flow: bool, key: bool = False) -> str:
    """Write a text on one line; what stood without quotation marks needs none."""
    if not leaf.style and "\n" not in leaf.text and (leaf.text or not key):
        return leaf.text
    return as_written(leaf.text, flow=flow, key=key)


def as_written(text: str, *, flow: bool = False, key: bool = False) -> str:
    """Write a text as YAML, with quotation marks only where it would mean something else.

    Args:
        text: any text.
        flow: it will stand within brackets.
        key: it will be a key.

    """
    if _stands_plain(text, flow=flow, key=key):
        return text
    if _AS_IT_IS.fullmatch(text) and ('"' in text or "\\" in text):
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if _AS_IT_IS.fullmatch(letter):
        return letter
    number = ord(letter)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"


@cache
def _stands_plain(text: str, *, flow: bool, key: bool) -> bool:
    """Say whether a text means the same without quotation marks, to any reader of YAML."""
    if not text or not _AS_IT_IS.fullmatch(text) or _NUMBER.fullmatch(text):
        return False
    if lettering.refusal(text):
        return False
    resolvers = yaml.SafeLoader.yaml_implicit_resolvers
    if any(pattern.match(text) for _, pattern in resolvers.get(text[0], ())):
        return False
    entry = f"{text}: x" if key else f"x: {text}"
    events = _events(f"{{{entry}}}" if flow else entry)
    texts = [event.value for event in events if isinstance(event, yaml.ScalarEvent)]
    return len(events) == _EVENTS_OF_AN_ENTRY and texts == ([text, "x"] if key else ["x", text])
