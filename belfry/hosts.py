"""Names of hosts in texts: providers draw parts of them, and everybody may know them."""

from __future__ import annotations

import re

_OF_ADDRESS = re.compile(r"(?<=://)([^\s/@?#]*@)?[A-Za-z0-9_.-]+\.([A-Za-z]{2,}(?![\w-])|(?=\$\{))")
_ALONE = re.compile(r"(?<![\w+/=.-])(?:[a-z0-9_-]{1,63}\.){2,}[a-z]{2,}(?![\w+/=-])")
"""A name alone has small letters and three labels, for a drawn text may hold a dot."""


def without_hosts(text: str) -> str:
    """Blank out the names of hosts, in addresses and alone; what stands around them stays."""
    return _ALONE.sub(" ", _OF_ADDRESS.sub(r"\1 ", text))
