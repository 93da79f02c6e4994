"""The everyday operations on a stack, from missing binaries to the last resource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import ending, getting, localcloud, mending
from engine.errors import EngineError
from engine.localcloud import Client
from engine.pulumi import Stack, Summary
from engine.stacks import StackFile, load_stack

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.documents import Json
    from engine.paths import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A stack with everything it needs at hand."""

    stack: Stack
    client: Client | None
    """Controls of the localcloud, for a stack that runs on one."""
    timings: tuple[getting.Timing, ...]
    """Where the time of getting binaries went."""

    def up(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Create, update and delete what it takes."""
        return self.stack.up(on_line, *options)

    def preview(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Tell what `up` would do."""
        return self.stack.preview(on_line, *options)

    def refresh(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Bring the state to what the services hold."""
        return self.stack.refresh(on_line, *self._moved(), *options)

    def refresh_events(
        self, on_line: Callable[[str], None] | None = None
    ) -> tuple[dict[str, Json], ...]:
        """What Pulumi says that a refresh would change; nothing is changed.

        Raises:
            EngineError: something cannot be read.

        """
        summary, events = self.stack.refresh_events(on_line, *self._moved())
        if not summary.succeeded:
            reasons = "; ".join(summary.errors) or "belfry refresh --verbose tells more"
            raise EngineError(f"pulumi refresh --preview-only failed: {reasons}")
        return events

    def destroy(self, on_line: Callable[[str], None] | None = None, *options: str) -> Summary:
        """Delete everything. On localcloud, what is gone or full does not stop it.

        Raises:
            EngineError: Grafana does not tell whose notification policies it has.

        """
        ending.make_ready(self.stack, self.client)
        if self.client is None:
            return self.stack.destroy(on_line, *options)
        return self.stack.destroy(on_line, "--refresh", *self._moved(), *options)

    def _moved(self) -> tuple[str, ...]:
        return mending.moved_options(self.stack, self.client) if self.client else ()


def open_session(
    home: Home, name: str, say: Callable[[str], None], *, port: int = localcloud.PORT
) -> Session:
    """Get what a stack needs, start its cloud, mend what the last operation left.

    Raises:
        EngineError: something cannot be got or started, or an interrupted update of a stack on real
            accounts needs its owner.

    """
    file = load_stack(home.root, name)
    timings = getting.get(_needed(file), home, say)
    stack = Stack(home, file)
    if not file.localcloud:
        stack.prepare()
        pending = mending.pending_operations(stack)
        if pending:
            raise EngineError(mending.remedy(stack, pending))
        return Session(stack=stack, client=None, timings=timings)
    client = Client(localcloud.start(home, say, port=port))
    stack.prepare()
    mending.mend(stack, client, say)
    return Session(stack=stack, client=client, timings=timings)


def has_resources(home: Home, name: str) -> bool:
    """Whether a localcloud stack holds anything that `destroy` would have to delete."""
    checkpoint = Stack(home, load_stack(home.root, name)).checkpoint
    return checkpoint.is_file() and b'"resources"' in checkpoint.read_bytes()


def _needed(file: StackFile) -> tuple[str, ...]:
    return ("pulumi", "node") if file.localcloud else ("pulumi",)
