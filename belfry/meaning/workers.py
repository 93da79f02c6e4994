"""Workers of the monitoring: their names, what they stand on, and whether anything wakes them."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from belfry.problems import Code
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.workers import Worker
    from belfry.problems import Path

_LONGEST_NAME = 63
"""Of scripts, R2 buckets and queues at Cloudflare (developers.cloudflare.com/r2/buckets)."""
_SET_BY_BELFRY = ("ENVIRONMENT", "LOG_LEVEL", "PLATFORM")
_BOUND = ("kv", "r2", "durable-objects", "queues", "analytics", "variables", "secrets")
"""Tables of a Worker that share one set of names."""
_NAMED = ("r2", "queues")
_SECRET = re.compile(r"(.*_)?(KEY|TOKEN|SECRET|PASSWORD|DSN|CREDENTIALS?)")
_OF_ONE = (
    ("script", "call it otherwise"),
    ("role", "give it another role, or make the two one Worker"),
)
"""Keys whose value only one Worker has, and what is right for the next."""
_CLASS = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*", re.ASCII)


def ask(findings: Findings[Platform]) -> None:
    """Ask about every Worker beside the monitoring Worker."""
    for name, worker in findings.value.workers.items():
        path = ("workers", name)
        _script(findings, path, worker)
        _idle(findings, path, worker)
        findings.once((*path, "crons"), worker.crons)
        findings.once((*path, "serves"), worker.serves)
        findings.once((*path, "routes"), worker.routes)
        _bindings(findings, path, worker)
        _things(findings, path, worker)
        _variables(findings, path, worker)
        _led_to(findings, path, worker)
    _apart(findings)


def _script(findings: Findings[Platform], path: Path, worker: Worker) -> None:
    platform = findings.value
    where = (*path, "script")
    longest = max(platform.environments, key=len, default="")
    name = f"{worker.script}-{longest}"
    if longest and len(name) > _LONGEST_NAME:
        wrong = f"with its environment it is {name}, longer than {_LONGEST_NAME} letters"
        findings.add(where, wrong, "shorten it, or the name of the environment")
    scripts = {service.script: key for key, service in platform.services.items() if service.script}
    names = (worker.script, *(f"{worker.script}-{one}" for one in platform.environments))
    taken = next((one for one in names if one in scripts), None)
    if taken is not None:
        service = scripts[taken]
        wrong = f"services.{service} has the script {taken} already"
        because = (("services", service, "script"),)
        right = "call the Worker otherwise, or one would overwrite the other"
        findings.add(where, wrong, right, because=because)


def _idle(findings: Findings[Platform], path: Path, worker: Worker) -> None:
    wakes = (worker.crons, worker.serves, worker.routes, worker.queues)
    if not any(wakes) and not findings.is_unclear(path):
        right = 'add crons: ["*/5 * * * *"], or serves: and its paths'
        findings.add(path, "nothing wakes it", right)


def _bindings(findings: Findings[Platform], path: Path, worker: Worker) -> None:
    seen: dict[str, str] = {}
    for table in _BOUND:
        for name in _table(worker, table):
            where = (*path, table, name)
            other = seen.setdefault(name, table)
            if name in _SET_BY_BELFRY:
                findings.add(where, f"{name} is set by Belfry", "remove it, or call it otherwise")
            elif other != table:
                wrong = f"{name} is a name under {other} already"
                right = "call it otherwise: a Worker has one name for one thing"
                findings.add(where, wrong, right, because=((*path, other, name),))


def _things(findings: Findings[Platform], path: Path, worker: Worker) -> None:
    """Ask whether Cloudflare takes the names of what it stands on, and has each once."""
    longest = max(findings.value.environments, key=len, default="")
    own = _monitoring(findings.value)
    for table in ("kv", *_NAMED):
        bound: dict[str, str] = {}
        for name, thing in _table(worker, table).items():
            where = (*path, table, name)
            full = f"{thing}-{longest}"
            other = bound.setdefault(thing, name)
            if table in _NAMED and longest and len(full) > _LONGEST_NAME:
                wrong = f"with its environment it is {full}, longer than {_LONGEST_NAME} letters"
                findings.add(where, wrong, "shorten it, or the name of the environment")
            elif thing == own:
                right = "call it otherwise"
                because = (("monitoring", "script"), ("platform",))
                wrong = "the monitoring Worker has one of this name for itself"
                findings.add(where, wrong, right, because=because)
            elif other != name:
                right = "remove one, or name another"
                findings.add(where, f"{other} is bound to {thing} already", right)
    for name, made in worker.durable_objects.items():
        if _CLASS.fullmatch(made) is None:
            where = (*path, "durable-objects", name)
            right = "write the name of the exported class, such as Incidents"
            findings.add(where, f"{shown(made)} is no name of a class", right)


def _variables(findings: Findings[Platform], path: Path, worker: Worker) -> None:
    for name, value in worker.variables.items():
        where = (*path, "variables", name)
        if value.startswith("secret:"):
            wrong = "everybody who may see the Worker reads this text, and not the secret"
            findings.add(where, wrong, f"move it below secrets: {name}: {value}")
        elif _SECRET.fullmatch(name) and "PUBLIC" not in name:
            wrong = f"{name} is called like a secret, and everybody who may see the Worker reads it"
            right = f"write {name}: secret:… below secrets, or call it otherwise"
            findings.add(where, wrong, right, code=Code.SECRET, hidden=True)


def _led_to(findings: Findings[Platform], path: Path, worker: Worker) -> None:
    """Ask whether the routes lead to what is served."""
    for index, served in enumerate(worker.serves if worker.routes else ()):
        if not any(fnmatchcase(served, route.replace("[", "[[]")) for route in worker.routes):
            wrong = "none of its routes leads here"
            findings.add(
                (*path, "serves", index),
                wrong,
                f"add {served} to routes, or a pattern that holds it",
                because=((*path, "routes"),),
            )


def _apart(findings: Findings[Platform]) -> None:
    """Ask whether two Workers are one."""
    own = _monitoring(findings.value)
    seen: dict[tuple[str, str], str] = {}
    for name, worker in findings.value.workers.items():
        path = ("workers", name)
        if worker.script == own:
            decided = (("monitoring", "script"), ("platform",))
            wrong = "the monitoring Worker is called so"
            findings.add((*path, "script"), wrong, "call it otherwise", because=decided)
        for key, right in _OF_ONE:
            other = seen.setdefault((key, getattr(worker, key)), name)
            if other != name:
                wrong = f"{other} has this {key} already"
                because = (("workers", other, key),)
                findings.add((*path, key), wrong, right, because=because)
        for index, route in enumerate(worker.routes):
            other = seen.setdefault(("routes", route), name)
            if other != name:
                wrong = f"it leads to {other} already"
                findings.add((*path, "routes", index), wrong, "let each path lead to one Worker")


def _monitoring(platform: Platform) -> str:
    return platform.monitoring.script or f"{platform.platform}-monitoring"


def _table(worker: Worker, key: str) -> Mapping[str, str]:
    table: Mapping[str, str] = getattr(worker, key.replace("-", "_"))
    return table
