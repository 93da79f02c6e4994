"""What an interrupted update leaves behind: locks of ended processes, and operations half done."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import processes
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.documents import Json
    from engine.localcloud import Client
    from engine.pulumi import Stack


_PLACES = (
    *("accountId", "zoneId", "queueId", "phase"),
    *("orgId", "folderUid", "folder", "parentFolderUid", "dashboardUid", "serviceAccountId"),
)
"""Inputs that say in what an object lies: elsewhere another stack may have one of its name."""
_PLUGIN_MODULES = ("engine.standins", "engine.language_host")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An operation that had begun and was never recorded as done."""

    operation: str
    """Pulumi's word: creating, updating, deleting, …"""
    urn: str
    type: str
    inputs: Mapping[str, Json]

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.split("::", 3)[-1]


def mend(stack: Stack, client: Client, say: Callable[[str], None]) -> None:
    """Make a localcloud stack ready for its next operation, whatever ended the last one.

    What was being created is deleted from localcloud, because the next update creates it; what was
    being changed or deleted is read again.

    Raises:
        EngineError: another Pulumi is at work on the stack right now.

    """
    _remove_stale_locks(stack, say)
    _forget_what_is_lost(stack, client, say)
    if (
        not stack.checkpoint.is_file()
        or b'"pending_operations"' not in stack.checkpoint.read_bytes()
    ):
        return
    state = stack.export()
    pending = tuple(_pending(state))
    if not pending:
        return
    say(f"mending: the last update was interrupted; {_listed(pending)}")
    for operation in pending:
        if operation.operation == "creating":
            name = _natural_name(operation)
            if name is not None:
                client.forget(operation.type, name, _place(operation), _ids(stack, operation.type))
    stack.import_state(_without_pending(state))
    uncertain = [o.urn for o in pending if o.operation != "creating"]
    if uncertain:
        targets = [f"--target={urn}" for urn in uncertain]
        summary = stack.refresh(lambda _: None, *targets, *moved_options(stack, client))
        if not summary.succeeded:
            raise EngineError(
                f"the interrupted update cannot be mended: {'; '.join(summary.errors)}"
            )


def _forget_what_is_lost(stack: Stack, client: Client, say: Callable[[str], None]) -> None:
    """Read the state again when localcloud has lost everything that the state speaks of."""
    recorded = stack.checkpoint.is_file() and b'"resources"' in stack.checkpoint.read_bytes()
    if not recorded or client.objects():
        return
    say("mending: localcloud has lost what it held; the state is read again")
    summary = stack.refresh(lambda _: None, *moved_options(stack, client))
    if not summary.succeeded:
        raise EngineError(f"the state cannot be read again: {'; '.join(summary.errors)}")


def pending_operations(stack: Stack) -> tuple[Pending, ...]:
    """What an interrupted update of any stack left half done."""
    return tuple(_pending(stack.export()))


def remedy(stack: Stack, pending: tuple[Pending, ...]) -> str:
    """What is half done on real accounts, and what its owner can do about it."""
    name = stack.file.name
    return (
        f"the last update of stack {name} was interrupted; {_listed(pending)}. Look at the "
        f"account, then run `pulumi refresh -s {name}` in a terminal: it asks about each of them."
    )


def moved_options(stack: Stack, client: Client) -> tuple[str, ...]:
    """Options for operations that do not run the program, when localcloud has another address now.

    Unless the program runs, providers are configured from the state, which holds the old address.
    """
    state = stack.export()
    addresses = {
        str(address)
        for resource in _resources(state)
        if str(resource.get("type")).startswith("pulumi:providers:")
        for address in _addresses(resource)
    }
    here = client.discovery.url
    stayed = all(address == here or address.startswith(f"{here}/") for address in addresses)
    return () if stayed else ("--run-program",)


def _remove_stale_locks(stack: Stack, say: Callable[[str], None]) -> None:
    for lock in sorted(stack.locks.glob("*.json")) if stack.locks.is_dir() else ():
        try:
            told = json.loads(lock.read_text(encoding="utf-8"))
            pid, host = int(told["pid"]), str(told["hostname"])
        except (OSError, ValueError, KeyError, TypeError):
            pid, host = 0, socket.gethostname()
        if host == socket.gethostname() and pid and _is_pulumi(pid):
            raise EngineError(
                f"Pulumi (pid {pid}) is at work on stack {stack.file.name}; wait for it to end"
            )
        say(f"mending: removing the lock of an update that has ended (pid {pid} on {host})")
        _end_orphans(stack)
        lock.unlink(missing_ok=True)


def _end_orphans(stack: Stack) -> None:
    """End the plugins of a Pulumi that was killed, before one of them makes its next call."""
    for pid in processes.marked("BELFRY_HOME", str(stack.home.path)):
        ours = any(module in processes.command(pid) for module in _PLUGIN_MODULES)
        if ours and not _is_pulumi(processes.parent(pid)):
            processes.kill(pid)


def _is_pulumi(pid: int) -> bool:
    return processes.alive(pid) and processes.name(pid).startswith("pulumi")


def _pending(state: Mapping[str, Json]) -> Iterator[Pending]:
    match state.get("deployment"):
        case {"pending_operations": list(operations)}:
            for operation in operations:
                match operation:
                    case {
                        "type": str(kind),
                        "resource": {"urn": str(urn), "type": str(token), **rest},
                    }:
                        inputs = rest.get("inputs")
                        yield Pending(
                            operation=kind,
                            urn=urn,
                            type=token,
                            inputs=inputs if isinstance(inputs, dict) else {},
                        )


def _without_pending(state: Mapping[str, Json]) -> dict[str, Json]:
    deployment = state.get("deployment")
    if not isinstance(deployment, dict):
        return dict(state)
    kept = {name: part for name, part in deployment.items() if name != "pending_operations"}
    return {**state, "deployment": kept}


def _resources(state: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    match state.get("deployment"):
        case {"resources": list(resources)}:
            yield from (resource for resource in resources if isinstance(resource, dict))


def _addresses(resource: Mapping[str, Json]) -> Iterator[Json]:
    match resource.get("inputs"):
        case {"baseUrl": address} | {"url": address}:
            yield address


def _ids(stack: Stack, kind: str) -> list[str]:
    """Ids of what any stack of this home has, also as Grafana has them: without organisation.

    Raises:
        EngineError: a state cannot be read, so that nobody knows what its stack has.

    """
    found: list[str] = []
    for checkpoint in sorted(stack.checkpoint.parent.glob("*.json")):
        try:
            latest = json.loads(checkpoint.read_bytes())["checkpoint"]["latest"] or {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineError(
                f"the state file {checkpoint} cannot be read ({type(error).__name__}), so that "
                "what its stack holds cannot be told from what the interrupted update left"
            ) from error
        recorded = _resources({"deployment": latest})
        found += [str(r.get("id")) for r in recorded if r.get("type") == kind]
    return [*found, *(own.partition(":")[2] for own in found if ":" in own)]


def _place(operation: Pending) -> dict[str, str]:
    """What the object that was being made lies in, as far as its inputs say so."""
    said = {name: operation.inputs.get(name) for name in _PLACES}
    return {name: value for name, value in said.items() if isinstance(value, str)}


def _natural_name(operation: Pending) -> str | None:
    """What localcloud calls the object that may be in the way of its own creation."""
    from engine.standins.naming import as_value  # noqa: PLC0415 -- imports Pulumi's SDK
    from engine.standins.packages import PACKAGES  # noqa: PLC0415 -- the same

    for package in PACKAGES.values():
        kind = package.kinds.get(operation.type)
        if kind is not None and not kind.repeatable:
            return kind.name_of({name: as_value(part) for name, part in operation.inputs.items()})
    return None


def _listed(pending: tuple[Pending, ...]) -> str:
    return ", ".join(f"{o.operation} {o.type.rpartition(':')[2]} {o.name}" for o in pending)
