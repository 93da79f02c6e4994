"""Hosts: which names and numbers mean something to others than the machine that asks."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

_NUMBERS = re.compile(r"[0-9.]+|[0-9a-f:.]*:[0-9a-f:.]*")


def host_of(url: str) -> str:
    """Take the host out of an address; empty when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_of_this_machine(host: str) -> bool:
    """Say whether a host means whichever machine asks: localhost and its numbers."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    number = _number(host)
    return number is not None and (number.is_loopback or number.is_unspecified)


def is_private(host: str) -> bool:
    """Say whether a host is known in one network only, so that Cloudflare cannot reach it."""
    if is_of_this_machine(host) or host.endswith((".local", ".internal", ".home.arpa", ".lan")):
        return True
    number = _number(host)
    return number is not None and not number.is_global


def is_number(host: str) -> bool:
    """Say whether a host is an IP address and no name."""
    return _number(host) is not None


def _number(host: str) -> IPv4Address | IPv6Address | None:
    if _NUMBERS.fullmatch(host) is None:
        return None
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
