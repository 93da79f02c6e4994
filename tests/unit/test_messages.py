"""Messages: what is made harmless in them, how they fit, and where they are compiled to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.language.records import Scrubbed
from belfry.messages import alertmanager, grafana, worker
from belfry.messages.characters import address, clip, span, tidy
from belfry.messages.discord import discord
from belfry.messages.mail import mail
from belfry.messages.message import Message, cleaned, facts, links
from belfry.messages.pagerduty import pagerduty
from belfry.messages.scrubbing import scrubbed
from belfry.messages.slack import slack
from belfry.messages.sms import BASIC, EXTENDED, sms
from belfry.messages.teams import teams
from belfry.messages.wording import PARTS, Kind, Role
from tests.golden.messages.told import read

if TYPE_CHECKING:
    from tests.unit.shop import ReadsShop

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "messages"
TOLD, _, _ = read(GOLDEN / "opened-with-everything" / "message.json")
EVERYTHING = tuple(Scrubbed)

LINK = st.sampled_from(
    [
        "https://a.example/",
        f"https://c.example/{'&' * 900}",
        "http://",
        "javascript:",
        "https://b.example/x y",
    ]
)
TEXT = st.text(max_size=400)
MESSAGES = st.builds(
    replace,
    st.just(TOLD),
    kind=st.sampled_from(Kind),
    level=st.integers(0, 9),
    lasted=st.integers(0, 10**6),
    service=TEXT,
    severity=TEXT,
    summary=TEXT,
    description=st.none() | TEXT,
    detail=st.none() | TEXT,
    first_step=st.none() | TEXT,
    took_along=st.lists(TEXT, max_size=30).map(tuple),
    also=st.lists(TEXT, max_size=3).map(tuple),
    runbook=st.none() | st.builds(str.__add__, LINK, TEXT),
    dashboard=st.none() | LINK,
    silence=st.none() | LINK,
).map(cleaned)


@given(MESSAGES)
def test_a_text_message_has_160_places_and_no_letter_that_phones_lack(message: Message) -> None:
    text = sms(message)
    assert set(text) <= {*BASIC, *EXTENDED}
    assert sum(2 if one in EXTENDED else 1 for one in text) <= 160


@given(MESSAGES)
def test_slack_reads_only_our_links_and_takes_every_length(message: Message) -> None:
    told = slack(message)
    assert "<" not in str(told["text"])
    objects = [
        found
        for block in json.loads(json.dumps(told))["attachments"][0]["blocks"]
        for found in [*block.get("fields", []), *([block["text"]] if "text" in block else [])]
    ]
    assert all(len(one["text"]) <= 3000 for one in objects)
    shown = [url for _, url in links(message)]
    for found in re.findall("<([^>]*)>", "".join(one["text"] for one in objects)):
        assert found.split("|")[0].replace("&amp;", "&") in shown


@given(MESSAGES)
def test_discord_takes_every_length_and_mentions_nobody(message: Message) -> None:
    told = json.loads(json.dumps(discord(message)))
    (embed,) = told["embeds"]
    assert told["allowed_mentions"] == {"parse": []}
    assert len(embed["title"]) <= 256
    assert all(1 <= len(field["value"]) <= 1024 for field in embed["fields"])
    texts = [field["name"] + field["value"] for field in embed["fields"]]
    whole = [*texts, embed["title"], embed.get("description", ""), embed["footer"]["text"]]
    assert sum(map(len, whole)) <= 6000


@given(MESSAGES)
def test_a_card_for_teams_is_smaller_than_28_kb(message: Message) -> None:
    assert len(json.dumps(teams(message), ensure_ascii=False).encode()) <= 28_000


@given(MESSAGES)
def test_a_mail_has_no_line_and_no_tag_of_other_people(message: Message) -> None:
    letter = mail(message)
    assert "\n" not in letter.subject
    said = len(facts(message)) + len(links(message))
    assert letter.text.count("\n") == said + (5 if links(message) else 4)
    assert letter.html.count("<td") == len(facts(message))
    assert letter.html.count("<a ") == len(links(message))


@given(TEXT)
def test_a_tidy_text_is_one_line_and_stays_as_it_is(text: str) -> None:
    made = tidy(text)
    assert len(made.splitlines()) <= 1
    assert not set(made) & set("\u202e\u202d\u2066\u200e\u200b\ufeff\x00\x1b\t\n")
    assert tidy(made) == made


@given(TEXT, st.integers(1, 50))
def test_a_clipped_text_is_short_enough_and_says_that_it_was(text: str, most: int) -> None:
    made = clip(text, most)
    assert len(made) <= most
    assert made == text or made.endswith("…")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (149, "2 min"),
        (150, "3 min"),
        (7199, "120 min"),
        (7200, "2 h"),
        (9000, "2.5 h"),
        (86_400, "24 h"),
    ],
)
def test_a_time_is_said_as_people_do(seconds: int, said: str) -> None:
    assert span(seconds) == said


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("https://a.example/b?c=d&e#f", "https://a.example/b?c=d&e#f"),
        ("https://a.example/x|y>(z)", "https://a.example/x%7Cy%3E%28z%29"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("HTTPS://a.example", "HTTPS://a.example"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://a.example/ onclick=x", None),
        ("https:///x", None),
        ("https://a.example/" + "x" * 1000, None),
        ("", None),
        (None, None),
    ],
)
def test_only_what_is_an_address_is_a_link(text: str | None, safe: str | None) -> None:
    assert address(text) == safe


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("email", "to jo.doe+x@mail.example.org.", "to [mail address]."),
        ("email", "jörg@exämple.de failed", "[mail address] failed"),
        ("email", "@everyone at 5 @ night", "@everyone at 5 @ night"),
        ("card-number", "card 4111 1111 1111 1111!", "card [card number]!"),
        ("card-number", "4111-1111-1111-1111", "[card number]"),
        ("card-number", "7 378282246310005 9", "7 [card number] 9"),
        ("card-number", "4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("card-number", "1764000000000 ms", "1764000000000 ms"),
        ("ip-address", "from 203.0.113.7:80", "from [IP address]:80"),
        ("ip-address", "version 1.2.3", "version 1.2.3"),
        ("ip-address", "from 2001:db8::17,", "from [IP address],"),
        ("ip-address", "at 12:05:00", "at 12:05:00"),
        ("ip-address", "std::string", "std::string"),
        ("phone", "call +49 (30) 1234-5678", "call [phone number]"),
        ("phone", "1 + 1 = 2", "1 + 1 = 2"),
        ("api-key", 'api_key="abcd1234" x', '[key]" x'),
        ("api-key", "the key is missing", "the key is missing"),
        ("token", "token: abcdef", "[token]"),
        ("token", "tokens: 5", "tokens: 5"),
    ],
)
def test_what_the_platform_keeps_to_itself_is_taken_out(kind: str, text: str, said: str) -> None:
    assert scrubbed(text, [kind]) == said
    assert scrubbed(text, []) == text


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_abcdefghijklmnopqrst0123",
        "postgres://app:hunter22@db.internal/shop",
        "AKIAABCDEFGHIJKLMNOP",
        "Bearer abcdef0123456789",
        "bEARER abcdef0123456789",
        "https://hooks.slack.com/services/T0000001/B0000001/abcdefabcdef",
    ],
)
def test_a_secret_of_known_form_is_taken_out_whatever_the_platform_says(secret: str) -> None:
    assert scrubbed(f"it says {secret} again", []) == "it says [secret] again"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ssn=078-05-1120 x", "[hidden] x"),
        ('{"SSN": "078 05 1120", "a": 1}', '{"[hidden], "a": 1}'),
        ("user.name: 'Jo Doe'!", "[hidden]!"),
        ("no ssn was given", "no ssn was given"),
        ("lessn=1", "lessn=1"),
        ("userxname: a", "userxname: a"),
    ],
)
def test_a_field_that_the_platform_keeps_to_itself_is_taken_out(text: str, said: str) -> None:
    assert scrubbed(text, [], ["ssn", "user.name"]) == said


def test_a_long_text_of_one_letter_is_scrubbed_at_once() -> None:
    for letter in "a1.:@- +=_":
        scrubbed(letter * 4000, EVERYTHING)


def test_a_part_is_left_out_when_a_field_of_it_is_missing() -> None:
    bare = cleaned(replace(TOLD, description=None, detail="\u200b", also=(), took_along=()))
    labels = [part.label for part, _ in facts(bare)]
    assert labels == ["State", "Since", "Answer", "Cannot be seen", "First step"]
    assert [text for part, text in facts(replace(bare, first_step=None))][
        -1
    ] == "Follow the runbook."
    without = replace(bare, first_step=None, runbook=None)
    assert "First step" not in [part.label for part, _ in facts(without)]


def test_every_kind_of_message_names_each_part_once() -> None:
    for kind in Kind:
        names = [(part.role, part.name) for part in PARTS if kind in part.kinds]
        assert len(set(names)) == len(names)


def test_a_recovery_resolves_what_was_triggered() -> None:
    opened = pagerduty(cleaned(TOLD), "key")
    over = pagerduty(cleaned(replace(TOLD, kind=Kind.RECOVERED)), "key")
    assert over == {
        "routing_key": "key",
        "dedup_key": opened["dedup_key"],
        "event_action": "resolve",
    }


def test_the_workers_wording_is_what_make_docs_writes() -> None:
    assert worker.WRITTEN.read_text(encoding="utf-8") == worker.module(), "run `make docs`"


def test_a_platforms_severities_and_links_are_in_its_templates(shop: ReadsShop) -> None:
    platform = shop()
    made = alertmanager.alertmanager_templates(platform, "prod", status="https://status.example")
    assert list(made) == ["belfry.tmpl"]
    for name in platform.severities:
        assert f"`{name}`" in made["belfry.tmpl"]
    assert "`https://status.example`" in made["belfry.tmpl"]
    assert made == alertmanager.alertmanager_templates(
        platform, "prod", status="https://status.example"
    )


def test_the_templates_of_two_environments_share_no_name_in_grafana(shop: ReadsShop) -> None:
    platform = shop()
    (prod,) = grafana.grafana_templates(platform, "prod")
    (local,) = grafana.grafana_templates(platform, "local")
    assert prod.name != local.name
    names = [{line for line in one.text.splitlines() if "define" in line} for one in (prod, local)]
    assert names[0]
    assert not names[0] & names[1]


def test_pagerduty_is_told_every_fact_and_link_that_a_group_of_alerts_has() -> None:
    options = alertmanager.receiver_options("pagerduty")
    details, pointers = options["details"], options["links"]
    assert isinstance(details, dict)
    assert isinstance(pointers, list)
    workers = {"Cannot be seen", "By", "Quiet until"}
    assert set(details) == {part.label for part in PARTS if part.role is Role.FACT} - workers
    assert {one["text"] for one in pointers} == {"Runbook", "Dashboard", "Silence", "Status"}


def test_a_kind_that_alertmanager_has_no_texts_for_is_refused() -> None:
    with pytest.raises(KeyError):
        alertmanager.receiver_options("sms")


def test_the_page_shows_every_picture_and_each_is_small() -> None:
    folder = Path(__file__).resolve().parents[2] / "docs"
    page = (folder / "messages.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"!\[[^\]]+\]\(messages/([a-z-]+\.png)\)", page))
    assert shown == {path.name for path in (folder / "messages").iterdir()}
    for name in shown:
        assert (folder / "messages" / name).stat().st_size < 150_000, name
