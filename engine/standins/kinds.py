"""What every resource type of a stand-in can do, and how what is observed becomes inputs again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.standins.values import Properties, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.standins.api import Api
    from engine.standins.shapes import KindShape


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """An object as Pulumi has it recorded."""

    id: str
    inputs: Properties
    outputs: Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(ABC):
    """One resource type."""

    type: str
    """Pulumi's type token."""
    sdk: str
    """Where the SDK declares it: `module:Class`, or `module:Class:Arguments` if irregular."""
    named_by: str
    """The input that names the object in the service, as people know it."""
    repeatable: bool = False
    """Creating it over what is there already does no harm, so that no orphan is in the way."""
    replaced_on: frozenset[str]
    """Inputs whose change needs another object."""
    delete_before_replace: bool = False
    defaults: Mapping[str, Value] = field(default_factory=dict)
    """What the plugin sends for inputs that the program leaves out; nested as the inputs are."""
    filled_in: frozenset[str] = frozenset()
    """Dotted inputs without default that the service fills in: a change after every refresh."""
    unseen: frozenset[str] = frozenset()
    """Inputs that the service never tells, so that a refresh leaves them as they are."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Inputs that must not be used, and why."""
    sealed: tuple[tuple[str, ...], ...] = ()
    """Paths in the inputs that are secret whether or not the program says so."""
    sealed_outputs: frozenset[str] = frozenset()
    """Outputs that are secret whether or not the program says so."""

    @abstractmethod
    def create(self, api: Api, shape: KindShape, inputs: Properties) -> State:
        """Make the object."""

    @abstractmethod
    def read(self, api: Api, shape: KindShape, state: State) -> State | None:
        """The object as it is now; None when it is gone."""

    @abstractmethod
    def update(self, api: Api, shape: KindShape, state: State, inputs: Properties) -> State:
        """Bring the object to new inputs."""

    @abstractmethod
    def delete(self, api: Api, shape: KindShape, state: State) -> None:
        """Remove the object."""

    @abstractmethod
    def adopt(self, identity: str) -> State:
        """What is known of an object from the id that a user gives to `pulumi import`."""

    def name_of(self, inputs: Properties) -> str | None:
        """The name that the service knows an object by, for people; None when it has none."""
        name = inputs.get(self.named_by)
        return name if isinstance(name, str) else None

    def comparable(self, inputs: Properties) -> Properties:
        """The inputs in the form in which a change is a change: defaults filled in."""
        return with_defaults(inputs, self.defaults)

    def changes(self, old: Properties, new: Properties) -> Iterator[str]:
        """Names of the inputs that differ."""
        before, after = self.comparable(old), self.comparable(new)
        for name in sorted(before.keys() | after.keys()):
            if holds_unknown(after.get(name)) or before.get(name) != after.get(name):
                yield name

    def replaces(self, name: str, old: Properties, new: Properties) -> bool:  # noqa: ARG002
        """Whether a change of this input needs another object. Kinds may look at the values."""
        return name in self.replaced_on


def holds_unknown(value: Value) -> bool:
    """Whether anything in a value is not known yet."""
    match value:
        case Unknown():
            return True
        case list():
            return any(holds_unknown(item) for item in value)
        case dict():
            return any(holds_unknown(part) for part in value.values())
        case _:
            return False


def with_defaults(inputs: Properties, defaults: Mapping[str, Value]) -> Properties:
    """Inputs with what the plugin would add; a nested object gets its own where it is given."""
    full: Properties = {}
    for name, value in inputs.items():
        nested = defaults.get(name)
        if isinstance(nested, dict) and isinstance(value, dict):
            full[name] = with_defaults(value, nested)
        elif value is not None:
            full[name] = value
    for name, value in defaults.items():
        if not isinstance(value, dict):
            full.setdefault(name, value)
    return full


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """How what a service tells becomes inputs that describe it, as close to the old as it allows.

    An input that the service no longer tells is left out, and so reads as removed. What the program
    never set counts only where it differs from the plugin's default, or is of those that the real
    plugin is known to trip over (`filled_in`).
    """

    defaults: Mapping[str, Value] = field(default_factory=dict)
    filled_in: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    equal: Callable[[str, Value, Value], bool] = lambda _name, old, new: old == new

    def inputs(self, old: Properties, found: Properties) -> Properties:
        """The inputs that describe what was found."""
        if not old:
            return dict(found)
        new: Properties = {}
        for name, value in old.items():
            if name in self.unseen:
                new[name] = value
            elif name in found:
                new[name] = self._closest(name, value, found[name])
        for name, value in found.items():
            if name in old:
                continue
            default = self.defaults.get(name)
            differs = name in self.defaults and not isinstance(default, dict) and value != default
            if differs or name in self.filled_in:
                new[name] = value
        return new

    def _closest(self, name: str, old: Value, found: Value) -> Value:
        if self.equal(name, old, found):
            return old
        match old, found:
            case dict(), dict():
                return self._below(name).inputs(old, found)
            case list(), list() if len(old) == len(found):
                return [self._closest(name, was, now) for was, now in zip(old, found, strict=True)]
            case _:
                return found

    def _below(self, name: str) -> Observation:
        defaults = self.defaults.get(name)
        prefix = f"{name}."
        return Observation(
            defaults=defaults if isinstance(defaults, dict) else {},
            filled_in=frozenset(
                path.removeprefix(prefix) for path in self.filled_in if path.startswith(prefix)
            ),
            equal=self.equal,
        )
