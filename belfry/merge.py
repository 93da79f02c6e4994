"""Two tables laid over one another, key by key, at any depth; nothing is copied that is the same.

Trees only, and no deeper than `document` lets them be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.problems import Code, Problem
from belfry.tree import Entry, Items, Table, Text, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from belfry.problems import Path
    from belfry.tree import Node

    Report = Callable[[Problem], None]

OFF = "off"
"""Instead of a table: leave out the one that it would be laid over."""


def lay_over(host: Table, guest: Table, written: Path, report: Report) -> Table:
    """Lay a guest over a host: what both say, the guest decides.

    Args:
        host: the table that stays; it is returned itself when the guest changes nothing.
        guest: what differs.
        written: the path where the guest is written, which its entries keep.
        report: takes what does not fit; the host's part then stays.

    """
    return _merge(host, guest, written, report, guest_wins=True)


def fill_in(host: Table, guest: Table, written: Path, report: Report) -> Table:
    """Add to a host what only the guest says; see `lay_over`."""
    return _merge(host, guest, written, report, guest_wins=False)


def is_off(node: Node) -> bool:
    """Say whether a node leaves out the table that it stands for."""
    return isinstance(node, Text) and node.text == OFF


def from_guest(entry: Entry, written: Path) -> Entry:
    """Mark an entry with the path of the table where it is written, unless it is marked."""
    if entry.written is not None:
        return entry
    return Entry(entry.key, entry.value, (*written, entry.key.text))


def _merge(host: Table, guest: Table, written: Path, report: Report, *, guest_wins: bool) -> Table:
    guests = {entry.key.text: entry for entry in guest.entries}
    entries: list[Entry] = []
    changed = False
    for entry in host.entries:
        other = guests.pop(entry.key.text, None)
        joined = entry
        if other is not None:
            found = _join(entry, from_guest(other, written), report, guest_wins=guest_wins)
            changed |= found is not entry
            if found is None:
                continue
            joined = found
        entries.append(joined)
    entries += [from_guest(entry, written) for entry in guests.values()]
    whole = host.whole and guest.whole
    if not changed and not guests and whole == host.whole:
        return host
    return Table(tuple(entries), host.place, whole)


def _join(host: Entry, guest: Entry, report: Report, *, guest_wins: bool) -> Entry | None:
    """Make one entry of two; None leaves it out."""
    winner, loser = (guest, host) if guest_wins else (host, guest)
    if isinstance(host.value, Table) and isinstance(guest.value, Table):
        at = guest.written or ()
        table = _merge(host.value, guest.value, at, report, guest_wins=guest_wins)
        return host if table is host.value else Entry(host.key, table, host.written)
    if isinstance(winner.value, Unreadable) or isinstance(loser.value, Unreadable):
        return winner
    if is_off(winner.value) and isinstance(loser.value, Table):
        return None
    if isinstance(winner.value, Table) or isinstance(loser.value, Table):
        report(_unlike(winner, loser))
        return loser
    return winner


def _unlike(winner: Entry, loser: Entry) -> Problem:
    """Say that a table meets a text or a list."""
    value, place = winner.value, winner.key.place
    if isinstance(value, Text) and value.text:
        place = value.place
    nothing = isinstance(value, Text) and value.is_nothing
    right = "write a table with what differs, or off to leave it out"
    if isinstance(value, Table):
        right = f"write {what_is(loser.value)} here too"
    other = loser.key.place
    there = f"on line {other.line}" if other.file == place.file else f"at {other}"
    return Problem(
        place=place,
        path=winner.written or (winner.key.text,),
        wrong=f"{'nothing' if nothing else what_is(value)} stands here, but "
        f"{what_is(loser.value)} {there}",
        right=right,
        code=Code.WRONG_KIND,
    )


def what_is(node: Node) -> str:
    """Say what stands somewhere."""
    if isinstance(node, Table):
        return "a table"
    return "a list" if isinstance(node, Items) else "a text"
