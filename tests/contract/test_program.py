"""The whole program as it is shipped, under the recorder: its stacks, and what config may say."""

from __future__ import annotations

import json
import runpy
import shutil
import socket
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pulumi.runtime import set_all_config

from belfry.declared import as_json, declared
from belfry.language.channels import Discord, Email, PagerDuty, Slack, Sms, Teams, Webhook
from belfry.loading import load_platform
from belfry.problems import Problems
from engine.errors import EngineError
from engine.recorder import observe, record
from program.secrets import resolve_secrets
from program.settings import read_settings
from tests.contract.test_components import count_of_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.recorder import Plan, PlannedResource, Recording
    from tests.contract.sdk import Properties

ROOT = Path(__file__).parents[2]
STACKS = ("local", "staging", "prod")
ACCOUNT = "0123456789abcdef" * 2


@pytest.fixture(scope="module", params=STACKS)
def stack(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of its own, whose files a test may change."""
    for name in ("__main__.py", "Pulumi.local.yaml", "Pulumi.prod.yaml", "Pulumi.staging.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("alert_rules", "platforms", "worker/dist"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@cache
def planned(stack: str, *, preview: bool = True) -> Plan:
    return record(ROOT, stack=stack, preview=preview)


def providers_resources(plan: Plan) -> list[PlannedResource]:
    return [one for one in plan.resources if not one.type.startswith(("belfry:", "pulumi:"))]


def by_type(plan: Plan, ending: str) -> list[PlannedResource]:
    return [one for one in plan.resources if one.type.endswith(f":{ending}")]


def test_everything_belongs_to_a_component_and_every_component_is_finished(
    stack: str, *, preview: bool
) -> None:
    plan = planned(stack, preview=preview)
    components = {one.key for one in plan.resources if one.type.startswith("belfry:")}
    assert components
    assert {one.parent for one in providers_resources(plan)} <= components
    assert all(one.outputs for one in plan.resources if one.key in components)


def test_a_plan_tells_what_the_platform_declares_and_nothing_provisions_yet() -> None:
    platform = load_platform(ROOT / "platforms" / "pitchey.yaml", environment="prod")
    expected = [as_json(one) for one in declared(platform, "prod")]
    assert expected
    told = json.loads(json.dumps(planned("prod").as_json()))["declared"]
    assert told[: len(expected)] == json.loads(json.dumps(expected))
    # Behind it stand the catalogue's rules that are asked for and that nothing measures yet.
    assert all(".use." in one["part"] for one in told[len(expected) :])


def test_a_deployment_exports_nothing_of_what_is_only_declared() -> None:
    names = planned("prod").summary.secrets
    secrets = json.dumps(dict.fromkeys(names, "made up"))
    recording = run_program({**CONFIG, "belfry:secrets": secrets})
    assert set(recording.outputs) == {"platform", "environment", "worker", "dashboards"}


def test_the_sdk_knows_every_property(stack: str, properties: Properties, *, preview: bool) -> None:
    resources = providers_resources(planned(stack, preview=preview))
    assert {one.key: properties.mistakes(one) for one in resources} == {
        one.key: [] for one in resources
    }


def test_after_an_update_nothing_is_unknown() -> None:
    text = json.dumps(planned("local", preview=False).as_json())
    assert '{"unknown": true}' not in text


def test_plans_are_the_same_each_time(stack: str) -> None:
    texts = [json.dumps(record(ROOT, stack=stack).as_json()) for _ in range(2)]
    assert texts[0] == texts[1]


def test_names_of_environments_never_meet() -> None:
    names = [
        {(one.type, one.name) for one in planned(stack).resources if ":providers:" not in one.type}
        for stack in STACKS
    ]
    assert not set.intersection(*names[:2])
    assert not set.intersection(*names[1:])


def test_every_secret_is_its_name() -> None:
    plan = planned("prod")
    platform = load_platform(ROOT / "platforms" / "pitchey.yaml")
    named = {one.secret.name for one in platform.channels.values()}
    assert set(plan.summary.secrets) == {*named, "vote-key"}
    (script,) = by_type(plan, "WorkersScript")
    assert count_of_secrets(script.inputs) == len(plan.summary.secrets)


def test_a_shadow_environment_holds_no_channels_secret() -> None:
    assert planned("staging").summary.secrets == ("vote-key",)


def test_tokens_of_the_environment_reach_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    before = planned("prod").as_json()
    monkeypatch.setenv("GRAFANA_AUTH", "hush-hush")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "hush-hush")
    assert record(ROOT, stack="prod").as_json() == before


def test_the_local_stack_speaks_to_this_machine_only() -> None:
    plan = planned("local")
    for provider in ("cloudflare", "grafana"):
        (found,) = [one for one in plan.resources if one.type == f"pulumi:providers:{provider}"]
        url = found.inputs.get("baseUrl") or found.inputs.get("url")
        assert str(url).startswith("http://127.0.0.1:")
    (destination,) = by_type(plan, "NotificationPolicyWebhooks")
    assert str(destination.inputs["url"]).startswith("http://127.0.0.1:")


def test_rules_tell_their_own_contact_point_and_say_everything() -> None:
    plan = planned("prod")
    contact = next(iter(by_type(plan, "ContactPoint")))
    for group in by_type(plan, "RuleGroup"):
        rules = group.inputs.get("rules")
        if not isinstance(rules, list):
            continue
        for rule in rules:
            assert isinstance(rule, dict)
            settings = rule["notificationSettings"]
            assert isinstance(settings, dict)
            assert settings["contactPoint"] == contact.name
            assert settings.get("muteTimings") != []
            assert rule.keys() >= {"uid", "for", "noDataState", "execErrState", "condition"}
            check_queries(rule["datas"])


def check_queries(datas: Json) -> None:
    assert isinstance(datas, list)
    models = []
    for data in datas:
        assert isinstance(data, dict)
        text = str(data["model"])
        model = json.loads(text)
        assert text == json.dumps(model, sort_keys=True)
        assert not model.keys() & {"intervalMs", "maxDataPoints"}
        assert model["refId"] == data["refId"]
        models.append(model)
    asked, reduced, compared = models
    assert (asked["instant"], asked["range"]) == (True, False)
    assert (reduced["type"], reduced["reducer"]) == ("reduce", "last")
    assert (compared["type"], compared["expression"]) == ("threshold", "B")


def test_health_checks_and_policies_leave_nothing_to_cloudflare() -> None:
    plan = planned("prod")
    checks = by_type(plan, "Healthcheck")
    assert checks
    for check in checks:
        http = check.inputs["httpConfig"]
        assert isinstance(http, dict)
        assert http.keys() >= {"method", "port", "path", "expectedCodes", "expectedBody"}
        assert check.inputs["checkRegions"]
    policies = by_type(plan, "NotificationPolicy")
    assert policies
    for policy in policies:
        assert policy.inputs["description"]
        mechanisms = policy.inputs["mechanisms"]
        assert isinstance(mechanisms, dict)
        assert list(mechanisms) == ["webhooks"]


def test_another_platform_and_environment_may_be_planned() -> None:
    plan = record(ROOT, stack="local", platform="example", environment="local")
    assert (plan.summary.platform, plan.summary.environment) == ("example", "local")
    assert "example-local" in {one.name for one in plan.resources}


def test_summary_and_resources_agree(stack: str) -> None:
    plan = planned(stack).as_json()
    resources, summary = plan["resources"], plan["summary"]
    assert isinstance(resources, list)
    assert isinstance(summary, dict)
    assert isinstance(summary["types"], dict)
    assert summary["resources"] == len(resources) == sum(map(int, summary["types"].values()))  # type: ignore[arg-type]


def test_a_stack_that_is_not_there_is_a_problem_with_a_suggestion() -> None:
    with pytest.raises(Problems, match=r"there is no Pulumi\.pord\.yaml  did you mean prod\?"):
        record(ROOT, stack="pord")


def test_mistakes_of_the_platform_file_are_told_with_their_place(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    platform = checkout / "platforms" / "pitchey.yaml"
    text = platform.read_text(encoding="utf-8")
    platform.write_text(text.replace("every: 60s", "every: 61s", 1), encoding="utf-8")
    with pytest.raises(Problems) as raised:
        record(checkout, stack="local")
    line = text[: text.index("every: 60s")].count("\n") + 1
    assert raised.value.render().startswith(f"platforms/pitchey.yaml:{line}:")


def test_a_changed_threshold_changes_what_carries_it_and_nothing_else(checkout: Path) -> None:
    before = record(checkout, stack="local")
    platform = checkout / "platforms" / "pitchey.yaml"
    text = platform.read_text(encoding="utf-8")
    assert "{for: 5m, above: 2s}" in text
    text = text.replace("{for: 5m, above: 2s}", "{for: 5m, above: 4s}")
    platform.write_text(text, encoding="utf-8")
    after = record(checkout, stack="local")
    changed = [
        one.type.rpartition(":")[2]
        for one, other in zip(before.resources, after.resources, strict=True)
        if one != other
    ]
    assert sorted(changed) == ["RuleGroup", "WorkersKv"]


CONFIG = {
    "belfry:platform": "pitchey",
    "belfry:environment": "prod",
    "belfry:account": ACCOUNT,
    "belfry:zone": ACCOUNT,
    "belfry:workersSubdomain": "pitchey",
}
LOCAL = {"belfry:platform": "pitchey", "belfry:environment": "local", "belfry:localcloud": "true"}


def read_problems(config: Mapping[str, str]) -> list[str]:
    set_all_config(dict(config), [])
    try:
        read_settings(ROOT)
    except Problems as problems:
        return [str(problem) for problem in problems.problems]
    finally:
        set_all_config({}, [])
    return []


def test_a_complete_config_has_no_problem() -> None:
    assert read_problems(CONFIG) == []


def test_all_mistakes_of_a_config_are_told_at_once() -> None:
    config = {
        "belfry:platfrom": "pitchey",
        "belfry:platform": "pitchy",
        "belfry:account": "123",
        "belfry:localcloud": "yes",
        "belfry:ownsGrafanaPolicy": "maybe",
        "belfry:workersSubdomain": "https://pitchey.workers.dev",
        "belfry:secrets": '["hush"]',
    }
    problems = "\n".join(read_problems(config))
    for expected in (
        "belfry:platfrom  there is no such key  did you mean platform?",
        "belfry:platform  there is no platforms/pitchy.yaml  did you mean pitchey?",
        "belfry:environment  the stack does not say it",
        "belfry:account  123 is not an account id of Cloudflare",
        "belfry:zone  the stack does not say it",
        "belfry:localcloud  yes is neither true nor false",
        "belfry:ownsGrafanaPolicy  maybe is neither true nor false",
        "belfry:workersSubdomain  https://pitchey.workers.dev is not a name under workers.dev",
        "belfry:secrets  the secrets are not a table of names and texts",
    ):
        assert expected in problems
    assert "hush" not in problems


def run_program(config: Mapping[str, str], *, preview: bool = True) -> Recording:
    """Run the program as Pulumi does, not as a plan."""

    def program() -> None:
        runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")

    return observe(program, config=config, preview=preview)


def test_all_missing_secrets_are_told_at_once_with_the_command() -> None:
    config = {**CONFIG, "belfry:secrets": '{"pagerduty":"hush","smtp-password":""}'}
    with pytest.raises(Problems) as raised:
        run_program(config)
    missing = [problem.path[-1] for problem in raised.value.problems]
    assert missing == [
        "discord-alerts",
        "incident-hook",
        "slack-critical",
        "slack-warnings",
        "sms-token",
        "smtp-password",
        "vote-key",
    ]
    assert "belfry secrets set slack-critical --stack" in str(raised.value)
    assert "hush" not in str(raised.value)


def test_without_the_local_cloud_a_run_says_how_to_start_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELFRY_HOME", str(tmp_path))
    with pytest.raises(EngineError, match=r"^localcloud is not running: start it with `make up`$"):
        run_program(LOCAL)


def test_a_discovery_file_that_a_killed_local_cloud_left_is_told_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELFRY_HOME", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    (tmp_path / "local").mkdir()
    left = {"url": url, "smtp": "127.0.0.1:1", "pid": 1, "key": "k", "secret": "s"}
    (tmp_path / "local" / "localcloud.json").write_text(json.dumps(left), encoding="utf-8")
    with pytest.raises(EngineError, match=r"^localcloud is not running: start it with `make up`$"):
        run_program(LOCAL)


def test_without_the_local_cloud_a_plan_takes_its_usual_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELFRY_HOME", str(tmp_path))
    assert "http://127.0.0.1:8787/workers/" in json.dumps(record(ROOT, stack="local").as_json())


def test_with_the_local_cloud_every_channel_leads_to_its_inbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELFRY_HOME", str(tmp_path))
    (tmp_path / "local").mkdir()
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    found = {
        "url": url,
        "smtp": "127.0.0.1:20002",
        "pid": 1,
        "key": "for-controls",
        "secret": "for-senders",
    }
    (tmp_path / "local" / "localcloud.json").write_text(json.dumps(found), encoding="utf-8")
    values: dict[str, str] = {}

    def program() -> None:
        settings = read_settings(ROOT)
        platform = load_platform(ROOT / "platforms" / "pitchey.yaml")
        secrets = [one.secret for one in platform.channels.values()]
        for name, value in resolve_secrets(secrets, settings, platform).items():
            value.apply(lambda text, name=name: values.update({name: text}))  # type: ignore[misc]

    with listener:
        observe(program, config=LOCAL, preview=False)
    platform = load_platform(ROOT / "platforms" / "pitchey.yaml")
    for name, channel in platform.channels.items():
        match channel:
            case Slack() | Discord() | Teams() | Webhook():
                expected = f"{url}/inbox/{channel.KEY}/{name}/for-senders"
            case PagerDuty() | Email() | Sms():
                expected = "for-senders"
        assert values[channel.secret.name] == expected
    assert not any("for-controls" in value for value in values.values())
