"""Claims: that a rule fires in one history, and that it stays quiet in another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from belfry.application import rule_about
from belfry.cases.history import named
from belfry.rules import Burns, Measurement, PromQL, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from belfry.catalogue import Catalogue
    from belfry.rules import Case, Rule, ServiceRule, When


_WORD = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That a rule fires in a case, or that it does not."""

    id: str
    """`HighErrorRate/fires/0`."""
    rule: ServiceRule
    case: Case
    fires: bool


def claims(catalogue: Catalogue, names: Iterable[str] | None = None) -> Iterator[Claim]:
    """Give what the catalogue claims of its rules, or of some; Cloudflare's events claim nothing.

    A rule is tried with its default parameters on a made-up service of the first kind that it
    covers, and with the condition whose signals a case names.
    """
    for name in catalogue.rules if names is None else names:
        rule = catalogue.rules[name]
        for kind, cases in (("fires", rule.cases.fires), ("quiet", rule.cases.quiet)):
            for index, case in enumerate(cases):
                made = rule_about(name, rule, alternative(rule, case), every=_every(case))
                if made is not None:
                    one = f"{name}/{kind}/{index}"
                    yield Claim(id=one, rule=made, case=case, fires=kind == "fires")


def alternative(rule: Rule, case: Case) -> int:
    """Say which condition of a rule a case is about: the first of which it names most series."""
    told = {named(key).name for key in case.series}
    counts = [len(told & _names(when)) for when in rule.when]
    return counts.index(max(counts))


def _every(case: Case) -> int:
    return case.every.whole_seconds


def _names(when: When) -> frozenset[str]:
    """Give the signals that a condition is about, or what PromQL says that may be a metric."""
    if isinstance(when, Told):
        return frozenset()
    if isinstance(when, PromQL):
        return frozenset(_WORD.findall(str(when.expression)))
    if isinstance(when, Measurement | Burns):
        return frozenset(str(one) for one in (when.signal, when.part, when.whole) if one)
    return frozenset((str(when.signal),))
