"""What the application's own part may mean; whole texts of mistakes are in tests/golden."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.problems import Problems
from tests.unit.judged import told
from tests.unit.shop import SHOP, ReadsShop

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue

APPLICATION = "application: {runs-on: node, of: api}\n"


@given(
    short=st.tuples(st.integers(1, 30), st.integers(1, 20)),
    count=st.integers(1, 200),
    times=st.integers(2, 12),
)
def test_of_two_rate_limits_each_can_be_the_one_that_holds(
    shop: ReadsShop, short: tuple[int, int], count: int, times: int
) -> None:
    """A longer limit is reached by fewer windows of the shorter than fit, and by more than one."""
    limits = f"[{short[0]} per {short[1]}m, {count} per {short[1] * times}m]"
    rule = f"rate-limits: {{x: {{paths: /x, allow: {limits}, by: address}}}}\n"
    edit = ("rules:\n", f"{APPLICATION}{rule}rules:\n")
    windows = Fraction(count, short[0])
    if 1 < windows <= times:
        assert len(shop(edit).rate_limits["x"].allow) == 2
    else:
        with pytest.raises(Problems, match="never holds"):
            shop(edit)


def test_twenty_an_hour_are_four_times_five_in_a_quarter(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    limit = "rate-limits: {auth: {paths: /a/*, allow: [5 per 15m, 20 per hour], by: address}}\n"
    assert told(tmp_path, SHOP + APPLICATION + limit, catalogue) == []


@pytest.mark.parametrize(
    ("kind", "runs_on"),
    [
        ("cloudflare-worker", "worker"),
        ("cloudflare-pages", "worker"),
        ("http-api", "node"),
        ("website", "serverless"),
    ],
)
def test_an_application_runs_where_its_service_is(
    tmp_path: Path, catalogue: Catalogue, kind: str, runs_on: str
) -> None:
    text = SHOP.replace("is: http-api", f"is: {kind}")
    application = f"application: {{runs-on: {runs_on}, of: api}}\n"
    found = told(tmp_path, text + application, catalogue)
    assert [path for path in found if path.startswith("application")] == []


@pytest.mark.parametrize(
    ("standard", "satisfied"),
    [
        ("gdpr", "privacy: {scrub: [email, ip-address], standards: [gdpr]}\n"),
        ("pci-dss", "privacy: {scrub: [card-number], standards: [pci-dss]}\n"),
        ("soc-2", "privacy: {standards: [soc-2]}\n"),
        ("hipaa", "privacy: {standards: [hipaa]}\n"),
    ],
)
def test_a_standard_is_satisfied_by_what_it_asks(
    tmp_path: Path, catalogue: Catalogue, standard: str, satisfied: str
) -> None:
    assert told(tmp_path, f"{SHOP}{satisfied}retention: {{audit: 365d}}\n", catalogue) == []
    bare = f"{SHOP}privacy: {{standards: [{standard}]}}\n"
    assert set(told(tmp_path, bare, catalogue)) == {"privacy.standards[0]"}


def test_a_window_that_could_not_be_read_makes_no_other_wrong(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    text = "application: {runs-on: node, of: api, metrics: {windows: [1m, 5 m, 15m]}}\n"
    assert told(tmp_path, SHOP + text, catalogue) == ["application.metrics.windows[1]"]
    limit = "rate-limits: {x: {paths: /x, allow: [5 per 15m, lots], by: address}}\n"
    found = told(tmp_path, SHOP + APPLICATION + limit, catalogue)
    assert found == ["rate-limits.x.allow[1]"]
    panels = "dashboards: {one: {title: One, shows: [api], panels: [chrt, chart]}}\n"
    assert told(tmp_path, SHOP + panels, catalogue) == ["dashboards.one.panels[0]"]


def test_what_a_worker_serves_without_routes_is_at_its_own_address(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    workers = "workers:\n" + "".join(
        f"  {role}: {{role: {role}, script: shop-{role}, serves: [/health]}}\n"
        for role in ("logs", "infra")
    )
    assert told(tmp_path, SHOP + workers, catalogue) == []
