"""What every resource type of a stand-in can do, and how what is observed becomes inputs again."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.standins.places import Difference, places
from engine.standins.values import Properties, Unknown, Value, in_one_order

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
    read_again: bool = False
    """An import reads the object twice: types written for Terraform's newer framework do."""
    fixed: frozenset[str] = frozenset()
    """Inputs whose change the plugin ignores once the object is made."""
    delete_before_replace: bool = False
    defaults: Mapping[str, Value] = field(default_factory=dict)
    """What the plugin sends for inputs that the program leaves out; nested as the inputs are."""
    filled_in: frozenset[str] = frozenset()
    """Dotted inputs without default that the service fills in: a change after every refresh."""
    told_on_import: frozenset[str] = frozenset()
    """Inputs that an import alone takes over from the service although they are empty there."""
    unseen: frozenset[str] = frozenset()
    """Dotted inputs that the service never tells, so that a refresh leaves them as they are."""
    computed: frozenset[str] = frozenset()
    """Dotted inputs that the service fills in: left out by the program, they are as they are."""
    notices_additions: bool = False
    """A refresh sees what was added in the service to inputs that the program leaves out."""
    detailed: bool = False
    """A difference is told by its place inside an input, and not only by the input's name."""
    unordered: frozenset[str] = frozenset()
    """Dotted lists in which order means nothing."""
    one_of: tuple[str, ...] = ()
    """Inputs of which exactly one has to be given."""
    refused: Mapping[str, str] = field(default_factory=dict)
    """Inputs that must not be used, and why."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Dotted inputs that take certain words only, beside those of which the SDK says so."""
    bounds: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    """Dotted numbers that have to lie in one of some ranges, ends included."""
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
        before, after = self._compared(old, new)
        for name in sorted(before.keys() | after.keys()):
            differs = holds_unknown(after.get(name)) or before.get(name) != after.get(name)
            if differs and name not in self.fixed:
                yield name

    def places(
        self, name: str, old: Properties, new: Properties
    ) -> Iterator[tuple[str, Difference]]:
        """Where an input that differs does so."""
        before, after = self._compared(old, new)
        if self.detailed and not holds_unknown(after.get(name)):
            yield from places(before.get(name), after.get(name), name)
        else:
            yield name, Difference.CHANGED

    def _compared(self, old: Properties, new: Properties) -> tuple[Properties, Properties]:
        before, after = (ordered(self.comparable(inputs), self.unordered) for inputs in (old, new))
        before = as_far_as_set(before, after, self.computed)
        kept = self.filled_in | self.told_on_import
        if self.notices_additions:
            before = {
                name: value
                for name, value in before.items()
                if name in after or name in kept or not is_empty(value)
            }
        return before, after

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
    """Inputs with what the plugin would add; a nested object gets its own where it is given.

    The defaults of a list of objects are those of each. An empty object is a default itself.
    """
    full: Properties = {}
    for name, value in inputs.items():
        nested = defaults.get(name)
        if isinstance(nested, dict) and isinstance(value, dict):
            full[name] = with_defaults(value, nested)
        elif isinstance(nested, dict) and isinstance(value, list):
            full[name] = [
                with_defaults(item, nested) if isinstance(item, dict) else item for item in value
            ]
        elif value is not None:
            full[name] = value
    for name, value in defaults.items():
        if not isinstance(value, dict) or not value:
            full.setdefault(name, value)
    return full


def as_far_as_set(old: Properties, new: Properties, computed: frozenset[str]) -> Properties:
    """Old inputs without those that the program leaves to the service by now."""
    kept: Properties = {}
    for name, value in old.items():
        if name not in new and name in computed:
            continue
        kept[name] = _as_far_as_set(value, new.get(name), below(name, computed))
    return kept


def _as_far_as_set(old: Value, new: Value, computed: frozenset[str]) -> Value:
    match old, new:
        case dict(), dict():
            return as_far_as_set(old, new, computed)
        case list(), list() if len(old) == len(new):
            return [_as_far_as_set(was, now, computed) for was, now in zip(old, new, strict=True)]
        case _:
            return old


def ordered(inputs: Properties, unordered: frozenset[str]) -> Properties:
    """Inputs with the lists in which order means nothing brought into one."""
    return {
        name: _ordered(value, below(name, unordered), sort=name in unordered)
        for name, value in inputs.items()
    }


def _ordered(value: Value, unordered: frozenset[str], *, sort: bool) -> Value:
    match value:
        case dict() if unordered:
            return ordered(value, unordered)
        case list():
            items = [_ordered(item, unordered, sort=False) for item in value]
            return in_one_order(items) if sort else items
        case _:
            return value


def below(name: str, paths: frozenset[str]) -> frozenset[str]:
    """Dotted paths inside a property, from there on."""
    prefix = f"{name}."
    return frozenset(path.removeprefix(prefix) for path in paths if path.startswith(prefix))


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
    computed: frozenset[str] | None = None
    """Inputs that the service fills in; with it, other additions that are not empty count too."""
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
            if self._counts(name, value):
                new[name] = value
        return new

    def _counts(self, name: str, value: Value) -> bool:
        """Whether something that the program never set is a change."""
        if name in self.filled_in:
            return True
        if name in self.defaults:
            default = self.defaults[name]
            return value != default and (not default or not isinstance(default, dict))
        return self.computed is not None and name not in self.computed and not is_empty(value)

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
        return Observation(
            defaults=defaults if isinstance(defaults, dict) else {},
            filled_in=below(name, self.filled_in),
            unseen=below(name, self.unseen),
            computed=None if self.computed is None else below(name, self.computed),
            equal=self.equal,
        )


def is_empty(value: Value) -> bool:
    """Whether a value says as much as its absence."""
    if isinstance(value, dict):
        return all(is_empty(part) for part in value.values())
    return not value
