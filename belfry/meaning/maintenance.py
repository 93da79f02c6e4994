"""Maintenance: whether a window begins, ends, and is on the clock of its zone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from belfry.values.duration import Duration

if TYPE_CHECKING:
    from belfry.findings import Findings
    from belfry.language.maintenance import Window
    from belfry.language.platform import Platform
    from belfry.problems import Path
    from belfry.values.moment import Moment
    from belfry.values.zone import Zone

_LONGEST = Duration.of(31 * 86_400)
"""The longest month, after which what comes every month has come again."""
_ONCE = ("from", "to")
_AGAIN = ("days", "day", "at", "for", "until")
_FORMS = "write from and to, or days (or day), at and for"

Times = tuple[dt.datetime, dt.datetime]


def ask(findings: Findings[Platform]) -> None:
    """Ask about every window. Whether it is over already nobody asks: there is no clock here."""
    platform = findings.value
    once: dict[str, Times] = {}
    for name, window in platform.maintenance.items():
        path = ("maintenance", name)
        among = platform.services
        findings.known_once((*path, "services"), window.services, "service", among, "services")
        if not _has_form(findings, path, window):
            continue
        if window.from_ is None or window.to is None:
            _period(findings, path, window)
        elif (times := _once(findings, path, window, window.from_, window.to)) is not None:
            once[name] = times
    _overlaps(findings, once)


def _has_form(findings: Findings[Platform], path: Path, window: Window) -> bool:
    """Ask whether a window is once, or again and again, and says all that this needs."""
    said = {
        "from": window.from_, "to": window.to, "days": window.days, "day": window.day,
        "at": window.at, "for": window.for_, "until": window.until,
    }  # fmt: skip
    keys = [key for key, value in said.items() if value is not None]
    if any(findings.is_broken((*path, key)) for key in said):
        return False
    again = [key for key in keys if key in _AGAIN]
    if not keys:
        findings.add(path, "this window has no time", _FORMS)
    elif again and len(again) < len(keys):
        wrong = f"{keys[0]} is of a window that is once, {again[0]} of one that comes again"
        findings.add((*path, again[0]), wrong, _FORMS)
    elif not again and len(keys) == 1:
        missing = next(key for key in _ONCE if key not in keys)
        wrong = "this window never ends" if missing == "to" else "this window never begins"
        findings.add(path, wrong, f"add {missing}:, such as {missing}: 2026-12-24 22:00")
    elif "days" in again and "day" in again:
        wrong = "days of the week and a day of the month stand here"
        findings.add((*path, "day"), wrong, "write one of them")
    elif again and "days" not in again and "day" not in again:
        findings.add(path, "on which days it comes is missing", "add days:, such as days: Sun")
    elif again and "at" not in again:
        findings.add(path, "when it begins is missing", 'add at:, such as at: "03:00"')
    elif again and "for" not in again:
        findings.add(path, "this window never ends", "add for:, such as for: 2h")
    else:
        return True
    return False


def _period(findings: Findings[Platform], path: Path, window: Window) -> None:
    """Ask about a window that comes again and again: whether there is time between two of them."""
    if window.for_ is None:
        return
    lasts = window.for_
    if not lasts.milliseconds:
        findings.add((*path, "for"), "it is over at once", "write a duration, such as 2h")
        return
    pause = _LONGEST if window.days is None else _longest_gap(sorted(window.days.days))
    if lasts >= pause:
        wrong = f"this window never ends: it lasts {lasts}, and comes again after {pause}"
        findings.add(
            (*path, "for"),
            wrong,
            f"write less than {pause}",
            because=((*path, "days"),),
            also=((*path, "days"),),
        )


def _longest_gap(days: list[int]) -> Duration:
    gaps = (
        (after - day - 1) % 7 + 1 for day, after in zip(days, [*days[1:], days[0]], strict=True)
    )
    return Duration.of(max(gaps) * 86_400)


def _once(
    findings: Findings[Platform], path: Path, window: Window, begin: Moment, end: Moment
) -> Times | None:
    """Ask about a window that is once, and give when it begins and ends in UTC."""
    if findings.is_broken((*path, "zone")):
        return None
    clear = True
    for key, moment in (("from", begin), ("to", end)):
        if not _exists(moment, window.zone):
            clear = False
            findings.add(
                (*path, key),
                f"there is no {moment} in {window.zone}: the clocks are put forward then",
                "write a time before or after the hour that is left out",
            )
    if not clear:
        return None
    start, stop = (one.in_zone(window.zone).astimezone(dt.UTC) for one in (begin, end))
    if stop <= start:
        wrong = f"it ends before it begins, at {begin}" if stop < start else "it is over at once"
        findings.add((*path, "to"), wrong, "write a later time", also=((*path, "from"),))
        return None
    if stop - start > dt.timedelta(seconds=_LONGEST.seconds):
        days = (stop - start).days
        wrong = f"this window lasts {days} days: nobody would be told of anything for so long"
        right = f"write at most {_LONGEST}, or several windows"
        findings.add((*path, "to"), wrong, right, also=((*path, "from"),))
    return start, stop


def _exists(moment: Moment, zone: Zone) -> bool:
    """Say whether the clocks of a zone show a time at all."""
    there = moment.in_zone(zone)
    back = there.astimezone(dt.UTC).astimezone(there.tzinfo)
    return back.replace(tzinfo=None) == there.replace(tzinfo=None)


def _overlaps(findings: Findings[Platform], once: dict[str, Times]) -> None:
    """Report windows that are at the same time about the same services. Linear but for sorting."""
    windows = findings.value.maintenance
    of_all: tuple[dt.datetime, str] | None = None
    of_any: tuple[dt.datetime, str] | None = None
    of_service: dict[str, tuple[dt.datetime, str]] = {}
    for name, (start, stop) in sorted(once.items(), key=lambda item: item[1]):
        services = windows[name].services
        earlier = [of_all, *map(of_service.get, services)] if services else [of_any]
        latest = max((one for one in earlier if one is not None), default=None)
        if latest is not None and latest[0] > start:
            _overlap(findings, name, latest[1])
        mine = (stop, name)
        of_any = mine if of_any is None else max(of_any, mine)
        if not services:
            of_all = mine if of_all is None else max(of_all, mine)
        for service in services:
            of_service[service] = max(of_service.get(service, mine), mine)


def _overlap(findings: Findings[Platform], name: str, other: str) -> None:
    windows = findings.value.maintenance
    both = set(windows[name].services) & set(windows[other].services)
    of = f" of {min(both)}" if both else ""
    findings.add(
        ("maintenance", name),
        f"this window begins before {other} ends, which is a window{of} too",
        "make one window of both, or let one begin when the other has ended",
        also=(("maintenance", other, "from"), ("maintenance", other, "to")),
        because=(
            ("maintenance", other),
            *(("maintenance", one, "services") for one in (name, other)),
        ),
    )
