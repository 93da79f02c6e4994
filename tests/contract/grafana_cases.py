"""Arguments made by hand, one of each component of Grafana's, whose names hold the environment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from belfry import arguments
from belfry.arguments import NoData, Secret
from belfry.arguments.alert_routing import (
    AlertRoute,
    AlertTimes,
    Interval,
    Match,
    MessageTemplate,
    MuteTiming,
    NotificationTree,
)
from belfry.arguments.boards import Annotation, LibraryPanel
from belfry.arguments.contact_points import (
    DiscordContact,
    EmailContact,
    GoogleChatContact,
    OpsgenieContact,
    PagerDutyContact,
    PushoverContact,
    SlackContact,
    SnsContact,
    TeamsContact,
    TelegramContact,
    VictorOpsContact,
    WebhookContact,
)
from belfry.arguments.folders import FolderGrant, Level
from belfry.arguments.people_in_grafana import ServiceAccount, ServiceToken, Team
from components.grafana import (
    annotation,
    contact_point,
    dashboard,
    data_source,
    folder,
    library_panel,
    message_template,
    mute_timing,
    notification_policy,
    rule_group,
    service_account,
    team,
)
from tests.contract.values import WORKER_URL, Case, secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi import ComponentResource

    from belfry.arguments.contact_points import Contact

SECRET = Secret(name="s")
OTHER = Secret(name="t")


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
        children=tuple(map(_token, children)),
        secrets=secrets,
    )


def _token(place: str) -> str:
    name = place.partition("/")[2]
    return f"grafana:{place}:{name[:1].upper()}{name[1:]}"


def contact(values: Contact, *, secrets: int = 0) -> Case:
    """Make a case of a contact point of one kind."""
    return contacts(arguments.Integration(contact=values), secrets=secrets)


def contacts(*integrations: arguments.Integration, secrets: int = 0) -> Case:
    """Make a case of a contact point that tells several at once."""
    return case(
        contact_point.ContactPoint,
        contact_point.ContactPointArgs,
        lambda name: {
            "contact_point": arguments.ContactPoint(name=name, integrations=integrations),
            "worker_url": WORKER_URL,
            "secrets": secret("s", "t"),
        },
        "alerting/contactPoint",
        secrets=secrets,
    )


def _folder(name: str) -> dict[str, Any]:
    grants = (
        FolderGrant(level=Level.VIEW, role="Viewer"),
        FolderGrant(level=Level.EDIT, team="people"),
    )
    values = arguments.Folder(uid=name, title=name, grants=grants, parent="above")
    return {"folder": values, "teams": {"people": "7"}}


def _data_source(name: str) -> dict[str, Any]:
    values = arguments.DataSource(
        uid=name,
        name=name,
        type="prometheus",
        url="http://127.0.0.1:9090",
        default=False,
        settings=(("timeInterval", "60s"), ("httpMethod", "POST")),
        secrets=(("basicAuthPassword", SECRET),),
    )
    return {"data_source": values, "secrets": secret("s")}


def rule(number: int) -> arguments.GrafanaRule:
    """Give one of several rules."""
    return arguments.GrafanaRule(
        uid=f"WorkerDown-{number}",
        title=f"WorkerDown {number}",
        data_source="prometheus",
        expression='min by (service) (belfry_probe_up{service="api"})',
        comparison="lt",
        limit=1.0,
        window=600,
        hold=5400,
        no_data=NoData.ALERTING,
        error=NoData.KEEP_LAST,
        labels=(("severity", "P0"),),
        annotations=(("summary", "The API does not answer"),),
        contact_point="people",
        mute_timings=("nights",) if number == 1 else (),
    )


TOLD = AlertTimes(wait="15m", interval="5m", repeat="1w")
PAGING = replace(
    rule(3),
    active_timings=("office",),
    group_by=("grafana_folder", "alertname", "service"),
    times=TOLD,
)
"""Where Grafana pages, and the rule says itself who hears of it."""


def _paging_rules(name: str) -> dict[str, Any]:
    by_the_tree = replace(rule(4), contact_point=None)
    values = arguments.RuleGroup(name="all", folder=name, interval=60, rules=(PAGING, by_the_tree))
    return {
        "group": values,
        "folder_uid": name,
        "data_source_uids": {"prometheus": f"{name}-prometheus"},
        "contact_points": {"people": f"{name}-people"},
        "mute_timings": {"office": f"{name}-office"},
    }


def _rule_group(name: str) -> dict[str, Any]:
    values = arguments.RuleGroup(name="edge", folder=name, interval=60, rules=(rule(1), rule(2)))
    return {
        "group": values,
        "folder_uid": name,
        "data_source_uids": {"prometheus": f"{name}-prometheus"},
        "contact_points": {"people": f"{name}-people"},
        "mute_timings": {"nights": f"{name}-nights"},
    }


def timing(name: str) -> MuteTiming:
    """Give a timing of which one interval says everything, and one a little."""
    return MuteTiming(
        name=name,
        intervals=(
            Interval(
                times=(("22:00", "24:00"), ("00:00", "06:00")),
                weekdays=("saturday", "sunday"),
                days=("1:7", "-1"),
                months=("12",),
                years=("2026:2027",),
                zone="America/Denver",
            ),
            Interval(weekdays=("monday",)),
        ),
    )


def _tree(name: str) -> dict[str, Any]:
    inner = AlertRoute(
        matches=(Match(label="team", sign="=~", value="a|b"),),
        contact_point="people",
        times=AlertTimes(repeat="1h"),
    )
    route = AlertRoute(
        matches=(Match(label="severity", sign="=", value="P0"),),
        contact_point="people",
        group_by=("alertname",),
        goes_on=True,
        mute_timings=("nights",),
        routes=(inner,),
    )
    tree = NotificationTree(
        contact_point="all", group_by=("alertname",), times=AlertTimes(), routes=(route,)
    )
    contacts = {"people": f"{name}-people", "all": f"{name}-all"}
    return {"tree": tree, "contact_points": contacts, "mute_timings": {"nights": f"{name}-nights"}}


def _paging_tree(name: str) -> dict[str, Any]:
    """Give a tree as routes become one: the environment, the severity, who hears now and later."""
    now = AlertRoute(matches=(), contact_point="people", goes_on=True, mute_timings=("nights",))
    later = AlertRoute(
        matches=(),
        contact_point="all",
        mute_timings=("nights",),
        active_timings=("office",),
        times=TOLD,
    )
    severity = AlertRoute(
        matches=(Match(label="severity", sign="=", value="P0"),),
        contact_point=None,
        routes=(now, later),
    )
    here = AlertRoute(
        matches=(Match(label="environment", sign="=", value="prod"),),
        contact_point=None,
        routes=(severity,),
    )
    tree = NotificationTree(
        contact_point="all", group_by=("alertname", "service"), times=AlertTimes(), routes=(here,)
    )
    timings = {"nights": f"{name}-nights", "office": f"{name}-office"}
    points = {"people": f"{name}-people", "all": f"{name}-all"}
    return {"tree": tree, "contact_points": points, "mute_timings": timings}


TEXTS = (("title", '{{ template "shop.title" . }}'),)
EVERYBODY = (
    arguments.Integration(contact=SlackContact(webhook=SECRET), texts=TEXTS),
    arguments.Integration(
        contact=PagerDutyContact(key=OTHER, severity="critical"),
        texts=(
            ("severity", '{{ template "shop.severity" . }}'),
            ("class_", '{{ template "shop.class" . }}'),
            ("details", (("what", '{{ template "shop.what" . }}'), ("first-step", "look"))),
        ),
    ),
    arguments.Integration(
        contact=EmailContact(addresses=("a@shop.example", "b@shop.example")),
        texts=(("subject", '{{ template "shop.title" . }}'),),
    ),
    arguments.Integration(
        contact=WebhookContact(url="https://hooks.shop.example/x", secret=SECRET), texts=TEXTS
    ),
    arguments.Integration(contact=DiscordContact(webhook=SECRET), texts=TEXTS),
    arguments.Integration(contact=TeamsContact(webhook=SECRET), texts=TEXTS),
)
"""Everybody whom a platform's channels can be, told at once, each with texts."""


def _account(name: str) -> dict[str, Any]:
    tokens = (ServiceToken(name="a"), ServiceToken(name="b", lives=86_400))
    return {"account": ServiceAccount(name=name, role="Viewer", tokens=tokens)}


def _panel(name: str) -> dict[str, Any]:
    values = LibraryPanel(uid=name, name=name, model='{"type":"text","title":"Up"}')
    return {"panel": values, "folder_uid": name}


def _annotation(_: str) -> dict[str, Any]:
    values = Annotation(
        text="Sale", tags=("sale",), time="2026-11-27T00:00:00Z", end="2026-11-28T00:00:00Z"
    )
    return {"annotation": values}


CASES = {
    "folder": case(
        folder.Folder,
        folder.FolderArgs,
        _folder,
        "oss/folder",
        "oss/folderPermission",
    ),
    "folder as it is": case(
        folder.Folder,
        folder.FolderArgs,
        lambda name: {"folder": arguments.Folder(uid=name, title=name)},
        "oss/folder",
    ),
    "team": case(
        team.Team,
        team.TeamArgs,
        lambda name: {"team": Team(name=name, mail="ops@shop.example")},
        "oss/team",
    ),
    "service account": case(
        service_account.ServiceAccount,
        service_account.ServiceAccountArgs,
        _account,
        "oss/serviceAccount",
        "oss/serviceAccountToken",
        "oss/serviceAccountToken",
    ),
    "data source": case(
        data_source.DataSource,
        data_source.DataSourceArgs,
        _data_source,
        "oss/dataSource",
        secrets=1,
    ),
    "dashboard": case(
        dashboard.Dashboard,
        dashboard.DashboardArgs,
        lambda name: {
            "dashboard": arguments.Dashboard(uid=name, title=name, model=f'{{"uid":"{name}"}}'),
            "folder_uid": name,
        },
        "oss/dashboard",
    ),
    "library panel": case(
        library_panel.LibraryPanel, library_panel.LibraryPanelArgs, _panel, "oss/libraryPanel"
    ),
    "annotation": case(
        annotation.Annotation, annotation.AnnotationArgs, _annotation, "oss/annotation"
    ),
    "rule group": case(
        rule_group.RuleGroup, rule_group.RuleGroupArgs, _rule_group, "alerting/ruleGroup"
    ),
    "message template": case(
        message_template.MessageTemplate,
        message_template.MessageTemplateArgs,
        lambda name: {"template": MessageTemplate(name=name, text='{{ define "shop" }}{{ end }}')},
        "alerting/messageTemplate",
    ),
    "mute timing": case(
        mute_timing.MuteTiming,
        mute_timing.MuteTimingArgs,
        lambda name: {"timing": timing(name)},
        "alerting/muteTiming",
    ),
    "notification policy": case(
        notification_policy.NotificationPolicy,
        notification_policy.NotificationPolicyArgs,
        _tree,
        "alerting/notificationPolicy",
    ),
    "rule group where Grafana pages": case(
        rule_group.RuleGroup, rule_group.RuleGroupArgs, _paging_rules, "alerting/ruleGroup"
    ),
    "notification policy where Grafana pages": case(
        notification_policy.NotificationPolicy,
        notification_policy.NotificationPolicyArgs,
        _paging_tree,
        "alerting/notificationPolicy",
    ),
    "contact of everybody": contacts(*EVERYBODY, secrets=5),
    "Slack contact": contact(SlackContact(webhook=SECRET), secrets=1),
    "PagerDuty contact": contact(PagerDutyContact(key=SECRET, severity="critical"), secrets=1),
    "mail contact": contact(EmailContact(addresses=("on-call@shop.example",))),
    "webhook contact": contact(
        WebhookContact(url="https://hooks.shop.example/x", secret=SECRET), secrets=1
    ),
    "webhook contact with a user": contact(
        WebhookContact(url="https://hooks.shop.example/x", secret=SECRET, user="shop"), secrets=1
    ),
    "webhook contact on the Worker": contact(WebhookContact(url="/alerts/vote")),
    "Discord contact": contact(DiscordContact(webhook=SECRET), secrets=1),
    "Teams contact": contact(TeamsContact(webhook=SECRET), secrets=1),
    "Telegram contact": contact(TelegramContact(token=SECRET, chat="1"), secrets=1),
    "Opsgenie contact": contact(OpsgenieContact(key=SECRET, region="eu"), secrets=1),
    "Google Chat contact": contact(GoogleChatContact(webhook=SECRET), secrets=1),
    "Pushover contact": contact(PushoverContact(user=SECRET, token=OTHER, priority=1), secrets=2),
    "VictorOps contact": contact(VictorOpsContact(webhook=SECRET), secrets=1),
    "SNS contact": contact(
        SnsContact(topic="arn:aws:sns:x", access_key=SECRET, secret_key=OTHER), secrets=2
    ),
}
