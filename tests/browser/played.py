"""A localcloud with something of everything, as a platform that is monitored leaves it."""

from __future__ import annotations

import json
import smtplib
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from tests.localcloud.running import ACCOUNT, ZONE, result

if TYPE_CHECKING:
    from tests.localcloud.running import LocalCloud

WORKER = """
export default {
  async fetch() { return new Response("hello"); },
  async scheduled(event) {
    console.log("looked at 4 services");
    if (event.cron === "30 3 * * *") throw new Error("the archive is full");
  },
};
"""
SERVICES: list[dict[str, Any]] = [
    {"service": "shop", "page": True, "needs": ["api"], "components": {}},
    {"service": "api", "page": False, "needs": ["database"], "components": {}},
    {"service": "database", "page": False, "needs": [], "components": {}},
    {"service": "search", "page": False, "needs": [], "components": {}},
]
SLACK = {
    "text": "[critical] api: The API answers with errors &lt;5xx&gt;",
    "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "api: it answers with errors"}},
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": "*Since* 12:03 _UTC_, `GET /orders` &lt;5xx&gt; ~twice~ :fire:\n"
                "<https://grafana.example/d/api|Dashboard>   <!here>",
            },
        },
        {
            "type": "section",
            "fields": [
                {"type": "mrkdwn", "text": "*Severity*\ncritical"},
                {"type": "mrkdwn", "text": "*Took along*\nshop"},
            ],
        },
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Runbook"},
                    "url": "https://runbooks.example/api",
                }
            ],
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Incident api-5xx-1"}]},
    ],
    "attachments": [
        {"color": "danger", "title": "Error rate", "fields": [{"title": "Now", "value": "31 %"}]}
    ],
}
PAGERDUTY = {
    "event_action": "trigger",
    "dedup_key": "api-5xx-1",
    "payload": {
        "summary": "api: it answers with errors",
        "source": "marketplace/prod/api",
        "severity": "critical",
        "component": "api",
        "group": "marketplace",
        "class": "errors",
        "timestamp": "2026-06-01T12:03:00Z",
        "custom_details": {"Severity": "critical", "took_along": ["shop"]},
    },
    "links": [{"href": "https://runbooks.example/api", "text": "Runbook"}],
}
DISCORD = {
    "username": "Watch",
    "content": "**api** answers with errors",
    "embeds": [
        {
            "title": "api: errors",
            "url": "https://grafana.example/d/api",
            "description": "31 % of *all* requests, see [the board](https://grafana.example)",
            "color": 0xB42318,
            "fields": [
                {"name": "Severity", "value": "critical", "inline": True},
                {"name": "Since", "value": "`12:03`", "inline": True},
            ],
            "footer": {"text": "Grafana v12"},
        }
    ],
}
CARD = {
    "type": "message",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [
                    {
                        "type": "TextBlock",
                        "text": "api: errors",
                        "size": "Large",
                        "weight": "Bolder",
                        "color": "Attention",
                    },
                    {"type": "TextBlock", "text": "31 % of **all** requests", "wrap": True},
                    {
                        "type": "FactSet",
                        "facts": [
                            {"title": "Severity", "value": "critical"},
                            {"title": "Since", "value": "12:03"},
                        ],
                    },
                ],
                "actions": [
                    {
                        "type": "Action.OpenUrl",
                        "title": "Open",
                        "url": "https://grafana.example/alerting",
                    }
                ],
            },
        }
    ],
}
MESSAGE_CARD = {
    "@type": "MessageCard",
    "themeColor": "B42318",
    "title": "search is slow",
    "text": "95 of 100 requests take longer than **2 s**.",
    "sections": [{"activityTitle": "Facts", "facts": [{"name": "Now", "value": "3.4 s"}]}],
    "potentialAction": [
        {"@type": "OpenUri", "name": "Open", "targets": [{"uri": "https://grafana.example"}]}
    ],
}
WEBHOOK = {"version": 1, "kind": "opened", "summary": "The API answers with errors", "level": 0}
HTML = (
    "<!doctype html><style>h1 { color: #b42318 }</style><h1>api: it answers with errors</h1>"
    '<p>Since 12:03. <a href="https://runbooks.example/api">Runbook</a></p>'
)


def send(
    cloud: LocalCloud, transport: str, payload: object, channel: str = "", **headers: str
) -> None:
    """Send something to the inbox, as its channel would get it."""
    name = channel or transport
    if transport == "pagerduty":
        told = {**payload, "routing_key": cloud.secret} if isinstance(payload, dict) else payload
        path = f"/inbox/pagerduty/{name}/v2/enqueue"
    else:
        told, path = payload, f"/inbox/{transport}/{name}/{cloud.secret}"
    answer = cloud.anybody.post(
        path, content=json.dumps(told), headers={"content-type": "application/json", **headers}
    )
    assert answer.status_code in {200, 202, 204}, answer.text


def text(cloud: LocalCloud, body: str, channel: str, **headers: str) -> None:
    """Send a text message to the inbox, as Twilio would get it."""
    account = f"AC{'0' * 32}"
    form = {"To": "+14155550100", "From": "+14155550199", "Body": body}
    path = f"/inbox/sms/{channel}/2010-04-01/Accounts/{account}/Messages.json"
    auth = (account, cloud.secret)
    assert cloud.anybody.post(path, data=form, auth=auth, headers=headers).status_code == 201


def mail(cloud: LocalCloud, subject: str, html: str, text: str = "api answers with errors") -> None:
    """Send a mail with a text part and an HTML part."""
    message = EmailMessage()
    message["From"] = "watch@marketplace.example"
    message["To"] = "ops@marketplace.example"
    message["Subject"] = subject
    message["X-Belfry-Kind"] = "opened"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    host, _, port = cloud.smtp.rpartition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as connection:
        connection.login("ops-mail", cloud.secret)
        connection.send_message(message)


def fill_inbox(cloud: LocalCloud) -> None:
    """Have one message of each channel in the inbox and nothing else."""
    cloud.control.delete("/inbox")
    kinds = {"X-Belfry-Kind": "opened", "X-Belfry-Incident": "api-5xx-1"}
    send(cloud, "slack", SLACK, "alerts", **kinds)
    send(cloud, "pagerduty", PAGERDUTY, "on-call", **kinds)
    mail(cloud, "api: it answers with errors", HTML)
    send(cloud, "discord", DISCORD)
    send(cloud, "teams", CARD, "platform-team")
    send(cloud, "webhook", MESSAGE_CARD, "search-team")
    text(cloud, "api answers with errors, 12:03 UTC", "sms")
    send(cloud, "webhook", WEBHOOK, "audit", **kinds)


def play(cloud: LocalCloud) -> None:
    """Provision, run, break and tell something of everything."""
    assert cloud.control.put("/services", json=SERVICES).status_code == 200
    cloud.control.post("/services/database", json={"state": "broken"})
    cloud.control.post("/services/search", json={"state": "slow", "delay": 3})
    namespace = cloud.namespace("marketplace-config")
    values = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{namespace}/values"
    assert cloud.cloudflare.put(f"{values}/targets/api", content='{"every": 60}').status_code == 200
    queues = f"/accounts/{ACCOUNT}/queues"
    result(cloud.cloudflare.post(queues, json={"queue_name": "marketplace-messages"}))
    checks = f"/zones/{ZONE}/healthchecks"
    for name in ("shop", "api"):
        check = {"name": name, "address": f"{name}.example"}
        result(cloud.cloudflare.post(checks, json=check))
    assert cloud.grafana.post("/api/folders", json={"title": "Marketplace"}).status_code == 200
    bindings = [{"name": "CONFIG", "type": "kv_namespace", "namespace_id": namespace}]
    result(cloud.upload("marketplace-monitoring", WORKER, bindings))
    cloud.schedule("marketplace-monitoring", "*/5 * * * *", "30 3 * * *")
    for cron in ("*/5 * * * *", "30 3 * * *"):
        cloud.tick(cron=cron)
    fault = {"match": "POST /inbox/nothing/.*", "status": 503, "times": 3}
    assert cloud.control.post("/faults", json=[fault]).status_code == 200
    fill_inbox(cloud)
