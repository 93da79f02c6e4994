"""What services and providers write by themselves, by resource type: no drift, but nothing else is.

Sources: measured traffic of pulumi-cloudflare 6.23.1 and pulumiverse-grafana 2.44.0, Cloudflare's
API reference for defaults, and both SDKs' types for what a program cannot set.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.documents import Json

EMPTY: tuple[Json, ...] = (None, "", [], {})
"""Values that say as much as none."""

_STAMPS = frozenset(
    {
        *("etag", "generation", "resourceVersion", "revision", "version", "versionId"),
        *("lastModified", "lastUpdated", "modified", "modifiedAt", "modifiedOn"),
        *("updated", "updatedAt", "updatedOn"),
    }
)
"""Outputs that tell that something was written, and never what."""

OUTPUTS: Mapping[str, frozenset[str]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "cloudflare:index/accountToken:AccountToken": (
            "creatorEmailAtCreation issuedOn lastUsedOn modifiedOn provisionerId provisionerType"
            " value"
        ),
        "cloudflare:index/d1Database:D1Database": "createdAt fileSize numTables uuid version",
        "cloudflare:index/healthcheck:Healthcheck": "createdOn failureReason modifiedOn status",
        "cloudflare:index/hyperdriveConfig:HyperdriveConfig": "createdOn modifiedOn restartedOn",
        "cloudflare:index/logpushJob:LogpushJob": "errorMessage lastComplete lastError",
        "cloudflare:index/notificationPolicy:NotificationPolicy": "created modified",
        "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks": (
            "createdAt lastFailure lastSuccess type"
        ),
        "cloudflare:index/pagesProject:PagesProject": (
            "buildImageAutoUpgrade canonicalDeployment createdOn domains framework"
            " frameworkVersion latestDeployment previewScriptName productionScriptName subdomain"
            " usesFunctions"
        ),
        "cloudflare:index/queue:Queue": (
            "consumers consumersTotalCount createdOn modifiedOn producers producersTotalCount"
            " queueId"
        ),
        "cloudflare:index/queueConsumer:QueueConsumer": "consumerId createdOn queueName",
        "cloudflare:index/r2Bucket:R2Bucket": "creationDate",
        "cloudflare:index/ruleset:Ruleset": "lastUpdated version",
        "cloudflare:index/webAnalyticsSite:WebAnalyticsSite": (
            "created rules ruleset siteTag siteToken snippet"
        ),
        "cloudflare:index/workersCustomDomain:WorkersCustomDomain": "certId",
        "cloudflare:index/workersKvNamespace:WorkersKvNamespace": "supportsUrlEncoding",
        "cloudflare:index/workersScript:WorkersScript": (
            "createdOn etag handlers hasAssets hasModules lastDeployedFrom migrationTag modifiedOn"
            " namedHandlers placementMode placementStatus startupTimeMs"
        ),
        "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication": "aud",
        "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy": (
            "appCount createdAt reusable updatedAt"
        ),
        "grafana:oss/dashboard:Dashboard": "dashboardId uid url version",
        "grafana:oss/folder:Folder": "url",
        "grafana:oss/libraryPanel:LibraryPanel": (
            "created dashboardIds description folderName panelId type updated version"
        ),
        "grafana:oss/serviceAccountToken:ServiceAccountToken": "expiration hasExpired key",
        "grafana:oss/team:Team": "teamId teamUid",
    }.items()
}
"""Resource type → outputs that are no inputs: no program says them, and no update changes them."""

_ANY: tuple[Json, ...] = ()
"""The service chooses."""

FILLED: Mapping[str, Mapping[str, tuple[Json, ...]]] = {
    "cloudflare:index/healthcheck:Healthcheck": {
        "checkRegions": _ANY,
        "httpConfig.expectedCodes": (["200"], "200"),
    },
    "cloudflare:index/workersScript:WorkersScript": {
        "observability.enabled": (False,),
        "observability.headSamplingRate": (1,),
        "observability.logs.enabled": (False,),
        "observability.logs.headSamplingRate": (1,),
        "observability.logs.invocationLogs": _ANY,
        "observability.logs.persist": _ANY,
        "observability.traces.enabled": (False,),
        "observability.traces.headSamplingRate": (1,),
        "observability.traces.persist": _ANY,
    },
    "cloudflare:index/d1Database:D1Database": {"readReplication.mode": ("disabled",)},
    "cloudflare:index/hyperdriveConfig:HyperdriveConfig": {
        "caching.disabled": (False,),
        "caching.maxAge": (60,),
        "caching.staleWhileRevalidate": (15,),
        "originConnectionLimit": _ANY,
    },
}
"""Resource type → inputs, without places in lists, that the service fills in, and with what.

Empty values need no row: the description and the filters of a notification policy, the condition
of a token.
"""


def is_output(kind: str, path: str) -> bool:
    """Tell whether a path leads to what no program can set, or to when something was written."""
    names = _named(path).split(".")
    return names[0] in OUTPUTS.get(kind, ()) or names[-1] in _STAMPS


def fills(kind: str, path: str, value: Json) -> bool:
    """Tell whether a service writes such a value by itself where nothing was."""
    table = FILLED.get(kind, {})
    return all(
        name in table and (not table[name] or part in table[name])
        for name, part in _innermost(_named(path), value)
    )


def _innermost(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    """Give all that is not empty in a value."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _innermost(f"{path}.{name}", part)
    elif value not in EMPTY:
        yield path, value


def _named(path: str) -> str:
    return re.sub(r"\[\d+\]", "", path)
