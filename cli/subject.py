"""What a command is about: a stack's file, its platform, and what the core makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.output import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.language.platform import Platform
    from engine.documents import Document
    from engine.localcloud import Client
    from engine.paths import Home
    from engine.stacks import StackFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A stack whose platform file makes sense."""

    home: Home
    stack: StackFile
    platform: Platform


def find_subject(stack: str) -> Subject:
    """Read a stack's file and check its platform; nothing is contacted.

    Raises:
        Problems: the platform file has mistakes; all of them.
        BadInput: there is no such stack or platform.
    """
    from belfry.loading import find_platform, load_platform
    from belfry.problems import Problems
    from engine.paths import find_home

    home = find_home()
    file = find_stack(home, stack)
    try:
        path = find_platform(home.root, file.platform)
    except Problems as problems:
        found = problems.problems[0]
        message = f"Pulumi.{stack}.yaml names {file.platform}: {found.wrong}; {found.right}"
        raise BadInput(message) from problems
    shown = path.relative_to(home.root)
    platform = load_platform(shown if shown.exists() else path, environment=file.environment)
    return Subject(home=home, stack=file, platform=platform)


def find_platform_of(
    stack: str, platform: str | None, environment: str | None
) -> tuple[Platform, str]:
    """Read a platform as an environment has it: those of a stack, or those that are named.

    Raises:
        Problems: the platform file has mistakes, or there is no such platform or environment.
        BadInput: there is no such stack.
    """
    from belfry.loading import find_platform, load_platform
    from engine.paths import find_home

    home = find_home()
    if platform is None or environment is None:
        file = find_stack(home, stack)
        platform, environment = platform or file.platform, environment or file.environment
    path = find_platform(home.root, platform)
    shown = path.relative_to(home.root)
    site = load_platform(shown if shown.exists() else path, environment=environment)
    return site, environment


def find_stack(home: Home, name: str) -> StackFile:
    """Read a stack's file.

    Raises:
        BadInput: there is no such stack.
    """
    from engine.errors import EngineError
    from engine.stacks import load_stack

    try:
        return load_stack(home.root, name)
    except EngineError as error:
        raise BadInput(str(error)) from error


def stand_ins_of(home: Home, *, but: str | None = None, also: str | None = None) -> list[Document]:
    """The stand-in services of every stack on this machine that holds something.

    Args:
        home: the state directory.
        but: a stack that is being taken down.
        also: a stack that is being brought up.

    """
    from engine.operations import has_resources
    from engine.stacks import stack_names

    found: dict[str, Document] = {}
    for name in stack_names(home.root):
        file = find_stack(home, name)
        if not file.localcloud or name == but:
            continue
        if name == also or has_resources(home, name):
            found |= {str(one["service"]): one for one in _stand_ins(find_subject(name))}
    return list(found.values())


def _stand_ins(subject: Subject) -> list[Document]:
    from belfry.compile import stand_ins

    return [
        {
            "service": one.service,
            "page": one.page,
            "needs": list(one.needs),
            "components": dict(one.components),
        }
        for one in stand_ins(subject.platform)
    ]


def addresses_of(outputs: Mapping[str, object], client: Client | None) -> dict[str, str]:
    """Pages of a stack, by the name that `belfry open` takes."""
    found = {name: str(v) for name, v in outputs.items() if str(v).startswith("http")}
    if "worker" in found:
        found |= {page: f"{found['worker']}/monitoring/{page}" for page in ("status", "metrics")}
    if client is None:
        return found
    here = client.discovery.url
    uids = outputs.get("dashboards")
    prefix = f"{outputs.get('platform')}-{outputs.get('environment')}-"
    dashboards = map(str, uids.values()) if isinstance(uids, dict) else ()
    shown = {uid.removeprefix(prefix): f"{here}/grafana/d/{uid}" for uid in dashboards}
    return {"console": here, **found, **shown}


def local_client(home: Home) -> Client:
    """The controls of the local cloud that runs.

    Raises:
        EngineError: none does; says how to start it.
    """
    from engine.errors import EngineError
    from engine.localcloud import Client, running

    discovery = running(home)
    if discovery is None:
        message = "nothing runs on this machine; `belfry up` starts it"
        raise EngineError(message)
    return Client(discovery)
