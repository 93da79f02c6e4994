"""A small typed builder of Grafana dashboards: panels in rows, on a computed grid, as stable JSON.

Every panel asks the data source that the reader chose in the variable `datasource`. Texts, units
and thresholds are arguments that cannot be left out where a dashboard needs them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from belfry.arguments import Dashboard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"

WIDTH = 24
"""Columns of Grafana's grid."""
SOURCE: Mapping[str, Json] = {"type": "prometheus", "uid": "${datasource}"}


class Unit(StrEnum):
    """What numbers count, as Grafana calls it."""

    NONE = "none"
    COUNT = "short"
    SECONDS = "s"
    RATIO = "percentunit"


class Color(StrEnum):
    """Grafana's own names, which follow its theme."""

    GREEN = "green"
    YELLOW = "yellow"
    ORANGE = "orange"
    RED = "red"
    GREY = "#808080"
    BLUE = "blue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A PromQL query, and how its series are called."""

    expression: str
    legend: str = ""
    """Such as {{service}}."""
    instant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """From this value on, this colour."""

    value: float
    color: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """A value that stands for a word."""

    value: int
    text: str
    color: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What all panels have. Widths and heights are in the grid's units."""

    title: str
    description: str
    width: int
    height: int

    TYPE: ClassVar[str]

    def model(self) -> Mapping[str, Json]:
        """Give what is the panel type's own."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plot(Panel):
    targets: tuple[Target, ...]
    unit: Unit
    base: Color
    """The colour below the first threshold."""
    thresholds: tuple[Threshold, ...]
    meanings: tuple[Meaning, ...] = ()
    no_value: str = "no data"
    """What stands there when there is no value; never an empty space that looks well."""

    def _fields(self, **custom: Json) -> Mapping[str, Json]:
        steps: list[Json] = [{"color": self.base, "value": None}]
        steps += [{"color": one.color, "value": one.value} for one in self.thresholds]
        options: dict[str, Json] = {
            str(one.value): {"color": one.color, "index": index, "text": one.text}
            for index, one in enumerate(self.meanings)
        }
        return {
            "defaults": {
                "color": {"mode": custom.pop("mode", "thresholds")},
                "custom": custom,
                "mappings": [{"options": options, "type": "value"}] if options else [],
                "noValue": self.no_value,
                "thresholds": {"mode": "absolute", "steps": steps},
                "unit": self.unit,
            },
            "overrides": [],
        }

    def _targets(self, *, table: bool = False) -> list[Json]:
        return [
            {
                "datasource": SOURCE,
                "editorMode": "code",
                "expr": target.expression,
                "format": "table" if table else "time_series",
                "instant": target.instant,
                "legendFormat": target.legend,
                "range": not target.instant,
                "refId": _letters(index),
            }
            for index, target in enumerate(self.targets)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat(_Plot):
    """Last values as tiles, coloured as a whole."""

    TYPE: ClassVar[str] = "stat"

    def model(self) -> Mapping[str, Json]:
        """Give what is the panel type's own."""
        return {
            "datasource": SOURCE,
            "fieldConfig": self._fields(),
            "options": {
                "colorMode": "background",
                "graphMode": "none",
                "justifyMode": "auto",
                "orientation": "auto",
                "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
                "textMode": "value_and_name" if len(self.targets) > 1 else "auto",
            },
            "targets": self._targets(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries(_Plot):
    """Values over time. A gap is shown as a gap."""

    TYPE: ClassVar[str] = "timeseries"

    def model(self) -> Mapping[str, Json]:
        """Give what is the panel type's own."""
        return {
            "datasource": SOURCE,
            "fieldConfig": self._fields(
                mode="palette-classic",
                drawStyle="line",
                fillOpacity=10,
                lineWidth=1,
                showPoints="never",
                spanNulls=False,
                thresholdsStyle={"mode": "dashed" if self.thresholds else "off"},
            ),
            "options": {
                "legend": {
                    "calcs": ["lastNotNull", "max"],
                    "displayMode": "table",
                    "placement": "bottom",
                },
                "tooltip": {"mode": "multi", "sort": "desc"},
            },
            "targets": self._targets(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(_Plot):
    """Last values, a line for each set of labels."""

    TYPE: ClassVar[str] = "table"

    columns: tuple[tuple[str, str], ...]
    """Labels to show, in order, and their headings; `Value` is the value."""

    def model(self) -> Mapping[str, Json]:
        """Give what is the panel type's own."""
        names = [name for name, _ in self.columns]
        return {
            "datasource": SOURCE,
            "fieldConfig": self._fields(cellOptions={"type": "color-text"}),
            "options": {"cellHeight": "sm", "showHeader": True},
            "targets": self._targets(table=True),
            "transformations": [
                {"id": "merge", "options": {}},
                {"id": "filterFieldsByName", "options": {"include": {"names": names}}},
                {
                    "id": "organize",
                    "options": {
                        "indexByName": {name: index for index, name in enumerate(names)},
                        "renameByName": dict(self.columns),
                    },
                },
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Panel):
    """Words, in Markdown."""

    TYPE: ClassVar[str] = "text"

    content: str

    def model(self) -> Mapping[str, Json]:
        """Give what is the panel type's own."""
        return {"options": {"content": self.content, "mode": "markdown"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A heading and its panels, which flow from left to right."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """A choice of the reader: values of a label."""

    name: str
    label: str
    metric: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Moments that are marked in every graph: while the expression has a value."""

    name: str
    expression: str
    title: str
    color: Color


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page that belongs to the dashboard."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A menu of the dashboards that carry all of these tags."""

    title: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole dashboard."""

    uid: str
    title: str
    description: str
    tags: tuple[str, ...]
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    links: tuple[Link | Related, ...] = ()

    def build(self) -> Dashboard:
        """Give the dashboard with its JSON model: sorted keys, nothing that changes by itself."""
        model = {
            "annotations": {"list": [_annotation(one) for one in self.annotations]},
            "description": self.description,
            "editable": False,
            "fiscalYearStartMonth": 0,
            "graphTooltip": 1,
            "links": [_link(one) for one in self.links],
            "panels": list(_placed(self.rows)),
            "refresh": "1m",
            "schemaVersion": 39,
            "tags": list(self.tags),
            "templating": {"list": [_data_source(), *map(_variable, self.variables)]},
            "time": {"from": "now-6h", "to": "now"},
            "timepicker": {},
            "timezone": "utc",
            "title": self.title,
            "uid": self.uid,
            "weekStart": "monday",
        }
        text = json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return Dashboard(uid=self.uid, title=self.title, model=text)


def _placed(rows: tuple[Row, ...]) -> Iterator[Json]:
    """Give the panels, numbered and placed; one that no longer fits begins a new line."""
    number, y = 0, 0
    for row in rows:
        number += 1
        yield {
            "collapsed": False,
            "gridPos": {"h": 1, "w": WIDTH, "x": 0, "y": y},
            "id": number,
            "panels": [],
            "title": row.title,
            "type": "row",
        }
        y += 1
        x = tallest = 0
        for panel in row.panels:
            if x + panel.width > WIDTH:
                x, y, tallest = 0, y + tallest, 0
            number += 1
            yield {
                "description": panel.description,
                "gridPos": {"h": panel.height, "w": panel.width, "x": x, "y": y},
                "id": number,
                "title": panel.title,
                "type": panel.TYPE,
                **panel.model(),
            }
            x += panel.width
            tallest = max(tallest, panel.height)
        y += tallest


def _data_source() -> Json:
    return {
        "includeAll": False,
        "label": "Data source",
        "multi": False,
        "name": "datasource",
        "query": "prometheus",
        "refresh": 1,
        "type": "datasource",
    }


def _variable(variable: Variable) -> Json:
    return {
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
        "datasource": SOURCE,
        "includeAll": True,
        "label": variable.label,
        "multi": True,
        "name": variable.name,
        "query": {"query": f"label_values({variable.metric}, {variable.name})", "refId": "values"},
        "refresh": 2,  # whenever the time range changes
        "sort": 1,
        "type": "query",
    }


def _annotation(annotation: Annotation) -> Json:
    return {
        "datasource": SOURCE,
        "enable": True,
        "expr": annotation.expression,
        "iconColor": annotation.color,
        "name": annotation.name,
        "titleFormat": annotation.title,
    }


def _link(link: Link | Related) -> Json:
    common: Mapping[str, Json] = {"asDropdown": False, "title": link.title}
    match link:
        case Link(url=url):
            return {**common, "icon": "doc", "targetBlank": True, "type": "link", "url": url}
        case Related(tags=tags):
            return {
                **common,
                "asDropdown": True,
                "icon": "dashboard",
                "includeVars": True,
                "keepTime": True,
                "tags": list(tags),
                "type": "dashboards",
            }


def _letters(index: int) -> str:
    """Give a query's name as Grafana does: A to Z, then AA, AB."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
