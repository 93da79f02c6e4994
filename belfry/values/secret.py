"""References to secrets: secret:slack-critical. A value never stands in a file of ours."""

from __future__ import annotations

import re

from belfry.arguments import Secret
from belfry.values.nonsense import Nonsense

PATTERN = r"^secret:[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_TEXT = re.compile(PATTERN.removesuffix("$"))


def parse_secret(text: str) -> Secret:
    """Read `secret:name`.

    Raises:
        Nonsense: the text is not a reference. It may be the secret itself, so it is not repeated.

    """
    if _TEXT.fullmatch(text) is None:
        if text.startswith("secret:"):
            raise Nonsense(
                "this is not the name of a secret",
                "write secret: and lower-case letters, digits and hyphens, such as "
                "secret:slack-critical",
            )
        raise Nonsense(
            "a secret must not stand here in clear",
            "write its name, such as secret:slack-critical, and set the value in the stack's "
            "config (docs/stacks.md)",
        )
    return Secret(name=text.removeprefix("secret:"))


def print_secret(secret: Secret) -> str:
    """Print the reference that `parse_secret` reads."""
    return f"secret:{secret.name}"
