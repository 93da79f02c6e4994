"""The guard of Grafana's one notification policy tree: another's is never overwritten."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypedDict

import pulumi

from belfry.credentials import MissingError, grafana
from belfry.problems import Problem, Problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.arguments import NotificationTree
    from belfry.credentials import Access
    from program.settings import Settings

_KEY = "belfry:ownsGrafanaPolicy"
_TREE = "api/v1/provisioning/policies"
_OF_GRAFANA = ("", "empty", "grafana-default-email")
"""Contact points of trees that nobody has written yet, of Grafana's releases."""
_HERE = ("127.0.0.1", "localhost", "::1")
_PATIENCE = 10
"""Seconds."""


class Tree(TypedDict, total=False):
    """What matters of the tree as Grafana tells it."""

    receiver: str
    routes: Sequence[object] | None


def check_grafana_policy(tree: NotificationTree | None, settings: Settings) -> None:
    """Ask Grafana whose tree it has, before the first resource of an update is registered.

    A plan and a preview ask nothing, and neither does a stack that does not own the tree.

    Args:
        tree: what the stack would write; None: it does not own the tree.
        settings: where Grafana is.

    Raises:
        Problems: the tree is somebody else's, or Grafana does not tell.

    """
    if tree is None or settings.planning or pulumi.runtime.is_dry_run():
        return
    found = _asked(settings)
    if is_foreign(found, own=tree.contact_point):
        raise _problem(
            f"Grafana's notification policies lead to {found.get('receiver') or 'nobody'}, and this"
            " stack has not written them",
            f"take {_KEY} out of the stack; or, to give them up, reset them in Grafana first",
        )


def is_foreign(tree: Tree, *, own: str) -> bool:
    """Say whether a tree is neither Grafana's own, as nobody has written it, nor this stack's.

    Args:
        tree: as Grafana tells it.
        own: the contact point that a tree of this stack leads to, whose name no other stack has.

    """
    receiver = tree.get("receiver") or ""
    if receiver == own:
        return False
    return bool(tree.get("routes")) or receiver not in _OF_GRAFANA


def _asked(settings: Settings) -> Tree:
    import httpx  # noqa: PLC0415 -- a tenth of a second, for a stack that owns the tree only

    access = _address(settings)
    try:
        answer = httpx.get(
            f"{access.url}/{_TREE}",
            headers=access.headers,
            timeout=_PATIENCE,
            # A proxy leads away from this machine.
            trust_env=httpx.URL(access.url).host not in _HERE,
        )
        answer.raise_for_status()
        tree: Tree = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        # What the error says may hold the address, never the token, which is a header.
        raise _problem(
            f"Grafana does not tell which notification policies it has: {type(error).__name__}",
            "see that GRAFANA_URL and GRAFANA_AUTH lead to it, and that the token may read them",
        ) from error
    if not isinstance(tree, dict):
        wrong = "what Grafana tells of its notification policies is no tree"
        raise _problem(wrong, "see that GRAFANA_URL leads to Grafana itself")
    return tree


def _address(settings: Settings) -> Access:
    """Give where Grafana is and who asks, as the stack's provider has it."""
    if settings.localcloud is not None:
        from components.grafana.provider import LOCAL_TOKEN  # noqa: PLC0415 -- needs the SDK

        url = f"{settings.localcloud.address.url}/grafana"
        return grafana({"GRAFANA_URL": url, "GRAFANA_AUTH": LOCAL_TOKEN})
    try:
        return grafana(os.environ)
    except MissingError as error:
        raise _problem(str(error), f"set {error.variable} (docs/stacks.md)") from error


def _problem(wrong: str, right: str) -> Problems:
    return Problems([Problem(place=None, path=(_KEY,), wrong=wrong, right=right)])
