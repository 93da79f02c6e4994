"""A Worker of one module, whatever it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
from pulumi import ComponentResource, ResourceOptions

from components.cloudflare.migrations import UPLOAD, base_of, digest_of, migrations_after
from components.cloudflare.worker_upload import Bound, upload

if TYPE_CHECKING:
    from pulumi import Output

    from belfry.arguments.worker_scripts import WorkerScript as Values


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerScriptArgs:
    """What WorkerScript is made of."""

    account_id: str
    worker: Values
    bound: Bound
    """What its bindings lead to, and the values of its secrets."""


class WorkerScript(ComponentResource):
    """A Worker with its bindings, uploaded with the migrations that are due and no other.

    Its secrets are bindings, and only their values are wrapped as secrets here. The provider then
    hides the whole list of bindings in diffs, for it knows secrecy of lists only as a whole.
    """

    script: Output[str]
    """Its name, known once it is uploaded."""

    def __init__(
        self, name: str, args: WorkerScriptArgs, opts: ResourceOptions | None = None
    ) -> None:
        super().__init__("belfry:cloudflare:WorkerScript", name, None, opts)
        worker = args.worker
        uploaded = upload(args.account_id, worker, args.bound)
        digest = digest_of(uploaded)
        base = base_of(self, name, account_id=args.account_id, script=worker.script, digest=digest)
        uploaded.migrations = base.apply(lambda tag: migrations_after(tag, worker.migrations))
        script = cloudflare.WorkersScript(name, uploaded, ResourceOptions(parent=self))
        self.script = script.script_name
        # `etag` is known after the upload: nothing is recorded of one that failed.
        recorded = {"digest": digest, "base": base, "etag": script.etag}
        self.register_outputs({"script": self.script, UPLOAD: recorded})
