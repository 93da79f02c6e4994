"""The life of a resource type as its file tells it: read once, and refused where it is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
RECORDINGS = HERE / "recordings"
FOLDER = HERE / "lives"


class LifeError(Exception):
    """A life's file is wrong. The text names the file, the place and what would be right."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that the program wrapped as secret: `!secret value` in a file."""

    value: Any


class AfterRefresh(StrEnum):
    """What the diff says after a refresh of an object that nobody touched."""

    SAME = "same"
    CHANGED = "changed"


class DeleteGone(StrEnum):
    """What deleting an object does that is no longer there."""

    ERROR = "error"
    FINE = "fine"


class Replacement(StrEnum):
    """How a replacement goes when it is carried out."""

    NEW_FIRST = "new-first"
    OLD_FIRST = "old-first"
    LOSES_NEW = "loses-new"
    """New first; the deletion of the old one then takes the new one with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An object that has to be there before."""

    type: str
    inputs: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call to a service behind the plugin's back."""

    method: str
    path: str
    body: Any = None
    text: str | None = None
    parts: tuple[dict[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A change in the service, and whether a refresh notices it."""

    name: str
    calls: tuple[Call, ...]
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """How an object is imported, and what then still differs from the program."""

    id: str
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """Inputs that have to be refused, and the property that has to be named."""

    inputs: dict[str, Any]
    property: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """Which recording is the golden answer, without some phases."""

    name: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One resource type, or a variant of one."""

    name: str
    """`provider/file`."""
    type: str
    inputs: dict[str, Any]
    recording: Recording | None = None
    recorded_as: dict[str, str] = field(default_factory=dict)
    """Text of the life → text in the recording, where they cannot be the same."""
    needs: dict[str, Need] = field(default_factory=dict)
    change: dict[str, Any] = field(default_factory=dict)
    replace: dict[str, Any] = field(default_factory=dict)
    replacement: Replacement | None = None
    after_refresh: AfterRefresh = AfterRefresh.SAME
    endless: dict[str, Any] = field(default_factory=dict)
    """Inputs with which it differs as soon as it is made, and for ever."""
    drift: tuple[Drift, ...] = ()
    secret: tuple[str, ...] = ()
    imported: Import | None = None
    gone: tuple[Call, ...] = ()
    delete_gone: DeleteGone | None = None
    refused: tuple[Mistake, ...] = ()

    @property
    def provider(self) -> str:
        """The name of the plugin."""
        return self.type.partition(":")[0]


class _Loader(yaml.SafeLoader):
    """YAML with `!secret`."""


def _secret(loader: yaml.SafeLoader, node: yaml.Node) -> Secret:
    if isinstance(node, yaml.ScalarNode):
        return Secret(loader.construct_scalar(node))
    if isinstance(node, yaml.SequenceNode):
        return Secret(loader.construct_sequence(node, deep=True))
    assert isinstance(node, yaml.MappingNode)
    return Secret(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("!secret", _secret)


def files(folder: Path = FOLDER) -> list[Path]:
    """Every life's file."""
    return sorted(folder.glob("*/*.yaml"))


def read(path: Path) -> Life:
    """The life that a file tells.

    Raises:
        LifeError: the file is no YAML, has unknown or missing keys, or names a missing recording.

    """
    try:
        told = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except yaml.YAMLError as error:
        raise LifeError(f"{path.name}: {error}") from error
    place = f"{path.parent.name}/{path.stem}"
    told = _mapping(told, place, _LIFE, required={"type", "inputs"})
    life = Life(
        name=place,
        type=told["type"],
        inputs=told["inputs"],
        recording=_recording(told.get("recording"), f"{place}: recording"),
        recorded_as=told.get("recorded_as", {}),
        needs={
            name: Need(
                **_mapping(
                    need, f"{place}: needs.{name}", {"type", "inputs"}, required={"type", "inputs"}
                )
            )
            for name, need in told.get("needs", {}).items()
        },
        change=told.get("change", {}),
        replace=told.get("replace", {}),
        replacement=_word(Replacement, told.get("replacement"), f"{place}: replacement"),
        after_refresh=_word(AfterRefresh, told.get("after_refresh"), f"{place}: after_refresh")
        or AfterRefresh.SAME,
        endless=told.get("endless", {}),
        drift=tuple(
            _drift(one, f"{place}: drift[{index}]")
            for index, one in enumerate(told.get("drift", []))
        ),
        secret=tuple(told.get("secret", ())),
        imported=_imported(told.get("import"), f"{place}: import"),
        gone=_calls(told["gone"], f"{place}: gone") if "gone" in told else (),
        delete_gone=_word(DeleteGone, told.get("delete_gone"), f"{place}: delete_gone"),
        refused=tuple(
            Mistake(**_mapping(one, f"{place}: refused[{index}]", _MISTAKE, required=_MISTAKE))
            for index, one in enumerate(told.get("refused", []))
        ),
    )
    _agree(life)
    return life


_LIFE = ({one.name for one in fields(Life)} - {"name", "imported"}) | {"import"}
_MISTAKE = {"inputs", "property"}
_CALL = {one.name for one in fields(Call)}


def _agree(life: Life) -> None:
    if not life.type.startswith(f"{life.name.partition('/')[0]}:"):
        raise LifeError(f"{life.name}: type {life.type} belongs into another provider's folder")
    if bool(life.gone) != (life.delete_gone is not None):
        raise LifeError(f"{life.name}: gone and delete_gone go together; one is missing")
    if life.replacement and not life.replace:
        raise LifeError(f"{life.name}: replacement without replace: say what is changed")


def _mapping(value: Any, place: str, known: set[str], *, required: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise LifeError(f"{place}: has to be a mapping with {', '.join(sorted(known))}")
    for key in value:
        if key not in known:
            raise LifeError(
                f"{place}: there is no key {key!r}; known are {', '.join(sorted(known))}"
            )
    for key in sorted(required - value.keys()):
        raise LifeError(f"{place}: {key} is missing")
    return value


def _word(words: type[StrEnum], value: Any, place: str) -> Any:
    if value is None:
        return None
    if value not in list(words):
        raise LifeError(f"{place}: {value!r} is none of {', '.join(words)}")
    return words(value)


def _recording(value: Any, place: str) -> Recording | None:
    if value is None:
        return None
    told = {"name": value} if isinstance(value, str) else value
    told = _mapping(told, place, {"name", "without"}, required={"name"})
    if not (RECORDINGS / f"{told['name']}.json").is_file():
        raise LifeError(f"{place}: there is no file recordings/{told['name']}.json")
    return Recording(name=told["name"], without=tuple(told.get("without", ())))


def _imported(value: Any, place: str) -> Import | None:
    if value is None:
        return None
    told = {"id": value} if isinstance(value, str) else value
    told = _mapping(told, place, {"id", "differs"}, required={"id"})
    return Import(id=told["id"], differs=tuple(told.get("differs", ())))


def _drift(value: Any, place: str) -> Drift:
    told = _mapping(value, place, _CALL | {"name", "seen", "calls"}, required={"name", "seen"})
    calls = told.get("calls", {key: part for key, part in told.items() if key in _CALL})
    return Drift(name=told["name"], seen=told["seen"], calls=_calls(calls, place))


def _calls(value: Any, place: str) -> tuple[Call, ...]:
    found = []
    for one in value if isinstance(value, list) else [value]:
        told = dict(_mapping(one, place, _CALL, required={"method", "path"}))
        told["parts"] = tuple(told.get("parts", ()))
        found.append(Call(**told))
    return tuple(found)
