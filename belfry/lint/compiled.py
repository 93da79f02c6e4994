"""The fifteen rules for alerts in Grafana, on what a platform compiles to and on the catalogue.

Source: facts on Grafana, section 5. Some cannot be broken any more by the types of the arguments;
they are judged all the same, because a rule of the list that nobody judges is not kept for long.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.expressions import Binary, SyntaxProblem, bare, filters, parse
from belfry.expressions.regular import matches
from belfry.lint.check import Finding
from belfry.lint.flow import labels_of
from belfry.lint.go_templates import template
from belfry.lint.table import CHECKS
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from belfry.arguments import AlertRoute, Dashboard, Grafana, GrafanaRule, RuleGroup
    from belfry.catalogue import Catalogue
    from belfry.problems import Place
    from belfry.rules import Rule

_TICK = 10
"""Seconds of Grafana's scheduler."""
_LONGEST_UID = 40
_HEADING = re.compile(r"^#\s+`?([^\s`]+)", re.MULTILINE)
_GRAFANAS = ("$values",)
"""What its templates know beside Prometheus' own."""
_SET_BY_GRAFANA = frozenset(("alertname", "grafana_folder", "datasource_uid", "ref_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the rules of a stack refer to."""

    places: Callable[[str], Place | None]
    """Where a rule is written, by its name."""
    severities: Mapping[str, bool]
    """The platform's, and whether somebody is told."""
    teams: Collection[str]
    runbook: Callable[[str], str | None]
    """The text of a page of runbooks/, by its path in there; None: there is none."""
    own: Collection[str] = ()
    """Rules that are the platform's own, and not the catalogue's."""


def check_stack(stack: Grafana, around: Around) -> Iterator[Finding]:
    """Check the rules of one stack; what many services have in common is told once."""
    judge = _Judge(stack, around)
    told: set[tuple[str, str, str]] = set()
    for finding in judge.findings():
        key = (finding.check.id, str(finding.path[-1]), re.sub(r'"[^"]*"', "", finding.wrong))
        if key not in told:
            told.add(key)
            yield finding


class _Judge:
    def __init__(self, stack: Grafana, around: Around) -> None:
        self._stack = stack
        self._around = around
        self._sources = {source.uid for source in stack.data_sources}
        self._points = {point.name for point in stack.contact_points}
        self._panels = {board.uid: _panels(board) for board in stack.dashboards}
        self._root = stack.tree.contact_point if stack.tree else None

    def findings(self) -> Iterator[Finding]:
        uids: set[str] = set()
        titles: set[tuple[str, str]] = set()
        for group in self._stack.rule_groups:
            for rule in group.rules:
                yield from self._names(group, rule, uids, titles)
                yield from self._times(group, rule)
                yield from self._query(group, rule)
                yield from self._texts(group, rule)
                yield from self._links(group, rule)

    def _found(self, check: str, group: RuleGroup, rule: GrafanaRule, wrong: str) -> Finding:
        entry = CHECKS[check]
        name = dict(rule.labels).get("rule") or rule.title
        return Finding(
            check=entry,
            place=self._around.places(name),
            path=(group.name, name),
            wrong=wrong,
            right=entry.remedy,
        )

    def _names(
        self, group: RuleGroup, rule: GrafanaRule, uids: set[str], titles: set[tuple[str, str]]
    ) -> Iterator[Finding]:
        if not rule.uid or len(rule.uid) > _LONGEST_UID or rule.uid in uids:
            wrong = f"the uid {shown(rule.uid)} is there twice, is empty or too long"
            yield self._found("rule-uid", group, rule, wrong)
        if not rule.title or (group.folder, rule.title) in titles:
            wrong = f"the title {shown(rule.title)} is there twice, or empty"
            yield self._found("rule-title", group, rule, wrong)
        uids.add(rule.uid)
        titles.add((group.folder, rule.title))

    def _times(self, group: RuleGroup, rule: GrafanaRule) -> Iterator[Finding]:
        if group.interval <= 0 or group.interval % _TICK:
            wrong = f"it is judged every {group.interval} s"
            yield self._found("rule-interval", group, rule, wrong)
        elif rule.hold < 0 or rule.hold % group.interval:
            wrong = f"it waits {rule.hold} s, and is judged every {group.interval} s"
            yield self._found("rule-hold", group, rule, wrong)
        if not rule.no_data or not rule.error:
            wrong = "it does not say what no data and an error mean"
            yield self._found("rule-no-data", group, rule, wrong)

    def _query(self, group: RuleGroup, rule: GrafanaRule) -> Iterator[Finding]:
        if not math.isfinite(rule.limit) or rule.comparison not in ("gt", "lt"):
            wrong = f"it compares {rule.comparison!s} {rule.limit}"
            yield self._found("rule-condition", group, rule, wrong)
        if rule.data_source not in self._sources:
            wrong = f"there is no data source {shown(rule.data_source)}"
            yield self._found("rule-data-source", group, rule, wrong)
        if rule.window <= 0:
            yield self._found("rule-window", group, rule, f"it sees {rule.window} s")
        expression = parse(rule.expression)
        if isinstance(expression, SyntaxProblem):
            wrong = f"{expression.wrong}, at character {expression.offset + 1}: {expression.right}"
            yield self._found("rule-comparison", group, rule, wrong)
            return
        root = bare(expression.root)
        if isinstance(root, Binary) and filters(root):
            wrong = f"the expression compares with {root.operator} already"
            yield self._found("rule-comparison", group, rule, wrong)

    def _texts(self, group: RuleGroup, rule: GrafanaRule) -> Iterator[Finding]:
        labels = dict(rule.labels)
        for label, known in (
            ("severity", self._around.severities),
            ("team", self._around.teams),
        ):
            value = labels.get(label, "")
            if not value or value not in known:
                wrong = f"{label} is {shown(value)}" if value else f"it has no {label}"
                yield self._found("rule-labels", group, rule, wrong)
        annotations = dict(rule.annotations)
        for name in ("summary", "description"):
            if not annotations.get(name, "").strip():
                yield self._found("rule-annotations", group, rule, f"it has no {name}")
        yield from self._templates(group, rule)
        name = labels.get("rule", "")
        page = page_of(annotations.get("runbook_url", ""))
        # A platform's own rule may lead to the page of the catalogue's rule that it is like.
        also = page.rpartition("/")[2].removesuffix(".md") if name in self._around.own else name
        for wrong in about_page(page, {name, also}, self._around.runbook):
            yield self._found("rule-runbook", group, rule, wrong)

    def _templates(self, group: RuleGroup, rule: GrafanaRule) -> Iterator[Finding]:
        expression = parse(rule.expression)
        if isinstance(expression, SyntaxProblem):
            return
        result = labels_of(expression)[id(expression.root)]
        for name, text in (*rule.annotations, *rule.labels):
            found = template(text, _GRAFANAS)
            if found.wrong is not None:
                wrong = f"{name}: {found.wrong.wrong}"
                yield self._found("rule-annotations", group, rule, wrong)
            for use in found.missing:
                wrong = f"{name} calls the template {shown(use.name)}, which it does not define"
                yield self._found("rule-annotations", group, rule, wrong)
            for use in found.labels:
                if not result.may_have(use.name) and use.name not in _SET_BY_GRAFANA:
                    wrong = f"{name} names {use.name}, which the result does not have"
                    yield self._found("rule-annotations", group, rule, wrong)

    def _links(self, group: RuleGroup, rule: GrafanaRule) -> Iterator[Finding]:
        annotations = dict(rule.annotations)
        board, panel = annotations.get("__dashboardUid__"), annotations.get("__panelId__")
        if (board is None) is not (panel is None):
            yield self._found("rule-panel", group, rule, "it names a dashboard or a panel alone")
        elif board is not None and board not in self._panels:
            yield self._found("rule-panel", group, rule, f"there is no dashboard {shown(board)}")
        elif board is not None and panel is not None and panel not in self._panels[board]:
            wrong = f"{board} has no panel {shown(panel)}"
            yield self._found("rule-panel", group, rule, wrong)
        yield from (self._found("rule-route", group, rule, wrong) for wrong in self._unheard(rule))

    def _unheard(self, rule: GrafanaRule) -> Iterator[str]:
        """Say why nobody hears of a rule, if nobody does."""
        labels = dict(rule.labels)
        if rule.contact_point is not None:
            if rule.contact_point not in self._points or rule.contact_point == self._root:
                yield f"it goes to {shown(rule.contact_point)}"
        elif self._stack.tree is None:
            yield "it names no contact point, and the stack has no tree of routes"
        elif not any(_takes(route, labels) for route in self._stack.tree.routes):
            yield "no route takes it, so it ends at the root"
        severity = labels.get("severity", "")
        if self._around.severities.get(severity) is False:
            yield f"severity {severity} tells nobody"


def _takes(route: AlertRoute, labels: Mapping[str, str]) -> bool:
    """Say whether a branch of the tree takes an alert, as Grafana matches: whole values."""
    for match in route.matches:
        value = labels.get(match.label, "")
        equals = match.sign in ("=", "!=")
        hit = value == match.value if equals else matches(match.value, value)
        if hit is match.sign.startswith("!"):
            return False
    return True


def page_of(address: str) -> str:
    """Give the path in runbooks/ of the page that an address leads to; nothing, if it has none."""
    folder, _, page = address.partition("#")[0].rstrip("/").rpartition("/")
    if not page:
        return ""
    name = page if page.endswith(".md") else f"{page}.md"
    return f"own/{name}" if folder.rpartition("/")[2] == "own" else name


def about_page(
    page: str, headings: Collection[str], read: Callable[[str], str | None]
) -> Iterator[str]:
    """Say what is wrong with the page of a rule, if anything is.

    Args:
        page: its path in runbooks/.
        headings: names of rules, of which it must have one as a heading.
        read: gives the text of a page.

    """
    if not page:
        yield "it names no page"
        return
    text = read(page)
    if text is None:
        yield f"there is no runbooks/{page}"
        return
    if set(_HEADING.findall(text)).isdisjoint(headings):
        yield f"runbooks/{page} has no heading {' or '.join(sorted(headings))}"


def _panels(board: Dashboard) -> frozenset[str]:
    try:
        model = json.loads(board.model)
    except ValueError:
        return frozenset()
    found = set()
    waiting = list(model.get("panels", ())) if isinstance(model, dict) else []
    while waiting:
        panel = waiting.pop()
        if isinstance(panel, dict):
            found.add(str(panel.get("id")))
            waiting += panel.get("panels") or ()
    return frozenset(found)


def check_catalogue(
    catalogue: Catalogue,
    places: Callable[[str], Place | None],
    runbook: Callable[[str], str | None],
) -> Iterator[Finding]:
    """Check the rules of the catalogue themselves, whether or not a platform uses them."""
    for name, rule in catalogue.rules.items():
        for check, wrong in _of_rule(name, rule, runbook):
            entry = CHECKS[check]
            yield Finding(
                check=entry,
                place=places(name),
                path=("rules", name),
                wrong=wrong,
                right=entry.remedy,
            )


def _of_rule(
    name: str, rule: Rule, runbook: Callable[[str], str | None]
) -> Iterator[tuple[str, str]]:
    if not rule.cases.fires:
        yield "rule-cases", "no case makes it fire"
    if not rule.cases.quiet:
        yield "rule-cases", "no case keeps it quiet"
    for wrong in about_page(rule.runbook, {name}, runbook):
        yield "rule-runbook", wrong
    words = " ".join(map(str, (rule.summary, rule.description, rule.when)))
    for key in rule.parameters:
        if not re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", words):
            yield "rule-parameters", f"nothing uses the parameter {key}"
