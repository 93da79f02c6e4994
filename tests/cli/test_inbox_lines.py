"""`belfry inbox` shows one line of each message, whatever its channel was sent."""

from __future__ import annotations

import json

import pytest

from cli.prove import first_line
from tests.unit.shop import ROOT

GOLDEN = ROOT / "tests" / "golden" / "messages"
LINE = "[P0] database: Postgres refuses connections (pitchey, prod)"


@pytest.mark.parametrize("channel", ["slack", "pagerduty", "discord", "teams", "webhook"])
def test_the_line_is_the_headline_as_a_person_reads_it(channel: str) -> None:
    text = (GOLDEN / "opened-with-everything" / f"{channel}.json").read_text(encoding="utf-8")
    assert first_line({"payload": json.loads(text)}) == LINE


@pytest.mark.parametrize(
    ("case", "does"), [("acknowledged", "acknowledge"), ("recovered", "resolve")]
)
def test_pagerduty_s_answers_name_their_incident(case: str, does: str) -> None:
    text = (GOLDEN / case / "pagerduty.json").read_text(encoding="utf-8")
    assert first_line({"payload": json.loads(text)}) == f"{does} pitchey-prod-database-tfvb4c-3"
