"""Alertmanager's own tool renders our templates: they say what `belfry.messages` says."""

from __future__ import annotations

import html
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from belfry.messages import alertmanager, discord, grafana, slack
from belfry.messages.characters import clip
from belfry.messages.go_fields import Known
from belfry.messages.mail import mail
from belfry.messages.message import cleaned, facts, headline, links, look
from belfry.messages.wording import (
    DISCORD_LENGTHS,
    PAGERDUTY_LENGTHS,
    SLACK_LENGTHS,
    TEAMS_LENGTHS,
    Kind,
)
from localcloud.grafana.go_templates import check_template
from tests.golden.messages.told import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.messages.message import Message

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "messages"
SCRUBBED = "scrubbed"
"""What Belfry takes out of its own messages, no template of others can."""
CASES = sorted({path.parent.name for path in GOLDEN.glob("*/message.json")} - {SCRUBBED})
AMTOOL_URL = "http://alertmanager.example:9093"
NEVER = "0001-01-01T00:00:00Z"
OTHERS = ("webhook", "telegram", "opsgenie", "victorops", "sns", "pushover", "googlechat")
"""Kinds of Grafana's that a platform file has no channels for."""
STATUS = "https://status.example"


def told_of(case: str) -> Message:
    """Give a case as a group of alerts can tell it: opened or recovered, nothing acknowledged."""
    message, _, _ = read(GOLDEN / case / "message.json")
    over = message.kind is Kind.RECOVERED
    return replace(
        message,
        kind=Kind.RECOVERED if over else Kind.OPENED,
        unseen=(),
        acknowledge=None,
        silence=None,
        status=STATUS,
    )


def known_of(message: Message) -> Known:
    severities = {f"P{level}": 0 for level in range(message.level)}
    return Known(
        platform=message.platform,
        environment=message.environment,
        answers={**severities, message.severity: message.answer},
        status=STATUS,
    )


def group_of(message: Message) -> Mapping[str, object]:
    """Write the group of alerts that a message is about, those that do not speak first."""
    over = message.kind is Kind.RECOVERED
    shared = {"platform": message.platform, "environment": message.environment}
    times = {
        "status": "resolved" if over else "firing",
        "startsAt": message.since,
        "endsAt": message.at if over else NEVER,
    }
    others = [
        {**times, "labels": {**shared, **labels}, "annotations": annotations}
        for labels, annotations in (
            *(
                ({"alertname": "Other", "rank": "10", "service": one}, {})
                for one in message.took_along
            ),
            *(
                ({"alertname": "Other", "service": message.service}, {"summary": one})
                for one in message.also
            ),
        )
    ]
    labels = {
        **shared,
        "alertname": message.rule,
        "rule": message.rule,
        "service": message.service,
        "severity": message.severity,
        "rank": "9",
        **({"trouble": message.trouble} if message.trouble else {}),
    }
    annotations = {
        "summary": message.summary,
        "description": message.description,
        "seen": message.detail,
        "first_step": message.first_step,
        "runbook_url": message.runbook,
        "dashboard_url": message.dashboard,
    }
    lead = {
        **times,
        "labels": labels,
        "annotations": {name: value for name, value in annotations.items() if value is not None},
    }
    return {
        "receiver": "everybody",
        "status": times["status"],
        "alerts": [*others, lead],
        "groupLabels": {},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": AMTOOL_URL,
    }


class Renderer:
    """Renders every template of a file for a message at once, and each message once."""

    def __init__(self, amtool: Path, folder: Path) -> None:
        self._amtool = amtool
        self._folder = folder
        self._made: dict[tuple[Message, str], Mapping[str, str]] = {}

    def __call__(self, message: Message, templates: str | None = None) -> Mapping[str, str]:
        """Give what each template says, by its name."""
        text = templates or alertmanager.written(known_of(message))
        if (message, text) not in self._made:
            self._made[message, text] = self._render(message, text)
        return self._made[message, text]

    def _render(self, message: Message, text: str) -> Mapping[str, str]:
        (self._folder / alertmanager.FILE).write_text(text, encoding="utf-8")
        data = json.dumps(group_of(message))
        (self._folder / "data.json").write_text(data, encoding="utf-8")
        names = re.findall(r'{{ define "([^"]+)"', text)
        texts = [name for name in names if not name.endswith(".html")]
        return {**self._all(texts, "text"), **self._all(sorted({*names} - {*texts}), "html")}

    def _all(self, names: Sequence[str], kind: str) -> Mapping[str, str]:
        if not names:
            return {}
        uses = "\x1e".join(f'{{{{ template "{name}" . }}}}' for name in names)
        run = subprocess.run(
            [
                *(str(self._amtool), "template", "render"),
                f"--template.glob={self._folder / alertmanager.FILE}",
                f"--template.type={kind}",
                f"--template.data={self._folder / 'data.json'}",
                f"--template.text={uses}",
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert run.returncode == 0, run.stderr
        return dict(zip(names, run.stdout.split("\x1e"), strict=True))


@pytest.fixture(scope="module")
def render(amtool: Path, tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """Say what our templates say of a message."""
    return Renderer(amtool, tmp_path_factory.mktemp("messages"))


def without_silence(text: str) -> list[str]:
    """Give the lines of a text that are about the message, without the link to silence it."""
    lines = [line for line in text.splitlines() if line and not line.startswith("Silence: ")]
    assert re.match("(Alert|Incident) ", lines[-1])
    return lines[:-1]


@pytest.mark.parametrize("case", CASES)
def test_the_text_is_the_mail_that_belfry_writes(case: str, render: Renderer) -> None:
    told = told_of(case)
    said = mail(cleaned(told))
    assert without_silence(render(told)["belfry.email.text"]) == without_silence(said.text)
    assert render(told)["belfry.text"] == render(told)["belfry.email.text"]
    assert render(told)["belfry.subject"] == said.subject


@pytest.mark.parametrize("case", CASES)
def test_the_html_shows_the_same_and_nothing_in_it_is_markup(case: str, render: Renderer) -> None:
    told = told_of(case)
    made = render(told)["belfry.email.html"]
    written = mail(cleaned(told)).html
    assert re.findall(r"<[a-z!/][^>]*>", _without_links(made)) == re.findall(
        r"<[a-z!/][^>]*>", _without_links(written)
    )
    assert _shown(made)[:-1] == _shown(written)[:-1]


def _without_links(page: str) -> str:
    return re.sub("<a .*\n", "", page)


def _shown(page: str) -> list[str]:
    lines = (re.sub("<[^>]*>", "\t", line) for line in _without_links(page).splitlines())
    return [html.unescape(line).strip() for line in lines if line.strip()]


@pytest.mark.parametrize("case", CASES)
def test_slack_shows_the_same_facts_and_no_link_of_other_people(
    case: str, render: Renderer
) -> None:
    told = told_of(case)
    message = cleaned(told)
    *lines, pointers = render(told)["belfry.slack.text"].splitlines()
    length = SLACK_LENGTHS["fact"]
    assert lines == [
        f"*{part.label}:* {slack.escaped(clip(text, length))}" for part, text in facts(message)
    ]
    shown = re.findall(r"<([^|>]*)\|([^>]*)>", pointers)
    assert [one for one in shown if one[1] != "Silence"] == [
        (slack.escaped(url), part.label) for part, url in links(message)
    ]
    assert render(told)["belfry.slack.title"] == slack.escaped(headline(message))
    assert render(told)["belfry.slack.color"] == look(message).colour


@pytest.mark.parametrize(
    ("name", "length", "end"),
    [
        ("discord.message", DISCORD_LENGTHS["fact"], "\n"),
        ("teams.text", TEAMS_LENGTHS["fact"], "\n\n"),
    ],
)
@pytest.mark.parametrize("case", CASES)
def test_discord_and_teams_show_the_same_facts_and_no_markup_of_other_people(
    case: str, name: str, length: int, end: str, render: Renderer
) -> None:
    told = told_of(case)
    message = cleaned(told)
    *lines, pointers = render(told)[f"belfry.{name}"].split(end)
    assert lines == [
        f"**{part.label}:** {discord.escaped(clip(text, length))}" for part, text in facts(message)
    ]
    shown = re.findall(r"\[(\w+)\]\(([^)]*)\) ", pointers)
    assert [one for one in shown if one[0] != "Silence"] == [
        (part.label, url) for part, url in links(message)
    ]
    title = f"belfry.{name.partition('.')[0]}.title"
    assert render(told)[title] == discord.escaped(headline(message))


@pytest.mark.parametrize("case", CASES)
def test_pagerduty_gets_the_same_details(case: str, render: Renderer) -> None:
    told = told_of(case)
    message = cleaned(told)
    said = {part.label: text for part, text in facts(message)}
    details = alertmanager.receiver_options("pagerduty")["details"]
    assert isinstance(details, dict)
    for label, use in details.items():
        assert render(told)[use.split('"')[1]] == said.get(label, ""), label
    summary = render(told)["belfry.pagerduty.description"]
    assert clip(summary, PAGERDUTY_LENGTHS["summary"]) == headline(message)
    assert render(told)["belfry.pagerduty.severity"] == look(message).word
    assert render(told)["belfry.pagerduty.component"] == message.service
    assert render(told)["belfry.pagerduty.class"] == message.rule


@pytest.mark.parametrize("case", CASES)
def test_grafana_says_the_same_with_links_of_its_own(case: str, render: Renderer) -> None:
    told = told_of(case)
    known = known_of(replace(told, platform="shop", environment="prod"))
    text = grafana.written(known)
    check_template("messages", text)
    # Only Grafana's alerts have these; for Alertmanager's tool annotations stand in.
    for field, annotation in (
        ("SilenceURL", "Annotations.silence"),
        ("PanelURL", "Annotations.panel"),
        ("DashboardURL", "Annotations.board"),
    ):
        assert f"$lead.{field}" in text
        text = text.replace(f"$lead.{field}", f"$lead.{annotation}")
    made = render(told, text)["belfry.shop.prod.email.text"]
    assert "Silence: " not in made
    assert without_silence(made) == without_silence(mail(cleaned(told)).text)


@pytest.mark.parametrize("case", CASES)
def test_what_reads_html_is_given_none_of_other_people(case: str, render: Renderer) -> None:
    told = told_of(case)
    made = render(told)["belfry.escaped"]
    assert not set(made) & set("<>\"'")
    shown = html.unescape(made).splitlines()
    wanted = [f"{part.label}: {text}" for part, text in facts(cleaned(told))]
    assert shown[: len(wanted)] == wanted


def test_a_silence_is_about_the_service_the_rule_and_the_environment(
    render: Renderer,
) -> None:
    told = replace(told_of("opened-with-everything"), service='a "b" \\ c+d', rule="R")
    assert render(told)["belfry.link.silence"] == (
        f"{AMTOOL_URL}/#/silences/new?filter=%7Bservice%3D%22a%20%5C%22b%5C%22%20%5C%5C%20c%2Bd%22"
        "%2Crule%3D%22R%22%2Cenvironment%3D%22prod%22%7D"
    )
    assert "silences" not in render(told_of("recovered"))["belfry.slack.text"]


def test_what_a_platform_knows_and_no_alert_says_is_in_the_templates(
    render: Renderer,
) -> None:
    told = replace(told_of("opened-with-everything"), dashboard=None)
    known = replace(known_of(told), dashboard="https://grafana.example/d/overview", status=None)
    text = render(told, alertmanager.written(known))["belfry.text"]
    assert "Dashboard: https://grafana.example/d/overview\n" in text
    assert "Status" not in text
    assert "Answer: P0, within 15 min\n" in text


def test_of_several_alerts_the_worst_speaks_and_of_equals_the_first(
    render: Renderer,
) -> None:
    told = told_of("several-taken-along")
    assert render(told)["belfry.pagerduty.component"] == "gateway"  # its rank is 9, others' 10
    text = render(told)["belfry.text"]
    assert re.search(r"^Took along: catalogue-1, .* and 8 more$", text, re.MULTILINE)


def test_every_template_that_a_receiver_uses_is_defined() -> None:
    told = told_of("opened-with-everything")
    defined = set(re.findall(r'define "([^"]+)"', alertmanager.written(known_of(told))))
    for kind in ("slack", "pagerduty", "email", "discord", "teams"):
        used = re.findall(
            r'template \\"([^"]+)\\"', json.dumps(alertmanager.receiver_options(kind))
        )
        assert used
        assert not set(used) - defined
    grafanas = set(re.findall(r'define "([^"]+)"', grafana.written(known_of(told))))
    for kind in ("slack", "pagerduty", "email", "discord", "teams", *OTHERS):
        settings = grafana.contact_settings("pitchey", "prod", kind)
        used = re.findall(r'template \\"([^"]+)\\"', json.dumps(settings))
        assert used
        assert not set(used) - grafanas
