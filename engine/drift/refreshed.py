"""What a refresh would change, told apart from what only the provider makes of it.

A refresh also says "update" where nobody changed anything: the provider names no property at all
(its own defaults), the service still has what was recorded of it and the program leaves open, it
filled in what it is known to fill in, or an output differs that no program can set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.drift.differences import GONE, Difference, Filling, Seen, Subject
from engine.drift.fillings import EMPTY, fills, is_output
from engine.drift.leaves import leaves
from engine.drift.recorded import ABOVE, document
from engine.drift.sealed import is_sealed
from engine.drift.shown import SECRET, shown_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from engine.documents import Document, Json

_STEP = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.\[\]]+)')
_PARTS = ("inputs", "outputs")
_CHANGES = frozenset({"update", "replace", "delete"})


def changes(events: Iterable[Document]) -> Iterator[Difference | Filling]:
    """Judge the events that a preview of a refresh wrote."""
    for event in events:
        told = document(document(event.get("resOutputsEvent")).get("metadata"))
        step, urn, kind = str(told.get("op")), str(told.get("urn")), str(told.get("type"))
        if step in _CHANGES and not kind.startswith(ABOVE):
            subject = Subject(urn=urn, type=kind, name=urn.split("::", 3)[-1])
            yield from _judged(subject, step, told)


def _judged(subject: Subject, step: str, told: Document) -> Iterator[Difference | Filling]:
    if step == "delete":
        yield Difference(subject=subject, property=GONE, was="there", now=None, seen=Seen.REFRESH)
        return
    old, new = document(told.get("old")), document(told.get("new"))
    paths = list(document(told.get("detailedDiff"))) or _texts(told.get("diffs"))
    real = {leaf.property: leaf for path in paths for leaf in _differences(subject, path, old, new)}
    if not real:
        yield Filling(subject=subject, properties=tuple(paths))
    yield from real.values()


def _differences(subject: Subject, path: str, old: Document, new: Document) -> Iterator[Difference]:
    """Give what differs at or below a path that Pulumi names."""
    path = _resolved(path, old, new)
    sides = ((_recorded(path, old), _recorded(path, new)), _outputs(path, old, new))
    for was, now in sides:
        parts = [
            (f"{path}{rest}", before, after)
            for rest, before, after in leaves(was, now)
            if not _is_filling(subject.type, f"{path}{rest}", old, new)
        ]
        for name, before, after in parts:
            told_was, told_now = shown_beside(before, after)
            yield Difference(
                subject=subject, property=name, was=told_was, now=told_now, seen=Seen.REFRESH
            )
        if parts:
            return
    if any(is_sealed(was) for was, _ in sides) and all(was == now for was, now in sides):
        # Pulumi says that a secret differs, and masks both.
        yield Difference(subject=subject, property=path, was=SECRET, now=SECRET, seen=Seen.REFRESH)


def _resolved(path: str, old: Document, new: Document) -> str:
    """Give a path that leads to something: that of the whole property where an entry's does not."""
    there = (at(path, document(one.get(part))) for one in (old, new) for part in _PARTS)
    return path if any(value is not None for value in there) else _root(path)


def _root(path: str) -> str:
    quoted, _, name = _STEP.findall(path)[0]
    return f'["{quoted}"]' if quoted else str(name)


def _outputs(path: str, old: Document, new: Document) -> tuple[Json, Json]:
    return at(path, document(old.get("outputs"))), at(path, document(new.get("outputs")))


def _is_filling(kind: str, path: str, old: Document, new: Document) -> bool:
    """Tell whether the program leaves a property open and nobody has changed it since."""
    if at(path, document(old.get("inputs"))) is not None:
        return False
    if is_output(kind, path):
        return True
    was, now = _outputs(path, old, new)
    if was is not None and was == now:
        return True
    return was in EMPTY and not _is_entry(path, old) and fills(kind, path, _recorded(path, new))


def _is_entry(path: str, old: Document) -> bool:
    """Tell whether a path leads to an entry of a list that has entries: one more is no filling."""
    above, _, index = path.rpartition("[")
    return index.removesuffix("]").isdecimal() and bool(_recorded(above, old))


def _recorded(path: str, state: Document) -> Json:
    found = at(path, document(state.get("inputs")))
    return at(path, document(state.get("outputs"))) if found is None else found


def at(path: str, value: Json) -> Json:
    """Follow a property path of Pulumi's, such as `httpConfig.expectedCodes[0]`."""
    for quoted, index, name in _STEP.findall(path):
        if index:
            listed = value if isinstance(value, list) else []
            value = listed[int(index)] if int(index) < len(listed) else None
        else:
            value = document(value).get(name or quoted.replace('\\"', '"'))
    return value


def _texts(value: Json) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []
