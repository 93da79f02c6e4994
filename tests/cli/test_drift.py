"""What `belfry drift` says to people: what differs, what was mended, what is no drift."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cli.drift import drift_command
from cli.main import main
from cli.output import Status
from engine.drift.differences import GONE, Difference, Filling, Found, Seen, Subject
from engine.drift.examining import Examination
from engine.pulumi import Operation, Summary

if TYPE_CHECKING:
    from collections.abc import Sequence


def subject(name: str, kind: str) -> Subject:
    return Subject(urn=f"urn:pulumi:s::belfry::{kind}::{name}", type=kind, name=name)


CHECK = subject("www", "cloudflare:index/healthcheck:Healthcheck")
QUEUE = subject("jobs", "cloudflare:index/queue:Queue")
DRIFTED = (
    Difference(
        subject=CHECK, property="httpConfig.expectedBody", was='"[ok]"', now='""', seen=Seen.REFRESH
    ),
    Difference(subject=CHECK, property="description", was='"a"', now=None, seen=Seen.BELFRY),
    Difference(subject=QUEUE, property=GONE, was="there", now=None, seen=Seen.REFRESH),
)
FILLED = Filling(subject=CHECK, properties=("checkRegions",))


class _Session:
    client = None


def run(
    monkeypatch: pytest.MonkeyPatch, found: Sequence[tuple[Difference, ...]], *arguments: str
) -> int:
    """Run the command where one examination after another finds this."""
    answers = [
        Examination(found=Found(differences=one, fillings=(FILLED,), unreadable=()), observed={})
        for one in found
    ]

    def mended(*_: Any) -> Summary:
        return Summary(
            operation=Operation.UP, succeeded=True, counts={}, changes=(), errors=(), seconds=1
        )

    monkeypatch.setattr("engine.operations.open_session", lambda *_: _Session())
    monkeypatch.setattr("engine.drift.examining.examine", lambda *_: answers.pop(0))
    monkeypatch.setattr("engine.drift.mending.mend", mended)
    with pytest.raises(SystemExit) as ending:
        main(("drift", *arguments))
    return int(ending.value.code or 0)


def test_what_differs_is_told_with_who_saw_it_and_how_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, [DRIFTED]) == Status.DRIFTED
    assert capsys.readouterr().out.splitlines() == [
        "Healthcheck www  cloudflare:index/healthcheck:Healthcheck",
        '  httpConfig.expectedBody: was "[ok]", is ""  seen by refresh',
        '  description: was "a", is nothing  seen by belfry',
        "Queue jobs  cloudflare:index/queue:Queue",
        "  is gone  seen by refresh",
        "local: 2 resources have drifted.",
        "  1 resource differs only by what the provider fills in.",
        "  belfry drift --stack local --mend   # puts exactly this right",
        "  `belfry up` leaves what only belfry sees as it is: to Pulumi nothing has changed there.",
    ]


def test_after_mending_it_says_what_was_mended_a_line_a_resource(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, [DRIFTED, ()], "--mend", "--yes") == Status.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[-3:] == [
        "mended Healthcheck www: httpConfig.expectedBody, description",
        "mended Queue jobs: gone",
        "local: 2 resources mended.",
    ]
    assert len([line for line in lines if "expectedBody: was" in line]) == 1
    assert not [line for line in lines if "--mend" in line], "it is what runs already"


def test_whoever_does_not_let_it_mend_is_told_so_by_the_exit_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run(monkeypatch, [DRIFTED], "--mend") == Status.INTERRUPTED
    assert "mended" not in capsys.readouterr().out


@pytest.mark.parametrize("status", [Status.DONE, Status.FAILED, Status.DRIFTED, Status.INTERRUPTED])
def test_the_document_and_the_help_tell_each_exit_status(status: Status) -> None:
    document = Path(__file__).parents[2].joinpath("docs/drift.md").read_text(encoding="utf-8")
    assert f"\n| {int(status)} | " in document
    assert f"{int(status)} " in (drift_command.epilog or "").partition("Exit status:")[2]


@pytest.mark.parametrize("verbose", [False, True])
def test_what_the_provider_fills_in_is_named_for_those_who_ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, verbose: bool
) -> None:
    assert run(monkeypatch, [()], *(["-v"] if verbose else [])) == Status.DONE
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == (
        "local: nothing has drifted; 1 resource differs only by what the provider fills in."
    )
    assert rest == (["  Healthcheck www: checkRegions"] if verbose else [])
