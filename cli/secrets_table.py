"""The secrets of a stack as people read them: names, states and verdicts, never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import console, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from belfry.secrets_needed import Finding, Need
    from cli.subject import Subject
    from engine.stack_secrets import Held

_COLOURS = {
    "set": "green",
    "set in clear": "red",
    "missing": "red",
    "not needed": "dim",
    "right": "green",
    "doubtful": "yellow",
    "wrong": "red",
}


def state_of(need: Need, held: Mapping[str, Held], *, local: bool) -> str:
    """Say in a word or two how a secret stands."""
    from belfry.secrets_needed import Needed
    from engine.stack_secrets import Held

    if need.name in held:
        return "set" if held[need.name] is Held.ENCRYPTED else "set in clear"
    return "missing" if need.needed is Needed.NOW and not local else "not needed"


def print_table(subject: Subject, needs: Sequence[Need], held: Mapping[str, Held]) -> None:
    """Print a line a secret, and what to do about those that are missing."""
    from rich.markup import escape
    from rich.table import Table

    from belfry.secrets_needed import Needed

    local = subject.stack.localcloud
    table = Table(
        "secret", "what it is", "state", "needed by", box=None, header_style="bold", pad_edge=False
    )
    for need in needs:
        state = state_of(need, held, local=local)
        by = escape(", ".join(need.by))
        if need.needed is not Needed.NOW:
            by = f"{by} [dim]({need.needed.value})[/]" if by else "nothing"
        table.add_row(need.name, need.what, f"[{_COLOURS[state]}]{state}[/]", by)
    console().print(table)
    if local:
        console().print(
            f"\nThe stack {subject.stack.name} runs on this machine and needs none of them: its "
            "channels lead to the inbox."
        )
        return
    missing = [need.name for need in needs if need.needed is Needed.NOW and need.name not in held]
    if missing:
        stack = subject.stack.name
        console().print(
            f"\n{len(missing)} missing: `belfry secrets set {missing[0]} --stack {stack}` asks "
            "for the first."
        )


def print_findings(subject: Subject, findings: Sequence[Finding], unread: Sequence[str]) -> None:
    """Print a line a secret: the verdict and why; never a value."""
    from rich.table import Table

    if subject.stack.localcloud:
        console().print(f"The stack {subject.stack.name} runs on this machine and needs no secret.")
        return
    table = Table("secret", "verdict", "why", box=None, header_style="bold", pad_edge=False)
    for one in findings:
        verdict = one.verdict.value
        table.add_row(one.name, f"[{_COLOURS[verdict]}]{verdict}[/]", one.why or "")
    console().print(table)
    if unread:
        say(f"not compared with {', '.join(unread)}, which could not be read")
