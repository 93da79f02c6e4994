"""Nothing that a platform file says is silently ignored: whatever is changed, a stack changes.

What is compiled counts: what is provisioned, and what is declared. Changes are made to typed
platforms and never judged, so one may make no sense, as long as it makes a difference.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from belfry import document
from belfry.arguments import Dashboard
from belfry.compile import LocalAddress, Target, compile_stack
from belfry.declared.site import Site
from belfry.declared.table import JUDGED, PROVISIONED, SECTIONS
from belfry.language.platform import Platform
from belfry.loading import load_platform, platforms_in
from belfry.problems import Problems
from belfry.reader import read
from belfry.shapes import Record, shape_of
from tests.unit.changes import keys_of_language, spots
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.catalogue import Catalogue
    from tests.unit.changes import Spot

CLUSTER = ("on: docker\n  host: machine", "on: kubernetes\n  namespace: watch")
"""The server stack runs on a host or on a cluster, so that no platform says all of both."""
IGNORED = {
    (
        "Platform",
        "plans",
    ): "what `meaning` holds the rest to, and whether there are health checks",
}
"""Keys that change nothing, and why."""
NAMES = (
    ("environments",),
    ("people", "hours"),
    ("people", "holidays"),
    ("routing", "routes"),
)
"""Where names change nothing in a stack: they choose which one is compiled, or are for people and
for references, and the Worker is told what they mean."""
PLAYED = {
    ("Environment", "domain"): "has no meaning where the platform is played on this machine",
    ("Environment", "grafana"): "is the local cloud's where the platform is played",
}
"""Keys that change nothing in an environment that is played on this machine, and why."""
REFUSED = (KeyError, Problems)
"""How names that refer to nothing fail to compile, for nobody has judged them. A value that another
one forbids is a ValueError, and so it has been read."""
BOARD = Dashboard(uid="overview", title="Overview", model="{}")
TARGET = Target(
    workers_subdomain="everything",
    localcloud=LocalAddress(url="http://127.0.0.1:8787", smtp="127.0.0.1:8788"),
)


def everything(*edits: tuple[str, str]) -> Platform:
    text = (ROOT / "tests" / "unit" / "everything.yaml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    reading = read(Platform, document.parse(text.encode(), "everything.yaml"))
    assert not reading.problems
    return reading.value


class Compiler:
    """Compiles an environment, and remembers the platform that is changed again and again."""

    def __init__(self, catalogue: Catalogue, environment: str) -> None:
        self._catalogue = catalogue
        self._environment = environment
        self._known: dict[str, object] = {}

    def is_same(self, section: str, before: Platform, after: Platform) -> bool:
        """Whether both make the same stack, or one of them makes none for want of a name.

        What is declared of the section is compared first: where that differs, the stack does.
        """
        try:
            return all(
                self._remembered(step, before) == self._make(step, after)
                for step in (section, "everything")
            )
        except ValueError:
            return False
        except REFUSED:
            return True

    def _remembered(self, step: str, platform: Platform) -> object:
        if self._known.get("platform") is not platform:
            self._known = {"platform": platform}
        if f"made {step}" not in self._known:
            self._known[f"made {step}"] = self._make(step, platform)
        return self._known[f"made {step}"]

    def _make(self, step: str, platform: Platform) -> object:
        if step in SECTIONS:
            return tuple(SECTIONS[step](Site(platform, self._environment)))
        if step != "everything":
            return None
        return compile_stack(
            platform,
            environment=self._environment,
            catalogue=self._catalogue,
            worker_code="",
            dashboards=[BOARD],
            target=TARGET,
        )


def ignored(
    platforms: Mapping[str, Platform], catalogue: Catalogue, *, most: int | None = None
) -> list[str]:
    """Paths of what changes nothing in any environment in which it is said.

    Of a key that is said in many places, `most` of them have to prove that it makes a difference.
    """
    ineffective: dict[str, Spot] = {}
    effective: set[str] = set()
    proven: Counter[frozenset[tuple[str, str]]] = Counter()
    for environment, platform in platforms.items():
        compiler = Compiler(catalogue, environment)
        for spot in spots(platform):
            if spot.path in effective or spot.keys & set(IGNORED) or spot.way[:-1] in NAMES:
                continue
            if most is not None and proven[spot.keys] >= most:
                continue
            changes = spot.changes(platform, catalogue.rules)
            if all(compiler.is_same(spot.section, before, after) for before, after in changes):
                ineffective[spot.path] = spot
            else:
                effective.add(spot.path)
                proven[spot.keys] += 1
    played = [
        f"environments.{environment}."
        for environment, platform in platforms.items()
        if platform.environments[environment].stand_ins
    ]
    return [
        path
        for path, spot in ineffective.items()
        if path not in effective
        and not (spot.keys & set(PLAYED) and path.startswith(tuple(played)))
    ]


@pytest.mark.parametrize("edits", [(), (CLUSTER,)], ids=["host", "cluster"])
def test_whatever_can_be_said_makes_a_difference(
    edits: tuple[tuple[str, str], ...], catalogue: Catalogue
) -> None:
    platform = everything(*edits)
    assert ignored(dict.fromkeys(platform.environments, platform), catalogue) == []


@pytest.mark.parametrize("name", [path.stem for path in platforms_in(ROOT)])
def test_whatever_a_shipped_platform_says_makes_a_difference(
    name: str, catalogue: Catalogue
) -> None:
    path = next(path for path in platforms_in(ROOT) if path.stem == name)
    names = load_platform(path, catalogue=catalogue).environments
    # The environment that is most like what is meant first: what differs there is seen at once.
    platforms = {
        one: load_platform(path, environment=one, catalogue=catalogue) for one in reversed([*names])
    }
    assert ignored(platforms, catalogue, most=12) == []


def test_the_platform_that_says_everything_leaves_no_key_out() -> None:
    said = set()
    for platform in (everything(), everything(CLUSTER)):
        said |= {key for spot in spots(platform) for key in spot.keys}
    assert sorted(keys_of_language() - said) == []


def test_every_section_has_somebody_who_reads_it() -> None:
    shape = shape_of(Platform)
    assert isinstance(shape, Record)
    keys = [part.key for part in shape.parts]
    assert sorted([*SECTIONS, *PROVISIONED, *JUDGED]) == sorted(keys)


def test_a_section_that_nobody_reads_is_found_by_name(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SECTIONS, "cost", lambda _: iter(()))
    platform = everything()
    assert ignored({"prod": platform}, catalogue) == [
        *(
            f"environments.local.{key}"
            for key in ("paging", "stand-ins", "log-level", "prometheus")
        ),
        "cost.limit",
        "cost.warn-at",
        "cost.tell[0]",
    ]
