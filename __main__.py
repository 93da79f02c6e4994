"""The Pulumi program: a stack's config and its platform file in, every resource out."""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path

import pulumi

import dashboards
from belfry.catalogue import load_catalogue
from belfry.compile import compile_stack, worker_url
from belfry.declared import as_json
from belfry.loading import find_platform, load_platform
from belfry.problems import Problems
from program.grafana_policy import check_grafana_policy
from program.secrets import resolve_secrets
from program.settings import read_settings

ROOT = Path(__file__).resolve().parent
HERE = Path(os.path.relpath(ROOT))


def main() -> None:
    """Read, compile, register, export; the providers' SDKs are imported when all is well."""
    gc.disable()  # what is made from here on stays
    settings = read_settings(ROOT)
    catalogue = load_catalogue(HERE / "alert_rules")
    platform = load_platform(
        find_platform(HERE, settings.platform),
        environment=settings.environment,
        catalogue=catalogue,
    )
    stack = compile_stack(
        platform,
        environment=settings.environment,
        catalogue=catalogue,
        worker_code=(ROOT / "worker" / "dist" / "monitoring.js").read_text(encoding="utf-8"),
        dashboards=dashboards.build(platform, settings.environment),
        target=settings.target,
    )
    secrets = resolve_secrets(stack.secrets, settings, platform)
    check_grafana_policy(stack.grafana.tree, settings)
    from program.register import register  # noqa: PLC0415 -- two seconds, for a right platform only

    # The SDKs are some hundred thousand objects that stay: a collector that looks at them again and
    # again takes a third of the time.
    if not gc.get_freeze_count():
        gc.freeze()
    gc.enable()
    gc.set_threshold(100_000, 50, 100)
    url = worker_url(stack, settings.target)
    registered = register(stack, settings=settings, worker_url=url, secrets=secrets)
    pulumi.export("platform", stack.platform)
    pulumi.export("environment", stack.environment)
    pulumi.export("worker", registered.worker)
    pulumi.export("dashboards", registered.dashboards)
    if settings.planning:
        pulumi.export("declared", json.dumps([as_json(one) for one in stack.declared]))


try:
    main()
except Problems as problems:
    raise pulumi.RunError(problems.render()) from problems
