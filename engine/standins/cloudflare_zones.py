"""What stands before and beside a site: rulesets, Pages, Logpush, Web Analytics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from typing_extensions import override

from engine.standins.cloudflare_kind import CloudflareKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.documents import Json
    from engine.standins.shapes import KindShape
    from engine.standins.values import Properties, Value

_ACCOUNT = frozenset({"accountId"})
_EITHER = frozenset({"accountId", "zoneId"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PagesProjectKind(CloudflareKind):
    """A project whose secret variables are never told."""

    @override
    def _equal(self, name: str, old: Value, new: Value) -> bool:
        match old, new:
            case {"type": "secret_text"}, {"type": "secret_text"}:
                return True
            case _:
                return old == new


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAnalyticsKind(CloudflareKind):
    """A site, whose zone is told with its rules."""

    @override
    def _found(self, shape: KindShape, theirs: Mapping[str, Json]) -> Properties:
        found = super(WebAnalyticsKind, self)._found(shape, theirs)
        match found:
            case {"ruleset": {"zoneTag": str(zone)}}:
                return {**found, "zoneTag": zone}
            case _:
                return found


_ENVIRONMENT: dict[str, Value] = {
    "alwaysUseLatestCompatibilityDate": False,
    "buildImageMajorVersion": 3,
    "failOpen": True,
}

KINDS: tuple[CloudflareKind, ...] = (
    CloudflareKind(
        type="cloudflare:index/ruleset:Ruleset",
        sdk="pulumi_cloudflare:Ruleset",
        named_by="name",
        replaced_on=_EITHER | {"kind", "name", "phase"},
        create_at="POST /{scope}/rulesets",
        update_at="PUT /{scope}/rulesets/{id}",
        item="/{scope}/rulesets/{id}",
        id_in="id",
        import_form="{scope}/{id}",
        aside=_EITHER,
        one_of=("accountId", "zoneId"),
        defaults={
            "description": "",
            "rules": {
                "actionParameters": {},
                "description": "",
                "enabled": True,
                "ratelimit": {"requestsToOrigin": False},
            },
        },
        computed=frozenset(
            {
                *("rules", "rules.id", "rules.ref", "rules.logging", "rules.logging.enabled"),
                "rules.ratelimit.mitigationTimeout",
            }
        ),
        notices_additions=True,
        renamed={"statusCodeTtls": "status_code_ttl", "checkPresences": "check_presence"},
    ),
    PagesProjectKind(
        type="cloudflare:index/pagesProject:PagesProject",
        sdk="pulumi_cloudflare:PagesProject",
        named_by="name",
        replaced_on=frozenset({"accountId", "name"}),
        create_at="POST /accounts/{accountId}/pages/projects",
        update_at="PATCH /accounts/{accountId}/pages/projects/{name}",
        item="/accounts/{accountId}/pages/projects/{name}",
        id_from="name",
        import_form="{accountId}/{name}",
        aside=_ACCOUNT,
        partial=True,
        defaults={"deploymentConfigs": {"preview": _ENVIRONMENT, "production": _ENVIRONMENT}},
        computed=frozenset(
            {
                *("buildConfig", "deploymentConfigs", "source.config"),
                *("deploymentConfigs.preview", "deploymentConfigs.production"),
                *(
                    f"deploymentConfigs.{environment}.{name}"
                    for environment in ("preview", "production")
                    for name in ("compatibilityDate", "usageModel")
                ),
                *(
                    f"buildConfig.{name}"
                    for name in ("buildCaching", "buildCommand", "destinationDir", "rootDir")
                ),
                *("buildConfig.webAnalyticsTag", "buildConfig.webAnalyticsToken"),
            }
        ),
        notices_additions=True,
        sealed=(
            ("buildConfig", "webAnalyticsToken"),
            ("deploymentConfigs", "preview", "envVars", "*", "value"),
            ("deploymentConfigs", "production", "envVars", "*", "value"),
        ),
    ),
    CloudflareKind(
        type="cloudflare:index/logpushJob:LogpushJob",
        sdk="pulumi_cloudflare:LogpushJob",
        named_by="name",
        replaced_on=_EITHER,
        create_at="POST /{scope}/logpush/jobs",
        update_at="PUT /{scope}/logpush/jobs/{id}",
        item="/{scope}/logpush/jobs/{id}",
        id_in="id",
        import_form="{scope}/{id}",
        aside=_EITHER,
        defaults={
            "enabled": False,
            "filter": "",
            "frequency": "high",
            "kind": "",
            "logpullOptions": "",
            "maxUploadBytes": 0,
            "maxUploadIntervalSeconds": 0,
            "maxUploadRecords": 0,
            "name": "",
            "outputOptions": {"cve202144228": False},
        },
        computed=frozenset({"dataset"}),
        notices_additions=True,
        nulled=frozenset({"kind"}),
        unseen=frozenset({"ownershipChallenge"}),
        renamed={"cve202144228": "CVE-2021-44228"},
        sealed=(("destinationConf",), ("ownershipChallenge",)),
        bounds={
            "maxUploadBytes": ((0, 0), (5_000_000, 1_000_000_000)),
            "maxUploadIntervalSeconds": ((0, 0), (30, 300)),
            "maxUploadRecords": ((0, 0), (1000, 1_000_000)),
            "outputOptions.sampleRate": ((0, 1),),
        },
    ),
    WebAnalyticsKind(
        type="cloudflare:index/webAnalyticsSite:WebAnalyticsSite",
        sdk="pulumi_cloudflare:WebAnalyticsSite",
        named_by="host",
        replaced_on=_ACCOUNT,
        create_at="POST /accounts/{accountId}/rum/site_info",
        update_at="PUT /accounts/{accountId}/rum/site_info/{id}",
        item="/accounts/{accountId}/rum/site_info/{id}",
        id_in="site_tag",
        import_form="{accountId}/{id}",
        aside=_ACCOUNT,
        unseen=frozenset({"enabled", "host", "lite", "zoneTag"}),
        untold=frozenset({"host"}),
        notices_additions=True,
    ),
)
