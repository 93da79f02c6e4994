"""Services: what they need, and where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from belfry.needs import cycles
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.platform_file import Platform
    from belfry.values.template import Template


def ask(findings: Findings[Platform]) -> None:
    """Ask about every service."""
    platform = findings.value
    if not platform.services:
        right = "add one with its kind, such as website: {is: website, url: …}"
        findings.add(("services",), "there is none", right)
    for name, service in platform.services.items():
        path = ("services", name, "needs")
        findings.known_once(path, service.needs, "service", platform.services, "services")
        if service.url is not None:
            _address(findings, name, service.url)
    _circles(findings)


def _circles(findings: Findings[Platform]) -> None:
    needs = {name: service.needs for name, service in findings.value.services.items()}
    for cycle in cycles(needs):
        first, second = cycle[0], cycle[1 % len(cycle)]
        findings.add(
            ("services", first, "needs", needs[first].index(second)),
            f"services need each other in a circle: {' needs '.join((*cycle, first))}",
            "remove one of these needs: in a circle there is no cause",
        )


def _address(findings: Findings[Platform], name: str, url: Template) -> None:
    path = ("services", name, "url")
    for blank in dict.fromkeys(url.names):
        if blank != "domain":
            right = "the only blank is ${domain}, from the environment"
            findings.add(path, f"nothing fills ${{{blank}}}", right)
    text = url.fill(dict.fromkeys(url.names, "domain.example"))
    if not _is_address(text):
        wrong = f"{shown(str(url))} is not an http or https address"
        findings.add(path, wrong, "write one such as https://api.${domain}")
    elif "?" in text or "#" in text or "@" in text:
        wrong = "the address holds more than scheme, host and path"
        findings.add(path, wrong, "remove what follows ? or #, and any user before @")


def _is_address(text: str) -> bool:
    if not text.isascii() or any(letter <= " " or letter == "\x7f" for letter in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
