"""Texts, numbers, truths and words in a platform file: bounds, and the remedy for each slip."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.forms import AskedPath, DnsName, Domain, Image, Name, RuleName, Url, UrlPath
from belfry.scalars import Bounds, Form, Length, Scalar, Within
from belfry.shapes import Says, shape_of
from belfry.values.duration import Duration
from belfry.values.nonsense import Nonsense
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.template import Template


class Level(StrEnum):
    """Words, one with capitals and one with a hyphen."""

    LOW = "low"
    MEDIUM_HIGH = "medium-high"
    P0 = "P0"


COUNT = Annotated[int, Bounds(0, 5_000)]
LONG = Annotated[str, Length(300)]


def scalar(hint: Any) -> Scalar:
    shape = shape_of(hint)
    assert isinstance(shape, Scalar)
    return shape


def remedy(hint: Any, text: str) -> str:
    with pytest.raises(Nonsense) as refused:
        scalar(hint).parse(text)
    return refused.value.right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("1_000", "write 1000"),
        ("1,000", "write 1000"),
        ("1 000", "write 1000"),
        ("0o17", "write 15"),
        ("0x1F", "write 31"),
        ("010", "write 10"),
        ("1e3", "write 1000"),
        ("5.0", "write 5"),
        ("+5", "write 5"),
        ("5.5", "write one between 0 and 5000"),
        ("1e9", "write one between 0 and 5000"),
        ("5001", "write one between 0 and 5000"),
        ("-1", "write one between 0 and 5000"),
        ("five", "write one between 0 and 5000"),
        ("٣", "write one between 0 and 5000"),
        ("9" * 100_000, "write one between 0 and 5000"),
    ],
)
def test_a_whole_number_that_is_written_otherwise_is_given_in_digits(text: str, right: str) -> None:
    assert remedy(COUNT, text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("yes", "write true"),
        ("on", "write true"),
        ("True", "write true"),
        ("TRUE", "write true"),
        ("1", "write true"),
        ("no", "write false"),
        ("off", "write false"),
        ("False", "write false"),
        ("0", "write false"),
        ("sometimes", "write true or false"),
    ],
)
def test_a_truth_in_other_words_is_given_in_ours(text: str, right: str) -> None:
    assert remedy(bool, text) == right


@pytest.mark.parametrize(
    ("hint", "text", "right"),
    [
        (Level, "Low", "write low: capital and small letters differ"),
        (Level, "p0", "write P0: capital and small letters differ"),
        (Literal["GET", "HEAD"], "get", "write GET: capital and small letters differ"),
        (Level, "medium high", "write medium-high"),
        (Level, "Medium_High", "write medium-high"),
        (Level, "loww", "did you mean low?"),
        (Level, "banana", "write one of them"),
    ],
)
def test_a_word_that_is_nearly_one_of_ours_is_recognised(hint: Any, text: str, right: str) -> None:
    assert remedy(hint, text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("", "write a text"),
        (" \t", "write a text"),
        ("a\nb", "write it on one line"),
        ("a\tb", "write a blank instead"),
        ("a\u00a0b", "write an ordinary blank instead"),
        ("a\u200bb", "take it out"),
        ("a\u202eb", "take it out"),
        ("a\x00b", "take it out"),
        ("x" * 201, "write at most 200"),
    ],
)
def test_a_text_must_be_seen_on_one_line_and_not_be_long(text: str, right: str) -> None:
    assert remedy(str, text) == right


@pytest.mark.parametrize("text", ["Pitchey", "Überblick – alles", "家", "👩‍💻 on call", "x" * 200])
def test_a_text_in_any_script_is_taken_as_it_is(text: str) -> None:
    assert scalar(str).parse(text) == text


def test_a_field_may_allow_longer_texts() -> None:
    assert scalar(LONG).parse("x" * 300) == "x" * 300
    assert remedy(LONG, "x" * 301) == "write at most 300"
    assert dict(scalar(LONG).schema)["maxLength"] == 300
    template = Annotated[Template | None, Length(10)]
    assert scalar(template).parse("${a}") == Template.parse("${a}")
    assert remedy(template, "x" * 11) == "write at most 10"


@pytest.mark.parametrize(
    ("hint", "good", "bad", "right"),
    [
        (Annotated[Duration, Within("1s", "5m")], "5m", "6m", "write one between 1s and 5m"),
        (Annotated[Percent, Within("1%", "99%")], "1 %", "0 %", "write one between 1 % and 99 %"),
        (Annotated[Number, Within("0", "1")], "0.5", "1.1", "write one between 0 and 1"),
    ],
)
def test_a_value_may_be_bounded(hint: Any, good: str, bad: str, right: str) -> None:
    assert str(scalar(hint).parse(good)) == good
    assert remedy(hint, bad) == right
    scalar(hint).parse(scalar(hint).example)


def test_editors_know_the_bounds_of_a_number() -> None:
    schema = dict(scalar(Annotated[Number, Within("0.5", "10")]).schema)
    assert (schema["minimum"], schema["maximum"]) == (0.5, 10)


@pytest.mark.parametrize(
    ("hint", "text", "right"),
    [
        (Name, "API", "write api"),
        (Name, "Data_base", "write data-base"),
        (Name, "webFront End", "write web-front-end"),
        (RuleName, "worker-down", "write WorkerDown"),
        (UrlPath, "health/db", "write /health/db"),
        (UrlPath, "https://shop.example/health", "write /health"),
        (Domain, "https://Shop.example/", "write shop.example"),
        (Url, "shop.example/x", "write https://shop.example/x"),
        (AskedPath, "health?full=1", "write /health?full=1"),
        (AskedPath, "/health#top", "write one such as /api/health?full=1"),
        (Name, "Shop!", "write one such as api"),
        (UrlPath, "ftp://x y", "write one such as /api/health"),
        (Name, "A" * 100_000, "write at most 2000 characters"),
    ],
)
def test_a_text_of_another_form_is_given_in_the_right_one(hint: Any, text: str, right: str) -> None:
    assert remedy(hint, text) == right


def test_an_example_may_stand_in_the_quotation_marks_that_yaml_needs() -> None:
    phone = Annotated[str, Form(r"^\+[0-9]+$", "a number", "+1"), Says("It.", '"+14155550100"')]
    assert scalar(phone).sample == "+14155550100"
    assert scalar(Annotated[Duration, Says("It.", "15m")]).sample == Duration.parse("15m")


HINTS = [str, bool, COUNT, LONG, Level, Name, RuleName, UrlPath, Domain, Url]


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (AskedPath, "/health?full=1&deep=a?b"),
        (DnsName, "_dmarc.example.com"),
        (DnsName, "s1._domainkey.example.com"),
        (Image, f"prom/prometheus@sha256:{'0a' * 32}"),
    ],
)
def test_what_is_seldom_written_is_right_too(hint: Any, text: str) -> None:
    assert scalar(hint).parse(text) == text


@pytest.mark.parametrize("hint", HINTS, ids=str)
@given(text=st.text(max_size=60))
def test_no_text_crashes_and_every_remedy_is_one_line(hint: Any, text: str) -> None:
    with suppress(Nonsense):
        scalar(hint).parse(text)
        return
    assert remedy(hint, text).isprintable()


@given(text=st.text(max_size=60))
def test_a_text_that_is_taken_can_be_seen(text: str) -> None:
    try:
        read = scalar(str).parse(text)
    except Nonsense:
        return
    assert isinstance(read, str)
    assert not any(ord(letter) < 32 for letter in read)
    assert scalar(str).parse(read) == read


@pytest.mark.parametrize("text", ["https://api.$domain", "http://$DOMAIN/x", "https://a.$domain:8"])
def test_a_blank_of_an_address_without_brackets_is_refused(text: str) -> None:
    assert remedy(Template, text) == "write ${domain}"


@pytest.mark.parametrize("text", ["https://api.${domain}/a$b", "pay $5", "a $name"])
def test_a_dollar_elsewhere_is_a_sign_like_others(text: str) -> None:
    assert str(Template.parse(text)) == text
