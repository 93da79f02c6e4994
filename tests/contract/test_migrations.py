"""Which Durable Object migrations an upload carries: those that are due, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pytest

from belfry.arguments import Migration
from components.cloudflare.migrations import Deployed, Upload, chosen_base, migrations_after

if TYPE_CHECKING:
    from pulumi_cloudflare import WorkersScriptMigrationsArgs

V1 = Migration(tag="v1", new_sqlite_classes=("Observations", "Coordinator"))
V2 = Migration(tag="v2", new_sqlite_classes=("Journal",))
V3 = Migration(tag="v3", deleted_classes=("Observations",))

DEPLOYED = Deployed(tag="v2", etag="code-2")
RECORDED = Upload(digest="d1", base="v1", etag="code-2")


def sent(migrations: WorkersScriptMigrationsArgs | None) -> dict[str, object]:
    """Give what is sent, without what is not."""
    assert migrations is not None
    given = {key: value for key, value in vars(migrations).items() if value is not None}
    steps = given["steps"]
    return {
        **given,
        "steps": [
            {key: value for key, value in vars(step).items() if value is not None} for step in steps
        ],
    }


def test_a_new_worker_is_given_every_step() -> None:
    assert sent(migrations_after("", (V1, V2, V3))) == {
        "new_tag": "v3",
        "steps": [
            {"new_sqlite_classes": ["Observations", "Coordinator"]},
            {"new_sqlite_classes": ["Journal"]},
            {"deleted_classes": ["Observations"]},
        ],
    }


def test_an_older_worker_is_given_the_steps_that_it_lacks() -> None:
    assert sent(migrations_after("v2", (V1, V2, V3))) == {
        "old_tag": "v2",
        "new_tag": "v3",
        "steps": [{"deleted_classes": ["Observations"]}],
    }


def test_a_current_worker_is_given_none() -> None:
    assert migrations_after("v3", (V1, V2, V3)) is None


def test_a_worker_without_durable_objects_is_given_none() -> None:
    assert migrations_after("", ()) is None


def test_a_tag_of_a_newer_release_is_refused_with_the_remedy() -> None:
    with pytest.raises(pulumi.RunError, match=r"at migration v9.* knows v1, v2.*newer"):
        migrations_after("v9", (V1, V2))


def test_while_nothing_changes_the_steps_stay_as_they_were_sent() -> None:
    assert chosen_base(DEPLOYED, "d1", RECORDED) == "v1"


def test_a_changed_upload_begins_after_what_is_deployed() -> None:
    assert chosen_base(DEPLOYED, "d2", RECORDED) == "v2"


def test_an_upload_that_was_never_recorded_begins_after_what_is_deployed() -> None:
    assert chosen_base(DEPLOYED, "d1", None) == "v2"


def test_code_that_was_changed_by_hand_is_uploaded_again_after_what_is_deployed() -> None:
    assert chosen_base(Deployed(tag="v2", etag="another"), "d1", RECORDED) == "v2"


def test_a_service_that_tells_no_etag_is_believed() -> None:
    assert chosen_base(Deployed(tag="v2", etag=None), "d1", RECORDED) == "v1"
    assert chosen_base(DEPLOYED, "d1", Upload(digest="d1", base="v1", etag=None)) == "v1"
