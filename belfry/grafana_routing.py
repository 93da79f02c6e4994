"""Whom Grafana tells of a rule, where it pages: each rule by itself, or the tree, when it is owned.

A rule names one contact point with one set of times. Who is told later, or in other hours than the
others, only the tree of notification policies can say; and Grafana has no inhibition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from belfry.arguments import (
    AlertRoute,
    AlertTimes,
    ContactPoint,
    Integration,
    Match,
    MuteTiming,
    NotificationTree,
    PagerDutyContact,
    SlackContact,
    WebhookContact,
)
from belfry.arguments.contact_points import DiscordContact, EmailContact, TeamsContact
from belfry.language.channels import Discord, Email, PagerDuty, Slack, Sms, Teams, Webhook
from belfry.messages.grafana import contact_settings
from belfry.problems import Problems, problem_without_place
from belfry.routes import routes_of
from belfry.routes.alerts import labels_of
from belfry.routes.proofs import untold
from belfry.routes.tree import leaf, leaves, passed
from belfry.values.duration import Duration
from belfry.votes import tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.arguments.contact_points import Contact
    from belfry.language.channels import Channel
    from belfry.language.platform import Platform
    from belfry.problems import Problem
    from belfry.routes import Routes
    from belfry.routes.matching import Match as Matching
    from belfry.routes.people import Recipient
    from belfry.routes.tree import Leaf, Node
    from belfry.rules import ServiceRule

_VOTED_TOGETHER = ("grafana_folder", "alertname", "set", "rule", "service")
"""Labels of one vote; Grafana asks for the first two."""
_VOTED = AlertTimes(wait="0s", interval="1m", repeat="5m")
_WEEK = 7 * 86_400
_YEAR = 365 * 86_400
_PAGERDUTY_SEVERITY: Final = "critical"
"""Of alerts whose template says none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Who hears of one rule, and when."""

    contact_point: str | None
    """None: the tree says it."""
    mute_timings: tuple[str, ...] = ()
    active_timings: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    times: AlertTimes | None = None


class Voting:
    """Where somebody else pages: every rule is a vote to the monitoring Worker, at any time.

    Not even a maintenance window mutes it: Grafana drops the end of what it has muted, and the
    Worker would wait for it for ever. Votes are repeated, as signs of life.
    """

    def __init__(
        self, platform: Platform, environment: str, vote: ContactPoint, *, owns_tree: bool
    ) -> None:
        self._platform = platform
        self._environment = environment
        self._vote = vote
        self._owns_tree = owns_tree

    @property
    def contact_points(self) -> tuple[ContactPoint, ...]:
        """The Worker."""
        return (self._vote,)

    @property
    def timings(self) -> tuple[MuteTiming, ...]:
        """None: nothing is muted."""
        return ()

    def told(self, rule: ServiceRule) -> Told:
        """Say that the Worker hears of a rule."""
        del rule
        return Told(contact_point=self._vote.name, group_by=_VOTED_TOGETHER, times=_VOTED)

    def tree(self) -> NotificationTree:
        """Give the organisation's tree: what people made by hand is a vote too."""
        prefix = f"{self._platform.platform}-{self._environment}"
        return tree(prefix, self._platform, self._environment)


@dataclass(slots=True)
class Reaching:
    """Who can be told in one environment, gathered while its rules are compiled."""

    platform: Platform
    environment: str
    vote: ContactPoint
    """Who hears of what wakes nobody."""
    routes: Routes
    owns_tree: bool
    _points: dict[str, ContactPoint] = field(default_factory=dict)
    _apart: dict[str, tuple[list[str], str]] = field(default_factory=dict)
    """Severities some of whose people hear later: their rules, and who."""

    @classmethod
    def of(
        cls, platform: Platform, environment: str, vote: ContactPoint, *, owns_tree: bool
    ) -> Reaching:
        """Begin with the routes of an environment.

        Raises:
            Problems: somebody should be told whom Grafana cannot tell; all of them.

        """
        routes = routes_of(platform, environment, inhibits=False)
        problems = tuple(untold(platform, routes))
        if problems:
            raise Problems(problems)
        return cls(platform, environment, vote, routes, owns_tree, {vote.name: vote})

    @property
    def contact_points(self) -> tuple[ContactPoint, ...]:
        """Everybody who is told."""
        return tuple(self._points[name] for name in sorted(self._points))

    @property
    def timings(self) -> tuple[MuteTiming, ...]:
        """Times that rules or routes name."""
        return tuple(
            MuteTiming(name=self._timing(name), intervals=times.intervals)
            for name, times in self.routes.times.items()
        )

    def told(self, rule: ServiceRule) -> Told:
        """Say who hears of a rule, by its own settings; `problems` says if that cannot be said."""
        if self.owns_tree:
            return Told(contact_point=None)
        found = passed(self.routes.root, labels_of(self.platform, self.environment, rule))
        ends = tuple(leaves(found)) if found else ()
        first = ends[0]
        for other in ends[1:]:
            if (other.wait, other.node.active, other.node.mute) != (
                first.wait,
                first.node.active,
                first.node.mute,
            ):
                names = " and ".join(dict.fromkeys((first.receiver, other.receiver)))
                self._apart.setdefault(rule.severity, ([], names))[0].append(rule.rule)
                break
        recipients = tuple(
            dict.fromkeys(one for end in ends for one in self.routes.receivers[end.receiver].to)
        )
        return Told(
            contact_point=self._point(recipients),
            mute_timings=tuple(map(self._timing, first.node.mute)),
            active_timings=tuple(map(self._timing, first.node.active)),
            group_by=("grafana_folder", "alertname", *self.routes.group_by),
            times=_times(first),
        )

    def problems(self) -> Iterator[Problem]:
        """Give a problem for every severity that is told to some later, or in other hours."""
        for severity, (rules, names) in self._apart.items():
            told = list(dict.fromkeys(rules))
            verb = "is" if len(told) == 1 else "are"
            (problem,) = problem_without_place(
                f"{', '.join(told)} {verb} told to {names} at different times, which a rule of "
                "Grafana's cannot say by itself",
                "let the stack own the tree (belfry:ownsGrafanaPolicy, docs/routing.md), or "
                "remove escalate and hours",
                f"severities.{severity}",
            ).problems
            yield problem

    def tree(self) -> NotificationTree:
        """Give the routes as the organisation's tree."""
        root = self.routes.root
        top = leaf((root,))
        return NotificationTree(
            contact_point=self._point(self.routes.receivers[top.receiver].to),
            group_by=self.routes.group_by,
            times=_times(top),
            routes=tuple(self._route((root, node)) for node in root.nodes),
        )

    def _route(self, path: tuple[Node, ...]) -> AlertRoute:
        node = path[-1]
        says_times = any(one is not None for one in (node.wait, node.interval, node.repeat))
        return AlertRoute(
            matches=tuple(map(_match, node.matches)),
            contact_point=(
                self._point(self.routes.receivers[node.receiver].to) if node.receiver else None
            ),
            goes_on=node.goes_on,
            mute_timings=tuple(map(self._timing, node.mute)),
            active_timings=tuple(map(self._timing, node.active)),
            times=_times(leaf(path)) if says_times else None,
            routes=tuple(self._route((*path, one)) for one in node.nodes),
        )

    def _timing(self, name: str) -> str:
        return f"{self.platform.platform}-{self.environment}-{name.replace('/', '-')}"

    def _point(self, recipients: tuple[Recipient, ...]) -> str:
        """Give the name of the contact point that tells exactly these, made when it is missing."""
        if not recipients:
            return self.vote.name
        prefix = f"{self.platform.platform}-{self.environment}"
        name = f"{prefix}-{'+'.join(one.name for one in recipients)}"
        if name not in self._points:
            integrations = tuple(map(self._integration, recipients))
            self._points[name] = ContactPoint(name=name, integrations=integrations)
        return name

    def _integration(self, recipient: Recipient) -> Integration:
        channel = self.platform.channels.get(recipient.name)
        if channel is None:
            contacts = self.platform.people.contacts
            mails = [contacts[name].mail for name in recipient.contacts]
            contact: Contact = EmailContact(addresses=tuple(filter(None, mails)))
            kind = Email.KEY
        else:
            contact, kind = _contact(channel), channel.KEY
        settings = contact_settings(self.platform.platform, self.environment, kind)
        return Integration(contact=contact, texts=tuple(_texts(settings)))


def _contact(channel: Channel) -> Contact:
    match channel:
        case Slack():
            return SlackContact(webhook=channel.webhook)
        case PagerDuty():
            return PagerDutyContact(key=channel.key, severity=_PAGERDUTY_SEVERITY)
        case Email():
            return EmailContact(addresses=channel.to)
        case Webhook():
            return WebhookContact(url=channel.url, secret=channel.token, user=channel.user)
        case Discord():
            return DiscordContact(webhook=channel.webhook)
        case Teams():
            return TeamsContact(webhook=channel.webhook)
        case Sms():
            message = "who cannot be told has been refused"
            raise TypeError(message)


def _texts(
    settings: Mapping[str, object],
) -> Iterator[tuple[str, str | tuple[tuple[str, str], ...]]]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield key, tuple((name, str(text)) for name, text in value.items())
        else:
            yield key, str(value)


def _times(end: Leaf) -> AlertTimes:
    return AlertTimes(
        wait=_written(end.wait),
        interval=_written(end.interval),
        repeat=_written(end.repeat),
    )


def _match(match: Matching) -> Match:
    if len(match.values) == 1:
        return Match(label=match.label, sign="=", value=match.values[0])
    pattern = "|".join(map(re.escape, match.values)) or ".+"
    return Match(label=match.label, sign="=~", value=pattern)


def _written(seconds: int) -> str:
    """Print a time as Grafana gives it back: whole years and weeks are said as such."""
    for unit, letter in ((_YEAR, "y"), (_WEEK, "w")):
        if seconds and seconds % unit == 0:
            return f"{seconds // unit}{letter}"
    return str(Duration.of(seconds))
