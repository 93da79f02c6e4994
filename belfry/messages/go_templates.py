"""The named templates for every channel, compiled from the wording; see docs/messages.md.

What other people wrote is escaped for its channel at the one place where it is put into a text.
Mail's HTML is escaped by Alertmanager, whose html/template knows where each value stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from belfry.messages.discord import MARKS
from belfry.messages.go import action, clipped, formatted, replaced, variable
from belfry.messages.go_fields import fields
from belfry.messages.slack import ESCAPES
from belfry.messages.wording import (
    ALERT,
    DISCORD_LENGTHS,
    MAIL,
    PARTS,
    SLACK_LENGTHS,
    TEAMS_LENGTHS,
    Kind,
    Role,
)
from belfry.values.template import Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.messages.go_fields import Group, Known
    from belfry.messages.wording import Part

_VARIABLE = re.compile(r"\$[A-Za-z]+")
_HERE = {Kind.OPENED, Kind.RECOVERED}
"""What a group of alerts can be: nothing in it says what it was before."""
_ALERT = Template.parse(ALERT)
_SLACK = replaced(*ESCAPES)
_MARKED = replaced((MARKS, r"\$1"), ("@", "@\u200b"))
_CLIP_SLACK = clipped(SLACK_LENGTHS["fact"])
_CLIP_DISCORD = clipped(DISCORD_LENGTHS["fact"])
_CLIP_TEAMS = clipped(TEAMS_LENGTHS["fact"])


class Definitions:
    """The templates of one environment for one backend."""

    def __init__(self, prefix: str, group: Group, known: Known) -> None:
        """`prefix` begins every name, with the dot that ends it."""
        self._prefix = prefix
        self._fields = fields(group, known)
        self._names = {one.name for one in self._fields}
        self.parts = tuple(one for one in PARTS if self._is_here(one))

    def _is_here(self, part: Part) -> bool:
        has_all = self._names.issuperset(part.text.names)
        return has_all and not _HERE.isdisjoint(part.kinds)

    def of_role(self, role: Role) -> tuple[Part, ...]:
        """Give the parts that this backend can say."""
        return tuple(one for one in self.parts if one.role is role)

    def texts(self) -> Iterator[str]:
        """Define everything that is a text."""
        facts, links = self.of_role(Role.FACT), self.of_role(Role.LINK)
        plain = self._lines(facts, "{label}: {text}\n") + "\n"
        plain += self._lines(links, "{label}: {text}\n")
        foot = f"{{{{ {formatted(_ALERT)} }}}}"
        body = f"{{{{ $headline }}}}\n\n{plain}\n{foot}\n"
        escaped = self._lines((*facts, *links), "{label}: {text}\n", " | html")
        yield self._define("subject", "{{ $headline }}")
        yield self._define("escaped", escaped)
        yield self._define("text", body)
        yield self._same("email.text", "text")
        yield from self._slack(facts, links)
        yield from self._pagerduty(facts)
        yield from self._marked("discord", "message", "\n", _CLIP_DISCORD)
        yield from self._marked("teams", "text", "\n\n", _CLIP_TEAMS)
        for part in {one.name: one for one in links}.values():
            yield self._define(f"link.{part.name}", self._lines([part], "{text}"))

    def html(self) -> str:
        """Define the mail's HTML, for html/template."""
        head = MAIL["head"].fill({"headline": "{{ $headline }}", "colour": "{{ $colour }}"})
        fact = MAIL["fact"].fill({"label": "{label}", "text": "{text}"})
        link = MAIL["link"].fill({"label": "{label}", "url": "{text}"})
        foot = MAIL["foot"].fill({"foot": f"{{{{ {formatted(_ALERT)} }}}}"})
        body = head + self._lines(self.of_role(Role.FACT), fact) + str(MAIL["links"])
        body += self._lines(self.of_role(Role.LINK), link) + foot
        return self._define("email.html", body)

    def _slack(self, facts: Iterable[Part], links: Iterable[Part]) -> Iterator[str]:
        title = f"{{{{ $headline{_SLACK} }}}}"
        body = self._lines(facts, "*{label}:* {text}\n", _CLIP_SLACK + _SLACK)
        pointers = self._lines(links, "<{text}|{label}>   ", _SLACK)
        yield self._define("slack.title", title)
        yield self._same("slack.fallback", "slack.title")
        yield self._define("slack.text", body + pointers)
        yield self._define("slack.color", "{{ $colour }}")

    def _pagerduty(self, facts: Iterable[Part]) -> Iterator[str]:
        source = "{{ $platform }}/{{ $environment }}/{{ $service }}"
        yield self._same("pagerduty.description", "subject")
        yield self._define("pagerduty.severity", "{{ $word }}")
        yield self._define("pagerduty.source", source)
        yield self._define("pagerduty.component", "{{ $service }}")
        yield self._define("pagerduty.group", "{{ $platform }}")
        yield self._define("pagerduty.class", "{{ $rule }}")
        for name in dict.fromkeys(one.name for one in facts):
            parts = [one for one in facts if one.name == name]
            body = self._lines(parts, "{text}")
            yield self._define(f"pagerduty.details.{name}", body)

    def _marked(self, channel: str, name: str, end: str, clip: str) -> Iterator[str]:
        """Define a title and a text for a channel that reads Markdown."""
        facts, links = self.of_role(Role.FACT), self.of_role(Role.LINK)
        yield self._define(f"{channel}.title", f"{{{{ $headline{_MARKED} }}}}")
        body = self._lines(facts, f"**{{label}}:** {{text}}{end}", clip + _MARKED)
        pointers = self._lines(links, "[{label}]({text}) ")
        yield self._define(f"{channel}.{name}", body + pointers)

    def _lines(self, parts: Iterable[Part], form: str, escape: str = "") -> str:
        """Write a line for each part, if what it names is known and it is a part of the message."""
        lines = []
        for part in parts:
            conditions = [variable(name) for name in part.text.names]
            if Kind.RECOVERED not in part.kinds:
                conditions.append("(not $over)")
            elif Kind.OPENED not in part.kinds:
                conditions.append("$over")
            value = f"{{{{ {formatted(part.text)}{escape} }}}}"
            line = form.replace("{label}", part.label).replace("{text}", value)
            test = f"and {' '.join(conditions)}" if len(conditions) > 1 else conditions[0]
            lines.append(f"{{{{ if {test} }}}}{line}{{{{ end }}}}")
        return "".join(lines)

    def _same(self, name: str, other: str) -> str:
        use = f'{{{{ template "{self._prefix}{other}" . }}}}'
        return f'{{{{ define "{self._prefix}{name}" }}}}{use}{{{{ end }}}}\n'

    def _define(self, name: str, body: str) -> str:
        """Define a template: the statements that its body stands on, and the body."""
        needed: list[str] = []
        used = set(_VARIABLE.findall(body))
        for field in reversed(self._fields):
            if variable(field.name) in used:
                needed[:0] = field.statements
                used.update(*map(_VARIABLE.findall, field.statements))
        preamble = "".join(f"{action(one)}\n" for one in needed)
        return f'{{{{ define "{self._prefix}{name}" }}}}\n{preamble}{body}{{{{ end }}}}\n'
