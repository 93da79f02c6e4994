"""What is rendered for Alertmanager, judged by Alertmanager's own tool."""

from __future__ import annotations

import random
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from belfry import document
from belfry.alertmanager import render_alertmanager
from belfry.alertmanager.matchers import matcher
from belfry.alertmanager.rendering import route
from belfry.language.platform import Platform
from belfry.problems import Problems
from belfry.reader import read
from belfry.routes import alert_labels, routes_of
from belfry.routes.alerts import LABELS
from belfry.routes.matching import Match
from belfry.routes.tree import Node
from belfry.routes.votes import votes_of
from belfry.yaml_text import written
from tests.judges.paged import (
    catalogue,
    is_paged,
    logical,
    modelled,
    paged_by_prometheus,
    shipped,
    sites,
)
from tests.unit.shop import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from belfry.routes import Routes

RANDOM = 1_000
"""Label sets that no rule need produce."""


def lay_out(files: Mapping[str, str], folder: Path) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "alertmanager.yml"


def run(amtool: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [amtool, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def receivers(amtool: Path, config: Path, labels: Mapping[str, str]) -> list[str]:
    """Ask amtool to whom an alert goes."""
    told = [matcher(Match(label=name, values=(value,))) for name, value in labels.items()]
    done = run(amtool, "config", "routes", "test", f"--config.file={config}", *told)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n").split(",")


def told_apart(found: Sequence[Mapping[str, str]], text: str) -> list[Mapping[str, str]]:
    """Keep one of those label sets that no matcher of a configuration can tell apart."""
    named = {
        label: {
            one for told in re.findall(rf"'{label}=~?\"(.*?)\"'", text) for one in told.split("|")
        }
        for label in LABELS
    }

    def seen(labels: Mapping[str, str]) -> tuple[str | None, ...]:
        return tuple(
            labels.get(label) if labels.get(label) in values else None
            for label, values in named.items()
        )

    return list({seen(one): one for one in found}.values())


def agree(amtool: Path, config: Path, routes: Routes, found: Sequence[Mapping[str, str]]) -> None:
    with ThreadPoolExecutor(max_workers=4) as pool:
        told = pool.map(lambda labels: receivers(amtool, config, labels), found)
        for labels, names in zip(found, told, strict=True):
            assert names == modelled(routes, labels), labels


def test_every_configuration_is_taken_and_every_alert_goes_where_the_model_says(
    amtool: Path, tmp_path: Path
) -> None:
    for index, (platform, environment) in enumerate(sites()):
        files = render_alertmanager(platform, environment)
        config = lay_out(files, tmp_path / str(index))
        done = run(amtool, "check-config", str(config))
        assert done.returncode == 0, done.stdout + done.stderr
        assert "level=WARN" not in done.stderr
        found = alert_labels(platform, environment, catalogue())
        routes = logical(platform, environment)
        agree(amtool, config, routes, told_apart(found, files["alertmanager.yml"]))


def random_labels(platform: Platform, environment: str, chance: random.Random) -> dict[str, str]:
    """Make labels that rules could have, nearly have, or never have."""
    values: dict[str, Sequence[str]] = {
        "alertname": ("Fails", "Watchdog", "watchdog", "HighErrorRate"),
        "environment": (environment,) * 8 + ("prd", ""),
        "kind": ("http-api", "postgres", "website", "cloudflare-worker", "postgre", "host"),
        "platform": (platform.platform,) * 8 + ("other",),
        "rank": ("0", "1", "2", "3", "9", ""),
        "service": (*platform.services, "nothing", 'a"b', "a|b", ".*", "", "data", "Database"),
        "set": (*platform.rules, "none", "edge ", "appl.cation"),
        "severity": (
            *platform.severities,
            *platform.severities,
            "pgae",
            "P00",
            "critica",
            "",
            "p0",
        ),
        "team": (platform.team, "", "nobody"),
        "trouble": ("down", "degraded", "ahead", ""),
    }
    labels = {name: chance.choice(among) for name, among in values.items()}
    for name in chance.sample(sorted(labels), k=chance.choice((0, 0, 0, 1, 2))):
        del labels[name]
    return labels


def test_random_alerts_go_where_the_model_says(amtool: Path, tmp_path: Path) -> None:
    chance = random.Random(6)
    paged = [(one, name) for one, name in sites() if is_paged(one, name)]
    for index, (platform, environment) in enumerate(paged):
        config = lay_out(render_alertmanager(platform, environment), tmp_path / str(index))
        found = [
            random_labels(platform, environment, chance) for _ in range(-(-RANDOM // len(paged)))
        ]
        agree(amtool, config, routes_of(platform, environment), found)


@pytest.fixture(scope="session")
def everything() -> Platform:
    """A platform that says each key of the language once; Alertmanager pages in prod."""
    reading = read(Platform, document.load(ROOT / "tests" / "unit" / "everything.yaml"))
    assert not reading.problems
    platform = reading.value
    severities = {
        name: replace(one, channels=tuple(platform.channels))
        for name, one in platform.severities.items()
    }
    return paged_by_prometheus(replace(platform, severities=severities))


def test_every_kind_of_channel_and_window_is_taken(
    amtool: Path, everything: Platform, tmp_path: Path
) -> None:
    config = lay_out(render_alertmanager(everything, "prod"), tmp_path)
    done = run(amtool, "check-config", str(config))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "receivers" in done.stdout


HOSTILE = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12
) | st.sampled_from(
    (
        '"',
        "\\",
        '\\"',
        "a|b",
        "(",
        ".*",
        "{}",
        "}",
        "$1",
        "{{ .X }}",
        "#",
        ": ",
        "'",
        "\n",
        "\u2028",
    )
)


@settings(max_examples=12, deadline=None)
@given(st.lists(HOSTILE, min_size=2, max_size=6, unique=True))
def test_no_value_of_a_label_breaks_the_language_of_matchers(
    amtool: Path, everything: Platform, tmp_path_factory: pytest.TempPathFactory, values: list[str]
) -> None:
    """Each value has a route of its own, and one for it and another; nothing else takes it."""
    alone = [
        Node(name=value, matches=(Match(label="service", values=(value,)),), receiver=f"only-{i}")
        for i, value in enumerate(values)
    ]
    pair = Match(label="service", values=(values[0], values[1]))
    nodes = (
        Node(name="pair", matches=(pair,), receiver="pair", goes_on=True),
        *alone,
    )
    routes = votes_of(everything, "prod")
    names = ("vote", *(str(node.receiver) for node in nodes))
    text = written_tree(replace(routes, root=replace(routes.root, nodes=nodes)), names)
    config = lay_out({"alertmanager.yml": text}, tmp_path_factory.mktemp("hostile"))
    done = run(amtool, "check-config", str(config))
    assert done.returncode == 0, done.stdout + done.stderr
    for i, value in enumerate(values):
        both = ["pair"] if i < 2 else []
        assert receivers(amtool, config, {"service": value}) == [*both, f"only-{i}"]
    assert receivers(amtool, config, {"service": "".join(values) + "x"}) == ["vote"]


def written_tree(routes: Routes, names: Iterable[str]) -> str:
    return written({"route": route(routes.root), "receivers": [{"name": name} for name in names]})


def test_sms_is_refused_where_alertmanager_pages() -> None:
    platform = shipped("pitchey", "prod")
    paged = replace(platform, environments=paged_by_prometheus(platform).environments)
    with pytest.raises(Problems) as found:
        render_alertmanager(paged, "prod")
    (problem,) = found.value.problems
    assert str(problem) == (
        "channels.sms  Alertmanager cannot send SMS, and pages in prod  let the Worker page there "
        "(environments.prod.paging: worker), or name another channel"
    )


def test_no_secret_is_in_the_text_but_its_file(everything: Platform) -> None:
    config = yaml.safe_load(
        render_alertmanager(everything, "prod", secrets="/run/secrets/")["alertmanager.yml"]
    )
    named = {channel.secret.name for channel in everything.channels.values()}
    files = {
        one.removeprefix("/run/secrets/")
        for one in strings(config["receivers"])
        if one.startswith("/run/secrets/")
    }
    assert files == named | {"vote-key", "vote-url"}


def strings(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def test_the_same_platform_gives_the_same_bytes(everything: Platform) -> None:
    assert render_alertmanager(everything, "prod") == render_alertmanager(everything, "prod")


def test_votes_read_the_workers_address_from_a_file() -> None:
    text = render_alertmanager(shipped("example", "prod"), "prod")
    receivers_of_votes = yaml.safe_load(text["alertmanager.yml"])["receivers"]
    webhook = {
        "url_file": "/etc/alertmanager/secrets/vote-url",
        "max_alerts": 500,
        "http_config": {
            "authorization": {"credentials_file": "/etc/alertmanager/secrets/vote-key"}
        },
        "send_resolved": True,
    }
    assert receivers_of_votes == [
        {"name": name, "webhook_configs": [webhook]} for name in ("heartbeat", "vote")
    ]
