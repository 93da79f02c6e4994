"""The functions of PromQL: what they take and give.

Source: prometheus/promql/parser/functions.go, release 3.14.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from belfry.expressions.nodes import ValueType

_TYPES = {
    "N": ValueType.SCALAR,
    "V": ValueType.VECTOR,
    "R": ValueType.RANGE,
    "T": ValueType.STRING,
}

_TABLE = """
abs:V>V absent:V>V absent_over_time:R>V acos:V>V acosh:V>V asin:V>V asinh:V>V atan:V>V
atanh:V>V avg_over_time:R>V ceil:V>V changes:R>V clamp:VNN>V clamp_max:VN>V
clamp_min:VN>V cos:V>V cosh:V>V count_over_time:R>V day_of_month:V?1>V day_of_week:V?1>V
day_of_year:V?1>V days_in_month:V?1>V deg:V>V delta:R>V deriv:R>V
double_exponential_smoothing:RNN>V! end:>N! exp:V>V first_over_time:R>V floor:V>V
histogram_avg:V>V histogram_count:V>V histogram_fraction:NNV>V histogram_quantile:NV>V
histogram_quantiles:VTNN?9>V! histogram_stddev:V>V histogram_stdvar:V>V
histogram_sum:V>V hour:V?1>V idelta:R>V increase:R>V info:VV?1>V! irate:R>V
label_join:VTTT*>V label_replace:VTTTT>V last_over_time:R>V ln:V>V log10:V>V log2:V>V
mad_over_time:R>V! max_of:NN>N! max_over_time:R>V min_of:NN>N! min_over_time:R>V
minute:V?1>V month:V?1>V pi:>N predict_linear:RN>V present_over_time:R>V
quantile_over_time:NR>V rad:V>V range:>N! rate:R>V resets:R>V round:VN?1>V scalar:V>N
sgn:V>V sin:V>V sinh:V>V sort:V>V sort_by_label:VT*>V! sort_by_label_desc:VT*>V!
sort_desc:V>V sqrt:V>V start:>N! start_timestamp:V>V! stddev_over_time:R>V
stdvar_over_time:R>V step:>N! sum_over_time:R>V tan:V>V tanh:V>V time:>N timestamp:V>V
ts_of_first_over_time:R>V! ts_of_last_over_time:R>V! ts_of_max_over_time:R>V!
ts_of_min_over_time:R>V! vector:N>V year:V?1>V
"""
"""name:arguments>result. V series, N a number, R a range, T a text; ?n the last argument may be
left out, and stand n times at most; * any number of times; ! behind a feature flag."""

_ROW = re.compile(r"(\w+):([VNRT]*)(?:\?(\d+)|(\*))?>([VN])(!?)")


class Function(NamedTuple):
    """What a function takes and gives."""

    name: str
    takes: tuple[ValueType, ...]
    """The last stands for all that follow."""
    least: int
    most: int
    gives: ValueType
    experimental: bool

    @property
    def usage(self) -> str:
        """How it is called, in words."""
        words = {
            ValueType.SCALAR: "number",
            ValueType.VECTOR: "series",
            ValueType.RANGE: "series[5m]",
            ValueType.STRING: '"text"',
        }
        return f"{self.name}({', '.join(words[kind] for kind in self.takes)})"


def _function(row: re.Match[str]) -> Function:
    name, letters, up_to, any_number, gives, experimental = row.groups()
    count = len(letters)
    variadic = bool(up_to or any_number)
    least = count - 1 if variadic else count
    most = 1000 if any_number else least + int(up_to) if up_to else count
    takes = tuple(_TYPES[letter] for letter in letters)
    return Function(name, takes, least, most, _TYPES[gives], experimental == "!")


FUNCTIONS = {row[1]: _function(row) for row in _ROW.finditer(_TABLE)}

WITH_PARAMETER = {
    "topk": ValueType.SCALAR,
    "bottomk": ValueType.SCALAR,
    "quantile": ValueType.SCALAR,
    "limitk": ValueType.SCALAR,
    "limit_ratio": ValueType.SCALAR,
    "count_values": ValueType.STRING,
}
"""Aggregators that take something before the series."""
EXPERIMENTAL_AGGREGATORS = frozenset(("limitk", "limit_ratio"))

RENAMED = {
    "holt_winters": "double_exponential_smoothing, as Prometheus 3 calls it",
    "count_scalar": "scalar(count(…)), as Prometheus 2 and 3 do",
    "drop_common_labels": "a by clause: Prometheus 2 dropped it",
    "keep_common": "a by clause: Prometheus 2 dropped it",
    "mean": "avg",
    "average": "avg",
    "median": "quantile(0.5, …)",
    "percentile": "quantile(0.95, …)",
    "len": "count",
    "now": "time",
    "if": "and",
    "median_over_time": "quantile_over_time(0.5, …)",
    "distinct_over_time": "count(count by (label) (…))",
    "rollup_rate": "rate: this is VictoriaMetrics' own",
    "count_ne_over_time": "count_over_time over a subquery: this is VictoriaMetrics' own",
    "quantiles_over_time": "quantile_over_time: this is VictoriaMetrics' own",
    "default_rollup": "last_over_time: this is VictoriaMetrics' own",
    "label_set": "label_replace: this is VictoriaMetrics' own",
}
"""Names that people know from elsewhere, and what Prometheus calls them."""
