"""What no provider refuses in time, refused when the value is made, with the field's name.

A provider's own check comes after minutes, or never: some of these mistakes are taken, and the
object can then be neither read back nor deleted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.problems import problem_without_place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from belfry.problems import Problems

_UID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_BUCKET = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])")
_SCRIPT = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


def refused(owner: str, field: str, wrong: str, right: str) -> Problems:
    """Make the error of an argument that its service would not take."""
    return problem_without_place(wrong, right, owner, field)


def check_uid(owner: str, field: str, uid: str) -> None:
    """Refuse a uid that Grafana does not take, or that it cannot be asked for again.

    Raises:
        Problems: it is not letters, digits, - and _, or nothing but digits.

    """
    if not _UID.fullmatch(uid):
        right = "write at most 40 of a-z, A-Z, 0-9, - and _"
        raise refused(owner, field, f"{uid!r} is no uid of Grafana's", right)
    if uid.isdigit():
        wrong = f"{uid!r} is a number, and is looked for as an old numeric id"
        raise refused(owner, field, wrong, "begin it with a letter")


def check_name(owner: str, field: str, name: str, *, longest: int = 190) -> None:
    """Refuse a name that is empty, too long, or begins or ends with a blank.

    Raises:
        Problems: it is.

    """
    if not name or name != name.strip() or len(name) > longest:
        right = f"write 1 to {longest} characters without blanks around them"
        raise refused(owner, field, f"{name!r} is no name", right)


def check_bucket(owner: str, field: str, name: str) -> None:
    """Refuse a name that R2 does not take.

    Raises:
        Problems: it is not 3 to 63 of a-z, 0-9 and -, with a letter or digit at both ends.

    """
    if not _BUCKET.fullmatch(name):
        right = "write 3 to 63 of a-z, 0-9 and -, with a letter or digit at both ends"
        raise refused(owner, field, f"{name!r} is no name of a bucket", right)


def check_script(owner: str, field: str, name: str) -> None:
    """Refuse a name that a Worker cannot have.

    Raises:
        Problems: it is not 1 to 63 of a-z, 0-9, - and _.

    """
    if not _SCRIPT.fullmatch(name):
        right = "write 1 to 63 of a-z, 0-9, - and _, without - at its ends"
        raise refused(owner, field, f"{name!r} is no name of a Worker", right)


def check_host(owner: str, field: str, host: str) -> None:
    """Refuse what is no host name, such as an address with a scheme or a path.

    Raises:
        Problems: it is none.

    """
    if not _HOST.fullmatch(host):
        raise refused(owner, field, f"{host!r} is no host name", "write it as www.example.com")


def check_within(owner: str, field: str, value: float, low: float, high: float) -> None:
    """Refuse a number that is too small or too large.

    Raises:
        Problems: it is.

    """
    if not low <= value <= high:
        raise refused(owner, field, f"{value} is out of range", f"write {low} to {high}")


def check_some(owner: str, field: str, values: Collection[object], what: str) -> None:
    """Refuse a list with nothing in it.

    Raises:
        Problems: it is empty.

    """
    if not values:
        raise refused(owner, field, "there is none", f"give at least one {what}")


def check_once(owner: str, field: str, values: Iterable[str]) -> None:
    """Refuse a list that names something twice.

    Raises:
        Problems: it does; the service would keep one of the two, or the provider change for ever.

    """
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise refused(owner, field, f"{value!r} is there twice", "leave one out")
        seen.add(value)
