"""What a secret of each kind looks like, and that no message says what one is."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.secret_forms import LOOKS, MOST_BYTES, Kind, looks_doubtful, looks_wrong

SLACK = "https://hooks.slack.com/services/T012AB3CD/B045EF6GH/abcdefghijklmnopqrstuvwx"
DISCORD = f"https://discord.com/api/webhooks/123456789012345678/{'aB3_-' * 13}"
TEAMS = (
    "https://prod-12.westeurope.logic.azure.com:443/workflows/0a1b/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=Zm9vYmFyYmF6"
)
NEW_TEAMS = (
    "https://0a1b2c.4d.environment.api.powerplatform.com:443/powerautomate/automations/direct"
    "/workflows/0a1b/triggers/manual/paths/invoke?api-version=1&sig=Zm9vYmFyYmF6"
)
HEX = "0123456789abcdef" * 2

RIGHT = [
    (Kind.SLACK, SLACK),
    (Kind.SLACK, SLACK.replace("slack.com", "slack-gov.com")),
    (Kind.DISCORD, DISCORD),
    (Kind.DISCORD, DISCORD.replace("discord.com/api", "canary.discordapp.com/api/v10")),
    (Kind.TEAMS, TEAMS),
    (Kind.TEAMS, NEW_TEAMS),
    (Kind.TEAMS, "https://shop.webhook.office.com/webhookb2/0a1b@2c3d/IncomingWebhook/4e5f/6a7b"),
    (Kind.PAGERDUTY, HEX),
    (Kind.PAGERDUTY, "R3FPuDvNOTEDyQYCc7trBkymIFcy2NkE"),
    (Kind.TWILIO, HEX),
    (Kind.SENTRY, f"https://{HEX}@o123456.ingest.de.sentry.io/4501234"),
    (Kind.SENTRY, "http://key@sentry.example.com/below/7"),
    (Kind.SMTP, "correct horse battery staple"),
    (Kind.SMTP, "pässwörd-öf-önes"),
    (Kind.VOTE, "kJ8_sD-2mPq7Zx0vB4nT6yRw1cEuLhAg"),
    (Kind.BEARER, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"),
    (Kind.ANY, "anything at all"),
]

WRONG = [
    (Kind.SLACK, "https://example.com/services/T012AB3CD/B045EF6GH/abc", "does not begin with"),
    (Kind.SLACK, SLACK.replace("https", "http"), "does not begin with"),
    (Kind.SLACK, SLACK.replace("hooks.slack.com", "hooks.slack.com.evil.example"), "not begin"),
    (Kind.SLACK, SLACK.replace("https://", "https://me@"), "not begin"),
    (Kind.SLACK, SLACK[:-20], "must follow T…/B…/…"),
    (Kind.SLACK, f"{SLACK}/more", "nothing else"),
    (Kind.SLACK, f"{SLACK}?x=1", "does not belong there"),
    (Kind.SLACK, SLACK.replace("services", "triggers"), "starts a workflow"),
    (Kind.SLACK, f'"{SLACK}"', "quotation marks"),
    (Kind.SLACK, f"{SLACK} ", "begins or ends with a blank"),
    (
        Kind.SLACK,
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX",
        "placeholder",
    ),
    (Kind.SLACK, "https://[", "does not begin with"),
    (Kind.DISCORD, SLACK, "does not begin with"),
    (Kind.DISCORD, "https://discord.com/api/webhooks/123456789012345678", "its number, / and"),
    (Kind.DISCORD, "https://discord.com/api/webhooks/abc/def", "its number, / and"),
    (Kind.TEAMS, SLACK, "address of a workflow"),
    (Kind.TEAMS, TEAMS.partition("&sig")[0], "sig="),
    (Kind.TEAMS, "https://shop.webhook.office.com/other", "/webhook"),
    (Kind.PAGERDUTY, HEX[:-1], "32 letters and digits"),
    (Kind.PAGERDUTY, "u+AbCdEfGhIjKlMnOpQr", "32 letters and digits"),
    (Kind.TWILIO, f"AC{HEX}", "is no secret"),
    (Kind.TWILIO, HEX.upper(), "0-9 and a-f"),
    (Kind.SENTRY, "https://o1.ingest.sentry.io/12", "key is missing"),
    (Kind.SENTRY, "https://key@o1.ingest.sentry.io/", "number of a project"),
    (Kind.SENTRY, HEX, "does not begin"),
    (Kind.BEARER, f"Bearer {HEX}", "no header or address"),
    (Kind.BEARER, "Bearer:abcdefghijklmnop", "leave the word before the token out"),
    (Kind.KEY, "schlüssel-der-länge-genügt", "no header or address"),
    (Kind.SMTP, "two\nlines", "line break"),
    (Kind.SMTP, "tab\tbed", "cannot be printed"),
    (Kind.SMTP, "a" * 20 + "b" * MOST_BYTES, "longer than 5 kB"),
    (Kind.ANY, "", "it is empty"),
    (Kind.SMTP, "   ", "it is empty"),
    (Kind.ANY, "secret:smtp-password", "the name of a secret"),
]

PLACEHOLDERS = [
    *(
        "changeme",
        "change-me!",
        "CHANGE_ME",
        "ChangeIt123",
        "replace-me",
        "xxxxxxxx",
        "XXX",
        "****",
    ),
    *("TODO", "todo: ask Jo", "TBD", "fixme", "<your token>", "<secret>", "${SMTP_PASSWORD}"),
    *("{{ token }}", "your-token", "YOUR_KEY", "paste-it-here", "password", "Password1", "secret"),
    *("my-secret", "test", "dummy", "example", "n/a", "none", "00000000", "-", "..."),
]


@pytest.mark.parametrize(("kind", "value"), RIGHT)
def test_a_value_of_the_right_form_is_taken(kind: Kind, value: str) -> None:
    assert looks_wrong(kind, value) is None


@pytest.mark.parametrize(("kind", "value", "said"), WRONG)
def test_a_value_of_another_form_is_refused_with_what_is_wrong(
    kind: Kind, value: str, said: str
) -> None:
    assert said in (looks_wrong(kind, value) or "")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_what_was_never_filled_in_is_refused_whatever_it_is_for(kind: Kind, value: str) -> None:
    assert looks_wrong(kind, value) is not None


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_a_placeholder_is_called_one(value: str) -> None:
    assert looks_wrong(Kind.ANY, value) == "it is a placeholder, not a value"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Kind.SMTP, " a long password", "begins or ends with a blank"),
        (Kind.SMTP, "qwertz", "shorter than 8"),
        (Kind.VOTE, "abc123", "shorter than 16"),
        (Kind.TEAMS, "https://shop.webhook.office.com/webhookb2/0a1b", "retired"),
    ],
)
def test_a_right_form_may_be_doubtful(kind: Kind, value: str, said: str) -> None:
    assert looks_wrong(kind, value) is None
    assert said in (looks_doubtful(kind, value) or "")


@pytest.mark.parametrize(("kind", "value"), RIGHT)
def test_what_is_right_is_mostly_not_doubtful(kind: Kind, value: str) -> None:
    assert looks_doubtful(kind, value) is None or "office.com" in value


def test_every_kind_has_its_row() -> None:
    assert set(LOOKS) == set(Kind)


@given(
    st.sampled_from(Kind),
    st.sampled_from(["", "https://hooks.slack.com/services/", "https://discord.com/", "Bearer "]),
    st.text(string.ascii_letters + string.digits, min_size=12, max_size=40),
    st.text(max_size=5),
)
def test_no_message_repeats_a_value(kind: Kind, before: str, value: str, after: str) -> None:
    for said in (
        looks_wrong(kind, f"{before}{value}{after}"),
        looks_doubtful(kind, f"{before}{value}{after}"),
    ):
        assert said is None or value not in said


@given(st.sampled_from(Kind), st.text())
def test_no_text_at_all_makes_it_stumble(kind: Kind, value: str) -> None:
    looks_wrong(kind, value)
    looks_doubtful(kind, value)
