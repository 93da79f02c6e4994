"""Which secrets a stack needs, by what, and what is to be thought of those that it has."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 -- read at run time by `shapes`
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import pytest

from belfry.arguments import Secret
from belfry.problems import printed
from belfry.secret_forms import Kind
from belfry.secrets_needed import (
    BELFRYS_OWN,
    KINDS,
    Need,
    Needed,
    Verdict,
    judge,
    needs,
    uses,
)
from belfry.shapes import Says

if TYPE_CHECKING:
    from belfry.language.platform import Platform

SLACK = "https://hooks.slack.com/services/T012AB3CD/B045EF6GH/abcdefghijklmnopqrstuvwx"
KEY = "kJ8_sD-2mPq7Zx0vB4nT6yRw1cEuLhAg"


def need(name: str, kind: Kind = Kind.ANY, needed: Needed = Needed.NOW) -> Need:
    return Need(name=name, kinds=(kind,), by=(f"channels.{name}",), needed=needed)


def channel_secrets(platform: Platform) -> list[Secret]:
    return [channel.secret for channel in platform.channels.values()]


def test_every_secret_of_the_shipped_platform_is_found_with_its_path_and_kind(
    pitchey: Platform,
) -> None:
    found = {use.name: (printed(use.path), use.kind) for use in uses(pitchey)}
    assert found["slack-critical"] == ("channels.slack-critical.slack.webhook", Kind.SLACK)
    assert found["pagerduty"] == ("channels.pagerduty.pagerduty.key", Kind.PAGERDUTY)
    assert found["smtp-password"] == ("channels.mail.email.password", Kind.SMTP)
    assert found["incident-hook"] == ("channels.incident-hook.webhook.token", Kind.BEARER)
    assert {secret.name for secret in channel_secrets(pitchey)} <= set(found)


def test_what_the_stack_names_comes_first_and_what_belfry_needs_itself_is_said(
    pitchey: Platform,
) -> None:
    found = needs(pitchey, "prod", [Secret(name="vote-key"), Secret(name="pagerduty")])
    assert [one.name for one in found[:2]] == ["pagerduty", "vote-key"]
    assert {one.needed for one in found[:2]} == {Needed.NOW}
    assert found[1].by == (BELFRYS_OWN["vote-key"][1],)
    assert found[1].own
    assert not found[0].own


def test_what_the_stack_does_not_name_is_for_a_part_that_is_not_provisioned(
    pitchey: Platform,
) -> None:
    found = {one.name: one.needed for one in needs(pitchey, "prod", [])}
    assert found["slack-critical"] is Needed.LATER


def test_a_channel_where_nobody_is_paged_is_said_to_be_that(pitchey: Platform) -> None:
    found = {one.name: one.needed for one in needs(pitchey, "staging", [Secret(name="vote-key")])}
    assert found["slack-critical"] is Needed.UNPAGED
    assert found["vote-key"] is Needed.NOW


def test_what_is_set_and_named_nowhere_is_needed_by_nothing(pitchey: Platform) -> None:
    last = needs(pitchey, "prod", [], held=["left-over"])[-1]
    assert (last.name, last.needed, last.by) == ("left-over", Needed.NOTHING, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipe:
    """One of several."""

    KEY: ClassVar = "webhook"

    token: Annotated[Secret, Says("")]
    user: Annotated[str | None, Says("")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """Another of several."""

    KEY: ClassVar = "sms"

    token: Annotated[Secret, Says("")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A part with an optional secret."""

    password: Annotated[Secret | None, Says("")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Secrets in every shape that a file may hold."""

    outlets: Annotated[Mapping[str, Pipe | Tap], Says("")]
    steps: Annotated[tuple[Store, ...], Says("")] = ()
    remote_write: Annotated[Mapping[str, Store], Says("", rest=True)]


def name(text: str) -> Secret:
    return Secret(name=text)


def test_secrets_are_found_in_names_lists_choices_and_rests_of_any_type() -> None:
    house = House(
        outlets={
            "a": Pipe(token=name("bearer")),
            "b": Pipe(token=name("basic"), user="me"),
            "c": Tap(token=name("texts")),
        },
        steps=(Store(), Store(password=name("second"))),
        remote_write={"away": Store(password=name("far"))},
    )
    found = {(printed(use.path), use.name, use.kind) for use in uses(house)}  # type: ignore[arg-type]
    assert found == {
        ("outlets.a.webhook.token", "bearer", Kind.BEARER),
        ("outlets.b.webhook.token", "basic", Kind.PASSWORD),
        ("outlets.c.sms.token", "texts", Kind.TWILIO),
        ("steps[1].password", "second", Kind.ANY),
        ("away.password", "far", Kind.ANY),
    }


def test_no_row_of_the_table_hides_a_later_one() -> None:
    endings = [ending for ending, _ in KINDS]
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize(
    ("values", "verdict", "said"),
    [
        ({}, Verdict.MISSING, "for channels.hook"),
        ({"hook": SLACK}, Verdict.RIGHT, None),
        ({"hook": "https://example.com"}, Verdict.WRONG, "does not begin"),
        ({"hook": SLACK, "twin": SLACK}, Verdict.DOUBTFUL, "the same value as twin"),
    ],
)
def test_a_secret_is_missing_right_wrong_or_doubtful(
    values: dict[str, str], verdict: Verdict, said: str | None
) -> None:
    (finding,) = judge([need("hook", Kind.SLACK)], values)
    assert finding.verdict is verdict
    assert (finding.why is None) if said is None else (said in (finding.why or ""))
    assert verdict.fails == (verdict in (Verdict.MISSING, Verdict.WRONG))


def test_one_value_in_two_stacks_is_doubtful() -> None:
    (finding,) = judge(
        [need("hook", Kind.SLACK)], {"hook": SLACK}, others={"staging": {"pipe": SLACK}}
    )
    assert finding.verdict is Verdict.DOUBTFUL
    assert finding.why == "it has the same value as pipe of the stack staging"


def test_what_stands_in_clear_is_wrong_however_right_its_form_is() -> None:
    (finding,) = judge([need("hook", Kind.SLACK)], {"hook": SLACK}, clear=["hook"])
    assert finding.verdict is Verdict.WRONG
    assert "in clear" in (finding.why or "")


def test_what_nothing_needs_is_doubtful_and_what_is_needed_elsewhere_may_be_missing() -> None:
    findings = judge(
        [need("old", needed=Needed.NOTHING), need("later", Kind.KEY, Needed.LATER)], {"old": KEY}
    )
    assert [(one.name, one.verdict) for one in findings] == [("old", Verdict.DOUBTFUL)]


def test_a_secret_of_two_uses_must_do_for_both() -> None:
    both = Need(name="both", kinds=(Kind.TWILIO, Kind.SMTP), by=(), needed=Needed.NOW)
    assert both.wrong(KEY) is not None
    assert both.wrong("0123456789abcdef" * 2) is None
