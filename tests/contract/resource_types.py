"""Every resource type that the platforms need, and where the SDKs keep its metadata."""

from __future__ import annotations

CLOUDFLARE = tuple(
    f"cloudflare:index/{name[:1].lower()}{name[1:]}:{name}"
    for name in (
        "Healthcheck",
        "NotificationPolicyWebhooks",
        "NotificationPolicy",
        "WorkersScript",
        "WorkersCronTrigger",
        "WorkersScriptSubdomain",
        "WorkersKvNamespace",
        "WorkersKv",
        "R2Bucket",
        "R2BucketLifecycle",
        "R2BucketLock",
        "Queue",
        "QueueConsumer",
        "WorkersRoute",
        "WorkersCustomDomain",
        "D1Database",
        "HyperdriveConfig",
        "Ruleset",
        "ZeroTrustAccessApplication",
        "ZeroTrustAccessPolicy",
        "PagesProject",
        "LogpushJob",
        "WebAnalyticsSite",
        "AccountToken",
    )
)
GRAFANA = (
    "grafana:oss/folder:Folder",
    "grafana:oss/folderPermission:FolderPermission",
    "grafana:oss/team:Team",
    "grafana:oss/serviceAccount:ServiceAccount",
    "grafana:oss/serviceAccountToken:ServiceAccountToken",
    "grafana:oss/dataSource:DataSource",
    "grafana:oss/dashboard:Dashboard",
    "grafana:oss/libraryPanel:LibraryPanel",
    "grafana:oss/annotation:Annotation",
    "grafana:alerting/ruleGroup:RuleGroup",
    "grafana:alerting/contactPoint:ContactPoint",
    "grafana:alerting/messageTemplate:MessageTemplate",
    "grafana:alerting/muteTiming:MuteTiming",
    "grafana:alerting/notificationPolicy:NotificationPolicy",
)
_NAMED = {"QueueConsumer": ":QueueConsumerInitArgs"}
"""Where the SDK calls the arguments of a resource otherwise."""


def sdk_class(token: str) -> str:
    """Give module and class of a type, as the reader of the SDKs' metadata takes them."""
    package, module, name = token.split(":")
    if package == "cloudflare":
        return f"pulumi_cloudflare:{name}{_NAMED.get(name, '')}"
    return f"pulumiverse_grafana.{module.split('/')[0]}:{name}"
