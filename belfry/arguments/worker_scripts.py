"""Workers: code, what it finds, what is logged, where it is reached.

Neither `placement` nor `files` can be said: providers in use send an empty upload for the first and
drop the second in silence. A Worker is one bundled module.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.arguments.checked import (
    check_host,
    check_name,
    check_once,
    check_script,
    check_some,
    check_within,
    refused,
)
from belfry.arguments.worker_bindings import Binding, JsonBinding

if TYPE_CHECKING:
    from belfry.arguments.migrations import Migration

_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")
_CRON = re.compile(r"\S+( \S+){4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Observability:
    """What Cloudflare keeps of a Worker's logs. Always said: an unsaid one is a change for ever."""

    enabled: bool = True
    sample: float = 1
    """Share of the invocations."""
    invocations: bool = True
    """One log of every invocation."""

    def __post_init__(self) -> None:
        """Refuse a share that is none.

        Raises:
            Problems: it is not between 0 and 1.

        """
        check_within("observability", "sample", self.sample, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """What one invocation may take; of the paid plan."""

    cpu: int
    """Milliseconds."""
    subrequests: int | None = None

    def __post_init__(self) -> None:
        """Refuse more than there is.

        Raises:
            Problems: more than five minutes, or not at least one of each.

        """
        check_within("limits", "cpu", self.cpu, 1, 300_000)
        if self.subrequests is not None:
            check_within("limits", "subrequests", self.subrequests, 1, 10_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerScript:
    """A Worker of one ES module."""

    script: str
    """Its name, unique in the account; environment included."""
    code: str
    """The bundled ES module."""
    module: str
    """What the module is called, such as monitoring.js."""
    compatibility_date: str
    compatibility_flags: tuple[str, ...] = ()
    bindings: tuple[Binding, ...] = ()
    migrations: tuple[Migration, ...] = ()
    """Oldest first."""
    observability: Observability = Observability()
    tail_consumers: tuple[str, ...] = ()
    """Workers that are given its logs."""
    limits: WorkerLimits | None = None
    """None: those of the plan."""

    def __post_init__(self) -> None:
        """Refuse what no upload survives.

        Raises:
            Problems: a name, a date or a JSON text that is none; a binding or tag twice.

        """
        owner = f"Worker {self.script}"
        check_script(owner, "script", self.script)
        check_name(owner, "module", self.module, longest=63)
        if not self.code.strip():
            raise refused(owner, "code", "there is none", "bundle it first")
        if not _DAY.fullmatch(self.compatibility_date):
            wrong = f"{self.compatibility_date!r} is no day"
            raise refused(owner, "compatibility_date", wrong, "write it as 2026-06-01")
        check_once(owner, "bindings", (one.name for one in self.bindings))
        check_once(owner, "migrations", (one.tag for one in self.migrations))
        check_once(owner, "tail_consumers", self.tail_consumers)
        for one in self.bindings:
            if isinstance(one, JsonBinding):
                _check_json(owner, one)


@dataclass(frozen=True, slots=True, kw_only=True)
class CronTriggers:
    """When a Worker is woken. What is there already is replaced as a whole."""

    script: str
    crons: tuple[str, ...]
    """Five fields each, in UTC."""

    def __post_init__(self) -> None:
        """Refuse what is no schedule.

        Raises:
            Problems: none at all (the provider would leave the last ones), or not five fields.

        """
        owner = f"cron triggers of {self.script}"
        check_script(owner, "script", self.script)
        check_some(owner, "crons", self.crons, "schedule")
        check_once(owner, "crons", self.crons)
        for cron in self.crons:
            if not _CRON.fullmatch(cron):
                raise refused(owner, "crons", f"{cron!r} has not five fields", "as */5 * * * *")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkersDev:
    """Whether a Worker is reached under the account's name at workers.dev."""

    script: str
    enabled: bool = True
    previews: bool = False
    """Every version has an address of its own too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRoutes:
    """Patterns of a zone whose requests a Worker answers."""

    script: str
    patterns: tuple[str, ...]
    """Such as shop.example/api/*, each a route of its own."""

    def __post_init__(self) -> None:
        """Refuse patterns that would never match.

        Raises:
            Problems: there is none, one twice, or one with a scheme.

        """
        owner = f"routes of {self.script}"
        check_script(owner, "script", self.script)
        check_some(owner, "patterns", self.patterns, "pattern")
        check_once(owner, "patterns", self.patterns)
        for pattern in self.patterns:
            if "://" in pattern or "/" not in pattern:
                wrong = f"{pattern!r} is not a host with a path"
                raise refused(owner, "patterns", wrong, "write it as shop.example/api/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomDomain:
    """A host name that is a Worker's own: Cloudflare makes its DNS record and its certificate."""

    script: str
    hostname: str

    def __post_init__(self) -> None:
        """Refuse what is no host name.

        Raises:
            Problems: it is none.

        """
        check_script(f"custom domain {self.hostname}", "script", self.script)
        check_host(f"custom domain of {self.script}", "hostname", self.hostname)


def _check_json(owner: str, binding: JsonBinding) -> None:
    try:
        json.loads(binding.json)
    except ValueError as error:
        field = f"bindings.{binding.name}"
        raise refused(owner, field, f"it is no JSON: {error}", "write JSON text") from error
