"""What Grafana refuses, with its status and in a sentence; no body makes it stumble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.documents import MalformedError
from localcloud.grafana.go_templates import check_template, wrapped
from localcloud.grafana.intervals import check_intervals
from tests.localcloud.grafana_service import PROVISIONING, Grafana, refused, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMINGS = f"{PROVISIONING}/mute-timings"
POLICIES = f"{PROVISIONING}/policies"
CONTACTS = f"{PROVISIONING}/contact-points"
GROUP = f"{PROVISIONING}/folder/f1/rule-groups/g"


@pytest.fixture
def grafana(tmp_path: Path) -> Iterator[Grafana]:
    with served(tmp_path) as client:
        client.post("/api/folders", json={"uid": "f1", "title": "F"})
        contact_point(client, "page")
        yield client


def contact_point(grafana: Grafana, name: str) -> str:
    body = {"name": name, "type": "email", "settings": {"addresses": "a@example.org"}}
    answer = grafana.post(CONTACTS, json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["uid"])


def timing(grafana: Grafana, name: str) -> None:
    assert grafana.post(TIMINGS, json={"name": name, "time_intervals": []}).status_code == 201


def rule(**more: Any) -> dict[str, Any]:
    data = [{"refId": "A", "datasourceUid": "d", "model": {}, "relativeTimeRange": {}}]
    return {"title": "r", "uid": "r", "condition": "A", "data": data, **more}


@pytest.mark.parametrize(
    ("interval", "why"),
    [
        ({"times": [{"start_time": "9:00", "end_time": "10:00"}]}, "no time of day"),
        ({"times": [{"start_time": "10:00", "end_time": "09:00"}]}, "must be before"),
        ({"times": [{"start_time": "24:00", "end_time": "24:00"}]}, "must be before"),
        ({"weekdays": ["funday"]}, "is not a weekday"),
        ({"weekdays": ["friday:monday"]}, "ends before it starts"),
        ({"months": ["13"]}, "is not a month"),
        ({"months": ["may:march"]}, "ends before it starts"),
        ({"days_of_month": ["0"]}, "must be within"),
        ({"days_of_month": ["-1:5"]}, "must be negative"),
        ({"years": ["2027:2026"]}, "in order"),
        ({"years": ["1:2:3"]}, "is not a year"),
        ({"location": "Moon/Sea"}, "no time zone"),
    ],
)
def test_a_mute_timing_that_never_is_or_is_no_time_is_refused(
    grafana: Grafana, interval: dict[str, Any], why: str
) -> None:
    answer = grafana.post(TIMINGS, json={"name": "n", "time_intervals": [interval]})
    assert why in refused(answer, 400)
    assert answer.json()["messageId"] == "alerting.notifications.time-intervals.invalidFormat"
    assert grafana.get(f"{TIMINGS}/n").status_code == 404


def test_a_mute_timing_in_use_stays(grafana: Grafana) -> None:
    timing(grafana, "nights")
    route = {"receiver": "page", "mute_time_intervals": ["nights"]}
    tree = {"receiver": "page", "group_by": [], "routes": [route]}
    assert grafana.put(POLICIES, json=tree).status_code == 202
    assert "notification policies" in refused(grafana.delete(f"{TIMINGS}/nights"), 409)
    assert grafana.delete(POLICIES).status_code == 202
    routed = rule(notification_settings={"receiver": "page", "mute_time_intervals": ["nights"]})
    assert grafana.put(GROUP, json={"interval": 60, "rules": [routed]}).status_code == 200
    assert "alert rules" in refused(grafana.delete(f"{TIMINGS}/nights"), 409)


@pytest.mark.parametrize(
    ("tree", "why"),
    [
        ({}, "default receiver"),
        ({"receiver": "nobody"}, "does not exist"),
        ({"receiver": "page", "object_matchers": [["a", "=", "b"]]}, "must not have any matchers"),
        ({"receiver": "page", "mute_time_intervals": ["x"]}, "must not have any mute"),
        ({"receiver": "page", "group_by": ["...", "a"]}, "wildcard"),
        ({"receiver": "page", "group_by": ["a", "a"]}, "duplicated label"),
        ({"receiver": "page", "group_interval": "0s"}, "cannot be zero"),
        ({"receiver": "page", "group_wait": "soon"}, "no duration"),
        ({"receiver": "page", "routes": [{"receiver": "nobody"}]}, "does not exist"),
        ({"receiver": "page", "routes": [{"active_time_intervals": ["x"]}]}, "does not exist"),
        ({"receiver": "page", "routes": [{"object_matchers": [["a", "~", "b"]]}]}, "no operator"),
        ({"receiver": "page", "routes": [{"object_matchers": [["a", "=~", "("]]}]}, "no regular"),
        ({"receiver": "page", "routes": [{"object_matchers": [["a"]]}]}, "a list of label"),
    ],
)
def test_a_tree_that_no_alertmanager_would_take_is_refused(
    grafana: Grafana, tree: dict[str, Any], why: str
) -> None:
    assert why in refused(grafana.put(POLICIES, json=tree), 400)
    assert grafana.get(POLICIES).json()["receiver"] == "grafana-default-email"


def test_what_the_api_made_is_not_made_nobodys(grafana: Grafana) -> None:
    timing(grafana, "owned")
    body = {"name": "owned", "time_intervals": []}
    nobody = {"X-Disable-Provenance": "disabled"}
    assert "api" in refused(grafana.put(f"{TIMINGS}/owned", json=body, headers=nobody), 403)
    free = {"name": "free", "time_intervals": []}
    assert grafana.post(TIMINGS, json=free, headers=nobody).json()["provenance"] == ""
    assert grafana.put(f"{TIMINGS}/free", json=free).json()["provenance"] == "api"


@pytest.mark.parametrize(
    ("type_", "body", "why"),
    [
        ("slack", {"token": "t"}, "recipient"),
        ("telegram", {"bottoken": "t"}, "chatid"),
        ("wecom", {}, "url or secret"),
        ("pigeon", {}, "it is one of"),
    ],
)
def test_a_contact_point_without_what_its_channel_needs_is_refused(
    grafana: Grafana, type_: str, body: dict[str, Any], why: str
) -> None:
    answer = grafana.post(CONTACTS, json={"name": "n", "type": type_, "settings": body})
    assert why in refused(answer, 400)


def test_a_contact_point_in_use_keeps_its_name_and_its_last_integration(grafana: Grafana) -> None:
    used = grafana.get(f"{CONTACTS}?name=page").json()[0]
    assert grafana.put(POLICIES, json={"receiver": "page", "group_by": []}).status_code == 202
    assert "referenced" in refused(grafana.delete(f"{CONTACTS}/{used['uid']}"), 409)
    renamed = {**used, "name": "other"}
    assert "referenced" in refused(grafana.put(f"{CONTACTS}/{used['uid']}", json=renamed), 409)
    contact_point(grafana, "page")
    assert grafana.delete(f"{CONTACTS}/{used['uid']}").status_code == 202


def test_secrets_inside_settings_are_covered_too(grafana: Grafana) -> None:
    hook = {"url": "https://h.example", "hmacConfig": {"secret": "s3cr3t", "header": "X-Sign"}}
    answer = grafana.post(CONTACTS, json={"name": "n", "type": "webhook", "settings": hook})
    assert answer.json()["settings"]["hmacConfig"] == {"secret": "[REDACTED]", "header": "X-Sign"}
    assert "s3cr3t" not in grafana.get(CONTACTS).text


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"title": ""}, "no title"),
        ({"condition": "Z"}, "does not exist"),
        ({"noDataState": "Maybe"}, "it is one of"),
        ({"for": "a while"}, "no duration"),
        ({"data": []}, "no queries"),
        ({"record": {"metric": "9", "from": "A"}}, "metric name"),
        ({"record": {"metric": "m", "from": "Z"}}, "does not exist"),
        ({"notification_settings": {"receiver": "nobody"}}, "does not exist"),
        ({"labels": {"a": 1}}, "must be a text"),
    ],
)
def test_a_rule_that_could_not_run_is_refused(
    grafana: Grafana, change: dict[str, Any], why: str
) -> None:
    body = {"interval": 60, "rules": [rule(**change)]}
    assert why in refused(grafana.put(GROUP, json=body), 400)


def test_rules_stay_in_the_order_of_the_last_write_however_they_are_changed(
    grafana: Grafana,
) -> None:
    rules = [rule(uid=name, title=name) for name in ("a", "b", "c")]
    grafana.put(GROUP, json={"interval": 60, "rules": rules})
    grafana.put(GROUP, json={"interval": 60, "rules": [rules[2], rules[0], rules[1]]})
    grafana.put(f"{PROVISIONING}/alert-rules/a", json={**rules[0], "isPaused": True})
    told = grafana.get(GROUP).json()["rules"]
    assert [(one["uid"], one["isPaused"]) for one in told] == [
        ("c", False),
        ("a", True),
        ("b", False),
    ]
    assert "multiple" not in refused(grafana.put(GROUP, json={"interval": 15, "rules": []}), 400)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ if .x }}", "has no end"),
        ("{{ end }}", "unexpected {{end}}"),
        ("text\n{{ .x", "line 2: unclosed action"),
        ('{{ define "a" }}{{ else }}{{ end }}', "unexpected {{else}}"),
        ("{{ }}", "missing value"),
        ("   ", "must have content"),
    ],
)
def test_a_template_that_does_not_parse_is_refused(
    grafana: Grafana, template: str, why: str
) -> None:
    path = f"{PROVISIONING}/templates/t"
    assert why in refused(grafana.put(path, json={"template": template}), 400)


def test_a_template_that_defines_nothing_defines_its_own_name() -> None:
    assert wrapped("t", " one\ntwo ") == '{{ define "t" }}\n  one\n  two\n{{ end }}'
    assert wrapped("t", '{{- define "x" }}{{ end }}') == '{{- define "x" }}{{ end }}'


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["{{ if .a }}", "{{ end }}", "x", '{{ "}}" }}', "{{/* { */}}"])),
)
def test_blocks_are_balanced_exactly_if_each_end_closes_one(parts: list[str]) -> None:
    depth, balanced = 0, True
    for part in parts:
        depth += {"{{ if .a }}": 1, "{{ end }}": -1}.get(part, 0)
        balanced = balanced and depth >= 0
    content = "x" + "".join(parts)
    if balanced and depth == 0:
        check_template("t", content)
    else:
        with pytest.raises(MalformedError):
            check_template("t", content)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1439), st.integers(0, 1439))
def test_times_of_day_are_taken_exactly_if_they_are_in_order(start: int, end: int) -> None:
    times = {
        "start_time": f"{start // 60:02}:{start % 60:02}",
        "end_time": f"{end // 60:02}:{end % 60:02}",
    }
    sent: dict[str, Any] = {"time_intervals": [{"times": [times]}]}
    if start < end:
        check_intervals("n", sent)
    else:
        with pytest.raises(MalformedError):
            check_intervals("n", sent)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = (
    *("title", "name", "uid", "type", "settings", "dashboard", "model", "modelJson", "kind"),
    *("time_intervals", "template", "receiver", "routes", "object_matchers", "group_by", "rules"),
    *("interval", "permissions", "role", "secondsToLive", "members", "userId", "text", "time"),
    *("tags", "folderUid", "parentUid", "version", "email", "permission", "login", "password"),
    *("data", "condition", "folderUID", "ruleGroup", "notification_settings", "theme"),
)
WRITES = [
    ("POST", "/api/folders"),
    ("PUT", "/api/folders/f1"),
    ("POST", "/api/folders/f1/move"),
    ("POST", "/api/access-control/folders/f1"),
    ("POST", "/api/datasources"),
    ("POST", "/api/dashboards/db"),
    ("POST", "/api/library-elements"),
    ("POST", "/api/annotations"),
    ("POST", "/api/teams"),
    ("PUT", "/api/teams/1/preferences"),
    ("POST", "/api/teams/1/members"),
    ("PUT", "/api/teams/1/members"),
    ("POST", "/api/serviceaccounts"),
    ("POST", "/api/serviceaccounts/2/tokens"),
    ("POST", "/api/admin/users"),
    ("POST", TIMINGS),
    ("PUT", POLICIES),
    ("POST", CONTACTS),
    ("PUT", GROUP),
    ("POST", f"{PROVISIONING}/alert-rules"),
    ("PUT", f"{PROVISIONING}/templates/t"),
]


@pytest.fixture(scope="module")
def beaten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grafana]:
    with served(tmp_path_factory.mktemp("beaten")) as client:
        client.post("/api/folders", json={"uid": "f1", "title": "F"})
        client.post("/api/teams", json={"name": "t"})
        client.post("/api/serviceaccounts", json={"name": "bot", "role": "Viewer"})
        yield client


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
@settings(max_examples=12, deadline=None)
@given(body=st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=6))
def test_no_body_makes_it_stumble(
    beaten: Grafana, write: tuple[str, str], body: dict[str, Any]
) -> None:
    answer = beaten.request(*write, json=body)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json()["message"]
