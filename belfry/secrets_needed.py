"""Which secrets a stack needs, by what, and whether those that it has will do.

Values pass through `judge` and stay there: nothing that it gives holds any part of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from belfry.arguments import Pager, Secret
from belfry.problems import printed
from belfry.routing import VOTE_KEY
from belfry.secret_forms import LOOKS, Kind, looks_doubtful, looks_wrong
from belfry.shapes import Listing, Names, OneOf, Record, shape_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.shapes import Shape

_ANY = "*"
KINDS: tuple[tuple[tuple[str, ...], Kind], ...] = (
    (("slack", "webhook"), Kind.SLACK),
    (("discord", "webhook"), Kind.DISCORD),
    (("teams", "webhook"), Kind.TEAMS),
    (("pagerduty", "key"), Kind.PAGERDUTY),
    (("sms", "token"), Kind.TWILIO),
    (("email", "password"), Kind.SMTP),
    (("webhook", "token"), Kind.BEARER),
    (("dsn",), Kind.SENTRY),
    (("grafana", "password"), Kind.GRAFANA),
    (("remote-write", "password"), Kind.REMOTE_WRITE),
    (("backups", "key"), Kind.BACKUP),
    (("oauth", "secret"), Kind.OAUTH),
    (("keys", _ANY, "key"), Kind.KEY),
    (("metrics-key",), Kind.KEY),
    (("admin-key",), Kind.KEY),
)
"""How a secret's path in a platform file ends (* is any name), and of which kind it is then.

The first that fits counts; a secret that none fits is of the kind ANY."""

BELFRYS_OWN: Mapping[str, tuple[Kind, str]] = {
    VOTE_KEY: (Kind.VOTE, "what Cloudflare and Grafana tell the monitoring Worker"),
}
"""Secrets that no platform file names: their kind, and what needs them."""


class Needed(StrEnum):
    """Whether a stack needs a secret, and if not, why."""

    NOW = "now"
    UNPAGED = "nobody is paged here"
    LATER = "not provisioned yet"
    NOTHING = "by nothing"


class Verdict(StrEnum):
    """What is to be thought of a secret."""

    RIGHT = "right"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"
    MISSING = "missing"

    @property
    def fails(self) -> bool:
        """Whether a stack should not be deployed so."""
        return self in (Verdict.WRONG, Verdict.MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place of a platform file that names a secret."""

    name: str
    path: Path
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One secret that a platform or a stack names, or that a stack has without need."""

    name: str
    kinds: tuple[Kind, ...]
    """The most telling first; several when it is used as several."""
    by: tuple[str, ...]
    """Places of the platform file, or words for what Belfry itself needs; sorted."""
    needed: Needed

    @property
    def what(self) -> str:
        """What people call it."""
        return LOOKS[self.kinds[0]].what

    @property
    def own(self) -> bool:
        """Whether Belfry alone uses it, so that a random value will do."""
        return all(LOOKS[kind].own for kind in self.kinds)

    def wrong(self, value: str) -> str | None:
        """Say why a value cannot be this secret, for any of its uses."""
        return next(filter(None, (looks_wrong(kind, value) for kind in self.kinds)), None)

    def doubtful(self, value: str) -> str | None:
        """Say why a value that may be this secret is worth a second look."""
        return next(filter(None, (looks_doubtful(kind, value) for kind in self.kinds)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found about one secret. Never any part of its value."""

    name: str
    verdict: Verdict
    why: str | None = None


def uses(platform: Platform) -> tuple[Use, ...]:
    """Find every secret that a platform names, in the order of the types."""
    made: Any = type(platform)
    return tuple(_walk(shape_of(made), platform, (), None))


def needs(
    platform: Platform,
    environment: str,
    secrets: Iterable[Secret],
    *,
    held: Collection[str] = (),
) -> tuple[Need, ...]:
    """Tell which secrets a stack needs: what it names first, then what it does not use, by name.

    Args:
        platform: the effective platform of the environment.
        environment: its name.
        secrets: those that the compiled stack names (`Stack.secrets`).
        held: names that the stack's file has.

    """
    now = {secret.name for secret in secrets}
    pages = platform.environments[environment].paging is Pager.WORKER
    found: dict[str, list[Use]] = {name: [] for name in (*now, *held)}
    for use in uses(platform):
        found.setdefault(use.name, []).append(use)
    made = (_need(name, found[name], now=name in now, pages=pages) for name in found)
    order = list(Needed)
    return tuple(sorted(made, key=lambda need: (order.index(need.needed), need.name)))


def judge(
    needs: Sequence[Need],
    values: Mapping[str, str],
    *,
    clear: Collection[str] = (),
    others: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Finding, ...]:
    """Judge the secrets of a stack by their form and against each other.

    Args:
        needs: what `needs` gave.
        values: what the stack has, decrypted.
        clear: names of those that stand in the stack's file in clear.
        others: values of other stacks by stack, as far as they can be read.

    """
    counts = Counter(values.values())
    elsewhere = {
        value: f"{name} of the stack {stack}"
        for stack, theirs in (others or {}).items()
        for name, value in theirs.items()
    }
    return tuple(
        _finding(need, values, clear, counts, elsewhere)
        for need in needs
        if need.needed is Needed.NOW or need.name in values
    )


def _finding(
    need: Need,
    values: Mapping[str, str],
    clear: Collection[str],
    counts: Counter[str],
    elsewhere: Mapping[str, str],
) -> Finding:
    value = values.get(need.name)
    if value is None:
        return Finding(name=need.name, verdict=Verdict.MISSING, why=f"for {', '.join(need.by)}")
    if need.name in clear:
        why = "it stands in the stack's file in clear: revoke it, and set its successor"
        return Finding(name=need.name, verdict=Verdict.WRONG, why=why)
    if why_wrong := need.wrong(value):
        return Finding(name=need.name, verdict=Verdict.WRONG, why=why_wrong)
    doubt = need.doubtful(value)
    if counts[value] > 1:
        twins = sorted(name for name, one in values.items() if one == value and name != need.name)
        doubt = f"it has the same value as {' and '.join(twins)}"
    elif value in elsewhere:
        doubt = f"it has the same value as {elsewhere[value]}"
    elif need.needed is Needed.NOTHING:
        doubt = "it is needed by nothing"
    if doubt:
        return Finding(name=need.name, verdict=Verdict.DOUBTFUL, why=doubt)
    return Finding(name=need.name, verdict=Verdict.RIGHT)


def _need(name: str, found: Sequence[Use], *, now: bool, pages: bool) -> Need:
    kinds = {use.kind for use in found}
    by = {printed(use.path) for use in found}
    if not found and name in BELFRYS_OWN:
        kind, what = BELFRYS_OWN[name]
        kinds, by = {kind}, {what}
    if len(kinds) > 1:
        kinds.discard(Kind.ANY)
    return Need(
        name=name,
        kinds=tuple(sorted(kinds or {Kind.ANY}, key=list(Kind).index)),
        by=tuple(sorted(by)),
        needed=_needed(found, now=now, pages=pages),
    )


def _needed(found: Sequence[Use], *, now: bool, pages: bool) -> Needed:
    if now:
        return Needed.NOW
    if not found:
        return Needed.NOTHING
    if not pages and all(use.path[0] == "channels" for use in found):
        return Needed.UNPAGED
    return Needed.LATER


def _walk(shape: Shape, value: object, path: Path, holder: object) -> Iterator[Use]:
    if value is None:
        return
    match shape:
        case Record():
            for part in shape.parts:
                below = (*path, part.key)
                yield from _walk(part.shape, getattr(value, part.attribute), below, value)
            if rest := shape.rest:
                yield from _walk(rest.shape, getattr(value, rest.attribute), path, value)
        case OneOf():
            for option in shape.options:
                if isinstance(option.shape, Record) and isinstance(value, option.shape.made):
                    yield from _walk(option.shape, value, (*path, option.key), value)
        case Names() if isinstance(value, Mapping):
            for name, one in value.items():
                yield from _walk(shape.value, one, (*path, str(name)), holder)
        case Listing() if isinstance(value, tuple):
            for index, one in enumerate(value):
                yield from _walk(shape.item, one, (*path, index), holder)
        case _ if isinstance(value, Secret):
            yield Use(name=value.name, path=path, kind=_kind(path, holder))


def _kind(path: Path, holder: object) -> Kind:
    for ending, kind in KINDS:
        last = path[-len(ending) :]
        if len(last) == len(ending) and all(map(_fits, ending, last)):
            # With a user it is the password of basic authentication, whatever its key says.
            named = getattr(holder, "user", None)
            return Kind.PASSWORD if kind is Kind.BEARER and named else kind
    return Kind.ANY


def _fits(wanted: str, step: str | int) -> bool:
    return wanted in (_ANY, step)
