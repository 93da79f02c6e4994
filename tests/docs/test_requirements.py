"""What the five systems ask, and whether platform files say it: key by key, figure by figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from belfry.requirements import (
    WRITTEN,
    Line,
    VanishedError,
    load_requirements,
    page,
    platform_finder,
    value_at,
)

REQUIREMENTS = load_requirements()
PITCHEY = platform_finder("pitchey")
BOULDER_FEST = platform_finder("boulder-fest")
MARKETPLACE = platform_finder("marketplace")


@pytest.mark.parametrize("number", REQUIREMENTS.systems)
def test_every_key_that_is_named_prints_the_figure_that_is_asked(number: str) -> None:
    system = REQUIREMENTS.systems[number]
    find = platform_finder(system.platform)
    wrong = []
    for part, line in system.lines():
        for path, asked in line.keys.items():
            try:
                said = value_at(find, path)
            except VanishedError as gone:
                wrong.append(f"{part}: {line.says}: {gone}")
                continue
            if said != asked:
                wrong.append(f"{part}: {line.says}: {path} says {said}, not {asked}")
    assert wrong == []


def test_every_line_is_said_by_a_key_or_met_elsewhere() -> None:
    silent = [
        (number, part, line.says)
        for number, system in REQUIREMENTS.systems.items()
        for part, line in system.lines()
        if not line.keys and not line.elsewhere
    ]
    assert silent == []


def test_no_line_of_a_system_stands_there_twice() -> None:
    for system in REQUIREMENTS.systems.values():
        asked = [(part, line.says) for part, line in system.lines()]
        assert len(set(asked)) == len(asked)


def test_the_page_is_what_make_docs_writes() -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page(REQUIREMENTS), "run make docs"


def test_the_page_shows_what_is_met_elsewhere_and_keeps_its_columns() -> None:
    system = REQUIREMENTS.systems["1"]
    line = Line(says="this | that", keys={"team": "operations"}, elsewhere="runbooks/")
    asked = replace(REQUIREMENTS, systems={"1": replace(system, parts={"all": (line, line)})})
    rows = page(asked).splitlines()[-2:]
    assert rows == [
        r"| all | this \| that | `team: operations`<br>runbooks/ |",
        r"|  | this \| that | `team: operations`<br>runbooks/ |",
    ]


def test_a_path_leads_through_lists_kinds_and_names_with_dots() -> None:
    assert value_at(PITCHEY, "severities.P0.escalate[0].after") == "15m"
    assert value_at(PITCHEY, "channels.mail.email.to") == "on-call@pitchey.example"
    assert value_at(PITCHEY, "rules.server.set.HighResponseTime.above") == "2s"
    path = "checks.tickets-health.http.expect.json.services.database.status"
    assert value_at(BOULDER_FEST, path) == "is healthy"


def test_below_an_environment_stands_what_holds_there() -> None:
    assert value_at(MARKETPLACE, "server.on") == "docker"
    assert value_at(MARKETPLACE, "environments.prod.server.on") == "docker"
    assert value_at(MARKETPLACE, "environments.cluster.server.on") == "kubernetes"
    assert value_at(MARKETPLACE, "environments.cluster.paging") == "shadow"


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("severities.P9.answer", "there is no P9, but P0, P1, P2, P3"),
        ("severities.P0.answers", "there is no answers"),
        ("severities.P0.escalate[7].after", "there are 2 before [7]"),
        ("severities.P0", "a table stands there"),
        ("channels.mail.slack.webhook", "there is no slack"),
        ("checks.frontend.down", "there is no down"),
        ("services.api.bucket", "nothing stands there"),
    ],
)
def test_a_path_to_nothing_says_where_it_ends(path: str, gone: str) -> None:
    with pytest.raises(VanishedError) as raised:
        value_at(PITCHEY, path)
    assert str(raised.value) == f"{path}: {gone}"
