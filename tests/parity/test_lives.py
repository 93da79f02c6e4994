"""Every resource type lives its life through a plugin: the stand-in, or a real one by its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
import pytest

from engine.standins.naming import snake
from tests.parity import golden
from tests.parity.lives import (
    AfterRefresh,
    DeleteGone,
    Drift,
    Life,
    Mistake,
    Replacement,
    files,
    read,
)
from tests.parity.plugins import secrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.parity.resources import Resource
    from tests.parity.stage import Stage

    Set = Callable[[Life], Stage]

LIVES = [read(path) for path in files()]


def lives(having: Callable[[Life], Any] = lambda _: True) -> pytest.MarkDecorator:
    """Every life that has something to say about a matter."""
    chosen = [life for life in LIVES if having(life)]
    return pytest.mark.parametrize("life", chosen, ids=[life.name for life in chosen])


def each(
    what: Callable[[Life], tuple[Any, ...]], name: Callable[[Any], str]
) -> pytest.MarkDecorator:
    """Every entry of a list of every life."""
    chosen = [(life, one) for life in LIVES for one in what(life)]
    return pytest.mark.parametrize(
        ("life", "one"), chosen, ids=[f"{life.name}: {name(one)}" for life, one in chosen]
    )


def refreshed(it: Resource, life: Life, program: dict[str, Any]) -> None:
    """Refresh, and expect what the life says; the next `up` then puts a false difference right."""
    assert it.read(), "a refresh does not find it"
    difference = it.diff(program)
    assert difference.changed == (life.after_refresh is AfterRefresh.CHANGED), difference
    if difference.changed:
        it.update(program)
        assert not it.diff(program).changed


@lives()
def test_it_is_made_changed_and_deleted_and_leaves_nothing(life: Life, stage: Set) -> None:
    scene = stage(life)
    scene.prepare()
    program = scene.program()
    it = scene.resource()
    it.create(program)
    assert it.id
    scene.compare("create")

    assert not it.diff(program).changed
    assert scene.taken() == (), "nothing changed, and the service was called"

    assert it.read()
    scene.compare("refresh")
    refreshed(it, life, program)
    scene.taken()

    if life.change:
        changed = scene.program(life.change)
        difference = it.diff(changed)
        assert difference.changed
        assert not difference.replaces, difference
        scene.taken()
        before = it.id
        it.update(changed)
        assert it.id == before
        scene.compare("update")
        assert not it.diff(changed).changed
        refreshed(it, life, changed)
        scene.taken()

    it.delete()
    scene.compare("destroy")
    scene.leave()


@lives(lambda life: life.recording)
def test_what_it_says_after_a_refresh_is_what_was_recorded(life: Life) -> None:
    assert life.recording
    counted = golden.read(life.recording).summaries.get("after")
    if counted is not None:
        assert ("update" in counted) == (life.after_refresh is AfterRefresh.CHANGED), counted


@each(lambda life: life.drift, lambda drift: drift.name)
def test_a_change_in_the_service_is_noticed_or_is_known_not_to_be(
    life: Life, one: Drift, stage: Set
) -> None:
    scene = stage(life)
    it = scene.made()
    program = scene.program()
    scene.do(one.calls, it)
    assert it.read()
    difference = it.diff(program)
    expected = one.seen or life.after_refresh is AfterRefresh.CHANGED
    assert difference.changed == expected, difference
    if one.seen and not difference.replaces:
        it.update(program)
        refreshed(it, life, program)
    it.delete()
    scene.leave()


@lives(lambda life: life.gone)
def test_it_is_gone_once_the_service_has_lost_it(life: Life, stage: Set) -> None:
    scene = stage(life)
    it = scene.made()
    scene.do(life.gone, it)
    scene.taken()
    assert not it.read()
    scene.compare("refresh_after_delete_in_service")
    if life.delete_gone is DeleteGone.ERROR:
        with pytest.raises(grpc.RpcError):
            it.delete()
    else:
        it.delete()
    scene.clear()
    assert scene.objects() == scene.before


@lives(lambda life: life.imported)
def test_it_is_imported_as_the_program_has_it(life: Life, stage: Set) -> None:
    assert life.imported
    scene = stage(life)
    it = scene.made()
    found = scene.resource()
    assert found.adopt(scene.filled(life.imported.id, it))
    assert found.id == it.id
    difference = found.diff(scene.program())
    # A plugin may name more than what differs: what it will only know after the change.
    differs = set(life.imported.differs)
    assert differs <= difference.names, difference
    assert difference.names & life.inputs.keys() <= differs, difference
    assert difference.changed == bool(differs), difference
    found.delete()
    scene.leave()


@lives(lambda life: life.replace)
def test_a_change_that_needs_another_object_says_so(life: Life, stage: Set) -> None:
    scene = stage(life)
    it = scene.made()
    for name, value in life.replace.items():
        difference = it.diff(scene.program({name: value}))
        assert difference.changed
        assert name in difference.replaces, (name, difference)
    it.delete()
    scene.leave()


@lives(lambda life: life.endless)
def test_what_never_settles_differs_as_soon_as_it_is_made(life: Life, stage: Set) -> None:
    scene = stage(life)
    scene.prepare()
    it = scene.resource()
    program = scene.program(life.endless)
    it.create(program)
    for _ in range(2):
        assert it.diff(program).names == set(life.endless)
        assert it.read()
    it.delete()
    scene.leave()


@lives(lambda life: life.replacement)
def test_a_replacement_goes_as_recorded(life: Life, stage: Set) -> None:
    scene = stage(life)
    old = scene.made()
    program = scene.program(life.replace)
    difference = old.diff(program)
    assert difference.delete_first == (life.replacement is Replacement.OLD_FIRST)
    scene.taken()
    new = scene.resource()
    if difference.delete_first:
        old.delete()
    new.create(program)
    if not difference.delete_first:
        old.delete()
    if not life.change:
        scene.compare("update")
    if life.replacement is Replacement.LOSES_NEW:
        assert not new.read(), "the deletion of the old one should have taken the new one along"
    else:
        assert new.read()
        assert new.diff(program).changed == (life.after_refresh is AfterRefresh.CHANGED)
        new.delete()
    scene.leave()


@lives(lambda life: life.secret)
def test_its_secrets_come_back_as_such(life: Life, stage: Set) -> None:
    scene = stage(life)
    it = scene.made()
    assert secrets(it.outputs) >= set(life.secret)
    it.read()
    assert secrets(it.outputs) >= set(life.secret)
    it.delete()
    scene.leave()


@lives()
def test_a_preview_knows_less_and_calls_nobody(life: Life, stage: Set) -> None:
    scene = stage(life)
    scene.unknown_needs = True
    told = scene.resource().preview(scene.program())
    assert set(told.fields) >= {name for name in life.inputs if not name.startswith("__")}
    assert scene.taken() == ()


@lives(lambda life: life.change)
def test_a_preview_of_a_change_changes_nothing(life: Life, stage: Set) -> None:
    scene = stage(life)
    it = scene.made()
    scene.taken()
    it.preview(scene.program(life.change))
    assert [call.method for call in scene.taken() if call.method != "GET"] == []
    it.delete()
    scene.leave()


@each(lambda life: life.refused, lambda mistake: mistake.property)
def test_a_mistake_is_refused_by_its_property(life: Life, one: Mistake, stage: Set) -> None:
    scene = stage(life)
    scene.unknown_needs = True
    try:
        answer = scene.resource().check(scene.program(one.inputs))
    except grpc.RpcError as error:  # a plugin may not get as far as telling the failure as such
        said = [str(error)]
    else:
        said = [f"{failure.property} {failure.reason}" for failure in answer.failures]
    names = (one.property, snake(one.property))
    assert any(name in text for text in said for name in names), said or "it was taken"
