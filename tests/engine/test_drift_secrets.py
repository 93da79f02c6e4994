"""Secrets of a state: compared as what they are, shown to nobody, written back sealed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drift.differences import Subject
from engine.drift.recorded import Recorded
from engine.drift.sealed import Sealed, is_sealed, sealed, sealed_like, unsealed, wrapped
from engine.drift.shown import LONGEST, shown, shown_beside
from engine.drift.unreadable import unreadable

SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
MASKED: Any = {SIGNATURE: SECRET, "ciphertext": "[secret]"}

texts = st.text("abcdefghij", min_size=1, max_size=5)
scalars = texts | st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()
values = st.recursive(scalars, lambda part: st.lists(part) | st.dictionaries(texts, part))


@given(values)
def test_a_sealed_value_compares_as_what_it_is(value: Any) -> None:
    assert sealed(value) == value
    assert json.dumps(sealed(value)) == json.dumps(value)


@given(values)
def test_unsealing_leaves_alone_what_is_not_sealed(value: Any) -> None:
    told = unsealed(value)
    assert told == value
    assert not is_sealed(told)


@given(values)
def test_what_is_opened_is_marked_and_closes_again(value: Any) -> None:
    opened = unsealed({SIGNATURE: SECRET, "plaintext": json.dumps(value)})
    assert opened == value
    assert unsealed(wrapped(opened)) == value
    assert is_sealed(opened) == is_sealed(sealed(value))


@given(st.text("xyz", min_size=4), st.integers(min_value=10_000), st.floats(min_value=10_000.5))
def test_no_sealed_text_or_number_is_shown_or_written_in_the_clear(
    text: str, whole: int, real: float
) -> None:
    value = sealed({"a": [text, {"b": whole, "c": real}]})
    for told in (shown(value) or "", repr(value)):
        assert not any(str(one) in told for one in (text, whole, real))
    assert wrapped(sealed(text)) == {SIGNATURE: SECRET, "plaintext": json.dumps(text)}


def test_beside_a_secret_what_the_service_has_is_hidden_too() -> None:
    assert shown_beside(sealed("old"), "new") == ("(secret)", "(secret)")
    assert shown_beside("old", {"key": MASKED}) == ("(secret)", "(secret)")
    assert shown_beside(sealed("old"), None) == ("(secret)", None)
    assert shown([{"key": MASKED}]) == '[{"key": "(secret)"}]'


def test_what_the_service_has_is_sealed_where_the_record_was_by_name_and_not_by_place() -> None:
    recorded: Any = [
        {"name": "A", "text": sealed("one")},
        {"name": "B", "text": "two"},
    ]
    there: Any = [
        {"name": "B", "text": "2"},
        {"name": "A", "text": "1"},
        {"name": "C", "text": "3"},
    ]
    marked: Any = sealed_like(there, recorded)
    assert marked == there
    assert [one["name"] for one in marked if isinstance(one["text"], Sealed)] == ["A"]
    assert is_sealed(sealed_like(["1"], [sealed("one")]))


def test_texts_are_quoted_and_cut_and_long_ones_begin_where_they_part() -> None:
    assert shown("") == '""'
    assert shown("5") != shown(5)
    assert len(shown("x" * 1000) or "") == LONGEST
    was, now = shown_beside("x" * 500 + "one" + "y" * 500, "x" * 500 + "two" + "y" * 500)
    assert was is not None
    assert now is not None
    assert "one" in was
    assert "two" in now
    assert len(was) == len(now) == LONGEST


@pytest.mark.parametrize(
    ("kind", "inputs", "outputs", "names"),
    [
        pytest.param(
            "cloudflare:index/hyperdriveConfig:HyperdriveConfig",
            {"origin": {"host": "db.example", "password": sealed("x")}},
            {},
            ("origin.password",),
            id="a password in a database's address",
        ),
        pytest.param(
            "cloudflare:index/logpushJob:LogpushJob",
            {"destinationConf": sealed("x"), "ownershipChallenge": sealed("y")},
            {},
            ("destinationConf", "ownershipChallenge"),
            id="where logs go",
        ),
        pytest.param(
            "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks",
            {"url": "https://hook.example", "secret": sealed("x")},
            {},
            ("secret",),
            id="what a webhook is sent with",
        ),
        pytest.param(
            "grafana:alerting/contactPoint:ContactPoint",
            {
                "slacks": [{"url": sealed("x"), "text": "t", "sendResolved": True}],
                "webhooks": [{"url": "https://hook.example", "authorizationCredentials": ""}],
                "discords": [sealed({"url": "x", "message": "m"})],
            },
            {},
            ("slacks.url", "discords"),
            id="addresses that are secret, and a list that is as a whole",
        ),
        pytest.param(
            "cloudflare:index/pagesProject:PagesProject",
            {
                "deploymentConfigs": {
                    "production": {
                        "envVars": {
                            "KEY": {"type": "secret_text", "value": sealed("x")},
                            "OPEN": {"type": "plain_text", "value": sealed("y")},
                        }
                    }
                }
            },
            {},
            ("deploymentConfigs.production.envVars.KEY.value",),
            id="secret variables, and no plain ones",
        ),
        pytest.param(
            "cloudflare:index/workersScript:WorkersScript",
            {"bindings": [sealed({"name": "KEY", "type": "secret_text", "text": "x"})]},
            {"bindings": sealed([{"name": "KEY"}])},
            ("KEY",),
            id="a Worker's secrets, though all its bindings are sealed",
        ),
        pytest.param(
            "cloudflare:index/accountToken:AccountToken",
            {"name": "ci"},
            {"value": sealed("x")},
            ("value",),
            id="a token, told when it was made",
        ),
        pytest.param(
            "cloudflare:index/workersKv:WorkersKv",
            {"value": sealed("x")},
            {"value": sealed("x")},
            (),
            id="the service tells a value in KV, and refresh compares it",
        ),
        pytest.param(
            "pulumi:providers:cloudflare",
            {"apiToken": sealed("x")},
            {},
            (),
            id="a provider is in no service",
        ),
        pytest.param("cloudflare:index/queue:Queue", {"queueName": "q"}, {}, (), id="no secret"),
    ],
)
def test_what_cannot_be_read_back_is_what_the_state_has_sealed_and_no_service_tells(
    kind: str, inputs: Any, outputs: Any, names: tuple[str, ...]
) -> None:
    one = Recorded(
        subject=Subject(urn="urn", type=kind, name="one"),
        id="one",
        provider="",
        inputs=inputs,
        outputs=outputs,
        written="2026-11-21T12:00:00Z",
    )
    assert [found.secrets for found in unreadable([one])] == ([names] if names else [])
