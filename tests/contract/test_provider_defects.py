"""What the providers do wrong, and what is done about it: docs/provider-notes.md, a test a line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi
import pytest
from pulumi import ResourceOptions

from belfry.arguments import Folder, GrafanaRule, RuleGroup
from belfry.arguments.alert_routing import (
    AlertTimes,
    Interval,
    MessageTemplate,
    NotificationTree,
)
from belfry.arguments.api_tokens import ApiToken
from belfry.arguments.boards import Annotation, LibraryPanel
from belfry.arguments.rulesets import RequestRule
from belfry.arguments.storage import R2Bucket as Bucket
from belfry.arguments.worker_scripts import CronTriggers, WorkerScript
from belfry.problems import Problems
from components.cloudflare.r2_bucket import R2Bucket, R2BucketArgs
from engine.recorder import observe
from tests.contract.cases import CASES
from tests.contract.cloudflare_cases import CODE
from tests.contract.grafana_cases import rule

if TYPE_CHECKING:
    from pulumi import ResourceTransformationArgs

    from engine.documents import Json
    from engine.recorder import PlannedResource

NOTES = Path(__file__).parents[2] / "docs" / "provider-notes.md"


def made(case: str) -> dict[str, PlannedResource]:
    """Register a case and give its children, by the last part of their type."""
    resources = observe(lambda: void(CASES[case].build("prod")), preview=False).resources
    return {one.type.rpartition(":")[2]: one for one in resources}


def void(_: object) -> None:
    """Take what a component gives, for a program gives nothing."""


def inside(value: Json, *way: str | int) -> Json:
    for step in way:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value


def test_every_note_has_its_test_and_every_test_here_its_note() -> None:
    noted = re.findall(r"`(test_\w+)`", NOTES.read_text(encoding="utf-8"))
    here = {name for name in globals() if name.startswith("test_")}
    elsewhere = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(noted) == len(set(noted))
    assert set(noted) <= elsewhere
    assert here - set(noted) == {"test_every_note_has_its_test_and_every_test_here_its_note"}


def test_a_health_check_says_what_cloudflare_would_fill_in() -> None:
    inputs = made("health checks")["Healthcheck"].inputs
    assert inputs["checkRegions"]
    for key in ("expectedCodes", "expectedBody", "port", "path", "method"):
        assert inside(inputs, "httpConfig", key) not in (None, [])


def test_a_policy_has_a_description_and_no_empty_list_of_destinations() -> None:
    inputs = made("notifications")["NotificationPolicy"].inputs
    assert inputs["description"]
    assert inside(inputs, "mechanisms") == {"webhooks": [{"id": "shop-prod-vote-id"}]}
    every = made("notifications by every mechanism")["NotificationPolicy"].inputs["mechanisms"]
    assert every == {
        "emails": [{"id": "on-call@shop.example"}],
        "pagerduties": [{"id": "c" * 32}],
        "webhooks": [{"id": "shop-prod-hook-id"}],
    }


def test_a_policy_says_its_filters_even_where_there_are_none() -> None:
    case = CASES["notifications by every mechanism"]
    resources = observe(lambda: void(case.build("prod")), preview=False).resources
    filters = [
        one.inputs.get("filters") for one in resources if one.type.endswith(":NotificationPolicy")
    ]
    assert len(filters) == 2
    assert {} in filters
    assert {"healthCheckIds": ["0123"], "statuses": ["Unhealthy"]} in filters


def test_placement_and_files_cannot_be_said() -> None:
    assert not {"placement", "files"} & set(WorkerScript.__dataclass_fields__)
    assert not {"placement", "files"} & set(made("Worker")["WorkersScript"].inputs)


def test_a_worker_says_all_of_its_observability() -> None:
    told = made("Worker")["WorkersScript"].inputs["observability"]
    assert inside(told, "headSamplingRate") == 1
    for key in ("enabled", "headSamplingRate", "invocationLogs", "persist"):
        assert inside(told, "logs", key) is not None


def test_crons_are_never_emptied_because_no_refresh_would_notice() -> None:
    with pytest.raises(Problems, match=r"cron triggers of w.crons  there is none"):
        CronTriggers(script="w", crons=())


def test_a_custom_domain_is_deleted_before_it_is_replaced() -> None:
    seen: dict[str, object] = {}

    def spy(args: ResourceTransformationArgs) -> None:
        seen[args.type_] = args.opts.delete_before_replace

    def program() -> None:
        CASES["custom domain"].build("prod", ResourceOptions(transformations=[spy]))

    observe(program)
    assert seen["cloudflare:index/workersCustomDomain:WorkersCustomDomain"] is True


def test_lists_of_rules_are_there_even_when_empty_because_deleting_them_makes_no_call() -> None:
    args = R2BucketArgs(account_id="a", bucket=Bucket(name="bucket"))
    resources = observe(lambda: void(R2Bucket("b", args)), preview=False).resources
    rules = {one.type.rpartition(":")[2]: one.inputs.get("rules") for one in resources}
    assert rules["R2BucketLifecycle"] == rules["R2BucketLock"] == []


def test_a_queue_says_its_settings() -> None:
    settings = made("queue without consumer")["Queue"].inputs["settings"]
    assert settings == {"deliveryDelay": 0, "messageRetentionPeriod": 60}


def test_a_database_says_its_replication() -> None:
    assert made("D1")["D1Database"].inputs["readReplication"] == {"mode": "disabled"}


def test_hyperdrive_says_no_ages_of_what_is_not_kept() -> None:
    kept = made("Hyperdrive")["HyperdriveConfig"].inputs["caching"]
    not_kept = made("Hyperdrive that keeps nothing")["HyperdriveConfig"].inputs["caching"]
    assert kept == {"disabled": False, "maxAge": 60, "staleWhileRevalidate": 15}
    assert not_kept == {"disabled": True}


def test_every_rule_of_a_ruleset_has_a_ref_of_its_own() -> None:
    rules = made("rate limits")["Ruleset"].inputs["rules"]
    assert isinstance(rules, list)
    assert [inside(one, "ref") for one in rules] == ["log-in", "sign-up"]
    assert "ref" in RequestRule.__dataclass_fields__
    for one in rules:
        assert inside(one, "ratelimit", "characteristics") == ["cf.colo.id", "ip.src"]
        assert inside(one, "ratelimit", "requestsToOrigin") is False


def test_a_token_has_no_condition() -> None:
    assert "condition" not in ApiToken.__dataclass_fields__
    assert "condition" not in made("API token")["AccountToken"].inputs


def test_the_resources_of_a_token_are_compact_json() -> None:
    policies = made("API token")["AccountToken"].inputs["policies"]
    assert isinstance(policies, list)
    texts = [str(inside(policy, "resources")) for policy in policies]
    assert texts
    assert texts == [json.dumps(json.loads(text), separators=(",", ":")) for text in texts]


async def told(value: pulumi.Output[object]) -> bool:
    return await value.is_secret()


def test_what_a_token_is_used_with_is_a_secret_output() -> None:
    """The mocks make up no value; that it is wrapped, shows in how the component does it."""
    secrecy: list[bool] = []

    def program() -> None:
        for name in ("API token", "service account"):
            component = CASES[name].build("prod")
            values = [component.value] if hasattr(component, "value") else component.keys.values()  # type: ignore[attr-defined]
            for value in values:
                assert isinstance(value, pulumi.Output)
                is_secret: pulumi.Output[bool] = pulumi.Output.from_input(told(value))
                is_secret.apply(secrecy.append)

    observe(program, preview=False)
    assert secrecy == [True, True, True]


def test_a_pages_project_says_nothing_of_its_deployments() -> None:
    assert set(made("Pages")["PagesProject"].inputs) == {"accountId", "name", "productionBranch"}


@pytest.mark.parametrize("uid", ["12345", "0"])
def test_a_uid_of_digits_alone_is_refused(uid: str) -> None:
    with pytest.raises(Problems, match=r"uid  '\d+' is a number.*begin it with a letter"):
        Folder(uid=uid, title="Shop")


def test_a_rule_says_its_states_and_no_key_that_the_provider_removes() -> None:
    (group,) = [made("rule group")["RuleGroup"].inputs["rules"]]
    first = inside(group, 0)
    assert isinstance(first, dict)
    assert first.keys() >= {"uid", "for", "noDataState", "execErrState", "isPaused"}
    model = str(inside(first, "datas", 0, "model"))
    assert "intervalMs" not in model
    assert "maxDataPoints" not in model


def test_what_grafana_would_refuse_for_two_minutes_is_refused_at_once() -> None:
    with pytest.raises(Problems, match=r"interval  61 s is no multiple of 10 s"):
        RuleGroup(name="g", folder="f", interval=61, rules=(rule(1),))
    with pytest.raises(Problems, match="is there twice"):
        RuleGroup(name="g", folder="f", interval=60, rules=(rule(1), rule(1)))
    with pytest.raises(Problems, match="there is none"):
        RuleGroup(name="g", folder="f", interval=60, rules=())
    assert GrafanaRule.__dataclass_fields__.keys() >= {"no_data", "error", "hold", "uid"}


def test_contact_points_and_timings_are_named_by_their_outputs() -> None:
    """The rule group and the tree take maps of outputs, so that the order is Pulumi's to keep."""
    tree = made("notification policy")["NotificationPolicy"].inputs
    assert tree["contactPoint"] == "shop-prod-all"
    assert inside(tree, "policies", 0, "muteTimings") == ["shop-prod-nights"]
    settings = inside(made("rule group")["RuleGroup"].inputs, "rules", 0, "notificationSettings")
    assert settings == {"contactPoint": "shop-prod-people", "muteTimings": ["shop-prod-nights"]}
    second = inside(made("rule group")["RuleGroup"].inputs, "rules", 1, "notificationSettings")
    assert second == {"contactPoint": "shop-prod-people"}


def test_the_tree_outlives_the_stack_because_deleting_it_resets_anybodys() -> None:
    tree = made("notification policy")["NotificationPolicy"]
    assert tree.retain_on_delete
    assert not made("rule group")["RuleGroup"].retain_on_delete


def test_a_tree_has_routes_because_no_refresh_notices_that_they_have_gone() -> None:
    with pytest.raises(Problems, match=r"routes  there is none"):
        NotificationTree(contact_point="c", group_by=("a",), times=AlertTimes(), routes=())


def test_a_timing_says_its_zone_and_no_empty_list() -> None:
    intervals = made("mute timing")["MuteTiming"].inputs["intervals"]
    assert inside(intervals, 1) == {"weekdays": ["monday"], "location": "UTC"}
    with pytest.raises(Problems, match="it would be always"):
        Interval()


def test_a_template_has_no_blanks_around_it() -> None:
    with pytest.raises(Problems, match="would show as a change for ever"):
        MessageTemplate(name="t", text='{{ define "t" }}{{ end }}\n')


def test_a_library_panel_has_the_keys_that_grafana_adds() -> None:
    with pytest.raises(Problems, match="it says no title"):
        LibraryPanel(uid="panel", name="Panel", model='{"type":"text"}')


def test_an_annotation_has_a_time() -> None:
    assert "time" in made("annotation")["Annotation"].inputs
    with pytest.raises(Problems, match="is no moment"):
        Annotation(text="Sale", tags=("sale",), time="")


def test_an_email_contact_says_that_it_sends_one_mail() -> None:
    assert inside(made("mail contact")["ContactPoint"].inputs, "emails", 0, "singleEmail") is True


def test_a_worker_is_one_module() -> None:
    inputs = made("Worker")["WorkersScript"].inputs
    assert (inputs["mainModule"], inputs["content"]) == ("main.js", CODE)
