"""PromQL: what is one, what is none, and the character from which on it is none.

The files are judged by promtool as well (tests/judges/test_lint.py); the columns are ours.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from belfry.expressions import (
    Binary,
    Expression,
    Range,
    Selector,
    SyntaxProblem,
    ValueType,
    compares,
    parse,
    place_in_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "expressions"


def written(name: str) -> list[Any]:
    return list(map(json.loads, (FOLDER / name).read_text(encoding="utf-8").splitlines()))


def tree(text: str) -> Expression:
    found = parse(text)
    assert isinstance(found, Expression), found
    return found


def refusal(text: str) -> SyntaxProblem:
    found = parse(text)
    assert isinstance(found, SyntaxProblem), text
    return found


@pytest.mark.parametrize("text", written("accepted.jsonl"))
def test_what_prometheus_takes_is_read(text: str) -> None:
    assert not tree(text).features


@pytest.mark.parametrize("text", written("experimental.jsonl"))
def test_what_is_experimental_is_read_and_named(text: str) -> None:
    feature, *_ = tree(text).features
    assert text.lower().startswith(feature.name.lower(), feature.start)


@pytest.mark.parametrize(("column", "text"), written("refused.jsonl"))
def test_what_is_no_promql_is_told_from_where_on(column: int, text: str) -> None:
    found = refusal(text)
    assert found.offset + 1 == column
    assert found.wrong
    assert found.right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("rat(errors_total[5m])", "did you mean rate?"),
        ("RATE(errors_total[5m])", "write it in small letters: rate"),
        ("rate(errors_total)", "give it a range: rate(errors_total[5m])"),
        ("up = 0", "write == to compare"),
        ("rate(errors_total[5m)", "close the range with ]"),
        ("rate(errors_total[5m:1m)", "close it with ]"),
        ("rate(errors_total[5m})", "close the brackets with ] first"),
        ('up{job="api")', "close the braces with } first"),
        ("sum(up]", "close the bracket with ) first"),
        ("(up]", "close the bracket with )"),
        ("up)", "remove it, or open it before"),
        ("up == 0 && down == 1", "write and"),
        ("up == 0 || down == 1", "write or"),
        ("up{job=“api”}", 'write plain quotation marks: "'),
        ("rate(errors_total[$__rate_interval])", "a rule has no variables"),
        ("rate(errors_total[1.5h])", "write whole units: 1h30m instead of 1.5h"),
        ("errors_total[5m] > 1", "make one value of it: rate(…), or avg_over_time(…)"),
        ("sum(errors_total[5m])", "use sum_over_time over time"),
        ('up{job=~"(?!api)"}', "use a second matcher instead"),
        ("histogram_quantile(0.9)", "write histogram_quantile(number, series)"),
        ("holt_winters(a[5m], 0.1, 0.1)", "double_exponential_smoothing"),
    ],
)
def test_the_remedy_says_what_was_meant(text: str, right: str) -> None:
    assert right in refusal(text).right


def test_signs_and_powers_bind_as_in_prometheus() -> None:
    root = tree("-a ^ 2 ^ b * c + d").root
    shape = [type(node).__name__ for node in tree("-a ^ 2 ^ b * c + d").nodes]
    assert shape[-1] == "Binary"
    assert (root.start, root.end) == (0, 18)
    assert [node.end for node in tree("1 - 2 - 3").nodes] == [1, 5, 5, 9, 9]


def test_powers_are_read_from_the_right_and_differences_from_the_left() -> None:
    power, difference = tree("a ^ b ^ c").root, tree("a - b - c").root
    assert isinstance(power, Binary)
    assert isinstance(difference, Binary)
    assert (power.left.end, power.right.start) == (1, 4)
    assert (difference.left.end, difference.right.start) == (5, 8)


def test_children_come_before_parents() -> None:
    nodes = tree("sum by (job) (rate(a[5m])) / 2").nodes
    assert [type(one).__name__ for one in nodes] == [
        "Selector",
        "Range",
        "Call",
        "Aggregation",
        "Number",
        "Binary",
    ]


def test_a_selector_knows_its_name_matchers_and_offset() -> None:
    (selector,) = tree('{"a.b", job!="c"} offset 1h').selectors
    assert (selector.name, selector.offset) == ("a.b", 3600)
    assert [(one.label, one.operator, one.value) for one in selector.matchers] == [
        ("job", "!=", "c")
    ]


def test_a_computed_range_is_not_a_number() -> None:
    ranges = [one for one in tree("rate(a[5m + 1m])").nodes if isinstance(one, Range)]
    assert math.isnan(ranges[0].seconds)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("1 + 1", ValueType.SCALAR),
        ("a + 1", ValueType.VECTOR),
        ("a[5m]", ValueType.RANGE),
        ("'a'", ValueType.STRING),
        ("-a", ValueType.VECTOR),
        ("(time())", ValueType.SCALAR),
    ],
)
def test_each_expression_has_its_type(text: str, kind: ValueType) -> None:
    assert tree(text).root.type is kind


@pytest.mark.parametrize(
    ("text", "rests"),
    [
        ("up == 0", True),
        ("up == bool 0", False),
        ("absent(up)", True),
        ("a unless b", True),
        ("a > 1 or b", False),
        ("a > 1 or b > 2", True),
        ("vector(1)", False),
        ("count(a > 1)", True),
        ("rate(a[5m])", False),
        ("a > -Inf", False),
        ("Inf >= a", False),
        ("a != NaN", False),
        ("a > Inf", True),
        ("a == Inf", True),
    ],
)
def test_an_expression_that_compares_can_rest(text: str, rests: bool) -> None:
    assert compares(tree(text)) is rests


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "(" * n + "1" + ")" * n,
        lambda n: "a" + " + a" * n,
        lambda n: "-" * n + "a",
        lambda n: "a" + "^a" * n,
        lambda n: "a{" + 'b="c",' * n + "}",
        lambda n: "{" * n,
        lambda n: '"' * n,
        lambda n: "abs(" * n,
        lambda n: "a[5m]" * n,
        lambda n: "sum by (" + "a," * n + ") (a)",
        lambda n: "a" + " offset 5m" * n,
        lambda n: 'a{b=~"' + "(" * n + '"}',
        lambda n: 'a{b=~"' + "a{2}" * n + '"}',
        lambda n: "a[" + "(" * n,
    ],
)
def test_size_and_depth_are_no_crash(make: Callable[[int], str]) -> None:
    found = parse(make(5_000))
    assert isinstance(found, Expression | SyntaxProblem)


def test_a_long_chain_is_read_and_asked_about() -> None:
    long = tree("a > 1" + " or a > 1" * 5_000)
    assert len(long.selectors) == 5_001
    assert isinstance(long.selectors[0], Selector)
    assert compares(long)


def test_an_offset_in_lines_is_told_as_line_and_column() -> None:
    assert place_in_lines("a\n+ b", 4) == (2, 3)
    assert place_in_lines("a", 0) == (1, 1)
