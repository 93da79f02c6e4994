"""What a platform file may not mean; the whole texts of such mistakes are in tests/golden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.document import parse
from belfry.language.platform import Platform
from belfry.loading import load_platform
from belfry.meaning.judgement import mistakes
from belfry.problems import Problems
from belfry.reader import read
from tests.unit.shop import FAILS, ROOT, SHOP, ReadsShop

if TYPE_CHECKING:
    from pathlib import Path

    from belfry.catalogue import Catalogue


def test_a_file_without_mistakes_has_none(shop: ReadsShop) -> None:
    assert shop().platform == "shop"


@pytest.mark.parametrize("name", ["pitchey", "example"])
def test_the_shipped_platforms_make_sense(name: str) -> None:
    assert load_platform(ROOT / "platforms" / f"{name}.yaml").platform == name


def test_an_environment_that_is_asked_for_must_exist() -> None:
    with pytest.raises(Problems, match=r"no environment pord.*did you mean prod\?"):
        load_platform(ROOT / "platforms" / "pitchey.yaml", environment="pord")


def test_a_kind_that_no_rule_covers_can_have_an_own_rule(shop: ReadsShop) -> None:
    judged = ("HighResponseTime]}", f"HighResponseTime], {FAILS}}}")
    rest = ("WorkerDown, DatabaseConnectionError, ", "WorkerDown, ")
    platform = shop(("{is: postgres}", "{is: queue}"), judged, rest)
    assert platform.services["database"].is_ == "queue"


def test_nobody_need_be_told_where_every_environment_only_watches(shop: ReadsShop) -> None:
    platform = shop(
        ("{paging: worker, stand-ins", "{paging: shadow, stand-ins"),
        ("{paging: worker, domain", "{paging: shadow, domain"),
        ("channels: [slack]", "channels: []"),
        ("  slack: {slack: {webhook: secret:slack}}\n", "  {}\n"),
    )
    assert platform.channels == {}


def test_an_answer_that_may_take_as_long_as_the_interval_is_too_late(shop: ReadsShop) -> None:
    with pytest.raises(Problems, match="let the timeout be shorter"):
        shop(("http: {path: /health}", "http: {path: /health}, timeout: 60s"))


def test_a_limit_of_nothing_leaves_no_room(shop: ReadsShop) -> None:
    with pytest.raises(Problems, match="leaves no room"):
        shop(("HighResponseTime]}", "HighResponseTime], set: {HighResponseTime: {above: 0s}}}"))


def test_the_pace_of_what_needs_a_service_counts_against_its_timeout(shop: ReadsShop) -> None:
    slow = "http: {path: /health/db}, every: 10m, timeout: 2m"
    with pytest.raises(Problems, match="because what needs database is checked so often"):
        shop(("http: {path: /health/db}", slow))


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/x?y=1",
        "https://user@a.example",
        "https://a.example/#top",
        "https://",
        "//a.example",
        "https://a b.example",
        "https://a.example:99999",
        "https://[::1",
        "javascript:alert(1)",
        "https://ä.example",
    ],
)
def test_an_address_is_scheme_host_and_path_and_nothing_else(shop: ReadsShop, url: str) -> None:
    with pytest.raises(Problems) as raised:
        shop(("https://api.${domain}", url))
    assert [str(problem.path) for problem in raised.value.problems] == [
        "('services', 'api', 'url')"
    ]


def test_mistakes_of_form_do_not_hide_mistakes_of_meaning(catalogue: Catalogue) -> None:
    text = SHOP.replace("needs: [database]", "needs: [databse]").replace("15m", "15")
    reading = read(Platform, parse(text.encode(), "p"))
    assert len(mistakes(reading, catalogue)) == 2


def test_a_platform_of_five_thousand_services_in_one_long_chain_is_read(
    tmp_path: Path, catalogue: Catalogue
) -> None:
    count = 5000
    services = "".join(
        f"  s{i}: {{is: http-api, url: 'https://s{i}.shop.example', needs: [s{i + 1}]}}\n"
        for i in range(count)
    )
    checks = "".join(f"  c{i}: {{of: s{i}, http: {{path: /}}}}\n" for i in range(count))
    text = "plans: {cloudflare: enterprise, health-checks: 10000}\n"
    text += SHOP.split("services:", maxsplit=1)[0]
    text += f"services:\n{services}  s{count}: {{is: postgres}}\nchecks:\n{checks}"
    text += "rules:\n  all: {use: [availability]}\n"
    path = tmp_path / "long.yaml"
    path.write_text(text, encoding="utf-8")
    assert len(load_platform(path, catalogue=catalogue).services) == count + 1


LINES = SHOP.splitlines(keepends=True)


@given(
    st.lists(st.integers(0, len(LINES) - 1), max_size=6),
    st.sampled_from(["api", "database", "slack", "P0", "worker", "60s", "availability"]),
    st.sampled_from(["", "x", "[]", "{}", "api", "database", "0", "1d", "${x}"]),
)
def test_no_mangled_file_crashes_the_questions(
    catalogue: Catalogue, dropped: list[int], old: str, new: str
) -> None:
    text = "".join(line for index, line in enumerate(LINES) if index not in dropped)
    try:
        document = parse(text.replace(old, new).encode(), "p")
    except Problems:
        return
    found = mistakes(read(Platform, document), catalogue)
    assert all(problem.right for problem in found)
    assert len({(problem.path, problem.wrong) for problem in found if problem.path}) == len(
        [problem for problem in found if problem.path]
    )
