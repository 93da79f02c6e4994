"""What a file is that holds no rules: so that a message can say it, and where to go with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from belfry.lint.marked import Items, Scalar, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from belfry.lint.marked import Node


class Foreign(NamedTuple):
    """What a file is, and what to do instead."""

    wrong: str
    right: str


_RULES = "name a file with groups of rules"
_KINDS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset(("route", "receivers")), "an Alertmanager configuration", "amtool checks those"),
    (frozenset(("rule_files", "tests")), "a test of rules", "promtool test rules runs it"),
    (frozenset(("tests", "evaluation_interval")), "a test of rules", "promtool test rules runs it"),
    (frozenset(("scrape_configs",)), "a Prometheus configuration", "name the files of rule_files"),
    (
        frozenset(("global", "rule_files")),
        "a Prometheus configuration",
        "name the files of rule_files",
    ),
    (frozenset(("panels", "schemaVersion")), "a Grafana dashboard", _RULES),
    (frozenset(("dashboard", "meta")), "a Grafana dashboard", _RULES),
    (frozenset(("apiVersion", "policies")), "notification policies of Grafana", _RULES),
    (frozenset(("apiVersion", "contactPoints")), "contact points of Grafana", _RULES),
    (frozenset(("apiVersion", "datasources")), "data sources of Grafana", _RULES),
    (frozenset(("platform", "services")), "a platform file of belfry", "belfry check checks those"),
    (frozenset(("services", "version")), "a file of Docker Compose", _RULES),
    (
        frozenset(("version", "service", "slos")),
        "a specification of Sloth",
        "run sloth generate first",
    ),
    (frozenset(("openapi",)), "a description of an API", _RULES),
)


def binary(data: bytes) -> Foreign | None:
    """Say what bytes are that are no text; None: they may be."""
    for start, what in (
        (b"\x1f\x8b", "compressed with gzip: unpack it first"),
        (b"PK\x03\x04", "a zip archive: unpack it first"),
        (b"\x7fELF", "a program"),
        (b"\x89PNG", "a picture"),
        (b"%PDF", "a PDF document"),
        (b"SQLite format 3", "a database"),
    ):
        if data.startswith(start):
            return Foreign(f"this is {what}", _RULES)
    if b"\0" in data[:8192] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Foreign("this is no text", _RULES)
    return None


_HELM = re.compile(
    r"^\s*\{\{-?\s*(?:if|range|with|define|include|template|end|toYaml|/\*|\.Values)", re.MULTILINE
)


def is_helm(text: str) -> bool:
    """Say whether it is a template of Helm, which becomes YAML only when it is rendered."""
    return bool(_HELM.search(text)) or ".Values." in text


def explain(documents: Sequence[Node]) -> Foreign | None:
    """Say why documents hold no rules; None: they do."""
    tables = [one for one in documents if isinstance(one, Table) and one.entries]
    if not documents or all(_is_nothing(one) for one in documents):
        return Foreign("the file is empty", "write groups: with a list of rules")
    if not tables:
        if isinstance(documents[0], Items):
            return Foreign("a list stands at the top", "write groups: above it")
        return Foreign("this is a text, and no table", _RULES)
    for table in tables:
        found = _of_table(table, alone=len(tables) == 1)
        if found is None or found.wrong:
            return found
    if len(tables) > 1:
        return Foreign("none of its documents holds rules", _RULES)
    keys = ", ".join(key.text[:30] for key, _ in tables[0].entries[:4])
    return Foreign(f"it holds {keys}, and no groups", _RULES)


_SOMETHING_ELSE = Foreign("", "")


def _of_table(table: Table, *, alone: bool) -> Foreign | None:
    """Say what one document is; None: it holds rules."""
    written = {key.text for key, _ in table.entries}
    if _exports_grafana(table):
        right = "belfry lint reads Prometheus' rules; a platform's own are checked without files"
        return Foreign("this is an export of Grafana's alert rules", right)
    kind = table.get("kind")
    if "groups" in written:
        return None
    if isinstance(kind, Scalar):
        if kind.text in ("PrometheusRule", "List", "PrometheusRuleList"):
            return None
        name = f"this is a {kind.text[:40]} of Kubernetes"
        return Foreign(name, "name a PrometheusRule") if alone else _SOMETHING_ELSE
    for keys, what, right in _KINDS:
        if keys <= written:
            return Foreign(f"this is {what}", right)
    rules = table.get("rules")
    if isinstance(rules, Items):
        right = "put them into a group: groups: [{name: …, rules: …}]"
        return Foreign("rules stand at the top", right)
    if isinstance(rules, Table):
        return Foreign("this is a catalogue of belfry", "belfry lint without files checks it")
    return _SOMETHING_ELSE


def _is_nothing(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.is_nothing
    return isinstance(node, Table) and not node.entries


def _exports_grafana(table: Table) -> bool:
    groups = table.get("groups")
    if not isinstance(groups, Items) or table.get("apiVersion") is None:
        return False
    first = groups.items[0] if groups.items else None
    if not isinstance(first, Table):
        return False
    rules = first.get("rules")
    rule = rules.items[0] if isinstance(rules, Items) and rules.items else None
    return isinstance(rule, Table) and rule.get("data") is not None
