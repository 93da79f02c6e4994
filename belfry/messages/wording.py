"""What a message says: its parts in order, written once for every channel and every backend."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """Why there is a message."""

    OPENED = "opened"
    RAISED = "raised"
    UPDATED = "updated"
    ACKNOWLEDGED = "acknowledged"
    """Somebody has taken it up; the Worker alone tells it."""
    REMINDED = "reminded"
    """It lasts, and nothing else has been said of it for a while; the Worker alone tells it."""
    RECOVERED = "recovered"


class Role(StrEnum):
    """What a part is for."""

    FACT = "fact"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A labelled line of a message; left out when a field that it names is missing."""

    role: Role
    name: str
    """Unique among the parts of a kind of message."""
    label: str
    text: Template
    kinds: tuple[Kind, ...]
    """The messages that it is part of."""
    is_short: bool = False
    """It fits beside another one, where a channel has columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a severity looks, where a channel has colours or words of its own."""

    colour: str
    style: str
    """Of a container in a card of Microsoft Teams."""
    word: str
    """PagerDuty's."""


_ALL = tuple(Kind)
_NEWS = (Kind.OPENED, Kind.RAISED, Kind.UPDATED)
_TROUBLE = (*_NEWS, Kind.REMINDED)
_LASTED = (Kind.ACKNOWLEDGED, Kind.REMINDED, Kind.RECOVERED)
_TAKEN = (Kind.ACKNOWLEDGED,)

_OPENINGS = {
    Kind.OPENED: "",
    Kind.RAISED: "Raised: ",
    Kind.UPDATED: "Cause found: ",
    Kind.ACKNOWLEDGED: "Acknowledged: ",
    Kind.REMINDED: "Still: ",
    Kind.RECOVERED: "Recovered: ",
}
HEADLINES: Mapping[Kind, Template] = {
    kind: Template.parse(
        f"{opening}[${{severity}}] ${{service}}: ${{summary}} (${{platform}}, ${{environment}})"
    )
    for kind, opening in _OPENINGS.items()
}
"""One line: what, where, how bad."""
SHORT: Mapping[Kind, Template] = {
    kind: Template.parse(
        f"{opening}${{severity}} ${{service}}: ${{summary}} (${{platform}} ${{environment}})"
        f"{'' if kind is Kind.RECOVERED else ' since ${clock}'}"
    )
    for kind, opening in _OPENINGS.items()
}
"""The same for a text message; only the summary is shortened."""


def _fact(
    name: str, label: str, text: str, kinds: tuple[Kind, ...], *, short: bool = False
) -> Part:
    return Part(
        role=Role.FACT,
        name=name,
        label=label,
        text=Template.parse(text),
        kinds=kinds,
        is_short=short,
    )


def _link(name: str, label: str, kinds: tuple[Kind, ...]) -> Part:
    text = Template.parse(f"${{{name}}}")
    return Part(role=Role.LINK, name=name, label=label, text=text, kinds=kinds)


PARTS: tuple[Part, ...] = (
    _fact("what", "What", "${description}", _TROUBLE),
    _fact("state", "State", "${trouble}", _TROUBLE, short=True),
    _fact("since", "Since", "${since}", _NEWS, short=True),
    _fact("since", "Since", "${since}, for ${lasted}", _LASTED, short=True),
    _fact("by", "By", "${by}", _TAKEN, short=True),
    _fact("until", "Quiet until", "${until}", _TAKEN, short=True),
    _fact("answer", "Answer", "${severity}, within ${answer}", _TROUBLE, short=True),
    _fact("seen", "Seen", "${seen}", _TROUBLE),
    _fact("took-along", "Took along", "${took-along}", _ALL),
    _fact("also", "Also", "${also}", _TROUBLE),
    _fact("unseen", "Cannot be seen", "${unseen}", _TROUBLE),
    _fact("first-step", "First step", "${first-step}", _TROUBLE),
    _link("runbook", "Runbook", _ALL),
    _link("dashboard", "Dashboard", _ALL),
    _link("acknowledge", "Acknowledge", _TROUBLE),
    _link("silence", "Silence", _TROUBLE),
    _link("status", "Status", _ALL),
)
"""In the order in which somebody woken at night needs them."""

WORKERS = ("by", "until", "unseen", "acknowledge")
"""Names of parts that the Worker alone knows."""

TROUBLES: Mapping[str, str] = {
    "down": "does not work",
    "degraded": "works badly",
    "ahead": "works, but not for long",
}
"""What the label `trouble` says, in words."""
FIRST_STEP = "Follow the runbook."
"""Where a rule has a runbook and no first step of its own."""
MORE = "${shown} and ${more} more"
"""A list that is longer than people read."""
INCIDENT = "Incident ${incident}"
"""The last line, where incidents have names."""
ALERT = "Alert ${rule}"
"""The last line elsewhere."""

LOOKS: tuple[Look, ...] = (
    Look(colour="#c4281b", style="attention", word="critical"),
    Look(colour="#c76a00", style="warning", word="error"),
    Look(colour="#a98a00", style="warning", word="warning"),
    Look(colour="#2f6fb7", style="accent", word="info"),
)
"""By level: the first is the worst severity's, the last is that of all that are milder."""
WELL = Look(colour="#1f7a3d", style="good", word="info")
"""A recovery's."""

NAME_LENGTH = 200
"""Characters that a name has at most."""
SUMMARY_LENGTH = 300
"""Characters that a summary has at most, which is part of the one line."""
FACT_LENGTH = 1000
"""Characters that any other text has at most."""
READ_LENGTH = 4000
"""Characters of a text that are looked at at all."""
LINK_LENGTH = 1000
"""A longer address is left out: cut, it would lead nowhere."""
LISTED = 20
"""Names in a list; of the others the number is told."""

SMS_LINKS: Mapping[str, tuple[str, ...]] = {
    Kind.OPENED: ("runbook", "status", "dashboard"),
    Kind.RAISED: ("runbook", "status", "dashboard"),
    Kind.UPDATED: ("runbook", "status", "dashboard"),
    Kind.ACKNOWLEDGED: ("status", "dashboard", "runbook"),
    Kind.REMINDED: ("runbook", "status", "dashboard"),
    Kind.RECOVERED: ("status", "dashboard", "runbook"),
}
"""The one link that a text message has room for: the first there is that is short enough."""
SMS_LENGTH = 160
"""One text message in the GSM 7-bit alphabet (3GPP TS 23.038, 6.1.2.1)."""
SMS_LINK_LENGTH = 90

SLACK_LENGTHS = {"header": 150, "fact": 500, "links": 3000}
"""Block Kit: a header has 150 characters, a section 3,000, of which `&` takes five."""
DISCORD_LENGTHS = {"title": 256, "fact": 350, "links": 1000}
"""Embeds: a title has 256 characters, a field 1,024, all of it 6,000; an escape takes two."""
TEAMS_LENGTHS = {"fact": 700}
"""A message through a workflow has 28 kB."""
PAGERDUTY_LENGTHS = {"summary": 1024}
"""Events API v2, `payload.summary`."""

MAIL: Mapping[str, Template] = {
    "head": Template.parse(
        """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${headline}</title>
</head>
<body style="margin:0;padding:16px;background:#f3f4f6;color:#1f2328;\
font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:640px;margin:0 auto;padding:20px 24px;background:#ffffff;\
border:1px solid #d8dce2;border-top:6px solid ${colour};border-radius:6px">
<h1 style="margin:0 0 14px;font-size:19px;line-height:1.35">${headline}</h1>
<table style="border-collapse:collapse;width:100%">
"""
    ),
    "fact": Template.parse(
        """\
<tr><th style="padding:5px 16px 5px 0;text-align:left;vertical-align:top;white-space:nowrap;\
font-weight:600;color:#57606a">${label}</th>\
<td style="padding:5px 0;overflow-wrap:anywhere"><bdi>${text}</bdi></td></tr>
"""
    ),
    "links": Template.parse('</table>\n<p style="margin:16px 0 0">\n'),
    "link": Template.parse(
        """\
<a href="${url}" style="display:inline-block;margin:0 6px 6px 0;padding:6px 14px;color:#1f2328;\
border:1px solid #b6bcc6;border-radius:5px;text-decoration:none">${label}</a>
"""
    ),
    "foot": Template.parse(
        '</p>\n<p style="margin:14px 0 0;font-size:12px;color:#6b7280">${foot}</p>\n'
        "</div>\n</body>\n</html>\n"
    ),
}
"""A mail's HTML, in pieces; what is filled in is escaped before."""
