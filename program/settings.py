"""What a stack's config says, read once and checked whole."""

from __future__ import annotations

import json
import os
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pulumi
from pulumi.runtime.config import CONFIG

from belfry.compile import LocalAddress, Target
from belfry.loading import platforms_in
from belfry.problems import Problem, Problems, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NAMESPACE = "belfry"
_KEYS = (
    "account",
    "environment",
    "localcloud",
    "ownsGrafanaPolicy",
    "platform",
    "secrets",
    "workersSubdomain",
    "zone",
)
_ID = re.compile(r"[0-9a-f]{32}")
_SUBDOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_DOCUMENTED = "docs/stacks.md"

_LOCAL_ACCOUNT = "a" * 32
_LOCAL_ZONE = "b" * 32
_PLANNED_URL = "http://127.0.0.1:8787"
_PLANNED_SMTP = "127.0.0.1:8788"
_UNSAID = "0" * 32
"""Stands in a plan for an id that the stack does not say yet."""
_UNSAID_SUBDOMAIN = "account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Localcloud:
    """The local cloud, and the secret that opens its inbox."""

    address: LocalAddress
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What one stack's config says."""

    platform: str
    environment: str
    account: str
    zone: str
    workers_subdomain: str | None
    localcloud: Localcloud | None
    """Where the stack runs on this machine; None: in real accounts."""
    owns_grafana_policy: bool
    """The notification policy tree of the Grafana organisation is this stack's."""
    secrets: Mapping[str, str]
    """Values by name, as far as the config has them."""
    planning: bool
    """Nothing is deployed: secrets are their names, and what is missing is made up."""

    @property
    def target(self) -> Target:
        """What the compiler must know of it."""
        return Target(
            workers_subdomain=self.workers_subdomain,
            localcloud=self.localcloud.address if self.localcloud else None,
            owns_grafana_policy=self.owns_grafana_policy,
        )


def read_settings(root: Path) -> Settings:
    """Read the config of the stack that runs.

    Args:
        root: the checkout, whose platforms the config may name.

    Raises:
        Problems: every mistake in the config.
        RunError: the stack runs on the local cloud, and the local cloud does not.

    """
    config = pulumi.Config(_NAMESPACE)
    said = {key: (config.get(key) or "").strip() for key in _KEYS}
    planning = pulumi.Config("plan").get("offline") == "true"
    local = said["localcloud"] == "true"
    problems = tuple(_mistakes(said, root, strict=not (local or planning)))
    if problems:
        raise Problems(problems)
    return Settings(
        platform=said["platform"],
        environment=said["environment"],
        account=said["account"] or (_LOCAL_ACCOUNT if local else _UNSAID),
        zone=said["zone"] or (_LOCAL_ZONE if local else _UNSAID),
        workers_subdomain=said["workersSubdomain"] or (_UNSAID_SUBDOMAIN if planning else None),
        localcloud=_localcloud(root, planning=planning) if local else None,
        owns_grafana_policy=said["ownsGrafanaPolicy"] == "true",
        secrets=_secrets(said["secrets"]) or {},
        planning=planning,
    )


def _mistakes(said: Mapping[str, str], root: Path, *, strict: bool) -> Iterator[Problem]:
    yield from _unknown()
    known = [path.stem for path in platforms_in(root)]
    if not said["platform"]:
        yield _missing("platform", f"one of {', '.join(known)}")
    elif said["platform"] not in known:
        wrong = f"there is no platforms/{said['platform']}.yaml"
        yield _problem("platform", wrong, suggestion(said["platform"], known, else_say="write it"))
    if not said["environment"]:
        yield _missing("environment", "one of the platform file's environments")
    for key in ("localcloud", "ownsGrafanaPolicy"):
        if said[key] not in ("", "true", "false"):
            yield _problem(key, f"{said[key]} is neither true nor false", "write true")
    for key, what in (("account", "an account id"), ("zone", "a zone id")):
        if said[key] and not _ID.fullmatch(said[key]):
            wrong = f"{said[key]} is not {what} of Cloudflare"
            yield _problem(key, wrong, "write its 32 digits of 0-9 and a-f")
        elif strict and not said[key]:
            yield _missing(key, f"{what} of Cloudflare")
    subdomain = said["workersSubdomain"]
    if subdomain and not _SUBDOMAIN.fullmatch(subdomain):
        wrong = f"{subdomain} is not a name under workers.dev"
        yield _problem("workersSubdomain", wrong, "write the part before .workers.dev")
    elif strict and not subdomain:
        yield _missing("workersSubdomain", "the part before .workers.dev")
    if _secrets(said["secrets"]) is None:
        # The text is never shown: it may hold a value.
        wrong = "the secrets are not a table of names and texts"
        yield _problem("secrets", wrong, "set each with belfry secrets set NAME")


def _unknown() -> Iterator[Problem]:
    prefix = f"{_NAMESPACE}:"
    for key in sorted(key for key in CONFIG.get() if key.startswith(prefix)):
        name = key.removeprefix(prefix)
        if name not in _KEYS:
            yield _problem(name, "there is no such key", suggestion(name, _KEYS, else_say=""))


def _missing(key: str, what: str) -> Problem:
    return _problem(key, "the stack does not say it", f"set {what} ({_DOCUMENTED})")


def _problem(key: str, wrong: str, right: str) -> Problem:
    return Problem(place=None, path=(f"{_NAMESPACE}:{key}",), wrong=wrong, right=right)


def _secrets(text: str) -> Mapping[str, str] | None:
    """Read the table of secrets; None when it is none."""
    if not text:
        return {}
    try:
        secrets = json.loads(text)
    except ValueError:
        return None
    if not isinstance(secrets, dict):
        return None
    return secrets if all(isinstance(value, str) for value in secrets.values()) else None


def _localcloud(root: Path, *, planning: bool) -> Localcloud:
    """Find the running local cloud by the file that it leaves while it runs."""
    named = os.environ.get("BELFRY_HOME")
    home = root / ".belfry" if not named else root / named
    try:
        found = json.loads((home / "local" / "localcloud.json").read_text(encoding="utf-8"))
        address = LocalAddress(url=str(found["url"]), smtp=str(found["smtp"]))
        if not planning:
            _reach(address)
        return Localcloud(address=address, secret=str(found["secret"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        if planning:
            address = LocalAddress(url=_PLANNED_URL, smtp=_PLANNED_SMTP)
            return Localcloud(address=address, secret="")
        message = "localcloud is not running: start it with `make up`"
        raise pulumi.RunError(message) from error


def _reach(address: LocalAddress) -> None:
    """Knock: a file that a local cloud left behind when it was killed leads nowhere."""
    parts = urlsplit(address.url)
    socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5).close()
