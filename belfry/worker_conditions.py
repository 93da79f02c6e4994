"""What the monitoring Worker judges itself, in its words: what its own probes measure.

Of everything else it is told: another backend's vote decides. worker/src/verdict/judge.js judges,
`trial` is its twin here, and tests/worker/test_cases.py holds both against Prometheus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.conditions import Absent, Beyond, Down, Fails, Take, Told, Value, looks_back
from belfry.language.signals import SignalName, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.conditions import Condition, Reading

_TAKES = frozenset((Take.MEAN, Take.MAX, Take.MIN, Take.LAST))
_SHADOW = 3600
"""Seconds: what another backend looks at for longer is trouble by itself, whatever was down."""


def judged_by_worker(condition: Condition) -> bool:
    """Say whether the monitoring Worker judges a condition; of others it is told by votes."""
    match condition:
        case Down() | Fails() | Absent():
            return _probes(condition.reading, SignalName.PROBE_UP)
        case Beyond(measured=Value() as value, least=None, burn=None):
            return _probes(value.reading, SignalName.PROBE_SECONDS) and value.take in _TAKES
    return False


def in_its_words(condition: Condition) -> Mapping[str, object]:
    """Write a condition as worker/src/config.js reads it."""
    if judged_by_worker(condition):
        match condition:
            case Down():
                return {"is": "down"}
            case Fails():
                return {"is": "fails", "times": condition.times}
            case Absent():
                return {"is": "absent", "after": condition.after}
            case Beyond(measured=Value() as value):
                return {
                    "is": "above" if condition.above else "below",
                    "signal": "probe_seconds",
                    "aggregate": value.take,
                    "limit": condition.limit,
                    "window": value.over,
                }
    if isinstance(condition, Told):
        return {"is": "told", "event": condition.event}
    return {"is": "told", "window": _window(condition)}


def _probes(reading: Reading, signal: SignalName) -> bool:
    """Say whether a reading is one of the Worker's own probes, and not of a server's prober."""
    return reading.source is Source.WORKER and reading.signal == signal


def _window(condition: Condition) -> int:
    """Give the seconds for which trouble that is over still shows in what the judge looks at."""
    measured = getattr(condition, "confirming", None) or getattr(condition, "measured", None)
    return min(looks_back(condition) if measured is None else measured.over, _SHADOW)
