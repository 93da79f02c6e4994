"""Where Workers keep things: KV, R2, queues."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from belfry.arguments.checked import (
    check_bucket,
    check_name,
    check_once,
    check_script,
    check_within,
    refused,
)

DAY = 86_400
"""Seconds."""
_LONGEST_KEY = 512
_LONGEST_DELAY = 12 * 3600
_LONGEST_QUEUE = 14 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class KvEntry:
    """A key that is written with the namespace, and kept as it is."""

    key: str
    value: str
    metadata: str | None = None
    """JSON text."""

    def __post_init__(self) -> None:
        """Refuse a key that KV does not take.

        Raises:
            Problems: it is empty, `.` or `..`, or longer than 512 bytes.

        """
        if self.key in {"", ".", ".."} or len(self.key.encode()) > _LONGEST_KEY:
            right = f"write 1 to {_LONGEST_KEY} bytes, and neither . nor .."
            raise refused("KV entry", "key", f"{self.key!r} is no key", right)


@dataclass(frozen=True, slots=True, kw_only=True)
class KvNamespace:
    """A KV namespace, and the keys that are written with it."""

    title: str
    entries: tuple[KvEntry, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a title that is none, and a key that is there twice.

        Raises:
            Problems: either.

        """
        check_name("KV namespace", "title", self.title, longest=512)
        check_once(f"KV namespace {self.title}", "entries", (one.key for one in self.entries))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """Objects under a prefix are deleted after an age."""

    name: str
    prefix: str
    age: int
    """Seconds; Cloudflare takes whole days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Objects under a prefix can be neither overwritten nor deleted for a while."""

    name: str
    prefix: str
    age: int | None = None
    """Seconds since the object was written, whole days."""
    until: str | None = None
    """A moment, as 2027-01-01T00:00:00Z. Without age and until: for good."""

    def __post_init__(self) -> None:
        """Refuse a lock of two ends.

        Raises:
            Problems: both are said, or one is no whole days or no moment.

        """
        owner = f"lock {self.name}"
        check_name(owner, "name", self.name)
        if self.age is not None and self.until is not None:
            raise refused(owner, "until", "an age is said too", "say one of both")
        if self.age is not None and (self.age <= 0 or self.age % DAY):
            raise refused(owner, "age", f"{self.age} s are no whole days", "round it up")
        if self.until is not None:
            _check_moment(owner, self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class R2Bucket:
    """An R2 bucket: what expires in it, and what is locked."""

    name: str
    expiries: tuple[Expiry, ...] = ()
    locks: tuple[Lock, ...] = ()
    location: Literal["apac", "eeur", "enam", "weur", "wnam", "oc"] | None = None
    """Where it should be; a wish. Never changed: the bucket would be replaced."""

    def __post_init__(self) -> None:
        """Refuse a name that R2 does not take, and rules of one name.

        Raises:
            Problems: either; or objects that expire while they are locked.

        """
        owner = f"bucket {self.name}"
        check_bucket(owner, "name", self.name)
        check_once(owner, "expiries", (one.name for one in self.expiries))
        check_once(owner, "locks", (one.name for one in self.locks))


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueConsumer:
    """The Worker that is given what a queue holds."""

    script: str
    batch: int = 10
    """Messages at most at once."""
    wait: int = 5_000
    """Milliseconds that a batch waits for more."""
    retries: int = 3
    concurrency: int | None = None
    """Batches at most at the same time; None: as many as Cloudflare sees fit."""
    dead_letters: str | None = None
    """A queue for messages that failed so often; None: they are dropped."""

    def __post_init__(self) -> None:
        """Refuse figures that the service does not take.

        Raises:
            Problems: more than 100 messages, retries or 250 batches, or a wait above a minute.

        """
        owner = f"queue consumer {self.script}"
        check_script(owner, "script", self.script)
        check_within(owner, "batch", self.batch, 1, 100)
        check_within(owner, "wait", self.wait, 0, 60_000)
        check_within(owner, "retries", self.retries, 0, 100)
        if self.concurrency is not None:
            check_within(owner, "concurrency", self.concurrency, 1, 250)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue. Its settings are always sent, because Cloudflare would fill them in."""

    name: str
    keeps: int
    """Seconds until a message that nobody took is dropped."""
    delay: int = 0
    """Seconds until a message can be taken."""
    consumer: QueueConsumer | None = None

    def __post_init__(self) -> None:
        """Refuse times that the service does not take.

        Raises:
            Problems: kept for less than a minute or above 14 days, or delayed above 12 hours.

        """
        owner = f"queue {self.name}"
        check_bucket(owner, "name", self.name)
        check_within(owner, "keeps", self.keeps, 60, _LONGEST_QUEUE)
        check_within(owner, "delay", self.delay, 0, _LONGEST_DELAY)


def _check_moment(owner: str, moment: str) -> None:
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        right = "write it as 2027-01-01T00:00:00Z"
        raise refused(owner, "until", f"{moment!r} is no moment", right)
