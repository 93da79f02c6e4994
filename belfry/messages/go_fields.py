"""What Alertmanager and Grafana know of a message: each field as statements of a Go template.

Both hand a group of alerts to a template. The alert of the lowest rank, of equals the one that
began first, speaks for the group, as the leading rule does in the Worker; the others are what it
took along. Only functions are used that both have had since before Alertmanager 0.28.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.messages.characters import ADDRESS, BLANKS, HIDDEN, one_of, span
from belfry.messages.go import cut, formatted, quoted, variable
from belfry.messages.wording import (
    FACT_LENGTH,
    FIRST_STEP,
    HEADLINES,
    LINK_LENGTH,
    LISTED,
    LOOKS,
    MORE,
    NAME_LENGTH,
    SUMMARY_LENGTH,
    TROUBLES,
    WELL,
    Kind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from belfry.language.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a backend knows of a group of alerts beside their labels and annotations."""

    silence: tuple[str, ...]
    """Statements that set $silence."""
    dashboards: tuple[str, ...] = ()
    """Values of which the first that is there leads to the dashboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What sets one field's variable; the variables that it uses are of fields before it."""

    name: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a deployment knows and no alert says."""

    platform: str
    environment: str
    answers: Mapping[str, int]
    """Seconds until a severity is taken up, 0 where nothing is promised; the worst comes first."""
    status: str | None = None
    dashboard: str | None = None


def known_of(
    platform: Platform, environment: str, dashboard: str | None, status: str | None
) -> Known:
    """Collect what a platform file says about one of its environments."""
    severities = sorted(platform.severities.items(), key=lambda item: item[1].rank)
    return Known(
        platform=platform.platform,
        environment=environment,
        answers={name: severity.answer.whole_seconds for name, severity in severities},
        status=status,
        dashboard=dashboard,
    )


_TIDY = " | reReplaceAll $hidden `` | reReplaceAll $blanks ` ` | reReplaceAll $ends ``"
_NAME = f"{_TIDY} | reReplaceAll $longName `${{1}}…`"
_SUMMARY = f"{_TIDY} | reReplaceAll $longSummary `${{1}}…`"
_FACT = f"{_TIDY} | reReplaceAll $long `${{1}}…`"


def _said(field: str, source: str) -> Iterator[str]:
    yield f"{variable(field)} := {source}{_FACT}"


def _named(field: str, *sources: str, form: str = _NAME, missing: str = "?") -> Iterator[str]:
    """Set a field to the first of its sources that says something."""
    each = " ".join(f"({source}{form})" for source in sources)
    yield f"{variable(field)} := or {each} {quoted(missing)}"


def _chosen(field: str, of: str, values: Mapping[str, str], otherwise: str = "") -> Iterator[str]:
    """Set a field by what another value is."""
    name = variable(field)
    yield f"{name} := {quoted(otherwise)}"
    for index, (case, value) in enumerate(values.items()):
        yield f"{'else if' if index else 'if'} eq {of} {quoted(case)}"
        yield f"{name} = {quoted(value)}"
    if values:
        yield "end"


def _look(field: str, by_severity: Mapping[str, str], well: str) -> Iterator[str]:
    mildest = [*by_severity.values()][-1]
    yield from _chosen(field, "$lead.Labels.severity", by_severity, mildest)
    yield "if $over"
    yield f"{variable(field)} = {quoted(well)}"
    yield "end"


def _address(field: str, *sources: str) -> Iterator[str]:
    """Set a field to the first of its sources, if that is an address as `characters.address`."""
    name = variable(field)
    yield f"{name} := or {' '.join(sources)} ``{_TIDY}"
    yield f"if and (match {quoted(ADDRESS)} {name}) (le (len {name}) {LINK_LENGTH})"
    yield "range $unsafe"
    yield rf"{name} = {name} | reReplaceAll (printf `\x%x` .) (printf `%%%X` .)"
    yield "end"
    yield "else"
    yield f"{name} = ``"
    yield "end"


def _first_step() -> Iterator[str]:
    yield from _said("first-step", "$lead.Annotations.first_step")
    yield "if and $runbook (not $firstStep)"
    yield f"$firstStep = {quoted(FIRST_STEP)}"
    yield "end"


def _headline() -> Iterator[str]:
    yield "$headline := ``"
    yield "if $over"
    yield f"$headline = {formatted(HEADLINES[Kind.RECOVERED])}"
    yield "else"
    yield f"$headline = {formatted(HEADLINES[Kind.OPENED])}"
    yield "end"


_UNSAFE = ('`"`', '"`"', *(f"`{one}`" for one in " '()<>\\^{|}"))
"""What ends or opens something in one of the channels; `characters.SAFE` holds none of them."""
_LEAD = (
    "$lead := index $.Alerts 0",
    "$first := true",
    "range $.Alerts",
    "if or $over (eq .Status `firing`)",
    "$rank := printf `%2s` (or .Labels.rank `99`)",
    "$best := printf `%2s` (or $lead.Labels.rank `99`)",
    "$sooner := and (eq $rank $best) (.StartsAt.Before $lead.StartsAt)",
    "if or $first (lt $rank $best) $sooner",
    "$lead = .",
    "$first = false",
    "end",
    "end",
    "end",
)
"""Ranks are compared as texts of two places, where 9 is before 10."""
_GROUND = (
    Field(name="hidden", statements=(f"$hidden := {quoted(one_of(HIDDEN, 'go'))}",)),
    Field(name="blanks", statements=(f"$blanks := {quoted(one_of(BLANKS, 'go') + '+')}",)),
    Field(name="ends", statements=("$ends := `^ | $`",)),
    Field(name="long", statements=(f"$long := {quoted(cut(FACT_LENGTH))}",)),
    Field(name="long-summary", statements=(f"$longSummary := {quoted(cut(SUMMARY_LENGTH))}",)),
    Field(name="long-name", statements=(f"$longName := {quoted(cut(NAME_LENGTH))}",)),
    Field(name="unsafe", statements=(f"$unsafe := stringSlice {' '.join(_UNSAFE)}",)),
    Field(name="over", statements=("$over := eq $.Status `resolved`",)),
    Field(name="lead", statements=_LEAD),
)
"""What the others stand on: expressions, and in $lead the alert that speaks for the group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Others:
    """Which of the other alerts are named, and how; inside a range over the alerts."""

    which: str
    name: str
    known: str
    """What has been named already."""


_SERVICES = _Others(
    which="(ne .Labels.service $lead.Labels.service) .Labels.service",
    name=f".Labels.service{_NAME}",
    known="$service",
)
_RULES = _Others(
    which="(eq .Labels.service $lead.Labels.service) (ne .Labels.alertname $lead.Labels.alertname)",
    name=f"or .Annotations.summary .Labels.alertname ``{_SUMMARY}",
    known="$summary",
)


def _others(field: str, others: _Others) -> Iterator[str]:
    """List what other alerts name: each once, the first of them, and how many there are beside.

    Templates can neither count nor look up: names are kept as lines of a text, and a letter stands
    for each. What means something in a pattern is escaped, so that no label can break it.
    """
    name = variable(field)
    form = MORE.replace("${shown}", "%s").replace("${more}", "%d")
    yield f"{name} := ``"
    yield f'$told := printf "\\n%s\\n" {others.known}'
    yield "$shown := ``"
    yield "$more := ``"
    yield "range $.Alerts"
    yield f"if and (or $over (eq .Status `firing`)) {others.which}"
    yield f"$name := {others.name}"
    yield r'$pattern := printf "\n%s\n" ($name | reReplaceAll `([[:punct:]])` `\$1`)'
    yield "if and $name (not (match $pattern $told))"
    yield '$told = printf "%s%s\\n" $told $name'
    yield f"if lt (len $shown) {LISTED}"
    yield f"{name} = printf `%s, %s` {name} $name"
    yield "$shown = printf `%sx` $shown"
    yield "else"
    yield "$more = printf `%sx` $more"
    yield "end"
    yield "end"
    yield "end"
    yield "end"
    yield f"{name} = {name} | reReplaceAll `^, ` ``"
    yield "if $more"
    yield f"{name} = printf {quoted(form)} {name} (len $more)"
    yield "end"


_LASTED = (
    "$lasted := ``",
    "if $over",
    "$span := ($lead.EndsAt.Sub $lead.StartsAt).Round 1000000000",
    "if lt $span.Seconds 120.0",
    "$lasted = printf `%.0f s` $span.Seconds",
    "else if lt $span.Seconds 7200.0",
    "$lasted = printf `%.0f min` ($span.Round 60000000000).Minutes",
    "else",
    r"$lasted = printf `%.1f h` ($span.Round 360000000000).Hours | reReplaceAll `\.0 h$` ` h`",
    "end",
    "end",
)
"""As `characters.span` says it; the round numbers are nanoseconds in a minute and in 6 minutes."""


def fields(group: Group, known: Known) -> tuple[Field, ...]:
    """Give every field that a group of alerts has, each after those that it stands on."""
    ranks = {name: LOOKS[min(level, len(LOOKS) - 1)] for level, name in enumerate(known.answers)}
    answers = {name: span(seconds) for name, seconds in known.answers.items() if seconds}
    return (
        *_GROUND,
        _field("rule", _named("rule", "$lead.Labels.rule", "$lead.Labels.alertname")),
        _field("platform", _named("platform", "$lead.Labels.platform", missing=known.platform)),
        _field(
            "environment",
            _named("environment", "$lead.Labels.environment", missing=known.environment),
        ),
        _field("severity", _named("severity", "$lead.Labels.severity")),
        _field("service", _named("service", "$lead.Labels.service")),
        _field(
            "summary",
            _named(
                "summary",
                "$lead.Annotations.summary",
                "$lead.Labels.alertname",
                form=_SUMMARY,
            ),
        ),
        _field("description", _said("description", "$lead.Annotations.description")),
        _field("trouble", _chosen("trouble", "$lead.Labels.trouble", TROUBLES)),
        _field("since", ["$since := $lead.StartsAt.UTC.Format `2006-01-02 15:04 UTC`"]),
        _field("lasted", _LASTED),
        _field("answer", _chosen("answer", "$lead.Labels.severity", answers)),
        _field("seen", _said("seen", "$lead.Annotations.seen")),
        _field("took-along", _others("took-along", _SERVICES)),
        _field("also", _others("also", _RULES)),
        _field("runbook", _address("runbook", "$lead.Annotations.runbook_url")),
        _field("first-step", _first_step()),
        _field(
            "dashboard",
            _address(
                "dashboard",
                "$lead.Annotations.dashboard_url",
                *group.dashboards,
                quoted(known.dashboard or ""),
            ),
        ),
        _field("silence", group.silence),
        _field("status", _address("status", quoted(known.status or ""))),
        _field("headline", _headline()),
        _field(
            "colour",
            _look("colour", {name: one.colour for name, one in ranks.items()}, WELL.colour),
        ),
        _field("word", _look("word", {name: one.word for name, one in ranks.items()}, WELL.word)),
    )


def _field(name: str, statements: Iterable[str]) -> Field:
    return Field(name=name, statements=tuple(statements))
