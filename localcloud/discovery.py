"""The home of a localcloud: its lock, its key, and the file by which others find it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from localcloud.store import Store

FILE = "localcloud.json"


class HomeTakenError(Exception):
    """Another localcloud runs in the same home."""


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Have a home alone.

    Raises:
        HomeTakenError: somebody else has it.

    """
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    with (home / "localcloud.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            owner = lock.read().strip() or "unknown"
            raise HomeTakenError(f"a localcloud runs in {home} already: process {owner}") from None
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def remembered(store: Store, name: str) -> str:
    """Return a random value made once for each home: 32 hexadecimal digits."""
    known = store.setting(name)
    if known is None:
        known = secrets.token_hex(16)
        store.set_setting(name, known)
    return known


@contextmanager
def announced(home: Path, *, url: str, smtp: str, key: str, secret: str) -> Iterator[None]:
    """Be found by others: the file is there whole or not at all, for its owner alone.

    `key` opens the controls and is in the console's page; `secret` opens the inbox and is in
    no page.
    """
    told = {"url": url, "smtp": smtp, "pid": os.getpid(), "key": key, "secret": secret}
    draft = home / f".{FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(told, file)
    draft.replace(home / FILE)
    try:
        yield
    finally:
        (home / FILE).unlink(missing_ok=True)
