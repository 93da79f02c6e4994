"""Comparing what was recorded with what is: pure, and without a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.drift.differences import GONE, Difference, Filling, Subject
from engine.drift.fillings import FILLED, OUTPUTS
from engine.drift.recorded import Recorded, resources, rewritten
from engine.drift.refreshed import at, changes
from engine.drift.sealed import sealed
from engine.drift.watched import WATCHED, holds, path_of, secure_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.shapes import KindShape

CRONS = "cloudflare:index/workersCronTrigger:WorkersCronTrigger"
CHECK = "cloudflare:index/healthcheck:Healthcheck"
D1 = "cloudflare:index/d1Database:D1Database"
POLICY = "cloudflare:index/notificationPolicy:NotificationPolicy"
SCRIPT = "cloudflare:index/workersScript:WorkersScript"
HYPERDRIVE = "cloudflare:index/hyperdriveConfig:HyperdriveConfig"
TOKEN = "cloudflare:index/accountToken:AccountToken"
LOCK = "cloudflare:index/r2BucketLock:R2BucketLock"
TREE = "grafana:alerting/notificationPolicy:NotificationPolicy"
SOURCE = "grafana:oss/dataSource:DataSource"
OBJECTS = "durable_object_namespace"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

names = st.text("abcdefghij", min_size=1, max_size=5)


def recorded(kind: str, **properties: Any) -> Recorded:
    return Recorded(
        subject=Subject(urn=f"urn:pulumi:s::belfry::{kind}::one", type=kind, name="one"),
        id="one",
        provider="",
        inputs=properties,
        outputs=properties,
        written="2026-11-21T12:00:00.123456789Z",
    )


def found(one: Recorded, **answers: Any) -> dict[str, tuple[str | None, str | None]]:
    return {d.property: (d.was, d.now) for d in WATCHED[one.subject.type].compare(one, answers)}


def script(*bindings: Mapping[str, Json], modified: str = "2026-11-21T12:00:00Z") -> Recorded:
    told = [dict(one) for one in bindings]
    return recorded(SCRIPT, scriptName="w", bindings=told, modifiedOn=modified)


def settings(*bindings: Mapping[str, Json], modified: str = "2026-11-21T12:00:00Z") -> Any:
    return {
        "settings": {"bindings": list(bindings)},
        "scripts": [{"id": "w", "modified_on": modified}],
    }


def exported_secret(text: str) -> dict[str, Any]:
    return {SIGNATURE: SECRET, "plaintext": text}


crons = st.lists(st.sampled_from("abc"), unique=True)


@given(crons, crons)
def test_schedules_drift_when_they_are_others_and_not_when_their_order_is(
    was: list[str], now: list[str]
) -> None:
    one = recorded(CRONS, schedules=[{"cron": cron} for cron in was])
    answer = {"schedules": [{"cron": cron, "created_on": "x"} for cron in now]}
    assert bool(found(one, schedules=answer)) == (set(was) != set(now))


def test_emptied_schedules_and_those_of_a_worker_that_is_gone_are_told_as_nothing() -> None:
    one = recorded(CRONS, schedules=[{"cron": "1 * * * *"}])
    answers: list[Json] = [{"schedules": []}, None]
    for answer in answers:
        assert found(one, schedules=answer) == {"schedules": ("1 * * * *", None)}


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (
            {"name": "B", "type": "kv_namespace", "namespaceId": "a"},
            {"name": "B", "type": "kv_namespace", "namespace_id": "b"},
            {"bindings.B.namespaceId": ('"a"', '"b"')},
        ),
        (
            {"name": "B", "type": "d1", "id": "a"},
            {"name": "B", "type": "d1", "database_id": "b"},
            {"bindings.B.id": ('"a"', '"b"')},
        ),
        (
            {"name": "B", "type": "plain_text", "text": "a"},
            {"name": "B", "type": "plain_text", "text": "b"},
            {"bindings.B.text": ('"a"', '"b"')},
        ),
        (
            {"name": "B", "type": "plain_text", "text": sealed("hidden")},
            {"name": "B", "type": "plain_text", "text": "also hidden"},
            {"bindings.B.text": ("(secret)", "(secret)")},
        ),
        (
            {"name": "B", "type": "plain_text", "text": sealed("hidden")},
            {"name": "B", "type": "plain_text", "text": "hidden"},
            {},
        ),
        (
            sealed({"name": "B", "type": "kv_namespace", "namespaceId": "a"}),
            {"name": "B", "type": "kv_namespace", "namespace_id": "b"},
            {"bindings.B.namespaceId": ('"a"', '"b"')},
        ),
        (
            sealed({"name": "B", "type": "secret_text", "text": "hidden"}),
            {"name": "B", "type": "plain_text", "text": "hidden"},
            {"bindings.B.type": ("secret_text", "plain_text")},
        ),
        (
            {"name": "B", "type": "secret_text", "text": "hidden"},
            {"name": "B", "type": "plain_text", "text": "hidden"},
            {"bindings.B.type": ("secret_text", "plain_text")},
        ),
        (
            {"name": "B", "type": "secret_text", "text": "hidden"},
            None,
            {"bindings.B": ("secret_text", None)},
        ),
        (
            None,
            {"name": "B", "type": "plain_text", "text": "hidden"},
            {"bindings.B": (None, "plain_text")},
        ),
        (
            {"name": "B", "type": "secret_text", "text": "hidden"},
            {"name": "B", "type": "secret_text", "text": "********"},
            {},
        ),
        (
            {"name": "B", "type": "durable_object_namespace", "className": "C"},
            {"name": "B", "type": "durable_object_namespace", "class_name": "C", "namespace_id": 1},
            {},
        ),
        (
            {"name": "B", "type": OBJECTS, "className": "C", "scriptName": "other"},
            {"name": "B", "type": OBJECTS, "class_name": "C"},
            {"bindings.B.scriptName": ('"other"', None)},
        ),
        (
            {"name": "B", "type": OBJECTS, "className": "C"},
            {"name": "B", "type": OBJECTS, "class_name": "C", "script_name": "other"},
            {"bindings.B.scriptName": (None, '"other"')},
        ),
        (
            {"name": "B", "type": OBJECTS, "className": "C", "scriptName": "w"},
            {"name": "B", "type": OBJECTS, "class_name": "C"},
            {},
        ),
        (
            {"name": "B", "type": OBJECTS, "className": "C"},
            {"name": "B", "type": OBJECTS, "class_name": "C", "script_name": "w"},
            {},
        ),
        (
            {"name": "B", "type": "service", "service": "s", "environment": "production"},
            {"name": "B", "type": "service", "service": "s"},
            {},
        ),
        (
            {"name": "B", "type": "kv_namespace", "namespaceId": "a"},
            {"name": "B", "type": "kv_namespace"},
            {"bindings.B.namespaceId": ('"a"', None)},
        ),
    ],
)
def test_bindings_are_compared_by_name_type_and_value_but_no_secret_is_told(
    was: Mapping[str, Json] | None,
    now: dict[str, Json] | None,
    told: dict[str, tuple[str | None, str | None]],
) -> None:
    one = script(*([was] if was else []))
    differences = found(one, **settings(*([now] if now else [])))
    assert differences == told
    assert "hidden" not in str(differences)


def test_an_upload_after_pulumis_last_write_may_have_rotated_secrets() -> None:
    one = script({"name": "S", "type": "secret_text", "text": "hidden"})
    held = {"name": "S", "type": "secret_text"}
    assert found(one, **settings(held)) == {}
    assert list(found(one, **settings(held, modified="2026-11-21T12:00:01Z"))) == ["upload"]


def test_a_change_of_the_worker_within_pulumis_own_update_is_ours() -> None:
    one = script(
        {"name": "S", "type": "secret_text", "text": "hidden"}, modified="2026-11-21T11:59Z"
    )
    held = {"name": "S", "type": "secret_text"}
    assert found(one, **settings(held, modified="2026-11-21T12:00:00.1Z")) == {}


def test_what_is_recorded_for_the_next_update_holds_no_secret() -> None:
    one = script({"name": "S", "type": "secret_text", "text": "hidden"})
    answers = settings(
        {"name": "S", "type": "secret_text"},
        {"name": "B", "type": "kv_namespace", "namespace_id": "b"},
    )
    assert WATCHED[SCRIPT].record(one, answers) == {
        "bindings": [
            {"name": "S", "type": "secret_text", "text": ""},
            {"name": "B", "type": "kv_namespace", "namespaceId": "b"},
        ]
    }


def test_a_lock_that_was_taken_off_or_shortened_is_seen_and_a_rule_too_many_is() -> None:
    rule = {"id": "keep", "enabled": True, "condition": {"type": "Age", "maxAgeSeconds": 60}}
    short = {**rule, "condition": {"type": "Age", "maxAgeSeconds": 1}}
    one = recorded(LOCK, rules=[rule])
    assert found(one, rules={"rules": [{**rule, "prefix": ""}]}) == {}
    told = {"rules.keep.condition.maxAgeSeconds": ("60", "1")}
    assert found(one, rules={"rules": [short]}) == told
    assert list(found(one, rules={"rules": []})) == ["rules.keep"]
    assert list(found(one, rules={"rules": [rule, {**rule, "id": "more"}]})) == ["rules.more"]


def test_a_tree_without_routes_has_drifted_only_if_it_had_some() -> None:
    one = recorded(TREE, policies=[{"contactPoint": "a"}, {"contactPoint": "b"}])
    assert found(one, tree={"receiver": "x"}) == {"policies": ("2 routes", "no route")}
    assert found(one, tree={"receiver": "x", "routes": [{}]}) == {}
    assert found(recorded(TREE), tree={"receiver": "x"}) == {}


def test_a_data_source_that_lost_a_secret_setting_is_seen_by_its_name_alone() -> None:
    one = recorded(SOURCE, uid="u", secureJsonDataEncoded='{"password": "hidden", "key": "hidden"}')
    assert secure_names(one) == ("key", "password")
    differences = found(one, source={"secureJsonFields": {"key": True}})
    assert differences == {"secureJsonData.password": ("set", None)}


@given(
    st.recursive(
        st.none() | st.booleans() | names,
        lambda part: st.lists(part) | st.dictionaries(names, part),
    )
)
def test_whatever_is_found_holds_itself(value: Any) -> None:
    assert holds(value, value)


def test_paths_are_filled_from_the_resource() -> None:
    one = recorded(CRONS, accountId="a", scriptName="w")
    template = WATCHED[CRONS].asked["schedules"]
    assert path_of(template, one) == "/accounts/a/workers/scripts/w/schedules"


def test_only_what_no_program_can_set_counts_as_an_output(shapes: dict[str, KindShape]) -> None:
    told = {
        kind: shape.outputs.properties.keys() - shape.inputs.properties.keys()
        for kind, shape in shapes.items()
    }
    assert {kind: names for kind, names in told.items() if names} == OUTPUTS


def test_what_is_known_to_be_filled_in_are_inputs(shapes: dict[str, KindShape]) -> None:
    for kind, paths in FILLED.items():
        assert {path.partition(".")[0] for path in paths} <= shapes[kind].inputs.properties.keys()


def event(step: str, old: Any, new: Any, *paths: str, kind: str = CHECK) -> dict[str, Any]:
    detail = {path: {"diffKind": "update"} for path in paths}
    urn = f"urn:pulumi:s::belfry::{kind}::one"
    metadata = {"op": step, "urn": urn, "type": kind, "old": old, "new": new}
    return {"resOutputsEvent": {"metadata": {**metadata, "detailedDiff": detail}}}


def state(inputs: Any, outputs: Any) -> dict[str, Any]:
    return {"inputs": inputs, "outputs": outputs}


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        pytest.param(state({}, {}), state({}, {}), (), id="nothing is named"),
        pytest.param(
            state({}, {"regions": ["W"]}),
            state({"regions": ["W"]}, {"regions": ["W"]}),
            ("regions",),
            id="the service has what was recorded, and the program leaves it open",
        ),
        pytest.param(
            state({}, {}),
            state({"checkRegions": ["WNAM"]}, {"checkRegions": ["WNAM"]}),
            ("checkRegions",),
            id="filled in where nothing was recorded",
        ),
        pytest.param(
            state({"httpConfig": {"path": "/"}}, {"httpConfig": {"path": "/"}}),
            state({}, {"httpConfig": {"path": "/", "expectedCodes": ["200"]}}),
            ("httpConfig.expectedCodes",),
            id="the service fills in a part of what the program sets",
        ),
        pytest.param(
            state({}, {"status": "unknown"}),
            state({}, {"status": "healthy", "failureReason": "none"}),
            ("status", "failureReason"),
            id="outputs that no program can set",
        ),
        pytest.param(
            state({}, {"modifiedOn": "1", "a": [{"updatedAt": "1"}], "etag": "x"}),
            state({}, {"modifiedOn": "2", "a": [{"updatedAt": "2"}], "etag": "y"}),
            ("modifiedOn", "a", "etag"),
            id="it tells only when it was written",
        ),
    ],
)
def test_what_only_the_provider_makes_of_it_is_no_drift(
    old: Any, new: Any, paths: tuple[str, ...]
) -> None:
    (judged,) = changes([event("update", old, new, *paths)])
    assert isinstance(judged, Filling)
    assert judged.properties == paths


@pytest.mark.parametrize(
    ("kind", "filled"),
    [
        (POLICY, {"description": ""}),
        (POLICY, {"filters": {}}),
        (POLICY, {"filters": {"incidentImpacts": []}}),
        (SCRIPT, {"observability": {"enabled": False, "headSamplingRate": 1, "logs": None}}),
        (D1, {"readReplication": {"mode": "disabled"}}),
        (TOKEN, {"condition": {"requestIp": {}}}),
        (HYPERDRIVE, {"caching": {"disabled": False, "maxAge": 60}}),
        (HYPERDRIVE, {"originConnectionLimit": 20}),
    ],
)
def test_what_a_service_is_known_to_fill_in_is_no_drift(kind: str, filled: Any) -> None:
    (judged,) = changes([event("update", state({}, {}), state(filled, filled), *filled, kind=kind)])
    assert isinstance(judged, Filling)


@pytest.mark.parametrize(
    ("kind", "added", "told"),
    [
        (POLICY, {"filters": {"incidentImpacts": ["INCIDENT_IMPACT_CRITICAL"]}}, "filters"),
        (POLICY, {"description": "silenced"}, "description"),
        (SCRIPT, {"observability": {"enabled": True}}, "observability"),
        (SCRIPT, {"logpush": True}, "logpush"),
        (D1, {"readReplication": {"mode": "auto"}}, "readReplication"),
        (TOKEN, {"condition": {"requestIp": {"ins": ["192.0.2.0/24"]}}}, "condition"),
        (HYPERDRIVE, {"caching": {"disabled": True}}, "caching"),
        (CHECK, {"httpConfig": {"expectedCodes": ["2xx", "5xx"]}}, "httpConfig"),
        ("random:index/text:Text", {"text": "x"}, "text"),
    ],
)
def test_what_somebody_added_to_what_the_program_leaves_open_is_drift(
    kind: str, added: Any, told: str
) -> None:
    new = state(added, added)
    (judged,) = changes([event("update", state({}, {}), new, *added, kind=kind)])
    assert isinstance(judged, Difference)
    assert judged.property == told
    assert judged.was is None


def test_a_filter_that_was_added_to_those_of_an_alert_is_drift() -> None:
    was = {"filters": {"statuses": ["Unhealthy"]}}
    now = {"filters": {"statuses": ["Unhealthy"], "incidentImpacts": ["CRITICAL"]}}
    (judged,) = changes(
        [
            event(
                "update",
                state(was, was),
                state(now, now),
                "filters.incidentImpacts",
                kind=POLICY,
            )
        ]
    )
    assert isinstance(judged, Difference)
    assert (judged.property, judged.now) == ("filters.incidentImpacts", '["CRITICAL"]')


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (state({"a": [{"b": 1}]}, {}), state({"a": [{"b": 2}]}, {}), ("1", "2")),
        (state({}, {"a": [{"b": 1}]}), state({}, {"a": [{"b": 2}]}), ("1", "2")),
        (
            state({"a": [{"b": {SIGNATURE: SECRET, "ciphertext": "[secret]"}}]}, {}),
            state({}, {}),
            ("(secret)", None),
        ),
    ],
)
def test_a_changed_setting_is_told_with_what_it_was_and_is(old: Any, new: Any, told: Any) -> None:
    (judged,) = changes([event("update", old, new, "a[0].b")])
    assert isinstance(judged, Difference)
    assert (judged.was, judged.now) == told


def told_by(old: Any, new: Any, *paths: str) -> dict[str, tuple[str | None, str | None]]:
    judged = list(changes([event("update", old, new, *paths)]))
    return {one.property: (one.was, one.now) for one in judged if isinstance(one, Difference)}


def test_of_an_object_or_a_list_only_the_leaves_are_told_that_differ() -> None:
    was = {"http": {"path": "/", "body": "fine", "codes": ["200", "2xx"]}}
    now = {"http": {"path": "/", "body": "", "codes": ["200", "204", "2xx"]}}
    assert told_by(state(was, was), state(now, now), "http") == {
        "http.body": ('"fine"', '""'),
        "http.codes[1]": (None, '"204"'),
    }


def test_a_leaf_that_two_paths_lead_to_is_told_once() -> None:
    was, now = state({"a": {"b": 1}}, {}), state({"a": {"b": 2}}, {})
    assert told_by(was, now, "a", "a.b") == {"a.b": ("1", "2")}


def test_one_entry_more_in_a_list_is_no_filling() -> None:
    was, now = {"rules": [{"id": 1}]}, {"rules": [{"id": 1}, {"id": 2}]}
    told = {"rules[1]": (None, '{"id": 2}')}
    assert told_by(state(was, was), state(now, now), "rules") == told
    assert told_by(state({}, was), state({}, now), "rules") == told


def test_what_was_written_is_told_without_when() -> None:
    was, now = {"a": 1, "modifiedOn": "1"}, {"a": 2, "modifiedOn": "2"}
    assert told_by(state({"a": 1}, was), state({"a": 2}, now), "a", "modifiedOn") == {
        "a": ("1", "2")
    }


def test_a_version_that_the_program_asks_for_is_no_stamp() -> None:
    was, now = {"version": 1}, {"version": 2}
    assert told_by(state(was, was), state(now, now), "version") == {"version": ("1", "2")}


def test_a_secret_that_pulumi_says_differs_is_told_though_both_are_masked() -> None:
    masked = {"a": {"key": {SIGNATURE: SECRET, "ciphertext": "[secret]"}}}
    both = {"a": ("(secret)", "(secret)")}
    assert told_by(state(masked, masked), state(masked, masked), "a") == both
    assert told_by(state(masked, {}), state(masked, {}), "a") == both


def test_a_path_that_leads_nowhere_is_told_of_as_its_property() -> None:
    was, now = state({"a": [{"b": 1}]}, {}), state({"a": [{"b": 2}]}, {})
    assert told_by(was, now, "a[7].c") == {"a[0].b": ("1", "2")}


def test_what_is_gone_is_gone_and_what_is_the_same_is_not_mentioned() -> None:
    (judged,) = changes([event("same", {}, {}), event("delete", {}, None)])
    assert isinstance(judged, Difference)
    assert judged.property == GONE


def test_property_paths_lead_through_lists_and_quoted_names() -> None:
    value: Json = {"labels": {"a.b": [{"c": 1}]}}
    assert at('labels["a.b"][0].c', value) == 1
    assert at("labels.none[3].c", value) is None


def test_a_state_is_read_with_its_secrets_and_rewritten_without_touching_the_others() -> None:
    script_urn, above = "urn:pulumi:s::belfry::t$x::w", "urn:pulumi:s::belfry::t::c"
    exported: dict[str, Any] = {
        "version": 3,
        "deployment": {
            "resources": [
                {"urn": above, "type": "t", "outputs": {"url": "u", "upload": {"digest": "d"}}},
                {
                    "urn": script_urn,
                    "type": SCRIPT,
                    "custom": True,
                    "id": "w",
                    "parent": above,
                    "provider": "urn:provider::id",
                    "modified": "2026-11-21T12:00:00Z",
                    "inputs": {"bindings": [{"text": exported_secret('"hidden"')}], "content": "c"},
                    "outputs": {"bindings": exported_secret("[]"), "__pulumi_raw_state_delta": {}},
                },
                {"urn": "urn:pulumi:s::belfry::o::o", "type": "o", "inputs": exported_secret("{}")},
            ]
        },
    }
    one = list(resources(exported))[1]
    assert one.inputs == {"bindings": [{"text": "hidden"}], "content": "c"}
    assert one.provider == "urn:provider"
    assert "hidden" not in repr(one) + repr(one.inputs)

    observed: Any = {"bindings": [{"text": sealed("now")}]}
    after: Any = rewritten(exported, {script_urn: observed}, "upload")
    above_after, script_after, other = after["deployment"]["resources"]
    assert above_after["outputs"] == {"url": "u"}
    now = exported_secret('"now"')
    assert script_after["inputs"] == {"bindings": [{"text": now}], "content": "c"}
    assert script_after["outputs"] == {"bindings": exported_secret('[{"text": "now"}]')}
    assert other == exported["deployment"]["resources"][2]
    assert after["version"] == 3
