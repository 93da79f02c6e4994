"""Rule files as they are in the world: Kubernetes, several documents, anchors, any way to quote."""

from __future__ import annotations

import json
import re

import pytest

from belfry.lint.linting import lint
from belfry.lint.settings import Settings

RULE = "{alert: A, expr: up = 0}"
"""With one mistake, at the = ."""


def places(text: str, check: str = "promql-syntax") -> list[tuple[int, int]]:
    found = lint(text.encode(), "rules.yaml", Settings()).findings
    return [
        (one.place.line, one.place.column) for one in found if one.place and one.check.id == check
    ]


def marks(text: str) -> list[tuple[int, int]]:
    """Give the places at which the mistake stands."""
    return [
        (number, at.start() + 1)
        for number, line in enumerate(text.splitlines(), 1)
        for at in re.finditer("= 0", line)
    ]


def test_a_prometheus_rule_of_kubernetes_is_read() -> None:
    text = f"kind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    - {RULE}\n"
    assert places(text) == marks(text)


def test_a_list_of_them_is_read() -> None:
    text = (
        "kind: List\nitems:\n- kind: PrometheusRule\n  spec:\n    groups:\n    - name: a\n"
        f"      rules:\n      - {RULE}\n"
    )
    assert places(text) == marks(text)


def test_each_document_of_a_file_is_read() -> None:
    group = f"groups:\n- name: a\n  rules:\n  - {RULE}\n"
    other = group.replace("name: a", "name: b")
    text = f"{group}---\nkind: Service\n---\n{other}"
    assert places(text) == marks(text)
    assert len(marks(text)) == 2


def test_json_is_read() -> None:
    text = json.dumps({"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up = 0"}]}]})
    assert places(text) == marks(text)


def test_anchors_and_merge_keys_are_followed() -> None:
    text = (
        "groups:\n"
        "- name: a\n"
        "  rules:\n"
        "  - &first {alert: A, expr: &it up = 0, labels: {severity: bad}}\n"
        "  - {<<: *first, alert: B}\n"
        "  - {alert: C, expr: *it}\n"
    )
    assert places(text) == marks(text) * 3
    assert len(places(text, "unknown-severity")) == 2


def test_an_anchor_that_contains_itself_is_told_with_what_would_be_right() -> None:
    text = b"groups: &all\n- name: a\n  rules: *all\n"
    (found,) = lint(text, "rules.yaml", Settings()).findings
    assert (str(found.place), found.wrong, found.right) == (
        "rules.yaml:3:10",
        "this is not YAML: &all contains itself",
        "put something else in the place of *all",
    )


def test_a_byte_order_mark_and_other_line_ends_change_no_place() -> None:
    text = f"groups:\r\n- name: a\r\n  rules:\r\n  - {RULE}\r\n"
    assert places("\ufeff" + text) == marks(text)
    one_line = '{"groups": [{"name": "a", "rules": [{"alert": "A", "expr": "up = 0"}]}]}'
    assert places("\ufeff" + one_line) == marks(one_line)
    utf_16 = lint(text.encode("utf-16"), "a.yaml", Settings()).findings
    assert "promql-syntax" in {one.check.id for one in utf_16}


@pytest.mark.parametrize(
    "written",
    [
        "up = 0",
        "'up = 0'",
        '"up = 0"',
        "|\n      up\n        = 0",
        "|-\n\n      # why\n      up = 0",
        ">\n      up\n\n      = 0",
        ">2\n        up = 0",
        "up\n      = 0",
        "'up\n\n      = 0'",
        '"up \\\n      = 0"',
        '"up{a=\\"\\u00e9\\", b=\\"\\t\\"} = 0"',
        "'up{a=\"it''s\"} = 0'",
        "!!str up = 0",
        "&a  !!str 'up = 0'",
        'up{a="é😀"} = 0',
    ],
)
def test_a_mistake_is_placed_however_the_expression_is_written(written: str) -> None:
    text = f"groups:\n- name: a\n  rules:\n  - alert: A\n    expr: {written}\n"
    assert places(text) == marks(text)


def test_all_mistakes_of_a_file_are_told_at_once_in_its_order() -> None:
    text = "groups:\n- name: a\n  rules:\n" + f"  - {RULE}\n" * 3
    assert places(text) == marks(text)


NO_LIMITS = ("x", '"5"', "true", "[1]", "{}", ".inf", "99999999999999999999", "1e30", "5s")
LIMITS = ("5", "-1", "+5", "0x10", "0o17", "1e3", "1_000", "1.5", "", "~")


@pytest.mark.parametrize("limit", NO_LIMITS)
def test_a_limit_of_a_group_that_is_no_number_is_told(limit: str) -> None:
    text = f"groups:\n- name: a\n  limit: {limit}\n  rules: []\n"
    assert places(text, "wrong-kind") == [(3, 10)]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_limit_of_a_group_that_is_a_number_is_taken(limit: str) -> None:
    text = f"groups:\n- name: a\n  limit: {limit}\n  rules: []\n"
    assert places(text, "wrong-kind") == []


def test_a_silence_hides_what_it_names_and_nothing_else() -> None:
    text = (
        "groups:\n- name: a\n  rules:\n"
        "  # belfry-lint: off no-runbook -- the wiki has it\n"
        "  - {alert: A, expr: up == 0}\n"
        "  - {alert: B, expr: up == 0}\n"
    )
    assert places(text, "no-runbook") == [(6, 13)]
    assert places(text, "no-team") == [(5, 13), (6, 13)]


def test_two_thousand_mistakes_are_told() -> None:
    text = "groups:\n- name: a\n  rules:\n" + f"  - {RULE}\n" * 2_000
    assert len(places(text)) == 2_000


def test_a_silence_in_a_file_without_rules_is_told() -> None:
    text = "# belfry-lint: off no-team -- nobody\ngroups:\n- name: a\n  rules: []\n"
    assert places(text, "silence-unused") == [(1, 16)]
