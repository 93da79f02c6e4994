"""Arguments that no service would take are refused when they are made, with the field's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from belfry import arguments
from belfry.arguments import AlertType, Filter, NotificationPolicy, Notifications, Secret
from belfry.arguments.access_applications import AccessApplication, AccessPolicy, Decision, Who
from belfry.arguments.alert_filters import ONLY_OF
from belfry.arguments.alert_routing import (
    AlertRoute,
    AlertTimes,
    Interval,
    Match,
    MessageTemplate,
    MuteTiming,
    NotificationTree,
)
from belfry.arguments.alert_types import PLANS, NeededPlan
from belfry.arguments.api_tokens import ApiToken, Grant
from belfry.arguments.boards import Annotation, DataSource, LibraryPanel
from belfry.arguments.contact_points import (
    ContactPoint,
    EmailContact,
    Integration,
    PushoverContact,
    WebhookContact,
)
from belfry.arguments.databases import D1Database, HyperdriveConfig
from belfry.arguments.folders import Folder, FolderGrant, Level
from belfry.arguments.logpush import Dataset, LogpushJob
from belfry.arguments.people_in_grafana import ServiceAccount, ServiceToken, Team
from belfry.arguments.rulesets import Action, Answer, Phase, Rate, RequestRule, Ruleset
from belfry.arguments.sites import PagesProject, WebAnalyticsSite
from belfry.arguments.storage import KvEntry, KvNamespace, Lock, Queue, QueueConsumer, R2Bucket
from belfry.arguments.worker_bindings import JsonBinding, RateLimitBinding, TextBinding
from belfry.arguments.worker_scripts import (
    CronTriggers,
    CustomDomain,
    Observability,
    WorkerLimits,
    WorkerRoutes,
    WorkerScript,
)
from belfry.meaning.events import CLOUDFLARE
from belfry.problems import Problems

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = Secret(name="s")
ANYBODY = Who(everyone=True)
RATE = Rate(requests=5, period=60, timeout=0)
HOURS = Interval(times=(("01:00", "02:00"),))


def worker(**changes: object) -> WorkerScript:
    said: dict[str, object] = {
        "script": "w",
        "code": "x",
        "module": "m.js",
        "compatibility_date": "2026-06-01",
    }
    return WorkerScript(**{**said, **changes})  # type: ignore[arg-type]


def policy(**changes: object) -> NotificationPolicy:
    said: dict[str, object] = {
        "name": "p",
        "description": "d",
        "alert_type": AlertType.HEALTH_CHECK,
    }
    return NotificationPolicy(**{**said, **changes})  # type: ignore[arg-type]


def rule(**changes: object) -> RequestRule:
    said: dict[str, object] = {
        "ref": "r",
        "description": "d",
        "expression": "true",
        "action": Action.BLOCK,
    }
    return RequestRule(**{**said, **changes})  # type: ignore[arg-type]


def ruleset(phase: Phase, *rules: RequestRule) -> Ruleset:
    return Ruleset(name="n", description="d", phase=phase, rules=rules)


def hyperdrive(**changes: object) -> HyperdriveConfig:
    said: dict[str, object] = {
        "name": "h",
        "scheme": "postgres",
        "host": "db.example",
        "port": 5432,
        "database": "d",
        "user": "u",
        "password": SECRET,
    }
    return HyperdriveConfig(**{**said, **changes})  # type: ignore[arg-type]


def access(*policies: AccessPolicy, domain: str = "ops.shop.example") -> AccessApplication:
    return AccessApplication(name="a", domain=domain, policies=policies)


def deep(levels: int) -> AlertRoute:
    matches = (Match(label="a", sign="=", value="b"),)
    route = AlertRoute(matches=matches, contact_point="c")
    for _ in range(levels):
        route = AlertRoute(matches=matches, contact_point="c", routes=(route,))
    return route


ALLOW = AccessPolicy(name="p", decision=Decision.ALLOW, include=ANYBODY)

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "a policy without description": (lambda: policy(description=""), "p.description"),
    "health checks of another kind": (
        lambda: policy(alert_type=AlertType.DDOS_L7, health_checks=("a",)),
        "p.health_checks",
    ),
    "a filter of another kind": (
        lambda: policy(filters=((Filter.PROJECTS, ("x",)),)),
        "p.filters.project_ids",
    ),
    "an empty filter": (
        lambda: policy(filters=((Filter.STATUSES, ()),)),
        "p.filters.statuses",
    ),
    "a filter twice": (
        lambda: policy(filters=((Filter.STATUSES, ("a",)), (Filter.STATUSES, ("b",)))),
        "p.filters",
    ),
    "policies that reach nobody": (
        lambda: Notifications(destinations=(), policies=(policy(),)),
        "notifications.destinations",
    ),
    "a Worker's name": (lambda: worker(script="My Worker"), "Worker My Worker.script"),
    "a Worker without code": (lambda: worker(code=" "), "Worker w.code"),
    "a day that is none": (
        lambda: worker(compatibility_date="today"),
        "Worker w.compatibility_date",
    ),
    "a binding twice": (
        lambda: worker(bindings=(TextBinding(name="A", text=""), TextBinding(name="A", text=""))),
        "Worker w.bindings",
    ),
    "JSON that is none": (
        lambda: worker(bindings=(JsonBinding(name="A", json="{"),)),
        "Worker w.bindings.A",
    ),
    "a share above one": (lambda: Observability(sample=2), "observability.sample"),
    "more processor time than there is": (lambda: WorkerLimits(cpu=300_001), "limits.cpu"),
    "a rate of nothing": (
        lambda: RateLimitBinding(name="A", namespace="1", limit=0, period=10),
        "A.limit",
    ),
    "four fields of a cron": (lambda: CronTriggers(script="w", crons=("* * * *",)), "w.crons"),
    "a cron twice": (lambda: CronTriggers(script="w", crons=("* * * * *",) * 2), "w.crons"),
    "a pattern with a scheme": (
        lambda: WorkerRoutes(script="w", patterns=("https://a.example/*",)),
        "w.patterns",
    ),
    "a host name with a path": (
        lambda: CustomDomain(script="w", hostname="a.example/x"),
        "w.hostname",
    ),
    "a key of two dots": (lambda: KvEntry(key="..", value=""), "KV entry.key"),
    "a key twice": (
        lambda: KvNamespace(title="t", entries=(KvEntry(key="a", value="1"),) * 2),
        "KV namespace t.entries",
    ),
    "a bucket's name": (lambda: R2Bucket(name="My_Bucket"), "bucket My_Bucket.name"),
    "a lock with two ends": (
        lambda: Lock(name="l", prefix="", age=86_400, until="2027-01-01T00:00:00Z"),
        "lock l.until",
    ),
    "a lock of half a day": (lambda: Lock(name="l", prefix="", age=43_200), "lock l.age"),
    "a moment without zone": (
        lambda: Lock(name="l", prefix="", until="2027-01-01T00:00:00"),
        "lock l.until",
    ),
    "a queue that keeps a second": (lambda: Queue(name="queue", keeps=1), "queue queue.keeps"),
    "a batch of a thousand": (lambda: QueueConsumer(script="w", batch=1000), "w.batch"),
    "a database without name": (lambda: D1Database(name=""), "D1 database.name"),
    "a database's host with a scheme": (
        lambda: hyperdrive(host="postgres://db.example"),
        "Hyperdrive h.host",
    ),
    "a port that is none": (lambda: hyperdrive(port=0), "Hyperdrive h.port"),
    "a rule without ref": (lambda: rule(ref=""), "rule.ref"),
    "an answer to whom nobody blocks": (
        lambda: rule(
            action=Action.LOG, answer=Answer(status=429, content="", content_type="text/plain")
        ),
        "rule r.answer",
    ),
    "an answer that refuses nothing": (
        lambda: Answer(status=200, content="", content_type="text/plain"),
        "answer.status",
    ),
    "a rate in another phase": (
        lambda: ruleset(Phase.CUSTOM, rule(rate=RATE)),
        "ruleset n.rules.r.rate",
    ),
    "no rate where one must be": (
        lambda: ruleset(Phase.RATE_LIMIT, rule()),
        "ruleset n.rules.r.rate",
    ),
    "two rules of one ref": (lambda: ruleset(Phase.CUSTOM, rule(), rule()), "ruleset n.rules"),
    "the data centre said twice": (
        lambda: Rate(requests=1, period=10, timeout=0, by=("cf.colo.id",)),
        "rate.by",
    ),
    "an Access policy about nobody": (
        lambda: AccessPolicy(name="p", decision=Decision.ALLOW, include=Who()),
        "Access policy p.include",
    ),
    "an application without policies": (access, "Access application a.policies"),
    "an application with a scheme": (
        lambda: access(ALLOW, domain="https://ops.shop.example"),
        "Access application a.domain",
    ),
    "a Pages name": (lambda: PagesProject(name="My Page", branch="main"), "My Page.name"),
    "both host and zone": (
        lambda: WebAnalyticsSite(host="a.example", of_zone=True),
        "Web Analytics.host",
    ),
    "neither host nor zone": (WebAnalyticsSite, "Web Analytics.host"),
    "a log without fields": (
        lambda: LogpushJob(name="l", dataset=Dataset.WORKERS, destination=SECRET, fields=()),
        "Logpush job l.fields",
    ),
    "a share of nothing": (
        lambda: LogpushJob(
            name="l", dataset=Dataset.WORKERS, destination=SECRET, fields=("a",), sample=0
        ),
        "Logpush job l.sample",
    ),
    "a permission group's name": (lambda: Grant(groups=("Workers Scripts Read",)), "grant.groups"),
    "a token that may do nothing": (lambda: ApiToken(name="t", grants=()), "API token t.grants"),
    "an end without zone": (
        lambda: ApiToken(name="t", grants=(Grant(groups=("a" * 32,)),), expires="2027-01-01"),
        "API token t.expires",
    ),
    "a folder's uid": (lambda: Folder(uid="a b", title="t"), "folder a b.uid"),
    "a grant for nobody": (lambda: FolderGrant(level=Level.VIEW), "folder grant.role"),
    "a grant for two": (
        lambda: FolderGrant(level=Level.VIEW, role="Viewer", team="t"),
        "folder grant.role",
    ),
    "somebody granted twice": (
        lambda: Folder(
            uid="f", title="t", grants=(FolderGrant(level=Level.VIEW, role="Viewer"),) * 2
        ),
        "folder f.grants",
    ),
    "a team without name": (lambda: Team(name=" "), "team.name"),
    "a key that has ended": (lambda: ServiceToken(name="t", lives=1), "service token t.lives"),
    "two keys of one name": (
        lambda: ServiceAccount(name="a", role="Viewer", tokens=(ServiceToken(name="t"),) * 2),
        "service account a.tokens",
    ),
    "a data source's uid": (
        lambda: DataSource(uid="1", name="n", type="loki", url="u", default=False),
        "data source 1.uid",
    ),
    "a panel that is no object": (
        lambda: LibraryPanel(uid="p", name="n", model="[]"),
        "library panel p.model",
    ),
    "a mark that nobody finds": (
        lambda: Annotation(text="t", tags=(), time="2026-01-01T00:00:00Z"),
        "annotation.tags",
    ),
    "a span that ends before it begins": (
        lambda: Annotation(
            text="t", tags=("a",), time="2026-01-02T00:00:00Z", end="2026-01-01T00:00:00Z"
        ),
        "annotation.end",
    ),
    "mail to nobody": (lambda: EmailContact(addresses=()), "mail contact.addresses"),
    "a user without password": (
        lambda: WebhookContact(url="u", user="shop"),
        "webhook contact.user",
    ),
    "a priority of three": (
        lambda: PushoverContact(user=SECRET, token=SECRET, priority=3),
        "Pushover contact.priority",
    ),
    "a contact point without name": (
        lambda: ContactPoint(name="", integrations=(Integration(contact=WebhookContact(url="u")),)),
        "contact point.name",
    ),
    "a time over midnight": (
        lambda: Interval(times=(("22:00", "06:00"),)),
        "mute timing.times",
    ),
    "a month's name": (lambda: Interval(months=("december",)), "mute timing.months"),
    "a timing that never is": (lambda: MuteTiming(name="m", intervals=()), "m.intervals"),
    "a template that defines nothing": (
        lambda: MessageTemplate(name="t", text="hello"),
        "message template t.text",
    ),
    "a label that is none": (lambda: Match(label="a-b", sign="=", value=""), "match.label"),
    "a route for everything": (
        lambda: NotificationTree(
            contact_point="c",
            group_by=("service",),
            times=AlertTimes(),
            routes=(AlertRoute(matches=(), contact_point="c"),),
        ),
        "route to c.matches",
    ),
    "a tree that is too deep": (lambda: deep(5), "route to c.routes"),
}


@pytest.mark.parametrize("make", [one for one, _ in REFUSED.values()], ids=list(REFUSED))
def test_what_no_service_takes_is_refused_with_a_remedy(make: Callable[[], object]) -> None:
    with pytest.raises(Problems) as raised:
        make()
    (problem,) = raised.value.problems
    assert problem.wrong
    assert problem.right


@pytest.mark.parametrize(("make", "field"), REFUSED.values(), ids=list(REFUSED))
def test_a_refusal_names_the_field(make: Callable[[], object], field: str) -> None:
    with pytest.raises(Problems, match=re.escape(field)):
        make()


def test_what_is_right_is_taken() -> None:
    assert deep(4)
    assert MuteTiming(name="m", intervals=(HOURS,))
    assert access(ALLOW)
    assert ruleset(Phase.RATE_LIMIT, rule(rate=RATE))
    assert hyperdrive()
    assert worker()
    assert policy()


def test_every_kind_of_notification_says_which_plan_it_needs() -> None:
    assert set(PLANS) == set(AlertType)
    assert PLANS[AlertType.HEALTH_CHECK] is NeededPlan.PRO
    assert PLANS[AlertType.DDOS_L7] is NeededPlan.FREE
    assert PLANS[AlertType.ORIGIN_ERROR] is NeededPlan.ENTERPRISE
    assert PLANS[AlertType.POOL_HEALTH] is NeededPlan.ADD_ON


def test_every_event_that_a_platform_may_name_is_a_kind_of_notification() -> None:
    assert set(CLOUDFLARE) <= set(AlertType)


def test_a_filter_of_one_kind_is_of_one_that_there_is() -> None:
    assert set(ONLY_OF) <= set(Filter)
    assert set(ONLY_OF.values()) <= set(AlertType)


def test_every_name_of_the_package_is_there() -> None:
    for name in arguments.__all__:
        assert getattr(arguments, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        arguments.Nothing  # noqa: B018 -- asked for on purpose
