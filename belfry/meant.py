"""From what a rule says to what must be true of one service, with every figure worked out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry import conditions as resolved
from belfry import rules as form
from belfry.base_units import counted_in, in_base_unit
from belfry.conditions import Burn, Direction, Method, Ratio, Take, Value
from belfry.language.signals import MetricKind, SignalName
from belfry.sayings import measure_of
from belfry.values.duration import Duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.conditions import Condition, Measured, Reading
    from belfry.language.rules import OwnRule
    from belfry.readings import Everything, Readings
    from belfry.rules import Limit, Measurement, When

_VALUES = 2
"""Of a signal a window holds at least so many."""
_CONFIRMED_IN = 12
"""A budget is still being spent when it is over this part of the window (SRE workbook, ch. 5)."""
_CONFIRMED_BY = 3
"""Values that such a part holds at least, so that one that comes late ends nothing."""
_WINDOW = 300
"""Seconds that a rule of the platform's own looks at, where it does not say and must."""
_PACE = 6 * 3600
"""Seconds whose pace such a rule takes."""
_WEEK = 7 * 86_400
_TAKES = {
    MetricKind.GAUGE: Take.MEAN,
    MetricKind.COUNTER: Take.INCREASE,
    MetricKind.HISTOGRAM: Take.MEAN,
    MetricKind.SUMMARY: Take.MEAN,
}
TAKEN_OF = {
    MetricKind.GAUGE: frozenset({Take.MEAN, Take.MAX, Take.MIN, Take.LAST}),
    MetricKind.COUNTER: frozenset({Take.RATE, Take.INCREASE}),
    MetricKind.HISTOGRAM: frozenset({Take.MEAN, Take.QUANTILE}),
    MetricKind.SUMMARY: frozenset({Take.MEAN, Take.QUANTILE}),
}
"""What can be taken of a metric's values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """Nothing measures what a rule asks about; `why` says what."""

    why: str


class Meant:
    """The conditions of one rule, of which the first that can be measured is taken."""

    def __init__(self, when: Sequence[When], limits: Mapping[str, Limit]) -> None:
        """Take what the rule says, and its parameters as a set has them."""
        self._when = when
        self._limits = limits

    def about(
        self, service: str, readings: Readings | Everything, every: int
    ) -> Condition | Unmeasured:
        """Give the condition for one service, whose values come `every` so many seconds."""
        why: list[str] = []
        for one in self._when:
            found = self._one(one, service, readings, every)
            if not isinstance(found, Unmeasured):
                return found
            why.append(found.why)
        return Unmeasured(why="; ".join(dict.fromkeys(why)))

    def _one(
        self, when: When, service: str, readings: Readings | Everything, every: int
    ) -> Condition | Unmeasured:
        match when:
            case form.Told():
                return resolved.Told(event=when.event)
            case form.PromQL():
                return self._plain(when, service, readings)
            case form.Above() | form.Below() | form.Rises() | form.Drops() | form.Deviates():
                measured = _measured(when, service, readings, every)
                if isinstance(measured, Unmeasured):
                    return measured
                return self._compared(when, measured)
            case form.Burns():
                return self._burns(when, service, readings, every)
            case _:
                reading = readings.of(when.signal, service)
                if reading is None:
                    return _nothing(when.signal, service)
                return self._read(when, reading, every)

    def _compared(
        self,
        when: form.Above | form.Below | form.Rises | form.Drops | form.Deviates,
        measured: Measured,
    ) -> Condition:
        match when:
            case form.Above() | form.Below():
                above = isinstance(when, form.Above)
                limit = counted_in(measure_of(measured), self._limits[when.limit].number)
                # What is a quantile already says nothing of how many it is a quantile of.
                least = None if _is_quantile(measured) else self._least(when)
                return resolved.Beyond(measured=measured, above=above, limit=limit, least=least)
            case form.Deviates():
                return resolved.Deviates(
                    measured=measured,
                    method=when.method,
                    factor=self._limits[when.by].number,
                    baseline=when.baseline.whole_seconds,
                    direction=when.direction,
                    least=self._least(when),
                )
            case _:
                return resolved.Changed(
                    measured=measured,
                    rises=isinstance(when, form.Rises),
                    share=self._limits[when.by].number,
                    before=when.before.whole_seconds,
                    least=self._least(when),
                )

    def _burns(
        self, when: form.Burns, service: str, readings: Readings | Everything, every: int
    ) -> Condition | Unmeasured:
        """Work out the share that is bad at such a pace; what is slow is asked by its quantile.

        A tenth of all takes longer than a second exactly when the quantile 0.9 is above a second.
        Where requests are counted, there must be so many that one alone is not such a share. The
        quantiles of a summary are of times of its own choice, and not of the window.
        """
        over = max(self._whole(when.over), _VALUES * every)
        still = over // _CONFIRMED_IN if over >= _CONFIRMED_IN * _CONFIRMED_BY * every else None
        promise, times = self._limits[when.promise].number, self._limits[when.times].number
        burn = Burn(promise=promise, times=times, still=still)
        bad: Measured | Unmeasured
        if when.part is not None and when.whole is not None:
            bad = _ratio(when.part, when.whole, service, readings, over)
        else:
            signal = when.signal or SignalName.RESPONSE_TIME
            reading = readings.of(signal, service) or _nothing(signal, service)
            fast = max(0.0, round(1 - burn.share, 12)) if when.slower else None
            take = Take.MEAN if fast is None else Take.QUANTILE
            bad = _value(reading, take, fast, over)
            if isinstance(bad, Value) and bad.reading.kind is MetricKind.SUMMARY:
                told = "a summary, which does not tell how many took longer"
                bad = Unmeasured(why=f"{bad.reading.signal} is {told}")
        if isinstance(bad, Unmeasured):
            return bad
        limit = self._limits[when.slower].number if when.slower else burn.share
        least = max(self._limits[when.least].number, burn.fewest(over, every))
        is_counted = isinstance(bad, Ratio) or bad.take is Take.QUANTILE
        return resolved.Beyond(
            measured=bad,
            above=True,
            limit=counted_in(measure_of(bad), limit),
            least=least if is_counted else None,
            burn=burn,
        )

    def _read(
        self,
        when: form.Down | form.Fills | form.Absent | form.Fails | form.Overdue | form.Ends,
        reading: Reading,
        every: int,
    ) -> Condition:
        match when:
            case form.Down():
                return resolved.Down(reading=reading)
            case form.Fills():
                return resolved.Fills(
                    reading=reading,
                    over=when.over.whole_seconds,
                    full=counted_in(
                        reading.measure, self._limits[when.full].number if when.full else 1
                    ),
                    within=self._whole(when.within),
                )
            case form.Absent():
                return resolved.Absent(reading=reading, after=self._whole(when.after))
            case form.Fails():
                times = self._whole(when.times)
                return resolved.Fails(reading=reading, times=times, every=every)
            case form.Overdue():
                return resolved.Overdue(reading=reading, after=self._whole(when.after))
            case form.Ends():
                return resolved.Ends(reading=reading, within=self._whole(when.within))

    def _plain(
        self, when: form.PromQL, service: str, readings: Readings | Everything
    ) -> Condition | Unmeasured:
        if not readings.has(when.from_, service):
            return Unmeasured(why=f"nothing that is {when.from_} measures {service}")
        limit = self._limits[when.limit]
        blanks = {"service": service.replace("\\", "\\\\").replace('"', '\\"')}
        for key, one in self._limits.items():
            blanks[key] = f"{one.number:.12g}"
            blanks[f"{key}-range"] = str(Duration(round(one.number * 1000)))
        return resolved.Plain(
            expression=when.expression.fill(blanks),
            above=when.is_ == "above",
            limit=limit.number,
            source=when.from_,
            measure=limit.measure,
        )

    def _least(self, when: Measurement) -> float | None:
        return self._limits[when.least].number if when.least else None

    def _whole(self, parameter: str) -> int:
        return int(self._limits[parameter].number)


def _measured(
    said: Measurement, service: str, readings: Readings | Everything, every: int
) -> Measured | Unmeasured:
    over = max(said.over.whole_seconds, _VALUES * every)
    if said.part is not None and said.whole is not None:
        return _ratio(said.part, said.whole, service, readings, over)
    signal = said.signal or SignalName.PROBE_UP
    quantile = said.quantile.ratio if said.quantile else None
    reading = readings.of(signal, service) or _nothing(signal, service)
    return _value(reading, said.take, quantile, over)


def _ratio(
    part: SignalName, whole: SignalName, service: str, readings: Readings | Everything, over: int
) -> Ratio | Unmeasured:
    of_part = readings.of(part, service) or _nothing(part, service)
    of_whole = readings.of(whole, service) or _nothing(whole, service)
    if isinstance(of_part, Unmeasured):
        return of_part
    if isinstance(of_whole, Unmeasured):
        return of_whole
    return Ratio(part=of_part, whole=of_whole, over=over)


def _value(
    reading: Reading | Unmeasured, take: Take | None, quantile: float | None, over: int
) -> Value | Unmeasured:
    """Take a number of a signal; of a gauge that is the asked quantile already, its mean."""
    if isinstance(reading, Unmeasured):
        return reading
    take = take or _TAKES[reading.kind]
    if take is Take.QUANTILE and reading.quantile is not None and reading.quantile == quantile:
        return Value(reading=reading, take=Take.MEAN, over=over)
    if take not in TAKEN_OF[reading.kind]:
        what = str(take) if quantile is None else f"{take} of {quantile * 100:.6g} %"
        return Unmeasured(why=f"{reading.signal} is a {reading.kind}, of which there is no {what}")
    return Value(reading=reading, take=take, over=over, quantile=quantile)


def _is_quantile(measured: Measured) -> bool:
    return isinstance(measured, Value) and measured.reading.quantile is not None


def _nothing(signal: str, service: str) -> Unmeasured:
    return Unmeasured(why=f"nothing measures {signal} of {service}")


def own_condition(
    own: OwnRule, service: str, readings: Readings, every: int
) -> Condition | Unmeasured:
    """Give the condition of a rule of the platform's own, for one of its services."""
    if own.event is not None:
        return resolved.Told(event=own.event)
    if own.failures is not None:
        reading = readings.of(SignalName.PROBE_UP, service)
        if reading is None:
            return _nothing(SignalName.PROBE_UP, service)
        return resolved.Fails(reading=reading, times=own.failures, every=every)
    if own.expires_within is not None:
        reading = readings.of(SignalName.CERTIFICATE_END, service)
        if reading is None:
            return _nothing(SignalName.CERTIFICATE_END, service)
        return resolved.Ends(reading=reading, within=own.expires_within.whole_seconds)
    if own.signal is None:
        return Unmeasured(why=f"nothing hears signs of life of {service} yet")
    reading = readings.own(own.signal)
    if own.silent is not None:
        return resolved.Absent(reading=reading, after=own.silent.whole_seconds)
    if own.full_within is not None:
        over = own.over.whole_seconds if own.over else _PACE
        within = own.full_within.whole_seconds
        full = counted_in(reading.measure, 1)
        return resolved.Fills(reading=reading, over=over, full=full, within=within)
    return _own_compared(own, _own_value(own, reading, every))


def _own_value(own: OwnRule, reading: Reading, every: int) -> Value:
    over = max(own.over.whole_seconds if own.over else _WINDOW, _VALUES * every)
    if own.quantile is not None:
        quantile = own.quantile.ratio
        return Value(reading=reading, take=Take.QUANTILE, over=over, quantile=quantile)
    is_now = reading.kind is MetricKind.GAUGE and own.over is None and own.deviates is None
    return Value(reading=reading, take=Take.LAST if is_now else _TAKES[reading.kind], over=over)


def _own_compared(own: OwnRule, value: Value) -> Condition:
    for limit, above in ((own.above, True), (own.below, False)):
        if limit is not None:
            return resolved.Beyond(
                measured=value, above=above, limit=in_base_unit(value.reading.measure, limit)
            )
    for share, rises in ((own.rises, True), (own.drops, False)):
        if share is not None:
            return resolved.Changed(measured=value, rises=rises, share=share.ratio, before=_WEEK)
    deviates = own.deviates
    if deviates is None:
        message = "a rule without a condition was not refused"
        raise ValueError(message)
    return resolved.Deviates(
        measured=value,
        method=Method.MEAN,
        factor=deviates.sigma.plain,
        baseline=deviates.over.whole_seconds,
        direction=Direction.EITHER,
    )
