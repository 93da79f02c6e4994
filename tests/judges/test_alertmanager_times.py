"""Times that are rendered for Alertmanager, read a second time as it reads them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from belfry.alertmanager import render_alertmanager
from tests.judges.paged import paged_by_prometheus, shipped
from tests.unit.test_routes_times import are_at_work

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def contains(interval: Mapping[str, Any], moment: dt.datetime) -> bool:
    """Read an interval as `timeinterval.TimeInterval.ContainsTime` does, without Belfry."""
    wall = moment.astimezone(ZoneInfo(interval.get("location", "UTC")))
    clock = f"{wall:%H:%M}"

    def among(key: str, number: int, names: Sequence[str] = ()) -> bool:
        if key not in interval:
            return True
        for span in interval[key]:
            ends = [names.index(end) if end in names else int(end) for end in span.split(":")]
            if ends[0] <= number <= ends[-1]:
                return True
        return False

    days = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
    times = interval.get("times", [{"start_time": "00:00", "end_time": "24:00"}])
    return (
        any(one["start_time"] <= clock < one["end_time"] for one in times)
        and among("weekdays", (wall.weekday() + 1) % 7, days)
        and among("days_of_month", wall.day)
        and among("months", wall.month)
        and among("years", wall.year)
    )


def moments() -> Iterable[dt.datetime]:
    """Give every quarter of an hour around holidays and changes of clocks, and some between."""
    for day in (
        "2026-03-08", "2026-03-29", "2026-07-04", "2026-10-25", "2026-11-01", "2026-11-26",
        "2026-12-25", "2027-01-01", "2027-03-26", "2027-05-14", "2028-02-29",
    ):  # fmt: skip
        first = dt.datetime.fromisoformat(f"{day}T00:00+00:00") - dt.timedelta(days=1)
        for quarter in range(3 * 96):
            yield first + dt.timedelta(minutes=15 * quarter + quarter % 2)


@pytest.mark.parametrize("name", ["pitchey", "boulder-fest", "marketplace"])
def test_working_hours_are_rendered_as_people_mean_them(name: str) -> None:
    platform = paged_by_prometheus(shipped(name, "prod"))
    config = yaml.safe_load(render_alertmanager(platform, "prod")["alertmanager.yml"])
    rendered = {one["name"]: one["time_intervals"] for one in config["time_intervals"]}
    asked = 0
    for hours, said in platform.people.hours.items():
        holidays = platform.people.holidays[said.holidays or ""]
        for moment in moments():
            muted = any(contains(one, moment) for one in rendered[f"outside/{hours}"])
            assert muted is not are_at_work(said, holidays, moment)
            asked += 1
    assert asked > 1_000


def test_a_window_is_rendered_on_the_clocks_of_its_zone() -> None:
    platform = paged_by_prometheus(shipped("pitchey", "prod"))
    config = yaml.safe_load(render_alertmanager(platform, "prod")["alertmanager.yml"])
    (window,) = (
        one["time_intervals"]
        for one in config["time_intervals"]
        if one["name"] == "maintenance/database-upkeep"
    )
    for day in ("2026-10-25", "2026-11-01", "2026-11-08", "2026-03-08", "2026-11-02"):
        for minutes in range(1440):
            moment = dt.datetime.fromisoformat(f"{day}T00:00+00:00") + dt.timedelta(minutes=minutes)
            wall = moment.astimezone(ZoneInfo("America/New_York"))
            inside = wall.weekday() == 6 and wall.hour == 4 and wall.minute < 30
            assert any(contains(one, moment) for one in window) is inside
