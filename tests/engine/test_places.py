"""Where inside a property two values differ, as the real plugins tell it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.standins.places import Difference, places


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (1, 1, {}),
        ([{"a": [1, 2]}], [{"a": [1, 2]}], {}),
        (1, 2, {"p": Difference.CHANGED}),
        (None, 2, {"p": Difference.ADDED}),
        (False, None, {"p": Difference.REMOVED}),
        ([{"for": "1m", "name": "n"}], [{"for": "2m", "name": "n"}], {"p[0].for": "changed"}),
        ([1], [1, {"a": 1}], {"p[1]": "added"}),
        ([1, 2], [1], {"p[1]": "removed"}),
        ({"a": {"b": 1}}, {"a": {}}, {"p.a.b": "removed"}),
        ({"a": {"b.c": 1}}, {"a": {"b.c": 2}}, {'p.a["b.c"]': "changed"}),
        ({"a": [1]}, {"a": {"b": 1}}, {"p.a": "changed"}),
    ],
)
def test_a_difference_is_told_by_its_innermost_place(
    old: Any, new: Any, told: dict[str, Difference]
) -> None:
    assert dict(places(old, new, "p")) == told
