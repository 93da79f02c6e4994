"""The page on tokens says what the plans of the shipped stacks need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from belfry.permissions import CLOUDFLARE, GRAFANA, permissions
from cli.tokens_page import WRITTEN, page, shipped_plans
from tests.contract.cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@pytest.fixture(scope="module")
def plans() -> Mapping[str, Iterable[str]]:
    return shipped_plans()


def test_the_page_is_what_make_docs_writes(plans: Mapping[str, Iterable[str]]) -> None:
    assert WRITTEN.read_text(encoding="utf-8") == page(plans), "run `make docs`"


def test_every_type_of_every_shipped_stack_has_its_permission(
    plans: Mapping[str, Iterable[str]],
) -> None:
    for types in plans.values():
        permissions(types)


def test_no_permission_is_kept_for_a_type_that_no_component_makes() -> None:
    made = {child for case in CASES.values() for child in case.children}
    assert not {*CLOUDFLARE, *GRAFANA} - made


def test_a_stack_that_needs_less_is_said_to(plans: Mapping[str, Iterable[str]]) -> None:
    less = [one for one in plans["prod"] if "queue" not in one]
    assert "- the stack `less` needs all but Queues" in page({**plans, "less": less})
