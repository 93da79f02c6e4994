"""No resource type is without a component, and none is known here alone."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest
from pulumi import ComponentResource

import components.cloudflare
import components.grafana
from belfry import permissions
from tests.contract.cases import CASES
from tests.contract.resource_types import CLOUDFLARE, GRAFANA

if TYPE_CHECKING:
    from types import ModuleType

_MADE = {child for case in CASES.values() for child in case.children}
_BESIDE = {"worker_upload", "migrations", "provider", "sdk"}
"""Modules beside the components: what two of them share, the providers, how the SDK is loaded."""


@pytest.mark.parametrize("kind", [*CLOUDFLARE, *GRAFANA])
def test_every_resource_type_has_a_component_with_a_contract(kind: str) -> None:
    assert kind in _MADE


def test_a_component_makes_nothing_else() -> None:
    assert {*CLOUDFLARE, *GRAFANA} >= _MADE


def test_a_token_that_may_make_them_is_known_for_every_type() -> None:
    assert {*permissions.CLOUDFLARE} == {*CLOUDFLARE}
    assert {*permissions.GRAFANA} == {*GRAFANA}


@pytest.mark.parametrize("package", [components.cloudflare, components.grafana])
def test_every_component_stands_in_a_file_of_its_own_and_has_a_case(package: ModuleType) -> None:
    with_cases = {case.component for case in CASES.values()}
    for found in pkgutil.iter_modules(package.__path__):
        if found.name in _BESIDE:
            continue
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        (component,) = (
            one
            for one in vars(module).values()
            if isinstance(one, type)
            and issubclass(one, ComponentResource)
            and one.__module__ == module.__name__
        )
        assert component in with_cases
