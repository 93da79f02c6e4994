"""The cases of the catalogue's rules: Prometheus judges whether each fires as its case says."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.output import BadInput, Status, emit_json, json_option, progress

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from belfry.cases.claims import Claim
    from belfry.catalogue import Catalogue

_WIDTH = 60
"""Columns of a picture; a longer case has several minutes in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verdict:
    """What a rule did in one case."""

    claim: Claim
    minutes: tuple[int, ...]
    """At which it fired; 0 is that of the first value."""
    first: int | None
    """At which it must fire first, if the case says so."""
    lasts: int
    """Minutes that were looked at."""
    pace: int
    """Minutes between two judgements."""

    @property
    def is_right(self) -> bool:
        """Whether it did what the case says."""
        if not self.claim.fires:
            return not self.minutes
        return bool(self.minutes) and self.first in (None, self.minutes[0])

    @property
    def wanted(self) -> str:
        """What the case says."""
        if not self.claim.fires:
            return "stays quiet"
        return "fires" if self.first is None else f"fires from minute {self.first} on"

    @property
    def got(self) -> str:
        """What came."""
        return f"it fires from minute {self.minutes[0]} on" if self.minutes else "it stays quiet"

    def picture(self) -> str:
        """Draw the minutes, and those at which it fired; one that was not judged is as the last."""
        each = -(-(self.lasts + 1) // _WIDTH)
        fired = {
            one // each
            for minute in self.minutes
            for one in range(minute, min(minute + self.pace, self.lasts + 1))
        }
        columns = range(self.lasts // each + 1)
        drawn = "".join("█" if column in fired else "·" for column in columns)
        return drawn if each == 1 else f"{drawn} ({each} min each)"


@click.command(
    epilog="""\b
Examples:
  belfry cases                          the cases of all rules; takes a minute or two
  belfry cases HighErrorRate            of one rule, with a picture of each case
  belfry cases --own                    of the rules in alert_rules/own/
  belfry cases --own --json             for a script
"""
)
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@click.option("--own", is_flag=True, help="The rules in alert_rules/own/ alone.")
@json_option
def cases_command(rules: tuple[str, ...], *, own: bool, as_json: bool) -> None:
    """Try rules on their cases: Prometheus judges whether each fires when it must, and only then.

    A rule is tried with its default parameters on a made-up service. Exit status 1 when one does
    otherwise than its case says.
    """
    from belfry.catalogue import SHIPPED, load_catalogue

    catalogue = load_catalogue(SHIPPED)
    names = _own(load_catalogue(SHIPPED / "own"), rules) if own else _named(catalogue, rules)
    verdicts = list(_judged(catalogue, names))
    if as_json:
        emit_json([_as_json(one) for one in verdicts])
    else:
        _tell(verdicts, names, in_full=bool(rules))
    if not all(one.is_right for one in verdicts):
        raise SystemExit(Status.FAILED)


def _own(catalogue: Catalogue, rules: Sequence[str]) -> tuple[str, ...]:
    """Give the rules of a team's own.

    Raises:
        BadInput: there are none, or others are named.

    """
    if rules:
        message = "--own and rules cannot be told together: name one of them"
        raise BadInput(message)
    if not catalogue.rules:
        message = "there are no rules in alert_rules/own/: docs/rules.md says how to write one"
        raise BadInput(message)
    return tuple(catalogue.rules)


def _named(catalogue: Catalogue, rules: Sequence[str]) -> tuple[str, ...]:
    """Give the rules that are named, or all.

    Raises:
        BadInput: some are not in the catalogue.

    """
    from belfry.problems import suggestion

    known = catalogue.rules
    unknown = [
        f"there is no rule {name}: {suggestion(name, known, else_say='docs/catalogue.md has all')}"
        for name in rules
        if name not in known
    ]
    if unknown:
        raise BadInput("\n".join(unknown))
    return tuple(dict.fromkeys(rules or known))


def _judged(catalogue: Catalogue, names: Sequence[str]) -> Iterator[_Verdict]:
    from belfry.cases.claims import claims
    from belfry.cases.promtool import first_minute, lasts, pace
    from engine.getting import ensure, get
    from engine.paths import find_home
    from engine.promtool import firing_minutes

    home, say = find_home(), progress()
    get(["promtool"], home, say)
    promtool = ensure("promtool", home).path
    for name in names:
        found = list(claims(catalogue, [name]))
        if len(names) > 1 and found:
            say(f"{name}: {len(found)} cases")
        with tempfile.TemporaryDirectory(prefix="belfry-cases-") as folder:
            minutes = firing_minutes(found, promtool, Path(folder))
        for claim in found:
            every = pace(claim)
            yield _Verdict(
                claim=claim,
                minutes=minutes[claim.id],
                first=first_minute(claim, every),
                lasts=lasts(claim),
                pace=every,
            )


def _as_json(verdict: _Verdict) -> dict[str, object]:
    claim = verdict.claim
    return {
        "rule": claim.rule.rule,
        "case": claim.case.says,
        "wanted": verdict.wanted,
        "right": verdict.is_right,
        "fires": list(verdict.minutes),
        "minutes": verdict.lasts,
    }


def _tell(verdicts: Sequence[_Verdict], names: Sequence[str], *, in_full: bool) -> None:
    """Say what came; a case that is right is shown only where somebody asks for its rule."""
    wrong = [one for one in verdicts if not one.is_right]
    rule = ""
    for one in verdicts if in_full else wrong:
        if one.claim.rule.rule != rule:
            rule = one.claim.rule.rule
            click.secho(rule, bold=True)
        mark = click.style("✓", fg="green") if one.is_right else click.style("✗", fg="red")
        said = one.wanted if one.is_right else f"must be: {one.wanted}; but {one.got}"
        click.echo(f"  {mark} {one.claim.case.says}")
        click.echo(f"    {one.picture()} {click.style(said, dim=one.is_right)}")
    untried = [name for name in names if all(one.claim.rule.rule != name for one in verdicts)]
    if untried:
        click.echo(f"told by Cloudflare, nothing to try: {', '.join(untried)}")
    right = len(verdicts) - len(wrong)
    counted = f"{_counted(len(names), 'rule')}, {_counted(len(verdicts), 'case')}"
    click.echo(f"{counted}: {right} right, {len(wrong)} wrong")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
