"""What Prometheus makes of a signal that is missing, for it knows no state without data.

An alert that counts silence as trouble has a second branch, which is true when nothing was heard.
It is the same alert, of one rule with one set of labels: whether a service says that it is down or
says nothing any more, it is one incident, and nobody is told twice.

Two rules of one name and one set of labels would contradict each other (the one that is quiet ends
what the other one fires), and a label that tells them apart would make two incidents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.conditions import Absent, Beyond, Changed, Deviates, Plain, Ratio, Told
from belfry.promql.expression import Binary, Call, Text, number, quoted, span, subquery
from belfry.promql.numbers import Across, by_service, heard
from belfry.rules import Silence

if TYPE_CHECKING:
    from belfry.conditions import Condition
    from belfry.promql.expression import Node
    from belfry.rules import ServiceRule

JUDGED_SINCE = "belfry:judged_since:time"
"""Recorded: the time since which Prometheus judges without a break of two minutes."""
JUDGING = f"last_over_time({JUDGED_SINCE}[2m]) or vector(time())"
"""How it is recorded."""

_LEAST = 120
"""Seconds: silence is longer than one late or lost value, also where `for` is as long."""
_MINUTE = 60
_POINTS = 60
"""So often an expression of others is looked at, so that a silence of days costs little."""


def counts_after(rule: ServiceRule) -> int:
    """Give the seconds for which a last value counts, and after which silence begins.

    Where silence fires, it has to last for the rule's `for` too, like all trouble; it begins that
    much earlier, so that it fires at `silent_after`.
    """
    if rule.silence is Silence.OK:
        return rule.silent_after
    return max(rule.silent_after - rule.hold, _LEAST)


def since(seconds: int, branch: Node) -> Node:
    """Let silence count only if Prometheus itself was there to hear, for so many seconds.

    Without it every service would be silent whenever Prometheus starts after a break, and nothing
    would be said of a service that was never heard.
    """
    judged = Binary(Text("time()"), "-", Call("last_over_time", (Text(f"{JUDGED_SINCE}[2m]"),)))
    return Binary(branch, "and on ()", Binary(judged, ">=", number(seconds)))


def silence(rule: ServiceRule) -> Node | None:
    """Say when a rule fires for want of data: NaN for its service; None if it does not."""
    if rule.silence is Silence.OK:
        return None
    after = counts_after(rule)
    absent = _absent(rule.condition, rule.service, after)
    return None if absent is None else since(after, Binary(absent, "*", Text("NaN")))


def _absent(condition: Condition, service: str, after: int) -> Node | None:
    match condition:
        case Absent() | Told():
            return None
        case Plain():
            return _foreign(condition.expression.strip(), service, after)
        case Beyond() | Changed() | Deviates():
            number = condition.measured
            reading = number.whole if isinstance(number, Ratio) else number.reading
        case _:
            reading = condition.reading
    values = heard(reading, service, window=after)
    return by_service(Across.HIGHEST, Call("absent_over_time", (values,)))


def last_of(value: Node, after: int) -> Node:
    """Give the last value that an expression had within so many seconds."""
    return Call("last_over_time", (subquery(value, f"[{span(after)}:{span(_step(after))}]"),))


def _step(after: int) -> int:
    return max(_MINUTE, after // (_POINTS * _MINUTE) * _MINUTE)


def _foreign(text: str, service: str, after: int) -> Node:
    """Say that an expression of others has no value; its labels are not known here."""
    inner = Text(f"{text}\n" if "#" in text else text)
    values = subquery(inner, f"[{span(after)}:{span(_step(after))}]")
    label = Text(f'"service", {quoted(service)}, "", ""')
    return Call("label_replace", (Call("absent_over_time", (values,)), label))
