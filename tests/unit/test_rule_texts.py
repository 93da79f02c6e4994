"""Texts of rules for people: what is filled, and what is left out where it is not known."""

from __future__ import annotations

import re

import pytest

from belfry.addresses import Addresses, LocalAddress
from belfry.application import apply_rules
from belfry.catalogue import load_catalogue
from belfry.document import parse
from belfry.language.platform import Platform
from belfry.language.records import Scrubbed
from belfry.loading import load_platform
from belfry.messages.scrubbing import scrubbed
from belfry.reader import read
from belfry.schedule import schedule
from belfry.values.nonsense import Nonsense
from belfry.values.rule_text import RuleText
from belfry.whereabouts import Whereabouts
from tests.unit.shop import ROOT, SHOP

KNOWN = {"address": "https://x.example/", "for": "2m", "service": "x", "title": "X"}
EVERY = [
    (file.stem, environment)
    for file in sorted(ROOT.glob("platforms/*.yaml"))
    for environment in load_platform(file).environments
]


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("See it[: curl ${address}]", "See it: curl https://x.example/", "See it."),
        ("See it[ at ${address}] now", "See it at https://x.example/ now", "See it now"),
        ("Slow, for ${for}.", "Slow, for 2m.", "Slow."),
        ("Slow for ${for}, twice", "Slow for 2m, twice", "Slow, twice"),
        ("rate(a[5m]) of ${service}", "rate(a[5m]) of x", "rate(a[5m]) of x"),
        ("After ${for}", "After 2m", "After 0s"),
    ],
)
def test_what_is_not_known_is_left_out(text: str, known: str, unknown: str) -> None:
    read = RuleText.parse(text)
    assert read.fill(KNOWN) == known
    assert read.fill({"for": "0s", "service": "x"}) == unknown
    assert str(read) == text
    assert "[$" not in read.whole


@pytest.mark.parametrize("text", ["", " ", "two\nlines", "a\ttab", "x" * 1001])
def test_a_text_of_a_rule_is_one_line(text: str) -> None:
    with pytest.raises(Nonsense):
        RuleText.parse(text)


def shop(*edits: tuple[str, str]) -> Platform:
    """Read the shop's platform with edits, whether or not all of it makes sense."""
    text = SHOP
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return read(Platform, parse(text.encode(), "shop.yaml")).value


def whereabouts(service: str, *edits: tuple[str, str]) -> dict[str, str]:
    platform = shop(*edits)
    return dict(Whereabouts(platform, Addresses(platform, "prod", None)).of(service))


def test_an_address_is_what_the_check_asks() -> None:
    assert whereabouts("api") == {
        "address": "https://api.shop.example/health",
        "host": "api.shop.example",
        "port": "443",
    }
    through = whereabouts("database")
    assert through["address"] == "https://api.shop.example/health/db"


def test_without_a_check_it_is_the_services_own() -> None:
    page = ("services:\n", "services:\n  page: {is: website, url: 'http://p.example:81/a/'}\n")
    used = ("needs: [database]", "needs: [database, page]")
    assert whereabouts("page", page, used) == {
        "address": "http://p.example:81/a",
        "host": "p.example",
        "port": "81",
    }


def test_what_checks_of_other_kinds_ask_is_known() -> None:
    checks = """\
checks:
  name: {of: api, dns: {type: A}, every: 5m}
  mail: {of: api, dns: {name: mail.example, type: MX}, every: 5m}
  registration: {of: api, domain: {name: shop.example}, every: 1h}
  reached: {of: database, tcp: {to: "db.example:5432"}}
"""
    edit = ("checks:\n", checks)
    api = whereabouts("api", edit)
    assert (api["host"], api["registered-domain"]) == ("api.shop.example", "shop.example")
    database = whereabouts("database", edit)
    assert (database["host"], database["port"]) == ("db.example", "5432")


def test_what_the_service_says_itself_comes_first() -> None:
    said = ("database: {is: postgres}", "database: {is: postgres, address: 'pg:5433'}")
    known = whereabouts("database", said)
    assert (known["host"], known["port"]) == ("pg", "5433")
    worker = ("{is: http-api,", "{is: cloudflare-worker, script: shop-api,")
    assert whereabouts("api", worker)["script"] == "shop-api"


def test_an_address_stands_in_a_command_as_one_word() -> None:
    asked = whereabouts("api", ("path: /health}", "path: '/health?a=1&b=2'}"))
    assert asked["address"] == "'https://api.shop.example/health?a=1&b=2'"


def test_a_stand_in_has_an_address_that_is_not_scrubbed() -> None:
    local = LocalAddress(url="http://127.0.0.1:8787", smtp="127.0.0.1:25")
    known = Whereabouts(shop(), Addresses(shop(), "local", local)).of("api")
    assert known["address"] == "http://localhost:8787/services/api/health"
    assert scrubbed(known["address"], list(Scrubbed)) == known["address"]


def test_nobody_who_does_not_know_where_it_is_makes_it_up() -> None:
    assert Whereabouts(shop(), None).of("api") == {}


@pytest.mark.parametrize(("name", "environment"), EVERY)
def test_no_text_of_a_shipped_platform_has_a_hole_or_a_wait_of_nothing(
    name: str, environment: str
) -> None:
    platform = load_platform(ROOT / "platforms" / f"{name}.yaml", environment=environment)
    addresses = Addresses(platform, environment, None)
    applied = apply_rules(platform, load_catalogue(), schedule(platform), addresses)
    texts = [
        text
        for rules in applied.values()
        for rule in rules
        for text in (rule.summary, rule.description, rule.first_step or "", rule.runbook)
    ]
    assert texts
    holes = re.compile(
        r"<[a-zA-Z][^<>|]*>|\$\{|\{\{|for 0s|\b(\w+) of \1\b|\b(\w+) at \2\b", re.IGNORECASE
    )
    assert [one for one in texts if holes.search(one)] == []
