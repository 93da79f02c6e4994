"""What a row of the table of kinds says: where a kind lives, what it takes, adds and tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from localcloud.cloudflare.envelope import MALFORMED, Refusal
from localcloud.moments import precise

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from localcloud.documents import Document, Value
    from localcloud.store import Object, Store


class Form(StrEnum):
    """What a field holds."""

    TEXT = "a text"
    WHOLE = "a whole number"
    DECIMAL = "a number"
    FLAG = "true or false"
    OBJECT = "an object"
    OBJECTS = "a list of objects"
    TEXTS = "a list of texts"
    MOMENT = "a time in ISO 8601"


class Secrecy(StrEnum):
    """Who hears what a field holds."""

    OPEN = "open"
    GUARDED = "guarded"
    """The service tells it to whoever may read the object; the console does not."""
    SEALED = "sealed"
    """Nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a request that the service keeps and tells again."""

    name: str
    form: Form = Form.TEXT
    default: Value = None
    required: bool = False
    sparse: bool = False
    """Left out of answers when the request leaves it out, instead of being null."""
    inner: tuple[Field, ...] = ()
    """Fields of the object, or of each object, in it; each with its own default."""
    stored_as: str | None = None
    """Name in answers, where it differs."""
    only_for: tuple[str, ...] = ()
    """Values of `type` that it belongs to; for others it is null."""
    values: tuple[str, ...] = ()
    """What it, or each text of its list, may be; empty: anything."""
    upper: bool = False
    pattern: str = ""
    """Regular expression of the whole text; empty: any text."""
    longest: int | None = None
    """Characters of a text, elements of a list."""
    least: float | None = None
    most: float | None = None
    off: bool = False
    """The number 0, which switches it off, is taken too."""
    secrecy: Secrecy = Secrecy.OPEN


class Identity(StrEnum):
    """What an object's id is."""

    GENERATED = "32 hexadecimal digits"
    UUID = "a UUID"
    NUMBER = "a number"
    NAME = "the object's own name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An object as it is about to be stored."""

    store: Store
    scope: str
    body: Document
    """With everything that is told to nobody, too."""
    before: Object | None
    """None: it is new."""


def nothing(_draft: Draft) -> None:
    """Find nothing wrong."""


def no_more(_draft: Draft) -> Document:
    """Add nothing."""
    return {}


def as_it_is(_store: Store, _held: Object, told: Document) -> Document:
    """Tell an object as it is stored."""
    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of resource."""

    name: str
    pulumi_type: str
    """Pulumi's type token, by which `_local/forget` and the console know it."""
    paths: tuple[str, ...]
    """Of the collection. `{scope}` in front is the account or zone."""
    listed_at: str = ""
    """Ending of the collection's path where it is listed."""
    cursor: str | None = None
    """Where its list comes by cursor: the field of the result that holds it; None: by page."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Parameters that narrow its list down, and the field that each of them has to equal."""
    fields: tuple[Field, ...]
    natural: str
    """The field that names it for people."""
    missing: Refusal
    malformed: Refusal = MALFORMED
    """The refusal of a field that cannot be; its text takes `{reason}`."""
    identity: Identity = Identity.GENERATED
    identifier: str = "id"
    added: Mapping[str, Value] = field(default_factory=dict)
    """What the service adds."""
    made: Callable[[Draft], Document] = no_more
    """What the service makes up once, for a new object, and keeps in it."""
    tell: Callable[[Store, Object, Document], Document] = as_it_is
    """What the service works out each time it tells an object."""
    created: str | None = None
    modified: str | None = None
    stamp: Callable[[datetime], str] = precise
    created_status: int = 200
    updates: tuple[str, ...] = ("PUT",)
    """Methods: PUT takes a whole new object, PATCH what is to be other."""
    partial_put: bool = False
    """A PUT may leave out the name, which then stays; where the id is the name it always may."""
    duplicate: Refusal | None = None
    """Set where a name can be used once in its scope."""
    names: tuple[str, Refusal] | None = None
    """Regular expression of what may be a name, and the refusal of others."""
    deleted: Callable[[Object], Value] | None = None
    """What a deletion answers; None: an object with the id."""
    check: Callable[[Draft], None] = nothing
    """Raises RefusedError for what no field alone can tell."""


def empty_object(_held: Object) -> Value:
    """Answer a deletion with an object that holds nothing."""
    return {}


def null(_held: Object) -> Value:
    """Answer a deletion with null."""
    return None
