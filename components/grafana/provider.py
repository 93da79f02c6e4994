"""The provider that everything of Grafana's goes through."""

from __future__ import annotations

import pulumiverse_grafana as grafana

LOCAL_TOKEN = "the-local-cloud-asks-for-no-token"  # noqa: S105 -- it says so itself
"""Whoever asks the local cloud sends it; one must be sent, whichever."""


def grafana_provider(name: str, *, localcloud: str | None = None) -> grafana.Provider:
    """Make the provider: of the environment's variables, or of the local cloud at an address.

    With `localcloud` no variable is read, so that no real token ever reaches it.
    """
    if localcloud is None:
        return grafana.Provider(name)
    return grafana.Provider(name, auth=LOCAL_TOKEN, url=f"{localcloud}/grafana")
