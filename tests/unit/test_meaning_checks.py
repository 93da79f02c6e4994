"""What checks, journeys and locations may mean; whole texts of mistakes are in tests/golden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.problems import Problems
from tests.unit.judged import told
from tests.unit.shop import FAILS, SHOP, ReadsShop

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue

PLACES = "locations: {west: {region: wnam}, europe: {region: weur}, asia: {region: apac}}\n"
BUY = """\
journeys:
  buy:
    of: api
    secrets: {password: secret:probe}
    steps:
      - {method: POST, path: /log-in, body: '${password}', capture: {token: token}}
      - {path: /cart, headers: {authorization: "Bearer ${token}"}}
"""


JUDGED = SHOP.replace("HighResponseTime]}", f"HighResponseTime], {FAILS}}}")
"""The shop, with a rule of its own for whatever is asked of it."""


def with_check(check: str) -> str:
    return JUDGED.replace("rules:\n", f"  more: {{of: api, {check}}}\nrules:\n")


@given(timeout=st.integers(1, 59), confirmations=st.integers(0, 5))
def test_a_check_and_its_confirmations_fit_into_what_the_worker_has_of_a_minute(
    shop: ReadsShop, timeout: int, confirmations: int
) -> None:
    check = f"http: {{path: /health}}, timeout: {timeout}s, confirmations: {confirmations}"
    edit = ("http: {path: /health}", check)
    if timeout * (1 + confirmations) <= 50:
        assert shop(edit).checks["api-health"].confirmations == confirmations
    else:
        with pytest.raises(Problems, match="has 50s of its minute"):
            shop(edit)


@given(needed=st.integers(1, 4), of=st.integers(1, 4), places=st.integers(0, 3))
def test_a_quorum_counts_the_locations_that_are_named(
    shop: ReadsShop, needed: int, of: int, places: int
) -> None:
    names = ["west", "europe", "asia"]
    text = f"http: {{path: /x}}, from: {names[:places]}, down-when: {needed} of {of}"
    rest = f"  more: {{of: api, {text}}}\n  all: {{of: api, http: {{path: /y}}, from: {names}}}\n"
    edit = ("rules:\n", f"{rest}{PLACES}rules:\n".replace("'", ""))
    if needed <= of == places:
        assert shop(edit).checks["more"].down_when is not None
    else:
        with pytest.raises(Problems) as raised:
            shop(edit)
        assert len(raised.value.problems) == 1


@pytest.mark.parametrize(
    "check",
    [
        "dns: {type: A}, every: 1d",
        "tls: {left: 60d}, every: 1h",
        "domain: {name: shop.example}, every: 1d",
        "tcp: {to: 'api.shop.example:443'}",
        "heartbeat: {every: 1m, grace: 2m}",
        "http: {path: /x, method: POST, body: '{}'}",
        "http: {path: /x, method: HEAD, expect: {status: 204}}",
        "http: {path: /health, expect: {status: [200, 503]}}",
    ],
)
def test_every_kind_of_check_can_be_said(tmp_path: Path, catalogue: Catalogue, check: str) -> None:
    assert told(tmp_path, with_check(check), catalogue) == []


def test_the_same_question_from_elsewhere_is_another_one(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = with_check("http: {path: /health}, from: [west, europe, asia]") + PLACES
    assert told(tmp_path, text, catalogue) == []


def test_a_misspelt_question_is_not_missed_as_well(tmp_path: Path, catalogue: Catalogue) -> None:
    text = with_check("icmp: {to: api.shop.example}")
    assert told(tmp_path, text, catalogue) == ["checks.more.icmp"]


def test_a_heartbeat_may_come_less_often_than_its_job_runs_and_not_more_often(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = JUDGED.replace("checks:\n", '  job: {is: cron-job, schedule: "0 */6 * * *"}\nchecks:\n')
    text = text.replace("of: [api, database], severity", "of: job, severity")
    for every, expected in (("6h", []), ("1d", []), ("5h", ["checks.beat.heartbeat.every"])):
        check = f"  beat: {{of: job, heartbeat: {{every: {every}}}}}\nrules:\n"
        assert told(tmp_path, text.replace("rules:\n", check), catalogue) == expected


def test_blanks_are_filled_by_secrets_and_by_earlier_steps(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    assert told(tmp_path, JUDGED + BUY, catalogue) == []


def test_a_secret_of_a_default_need_not_be_used_by_every_journey(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    shared = "defaults: {journeys: {user: {of: api, secrets: {password: secret:probe}}}}\n"
    buy = BUY.replace("    of: api\n    secrets: {password: secret:probe}\n", "    like: user\n")
    look = "  look: {like: user, steps: [{path: /}]}\n"
    assert told(tmp_path, shared + JUDGED + buy + look, catalogue) == []


def test_a_misspelt_blank_does_not_make_the_right_one_unused(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = JUDGED + BUY.replace("Bearer ${token}", "Bearer ${tokne}")
    assert told(tmp_path, text, catalogue) == ["journeys.buy.steps[1].headers.authorization"]


def test_a_location_may_be_used_in_one_environment_only(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    local = "stand-ins: true, checks: {api-health: {from: [west, europe, asia]}}}"
    text = SHOP.replace("stand-ins: true}", local) + PLACES
    assert told(tmp_path, text, catalogue) == []


def test_what_no_environment_uses_is_told_once(tmp_path: Path, catalogue: Catalogue) -> None:
    local = "stand-ins: true, checks: {api-health: {from: [west, europe]}}}"
    text = SHOP.replace("stand-ins: true}", local) + PLACES
    assert told(tmp_path, text, catalogue) == ["locations.asia"]


def test_what_is_unused_where_it_is_added_is_told(tmp_path: Path, catalogue: Catalogue) -> None:
    text = SHOP.replace("stand-ins: true}", "stand-ins: true, locations: {west: {region: wnam}}}")
    assert told(tmp_path, text, catalogue) == ["environments.local.locations.west"]


def test_a_mistake_in_an_override_hides_what_rests_on_it(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    local = "stand-ins: true, checks: {api-health: {from: [west, europe, 1 2]}}}"
    text = SHOP.replace("stand-ins: true}", local) + PLACES
    assert told(tmp_path, text, catalogue) == ["environments.local.checks.api-health.from[2]"]
