"""What lies around Workers: crons, addresses, routes, domains, KV namespaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.standins.cloudflare import filled, request
from engine.standins.cloudflare_kind import CloudflareKind
from engine.standins.naming import as_value

if TYPE_CHECKING:
    from engine.standins.api import Api
    from engine.standins.values import Properties, Value


def workers_scripts(api: Api, arguments: Properties) -> Properties:
    """The lookup `getWorkersScripts`: every script of an account, with its migration tag."""
    path = filled("/accounts/{accountId}/workers/scripts", arguments)
    scripts: list[Value] = []
    match request(api, "GET", path).json():
        case {"result": list(found)}:
            scripts = [_camel(as_value(script)) for script in found]
    return {**arguments, "results": scripts}


def _camel(script: Value) -> Value:
    if not isinstance(script, dict):
        return script
    return {
        re.sub(r"_([a-z])", lambda found: found[1].upper(), name): value
        for name, value in script.items()
        if value is not None
    }


_ACCOUNT = frozenset({"accountId"})
_SCRIPT = frozenset({"accountId", "scriptName"})

KINDS: tuple[CloudflareKind, ...] = (
    CloudflareKind(
        type="cloudflare:index/workersCronTrigger:WorkersCronTrigger",
        sdk="pulumi_cloudflare:WorkersCronTrigger",
        named_by="scriptName",
        repeatable=True,
        replaced_on=_SCRIPT,
        create_at="PUT /accounts/{accountId}/workers/scripts/{scriptName}/schedules",
        update_at="PUT /accounts/{accountId}/workers/scripts/{scriptName}/schedules",
        item="/accounts/{accountId}/workers/scripts/{scriptName}/schedules",
        id_from="scriptName",
        import_form="{accountId}/{scriptName}",
        aside=_SCRIPT,
        deletable=False,
        blind=True,
        bare="schedules",
    ),
    CloudflareKind(
        type="cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
        sdk="pulumi_cloudflare:WorkersScriptSubdomain",
        named_by="scriptName",
        repeatable=True,
        replaced_on=_SCRIPT,
        create_at="POST /accounts/{accountId}/workers/scripts/{scriptName}/subdomain",
        update_at="POST /accounts/{accountId}/workers/scripts/{scriptName}/subdomain",
        item="/accounts/{accountId}/workers/scripts/{scriptName}/subdomain",
        id_from="scriptName",
        import_form="{accountId}/{scriptName}",
        aside=_SCRIPT,
        computed=frozenset({"previewsEnabled"}),
    ),
    CloudflareKind(
        type="cloudflare:index/workersKvNamespace:WorkersKvNamespace",
        sdk="pulumi_cloudflare:WorkersKvNamespace",
        named_by="title",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/storage/kv/namespaces",
        update_at="PUT /accounts/{accountId}/storage/kv/namespaces/{id}",
        item="/accounts/{accountId}/storage/kv/namespaces/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
    ),
    CloudflareKind(
        type="cloudflare:index/workersRoute:WorkersRoute",
        sdk="pulumi_cloudflare:WorkersRoute",
        named_by="pattern",
        replaced_on=frozenset({"zoneId"}),
        create_at="POST /zones/{zoneId}/workers/routes",
        update_at="PUT /zones/{zoneId}/workers/routes/{id}",
        item="/zones/{zoneId}/workers/routes/{id}",
        id_in="id",
        import_form="{zoneId}/{id}",
        aside=frozenset({"zoneId"}),
        notices_additions=True,
    ),
    CloudflareKind(
        type="cloudflare:index/workersCustomDomain:WorkersCustomDomain",
        sdk="pulumi_cloudflare:WorkersCustomDomain",
        named_by="hostname",
        repeatable=True,
        # There is no update. The service knows a domain by its hostname: a replacement that makes
        # the new one first gets the old one's id, and deleting the old one takes the domain away.
        replaced_on=frozenset(
            {"accountId", "hostname", "service", "environment", "zoneId", "zoneName"}
        ),
        create_at="PUT /accounts/{accountId}/workers/domains",
        update_at="PUT /accounts/{accountId}/workers/domains",
        item="/accounts/{accountId}/workers/domains/{id}",
        id_in="id",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        computed=frozenset({"environment", "zoneId", "zoneName"}),
        notices_additions=True,
    ),
)
