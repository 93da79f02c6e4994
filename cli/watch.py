"""Watch what stands: the state of the local stack, and its pages in a browser."""

from __future__ import annotations

import webbrowser
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import click

from cli.output import BadInput, Failure, console, emit_json, json_option, stack_option
from cli.services import print_services

if TYPE_CHECKING:
    from engine.documents import Document
    from engine.paths import Home
    from engine.stacks import StackFile


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    stack: str
    running: bool
    resources: int
    console: str | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    worker: Any = None
    """The monitoring Worker's own health, as it tells it; None when it does not answer."""
    incidents: list[Any] = field(default_factory=list)
    """Open ones, as the Worker tells them."""
    services: list[Document] = field(default_factory=list)


@click.command(epilog="\b\nExamples:\n  belfry status\n  belfry status --stack prod --json")
@stack_option
@json_option
def status_command(*, stack: str, as_json: bool) -> int:
    """Show what stands and whether the monitoring itself is well. Exit status 1 when it is not."""
    from cli.subject import find_stack
    from engine.paths import find_home

    home = find_home()
    status = _status(home, find_stack(home, stack))
    if as_json:
        emit_json(asdict(status))
    else:
        _print(status)
    return (
        0
        if status.resources
        and isinstance(status.worker, dict)
        and status.worker.get("status") == "healthy"
        else 1
    )


@click.command(
    name="open",
    epilog="\b\nExamples:\n  belfry open                 the console\n  belfry open status --print",
)
@click.argument("page", default="console")
@stack_option
@click.option("--print", "only_print", is_flag=True, help="Print the address, open nothing.")
def open_command(page: str, *, stack: str, only_print: bool) -> None:
    """Open a page of the stack in a browser: the console, a dashboard, or the Worker's status."""
    from cli.subject import find_stack
    from engine.paths import find_home

    home = find_home()
    addresses = _addresses(home, find_stack(home, stack))
    if page not in addresses:
        known = ", ".join(addresses) or "none: `belfry up` makes them"
        message = f"there is no page {page!r}; there are {known}"
        raise BadInput(message)
    click.echo(addresses[page])
    if not only_print and not webbrowser.open(addresses[page]):
        message = "there is no browser here; open the address by hand"
        raise Failure(message)


def _status(home: Home, file: StackFile) -> _Status:
    from engine.localcloud import Client, running

    discovery = running(home) if file.localcloud else None
    addresses = _addresses(home, file)
    return _Status(
        stack=file.name,
        running=discovery is not None or not file.localcloud,
        resources=_resources(home, file),
        console=discovery.url if discovery else None,
        addresses=addresses,
        worker=_told(addresses.get("worker"), "health"),
        incidents=_incidents(_told(addresses.get("worker"), "status")),
        services=Client(discovery).services() if discovery else [],
    )


def _addresses(home: Home, file: StackFile) -> dict[str, str]:
    from cli.subject import addresses_of
    from engine.localcloud import Client, running
    from engine.pulumi import Stack

    discovery = running(home) if file.localcloud else None
    pulumi = Stack(home, file)
    stands = not file.localcloud or pulumi.checkpoint.is_file()
    return addresses_of(
        pulumi.outputs() if stands else {}, Client(discovery) if discovery else None
    )


def _resources(home: Home, file: StackFile) -> int:
    from engine.pulumi import Stack

    pulumi = Stack(home, file)
    if file.localcloud and not pulumi.checkpoint.is_file():
        return 0
    deployment = pulumi.export().get("deployment")
    resources = deployment.get("resources") if isinstance(deployment, dict) else None
    return len(resources) if isinstance(resources, list) else 0


def _told(worker: str | None, page: str) -> Any:
    """What the monitoring Worker tells of itself; None when it does not answer."""
    import httpx

    if worker is None:
        return None
    try:
        return httpx.get(f"{worker}/monitoring/{page}", timeout=10, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return None


def _incidents(status: Any) -> list[Any]:
    found = status.get("incidents") if isinstance(status, dict) else None
    return found if isinstance(found, list) else []


def _print(status: _Status) -> None:
    out = console()
    if not status.resources:
        out.print(f"[bold]{status.stack}[/]: nothing stands. `belfry up` brings it up.")
        return
    if not status.running:
        out.print(
            f"[bold]{status.stack}[/]: {status.resources} resources, and [red]nothing runs on this "
            "machine[/]; `belfry up` starts it."
        )
        return
    out.print(f"[bold]{status.stack}[/]: {status.resources} resources")
    for name, address in status.addresses.items():
        out.print(f"  {name:<16} {address}")
    if isinstance(status.worker, dict):
        word = str(status.worker.get("status"))
        out.print(f"  {'monitoring':<16} [{'green' if word == 'healthy' else 'red'}]{word}[/]")
    else:
        out.print(f"  {'monitoring':<16} [red]the Worker does not answer[/]")
    for incident in status.incidents:
        if isinstance(incident, dict):
            words = (
                f"{incident.get('severity')} {incident.get('service')}: {incident.get('summary')}"
            )
            out.print(f"  {'incident':<16} [red]{words}[/]")
    print_services(status.services)
