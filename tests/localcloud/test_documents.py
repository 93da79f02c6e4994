"""JSON of requests: what cannot be told again as JSON is refused at the door."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.documents import MalformedError, parse, written


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"{} x",
        b'{"a": NaN}',
        b"[Infinity]",
        b"-Infinity",
        b"1e999",
        b"9" * 400,
        b"9" * 9_000,
        b'"\\ud800"',
        b'{"\\uDFFF": 1}',
        b"[" * 201 + b"]" * 201,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"\xff",
        b"\xef\xbb\xbf{}",
        '{"a": 1}'.encode("utf-16"),
    ],
)
def test_what_is_not_json_or_cannot_be_told_again_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedError):
        parse(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'"\\ud83d\\udca9"', "\U0001f4a9"),
        (b"9223372036854775807", 2**63 - 1),
        (b"9223372036854775808", float(2**63)),
        (b"[" * 200 + b"]" * 200, None),
    ],
)
def test_what_is_only_unusual_is_taken(text: bytes, value: object) -> None:
    told = parse(text)
    assert value is None or told == value


@pytest.mark.parametrize(
    ("value", "text"), [(1_000_000, "1000000"), (2.0, "2"), (0.5, "0.5"), (1e15, "1" + "0" * 15)]
)
def test_a_number_is_written_in_all_its_digits(value: float, text: str) -> None:
    assert written(value) == text


@given(st.binary())
def test_no_bytes_do_anything_else(text: bytes) -> None:
    try:
        parse(text)
    except MalformedError:
        return
