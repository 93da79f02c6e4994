"""An environment becomes one stack: complete, named apart, the same bytes each time."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfry.arguments import Dashboard, Secret, Stack
from belfry.compile import Target, compile_stack, stand_ins, worker_url
from belfry.language.checks import Check, HttpCheck
from belfry.language.services import Kind, Service
from belfry.problems import Problems
from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.catalogue import Catalogue
    from belfry.language.platform import Platform
    from tests.unit.shop import Compiles, ReadsShop
from tests.unit.platforms import chain_of

ENVIRONMENTS = ["local", "staging", "prod"]


def configuration(stack: Stack) -> Any:
    return json.loads(stack.worker.configuration)


def names(stack: Stack) -> set[str]:
    """Everything that is named in an account or organisation that environments share."""
    return {
        *(check.name for check in stack.health_checks),
        *(one.name for one in stack.notifications.destinations),
        *(one.name for one in stack.notifications.policies),
        stack.worker.script,
        stack.worker.namespace,
        stack.worker.bucket,
        stack.worker.queue,
        stack.grafana.folder.uid,
        stack.grafana.folder.title,
        *chain.from_iterable((one.uid, one.name) for one in stack.grafana.data_sources),
        *(one.name for one in stack.grafana.contact_points),
        *(rule.uid for group in stack.grafana.rule_groups for rule in group.rules),
    }


def test_two_environments_of_a_platform_share_no_name(
    pitchey: Platform, compiled: Compiles
) -> None:
    stacks = [names(compiled(pitchey, environment)) for environment in ENVIRONMENTS]
    assert len(set.union(*stacks)) == sum(map(len, stacks))


def test_the_same_platform_gives_the_same_stack(pitchey: Platform, compiled: Compiles) -> None:
    assert compiled(pitchey, "prod") == compiled(pitchey, "prod")


def test_a_changed_threshold_changes_only_what_carries_it(
    shop: ReadsShop, compiled: Compiles
) -> None:
    edit = ("HighResponseTime]}", "HighResponseTime], set: {HighResponseTime: {above: 3s}}}")
    before, after = compiled(shop(), "prod"), compiled(shop(edit), "prod")
    assert after.worker.configuration != before.worker.configuration
    assert after.grafana.rule_groups != before.grafana.rule_groups
    same = replace(
        after,
        worker=replace(after.worker, configuration=before.worker.configuration),
        grafana=replace(after.grafana, rule_groups=before.grafana.rule_groups),
    )
    assert same == before


def test_a_check_that_asks_its_own_service_is_a_health_check_too(
    pitchey: Platform, compiled: Compiles
) -> None:
    stack = compiled(pitchey, "prod")
    assert [check.name for check in stack.health_checks] == [
        "pitchey-prod-api-health",
        "pitchey-prod-auth-health",
        "pitchey-prod-pitches-health",
        "pitchey-prod-frontend",
    ]
    api = stack.health_checks[0]
    assert (api.scheme, api.address, api.port, api.path) == (
        "HTTPS",
        "api.pitchey.example",
        443,
        "/api/health",
    )
    assert api.regions
    assert api.expected_codes == ("200",)
    assert stack.notifications.policies[0].health_checks == tuple(
        check.name for check in stack.health_checks
    )


def test_a_url_with_port_and_path_keeps_them(shop: ReadsShop, compiled: Compiles) -> None:
    stack = compiled(shop(("https://api.${domain}", "http://${domain}:8080/v1/")), "prod")
    (check,) = stack.health_checks
    assert (check.scheme, check.address, check.port, check.path) == (
        "HTTP",
        "shop.example",
        8080,
        "/v1/health",
    )
    assert configuration(stack)["checks"][0]["url"] == "http://shop.example:8080/v1/health"


def test_a_query_is_asked_for_with_its_path(shop: ReadsShop, compiled: Compiles) -> None:
    platform = shop(("path: /health}", "path: '/health?full=1&deep=2'}"))
    stack = compiled(platform, "prod")
    (check,) = stack.health_checks
    assert (check.address, check.path) == ("api.shop.example", "/health?full=1&deep=2")
    url = configuration(stack)["checks"][0]["url"]
    assert url == "https://api.shop.example/health?full=1&deep=2"


def test_a_stand_in_tells_of_others_on_a_path_without_its_query(shop: ReadsShop) -> None:
    platform = shop(("path: /health/db}", "path: '/health/db?full=1'}"))
    (api, _) = stand_ins(platform)
    assert api.components == (("/health/db", "database"),)


def test_on_this_machine_everything_is_on_loopback(pitchey: Platform, compiled: Compiles) -> None:
    stack = compiled(pitchey, "local")
    told = configuration(stack)
    assert {check["url"] for check in told["checks"]} == {
        "http://127.0.0.1:8787/services/api/api/health",
        "http://127.0.0.1:8787/services/api/api/auth/health",
        "http://127.0.0.1:8787/services/api/api/pitches/health",
        "http://127.0.0.1:8787/services/frontend/",
        "http://127.0.0.1:8787/services/api/api/health/db",
    }
    assert told["channels"]["pagerduty"]["endpoint"] == (
        "http://127.0.0.1:8787/inbox/pagerduty/pagerduty/v2/enqueue"
    )
    mail = told["channels"]["mail"]
    assert (mail["host"], mail["port"], mail["tls"], mail["user"]) == (
        "127.0.0.1",
        8788,
        "none",
        "mail",
    )
    assert told["channels"]["incident-hook"]["url"] is None
    assert told["channels"]["@first"]["user"] == "@first"
    assert told["channels"]["sms"]["endpoint"] == "http://127.0.0.1:8787/inbox/sms/sms"
    assert told["channels"]["@lead/sms"]["endpoint"] == "http://127.0.0.1:8787/inbox/sms/@lead/sms"
    assert {check.address for check in stack.health_checks} == {"127.0.0.1"}
    assert "pitchey.example" not in json.dumps([told["checks"], told["links"]])


def test_the_stand_ins_know_what_they_need_and_about_whom_they_tell(
    pitchey: Platform, compiled: Compiles
) -> None:
    played = {one.service: one for one in compiled(pitchey, "local").stand_ins}
    assert set(played) == set(pitchey.services)
    assert played["api"].needs == ("database", "cache")
    assert played["api"].components == (("/api/health/db", "database"),)
    assert played["frontend"].page
    assert not played["api"].page
    assert compiled(pitchey, "prod").stand_ins == ()


def test_the_worker_is_reached_where_it_is_deployed(
    pitchey: Platform, compiled: Compiles, target: Target
) -> None:
    prod, local = compiled(pitchey, "prod"), compiled(pitchey, "local")
    assert worker_url(prod, target) == "https://pitchey-monitoring-prod.shop.workers.dev"
    assert worker_url(local, target) == "http://127.0.0.1:8787/workers/pitchey-monitoring-local"
    assert configuration(prod)["links"]["status"] == (
        "https://pitchey-monitoring-prod.shop.workers.dev/monitoring/status"
    )


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ("local", "played on this machine"),
        ("prod", "set belfry:workersSubdomain"),
        ("pord", "did you mean prod?"),
    ],
)
def test_a_target_that_says_too_little_is_a_problem_with_a_remedy(
    pitchey: Platform, catalogue: Catalogue, environment: str, expected: str
) -> None:
    with pytest.raises(Problems) as raised:
        compile_stack(
            pitchey,
            environment=environment,
            catalogue=catalogue,
            worker_code="",
            dashboards=(),
            target=Target(),
        )
    assert expected in str(raised.value)


def test_messages_link_to_the_first_dashboard(
    pitchey: Platform, catalogue: Catalogue, target: Target
) -> None:
    board = Dashboard(uid="overview", title="Overview", model="{}")
    for environment, link in (
        ("prod", "https://grafana.pitchey.example/d/overview"),
        ("local", "http://127.0.0.1:8787/grafana/d/overview"),
    ):
        stack = compile_stack(
            pitchey,
            environment=environment,
            catalogue=catalogue,
            worker_code="",
            dashboards=[board],
            target=target,
        )
        assert configuration(stack)["links"]["dashboard"] == link
        assert stack.grafana.dashboards == (board,)


def test_a_stack_may_say_where_grafana_finds_prometheus(
    pitchey: Platform, catalogue: Catalogue, target: Target
) -> None:
    stack = compile_stack(
        pitchey,
        environment="prod",
        catalogue=catalogue,
        worker_code="",
        dashboards=(),
        target=replace(target, grafana_prometheus="http://prometheus:9090"),
    )
    assert stack.grafana.data_sources[0].url == "http://prometheus:9090"


def secrets_in(value: object) -> Iterator[str]:
    """The names of all secrets anywhere in plain values."""
    if isinstance(value, dict):
        if set(value) == {"name"}:
            yield value["name"]
        for part in value.values():
            yield from secrets_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from secrets_in(part)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_stack_lists_every_secret_that_a_part_of_it_names(
    pitchey: Platform, compiled: Compiles, environment: str
) -> None:
    stack = compiled(pitchey, environment)
    parts = asdict(replace(stack, secrets=(), declared=()))
    assert {Secret(name=name) for name in secrets_in(parts)} == set(stack.secrets)
    listed = [secret.name for secret in stack.secrets]
    assert listed == sorted(set(listed))


def test_grafanas_rules_are_explicit_and_valid(pitchey: Platform, compiled: Compiles) -> None:
    stack = compiled(pitchey, "prod")
    rules = [rule for group in stack.grafana.rule_groups for rule in group.rules]
    assert len({rule.uid for rule in rules}) == len({rule.title for rule in rules}) == len(rules)
    for group in stack.grafana.rule_groups:
        assert group.interval % 10 == 0
        assert group.rules
    for rule in rules:
        assert len(rule.uid) <= 40
        assert rule.uid.replace("-", "").isalnum()
        assert rule.hold % 60 == 0
        assert {"severity", "rank", "service", "rule", "set", "team"} <= {
            key for key, _ in rule.labels
        }
        assert [key for key, _ in rule.annotations] == [
            "description",
            "first_step",
            "runbook_url",
            "seen",
            "summary",
        ]
        assert rule.data_source == stack.grafana.data_sources[0].uid


@st.composite
def platforms(draw: st.DrawFn, base: Platform) -> Platform:
    """Platforms with any number of services, each needing some of the later ones."""
    count = draw(st.integers(1, 12))
    services = {}
    for index in range(count):
        later = range(index + 1, count)
        needs = draw(st.sets(st.sampled_from(later), max_size=3)) if later else ()
        services[f"s{index}"] = Service(
            is_=draw(st.sampled_from(Kind)),
            url=Template.parse("https://x.${domain}"),
            needs=tuple(f"s{needed}" for needed in needs),
        )
    checks = {
        f"c{index}": Check(of=f"s{of}", http=HttpCheck(path="/"))
        for index, of in enumerate(draw(st.lists(st.integers(0, count - 1), max_size=12)))
    }
    return replace(base, services=services, checks=checks)


@given(data=st.data())
def test_every_platform_compiles_and_its_rules_agree_across_backends(
    shop_platform: Platform, compiled: Compiles, data: st.DataObject
) -> None:
    stack = compiled(data.draw(platforms(shop_platform)), "prod")
    told = configuration(stack)
    rules = [rule for group in stack.grafana.rule_groups for rule in group.rules]
    assert [f"{rule['rule']} {rule['service']} ({rule['set']})" for rule in told["rules"]] == [
        rule.title for rule in rules
    ]
    assert len(told["checks"]) == len(stack.health_checks)
    checked = {check["service"] for check in told["checks"]}
    assert {rule["service"] for rule in told["rules"]} <= checked


@pytest.fixture(scope="session")
def shop_platform(shop: ReadsShop) -> Platform:
    return shop()


def test_a_chain_of_thousands_of_services_compiles_without_recursion(
    shop: ReadsShop, compiled: Compiles
) -> None:
    stack = compiled(chain_of(shop(), 5000), "prod")
    assert len(stack.health_checks) == 5000


def test_a_severity_that_no_rule_has_is_declared(shop: ReadsShop, compiled: Compiles) -> None:
    milder = "  P9: {rank: 9, answer: 1h, resolve: 1d, channels: [slack]}\nchannels:\n"
    platform = shop(("channels:\n", milder), environment="prod")
    stack = compiled(platform, "prod")
    assert {rule["severity"] for rule in configuration(stack)["rules"]} == {"P0"}
    parts = [one.part for one in stack.declared if one.part.startswith("severities.")]
    assert parts == ["severities.P9"]
