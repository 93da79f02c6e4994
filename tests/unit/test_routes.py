"""Who hears of what: the tree of routes against a reading of the platform file of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.arguments import Pager
from belfry.language.maintenance import Window
from belfry.language.people import Contact, Hours, People, Rotation, Team
from belfry.language.routing import GroupBy, Inhibit, Route, Routing
from belfry.language.services import Kind
from belfry.language.severities import Escalation
from belfry.loading import load_platform
from belfry.problems import Problems
from belfry.routes import alert_labels, routes_of, trace
from belfry.routes.answers import Why, when_of
from belfry.routes.asking import worst
from belfry.routes.cases import MOST
from belfry.routes.inhibition import chain
from belfry.routes.people import on_call
from belfry.routes.proofs import proofs
from belfry.routes.tree import all_leaves, leaves, passed
from belfry.values.clock import TimeOfDay, TimeSpan
from belfry.values.date import Date, Holiday
from belfry.values.duration import Duration
from belfry.values.moment import Moment
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone
from tests.unit.shop import ROOT, ReadsShop

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from belfry.routes.answers import Answer

NOON = dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC)
"""A Tuesday, noon in New York."""
CHRISTMAS = dt.datetime(2026, 12, 25, 17, tzinfo=dt.UTC)
NIGHT = dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC)


def hours(days: str, between: str, holidays: str | None = None) -> Hours:
    return Hours(
        days=Weekdays.parse(days),
        between=TimeSpan.parse(between),
        zone=Zone.parse("America/New_York"),
        holidays=holidays,
    )


PEOPLE = People(
    contacts={name: Contact(mail=f"{name}@shop.example") for name in ("ann", "ben", "eve")},
    teams={"shop": Team(members=("ann", "ben"))},
    rotations={
        "on-call": Rotation(
            members=("ann", "ben", "eve"),
            since=Date.parse("2026-01-05"),
            zone=Zone.parse("America/New_York"),
        )
    },
    hours={
        "day": hours("Mon–Fri", "09:00–17:00", "public"),
        "late": hours("daily", "15:00–01:00"),
        "weekend": hours("Sat, Sun", "00:00–24:00"),
        "noon": hours("Mon–Fri", "12:00–16:00"),
    },
    holidays={"public": (Holiday.parse("12-25"),)},
)


@pytest.fixture(scope="session")
def shop_of_three(shop: ReadsShop) -> Platform:
    """The shop with three channels, three severities, people and hours."""
    base = shop()
    slack = base.channels["slack"]
    severity = base.severities["P0"]
    return replace(
        base,
        channels=dict.fromkeys(("a", "b", "c", "d"), slack),
        people=PEOPLE,
        severities={
            "P0": replace(severity, channels=("a", "b")),
            "P1": replace(severity, rank=1, channels=("b",)),
            "P2": replace(severity, rank=2, channels=("c",), hours="day"),
        },
    )


def labels(platform: Platform, service: str, severity: str, **more: str) -> dict[str, str]:
    known = platform.services.get(service)
    return {
        "alertname": "Fails",
        "rule": "Fails",
        "platform": platform.platform,
        "environment": "prod",
        "service": service,
        "kind": str(known.is_) if known else "",
        "severity": severity,
        "rank": str(platform.severities[severity].rank) if severity in platform.severities else "",
        "set": "all",
        "trouble": "down",
        "team": platform.team,
        **more,
    }


def routed(platform: Platform, **routes: Route) -> Platform:
    return replace(platform, routing=replace(platform.routing, routes=routes))


def names(answer: Answer) -> list[str]:
    return [one.to.name for one in answer.told]


def test_a_severity_tells_its_channels(shop_of_three: Platform) -> None:
    routes = routes_of(shop_of_three, "prod")
    for severity, told in (("P0", ["a", "b"]), ("P1", ["b"]), ("P2", ["c"])):
        assert names(trace(routes, labels(shop_of_three, "api", severity))) == told


def test_a_route_adds_channels_and_each_hears_once(shop_of_three: Platform) -> None:
    platform = routed(shop_of_three, more=Route(severities=("P0",), channels=("b", "c")))
    routes = routes_of(platform, "prod")
    assert names(trace(routes, labels(platform, "api", "P0"))) == ["a", "b", "c"]
    assert names(trace(routes, labels(platform, "api", "P1"))) == ["b"]


def test_a_route_stands_instead_of_the_severity_but_not_of_other_routes(
    shop_of_three: Platform,
) -> None:
    platform = routed(
        shop_of_three,
        more=Route(channels=("d",)),
        only=Route(services=("database",), channels=("c",), instead=True),
    )
    routes = routes_of(platform, "prod")
    assert names(trace(routes, labels(platform, "database", "P0"))) == ["d", "c"]
    assert names(trace(routes, labels(platform, "api", "P0"))) == ["a", "b", "d"]


def test_what_is_told_in_working_hours_waits_for_them(shop_of_three: Platform) -> None:
    routes = routes_of(shop_of_three, "prod")
    alert = labels(shop_of_three, "api", "P2")
    (noon,) = trace(routes, alert, at=NOON).told
    assert (noon.at, noon.held) == (NOON, ())
    (night,) = trace(routes, alert, at=NIGHT).told
    assert night.at == dt.datetime(2026, 11, 25, 14, tzinfo=dt.UTC)
    assert night.held == (
        "outside of day hours (Mon–Fri 09:00–17:00 America/New_York, without public holidays)",
    )
    (christmas,) = trace(routes, alert, at=CHRISTMAS).told
    assert christmas.at == dt.datetime(2026, 12, 28, 14, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("pager", "minutes"), [(Pager.WORKER, 15), (Pager.PROMETHEUS, 0), (Pager.GRAFANA, 0)]
)
def test_escalation_that_hours_hold_back_counts_from_when_they_begin(
    shop_of_three: Platform, pager: Pager, minutes: int
) -> None:
    severity = shop_of_three.severities["P2"]
    escalating = replace(severity, escalate=(Escalation(after=Duration.of(900), to=("ann",)),))
    prod = replace(shop_of_three.environments["prod"], paging=pager)
    platform = replace(
        shop_of_three,
        severities={**shop_of_three.severities, "P2": escalating},
        environments={**shop_of_three.environments, "prod": prod},
    )
    alert = labels(platform, "api", "P2")
    first, second = trace(routes_of(platform, "prod"), alert, at=NIGHT).told
    nine = dt.datetime(2026, 11, 25, 14, tzinfo=dt.UTC)
    assert first.at == nine
    assert second.at == nine + dt.timedelta(minutes=minutes)
    assert second.due == NIGHT + dt.timedelta(minutes=15)


def test_escalation_is_told_when_it_lasts(shop_of_three: Platform) -> None:
    steps = (
        Escalation(after=Duration.of(0), to=("ann",)),
        Escalation(after=Duration.of(900), to=("on-call", "d")),
        Escalation(after=Duration.of(1800), to=("shop",)),
    )
    severities = shop_of_three.severities
    platform = replace(
        shop_of_three,
        severities={**severities, "P0": replace(severities["P0"], escalate=steps)},
        routing=Routing(wait=Duration.of(30)),
    )
    answer = trace(routes_of(platform, "prod"), labels(platform, "api", "P0"), at=NOON)
    assert [(one.to.name, one.after) for one in answer.told] == [
        ("a", 30), ("b", 30), ("ann", 30), ("on-call", 900), ("d", 900), ("shop", 1800),
    ]  # fmt: skip
    assert [one.at for one in answer.told[-2:]] == [
        NOON + dt.timedelta(minutes=15),
        NOON + dt.timedelta(minutes=30),
    ]
    assert answer.told[-1].to.contacts == ("ann", "ben")


def test_two_branches_side_by_side_never_share_a_receiver(shop_of_three: Platform) -> None:
    """Alertmanager would take what the second says for what the first has said already."""
    again = (Escalation(after=Duration.of(900), to=("a", "b")),)
    severities = shop_of_three.severities
    platform = replace(
        shop_of_three,
        severities={**severities, "P0": replace(severities["P0"], escalate=again)},
    )
    routes = routes_of(platform, "prod")
    found = passed(routes.root, labels(platform, "api", "P0"))
    assert found is not None
    assert [end.receiver for end in leaves(found)] == ["a+b", "a+b after 15m"]


def test_maintenance_keeps_quiet_what_it_is_about_and_all_that_needs_it(
    shop_of_three: Platform,
) -> None:
    window = Window(
        title="An upgrade",
        services=("database",),
        from_=Moment.parse("2026-11-24 11:00"),
        to=Moment.parse("2026-11-24 13:30"),
        zone=Zone.parse("America/New_York"),
    )
    services = shop_of_three.services
    platform = replace(
        shop_of_three,
        services={**services, "other": replace(services["database"], needs=())},
        maintenance={"upgrade": window},
    )
    routes = routes_of(platform, "prod")
    over = dt.datetime(2026, 11, 24, 18, 30, tzinfo=dt.UTC)
    for service, told in (("database", over), ("api", over), ("other", NOON)):
        answer = trace(routes, labels(platform, service, "P1"), at=NOON)
        assert [one.at for one in answer.told] == [told]
    assert trace(routes, labels(platform, "api", "P1"), at=NOON).told[0].held == (
        "maintenance upgrade (An upgrade)",
    )


def test_a_misspelt_severity_is_told_by_default_and_says_so(shop_of_three: Platform) -> None:
    routes = routes_of(shop_of_three, "prod")
    answer = trace(routes, labels(shop_of_three, "api", "pgae"))
    assert answer.is_unrouted
    assert answer.reasons[0].says == "its severity is pgae, which the platform has not"
    assert names(answer) == ["a", "b"]
    foreign = trace(routes, labels(shop_of_three, "api", "P0", environment="staging"))
    assert foreign.reasons[0].says == "its environment is staging, and not prod"


def test_the_sign_of_life_wakes_nobody(shop_of_three: Platform) -> None:
    routes = routes_of(shop_of_three, "prod")
    answer = trace(routes, labels(shop_of_three, "api", "P0", alertname="Watchdog"))
    assert answer.told == ()
    assert [one.why for one in answer.reasons] == [Why.HEARTBEAT]


def test_in_a_shadow_nobody_is_told(shop_of_three: Platform) -> None:
    prod = replace(shop_of_three.environments["prod"], paging=Pager.SHADOW)
    platform = replace(shop_of_three, environments={"prod": prod})
    answer = trace(routes_of(platform, "prod"), labels(platform, "api", "P0"))
    assert answer.told == ()
    assert [one.to.name for one in answer.otherwise] == ["a", "b"]
    assert [one.why for one in answer.reasons] == [Why.SHADOW]


def test_an_unknown_environment_is_refused_with_the_nearest(shop_of_three: Platform) -> None:
    with pytest.raises(Problems, match="shop has no environment prd  did you mean prod"):
        routes_of(shop_of_three, "prd")


def test_a_broken_cause_silences_what_needs_it(shop_of_three: Platform) -> None:
    routes = routes_of(shop_of_three, "prod")
    down = labels(shop_of_three, "database", "P0", alertname="DatabaseDown")
    victim = labels(shop_of_three, "api", "P0")
    answer = trace(routes, victim, firing=(down,))
    assert answer.told == ()
    assert [one.says for one in answer.reasons] == [
        "DatabaseDown (P0) says that database is down, which takes api along (api → database)"
    ]
    for firing, alert in (
        (victim, down),  # the cause itself is said
        ({**down, "trouble": "degraded"}, victim),
        (down, {**victim, "trouble": "ahead"}),  # a certificate's end is not explained by it
        ({**down, "environment": "local"}, victim),
        ({**down, "severity": "P1", "rank": "1"}, victim),  # nobody would be woken at all
    ):
        assert trace(routes, alert, firing=(firing,)).told


def test_a_worse_alert_about_the_same_service_says_enough(shop_of_three: Platform) -> None:
    routes = routes_of(shop_of_three, "prod")
    worse, milder = (labels(shop_of_three, "api", severity) for severity in ("P0", "P1"))
    answer = trace(routes, milder, firing=(worse,))
    assert [one.says for one in answer.reasons] == [
        "Fails (P0) about api fires too, which is worse and says enough"
    ]
    assert trace(routes, worse, firing=(milder,)).told
    other = labels(shop_of_three, "database", "P0", trouble="degraded")
    assert trace(routes, milder, firing=(other,)).told


def test_grafana_keeps_nothing_back_and_the_answer_says_so(shop_of_three: Platform) -> None:
    prod = replace(shop_of_three.environments["prod"], paging=Pager.GRAFANA)
    platform = replace(shop_of_three, environments={"prod": prod})
    down = labels(platform, "database", "P0", alertname="DatabaseDown")
    answer = trace(routes_of(platform, "prod"), labels(platform, "api", "P0"), firing=(down,))
    assert names(answer) == ["a", "b"]
    assert [(one.why, one.says) for one in answer.reasons] == [
        (
            Why.NOT_INHIBITED,
            (
                "Grafana, which pages here, knows no inhibition, though DatabaseDown (P0) says "
                "that database is down, which takes api along (api → database)"
            ),
        )
    ]


def test_what_waits_for_the_morning_silences_nothing_that_does_not(
    shop_of_three: Platform,
) -> None:
    severities = shop_of_three.severities
    worse = replace(severities["P0"], hours="day")
    platform = replace(shop_of_three, severities={**severities, "P0": worse})
    routes = routes_of(platform, "prod")
    source, target = (labels(platform, "api", severity) for severity in ("P0", "P1"))
    assert trace(routes, target, firing=(source,)).told
    assert not trace(routes, labels(platform, "api", "P2"), firing=(source,)).told


def test_inhibition_can_be_turned_off(shop_of_three: Platform) -> None:
    off = Routing(inhibit=Inhibit(by_needs=False, by_rank=False))
    assert routes_of(replace(shop_of_three, routing=off), "prod").inhibitions == ()


def test_no_alert_is_both_source_and_target_of_an_inhibition(shop_of_three: Platform) -> None:
    """Alertmanager looks at one source for each set of equal labels, and leaves out such ones."""
    routes = routes_of(shop_of_three, "prod")
    for service in shop_of_three.services:
        for severity in shop_of_three.severities:
            for trouble in ("down", "degraded", "ahead"):
                alert = labels(shop_of_three, service, severity, trouble=trouble)
                assert not any(one.silences(alert, alert) for one in routes.inhibitions)


def test_a_chain_of_needs_is_told_the_shortest_way() -> None:
    needs = {"web": ("api", "auth"), "api": ("auth",), "auth": ("database",), "database": ()}
    assert chain(needs, "web", "database") == ("web", "auth", "database")
    assert chain(needs, "database", "web") == ()


def test_groups_have_their_labels_once(shop_of_three: Platform) -> None:
    routing = Routing(group_by=(GroupBy.CAUSE, GroupBy.SERVICE, GroupBy.RULE))
    routes = routes_of(replace(shop_of_three, routing=routing), "prod")
    assert routes.group_by == ("platform", "environment", "service", "rule")


def test_routes_that_overlap_in_too_many_ways_are_refused(shop_of_three: Platform) -> None:
    many = {
        f"r{i}": Route(kinds=(Kind.HTTP_API, list(Kind)[i + 4]), channels=("a",)) for i in range(9)
    }
    with pytest.raises(Problems, match=f"more than {MOST} sets of routes") as found:
        routes_of(routed(shop_of_three, **many), "prod")
    assert found.value.problems[0].path == ("routing", "routes", "r8")


def test_routes_that_exclude_each_other_make_no_cases(shop_of_three: Platform) -> None:
    service = shop_of_three.services["api"]
    many = [f"s{i}" for i in range(60)]
    platform = replace(shop_of_three, services=dict.fromkeys(many, service))
    found = {name: Route(services=(name,), channels=("d",)) for name in many}
    routes = routes_of(routed(platform, **found), "prod")
    assert sum(1 for _ in all_leaves(routes.root)) == 1 + 3 * (60 + 1)


TURNS = [
    ("2026-01-05T13:59", "ann"),  # before the first turn: the first one already
    ("2026-01-05T14:00", "ann"),
    ("2026-01-12T13:59", "ann"),
    ("2026-01-12T14:00", "ben"),
    ("2026-01-26T13:59", "eve"),
    ("2026-01-26T14:00", "ann"),
    ("2026-03-09T12:59", "eve"),  # the clocks have gone forward: nine o'clock is 13:00 UTC
    ("2026-03-09T13:00", "ann"),
]


@pytest.mark.parametrize(("moment", "who"), TURNS)
def test_turns_change_on_the_clocks_of_their_zone(moment: str, who: str) -> None:
    at = dt.datetime.fromisoformat(f"{moment}+00:00")
    assert on_call(PEOPLE.rotations["on-call"], at) == who


@pytest.mark.parametrize("name", ["pitchey", "boulder-fest", "marketplace", "example"])
def test_every_alert_of_a_shipped_platform_is_told_to_somebody(
    name: str, catalogue: Catalogue
) -> None:
    path = ROOT / "platforms" / f"{name}.yaml"
    for environment in load_platform(path, catalogue=catalogue).environments:
        platform = load_platform(path, environment=environment, catalogue=catalogue)
        routes = routes_of(platform, environment)
        found = alert_labels(platform, environment, catalogue)
        assert found
        assert proofs(platform, routes, found) == ()
        for one in found:
            answer = trace(routes, one)
            assert not answer.is_unrouted
            assert answer.told or answer.otherwise or one["alertname"] == "Watchdog"


# What the file means, read a second time without a tree.

SERVICES = ("api", "database")
CHANNELS = ("a", "b", "c", "d")
SETS = ("all", "other")
ROUTES = st.builds(
    Route,
    severities=st.lists(st.sampled_from(("P0", "P1", "P2")), max_size=2, unique=True).map(tuple),
    services=st.lists(st.sampled_from(SERVICES), max_size=1).map(tuple),
    kinds=st.lists(st.sampled_from((Kind.HTTP_API, Kind.POSTGRES)), max_size=2, unique=True).map(
        tuple
    ),
    sets=st.lists(st.sampled_from(SETS), max_size=1).map(tuple),
    channels=st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3, unique=True).map(tuple),
    instead=st.booleans(),
    hours=st.none() | st.sampled_from(("day", "late", "weekend", "noon")),
)
MOMENTS = st.datetimes(dt.datetime(2026, 12, 18), dt.datetime(2027, 1, 4)).map(
    lambda moment: moment.replace(tzinfo=dt.UTC)
)


def is_in(name: str, moment: dt.datetime) -> bool:
    wall = moment.astimezone(ZoneInfo("America/New_York"))
    match name:
        case "day":
            return wall.weekday() < 5 and 9 <= wall.hour < 17 and f"{wall:%m-%d}" != "12-25"
        case "late":
            return wall.hour >= 15 or wall.hour < 1
        case "noon":
            return wall.weekday() < 5 and 12 <= wall.hour < 16
        case _:
            return wall.weekday() > 4


def heard(platform: Platform, alert: Mapping[str, str], moment: dt.datetime) -> list[str]:
    severity = platform.severities[alert["severity"]]
    if severity.hours and not is_in(severity.hours, moment):
        return []
    matching = [
        one
        for one in platform.routing.routes.values()
        if (not one.severities or alert["severity"] in one.severities)
        and (not one.services or alert["service"] in one.services)
        and (not one.kinds or alert["kind"] in one.kinds)
        and (not one.sets or alert["set"] in one.sets)
        and (one.hours is None or is_in(one.hours, moment))
    ]
    told = {name for one in matching for name in one.channels}
    if not any(one.instead for one in matching):
        told.update(severity.channels)
    return sorted(told)


@given(st.lists(ROUTES, max_size=4), st.data())
def test_at_every_moment_each_channel_that_should_hear_hears_once(
    shop_of_three: Platform, found: Sequence[Route], data: st.DataObject
) -> None:
    platform = routed(shop_of_three, **{f"r{i}": one for i, one in enumerate(found)})
    routes = routes_of(platform, "prod")
    for moment in data.draw(st.lists(MOMENTS, min_size=3, max_size=3)):
        for severity in platform.severities:
            for service in SERVICES:
                for of in SETS:
                    alert = labels(platform, service, severity, set=of)
                    path = passed(routes.root, alert)
                    assert path is not None
                    now = [
                        one.name
                        for end in leaves(path)
                        if not when_of(routes, end).holding(moment)
                        for one in routes.receivers[end.receiver].to
                    ]
                    assert sorted(now) == heard(platform, alert, moment)


def test_where_two_routes_stand_instead_at_once_a_third_ones_channel_hears_once(
    shop_of_three: Platform,
) -> None:
    platform = routed(
        shop_of_three,
        by_day=Route(channels=("d",), instead=True, hours="day"),
        late=Route(channels=("d",), instead=True, hours="late"),
        at_noon=Route(channels=("a",), hours="noon"),
    )
    routes = routes_of(platform, "prod")
    alert = labels(platform, "api", "P0")
    path = passed(routes.root, alert)
    assert path is not None
    for clock in ("11:30", "12:30", "15:30", "16:30", "20:00", "02:00"):
        moment = dt.datetime.fromisoformat(f"2026-12-22T{clock}-05:00")
        now = [
            one.name
            for end in leaves(path)
            if not when_of(routes, end).holding(moment)
            for one in routes.receivers[end.receiver].to
        ]
        assert sorted(now) == heard(platform, alert, moment), clock


def test_a_channel_that_hears_at_any_time_has_one_branch(shop_of_three: Platform) -> None:
    """With two, it would hear again of what goes on while one ends and the other begins."""
    by_day = Route(channels=("a", "d"), instead=True, hours="day")
    platform = routed(shop_of_three, by_day=by_day)
    told = trace(routes_of(platform, "prod"), labels(platform, "api", "P0")).told
    assert [one.to.name for one in told].count("a") == 1


def test_of_alerts_that_may_fire_the_one_that_says_most_is_meant() -> None:
    found = [
        {"rule": "Slow", "trouble": "degraded", "rank": "0"},
        {"rule": "Down", "trouble": "down", "rank": "2"},
        {"rule": "Dead", "trouble": "down", "rank": "1"},
        {"rule": "Made", "trouble": "down"},
    ]
    assert worst(found)["rule"] == "Dead"


def test_handover_is_said_on_the_minute() -> None:
    rotation = replace(PEOPLE.rotations["on-call"], handover=TimeOfDay.parse("09:30"))
    before = dt.datetime(2026, 1, 12, 14, 29, tzinfo=dt.UTC)
    assert on_call(rotation, before) == "ann"
    assert on_call(rotation, before + dt.timedelta(minutes=1)) == "ben"
