"""The twenty rules that every dashboard keeps, each as one function over its JSON model."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Model = dict[str, Any]

UNITS = {"none", "short", "s", "percentunit"}
PLOTS = {"stat", "timeseries", "table", "gauge"}
PANELS = {*PLOTS, "text", "row"}
VARIABLE = re.compile(r"\$\{?(\w+)")
BUILT_IN = {"__rate_interval", "__interval", "__range"}
RATE = re.compile(r"\b(?:rate|irate|increase)\([^)]*")


def panels(model: Model) -> Iterator[Model]:
    """Give every panel that is no row."""
    return (panel for panel in model["panels"] if panel["type"] != "row")


def plots(model: Model) -> Iterator[Model]:
    return (panel for panel in panels(model) if panel["type"] != "text")


def expressions(model: Model) -> Iterator[str]:
    return (target["expr"] for panel in plots(model) for target in panel.get("targets", ()))


def queries(model: Model) -> Iterator[Model]:
    return (one for one in model["templating"]["list"] if one["type"] == "query")


def used_variables(model: Model) -> set[str]:
    return set(VARIABLE.findall(json.dumps([model["panels"], model["annotations"]])))


def defined_variables(model: Model) -> set[str]:
    return {one["name"] for one in model["templating"]["list"]}


def sources(model: Model) -> Iterator[object]:
    """Give every data source that something asks."""
    for panel in plots(model):
        yield panel.get("datasource")
        yield from (target.get("datasource") for target in panel.get("targets", ()))
    yield from (query.get("datasource") for query in queries(model))


def overlap(one: Model, other: Model) -> bool:
    a, b = one["gridPos"], other["gridPos"]
    beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
    return not (beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"])


def well_formed(expression: str) -> bool:
    """Say whether brackets and quotation marks are closed, without which no query parses."""
    closing = {")": "(", "]": "[", "}": "{"}
    open_brackets: list[str] = []
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", expression)
    for sign in bare:
        if sign in closing.values():
            open_brackets.append(sign)
        elif sign in closing and (not open_brackets or open_brackets.pop() != closing[sign]):
            return False
    return bool(bare.strip()) and not open_brackets and '"' not in bare


def on_the_grid(model: Model) -> bool:
    ids = [panel["id"] for panel in model["panels"]]
    return (
        all(panel["type"] in PANELS for panel in model["panels"])
        and len(ids) == len(set(ids))
        and not any(overlap(*pair) for pair in combinations(model["panels"], 2))
        and all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in model["panels"])
        and len(list(panels(model))) <= 25
    )


def leads_on(model: Model) -> bool:
    """Say whether tiles have meanings, and the reader somewhere to go from there."""
    thresholds = [
        len(panel["fieldConfig"]["defaults"]["thresholds"]["steps"])
        for panel in plots(model)
        if panel["type"] in {"stat", "gauge"}
    ]
    return (
        all(steps > 1 for steps in thresholds)
        and bool(model["links"])
        and bool(model["annotations"]["list"])
    )


RULES: dict[str, Callable[[Model], bool]] = {
    "1 a stable uid": lambda m: bool(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", m.get("uid") or "")),
    "2 a title": lambda m: bool(m["title"].strip()),
    "3 a description": lambda m: bool(m.get("description", "").strip()),
    "4 tags: generator and owner": lambda m: "belfry" in m["tags"] and len(m["tags"]) > 1,
    "5 not editable": lambda m: m["editable"] is False,
    "6 a time zone": lambda m: m.get("timezone") in {"utc", "browser"},
    "7 refreshed every 30 s at most": lambda m: m["refresh"] in {"30s", "1m", "5m"},
    "8 a day at most": lambda m: (
        m["time"] in ({"from": f"now-{h}h", "to": "now"} for h in range(1, 25))
    ),
    "9 a data-source variable": lambda m: "datasource" in defined_variables(m),
    "10 no literal data source": lambda m: all(
        source == {"type": "prometheus", "uid": "${datasource}"} for source in sources(m)
    ),
    "11 variables follow the time range": lambda m: all(
        one["refresh"] == 2 and one["label"] for one in queries(m)
    ),
    "12 variables are used and defined": lambda m: (
        used_variables(m) - BUILT_IN == defined_variables(m)
    ),
    "13 panels say what they are": lambda m: all(
        panel["title"].strip() and panel["description"].strip() for panel in panels(m)
    ),
    "14 known units": lambda m: all(
        panel["fieldConfig"]["defaults"]["unit"] in UNITS for panel in plots(m)
    ),
    "15 panels ask something": lambda m: all(panel.get("targets") for panel in plots(m)),
    "16 queries parse": lambda m: all(map(well_formed, expressions(m))),
    "17 rates use the interval": lambda m: all(
        "[$__rate_interval]" in rate for one in expressions(m) for rate in RATE.findall(one)
    ),
    "18 counters are rated": lambda m: all(
        "_total" not in RATE.sub("", one) for one in expressions(m)
    ),
    "19 current panels on a clean grid": on_the_grid,
    "20 thresholds, links, annotations": leads_on,
}


def broken(model: Model) -> list[str]:
    """Name the rules that a dashboard breaks."""
    return [name for name, keeps in RULES.items() if not keeps(model)]
