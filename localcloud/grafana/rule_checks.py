"""What Grafana refuses in a rule group."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from localcloud.documents import MalformedError, documents, flag, inner, number, text, written
from localcloud.grafana.answers import RefusedError, seconds
from localcloud.grafana.policies import check_routing

if TYPE_CHECKING:
    from localcloud.documents import Document
    from localcloud.grafana.organisations import Organisation

_STEP = 10
"""Seconds: evaluation intervals are multiples of it."""

_INVALID = "invalid alert rule: "
_LONGEST_TITLE = 190
_NO_DATA = ("", "Alerting", "NoData", "OK", "KeepLast")
_ERROR = ("", "Alerting", "Error", "OK", "KeepLast")
_METRIC = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def check_interval(interval: float) -> None:
    """Check the seconds between evaluations.

    Raises:
        RefusedError: they are no multiple of ten, or none at all.

    """
    if interval <= 0 or interval % _STEP:
        raise RefusedError(
            400,
            f"{_INVALID}interval ({written(interval)}s) should be non-zero and divided "
            f"exactly by scheduler interval: {_STEP}s",
        )


def check_rule(org: Organisation, sent: Document) -> None:
    """Check one rule by itself, and that what it refers to is there.

    Raises:
        RefusedError: a reference leads nowhere.
        MalformedError: a field is missing or wrong.

    """
    title = text(sent, "title", "")
    if not title:
        raise RefusedError(400, f"{_INVALID}no title is set")
    if len(title) > _LONGEST_TITLE:
        raise RefusedError(400, f"{_INVALID}title is too long, max {_LONGEST_TITLE} characters")
    queries = [text(query, "refId", "") for query in documents(sent, "data")]
    for query in documents(sent, "data"):
        inner(query, "relativeTimeRange")
        inner(query, "model")
    if not queries:
        raise RefusedError(400, f"{_INVALID}no queries or expressions are found")
    flag(sent, "isPaused")
    for name in ("labels", "annotations"):
        for key, value in inner(sent, name).items():
            if not isinstance(value, str):
                raise MalformedError(f"{_INVALID}{name}.{key} must be a text")
    record = inner(sent, "record")
    if record:
        _check_recording(record, queries)
    else:
        _check_alerting(sent, queries)
    settings = inner(sent, "notification_settings")
    if settings:
        if not text(settings, "receiver", ""):
            raise RefusedError(400, f"{_INVALID}receiver must be specified")
        check_routing(org, settings)


def check_unique(rules: list[Document], elsewhere: list[Document]) -> None:
    """Check that no rule has the uid of another, or its title within the folder.

    Raises:
        RefusedError: one has.

    """
    for rule in rules:
        for other in elsewhere:
            if rule["uid"] == other["uid"]:
                raise RefusedError(
                    409,
                    f"conflict: rule uid {rule['uid']!r} is used in group {other['ruleGroup']!r}",
                )
            if (other["folderUID"], other["title"]) == (rule["folderUID"], rule["title"]):
                raise RefusedError(
                    409,
                    f"conflict: a rule with the same title exists in the folder: {rule['title']!r}",
                )
    for field in ("uid", "title"):
        times = Counter(str(rule[field]) for rule in rules)
        doubled = next((value for value, count in times.items() if count > 1), None)
        if doubled is not None:
            raise RefusedError(409, f"conflict: {field} {doubled!r} is there twice")


def _check_alerting(sent: Document, queries: list[str]) -> None:
    condition = text(sent, "condition", "")
    if condition not in queries:
        raise RefusedError(
            400,
            f"{_INVALID}condition {condition} does not exist, must be one of {sorted(queries)}",
        )
    for name, known in (("noDataState", _NO_DATA), ("execErrState", _ERROR)):
        if text(sent, name, "") not in known:
            raise RefusedError(
                400, f"{_INVALID}{name} is {sent[name]!r}: it is one of {', '.join(known[1:])}"
            )
    for name in ("for", "keep_firing_for"):
        value = sent.get(name)
        if isinstance(value, str) and value:
            seconds(value, name)
    if number(sent, "missingSeriesEvalsToResolve", 1) < 0:
        raise RefusedError(400, f"{_INVALID}missingSeriesEvalsToResolve must not be negative")


def _check_recording(record: Document, queries: list[str]) -> None:
    metric, source = text(record, "metric", ""), text(record, "from", "")
    if not _METRIC.fullmatch(metric):
        raise RefusedError(400, f"{_INVALID}metric name {metric!r} for recording rule is invalid")
    if source not in queries:
        raise RefusedError(
            400, f"{_INVALID}record from {source} does not exist, must be one of {sorted(queries)}"
        )
