"""Arguments made by hand, one of each component of Cloudflare's; names hold the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from belfry import arguments
from belfry.arguments import AlertType, Filter, Migration, Secret
from belfry.arguments.access_applications import AccessApplication, AccessPolicy, Decision, Who
from belfry.arguments.api_tokens import ApiToken, Grant
from belfry.arguments.databases import D1Database, HyperdriveConfig
from belfry.arguments.logpush import Dataset, LogpushJob
from belfry.arguments.notifications import PagerDutyDestination
from belfry.arguments.rulesets import Action, Answer, Phase, Rate, RequestRule, Ruleset
from belfry.arguments.sites import PagesProject, WebAnalyticsSite
from belfry.arguments.storage import (
    DAY,
    Expiry,
    KvEntry,
    KvNamespace,
    Lock,
    Queue,
    QueueConsumer,
    R2Bucket,
)
from belfry.arguments.worker_bindings import (
    AnalyticsEngineBinding,
    Binding,
    D1Binding,
    DurableObjectBinding,
    HyperdriveBinding,
    JsonBinding,
    KvBinding,
    MailBinding,
    QueueBinding,
    R2Binding,
    RateLimitBinding,
    SecretBinding,
    ServiceBinding,
    StoredSecretBinding,
    TextBinding,
    VersionBinding,
)
from belfry.arguments.worker_scripts import (
    CronTriggers,
    CustomDomain,
    WorkerLimits,
    WorkerRoutes,
    WorkerScript,
    WorkersDev,
)
from components.cloudflare import (
    access_application,
    api_token,
    cron_triggers,
    custom_domain,
    d1_database,
    health_checks,
    hyperdrive_config,
    kv_namespace,
    logpush_job,
    monitoring_worker,
    notifications,
    pages_project,
    queue,
    r2_bucket,
    ruleset,
    web_analytics_site,
    worker_routes,
    worker_script,
    workers_dev,
)
from components.cloudflare.worker_upload import Bound
from tests.contract.values import ACCOUNT, WORKER_URL, ZONE, Case, secret, worker_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi import ComponentResource

SECRET = Secret(name="s")
CODE = "export default {};"


def case(
    component: Callable[..., ComponentResource],
    args: type,
    make: Callable[[str], dict[str, Any]],
    *children: str,
    secrets: int = 0,
) -> Case:
    """Make a case of a component called shop-<environment>, from its arguments."""
    return Case(
        component=component,
        args=args,
        make=lambda environment: (f"shop-{environment}", args(**make(f"shop-{environment}"))),
        children=tuple(f"cloudflare:index/{one[:1].lower()}{one[1:]}:{one}" for one in children),
        secrets=secrets,
    )


def _health_checks(name: str) -> dict[str, Any]:
    check = arguments.HealthCheck(
        name=f"{name}-api",
        description="The API",
        address="api.shop.example",
        scheme="HTTPS",
        port=443,
        path="/health",
        method="GET",
        expected_codes=("200",),
        expected_body="healthy",
        interval=60,
        timeout=10,
        retries=2,
        consecutive_fails=1,
        consecutive_successes=1,
        regions=("WNAM", "WEU"),
    )
    return {"zone_id": ZONE, "checks": (check,)}


def _health_policy(name: str) -> arguments.NotificationPolicy:
    return arguments.NotificationPolicy(
        name=f"{name}-health",
        description="What the health checks see",
        alert_type=AlertType.HEALTH_CHECK,
        health_checks=("api",),
        filters=((Filter.STATUSES, ("Unhealthy",)),),
    )


def _told(values: arguments.Notifications) -> dict[str, Any]:
    return {
        "account_id": ACCOUNT,
        "notifications": values,
        "worker_url": WORKER_URL,
        "health_check_ids": {"api": "0123"},
        "secrets": secret("s"),
    }


def _by_webhook(name: str) -> dict[str, Any]:
    destination = arguments.WebhookDestination(
        name=f"{name}-vote", path="/alerts/vote", secret=SECRET
    )
    return _told(
        arguments.Notifications(destinations=(destination,), policies=(_health_policy(name),))
    )


def _by_every_mechanism(name: str) -> dict[str, Any]:
    attacks = arguments.NotificationPolicy(
        name=f"{name}-ddos", description="Attacks", alert_type=AlertType.DDOS_L7
    )
    outside = arguments.WebhookDestination(
        name=f"{name}-hook", path="https://hooks.shop.example", secret=SECRET
    )
    return _told(
        arguments.Notifications(
            destinations=(outside,),
            pagerduty=(PagerDutyDestination(id="c" * 32),),
            mail=("on-call@shop.example",),
            policies=(_health_policy(name), attacks),
        )
    )


def every_binding() -> tuple[Binding, ...]:
    """Give one of each kind."""
    return (
        KvBinding(name="KV", namespace="kv"),
        R2Binding(name="R2", bucket="bucket"),
        QueueBinding(name="QUEUE", queue="queue"),
        D1Binding(name="D1", database="d1"),
        HyperdriveBinding(name="HYPERDRIVE", configuration="postgres"),
        AnalyticsEngineBinding(name="POINTS", dataset="points"),
        DurableObjectBinding(name="OWN", class_name="Own"),
        DurableObjectBinding(name="OTHER", class_name="Other", script="other"),
        TextBinding(name="TEXT", text="text"),
        JsonBinding(name="JSON", json='{"a":1}'),
        SecretBinding(name="SECRET", secret=SECRET),
        StoredSecretBinding(name="STORED", store="d" * 32, secret="stored"),
        RateLimitBinding(name="RATE", namespace="1001", limit=10, period=60),
        ServiceBinding(name="SERVICE", script="other"),
        MailBinding(name="MAIL", to="on-call@shop.example"),
        VersionBinding(name="VERSION"),
    )


def _worker_script(name: str) -> dict[str, Any]:
    worker = WorkerScript(
        script=name,
        code=CODE,
        module="main.js",
        compatibility_date="2026-06-01",
        compatibility_flags=("nodejs_compat",),
        bindings=every_binding(),
        migrations=(Migration(tag="v1", new_sqlite_classes=("Own",)),),
        tail_consumers=("tail",),
        limits=WorkerLimits(cpu=50),
    )
    bound = Bound(
        namespaces={"kv": "kv-id"},
        databases={"d1": "d1-id"},
        hyperdrives={"postgres": "hyperdrive-id"},
        secrets=secret("s"),
    )
    return {"account_id": ACCOUNT, "worker": worker, "bound": bound}


def _monitoring_worker(environment: str) -> tuple[str, monitoring_worker.MonitoringWorkerArgs]:
    values = worker_values(environment)
    return values.script, monitoring_worker.MonitoringWorkerArgs(
        account_id=ACCOUNT, worker=values, url=WORKER_URL, secrets=secret("slack", "vote")
    )


def _bucket(name: str) -> dict[str, Any]:
    values = R2Bucket(
        name=name,
        location="weur",
        expiries=(Expiry(name="old", prefix="", age=DAY + 1),),
        locks=(
            Lock(name="audit", prefix="audit/", age=30 * DAY),
            Lock(name="year", prefix="year/", until="2027-01-01T00:00:00Z"),
            Lock(name="law", prefix="law/"),
        ),
    )
    return {"account_id": ACCOUNT, "bucket": values}


def _queue(name: str) -> dict[str, Any]:
    consumer = QueueConsumer(script="consumer", dead_letters="dead", concurrency=2)
    values = Queue(name=name, keeps=3600, consumer=consumer)
    return {"account_id": ACCOUNT, "queue": values, "scripts": {"consumer": "consumer"}}


def rate_limits(name: str) -> Ruleset:
    """Give a ruleset of rate limits."""
    rate = Rate(requests=5, period=60, timeout=600)
    answer = Answer(status=429, content='{"error":"slower"}', content_type="application/json")
    rules = tuple(
        RequestRule(
            ref=ref,
            description=ref,
            expression=f'(http.request.uri.path eq "/{ref}")',
            action=Action.BLOCK,
            rate=rate,
            answer=answer,
        )
        for ref in ("log-in", "sign-up")
    )
    return Ruleset(name=name, description="Rates", phase=Phase.RATE_LIMIT, rules=rules)


def _custom_rules(name: str) -> Ruleset:
    rule = RequestRule(
        ref="wp", description="Guesses", expression='(http.host eq "x")', action=Action.BLOCK
    )
    return Ruleset(name=name, description="Own", phase=Phase.CUSTOM, rules=(rule,), of_account=True)


def _in_zone(key: str, make: Callable[[str], object]) -> Callable[[str], dict[str, Any]]:
    return lambda name: {"account_id": ACCOUNT, "zone_id": ZONE, key: make(name)}


def _in_account(key: str, make: Callable[[str], object]) -> Callable[[str], dict[str, Any]]:
    return lambda name: {"account_id": ACCOUNT, key: make(name)}


def access(name: str) -> AccessApplication:
    """Give an application with policies of each kind of people."""
    people = Who(
        mails=("a@shop.example",),
        domains=("shop.example",),
        groups=("g",),
        service_tokens=("t",),
        addresses=("192.0.2.0/24",),
        everyone=True,
    )
    return AccessApplication(
        name=name,
        domain="ops.shop.example/admin",
        policies=(
            AccessPolicy(name=f"{name}-some", decision=Decision.ALLOW, include=people),
            AccessPolicy(
                name=f"{name}-not",
                decision=Decision.DENY,
                include=Who(everyone=True),
                exclude=people,
                require=people,
            ),
        ),
    )


def _hyperdrive(name: str, *, cached: bool) -> HyperdriveConfig:
    return HyperdriveConfig(
        name=name,
        scheme="postgres",
        host="db.shop.example",
        port=5432,
        database="shop",
        user="shop",
        password=SECRET,
        cached=cached,
    )


def _logpush(name: str, dataset: Dataset) -> dict[str, Any]:
    job = LogpushJob(name=name, dataset=dataset, destination=SECRET, fields=("Event",))
    return {"account_id": ACCOUNT, "zone_id": ZONE, "job": job, "secrets": secret("s")}


def token(name: str) -> ApiToken:
    """Give a token for the account and the zone."""
    grants = (Grant(groups=("e" * 32,)), Grant(groups=("f" * 32,), of_zone=True))
    return ApiToken(name=name, grants=grants, expires="2027-01-01T00:00:00Z")


def _routes(name: str) -> dict[str, Any]:
    routes = WorkerRoutes(script=name, patterns=("shop.example/a/*", "shop.example/b/*"))
    return {"zone_id": ZONE, "routes": routes, "script": name}


CASES = {
    "health checks": case(
        health_checks.HealthChecks, health_checks.HealthChecksArgs, _health_checks, "Healthcheck"
    ),
    "notifications": case(
        notifications.Notifications,
        notifications.NotificationsArgs,
        _by_webhook,
        "NotificationPolicy",
        "NotificationPolicyWebhooks",
        secrets=1,
    ),
    "notifications by every mechanism": case(
        notifications.Notifications,
        notifications.NotificationsArgs,
        _by_every_mechanism,
        "NotificationPolicy",
        "NotificationPolicy",
        "NotificationPolicyWebhooks",
        secrets=1,
    ),
    "monitoring worker": Case(
        component=monitoring_worker.MonitoringWorker,
        args=monitoring_worker.MonitoringWorkerArgs,
        make=_monitoring_worker,
        children=(
            "cloudflare:index/queue:Queue",
            "cloudflare:index/queueConsumer:QueueConsumer",
            "cloudflare:index/r2Bucket:R2Bucket",
            "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle",
            "cloudflare:index/workersCronTrigger:WorkersCronTrigger",
            "cloudflare:index/workersKv:WorkersKv",
            "cloudflare:index/workersKvNamespace:WorkersKvNamespace",
            "cloudflare:index/workersScript:WorkersScript",
            "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain",
        ),
        secrets=2,
    ),
    "Worker": case(
        worker_script.WorkerScript,
        worker_script.WorkerScriptArgs,
        _worker_script,
        "WorkersScript",
        secrets=1,
    ),
    "cron triggers": case(
        cron_triggers.CronTriggers,
        cron_triggers.CronTriggersArgs,
        lambda name: {
            "account_id": ACCOUNT,
            "triggers": CronTriggers(script=name, crons=("* * * * *", "17 * * * *")),
            "script": name,
        },
        "WorkersCronTrigger",
    ),
    "workers.dev": case(
        workers_dev.WorkersDev,
        workers_dev.WorkersDevArgs,
        lambda name: {
            "account_id": ACCOUNT,
            "address": WorkersDev(script=name),
            "script": name,
        },
        "WorkersScriptSubdomain",
    ),
    "routes": case(
        worker_routes.WorkerRoutes,
        worker_routes.WorkerRoutesArgs,
        _routes,
        "WorkersRoute",
        "WorkersRoute",
    ),
    "custom domain": case(
        custom_domain.CustomDomain,
        custom_domain.CustomDomainArgs,
        lambda name: {
            "account_id": ACCOUNT,
            "zone_id": ZONE,
            "domain": CustomDomain(script=name, hostname="status.shop.example"),
            "script": name,
        },
        "WorkersCustomDomain",
    ),
    "KV": case(
        kv_namespace.KvNamespace,
        kv_namespace.KvNamespaceArgs,
        _in_account(
            "namespace",
            lambda name: KvNamespace(
                title=name,
                entries=(KvEntry(key="a/b", value="1", metadata="{}"), KvEntry(key="c", value="2")),
            ),
        ),
        "WorkersKv",
        "WorkersKv",
        "WorkersKvNamespace",
    ),
    "bucket": case(
        r2_bucket.R2Bucket,
        r2_bucket.R2BucketArgs,
        _bucket,
        "R2Bucket",
        "R2BucketLifecycle",
        "R2BucketLock",
    ),
    "queue": case(queue.Queue, queue.QueueArgs, _queue, "Queue", "QueueConsumer"),
    "queue without consumer": case(
        queue.Queue,
        queue.QueueArgs,
        _in_account("queue", lambda name: Queue(name=name, keeps=60)),
        "Queue",
    ),
    "D1": case(
        d1_database.D1Database,
        d1_database.D1DatabaseArgs,
        _in_account("database", lambda name: D1Database(name=name, location="weur")),
        "D1Database",
    ),
    "Hyperdrive": case(
        hyperdrive_config.HyperdriveConfig,
        hyperdrive_config.HyperdriveConfigArgs,
        lambda name: {
            "account_id": ACCOUNT,
            "configuration": _hyperdrive(name, cached=True),
            "secrets": secret("s"),
        },
        "HyperdriveConfig",
        secrets=1,
    ),
    "Hyperdrive that keeps nothing": case(
        hyperdrive_config.HyperdriveConfig,
        hyperdrive_config.HyperdriveConfigArgs,
        lambda name: {
            "account_id": ACCOUNT,
            "configuration": _hyperdrive(name, cached=False),
            "secrets": secret("s"),
        },
        "HyperdriveConfig",
        secrets=1,
    ),
    "rate limits": case(
        ruleset.Ruleset, ruleset.RulesetArgs, _in_zone("ruleset", rate_limits), "Ruleset"
    ),
    "rules of the account": case(
        ruleset.Ruleset, ruleset.RulesetArgs, _in_zone("ruleset", _custom_rules), "Ruleset"
    ),
    "Access": case(
        access_application.AccessApplication,
        access_application.AccessApplicationArgs,
        _in_account("application", access),
        "ZeroTrustAccessApplication",
        "ZeroTrustAccessPolicy",
        "ZeroTrustAccessPolicy",
    ),
    "Pages": case(
        pages_project.PagesProject,
        pages_project.PagesProjectArgs,
        _in_account("project", lambda name: PagesProject(name=name, branch="main")),
        "PagesProject",
    ),
    "Logpush of the account": case(
        logpush_job.LogpushJob,
        logpush_job.LogpushJobArgs,
        lambda name: _logpush(name, Dataset.WORKERS),
        "LogpushJob",
        secrets=1,
    ),
    "Logpush of the zone": case(
        logpush_job.LogpushJob,
        logpush_job.LogpushJobArgs,
        lambda name: _logpush(name, Dataset.REQUESTS),
        "LogpushJob",
        secrets=1,
    ),
    "Web Analytics of a host": case(
        web_analytics_site.WebAnalyticsSite,
        web_analytics_site.WebAnalyticsSiteArgs,
        _in_zone("site", lambda _: WebAnalyticsSite(host="shop.example")),
        "WebAnalyticsSite",
    ),
    "Web Analytics of the zone": case(
        web_analytics_site.WebAnalyticsSite,
        web_analytics_site.WebAnalyticsSiteArgs,
        _in_zone("site", lambda _: WebAnalyticsSite(of_zone=True)),
        "WebAnalyticsSite",
    ),
    "API token": case(
        api_token.ApiToken, api_token.ApiTokenArgs, _in_zone("token", token), "AccountToken"
    ),
}
