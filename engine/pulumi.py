"""Running Pulumi for one stack: its environment, its operations, and what they did."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine import launchers, plugins
from engine.errors import EngineError
from engine.getting import ensure
from engine.stacks import PROJECT, StackFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from engine.documents import Json
    from engine.paths import Home


LOCAL_PASSPHRASE = "localcloud"  # noqa: S105 -- protects loopback addresses of this machine only
"""The passphrase of localcloud stacks; the salt in their stack files belongs to it."""


class Operation(StrEnum):
    """What Pulumi can be asked to do with a stack."""

    UP = "up"
    PREVIEW = "preview"
    REFRESH = "refresh"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource that was not left as it is."""

    operation: str
    """Pulumi's word: create, update, delete, replace, …"""
    urn: str
    type: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one operation did."""

    operation: Operation
    succeeded: bool
    counts: Mapping[str, int]
    """Resources by Pulumi's word for what became of them; `same` for those left as they are."""
    changes: tuple[Change, ...]
    errors: tuple[str, ...]
    seconds: float

    @property
    def unchanged(self) -> bool:
        """Whether everything was left as it is."""
        return not any(count for name, count in self.counts.items() if name != "same")

    def as_json(self) -> dict[str, Json]:
        """The same for a machine."""
        return {
            "operation": self.operation.value,
            "succeeded": self.succeeded,
            "counts": dict(self.counts),
            "changes": [
                {"operation": c.operation, "urn": c.urn, "type": c.type, "name": c.name}
                for c in self.changes
            ],
            "errors": list(self.errors),
            "seconds": self.seconds,
        }


class Stack:
    """One stack, and Pulumi to work on it."""

    def __init__(self, home: Home, file: StackFile) -> None:
        self.home = home
        self.file = file
        self.environment = environment(home, localcloud=file.localcloud)

    def prepare(self) -> None:
        """Make sure that Pulumi finds its plugins and a localcloud stack exists.

        Raises:
            EngineError: the stack cannot be made.

        """
        ensure("pulumi", self.home)
        if not self.file.localcloud:
            return
        plugins.provide(self.home)
        self.home.state.mkdir(parents=True, exist_ok=True)
        self.home.env.write_text(shell_file(self.home), encoding="utf-8")
        launchers.write_shell_pulumi(self.home, _localcloud(self.home))
        _keep_no_logs(self.home)
        if not self.checkpoint.is_file():
            self.run("stack", "init", self.file.name, "--no-select")

    @property
    def checkpoint(self) -> Path:
        """The state file of a localcloud stack."""
        return self.home.state / f".pulumi/stacks/{PROJECT}/{self.file.name}.json"

    @property
    def locks(self) -> Path:
        """Where updates of a localcloud stack that are under way leave their marks."""
        return self.home.state / f".pulumi/locks/organization/{PROJECT}/{self.file.name}"

    def up(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Create, update and delete what it takes. Lines go to `on_line`, else to the terminal."""
        return self._operate(Operation.UP, ["--yes", "--skip-preview", *options], on_line)

    def preview(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Tell what `up` would do."""
        return self._operate(Operation.PREVIEW, list(options), on_line)

    def refresh(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Bring the state to what the services hold."""
        return self._operate(Operation.REFRESH, ["--yes", "--skip-preview", *options], on_line)

    def refresh_events(
        self, on_line: Callable[[str], None] | None = None, *options: str
    ) -> tuple[Summary, tuple[dict[str, Json], ...]]:
        """Tell what `refresh` would bring into the state, with Pulumi's events; secrets masked."""
        arguments = ["--preview-only", *options]
        with self._logged(Operation.REFRESH, arguments, on_line) as (status, events):
            told = tuple(_read_events(events))
            return _summary(Operation.REFRESH, status == 0, iter(told)), told

    def destroy(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Delete everything that the stack holds."""
        return self._operate(Operation.DESTROY, ["--yes", "--skip-preview", *options], on_line)

    def outputs(self) -> dict[str, Json]:
        """What the program exports; secrets are not shown."""
        told = json.loads(self.run("stack", "output", "--json", "--stack", self.file.name))
        return told if isinstance(told, dict) else {}

    def export(self, *, show_secrets: bool = False) -> dict[str, Json]:
        """The state; its secrets encrypted, unless they are asked for."""
        options = ["--show-secrets"] if show_secrets else []
        told = json.loads(self.run("stack", "export", "--stack", self.file.name, *options))
        return told if isinstance(told, dict) else {}

    def import_state(self, state: Mapping[str, Json]) -> None:
        """Put a state in place of the recorded one."""
        self.run("stack", "import", "--stack", self.file.name, given=json.dumps(state))

    def run(self, *arguments: str, given: str | None = None) -> str:
        """Run a command of Pulumi that is none of the operations; what it wrote.

        Raises:
            EngineError: it failed; the message is Pulumi's own.

        """
        done = subprocess.run(
            [self._binary(), *arguments, "--non-interactive"],
            cwd=self.home.root,
            env=self.environment,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            reason = " ".join((done.stderr or done.stdout).split()).removeprefix("error: ")
            if "failed to load checkpoint" in reason and self.file.localcloud:
                raise EngineError(
                    f"the state file {self.checkpoint} cannot be read ({reason}): put "
                    f"{self.checkpoint.name}.bak in its place, or remove both and {self.home.local}"
                )
            raise EngineError(f"pulumi {' '.join(arguments[:2])}: {reason}")
        return done.stdout

    def _binary(self) -> str:
        return str(ensure("pulumi", self.home).path)

    def _operate(
        self,
        operation: Operation,
        options: Sequence[str],
        on_line: Callable[[str], None] | None,
    ) -> Summary:
        with self._logged(operation, options, on_line) as (status, events):
            return _summary(operation, status == 0, _read_events(events))

    @contextmanager
    def _logged(
        self,
        operation: Operation,
        options: Sequence[str],
        on_line: Callable[[str], None] | None,
    ) -> Iterator[tuple[int, Path]]:
        """Run an operation; give its exit status and the file of its events."""
        with tempfile.TemporaryDirectory(prefix="belfry-") as folder:
            events = Path(folder, "events.json")
            command = [self._binary(), operation.value, "--stack", self.file.name]
            command += ["--non-interactive", "--event-log", str(events), *options]
            yield self._stream(command, on_line), events

    def _stream(self, command: Sequence[str], on_line: Callable[[str], None] | None) -> int:
        # The event log is a debugging option of the command line, and what Pulumi's own Automation
        # API reads.
        variables = {**self.environment, "PULUMI_DEBUG_COMMANDS": "true"}
        running = subprocess.Popen(
            command,
            cwd=self.home.root,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if on_line else None,
            stderr=subprocess.STDOUT if on_line else None,
            text=True,
        )
        with running:
            try:
                for line in running.stdout or ():
                    if on_line:
                        on_line(line.rstrip("\n"))
                return running.wait()
            except KeyboardInterrupt:
                # The terminal has sent Pulumi the same signal: it ends what it is at, and says so.
                running.wait()
                raise
            except BaseException:
                running.terminate()
                raise


def _keep_no_logs(home: Home) -> None:
    """Put a file where Pulumi would make a folder of logs.

    It writes all that it hears and says, encrypted, up to 500 MB. That is a sixth of what an update
    costs, and no option is against it. Without the folder it goes on without logs.
    """
    logs = home.pulumi / "logs"
    if logs.is_dir():
        shutil.rmtree(logs)
    logs.parent.mkdir(parents=True, exist_ok=True)
    logs.touch()


def environment(home: Home, *, localcloud: bool) -> dict[str, str]:
    """The environment in which Pulumi runs for a stack.

    A stack on real accounts gets the caller's own, with our tools first on PATH, and nothing else.
    """
    variables = {**os.environ, **_everywhere(home)}
    if localcloud:
        variables.update(_localcloud(home))
    return variables


def shell_file(home: Home) -> str:
    """A file to `source`, after which `pulumi -s local` works; other stacks keep their settings."""
    path = os.pathsep.join([str(home.shell), _first_on_path(home)])
    lines = ["# Made by belfry: `. .belfry/env`, then `pulumi preview -s local` and the like."]
    lines.append(f'PATH={shlex.quote(path)}"${{PATH:+:$PATH}}"')
    lines.extend(f"{k}={shlex.quote(v)}" for k, v in _settings(home).items())
    names = ["PATH", *_settings(home)]
    return "\n".join([*lines, f"export {' '.join(names)}", ""])


def _everywhere(home: Home) -> dict[str, str]:
    path = os.pathsep.join(filter(None, [_first_on_path(home), os.environ.get("PATH", "")]))
    return {"PATH": path, **_settings(home)}


def _settings(home: Home) -> dict[str, str]:
    return {"BELFRY_HOME": str(home.path), "PULUMI_SKIP_UPDATE_CHECK": "true"}


def _first_on_path(home: Home) -> str:
    # Pulumi's own language host, where there is one, runs the python3 that it finds first.
    return os.pathsep.join([str(home.bin), str(Path(sys.executable).parent)])


def _localcloud(home: Home) -> dict[str, str]:
    return {
        "PULUMI_HOME": str(home.pulumi),
        # Without files of metadata beside the state: Pulumi rewrites those in place, and refuses
        # the state when it was killed in the middle of that.
        "PULUMI_BACKEND_URL": f"file://{quote(str(home.state))}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": LOCAL_PASSPHRASE,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
    }


def _read_events(path: Path) -> Iterator[dict[str, Json]]:
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event


_LEFT_ALONE = frozenset({"same", "read", "refresh"})


def _summary(operation: Operation, succeeded: bool, events: Iterator[dict[str, Json]]) -> Summary:
    counts: Mapping[str, int] = {}
    changes: dict[tuple[str, str], Change] = {}
    errors: list[str] = []
    seconds = 0.0
    for event in events:
        match event:
            case {"summaryEvent": {"resourceChanges": dict(told), "durationSeconds": length}}:
                counts = {name: int(str(number)) for name, number in told.items()}
                seconds = float(str(length))
            case {"diagnosticEvent": {"severity": "error", "message": str(message)}}:
                errors.append(message.strip())
        change = _change(event, preview=operation is Operation.PREVIEW)
        if change is not None:
            changes[change.urn, change.operation] = change
    if not counts:
        counts = dict(Counter(change.operation for change in changes.values()))
    return Summary(
        operation=operation,
        succeeded=succeeded,
        counts=counts,
        changes=tuple(changes.values()),
        errors=tuple(errors),
        seconds=seconds,
    )


def _change(event: dict[str, Json], *, preview: bool) -> Change | None:
    told = event.get("resourcePreEvent" if preview else "resOutputsEvent")
    match told:
        case {"metadata": {"op": str(operation), "urn": str(urn), "type": str(kind)}}:
            if operation in _LEFT_ALONE:
                return None
            name = urn.split("::", 3)[-1]
            return Change(operation=operation, urn=urn, type=kind, name=name)
        case _:
            return None
