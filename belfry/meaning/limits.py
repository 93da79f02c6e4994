"""Limits of own rules: whether they are written in their signal's measure, and can be passed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.base_units import in_base_unit
from belfry.language.rules import CONDITIONS
from belfry.language.signals import Measure
from belfry.values.nonsense import Nonsense

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.findings import Findings
    from belfry.language.platform import Platform
    from belfry.language.rules import OwnRule
    from belfry.language.signals import Signal
    from belfry.problems import Path

_FEW = 4
_WITH_UNITS = (Measure.SECONDS, Measure.SHARE, Measure.BYTES)
_COMPARED = (("above",), ("below",))


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What a value of a measure is."""

    called: str
    most: float | None = None
    has_negatives: bool = False


_QUANTITIES: Mapping[Measure, _Quantity] = {
    Measure.TRUTH: _Quantity("true or not, 1 or 0", most=1),
    Measure.SECONDS: _Quantity("a time"),
    Measure.MILLISECONDS: _Quantity("a time"),
    Measure.SHARE: _Quantity("a share", most=1),
    Measure.PERCENT: _Quantity("a share", most=100),
    Measure.BYTES: _Quantity("an amount of data"),
    Measure.COUNT: _Quantity("a count"),
    Measure.NUMBER: _Quantity("a number", has_negatives=True),
}


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit as it is written."""

    path: Path
    text: str
    above: bool


def conditions(own: OwnRule) -> tuple[str, ...]:
    """Give the keys of the conditions that a rule says; there should be one."""
    return tuple(key for key in CONDITIONS if getattr(own, key.replace("-", "_")) is not None)


def number(own: OwnRule, signal: Signal) -> float | None:
    """Give what a signal is compared with, in its base unit; None when it cannot be read."""
    text = own.above if own.above is not None else own.below
    return None if text is None else _number(signal.in_, text)


def ask(findings: Findings[Platform]) -> None:
    """Ask about the limits on every signal, in all sets."""
    platform = findings.value
    limits: dict[str, list[_Limit]] = {}
    for name, rules in platform.rules.items():
        for rule, own in rules.own.items():
            if own.signal in platform.signals and conditions(own) in _COMPARED:
                key = "above" if own.above is not None else "below"
                path = ("rules", name, "own", rule, key)
                text = own.above if own.above is not None else own.below
                limits.setdefault(own.signal or "", []).append(
                    _Limit(path, text or "", above=key == "above")
                )
    for signal, compared in limits.items():
        if findings.is_broken(("signals", signal, "in")):
            continue
        meant = _measure_meant(platform.signals[signal].in_, compared)
        if meant is not None:
            _misunderstood(findings, signal, compared, meant)
            continue
        for one in compared:
            _limit(findings, signal, one)


def _number(measure: Measure, text: str) -> float | None:
    try:
        return in_base_unit(measure, text)
    except Nonsense:
        return None


def _measure_meant(measure: Measure, compared: Sequence[_Limit]) -> Measure | None:
    """Find the measure in which several limits are all written, when none is in the signal's."""
    if len(compared) < 2 or any(_number(measure, one.text) is not None for one in compared):
        return None
    fits = (
        other
        for other in _QUANTITIES
        if all(_number(other, one.text) is not None for one in compared)
    )
    return next(fits, None)


def _misunderstood(
    findings: Findings[Platform], signal: str, compared: Sequence[_Limit], meant: Measure
) -> None:
    measured = _QUANTITIES[findings.value.signals[signal].in_].called
    findings.add(
        ("signals", signal, "in"),
        f"{signal} is {measured}, and {len(compared)} rules compare it with "
        f"{_QUANTITIES[meant].called}, such as {compared[0].text}",
        f"write in: {meant}",
        because=tuple(one.path for one in compared),
        also=tuple(one.path for one in compared[:_FEW]),
    )


def _limit(findings: Findings[Platform], signal: str, limit: _Limit) -> None:
    quantity = _QUANTITIES[findings.value.signals[signal].in_]
    text = limit.text
    because = ((*limit.path[:-1], "signal"),)
    written = ("signals", signal, "in")
    also = (written if findings.is_written(written) else written[:-1], *because)
    try:
        found = in_base_unit(findings.value.signals[signal].in_, text)
    except Nonsense as nonsense:
        wrong = f"{nonsense.wrong}, and {signal} is {quantity.called}"
        fits = next((one for one in _WITH_UNITS if _number(one, text) is not None), None)
        right = nonsense.right
        if fits is not None and _number(Measure.NUMBER, text) is None:
            right += f", or in: {fits} at signals.{signal}"
        findings.add(limit.path, wrong, right, because=because, also=also)
        return
    if limit.above and quantity.most is not None and found >= quantity.most:
        wrong, right = f"it can never be above {text}", f"write less than {text}"
    elif not limit.above and found <= 0 and not quantity.has_negatives:
        wrong, right = f"it can never be below {text}", f"write more than {text}"
    elif limit.above and found < 0 and not quantity.has_negatives:
        wrong, right = f"it is always above {text}", "write 0 or more"
    else:
        return
    findings.add(limit.path, wrong, right, because=because, also=also)
