"""References to secrets: secret:slack-critical. A value never stands in a file of ours."""

from __future__ import annotations

import re

from belfry.arguments import Secret
from belfry.values.nonsense import Nonsense

PATTERN = r"^secret:[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_TEXT = re.compile(PATTERN.removesuffix("$"))
_FORM = "lower-case letters, digits and hyphens, beginning with a letter"


def parse_secret(text: str) -> Secret:
    """Read `secret:name`.

    Raises:
        Nonsense: the text is not a reference. It may be the secret itself, so it is not repeated,
            nor is a name made from it.

    """
    if _TEXT.fullmatch(text) is None:
        head, colon, _ = text.partition(":")
        if colon and head.strip().lower() in ("secret", "secrets"):
            right = f"write secret: and at once a name, in {_FORM}"
            raise Nonsense("this is not the name of a secret", right)
        raise Nonsense(
            "a secret must not stand here in clear",
            f"write secret: and a name that you choose for it, in {_FORM}; its value is set in the "
            "stack's config (docs/stacks.md)",
        )
    return Secret(name=text.removeprefix("secret:"))


def print_secret(secret: Secret) -> str:
    """Print the reference that `parse_secret` reads."""
    return f"secret:{secret.name}"
