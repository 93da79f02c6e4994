"""Prometheus' rule files as values with places; what Prometheus refuses in their form is told.

Source: prometheus/model/rulefmt/rulefmt.go, release 3.14.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from belfry.expressions import Expression, SyntaxProblem, parse
from belfry.lint.check import Finding
from belfry.lint.marked import Items, Scalar, Source, Table
from belfry.lint.table import CHECKS
from belfry.problems import suggestion
from belfry.values.nonsense import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.lint.marked import Node
    from belfry.problems import Path, Place

_TOP_KEYS = ("groups", "namespace")
"""The second is Mimir's; Prometheus refuses it."""
_GROUP_KEYS = ("name", "interval", "query_offset", "limit", "rules", "labels")
_ELSEWHERE = ("partial_response_strategy", "source_tenants", "align_evaluation_time_on_interval")
"""Keys of a group that Thanos and Mimir know; Prometheus refuses them."""
_RULE_KEYS = ("record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations")
_DURATION = re.compile(
    r"(?:([0-9]+)y)?(?:([0-9]+)w)?(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?"
    r"(?:([0-9]+)ms)?"
)
_BASED = re.compile(r"[-+]?0[xob]")
_NUMBER = re.compile(
    r"[-+]?(?:0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+|(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_SECONDS = (31_536_000, 604_800, 86_400, 3_600, 60, 1, 0.001)
MOST_RULES = 200_000
"""In a file: anchors can make more of a few lines."""


@dataclass(slots=True, kw_only=True, eq=False)
class Texts:
    """Labels or annotations, with their places; a key stands once."""

    entries: tuple[tuple[Scalar, Scalar], ...] = ()

    def get(self, name: str) -> Scalar | None:
        """Give the value of a name."""
        return next((value for key, value in self.entries if key.text == name), None)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names and values, sorted."""
        return tuple(sorted((key.text, value.text) for key, value in self.entries))


@dataclass(slots=True, kw_only=True, eq=False)
class Rule:
    """One rule as it is written."""

    source: Source
    table: Table
    name: Scalar | None
    is_alert: bool
    written: Scalar | None
    """The text of the expression."""
    expression: Expression | None
    """None: it is none, which was told."""
    hold: float | None = None
    """Seconds of for; None: not written."""
    hold_at: Scalar | None = None
    keep: float | None = None
    """Seconds of keep_firing_for."""
    labels: Texts = field(default_factory=Texts)
    annotations: Texts = field(default_factory=Texts)
    group: Group | None = None

    @property
    def path(self) -> Path:
        """Group and name, as messages call it."""
        group = self.group.name.text if self.group and self.group.name else ""
        return tuple(filter(None, (group, self.name.text if self.name else "")))

    def found(
        self,
        check: str,
        at: Scalar | Table | None,
        wrong: str,
        right: str = "",
        *,
        offset: int | None = None,
        also: tuple[Place, ...] = (),
    ) -> Finding:
        """Say that a check found something.

        Args:
            check: its id.
            at: where; None is the rule itself.
            wrong: what is wrong.
            right: what would be right; the check's own remedy otherwise.
            offset: the character of the text that it is about.
            also: other places.

        """
        node = at or self.name or self.table
        if offset is not None and isinstance(node, Scalar):
            place = self.source.inside(node, offset)
        else:
            place = self.source.place(node)
        entry = CHECKS[check]
        return Finding(
            check=entry,
            place=place,
            path=self.path,
            wrong=wrong,
            right=right or entry.remedy,
            also=also,
        )

    def in_expression(self, check: str, start: int, wrong: str, right: str = "") -> Finding:
        """Say that a check found something in the expression."""
        return self.found(check, self.written, wrong, right, offset=start)


@dataclass(slots=True, kw_only=True, eq=False)
class Group:
    """Rules that are judged one after the other."""

    source: Source
    table: Table
    name: Scalar | None
    interval: float | None
    rules: list[Rule] = field(default_factory=list)
    labels: Texts = field(default_factory=Texts)

    def found(self, check: str, at: Node | None, wrong: str, right: str = "") -> Finding:
        """Say that a check found something in the group itself."""
        entry = CHECKS[check]
        path = (self.name.text,) if self.name else ()
        place = self.source.place(at or self.name or self.table)
        return Finding(
            check=entry, place=place, path=path, wrong=wrong, right=right or entry.remedy
        )


class Reader:
    """Reads the groups of one file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.groups: list[Group] = []
        self.findings: list[Finding] = []
        self._rules = 0

    def check_top(self, document: Node, *, is_first: bool) -> None:
        """Check what stands beside the groups of a plain rule file, and that they are read."""
        if not isinstance(document, Table) or document.get("kind") is not None:
            return
        if document.get("groups") is None:
            return
        self._keys(document, _TOP_KEYS, "a rule file")
        if not is_first:
            wrong = "these groups stand in a later document, which Prometheus does not read"
            self._tell("later-document", document, wrong)

    def read(self, groups: Node) -> None:
        """Read a list of groups."""
        if isinstance(groups, Scalar) and groups.is_nothing:
            return
        if not isinstance(groups, Items):
            self._tell("wrong-kind", groups, "groups is no list", "write a list: - name: …")
            return
        names: dict[str, Scalar] = {
            group.name.text: group.name for group in self.groups if group.name
        }
        for node in groups.items:
            if not isinstance(node, Table):
                self._tell("wrong-kind", node, "a group is a table", "write - name: … and rules:")
                continue
            group = self._group(node)
            self.groups.append(group)
            if group.name is None:
                continue
            if (first := names.get(group.name.text)) is not None:
                wrong = f"there is a group {shown(group.name.text)} already"
                self._tell("group-twice", group.name, wrong, also=(self._source.place(first),))
            names.setdefault(group.name.text, group.name)

    def _group(self, table: Table) -> Group:
        found = self._keys(table, (*_GROUP_KEYS, *_ELSEWHERE), "a group")
        name = self._text(found.get("name"), "name")
        if name is None or not name.text:
            self._tell("missing-key", name or table, "a group has no name", "add name: …")
        group = Group(
            source=self._source,
            table=table,
            name=name,
            interval=self._duration(found.get("interval"), "interval"),
            labels=self._texts(found.get("labels"), "labels"),
        )
        self._duration(found.get("query_offset"), "query_offset")
        self._limit(found.get("limit"))
        rules = found.get("rules")
        if isinstance(rules, Items):
            for node in rules.items:
                self._rules += 1
                if self._rules > MOST_RULES:
                    break
                if isinstance(node, Table):
                    group.rules.append(self._rule(node, group))
                else:
                    right = "write - alert: … or - record: …"
                    self._tell("wrong-kind", node, "a rule is a table", right)
        elif rules is not None and not (isinstance(rules, Scalar) and rules.is_nothing):
            self._tell("wrong-kind", rules, "rules is no list", "write a list: - alert: …")
        return group

    def _rule(self, table: Table, group: Group) -> Rule:
        found = self._keys(table, _RULE_KEYS, "a rule")
        alert = self._text(found.get("alert"), "alert")
        record = self._text(found.get("record"), "record")
        written = self._text(found.get("expr"), "expr")
        rule = Rule(
            source=self._source,
            table=table,
            name=alert or record,
            is_alert=alert is not None or record is None,
            written=written,
            expression=None,
            group=group,
        )
        if alert is not None and record is not None:
            right = "make two rules of it"
            self._say(rule, "missing-key", record, "a rule is an alert or a recording", right)
        if not (alert and alert.text) and not (record and record.text):
            self._say(rule, "missing-key", None, "the rule has no name", "add alert: or record:")
        self._expression(rule)
        hold_at = found.get("for")
        rule.hold = self._duration(hold_at, "for")
        rule.hold_at = hold_at if isinstance(hold_at, Scalar) else None
        rule.keep = self._duration(found.get("keep_firing_for"), "keep_firing_for")
        rule.labels = self._texts(found.get("labels"), "labels")
        rule.annotations = self._texts(found.get("annotations"), "annotations")
        self._check_names(rule, found)
        return rule

    def _expression(self, rule: Rule) -> None:
        written = rule.written
        if written is None or not written.text:
            if not any(key.text == "expr" for key, _ in rule.table.entries) or written is not None:
                self._say(rule, "missing-key", written, "the rule has no expr", "add expr: …")
            return
        found = parse(written.text)
        if isinstance(found, SyntaxProblem):
            self.findings.append(
                rule.in_expression("promql-syntax", found.offset, found.wrong, found.right)
            )
            return
        rule.expression = found

    def _check_names(self, rule: Rule, found: dict[str, Node]) -> None:
        if not rule.is_alert:
            for key in ("for", "keep_firing_for", "annotations"):
                node = found.get(key)
                if node is not None and not _is_empty(node):
                    at = node if isinstance(node, Scalar) else rule.name
                    wrong = f"a recording rule has no {key}"
                    self._say(rule, "recording-extras", at, wrong)
            written = rule.name
            if written is not None and re.search(r"[{}]", written.text):
                wrong = f"{shown(written.text)} holds braces"
                self._say(rule, "bad-name", written, wrong, "write labels under labels:")
        for texts, what in ((rule.labels, "a label"), (rule.annotations, "an annotation")):
            for name, _ in texts.entries:
                if not name.text or (what == "a label" and name.text == "__name__"):
                    wrong = f"{shown(name.text)} cannot be the name of {what}"
                    self._say(rule, "bad-name", name, wrong)

    def _keys(self, table: Table, known: tuple[str, ...], what: str) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in table.entries:
            name = key.text
            if name not in known:
                right = suggestion(name, known, else_say="")
                self._tell("unknown-key", key, f"{what} has no key {shown(name)}", right)
            elif name in found:
                wrong = f"{shown(name)} stands here twice"
                self._tell("wrong-kind", key, wrong, "keep one of them")
            found[name] = value
        return found

    def _text(self, node: Node | None, key: str) -> Scalar | None:
        if node is None or isinstance(node, Scalar):
            return node if node is None or not node.is_nothing else None
        kind = "a list" if isinstance(node, Items) else "a table"
        self._tell("wrong-kind", node, f"{key} is {kind}", f"write a text: {key}: …")
        return None

    def _texts(self, node: Node | None, key: str) -> Texts:
        if node is None or (isinstance(node, Scalar) and node.is_nothing):
            return Texts()
        if not isinstance(node, Table):
            self._tell("wrong-kind", node, f"{key} is no table", "write name: value")
            return Texts()
        found: dict[str, tuple[Scalar, Scalar]] = {}
        for name, value in node.entries:
            if not isinstance(value, Scalar):
                kind = "a list" if isinstance(value, Items) else "a table"
                right = "write a text, in quotation marks if it begins with { or ["
                self._tell("wrong-kind", value, f"{shown(name.text)} is {kind}", right)
            elif name.text in found:
                wrong = f"{shown(name.text)} stands here twice"
                self._tell("wrong-kind", name, wrong, "keep one of them")
            else:
                found[name.text] = (name, value)
        return Texts(entries=tuple(found.values()))

    def _duration(self, node: Node | None, key: str) -> float | None:
        if node is None or (isinstance(node, Scalar) and node.is_nothing):
            return None
        if not isinstance(node, Scalar):
            self._tell("wrong-kind", node, f"{key} is no duration", f"write {key}: 5m")
            return None
        seconds = seconds_of(node.text)
        if seconds is None:
            right = "write a whole number and a unit: 90s, 5m, 1h30m"
            wrong = f"{shown(node.text)} is no duration"
            self._tell("bad-duration", node, wrong, right)
        return seconds

    def _limit(self, node: Node | None) -> None:
        if node is None or (isinstance(node, Scalar) and (node.is_nothing or _is_number(node))):
            return
        wrong = "limit is no number"
        if isinstance(node, Scalar):
            wrong = f"limit is {shown(node.text)}, and no number"
        right = "write how many series its rules may give, such as limit: 100; 0 is any number"
        self._tell("wrong-kind", node, wrong, right)

    def _say(self, rule: Rule, check: str, at: Scalar | None, wrong: str, right: str = "") -> None:
        self.findings.append(rule.found(check, at, wrong, right))

    def _tell(
        self, check: str, at: Node, wrong: str, right: str = "", also: tuple[Place, ...] = ()
    ) -> None:
        entry = CHECKS[check]
        self.findings.append(
            Finding(
                check=entry,
                place=self._source.place(at),
                path=(),
                wrong=wrong,
                right=right or entry.remedy,
                also=also,
            )
        )


def seconds_of(text: str) -> float | None:
    """Give the seconds of a duration as Prometheus writes them; None: it is none."""
    if text == "0":
        return 0
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        return None
    return sum(
        int(count) * unit for count, unit in zip(found.groups(), _SECONDS, strict=True) if count
    )


def _is_number(node: Scalar) -> bool:
    """Say whether Prometheus takes a scalar for a number of 64 bits; it cuts fractions off."""
    text = node.text.replace("_", "")
    if node.style is not None or not _NUMBER.fullmatch(text):
        return False
    value = int(text, 0) if _BASED.match(text) else float(text)
    return abs(value) < 2**63


def _is_empty(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.is_nothing or seconds_of(node.text) == 0
    return not (node.entries if isinstance(node, Table) else node.items)


def groups_in(documents: Iterable[Node]) -> Iterator[Node]:
    """Find the lists of groups: of a rule file, of a PrometheusRule, or of a List of them."""
    for document in documents:
        if not isinstance(document, Table):
            continue
        for held in _held(document):
            spec = held.get("spec")
            groups = held.get("groups") if held.get("groups") is not None else None
            if groups is None and isinstance(spec, Table):
                groups = spec.get("groups")
            if groups is not None:
                yield groups


def _held(document: Table) -> Iterator[Table]:
    items = document.get("items")
    if isinstance(items, Items):
        yield from (item for item in items.items if isinstance(item, Table))
    else:
        yield document
