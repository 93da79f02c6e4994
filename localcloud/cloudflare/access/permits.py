"""What a token may do: its policies' permission groups on their resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from localcloud.cloudflare.access.groups import BY_ID, Reach, family_of
from localcloud.cloudflare.envelope import Refusal
from localcloud.documents import Document, document, documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from localcloud.documents import Value
    from localcloud.store import Object

DENIED = Refusal(status=403, code=10000, message="Authentication error")

_BUCKET = "com.cloudflare.edge.r2.bucket"
_REACHES = {"accounts": Reach.ACCOUNT, "zones": Reach.ZONE}
_OPEN = frozenset({"user/tokens/verify", "user", "accounts", "zones", "memberships"})
"""What every valid token may read."""


def check(token: Object, method: str, path: str) -> None:
    """See that a token may make a call.

    Args:
        token: an account's token, its policies in its body.
        method: of the call.
        path: of the call, below `/client/v4/`.

    Raises:
        RefusedError: it may not.

    """
    if not permitted(token, method, path):
        raise DENIED.about()


def permitted(token: Object, method: str, path: str) -> bool:
    """Tell whether a token may make a call."""
    if path.strip("/") in _OPEN:
        return method in ("GET", "HEAD")
    collection, _, rest = path.partition("/")
    identifier, _, below = rest.partition("/")
    reach = _REACHES.get(collection)
    if reach is None:
        return False
    if reach is Reach.ACCOUNT and identifier != account_of(token):
        return False
    if reach is Reach.ACCOUNT and below == "tokens/verify":
        return method in ("GET", "HEAD")
    family = family_of(reach, below)
    if family is None:
        return False
    enough = family.opened_by(family.right(method, below))
    effects = {
        str(policy.get("effect") or "allow")
        for policy in documents(token.body, "policies")
        if enough & set(_groups(policy, reach)) and _about(policy, reach, identifier)
    }
    return "allow" in effects and "deny" not in effects


def account_of(token: Object) -> str:
    """Return the id of the account that owns a token."""
    return token.scope.removeprefix("accounts/")


def sees(token: Object, reach: Reach, identifier: str) -> bool:
    """Tell whether a token has any right in an account or a zone, so that lists show it."""
    if reach is Reach.ACCOUNT and identifier != account_of(token):
        return False
    allowed, denied = (_rights(token, effect, reach, identifier) for effect in ("allow", "deny"))
    return bool(allowed - denied)


def withheld(token: Object, policies: list[Document]) -> str | None:
    """Return what a token may not give to another, which its account would own as well.

    Anything in its account and in all zones below the account may be given; in a zone that is
    named only what the token has there itself.

    Args:
        token: the caller's.
        policies: those of the other token.

    Returns:
        The name of a permission group, or its id if it has no name here; None: all may be given.

    """
    for policy in policies:
        for group in documents(policy, "permission_groups"):
            identifier = str(group.get("id"))
            if not all(
                _may_give(token, identifier, name, inside)
                for name, inside in document(policy.get("resources")).items()
            ):
                known = BY_ID.get(identifier)
                return known.name if known else identifier
    return None


def _may_give(token: Object, group: str, name: str, inside: Value) -> bool:
    own = account_of(token)
    if name == f"{Reach.ACCOUNT}.{own}":
        return not isinstance(inside, dict) or all(
            zone == f"{Reach.ZONE}.*" or _may_give(token, group, zone, value)
            for zone, value in inside.items()
        )
    if name.startswith(f"{_BUCKET}.{own}_"):
        return True
    reach, _, identifier = name.rpartition(".")
    return (
        reach == Reach.ZONE
        and identifier != "*"
        and group in _rights(token, "allow", Reach.ZONE, identifier)
        and group not in _rights(token, "deny", Reach.ZONE, identifier)
    )


def _rights(token: Object, effect: str, reach: Reach, identifier: str) -> set[str]:
    """Return the ids of the groups that a token's policies allow or deny in an account or zone.

    Groups that open nothing here count in zones as in accounts.
    """
    return {
        str(group.get("id"))
        for policy in documents(token.body, "policies")
        if str(policy.get("effect") or "allow") == effect and _about(policy, reach, identifier)
        for group in documents(policy, "permission_groups")
        if (known := BY_ID.get(str(group.get("id")))) is None or known.reach is reach
    }


def _groups(policy: Document, reach: Reach) -> Iterator[str]:
    """Yield the names of a policy's groups that are about accounts, or about zones."""
    for group in documents(policy, "permission_groups"):
        known = BY_ID.get(str(group.get("id")))
        if known is not None and known.reach is reach:
            yield known.name


def _about(policy: Document, reach: Reach, identifier: str) -> bool:
    """Tell whether a policy's resources hold an account or a zone."""
    resources = policy.get("resources")
    return isinstance(resources, dict) and any(
        _holds(name, inside, reach, identifier) for name, inside in resources.items()
    )


def _holds(name: str, inside: Value, reach: Reach, identifier: str) -> bool:
    if isinstance(inside, dict):
        # An account with what of it is meant. Zones here belong to every account.
        return reach is Reach.ZONE and any(
            _holds(zone, value, reach, identifier) for zone, value in document(inside).items()
        )
    return name in ("*", f"{reach}.*", f"{reach}.{identifier}")
