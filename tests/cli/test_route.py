"""`belfry route`: who hears, when, why not, and what is asked wrongly."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from cli.main import main
from cli.output import Status
from engine.paths import Home
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SHOP = """\
platform: shop
team: shop
environments:
  local: {paging: worker, stand-ins: true}
  prod: {paging: worker, domain: shop.example}
  test: {paging: shadow, domain: test.shop.example}
severities:
  P0:
    rank: 0
    answer: 15m
    resolve: 1h
    channels: [slack, mail]
    escalate: [{after: 15m, to: on-call}]
  P3: {rank: 3, answer: next business day, resolve: 7d, channels: [slack], hours: business}
channels:
  slack: {slack: {webhook: secret:slack}}
  pager: {pagerduty: {key: secret:pager}}
  mail:
    email:
      host: smtp.shop.example
      user: alerts
      password: secret:smtp
      from: alerts@shop.example
      to: team@shop.example
people:
  contacts:
    first: {title: Ann, mail: ann@shop.example}
    second: {title: Ben, mail: ben@shop.example}
  teams: {shop: {members: [first, second]}}
  rotations: {on-call: {members: [first, second], since: 2026-01-05, zone: America/New_York}}
  hours: {business: {days: Mon–Fri, between: 09:00–17:00, zone: America/New_York, holidays: public}}
  holidays: {public: [12-25]}
routing:
  wait: 30s
  repeat: 4h
  routes:
    database: {services: database, severities: P0, channels: [pager], instead: true}
services:
  api: {is: http-api, url: "https://api.${domain}", needs: [database]}
  database: {is: postgres}
checks:
  api-health: {of: api, http: {path: /health}}
  database-health: {of: database, through: api, http: {path: /health/db}}
rules:
  all:
    use: [WorkerDown, DatabaseConnectionError]
    set: {WorkerDown: {severity: P0}, DatabaseConnectionError: {severity: P0}}
  milder:
    use: [WorkerDown]
    set: {WorkerDown: {severity: P3}}
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout with one platform and one stack."""
    (tmp_path / "platforms").mkdir()
    (tmp_path / "platforms" / "shop.yaml").write_text(SHOP, encoding="utf-8")
    stack = "config:\n  belfry:platform: shop\n  belfry:environment: prod\n"
    (tmp_path / "Pulumi.local.yaml").write_text(stack, encoding="utf-8")
    home = Home(path=tmp_path / ".belfry", root=tmp_path)
    monkeypatch.setattr("engine.paths.find_home", lambda: home)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        main(("route", *arguments))
    return int(ending.value.code or 0)


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(*arguments, "--json") == Status.DONE
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_it_says_who_hears_when_and_the_path(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("severity=P0", "service=api") == Status.DONE
    assert (
        capsys.readouterr().out
        == """\
shop prod  severity=P0 service=api
rule WorkerDown, set all, trouble down, kind http-api, team shop
  when it has lasted 30s: slack, mail (email)
  when it has lasted 15m: @on-call (Ann or Ben)
  The monitoring Worker says it, again every 4h while it lasts; what gets worse is said at once.
every alert
└── shop prod  platform=shop, environment=prod
    └── P0  severity=P0
        └── all others
            ├── after 30s → slack+mail
            └── after 15m → @on-call after 15m

"""
    )


def test_it_says_when_at_a_moment_and_whose_turn_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("severity=P0", "service=api", "--at", "2026-12-25T03:00") == Status.DONE
    out = capsys.readouterr().out
    assert (
        "Fri 2026-12-25 03:15 UTC, Thu 22:15 in America/New_York (when it has lasted 15m): "
        "@on-call (Ann)" in out
    )
    assert run("severity=P0", "service=api", "--at", "2026-12-30T03:00") == Status.DONE
    assert "@on-call (Ben)" in capsys.readouterr().out


def test_what_waits_for_working_hours_says_until_when(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("severity=P3", "--at", "2026-12-24T22:30Z") == Status.DONE
    out = capsys.readouterr().out
    assert (
        "Mon 2026-12-28 14:00 UTC, Mon 09:00 in America/New_York (when it has lasted 30s, held "
        "back: outside of business hours (Mon–Fri 09:00–17:00 America/New_York, without public "
        "holidays)): slack" in out
    )


def test_where_rules_are_told_to_different_people_every_answer_is_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = asked(capsys, "trouble=down")["answers"]
    assert [
        (one["labels"]["service"], one["labels"]["set"], [to["to"] for to in one["told"]])
        for one in answers
    ] == [
        (["api"], ["all"], ["slack", "mail", "on-call"]),
        (["database"], ["all"], ["pager", "on-call"]),
        (["api"], ["milder"], ["slack"]),
    ]
    assert run("trouble=down") == Status.DONE
    assert capsys.readouterr().out.startswith(
        "3 answers: the rules that match are told to different people.\n"
    )


def test_a_cause_that_fires_too_is_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    firing = ("--firing", "service=database,trouble=down")
    (answer,) = asked(capsys, "service=api", "severity=P0", *firing)["answers"]
    assert answer["told"] == []
    assert [one["to"] for one in answer["otherwise"]] == ["slack", "mail", "on-call"]
    assert answer["reasons"] == [
        {
            "why": "inhibited",
            "says": "DatabaseConnectionError (P0) says that database is down, which takes api "
            "along (api → database)",
        }
    ]


def test_in_a_shadow_nobody_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("severity=P0", "service=api", "--environment", "test") == Status.DONE
    out = capsys.readouterr().out
    assert "shadow: test is a shadow: everything is judged, nobody is told" in out
    assert "otherwise:" in out


def test_an_alert_that_no_rule_raises_is_answered_and_told_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = asked(capsys, "severity=P3", "service=database")
    assert found["raised"] is False
    (answer,) = found["answers"]
    assert answer["labels"]["kind"] == ["postgres"]
    assert [one["to"] for one in answer["told"]] == ["slack"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("severity=P00",), 'severity  there is no severity "P00"  did you mean P0?'),
        (("service=databse",), 'service  there is no service "databse"  did you mean database?'),
        (("servce=api",), 'servce  alerts have no label "servce"  did you mean service?'),
        (("rule=WorkrDown",), 'rule  there is no rule "WorkrDown"  did you mean WorkerDown?'),
        (("service=api", "--firing", "troble=down"), "did you mean trouble?"),
        (("api",), "'api' is no label: write label=value, such as severity=P0"),
        ((), "say a label at least, such as severity=P0 service=api"),
        (("severity=P0", "severity=P3"), "severity is P0 and P3: say it once"),
        (("severity=P0", "--at", "noon"), "--at noon is no time: write now, or 2026-12-25T03:00Z"),
        (("severity=P0", "--at", "0001-01-01T00:00+14:00"), "the years 1970 to 2999"),
        (("severity=P0", "--at", "9999-12-31T23:59Z"), "the years 1970 to 2999"),
        (("severity=P0", "--environment", "prd"), "did you mean prod?"),
        (("severity=P0", "--platform", "shp"), "did you mean shop?"),
        (("severity=P0", "--stack", "none"), "there is no stack 'none'"),
    ],
)
def test_what_is_asked_wrongly_is_bad_input_and_says_what_was_meant(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert run(*arguments) == Status.BAD_INPUT
    assert said in capsys.readouterr().err


def test_two_mistakes_are_told_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("severity=P9", "service=ap") == Status.BAD_INPUT
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == Status.DONE
    assert "belfry route severity=P0 service=database" in capsys.readouterr().out


EXAMPLES = re.findall(
    r"```\n\$ belfry route ([^\n]+)\n(.*?)\n```",
    (ROOT / "docs" / "routing.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


def test_the_page_about_routing_has_examples() -> None:
    assert len(EXAMPLES) == 3


@pytest.mark.parametrize(("command", "printed"), EXAMPLES)
def test_an_example_of_the_page_prints_what_stands_there(
    command: str,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.undo()  # the shipped platforms
    assert run(*command.split()) == Status.DONE
    assert capsys.readouterr().out.strip() == printed


def test_the_words_of_a_name_are_never_markup(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "platforms" / "shop.yaml"
    path.write_text(SHOP.replace("title: Ann", 'title: "[red]Ann[/]"'), encoding="utf-8")
    assert run("severity=P0", "service=api") == Status.DONE
    assert "@on-call ([red]Ann[/] or Ben)" in capsys.readouterr().out
