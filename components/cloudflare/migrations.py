"""Durable Object migrations: which steps an upload of a Worker must carry, and no other may.

Cloudflare refuses (412) an upload that repeats a migration it has made, and the provider repeats
with every upload whatever the program declares. So the steps are worked out anew for each upload,
from the tag that is deployed. While nothing is uploaded they must stay as they were sent last, or
the Worker would show as changed; that tag is therefore recorded with the component, once the upload
has worked. An update that was interrupted before leaves no record, and the next asks Cloudflare.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

import pulumi
import pulumi_cloudflare as cloudflare
from pulumi import InvokeOutputOptions, Output

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi import Resource

    from belfry.arguments import Migration

UPLOAD = "upload"
"""The component's output that holds its Upload."""

_READ_OWN_STATE = "pulumi:pulumi:readStackResourceOutputs"


class Upload(TypedDict):
    """What is recorded of an upload that has worked."""

    digest: str
    """Of everything it held but the steps; secret, for it was made from secrets too."""
    base: str
    """The migration tag that its steps began after; empty: none."""
    etag: str | None
    """Cloudflare's own digest of the code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """The Worker as Cloudflare has it."""

    tag: str
    """Of the last migration made; empty: none."""
    etag: str | None


def migrations_after(
    base: str, migrations: Sequence[Migration]
) -> cloudflare.WorkersScriptMigrationsArgs | None:
    """Give the steps that lead from a tag to the newest migration; None when there are none.

    Args:
        base: the tag of the last migration made; empty: none was.
        migrations: all of them, oldest first.

    Raises:
        RunError: the tag is of no migration that is known here.

    """
    tags = [migration.tag for migration in migrations]
    if base and base not in tags:
        message = (
            f"The Worker's Durable Objects are at migration {base}, and this release knows "
            f"{', '.join(tags) or 'none'}: deploy with the release that made {base}, or newer."
        )
        raise pulumi.RunError(message)
    due = migrations[tags.index(base) + 1 :] if base else migrations
    if not due:
        return None
    return cloudflare.WorkersScriptMigrationsArgs(
        old_tag=base or None,
        new_tag=due[-1].tag,
        steps=[
            cloudflare.WorkersScriptMigrationsStepArgs(
                new_sqlite_classes=list(migration.new_sqlite_classes) or None,
                deleted_classes=list(migration.deleted_classes) or None,
            )
            for migration in due
        ],
    )


def chosen_base(deployed: Deployed, digest: str, recorded: Upload | None) -> str:
    """Choose the tag after which the steps of an upload begin.

    Args:
        deployed: the Worker as it is.
        digest: of the upload that is due if it differs from the last.
        recorded: the last upload that has worked, if it is known.

    """
    if recorded is None or recorded["digest"] != digest:
        return deployed.tag
    if deployed.etag and recorded["etag"] and deployed.etag != recorded["etag"]:
        return deployed.tag  # somebody changed the code at Cloudflare, and it is uploaded again
    return recorded["base"]


def digest_of(upload: cloudflare.WorkersScriptArgs) -> Output[str]:
    """Digest everything that an upload holds; secret if any of it is."""
    text = Output.json_dumps(dict(vars(upload)), default=vars, sort_keys=True)  # as it is now
    return text.apply(lambda value: hashlib.sha256(value.encode()).hexdigest())


def base_of(
    component: Resource, name: str, *, account_id: str, script: str, digest: Output[str]
) -> Output[str]:
    """Give the tag after which the steps of the upload begin.

    Args:
        component: the component that records the upload as its output UPLOAD.
        name: its name.
        account_id: where the Worker is.
        script: the Worker's name.
        digest: of the upload, from `digest_of`.

    """
    own = f"{component.pulumi_resource_type}::{name}"
    recorded: Output[Upload | None] = Output.from_input(_recorded(own))

    def choose(deployed: Deployed | None) -> str | Output[str]:
        if deployed is None:
            return ""
        both: Output[tuple[str, Upload | None]] = Output.all(digest, recorded)  # type: ignore[assignment]
        return Output.unsecret(both.apply(lambda values: chosen_base(deployed, *values)))

    return _deployed(component, account_id, script).apply(choose)


def _deployed(component: Resource, account_id: str, script: str) -> Output[Deployed | None]:
    found = cloudflare.get_workers_scripts_output(
        account_id=account_id, opts=InvokeOutputOptions(parent=component)
    )

    def choose(
        result: cloudflare.GetWorkersScriptsResult,
    ) -> Deployed | None:
        for one in result.results or ():
            if one.id == script:
                return Deployed(tag=one.migration_tag or "", etag=one.etag)
        return None

    return found.apply(choose)


async def _recorded(own: str) -> Upload | None:
    """Read what the last update of this very stack recorded for the component."""
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    state: Mapping[str, Mapping[str, Mapping[str, Mapping[str, Upload]]]]
    state = await pulumi.runtime.invoke_async(_READ_OWN_STATE, {"stackName": stack})
    for urn, resource in (state.get("outputs") or {}).items():
        if urn.endswith((f"::{own}", f"${own}")):
            return resource["outputs"].get(UPLOAD)
    return None
