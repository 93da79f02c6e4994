"""The provider that everything of Cloudflare's goes through."""

from __future__ import annotations

import pulumi_cloudflare as cloudflare

_NO_TOKEN = "the-local-cloud-asks-for-no-token-of-its-users"  # noqa: S105 -- it says so itself
"""The provider insists on 40 characters or more."""


def cloudflare_provider(name: str, *, localcloud: str | None = None) -> cloudflare.Provider:
    """Make the provider: of the environment's variables, or of the local cloud at an address.

    With `localcloud` no variable is read, so that no real token ever reaches it.
    """
    if localcloud is None:
        return cloudflare.Provider(name)
    return cloudflare.Provider(name, api_token=_NO_TOKEN, base_url=f"{localcloud}/client/v4")
