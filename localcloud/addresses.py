"""Which Worker is meant: its name is unique in its account, and another may have the same one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from localcloud.store import Object, Store

_ACCOUNT = re.compile(r"[0-9a-f]{32}")


class AmbiguousError(LookupError):
    """Several accounts have what is asked for; the text tells where, and how to say which."""


def address(scope: str, script: str) -> str:
    """Return the address `<account>/<script>` of a Worker in a scope `accounts/<account>`."""
    return f"{scope.removeprefix('accounts/')}/{script}"


def address_of(script: Object) -> str:
    """Return the address of a Worker."""
    return address(script.scope, script.id)


def account_in(worker: str) -> str:
    """Return the account of an address."""
    return worker.partition("/")[0]


def name_in(worker: str) -> str:
    """Return the name of an address: what its owner calls the Worker."""
    return worker.partition("/")[2]


def meant(store: Store, asked: str) -> str | None:
    """Return the address of the Worker that is asked for by address or by name; None: no such one.

    Raises:
        AmbiguousError: it is asked for by a name that several accounts have.

    """
    account, _, name = asked.partition("/")
    if name:
        there = store.get("scripts", f"accounts/{account}", name)
        return None if there is None else address_of(there)
    found = [address_of(held) for held in store.all_named_anywhere("scripts", asked)]
    if len(found) > 1:
        raise AmbiguousError(
            f"{len(found)} accounts have a Worker {asked}: say {' or '.join(sorted(found))}"
        )
    return found[0] if found else None


def reached(store: Store, first: str, rest: str) -> tuple[str, int] | None:
    """Return the Worker that a path means, and how many of its segments say so; None: none.

    Args:
        store: where Workers are kept.
        first: the first segment: an account, or the name of a Worker.
        rest: what follows the slash after it.

    Raises:
        AmbiguousError: it says a name that several accounts have.

    """
    if _ACCOUNT.fullmatch(first):
        in_account = meant(store, f"{first}/{rest.partition('/')[0]}")
        if in_account is not None:
            return in_account, 2
    by_name = meant(store, first)
    return None if by_name is None else (by_name, 1)
