"""Durations, percentages, secrets, templates, series: read, printed, compared, refused."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belfry.arguments import Secret
from belfry.series import parse_series
from belfry.values.duration import Duration
from belfry.values.nonsense import Nonsense, shown
from belfry.values.percent import Percent
from belfry.values.secret import parse_secret, print_secret
from belfry.values.template import Template

PARSERS = [Duration.parse, Percent.parse, parse_secret, Template.parse, parse_series]


@pytest.mark.parametrize(
    ("text", "seconds", "printed"),
    [
        ("60s", 60, "1m"),
        ("1h30m", 5400, "1h30m"),
        ("2s", 2, "2s"),
        ("7d", 604_800, "7d"),
        ("500ms", 0.5, "500ms"),
        ("90m", 5400, "1h30m"),
        ("0s", 0, "0s"),
        ("1d2h3m4s5ms", 93_784.005, "1d2h3m4s5ms"),
    ],
)
def test_a_duration_is_read_and_printed_in_its_shortest_form(
    text: str, seconds: float, printed: str
) -> None:
    assert Duration.parse(text).seconds == seconds
    assert str(Duration.parse(text)) == printed


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("60", "say the unit: 60s, 60m"),
        ("1.5m", "write 1m30s"),
        ("", "write whole numbers"),
        ("-5s", "not negative"),
        ("5m1h", "write 1h5m"),
        ("5 m", "write 5m"),
        ("٣s", "write whole numbers"),
        ("4000d", "shorter"),
        ("5s\n", "write 5s"),
    ],
)
def test_what_is_not_a_duration_is_refused_with_a_remedy(text: str, remedy: str) -> None:
    with pytest.raises(Nonsense) as refused:
        Duration.parse(text)
    assert remedy in refused.value.right


def test_durations_compare_by_length_and_not_by_text() -> None:
    assert Duration.parse("60s") == Duration.parse("1m")
    assert Duration.parse("59m") < Duration.parse("1h")
    assert Duration.parse("2m").is_multiple_of(Duration.of(60))
    assert not Duration.parse("90s").is_multiple_of(Duration.of(60))
    assert Duration.parse("1500ms").whole_seconds == 2


@pytest.mark.parametrize(
    ("text", "ratio", "printed"),
    [
        ("99.9 %", 0.999, "99.9 %"),
        ("99.90%", 0.999, "99.9 %"),
        ("0 %", 0, "0 %"),
        ("100%", 1, "100 %"),
        ("0.0001 %", 0.000001, "0.0001 %"),
    ],
)
def test_a_percentage_is_read_and_printed_without_trailing_zeros(
    text: str, ratio: float, printed: str
) -> None:
    assert Percent.parse(text).ratio == ratio
    assert str(Percent.parse(text)) == printed


@pytest.mark.parametrize("text", ["99.9", "101 %", "100.0001 %", "-1 %", "1.23456 %", "%", "٩ %"])
def test_what_is_not_a_percentage_is_refused(text: str) -> None:
    with pytest.raises(Nonsense):
        Percent.parse(text)


def test_percentages_compare_by_size() -> None:
    assert Percent.parse("9 %") < Percent.parse("10 %")


def test_a_secret_is_a_name() -> None:
    assert parse_secret("secret:slack-critical") == Secret(name="slack-critical")


@pytest.mark.parametrize("text", ["hunter2", "https://hooks.example/T0/x", "secret:Hunter2!"])
def test_a_secret_in_clear_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(Nonsense) as refused:
        parse_secret(text)
    assert text not in str(refused.value)


@pytest.mark.parametrize("text", ["secret:Slack_Critical", "secret: slack", "Secret:slack"])
def test_a_misspelt_name_of_a_secret_is_not_called_a_secret_in_clear(text: str) -> None:
    with pytest.raises(Nonsense, match="not the name of a secret"):
        parse_secret(text)


@pytest.mark.parametrize("text", ["hunter2", "SLACK_URL", "secret:Hunter2!", "secret:"])
def test_no_name_is_guessed_for_a_secret(text: str) -> None:
    with pytest.raises(Nonsense) as refused:
        parse_secret(text)
    assert "secret:" not in refused.value.right.replace("secret: and", "")


def test_a_template_is_filled_and_says_what_it_needs() -> None:
    template = Template.parse("https://${sub}.${domain}/")
    assert template.names == ("sub", "domain")
    assert template.fill({"sub": "api", "domain": "shop.example"}) == "https://api.shop.example/"


@pytest.mark.parametrize("text", ["${", "${Domain}", "a ${b c}", "", "   "])
def test_a_template_with_a_broken_blank_is_refused(text: str) -> None:
    with pytest.raises(Nonsense):
        Template.parse(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1x3", (1, 1, 1, 1)),
        ("0+2x3 _ 5", (0, 2, 4, 6, None, 5)),
        ("3-1x2", (3, 2, 1)),
        ("_x2 0.5", (None, None, 0.5)),
    ],
)
def test_a_series_is_read_as_promtool_reads_it(text: str, values: tuple[float | None, ...]) -> None:
    assert parse_series(text) == values


@pytest.mark.parametrize("text", ["", "1x", "x3", "1x99999", "_x10081", "one", "1 2x10080"])
def test_a_series_that_is_none_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(Nonsense):
        parse_series(text)


@given(st.integers(min_value=0, max_value=10 * 366 * 86_400_000))
def test_every_duration_prints_as_something_that_reads_as_itself(milliseconds: int) -> None:
    duration = Duration(milliseconds)
    assert Duration.parse(str(duration)) == duration


@given(st.integers(min_value=0, max_value=1_000_000))
def test_every_percentage_prints_as_something_that_reads_as_itself(ten_thousandths: int) -> None:
    percent = Percent(ten_thousandths)
    assert Percent.parse(str(percent)) == percent


@given(st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,3}", fullmatch=True))
def test_every_secret_prints_as_something_that_reads_as_itself(name: str) -> None:
    secret = Secret(name=name)
    assert parse_secret(print_secret(secret)) == secret


PIECES = st.one_of(st.text(max_size=8), st.sampled_from(["${domain}", "${a-b}", "$", "{", "}"]))


@given(st.lists(PIECES).map("".join))
@example("$${domain}")
def test_a_template_that_reads_prints_as_it_was_written(text: str) -> None:
    try:
        template = Template.parse(text)
    except Nonsense:
        return
    assert str(template) == text


SIGNS = st.text(alphabet="0123456789.-+_x %dhmsecrt:${}\n\t é٣", max_size=24)


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__qualname__)
@given(text=st.one_of(st.text(max_size=40), SIGNS))
def test_no_text_crashes_a_parser(parse: object, text: str) -> None:
    assert callable(parse)
    with suppress(Nonsense):
        parse(text)


@given(st.text(max_size=200))
def test_a_text_is_shown_on_one_printable_line(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 62
