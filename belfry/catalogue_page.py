"""The page on the catalogue: `python -m belfry.catalogue_page` writes it, a table a subject."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from belfry.application import limits_of
from belfry.catalogue import load_catalogue
from belfry.conditions import trouble
from belfry.meant import Meant, Unmeasured
from belfry.readings import Everything
from belfry.rules import About, PromQL, Told
from belfry.sayings import said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from belfry.catalogue import Catalogue
    from belfry.rules import Rule, When

WRITTEN = Path(__file__).resolve().parent.parent / "docs" / "catalogue.md"
"""Where the page is kept."""

_HEAD = """\
# The catalogue of rules

Every rule that a platform's sets may `use`: by its name, or by its subject (a file of
`alert_rules/`). Under `set`, a set changes `severity`, `for`, the services (`of`) and the
parameters of its rules. Rules of a team's own go into `alert_rules/own/`, and override by name:
[Writing rules](rules.md). What `${…}` is filled with stands there too.
[Signals](signals.md) says what each signal is. This page is made from the rules (`make docs`).

A rule's rank chooses the severity: the mildest of the platform that is at least as bad.
"""


def page(catalogue: Catalogue) -> str:
    """Write the page."""
    lines = [_HEAD]
    for subject, names in catalogue.subjects.items():
        lines += [f"## {subject}", ""]
        for name in names:
            lines += [*_rule(name, catalogue.rules[name]), ""]
    return "\n".join(lines).rstrip() + "\n"


def _rule(name: str, rule: Rule) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    summary = rule.summary.fill(dict.fromkeys(rule.summary.names, "…")).removeprefix("…: ")
    yield f"{summary[:1].upper()}{summary[1:]}."
    yield ""
    about = "the monitoring itself" if rule.about is About.MONITORING else "services of any kind"
    covers = ", ".join(rule.covers) or about
    yield f"- **About** {covers}; rank {rule.rank}; {_trouble(rule)}"
    conditions = dict.fromkeys(_condition(rule, when) for when in rule.when)
    hold = f", for {rule.for_}" if rule.for_.milliseconds else ""
    yield f"- **Fires** when {' – or, where that is not measured, when '.join(conditions)}{hold}"
    yield f"- **Without data** for {rule.no_data.after}: {rule.no_data.is_}"
    yield f"- **First step** {_first_step(rule.first_step.whole)}"
    for key, parameter in rule.parameters.items():
        yield f"- `{key}`: {parameter.default} ({parameter.is_}). {parameter.says}"
    yield f"- [Runbook](../runbooks/{rule.runbook})"


def _first_step(text: str) -> str:
    """Give it with what is typed, which stands after the colon, as such."""
    says, colon, typed = text.partition(": ")
    return f"{says}{colon}`{typed}`" if typed else text


def _condition(rule: Rule, when: When) -> str:
    if isinstance(when, PromQL):
        parameters = {name: f"${{{name}}}" for name in when.expression.names}
        expression = " ".join(when.expression.fill(parameters).split())
        return f"`{expression}` is {when.is_} `{when.limit}` ({when.from_})"
    if isinstance(when, Told):
        return f"Cloudflare tells of `{when.event}`"
    condition = Meant((when,), limits_of(rule, {})).about("service", Everything(), 60)
    return "it is not measured" if isinstance(condition, Unmeasured) else said(condition)


def _trouble(rule: Rule) -> str:
    if rule.trouble is not None:
        return str(rule.trouble)
    condition = Meant(rule.when[:1], limits_of(rule, {})).about("service", Everything(), 60)
    return "" if isinstance(condition, Unmeasured) else str(trouble(condition))


if __name__ == "__main__":
    WRITTEN.write_text(page(load_catalogue()), encoding="utf-8")
