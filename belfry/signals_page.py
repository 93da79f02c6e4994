"""The page on signals: `python -m belfry.signals_page` writes it, with who measures what where."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from belfry.loading import load_platform, platforms_in
from belfry.readings import Readings, meaning
from belfry.signals import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from belfry.conditions import Reading
    from belfry.language.platform import Platform
    from belfry.language.signals import SignalName

_ROOT = Path(__file__).resolve().parent.parent
WRITTEN = _ROOT / "docs" / "signals.md"
"""Where the page is kept."""

_HEAD = """\
# Signals

What can be measured of a service, in which unit, and by whom. Rules of the
[catalogue](catalogue.md) speak of these names alone; where nothing measures a signal of a service,
the rules that need it do not exist there, and a set that names such a rule is refused.
A platform's own signal is one of these when it bears its name, or says so:
`worker-memory: {means: memory}`. This page is made from the vocabulary and the shipped platforms
(`make docs`).

Every series carries the label `service`. Signals of the application (`sdk`), of Cloudflare and of
browsers exist where the platform file names them under `signals`; those of exporters where
`server.parts` has the exporter and a service is of its kind; those of the monitoring Worker where
it makes a check.
"""


def page(platforms: Mapping[str, Platform]) -> str:
    """Write the page."""
    lines = [_HEAD, *_vocabulary(), "", "## Where they come from", ""]
    lines += _matrix(platforms)
    return "\n".join(lines) + "\n"


def _vocabulary() -> Iterator[str]:
    yield "## The vocabulary"
    yield ""
    yield "| signal | what it tells | kind | counts | metrics | when there is no value |"
    yield "|---|---|---|---|---|---|"
    for name, signal in SIGNALS.items():
        known = "; ".join(f"{one.source}: `{one.metric}`" for one in signal.known)
        cells = (f"`{name}`", signal.says, signal.kind, signal.measure, known, signal.absent)
        yield f"| {' | '.join(map(str, cells))} |"


def _matrix(platforms: Mapping[str, Platform]) -> Iterator[str]:
    found = {name: _sources(platform) for name, platform in platforms.items()}
    yield f"| signal | {' | '.join(found)} |"
    yield f"|---|{'---|' * len(found)}"
    for signal in SIGNALS:
        cells = [_cell(signals.get(signal, ())) for signals in found.values()]
        if any(cells):
            yield f"| `{signal}` | {' | '.join(cell or '–' for cell in cells)} |"
    nowhere = [
        f"`{signal}`" for signal in SIGNALS if not any(signal in one for one in found.values())
    ]
    if nowhere:
        yield ""
        yield f"No shipped platform measures {', '.join(nowhere)}."
    yield ""
    yield "Signals of the platforms' own, which only their own rules and dashboards know:"
    yield ""
    for name, platform in platforms.items():
        own = [
            f"`{signal}`" for signal, said in platform.signals.items() if not meaning(signal, said)
        ]
        if own:
            yield f"- **{name}**: {', '.join(own)}"


def _sources(platform: Platform) -> Mapping[SignalName, tuple[tuple[str, Reading], ...]]:
    found: dict[SignalName, tuple[tuple[str, Reading], ...]] = {}
    for signal, service, reading in Readings(platform).sources():
        found[signal] = (*found.get(signal, ()), (service, reading))
    return found


def _cell(measured: tuple[tuple[str, Reading], ...]) -> str:
    by_source: dict[tuple[str, str], list[str]] = {}
    for service, reading in measured:
        by_source.setdefault((reading.source, reading.metric), []).append(service)
    return "<br>".join(
        f"{source} (`{metric}`): {', '.join(services)}"
        for (source, metric), services in by_source.items()
    )


def shipped() -> Mapping[str, Platform]:
    """Load the platforms of this checkout."""
    return {path.stem: load_platform(path) for path in platforms_in(_ROOT)}


if __name__ == "__main__":
    WRITTEN.write_text(page(shipped()), encoding="utf-8")
