"""Putting drift right through Pulumi itself: only what was found, and never by a replacement.

Pulumi updates what differs from its record. So what only Belfry sees is first recorded as the
service has it (what a refresh does for everything that providers read), and then an update of
exactly those resources follows. A replacement would do for schedules; for a Worker it would delete
the fresh upload with its Durable Objects, for a policy tree reset it on the way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.drift.differences import Seen
from engine.drift.recorded import rewritten
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.drift.examining import Examination
    from engine.operations import Session
    from engine.pulumi import Summary

_UPLOAD = "upload"
"""A component's record of a Worker's upload; without it the program asks for migrations anew."""


def mend(session: Session, examination: Examination, on_line: Callable[[str], None]) -> Summary:
    """Bring every drifted resource to what the program says.

    Raises:
        EngineError: the refresh or the update failed; the drift that is left shows again.

    """
    differences = examination.found.differences
    seen = sorted({one.subject.urn for one in differences if one.seen is Seen.REFRESH})
    if seen:
        targets = [f"--target={urn}" for urn in seen]
        _succeeded(session.refresh(on_line, *targets))
    if examination.observed:
        stack = session.stack
        stack.import_state(rewritten(stack.export(), examination.observed, _UPLOAD))
    urns = sorted({one.subject.urn for one in differences})
    targets = [f"--target={urn}" for urn in urns]
    return _succeeded(session.up(on_line, *targets, "--target-dependents"))


def _succeeded(summary: Summary) -> Summary:
    if not summary.succeeded:
        reasons = "; ".join(summary.errors) or "run it again with --verbose to see more"
        raise EngineError(f"pulumi {summary.operation.value} failed: {reasons}")
    return summary
