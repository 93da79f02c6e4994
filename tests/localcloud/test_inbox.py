"""The inbox takes what the real services take, refuses what they refuse, and shows once."""

from __future__ import annotations

import json
import smtplib
from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.localcloud.running import LocalCloud

SHARES_CLOUD = True
ACCOUNT = f"AC{'0' * 32}"
FORM = {"To": "+14155550100", "From": "+14155550199", "Body": "it fails"}
CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {"type": "AdaptiveCard", "body": []},
}
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


def test_discord_takes_an_embed_and_says_nothing(cloud: LocalCloud) -> None:
    payload = {"content": "", "embeds": [{"title": "it fails", "fields": []}]}
    answer = cloud.anybody.post(f"/inbox/discord/chat/{cloud.secret}", json=payload)
    assert (answer.status_code, answer.content) == (204, b"")
    (message,) = inbox(cloud)
    assert (message["channel"], message["transport"]) == ("chat", "discord")
    assert message["payload"] == payload


FIELD = {"name": "Severity", "value": "P0"}


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"content": "x" * 2001}, ["content"]),
        ({"embeds": "none"}, ["embeds"]),
        ({"embeds": [{"title": "x"}] * 11}, ["embeds"]),
        ({"embeds": [{"title": "x" * 257}]}, ["embeds", "0", "title"]),
        ({"embeds": [{"description": "x" * 4097}]}, ["embeds", "0", "description"]),
        ({"embeds": [{"fields": [FIELD] * 26}]}, ["embeds", "0", "fields"]),
        (
            {"embeds": [{}, {"fields": [{**FIELD, "value": "x" * 1025}]}]},
            ["embeds", "1", "fields", "0", "value"],
        ),
        (
            {"embeds": [{"fields": [FIELD, {**FIELD, "name": ""}]}]},
            ["embeds", "0", "fields", "1", "name"],
        ),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, ["embeds", "0", "footer", "text"]),
        ({"embeds": [{"description": "x" * 3001}] * 2}, ["embeds"]),
    ],
)
def test_discord_refuses_a_form_and_says_where(
    cloud: LocalCloud, payload: dict[str, Any], path: list[str]
) -> None:
    answer = cloud.anybody.post(f"/inbox/discord/chat/{cloud.secret}", json=payload)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (400, 50035)
    at = told["errors"]
    for step in path:
        at = at[step]
    assert at["_errors"]
    assert inbox(cloud) == []


def test_discord_refuses_what_is_empty_or_no_json_or_of_a_stranger(cloud: LocalCloud) -> None:
    path = "/inbox/discord/chat"
    empty = cloud.anybody.post(f"{path}/{cloud.secret}", json={"embeds": []})
    assert (empty.status_code, empty.json()["code"]) == (400, 50006)
    broken = cloud.anybody.post(f"{path}/{cloud.secret}", content=b"{")
    assert (broken.status_code, broken.json()["code"]) == (400, 50109)
    strange = cloud.anybody.post(f"{path}/wrong", json={"content": "x"})
    assert (strange.status_code, strange.json()["code"]) == (401, 50027)
    assert inbox(cloud) == []


def test_teams_takes_a_card(cloud: LocalCloud) -> None:
    payload = {"type": "message", "attachments": [CARD]}
    answer = cloud.anybody.post(f"/inbox/teams/staff/{cloud.secret}", json=payload)
    assert (answer.status_code, answer.content) == (202, b"")
    (message,) = inbox(cloud)
    assert (message["channel"], message["transport"]) == ("staff", "teams")
    assert message["payload"] == payload


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"text": "no card"}', 400),
        (b'{"type": "message", "attachments": []}', 400),
        (b'{"type": "message", "attachments": [{"contentType": "text/html"}]}', 400),
        (json.dumps({"type": "message", "attachments": [{**CARD, "content": {}}]}).encode(), 400),
        (b" " * (28 * 1024 + 1), 413),
    ],
)
def test_teams_refuses_what_its_workflow_could_not_post(
    cloud: LocalCloud, body: bytes, status: int
) -> None:
    answer = cloud.anybody.post(f"/inbox/teams/staff/{cloud.secret}", content=body)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert inbox(cloud) == []


def text(cloud: LocalCloud, form: dict[str, str], channel: str = "sms", **headers: str) -> Any:
    path = f"/inbox/sms/{channel}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    auth = (ACCOUNT, cloud.secret)
    return cloud.anybody.post(path, data=form, auth=auth, headers=headers)


def test_a_text_message_arrives_and_is_answered_as_twilio_does(cloud: LocalCloud) -> None:
    answer = text(cloud, FORM)
    assert answer.status_code == 201
    told = answer.json()
    assert told["sid"].startswith("SM")
    assert (told["account_sid"], told["to"], told["status"]) == (ACCOUNT, FORM["To"], "queued")
    (message,) = inbox(cloud)
    assert (message["channel"], message["transport"]) == ("sms", "sms")
    assert message["payload"] == FORM


def test_each_number_of_a_message_gets_its_own_and_a_repeat_is_counted(cloud: LocalCloud) -> None:
    other = {**FORM, "To": "+14155550101"}
    for form in (FORM, other, FORM):
        text(cloud, form, **{"X-Belfry-Message": "m1", "X-Belfry-Kind": "opened"})
    shown = [(one["payload"]["To"], one["kind"], one["deliveries"]) for one in inbox(cloud)]
    assert shown == [(FORM["To"], "opened", 2), (other["To"], "opened", 1)]


def test_a_persons_text_messages_are_of_a_channel_with_a_slash(cloud: LocalCloud) -> None:
    assert text(cloud, FORM, "@first/sms").status_code == 201
    assert inbox(cloud)[0]["channel"] == "@first/sms"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"To": "4155550100"}, 21211),
        ({"From": "Belfry"}, 21212),
        ({"To": FORM["From"]}, 21266),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
    ],
)
def test_twilio_refuses_with_its_own_codes(
    cloud: LocalCloud, change: dict[str, str], code: int
) -> None:
    answer = text(cloud, {**FORM, **change})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert inbox(cloud) == []


def test_twilio_reads_forms_alone(cloud: LocalCloud) -> None:
    path = f"/inbox/sms/sms/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = cloud.anybody.post(path, json=FORM, auth=(ACCOUNT, cloud.secret))
    assert (answer.status_code, answer.json()["code"]) == (400, 21604)


def basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


@pytest.mark.parametrize("who", ["nobody", "no base64", "a wrong token", "another account"])
def test_twilio_knows_who_calls(cloud: LocalCloud, who: str) -> None:
    path = f"/inbox/sms/sms/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    authorization = {
        "nobody": "",
        "no base64": "Basic !",
        "a wrong token": basic(ACCOUNT, "wrong"),
        "another account": basic(f"AC{'1' * 32}", cloud.secret),
    }[who]
    answer = cloud.anybody.post(path, data=FORM, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert inbox(cloud) == []


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


def test_mail_to_a_person_arrives_at_their_channel(cloud: LocalCloud, smtp: smtplib.SMTP) -> None:
    smtp.login("@first", cloud.secret)
    smtp.send_message(mail())
    assert inbox(cloud)[0]["channel"] == "@first"


def test_mail_without_a_login_or_with_a_wrong_password_is_refused(
    cloud: LocalCloud, smtp: smtplib.SMTP
) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        smtp.send_message(mail())
    assert refused.value.smtp_code == 530
    with pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login("mail", "wrong")
    assert inbox(cloud) == []
