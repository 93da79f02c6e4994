"""The inbox takes what the real services take, refuses what they refuse, and shows once."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.localcloud.running import LocalCloud

SHARES_CLOUD = True
PAYLOAD = {"summary": "it fails", "source": "shop", "severity": "critical"}
EVENT = {"event_action": "trigger", "dedup_key": "incident-1", "payload": PAYLOAD}


@pytest.fixture(autouse=True)
def empty(cloud: LocalCloud) -> None:
    assert cloud.control.delete("/inbox").status_code == 204
    assert cloud.control.get("/inbox").json() == []


def inbox(cloud: LocalCloud) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = cloud.control.get("/inbox").json()
    return told


def enqueue(cloud: LocalCloud, event: dict[str, Any]) -> Any:
    return cloud.anybody.post("/inbox/pagerduty/pager/v2/enqueue", json=event)


def test_a_slack_message_arrives_with_what_its_headers_say(cloud: LocalCloud) -> None:
    before = datetime.now(UTC)
    answer = cloud.anybody.post(
        f"/inbox/slack/alerts/{cloud.secret}",
        json={"text": "it fails"},
        headers={
            "X-Belfry-Message": "m1",
            "X-Belfry-Kind": "opened",
            "X-Belfry-Incident": "incident-1",
        },
    )
    assert (answer.status_code, answer.text) == (200, "ok")
    (message,) = inbox(cloud)
    assert before <= datetime.fromisoformat(message.pop("at")) <= datetime.now(UTC)
    assert message == {
        "id": "m1",
        "channel": "alerts",
        "transport": "slack",
        "kind": "opened",
        "incident": "incident-1",
        "payload": {"text": "it fails"},
        "deliveries": 1,
    }


def test_a_message_delivered_again_is_shown_once_and_counted(cloud: LocalCloud) -> None:
    for channel in ("alerts", "alerts", "other", "alerts"):
        cloud.anybody.post(
            f"/inbox/slack/{channel}/{cloud.secret}",
            json={"text": "it fails"},
            headers={"X-Belfry-Message": "m1"},
        )
    shown = [(one["channel"], one["deliveries"]) for one in inbox(cloud)]
    assert shown == [("alerts", 3), ("other", 1)]


def test_messages_without_an_id_are_each_shown(cloud: LocalCloud) -> None:
    for _ in range(2):
        cloud.anybody.post(f"/inbox/webhook/hook/{cloud.secret}", json={"a": 1})
    shown = inbox(cloud)
    assert [one["transport"] for one in shown] == ["webhook", "webhook"]
    assert [one["kind"] for one in shown] == [None, None]
    assert len({one["id"] for one in shown}) == 2


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"{", "invalid_payload"),
        (b"[]", "invalid_payload"),
        (b"{}", "no_text"),
        (b'{"text": ""}', "no_text"),
        (b'{"text": "x", "blocks": "none"}', "invalid_blocks"),
        (b'{"blocks": [{"text": "no type"}]}', "invalid_blocks"),
        (b'{"text": "x", "attachments": ["none"]}', "invalid_attachments"),
    ],
)
def test_slack_refuses_with_its_own_word(cloud: LocalCloud, body: bytes, word: str) -> None:
    answer = cloud.anybody.post(f"/inbox/slack/alerts/{cloud.secret}", content=body)
    assert (answer.status_code, answer.text) == (400, word)
    assert inbox(cloud) == []


def test_slack_takes_a_form_too(cloud: LocalCloud) -> None:
    form = {"payload": '{"text": "as a form"}'}
    cloud.anybody.post(f"/inbox/slack/alerts/{cloud.secret}", data=form)
    assert inbox(cloud)[0]["payload"] == {"text": "as a form"}


@pytest.mark.parametrize("path", ["slack/alerts/wrong", "webhook/hook/wrong"])
def test_a_wrong_key_is_refused(cloud: LocalCloud, path: str) -> None:
    assert cloud.anybody.post(f"/inbox/{path}", json={"text": "x"}).status_code == 403
    assert inbox(cloud) == []


def test_the_key_of_the_controls_opens_no_channel(cloud: LocalCloud) -> None:
    answer = cloud.anybody.post(f"/inbox/slack/alerts/{cloud.key}", json={"text": "x"})
    assert answer.status_code == 403


def test_pagerduty_takes_an_event_and_shows_no_key(cloud: LocalCloud) -> None:
    answer = enqueue(cloud, {**EVENT, "routing_key": cloud.secret})
    assert answer.status_code == 202
    assert answer.json() == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": "incident-1",
    }
    (message,) = inbox(cloud)
    assert message["payload"] == EVENT
    assert (message["channel"], message["transport"]) == ("pager", "pagerduty")


def test_pagerduty_makes_a_dedup_key_for_who_has_none(cloud: LocalCloud) -> None:
    event = {key: value for key, value in EVENT.items() if key != "dedup_key"}
    made = enqueue(cloud, {**event, "routing_key": cloud.secret}).json()["dedup_key"]
    assert inbox(cloud)[0]["payload"]["dedup_key"] == made != ""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"routing_key": None}, "'routing_key' is missing or blank"),
        ({"routing_key": "short"}, "Length of 'routing_key' is incorrect"),
        ({"routing_key": "0" * 32}, "Invalid routing key"),
        ({"event_action": None}, "'event_action' is missing or blank"),
        ({"event_action": "shout"}, "'event_action' must be one of"),
        ({"payload": None}, "'payload' is missing or blank"),
        ({"payload": {**PAYLOAD, "summary": ""}}, "'payload.summary' is missing"),
        ({"payload": {**PAYLOAD, "summary": "x" * 1025}}, "'payload.summary' is too"),
        ({"payload": {**PAYLOAD, "source": None}}, "'payload.source' is missing"),
        ({"payload": {**PAYLOAD, "severity": "P0"}}, "'payload.severity' is invalid"),
        ({"event_action": "resolve", "dedup_key": None}, "'dedup_key' is missing or blank"),
    ],
)
def test_pagerduty_refuses_with_its_own_words(
    cloud: LocalCloud, change: dict[str, Any], complaint: str
) -> None:
    answer = enqueue(cloud, {**EVENT, "routing_key": cloud.secret, **change})
    assert answer.status_code == 400
    told = answer.json()
    assert (told["status"], told["message"]) == ("invalid event", "Event object is invalid")
    assert [one for one in told["errors"] if one.startswith(complaint)]
    assert inbox(cloud) == []


def test_pagerduty_resolves_without_a_payload(cloud: LocalCloud) -> None:
    event = {"event_action": "resolve", "dedup_key": "incident-1", "routing_key": cloud.secret}
    assert enqueue(cloud, event).status_code == 202


@pytest.fixture
def smtp(cloud: LocalCloud) -> Iterator[smtplib.SMTP]:
    host, _, port = cloud.smtp.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as connection:
        yield connection


def mail(identifier: str = "<m1@shop.example>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "watch@shop.example"
    message["To"] = "ops@shop.example"
    message["Subject"] = "Es brennt — jetzt"
    message["Message-ID"] = identifier
    message["X-Belfry-Kind"] = "opened"
    message["X-Belfry-Incident"] = "incident-1"
    message.set_content("The shop fails.\n")
    message.add_alternative("<p>The shop fails.</p>\n", subtype="html")
    return message


def test_mail_arrives_at_the_channel_that_its_user_names(
    cloud: LocalCloud, smtp: smtplib.SMTP
) -> None:
    smtp.login("mail", cloud.secret)
    for _ in range(2):
        smtp.send_message(mail())
    (message,) = inbox(cloud)
    assert (message["channel"], message["transport"], message["deliveries"]) == ("mail", "mail", 2)
    assert (message["kind"], message["incident"]) == ("opened", "incident-1")
    assert message["payload"] == {
        "from": "watch@shop.example",
        "to": ["ops@shop.example"],
        "subject": "Es brennt — jetzt",
        "text": "The shop fails.\n",
        "html": "<p>The shop fails.</p>\n",
    }


def test_mail_without_a_login_or_with_a_wrong_password_is_refused(
    cloud: LocalCloud, smtp: smtplib.SMTP
) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        smtp.send_message(mail())
    assert refused.value.smtp_code == 530
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login("mail", "wrong")
    assert inbox(cloud) == []
