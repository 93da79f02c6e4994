"""The upload of the monitoring Worker: what it carries, and when its migrations do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pulumi import Output

from components.cloudflare import monitoring_worker
from components.cloudflare.migrations import digest_of
from components.cloudflare.monitoring_worker import MonitoringWorker, MonitoringWorkerArgs
from engine.recorder import NOTHING_DEPLOYED, PlannedResource, observe
from tests.contract.values import ACCOUNT, WORKER_URL, worker_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_cloudflare import WorkersScriptArgs

    from belfry import arguments
    from engine.documents import Json

UNKNOWN: dict[str, Json] = {"unknown": True}
SCRIPTS = "cloudflare:index/getWorkersScripts:getWorkersScripts"
STATE = "pulumi:pulumi:readStackResourceOutputs"
VALUES = worker_values("prod")
STEPS = {"newTag": "v1", "steps": [{"newSqliteClasses": ["Coordinator"]}]}


def deployed(tag: str | None, *, script: str = VALUES.script) -> dict[str, dict[str, Json]]:
    found: dict[str, Json] = {"id": script, "etag": "code"}
    if tag is not None:
        found["migrationTag"] = tag
    return {SCRIPTS: {"results": [{"id": "another", "migrationTag": "v7"}, found]}}


def recorded(digest: str, base: str) -> dict[str, dict[str, Json]]:
    urn = f"urn:pulumi:test::belfry::belfry:cloudflare:MonitoringWorker::{VALUES.script}"
    upload: dict[str, Json] = {"digest": digest, "base": base, "etag": "code"}
    return {STATE: {"outputs": {urn: {"outputs": {"upload": upload}}}}}


def resources(
    values: arguments.MonitoringWorker = VALUES,
    *,
    lookups: Mapping[str, Mapping[str, Json]] = NOTHING_DEPLOYED,
    slack: str = "hush",
    preview: bool = False,
) -> dict[str, PlannedResource]:
    """Register the Worker and give what was registered, by the last part of its type."""

    def program() -> None:
        secrets = {"slack": Output.secret(slack), "vote": Output.secret("vote")}
        args = MonitoringWorkerArgs(
            account_id=ACCOUNT, worker=values, url=WORKER_URL, secrets=secrets
        )
        MonitoringWorker(values.script, args)

    found = observe(program, lookups={**NOTHING_DEPLOYED, **lookups}, preview=preview)
    return {one.type.rpartition(":")[2]: one for one in found.resources}


@pytest.fixture
def digests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Digests of the uploads of a test, in order."""
    seen: list[str] = []

    def tapped(upload: WorkersScriptArgs) -> Output[str]:
        def see(digest: str) -> str:
            seen.append(digest)
            return digest

        return digest_of(upload).apply(see)

    monkeypatch.setattr(monitoring_worker, "digest_of", tapped)
    return seen


def test_the_first_upload_carries_all_migrations(*, preview: bool) -> None:
    assert resources(preview=preview)["WorkersScript"].inputs["migrations"] == STEPS


def test_an_upload_over_a_worker_without_durable_objects_carries_all_migrations() -> None:
    inputs = resources(lookups=deployed(None))["WorkersScript"].inputs
    assert inputs["migrations"] == STEPS


def test_a_later_upload_carries_none() -> None:
    inputs = resources(lookups=deployed("v1"))["WorkersScript"].inputs
    assert inputs.get("migrations") is None


def test_another_workers_migrations_do_not_matter() -> None:
    inputs = resources(lookups=deployed("v1", script="yet-another"))["WorkersScript"].inputs
    assert inputs["migrations"] == STEPS


def test_while_nothing_changes_the_upload_stays_as_it_was(digests: list[str]) -> None:
    resources()
    lookups = {**deployed("v1"), **recorded(digests[0], base="")}
    assert resources(lookups=lookups)["WorkersScript"].inputs["migrations"] == STEPS
    assert digests[1] == digests[0]


def test_a_changed_upload_after_the_first_carries_none(digests: list[str]) -> None:
    resources()
    lookups = {**deployed("v1"), **recorded(digests[0], base="")}
    changed = resources(replace(VALUES, code="export default {};//"), lookups=lookups)
    assert changed["WorkersScript"].inputs.get("migrations") is None


def test_every_part_of_the_upload_is_in_its_digest_secrets_too(digests: list[str]) -> None:
    resources()
    resources(slack="hush, hush")
    for changed in (
        replace(VALUES, code="export default {};//"),
        replace(VALUES, compatibility_date="2026-07-01"),
        replace(VALUES, compatibility_flags=()),
        replace(VALUES, variables=(("ENVIRONMENT", "other"),)),
        replace(VALUES, durable_objects=(("COORDINATOR", "Other"),)),
    ):
        resources(changed)
    assert len(set(digests)) == 7


def test_configuration_and_crons_are_no_part_of_the_upload(digests: list[str]) -> None:
    resources()
    resources(replace(VALUES, configuration="{}", crons=("*/5 * * * *",)))
    assert digests[0] == digests[1]


def test_an_upload_is_recorded_once_it_has_worked_its_digest_as_a_secret(*, preview: bool) -> None:
    component = resources(preview=preview)["MonitoringWorker"]
    assert component.outputs is not None
    recorded = {"digest": {"secret": "digest"}, "base": "", "etag": None}
    assert component.outputs["upload"] == {**recorded, **({"etag": UNKNOWN} if preview else {})}


def test_the_first_tick_finds_a_configuration_and_messages_find_the_worker() -> None:
    made = resources()
    assert made["WorkersKv"].key in made["WorkersCronTrigger"].depends_on
    for kind in ("WorkersCronTrigger", "QueueConsumer", "WorkersScriptSubdomain"):
        assert made["WorkersScript"].key in made[kind].depends_on
    assert made["QueueConsumer"].inputs["queueId"] == f"{VALUES.queue}-id"


def test_the_archive_expires_after_whole_days() -> None:
    rules = resources()["R2BucketLifecycle"].inputs["rules"]
    assert rules == [
        {
            "id": "archive",
            "enabled": True,
            "conditions": {"prefix": ""},
            "deleteObjectsTransition": {"condition": {"type": "Age", "maxAge": 2 * 86_400}},
        }
    ]


def test_what_providers_lose_is_never_set() -> None:
    inputs = resources()["WorkersScript"].inputs
    assert not inputs.keys() & {"files", "placement"}
    assert inputs["observability"] == {
        "enabled": True,
        "headSamplingRate": 1,
        "logs": {
            "enabled": True,
            "headSamplingRate": 1,
            "invocationLogs": True,
            "persist": True,
        },
    }
