"""The reference of the platform file as a page: `python -m belfry.reference` writes it.

Everything but the chapter on the file's rules is derived from the types. Each table of the file is
said once, where it first stands; elsewhere the page refers to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from belfry.explain import NAME
from belfry.kinds import bounds_of, how_written, kinds, meaning_of, sentence, words_of
from belfry.sections import DEFAULTS, ENVIRONMENTS
from belfry.shapes import Listing, Names, OneOf, Record
from belfry.telling import default_of, example_below, indented, kinds_of
from belfry.written import keys_of, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from belfry.shapes import Part, Shape

WRITTEN = Path(__file__).resolve().parent.parent / "docs" / "reference.md"
"""Where the page is kept."""

ITEM = "[]"
"""Stands in a path for any element of a list."""

_HEAD = """\
# The platform file, key by key

[writing.md](writing.md) is the way in; this page has every key. It is made from the types that read
the file (`make docs`), and `belfry explain checks.NAME.every` says the same in a terminal. NAME
stands for a name that you choose.
"""

RULES = """\
## Rules of the file

**A file or a folder.** A platform is `platforms/<name>.yaml`, or a folder `platforms/<name>/` whose
`.yaml` files are united. An entry, such as one service, stands in one of them.

**Environments** have keys of their own and, beside them, any section with what differs there.
Tables are merged key by key, at any depth; a text or a list replaces the whole. The word `off`
instead of a table leaves it out there. An entry may be added that only exists there. For another
kind of channel, write the old kind as `off` and the new one beside it.

**Defaults** have names. An entry that says `like: <name>` takes whatever it does not say itself
from `defaults.<section>.<name>`, at any depth. A default may itself be like another. A default that
nobody uses is a mistake, and so is a `like` that names none. What an environment overrides is
merged in first, and `like` is followed then.

**Everything is written in full.** Anchors, aliases, merge keys and tags of YAML are refused: say
`like` instead. A key stands once in a table. A text means what the type of its key makes of it:
`yes`, `010` or `1e3` stay texts where a text is expected. Files are UTF-8, indented with spaces.

```yaml
platform: shop
environments:
  local: {paging: worker, stand-ins: true}
  staging:
    paging: shadow
    domain: staging.shop.example
    checks:
      front-page: {every: 5m} # the rest as below
      checkout: off # not checked there
  prod: {paging: worker, domain: shop.example}

defaults:
  checks:
    usual: {every: 60s, timeout: 10s}

severities:
  urgent: {rank: 0, answer: 15m, resolve: 1h, channels: [chat]}

channels:
  chat: {slack: {webhook: secret:slack}}

services:
  website: {is: website, url: "https://${domain}"}

checks:
  front-page: {like: usual, of: website, http: {path: /}}
  checkout: {like: usual, of: website, http: {path: /checkout}, timeout: 20s}

rules:
  site: {use: [availability]}
```
"""


_ENTRIES = {
    "environments": "prod",
    "severities": "P0",
    "channels": "mail",
    "checks": "api-health",
    "rules": "server",
    "own": "CacheOfLittleUse",
}
"""The names that examples give to entries of sections; elsewhere that of the name's own type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table of the file that has a heading of its own."""

    path: tuple[str, ...]
    """Keys, NAME for names, and ITEM within lists; nothing for the file itself."""
    says: str
    record: Record
    names: tuple[str, ...]
    """Names that examples take for each NAME."""

    @property
    def title(self) -> str:
        """The heading."""
        return ".".join(self.path).replace(f".{ITEM}", ITEM) or "At the top"

    @property
    def anchor(self) -> str:
        """The heading's anchor on the page, as code hosts make it."""
        return re.sub(r"[^\w-]", "", self.title.lower().replace(" ", "-"))

    @property
    def keys(self) -> tuple[Part, ...]:
        """The keys that the page tells of: those that a section and its overrides share, once."""
        own = self.path[:1] == (ENVIRONMENTS,)
        sections = keys_of(whole_file()) if own else {}
        return tuple(part for part in self.record.parts if part.key not in sections)

    @property
    def example(self) -> list[str]:
        """Lines of YAML, from the top of the file to all plain keys of this table."""
        lines = example_below(replace(self.record, parts=self.keys))
        names = list(self.names)
        for step in reversed(self.path):
            inner = indented(lines)
            if step == ITEM:
                lines = [f"- {inner[0].lstrip()}", *inner[1:]]
            else:
                lines = [f"{names.pop() if step == NAME else step}:", *inner]
        return lines


def page() -> str:
    """Give the whole page."""
    shown = tables()
    links = {table.record.made: table.anchor for table in shown}
    return "\n".join(
        [
            _HEAD,
            RULES,
            *_values(),
            *_chapters(shown, links),
        ]
    )


@cache
def tables() -> tuple[Shown, ...]:
    """Give every table that has a heading, each type once, in the order of the page."""
    found: dict[type, Shown] = {}
    root = whole_file()
    found[root.made] = Shown(path=(), says=root.says, record=root, names=())
    for key, part in keys_of(root).items():
        if key != DEFAULTS:
            for table in _tables(part.shape, (key,), ()):
                found.setdefault(table.record.made, table)
    return tuple(found.values())


def _tables(shape: Shape, path: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Shown]:
    if isinstance(shape, Listing):
        yield from _tables(shape.item, (*path, ITEM), names)
    elif isinstance(shape, Names):
        name = _ENTRIES.get(path[-1], shape.name.example)
        yield from _tables(shape.value, (*path, NAME), (*names, name))
    elif isinstance(shape, OneOf):
        for option in kinds_of(shape):
            yield from _tables(option.shape, (*path, option.key), names)
    elif isinstance(shape, Record):
        table = Shown(path=path, says=shape.says, record=shape, names=names)
        yield table
        for part in table.keys:
            yield from _tables(part.shape, (*path, part.key), names)


def _chapters(shown: Iterable[Shown], links: Mapping[type, str]) -> Iterator[str]:
    section = ""
    for table in shown:
        if len(table.path) > 1 and table.path[0] != section:
            says = keys_of(whole_file())[table.path[0]].says.text
            yield from (f"## {table.path[0]}", "", says, "")
        section = table.path[0] if table.path else ""
        yield from (f"{'#' * (2 if len(table.path) < 2 else 3)} {table.title}", "")
        yield from (_cell(table.says), "")
        if section == ENVIRONMENTS:
            yield from ("Beside these, any section's key, with what differs there.", "")
        yield from _keys(table, links)
        if table.path:
            yield from ("", "```yaml", *table.example, "```")
        yield ""


def _keys(table: Shown, links: Mapping[type, str]) -> Iterator[str]:
    yield from ("| key | says | is | | example |", "|---|---|---|---|---|")
    for part in table.keys:
        yield _row(part, links)
    if table.record.rest:
        yield _row(replace(table.record.rest, key=NAME), links)


def _row(part: Part, links: Mapping[type, str]) -> str:
    default = default_of(part)
    need = "required" if part.required else f"otherwise {_code(default)}" if default else ""
    example = part.says.example
    cells = (
        _code(part.key),
        _cell(part.says.text),
        _kind(part.shape, links),
        need,
        _code(example) if example else "",
    )
    return f"| {' | '.join(cells)} |"


def _kind(shape: Shape, links: Mapping[type, str]) -> str:
    """Say what is written for a key, with links to the tables below it."""
    if isinstance(shape, Record):
        anchor = links.get(shape.made)
        return f"[a table](#{anchor})" if anchor else "a table"
    if isinstance(shape, OneOf):
        options = (
            f"[{one.key}](#{links[one.shape.made]})" if isinstance(one.shape, Record) else one.key
            for one in kinds_of(shape)
        )
        return f"a table with one of {', '.join(options)}"
    if isinstance(shape, Names):
        words = words_of(shape.name)
        names = f"any of {', '.join(map(_code, words))}" if words else "names"
        return f"{names}, and for each {_kind(shape.value, links)}"
    if isinstance(shape, Listing):
        item = _kind(shape.item, links)
        return f"{item}, or a list of such" if shape.one_or_more else f"a list; each {item}"
    words = words_of(shape)
    if words:
        return f"one of {', '.join(map(_code, words))}"
    bounds = bounds_of(shape)
    return _cell(f"{shape.what}, {bounds}" if bounds else shape.what)


def _values() -> Iterator[str]:
    yield from ("## Values", "", "Every value is a text that the type of its key reads.", "")
    yield from ("| kind | what it is | how it is written | example |", "|---|---|---|---|")
    for name, variants in kinds().items():
        cells = (
            name,
            " ".join(_cell(meaning_of(scalar) or sentence(scalar.what)) for scalar in variants),
            " ".join(_cell(how_written(scalar)) for scalar in variants).strip(),
            ", ".join(dict.fromkeys(_code(scalar.example) for scalar in variants)),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _code(text: str) -> str:
    text = text.replace("|", "\\|")
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    WRITTEN.write_text(page(), encoding="utf-8")
