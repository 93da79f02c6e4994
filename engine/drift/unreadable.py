"""Secrets that nobody can read back: what a state has sealed, without what a service tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.drift import bindings, watched
from engine.drift.differences import Unreadable
from engine.drift.fillings import OUTPUTS
from engine.drift.recorded import ABOVE
from engine.drift.sealed import Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from engine.documents import Json
    from engine.drift.recorded import Recorded

_TOLD: Mapping[str, frozenset[str]] = {
    bindings.SCRIPT: frozenset({"bindings"}),
    "cloudflare:index/pagesProject:PagesProject": frozenset({"buildConfig"}),
    "cloudflare:index/workersKv:WorkersKv": frozenset({"value", "metadata"}),
    watched.SOURCE: frozenset({"secureJsonDataEncoded"}),
}
"""Resource type → inputs that a provider seals as a whole, and that are compared all the same."""
_BY_NAME: Mapping[str, Callable[[Recorded], tuple[str, ...]]] = {
    bindings.SCRIPT: bindings.secret_names,
    watched.SOURCE: watched.secure_names,
}
"""Resource type → names of the secrets in what is looked at by name."""
_PLAIN = "plain_text"
"""The type beside a value that is told, though its provider seals it with the secret ones."""


def unreadable(recorded: Iterable[Recorded]) -> Iterator[Unreadable]:
    """Give the secrets of a state that are compared with nothing, by resource."""
    for one in recorded:
        names = () if one.subject.type.startswith(ABOVE) else _names(one)
        if names:
            yield Unreadable(subject=one.subject, secrets=names, written=one.written)


def _names(one: Recorded) -> tuple[str, ...]:
    """Give paths without places in lists, such as `origin.password`."""
    kind = one.subject.type
    found = list(_BY_NAME[kind](one)) if kind in _BY_NAME else []
    told = _TOLD.get(kind, frozenset())
    for name, value in one.inputs.items():
        if name not in told:
            found += _sealed(name, value)
    for name in sorted(OUTPUTS.get(kind, ())):
        # A token is told once, when it is made: nobody sees that it was rolled.
        found += _sealed(name, one.outputs.get(name))
    return tuple(dict.fromkeys(found))


def _sealed(path: str, value: Json) -> Iterator[str]:
    match value:
        case Sealed():
            if value:
                yield path
        case list():
            for part in value:
                yield from _sealed(path, part)
        case dict() if value.get("type") != _PLAIN:
            parts = [part for part in value.values() if not isinstance(part, bool | None)]
            if len(parts) > 1 and all(isinstance(part, Sealed) for part in parts):
                # Sealed as a whole, it does not say which of it is the secret.
                yield path
                return
            for name, part in value.items():
                yield from _sealed(f"{path}.{name}", part)
