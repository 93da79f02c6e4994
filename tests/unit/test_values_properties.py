"""What holds for every value of a platform file: prints as it reads, is bounded, never crashes."""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.scalars import is_value, scalar_of
from belfry.values.clock import DAY, TimeOfDay, TimeSpan
from belfry.values.comparison import Comparison
from belfry.values.cron import Cron
from belfry.values.date import Date, Holiday, YearlyDate
from belfry.values.duration import Duration
from belfry.values.factor import Factor
from belfry.values.header import AnswerHeader, HeaderName
from belfry.values.how import ALONE, NUMERIC, How
from belfry.values.json_path import JsonPath
from belfry.values.moment import Moment
from belfry.values.money import CURRENCIES, Money
from belfry.values.nonsense import Nonsense
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.quorum import Quorum
from belfry.values.rate import Rate
from belfry.values.size import Size
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of value: how to make some, and by which quantity they are ordered."""

    made: Any
    values: st.SearchStrategy[Any]
    quantity: Callable[[Any], Any] | None = None


def of_texts(made: Any, texts: st.SearchStrategy[str]) -> Kind:
    """A type whose values are easier to write than to build."""
    return Kind(made=made, values=texts.map(made.parse))


DATES = st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31)).map(Date)
YEARLY = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)).map(
    lambda day: YearlyDate(day.month, day.day)
)
TIMES = st.integers(0, DAY - 1).map(TimeOfDay)
SPANS = (
    st.tuples(TIMES, st.integers(1, DAY).map(TimeOfDay))
    .filter(lambda ends: ends[0] != ends[1])
    .map(lambda ends: TimeSpan(*ends))
)
DURATIONS = st.integers(0, 10 * 366 * 86_400_000).map(Duration)
NUMBERS = st.decimals(-(10**15) + 1, 10**15 - 1, places=9, allow_nan=False, allow_infinity=False)
FACTORS = st.integers(1, 10**10 - 1).map(lambda count: Factor(Decimal(count).scaleb(-4)))
KEYS = st.one_of(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.text(max_size=8))
PATHS = (
    st.lists(st.one_of(KEYS, st.integers(0, 999_999_999)), max_size=8)
    .map(lambda steps: JsonPath(tuple(steps)))
    .filter(lambda path: len(str(path)) <= 300)
)
HEADERS = st.from_regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", fullmatch=True)
WORDS = st.from_regex(r"[a-z]{1,8}( [0-9a-z]{1,8}){0,2}", fullmatch=True)
CONDITIONS = st.one_of(
    st.tuples(st.sampled_from(NUMERIC), NUMBERS).map(lambda it: f"{it[0]} {Number(it[1])}"),
    st.sampled_from(ALONE).map(str),
    WORDS.map("one of {}, ok".format),
    WORDS.filter(lambda word: word.split()[0] not in " ".join(How).split()).map("is x{}".format),
)
NAMED_DAYS = st.sampled_from(["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])


def numbers_of_a_field(least: int, most: int) -> st.SearchStrategy[str]:
    one = st.integers(least, most)
    pair = st.tuples(one, one).map(sorted)
    steps = st.integers(1, most - least)
    part = st.one_of(
        one.map(str),
        pair.map(lambda ends: f"{ends[0]}-{ends[1]}"),
        st.tuples(pair, steps).map(lambda it: f"{it[0][0]}-{it[0][1]}/{it[1]}"),
        steps.map("*/{}".format),
    )
    return st.one_of(st.just("*"), st.lists(part, min_size=1, max_size=3).map(",".join))


CRONS = st.tuples(
    numbers_of_a_field(0, 59),
    numbers_of_a_field(0, 23),
    st.one_of(numbers_of_a_field(1, 28), st.sampled_from(["L", "LW", "L-3", "L-3W", "15W"])),
    numbers_of_a_field(1, 12),
    st.one_of(numbers_of_a_field(1, 7), NAMED_DAYS, NAMED_DAYS.map("{}#2".format), st.just("6L")),
).map(" ".join)
ZONES = ["America/Denver", "UTC", "America/Argentina/Ushuaia", "America/Port-au-Prince"]

KINDS = [
    Kind(made=Duration, values=DURATIONS, quantity=lambda it: it.milliseconds),
    Kind(
        made=Percent,
        values=st.integers(0, 10**6).map(Percent),
        quantity=lambda it: Decimal(it.ratio),
    ),
    Kind(made=Number, values=NUMBERS.map(Number), quantity=lambda it: it.value),
    Kind(made=Size, values=st.integers(0, 10**15).map(Size), quantity=lambda it: it.bytes),
    Kind(made=Factor, values=FACTORS, quantity=lambda it: it.value),
    Kind(
        made=Money,
        values=st.tuples(st.integers(0, 10**14 - 1), st.sampled_from(CURRENCIES)).map(
            lambda it: Money(*it)
        ),
    ),
    Kind(
        made=Rate,
        values=st.tuples(
            st.integers(0, 10**12 - 1), DURATIONS.filter(lambda it: it.milliseconds > 0)
        ).map(lambda it: Rate(*it)),
    ),
    Kind(
        made=Quorum,
        values=st.tuples(st.integers(1, 100), st.integers(1, 100)).map(
            lambda it: Quorum(*sorted(it))
        ),
    ),
    Kind(made=TimeOfDay, values=TIMES, quantity=lambda it: it.minutes),
    Kind(made=TimeSpan, values=SPANS),
    Kind(made=Weekdays, values=st.frozensets(st.integers(0, 6), min_size=1).map(Weekdays)),
    Kind(made=Date, values=DATES, quantity=lambda it: it.day),
    Kind(made=YearlyDate, values=YEARLY, quantity=lambda it: dt.date(2024, it.month, it.day)),
    Kind(made=Holiday, values=st.one_of(DATES, YEARLY).map(Holiday)),
    Kind(
        made=Moment,
        values=st.tuples(DATES, TIMES).map(lambda it: Moment(*it)),
        quantity=lambda it: dt.datetime.combine(
            it.date.day, dt.time(*divmod(it.time.minutes, 60)), dt.UTC
        ),
    ),
    of_texts(Zone, st.sampled_from(ZONES)),
    of_texts(Cron, CRONS),
    of_texts(Comparison, CONDITIONS),
    Kind(made=JsonPath, values=PATHS),
    of_texts(AnswerHeader, HEADERS),
    of_texts(HeaderName, HEADERS.map(lambda name: f"X-{name}"[:100])),
]
ORDERED = [kind for kind in KINDS if kind.quantity is not None]

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.made.__name__)
every_ordered_kind = pytest.mark.parametrize("kind", ORDERED, ids=lambda kind: kind.made.__name__)

SIGNS = st.text(
    alphabet="0123456789.,:;-–+*/#=<>%$€_x× [](){}'\"\\\tTZLWdhmskMGiBoepr\né٣²ſ\u00a0\u200b",
    max_size=24,
)


@st.composite
def nearly(draw: st.DrawFn, text: str) -> str:
    """A text in which a tired person hit some wrong keys."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.integers(0, 2))
        text = text[:at] + draw(st.one_of(SIGNS, st.text(max_size=2)))[:2] + text[at + cut :]
    return text


def is_stable(made: Any, text: str) -> bool:
    """Read a text and print it: what is printed must read as the same. False: it is refused."""
    try:
        value = made.parse(text)
    except Nonsense as nonsense:
        for message in (nonsense.wrong, nonsense.right):
            assert message
            assert "\n" not in message
        return False
    assert made.parse(str(value)) == value
    assert str(made.parse(str(value))) == str(value)
    assert re.search(made.PATTERN, text)
    assert re.search(made.PATTERN, str(value))
    return True


@every_kind
@given(data=st.data())
def test_every_value_prints_as_a_text_that_reads_as_itself(kind: Kind, data: st.DataObject) -> None:
    value = data.draw(kind.values)
    assert is_stable(kind.made, str(value))
    assert kind.made.parse(str(value)) == value


@every_kind
@given(data=st.data())
def test_a_text_with_a_slip_is_refused_or_reads_as_it_prints(
    kind: Kind, data: st.DataObject
) -> None:
    is_stable(kind.made, data.draw(nearly(str(data.draw(kind.values)))))


@every_kind
@given(text=st.one_of(st.text(max_size=40), SIGNS))
def test_any_text_is_refused_or_reads_as_it_prints(kind: Kind, text: str) -> None:
    is_stable(kind.made, text)


@every_ordered_kind
@given(data=st.data())
def test_values_are_ordered_as_what_they_say(kind: Kind, data: st.DataObject) -> None:
    assert kind.quantity is not None
    one, other = data.draw(kind.values), data.draw(kind.values)
    assert (one < other) == (kind.quantity(one) < kind.quantity(other))
    assert (one == other) == (kind.quantity(one) == kind.quantity(other))
    if one == other:
        assert hash(one) == hash(other)


MANY = 100_000
HOSTILE = [
    piece * (MANY // len(piece))
    for piece in (
        "9", "1h", "a,", "Mon,", "1-", "*,", "[0]", ".a", "((", "a b ", "/A", "_", "1 ", "\\", "٣",
        "'", '["', "0,", "is ", "not ", "-", "–", "1.", "A_", "😀", "\x00",
    )
]  # fmt: skip
AROUND = [
    "{}",
    "matches {}",
    "one of {}",
    "is {}",
    "at least {}",
    "1 per {}",
    "$.{}",
    "America/{}",
    "{}x",
]


@every_kind
def test_a_huge_text_is_refused_without_delay(kind: Kind) -> None:
    started = time.process_time()
    for text in HOSTILE:
        for around in AROUND:
            with pytest.raises(Nonsense) as refused:
                kind.made.parse(around.format(text))
            assert len(str(refused.value)) < 600
    assert time.process_time() - started < 5  # 234 texts of 100 kB


@every_kind
def test_every_kind_is_known_to_the_reader_with_an_example_that_reads(kind: Kind) -> None:
    assert is_value(kind.made)
    scalar = scalar_of(kind.made, None, ())
    assert isinstance(scalar.parse(scalar.example), kind.made)
    json.dumps(dict(scalar.schema))


@every_kind
def test_a_pattern_says_the_same_to_editors(kind: Kind) -> None:
    beginning_and_end = kind.made.PATTERN.startswith("^"), kind.made.PATTERN.endswith("$")
    assert beginning_and_end == (True, True)
    without_classes = re.sub(r"\[(\\.|[^\]])+\]", "_", kind.made.PATTERN)
    assert not re.search(r"\(\?[Pi#>]|\\[AZzab]|[*+?}]\+", without_classes)
