"""Messages as their channels show them, and what is meant to do harm does none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.played import fill_inbox, mail, send, text

if TYPE_CHECKING:
    from tests.browser.conftest import Opener
    from tests.localcloud.running import LocalCloud

SHOWN = {
    "alerts": [
        (".slack .heading", "api: it answers with errors"),
        (".slack strong >> text=Since", "Since"),
        (".slack em", "UTC"),
        (".slack code", "GET /orders"),
        (".slack s", "twice"),
        (".slack a >> text=Dashboard", "Dashboard"),
        (".slack .mention", "@here"),
        (".slack .fields", "Severity\ncriticalTook along\nshop"),
        (".slack .slack-button a[href='https://runbooks.example/api']", "Runbook"),
        (".slack .small.lines", "Incident api-5xx-1 "),
        (".slack .attachment[data-colour=danger] strong", "Error rate"),
    ],
    "on-call": [
        (".pagerduty[data-action=trigger] .event", "Triggeredcritical"),
        (".pagerduty .heading", "api: it answers with errors"),
        (".pagerduty code", "api-5xx-1"),
        (".pagerduty a[href='https://runbooks.example/api']", "Runbook"),
    ],
    "ops-mail": [
        (".mail dd strong", "api: it answers with errors"),
        (".mail dd:nth-of-type(2)", "watch@marketplace.example"),
        (".mail summary", "Text part"),
    ],
    "discord": [
        (".discord .sender strong", "Watch"),
        (".discord .embed a[href='https://grafana.example/d/api']", "api: errors"),
        (".discord .embed em", "all"),
        (".discord .fields strong", "Severity"),
    ],
    "platform-team": [
        (".teams .heading[data-colour=attention]", "api: errors"),
        (".teams dt", "Severity"),
        (".teams a[href='https://grafana.example/alerting']", "Open"),
    ],
    "search-team": [
        (".teams.topped .heading", "search is slow"),
        (".teams dd", "3.4 s"),
        (".teams a", "Open"),
    ],
    "sms": [(".sms .bubble", "api answers with errors, 12:03 UTC")],
    "audit": [
        (".webhook .heading", "The API answers with errors"),
        (".webhook .name", '"version"'),
    ],
}


@pytest.mark.parametrize("channel", SHOWN)
def test_a_message_looks_as_in_its_channel(opened: Opener, cloud: LocalCloud, channel: str) -> None:
    fill_inbox(cloud)
    page = opened("inbox")
    page.click(f"[data-key='only {channel}']")
    page.until("document.querySelectorAll('.message').length === 1")
    assert [(selector, page.text(selector)) for selector, _ in SHOWN[channel]] == SHOWN[channel]


def test_no_word_of_a_message_stands_for_what_every_object_has(
    opened: Opener, cloud: LocalCloud
) -> None:
    cloud.control.delete("/inbox")
    rich = {"type": "rich_text", "elements": [{"type": "valueOf"}]}
    send(cloud, "slack", {"text": ":constructor: :fire:", "attachments": [{"blocks": [rich]}]})
    page = opened("inbox")
    assert page.text(".slack .lines") == ":constructor: 🔥"
    assert '"valueOf"' in page.text(".slack pre.json")
    assert "[native code]" not in page.value("document.documentElement.outerHTML")


def test_an_address_that_names_what_every_object_has_is_no_view(opened: Opener) -> None:
    page = opened("constructor")
    assert page.texts("h1") == ["Stand-in services"]
    assert page.troubles() == []


def test_slacks_escapes_are_taken_back_as_text(opened: Opener, cloud: LocalCloud) -> None:
    fill_inbox(cloud)
    page = opened("inbox")
    assert "<5xx>" in page.text(".slack .block.lines, .slack .block .lines")


BAD = "<img src=x onerror='globalThis.harm=1'><script>globalThis.harm=1</script>"
LINK = "javascript:globalThis.harm=1"
TURNED = "\u202e\u2066gnp.exe \u200f"
LONG = "x" * 60_000
HOSTILE: dict[str, Any] = {
    "slack": {
        "username": BAD,
        "text": BAD,
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": BAD + TURNED + LONG}},
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"<{LINK}|click> {BAD} *{BAD}*"},
            },
            {"type": "section", "fields": [{"type": "mrkdwn", "text": LONG}, None, 7]},
            {"type": "actions", "elements": [{"text": {"text": BAD}, "url": LINK}]},
            {"type": BAD, "x": {"__proto__": BAD}},
            {"type": "constructor"},
        ],
        "attachments": [{"color": "red;}*{display:none", "title": BAD, "title_link": LINK}],
    },
    "pagerduty": {
        "event_action": "trigger",
        "dedup_key": BAD,
        "payload": {
            "summary": BAD + TURNED,
            "source": LONG,
            "severity": "critical",
            "custom_details": {BAD: BAD, "x" * 5000: [BAD], "deep": {"a": [[[BAD]]]}},
        },
        "links": [{"href": LINK, "text": BAD}, {"href": f"https://x.example/'\"{BAD}"}],
        "client_url": LINK,
    },
    "discord": {
        "content": f"[click]({LINK}) {BAD} **{BAD}**{TURNED}",
        "embeds": [{"title": BAD, "url": LINK, "color": "red", "description": LONG[:4000]}, 7],
    },
    "teams": {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "type": "AdaptiveCard",
                    "body": [
                        {"type": "TextBlock", "text": f"{BAD}{LONG[:9000]}{TURNED}", "color": BAD},
                        {"type": "RichTextBlock", "inlines": [{"text": BAD, "size": BAD}, BAD, 7]},
                        {"type": "Image", "url": "https://x.example/spy.png", "altText": BAD},
                        {"type": "toString"},
                    ],
                    "actions": [{"title": BAD, "url": LINK}],
                },
            }
        ],
    },
    "webhook": {
        "summary": f"{BAD}{TURNED}{LONG}",
        "link": LINK,
        "half": "\ud800",
        BAD: [BAD] * 999,
    },
}


@pytest.mark.parametrize("width", [1280, 360])
def test_what_is_meant_to_do_harm_is_shown_as_text(
    opened: Opener, cloud: LocalCloud, width: int
) -> None:
    cloud.control.delete("/inbox")
    kinds = {"X-Belfry-Kind": "<b>opened", "X-Belfry-Incident": "x" * 4_000}
    for transport, payload in HOSTILE.items():
        send(cloud, transport, payload, "<b>channel", **kinds)
    text(cloud, f"{BAD}{TURNED}{LONG[:1000]}", "<b>channel", **kinds)
    page = opened("inbox", width=width)
    assert page.count(".message") == len(HOSTILE) + 1
    page.value("document.querySelectorAll('summary').forEach((one) => one.click())")
    page.until("[...document.querySelectorAll('details')].every(({ open }) => open)")
    assert page.count("main :is(img, script, object, embed, link, b)") == 0
    assert page.value("[...document.links].every(({ href }) => /^https?:/.test(href))") is True
    assert page.value("globalThis.harm") is None
    told = page.call("told")
    assert (told["troubles"], told["dialogs"]) == ([], [])
    assert page.too_wide() <= 0
    page.go("services")
    assert page.too_wide() <= 0
    assert page.count("main :is(img, script, b)") == 0


def test_a_turned_text_turns_nothing_beside_it(opened: Opener, cloud: LocalCloud) -> None:
    cloud.control.delete("/inbox")
    text(cloud, TURNED + "abc", TURNED)
    page = opened("inbox")
    told = page.value(
        "[...document.querySelectorAll('.message h2, .message .bubble')]"
        ".map((one) => getComputedStyle(one.querySelector('bdi')).unicodeBidi)"
    )
    assert told == ["isolate", "isolate"]


def test_a_mail_runs_nothing_and_reaches_nothing(opened: Opener, cloud: LocalCloud) -> None:
    cloud.control.delete("/inbox")
    html = (
        f"<style>p {{ background: url('{cloud.url}/services/spied/2') }}</style>"
        f"<script>parent.harm=1;alert(1)</script><img src='{cloud.url}/services/spied' "
        "onerror='parent.harm=1'><form action='/x'><button>send</button></form>"
        f"<meta http-equiv=refresh content='0;url={cloud.url}/'><a href='{LINK}'>click</a>"
        f"<iframe src='{cloud.url}/'></iframe><p id=there>The mail itself</p>"
    )
    mail(cloud, BAD, html)
    page = opened("inbox")
    page.see(".mail iframe")
    sandbox = page.value("document.querySelector('.mail iframe').sandbox.value").split()
    assert not {"allow-scripts", "allow-same-origin", "allow-forms", "allow-top-navigation"} & {
        *sandbox
    }
    page.click("css=.mail iframe >> internal:control=enter-frame >> text=click")
    assert page.value("globalThis.harm") is None
    told = page.call("told")
    assert told["dialogs"] == []
    assert [url for url in told["reached"] if "/spied" in url] == []
    pages = [url for url in told["reached"] if url.split("#")[0] == f"{cloud.url}/"]
    assert len(pages) == 1, "the page itself, and nothing in a frame"
    assert page.count("main :is(img, script)") == 0


def test_what_is_not_of_its_channels_form_is_shown_as_it_is(
    opened: Opener, cloud: LocalCloud
) -> None:
    cloud.control.delete("/inbox")
    hooks: tuple[Any, ...] = (None, [1], "text", {"embeds": 7})
    embeds: tuple[Any, ...] = ({"embeds": [7]}, {"content": {"a": 1}})
    bodies: tuple[Any, ...] = ("text", 7, [7], [{"type": "RichTextBlock", "inlines": [7]}])
    for payload in hooks:
        send(cloud, "webhook", payload)
    for payload in embeds:
        send(cloud, "discord", payload)
    for body in bodies:
        content = {"type": "AdaptiveCard", "body": body}
        card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
        send(cloud, "teams", {"type": "message", "attachments": [card]})
    page = opened("inbox")
    assert page.count(".message") == 10
    assert page.troubles() == []


def test_a_channel_is_filtered_and_the_inbox_emptied(opened: Opener, cloud: LocalCloud) -> None:
    fill_inbox(cloud)
    page = opened("inbox")
    page.call("fill", "[data-filter]", "search slow")
    page.until("document.querySelectorAll('.message').length === 1")
    page.click("text=Empty the inbox")
    page.see("text=somebody is told")
    assert cloud.control.get("/inbox").json() == []
