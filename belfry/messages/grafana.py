"""Grafana's message templates, and the settings of contact points that use them.

The templates of an organisation share their names, so each begins with platform and environment.
Grafana writes mail into a page of its own, where it escapes what it is given; so mail is text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from belfry.arguments.alert_routing import MessageTemplate
from belfry.messages.characters import ADDRESS
from belfry.messages.go_fields import Group, known_of
from belfry.messages.go_templates import Definitions
from belfry.messages.wording import PARTS, WORKERS, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from belfry.language.platform import Platform
    from belfry.messages.go_fields import Known

_GROUP = Group(
    silence=(
        "$silence := ``",
        f"if match `{ADDRESS}` $lead.SilenceURL",
        "$silence = $lead.SilenceURL",
        "end",
    ),
    dashboards=("$lead.PanelURL", "$lead.DashboardURL"),
)


def grafana_templates(
    platform: Platform,
    environment: str,
    *,
    dashboard: str | None = None,
    status: str | None = None,
) -> tuple[MessageTemplate, ...]:
    """Give the template groups; `dashboard` and `status` as for Alertmanager."""
    name = f"{platform.platform}-{environment}-messages"
    text = written(known_of(platform, environment, dashboard, status))
    return (MessageTemplate(name=name, text=text),)


def written(known: Known) -> str:
    """Write the one group, without blanks around it, which Grafana takes away."""
    definitions = Definitions(_prefix(known.platform, known.environment), _GROUP, known)
    return "\n".join(definitions.texts()).strip()


def contact_settings(platform: str, environment: str, kind: str) -> Mapping[str, object]:
    """Give what a contact point of a kind says, by the provider's arguments.

    A kind without texts of its own gets plain ones.
    """

    def use(name: str) -> str:
        return f'{{{{ template "{_prefix(platform, environment)}{name}" . }}}}'

    settings: dict[str, object] = {
        name: use(template) for name, template in _SETTINGS.get(kind, _PLAIN).items()
    }
    settings.update(_LITERAL.get(kind, {}))
    if kind == "pagerduty":
        settings["details"] = {
            part.label: use(f"pagerduty.details.{part.name}")
            for part in PARTS
            if part.role is Role.FACT and part.name not in WORKERS
        }
    return settings


_PLAIN: Mapping[str, str] = {"message": "text"}
_LITERAL: Mapping[str, Mapping[str, object]] = {"telegram": {"parse_mode": "None"}}
"""Telegram would read HTML, and refuse one that Grafana had cut in the middle of a mark."""
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "slack": {"title": "slack.title", "text": "slack.text", "color": "slack.color"},
    "pagerduty": {
        "summary": "pagerduty.description",
        "severity": "pagerduty.severity",
        "source": "pagerduty.source",
        "component": "pagerduty.component",
        "group": "pagerduty.group",
        "class_": "pagerduty.class",
    },
    "email": {"subject": "subject", "message": "email.text"},
    "discord": {"title": "discord.title", "message": "discord.message"},
    "teams": {"title": "teams.title", "message": "teams.text"},
    "webhook": {"title": "subject", "message": "text"},
    "opsgenie": {"message": "subject", "description": "text"},
    "victorops": {"title": "subject", "description": "text"},
    "sns": {"subject": "subject", "body": "text"},
    "pushover": {"title": "subject", "message": "escaped"},
    "googlechat": {"title": "subject", "message": "escaped"},
}


def _prefix(platform: str, environment: str) -> str:
    return f"belfry.{platform}.{environment}."
