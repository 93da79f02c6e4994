"""What tired people write by mistake, and the exact remedy that they are given."""

from __future__ import annotations

import re
from typing import Any

import pytest

from belfry.values.clock import TimeOfDay, TimeSpan
from belfry.values.comparison import Comparison
from belfry.values.cron import Cron
from belfry.values.date import Date, Holiday, YearlyDate
from belfry.values.duration import Duration
from belfry.values.factor import Factor
from belfry.values.header import AnswerHeader, HeaderName
from belfry.values.json_path import JsonPath
from belfry.values.moment import Moment
from belfry.values.money import CURRENCIES, Money
from belfry.values.nonsense import Nonsense
from belfry.values.number import Number
from belfry.values.percent import Percent
from belfry.values.quorum import Quorum
from belfry.values.rate import Rate
from belfry.values.size import Size
from belfry.values.weekdays import Weekdays
from belfry.values.zone import Zone

MEANT: dict[Any, dict[str, str]] = {
    Duration: {
        "1.5h": "1h30m",
        "1,5 h": "1h30m",
        "5 min": "5m",
        "5M": "5m",
        "1 hour": "1h",
        "90 Seconds": "1m30s",
        "1h 30m": "1h30m",
        "1 hour and 30 minutes": "1h30m",
        "1 hour, 30 min.": "1h30m",
        "1h30": "1h30m",
        "5m1h": "1h5m",
        "2 weeks": "14d",
        "0.5s": "500ms",
        "PT5M": "5m",
        "P1D": "1d",
        "00:01:30": "1m30s",
        "1:30": "1h30m or 1m30s",
        "5s\n": "5s",
    },
    Percent: {
        "99,95 %": "99.95 %",
        "0.999": "99.9 %",
        "0": "0 %",
        "1": "100 % or 1 %",
        "80": "80 %",
        "80 percent": "80 %",
        "80 pct": "80 %",
        "%80": "80 %",
        "+80%": "80 %",
        "80  %": "80 %",
        ".5%": "0.5 %",
        "99.": "99 %",
    },
    Number: {
        "1,5": "1.5",
        "0,125": "0.125",
        "1e9": "1000000000",
        "1e-3": "0.001",
        "1_000": "1000",
        "1,000": "1000",
        "1 000": "1000",
        "1,000.5": "1000.5",
        "1.000,5": "1000.5",
        ".5": "0.5",
        "5.": "5",
        "+5": "5",
        "007": "7",
        "0x1F": "31",
        "0o17": "15",
        "50 %": "0.5",
    },
    Size: {
        "50 mb": "50MB",
        "50Mb": "50MB",
        "50M": "50MB",
        "512K": "512kB",
        "512kib": "512KiB",
        "50 megabytes": "50MB",
        "1,5GB": "1.5GB",
        ".5GB": "0.5GB",
        "1_000MB": "1000MB",
        "50  MB": "50MB",
        "1.00001kB": "1kB",
    },
    Money: {
        "50$": "50 USD",
        "$ 50": "50 USD",
        "USD 50": "50 USD",
        "USD50": "50 USD",
        "50 usd": "50 USD",
        "50 dollars": "50 USD",
        "40 Euro": "40 EUR",
        "12,50 EUR": "12.50 EUR",
        "1,000 USD": "1000 USD",
        "$1,000.50": "1000.50 USD",
        "$50/month": "50 USD",
        "50 USD per month": "50 USD",
    },
    Rate: {
        "100 a minute": "100 per minute",
        "100 per minutes": "100 per minute",
        "100 per 1 minute": "100 per minute",
        "100 rpm": "100 per minute",
        "5 rps": "5 per second",
        "5 every 15 minutes": "5 per 15m",
        "5 in 15 min": "5 per 15m",
        "5  per 15m": "5 per 15m",
        "5 requests per minute": "5 per minute",
        "1,000 per hour": "1000 per hour",
        "0.5 per minute": "1 per 2m",
    },
    Factor: {
        "10": "10x",
        "10X": "10x",
        "10 x": "10x",
        "x10": "10x",
        "10 times": "10x",
        "1,5x": "1.5x",
        "140%": "1.4x",
    },
    Quorum: {
        "2/3": "2 of 3",
        "2of3": "2 of 3",
        "02 of 3": "2 of 3",
        "2 out of 3": "2 of 3",
        "two of three": "2 of 3",
        "all of 3": "3 of 3",
        "any of 3": "1 of 3",
        "majority of 5": "3 of 5",
        "0 of 3": "1 of 3",
    },
    TimeOfDay: {
        "7:30": "07:30",
        "7.30": "07:30",
        "07.30": "07:30",
        "0730": "07:30",
        "7h30": "07:30",
        "7:30 pm": "19:30",
        "7 p.m.": "19:00",
        "12am": "00:00",
        "07:30:00": "07:30",
        "noon": "12:00",
        "24:00": "00:00",
    },
    TimeSpan: {
        "8:00-18:00": "08:00–18:00",
        "9-17": "09:00–17:00",
        "9am-5pm": "09:00–17:00",
        "8:00 to 18:00": "08:00–18:00",
        "08:00—18:00": "08:00–18:00",
        "08.00–18.00": "08:00–18:00",
    },
    Weekdays: {
        "mon-fri": "Mon–Fri",
        "Monday to Friday": "Mon–Fri",
        "Monday - Friday": "Mon–Fri",
        "Mo-Fr": "Mon–Fri",
        "weekdays": "Mon–Fri",
        "weekend": "Sat, Sun",
        "Saturdays and Sundays": "Sat, Sun",
        "Tues, Thurs": "Tue, Thu",
        "Mon Wed Fri": "Mon, Wed, Fri",
        "Mon/Wed": "Mon, Wed",
        "Daily": "daily",
        "every day": "daily",
        "Mon–Fri, Wed": "Mon–Fri",
        "Mon, Mon": "Mon",
        "Mon–Mon": "Mon or daily",
    },
    Date: {
        "24.12.2026": "2026-12-24",
        "24. 12. 2026": "2026-12-24",
        "24.12.26": "2026-12-24",
        "12/24/2026": "2026-12-24",
        "05/06/2026": "2026-06-05 or 2026-05-06",
        "5/5/2026": "2026-05-05",
        "2026/12/24": "2026-12-24",
        "2026-2-3": "2026-02-03",
        "20261224": "2026-12-24",
        "24 December 2026": "2026-12-24",
        "Dec 24, 2026": "2026-12-24",
        "24th of Sept 2026": "2026-09-24",
        "2026-12-24T22:00": "2026-12-24",
    },
    YearlyDate: {
        "25.12.": "12-25",
        "12/25": "12-25",
        "25/12": "12-25",
        "Dec 25": "12-25",
        "25 December": "12-25",
        "1-1": "01-01",
        "2026-12-25": "12-25",
    },
    Moment: {
        "24.12.2026 22:00": "2026-12-24 22:00",
        "12/24/2026 10:30 pm": "2026-12-24 22:30",
        "2026-12-24 7:30": "2026-12-24 07:30",
        "2026-12-24 22:00:00": "2026-12-24 22:00",
        "2026-12-24, 22:00": "2026-12-24 22:00",
        "2026-12-24 at 10pm": "2026-12-24 22:00",
        "2026-12-24 24:00": "2026-12-25 00:00",
    },
    Zone: {
        "MST": "America/Denver",
        "mdt": "America/Denver",
        "EST": "America/New_York",
        "CET": "Europe/Berlin",
        "GMT": "Europe/London",
        "Z": "UTC",
        "Etc/UTC": "UTC",
        "utc": "UTC",
        "US/Mountain": "America/Denver",
        "America/Denwer": "America/Denver",
        "america/denver": "America/Denver",
        "America/New York": "America/New_York",
        "Europe/Denver": "America/Denver",
        "Denver": "America/Denver",
        "San Francisco": "America/Los_Angeles",
        "Munich": "Europe/Berlin",
        "posix/America/Denver": "America/Denver",
    },
    Cron: {
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@weekly": "0 0 * * SUN",
        "every minute": "* * * * *",
        "every 5 minutes": "*/5 * * * *",
        "5m": "*/5 * * * *",
        "60m": "0 * * * *",
        "2 hours": "0 */2 * * *",
    },
    AnswerHeader: {
        "Content-Type:": "Content-Type",
        "content type": "content-type",
        "Accept: text/html": "Accept",
    },
    JsonPath: {
        ".status": "status",
        "status.": "status",
        "/services/database": "services.database",
        "services/database": "services.database",
        "data->status": "data.status",
        "items.0.id": "items[0].id",
        "items[01]": "items[1]",
        "$.a b": '$["a b"]',
    },
    Comparison: {
        ">= 80": "at least 80",
        "<=5": "at most 5",
        "> 0": "above 0",
        "< 5": "below 5",
        "≥ 5": "at least 5",
        "== ok": "is ok",
        "= ok": "is ok",
        "!= down": "is not down",
        "=~ ^ok": "matches ^ok",
        "more than 5": "above 5",
        "less than 5": "below 5",
        "no more than 5": "at most 5",
        "is greater than 5": "above 5",
        "must be at least 5": "at least 5",
        "is at least 5": "at least 5",
        "at least 1,5": "at least 1.5",
        "At least 5": "at least 5",
        "IS healthy": "is healthy",
        "equals ok": "is ok",
        "is equal to 5": "is 5",
        "not down": "is not down",
        "isn't down": "is not down",
        "any of a, b": "one of a, b",
        "exists": "present",
        "is present": "present",
        "is missing": "absent",
        "is not present": "absent",
        "not empty": "present",
        "contains ok": "matches ok",
        "starts with v1.": r"matches ^v1\.",
        "ends with (ok)": r"matches \(ok\)$",
        " ok": "ok",
    },
}  # fmt: skip
"""By type: the text, and what should be written. Each of the latter reads."""

A_DURATION = "write whole numbers with units d, h, m, s, ms, largest first, such as 60s or 1h30m"
A_NUMBER = "write a number in digits, at most fifteen and nine decimals, such as 25 or 0.1"
A_TIME = "write hours from 00 to 23 and minutes from 00 to 59, such as 07:30"
A_ZONE = "write a zone by its region and a city, such as America/Denver"
DAYS = "write days as Mon, Tue, Wed, Thu, Fri, Sat, Sun, such as Mon–Fri or Sat, Sun"
ELSEWHERE = "the zone is said elsewhere: write the time on its clock, such as 2026-12-24 22:00"
FIVE_FIELDS = "write minute, hour, day of the month, month, day of the week, such as */5 * * * *"

SAID: dict[Any, dict[str, str]] = {
    Duration: {
        "60": "say the unit: 60s, 60m",
        "0.5": "say the unit: 500ms, 30s",
        "-5s": "a duration is not negative: write 5s",
        "6 months": "months and years differ in length: write days, such as 30d or 365d",
        "1 year": "months and years differ in length: write days, such as 30d or 365d",
        "500us": "the smallest unit is the millisecond: write 1ms or more",
        "5m5m": A_DURATION,
        "soon": A_DURATION,
        "٣s": A_DURATION,
        "4000d": "write a shorter duration",
    },
    Percent: {
        "200": "write at most 100 %, with the sign",
        "101 %": "write at most 100 %",
        "-1 %": "write at least 0 %",
        "99.99999 %": "write at most four decimals, such as 99.9999 %",
        "%": "write a number with at most four decimals and the sign, such as 99.9 %",
    },
    Number: {
        "NaN": A_NUMBER,
        "1e99": A_NUMBER,
        "0.1.2": A_NUMBER,
    },
    Size: {
        "50": "say the unit: 50MB, 50MiB",
        "1PB": "write TB, at most 1000TB",
        "1001TB": "write a smaller amount",
        "big": "write a number with a unit, B, kB, MB, GB, TB or KiB, MiB, GiB, TiB, such as 50MB",
    },
    Money: {
        "50": "say the currency: 50 USD, 50 EUR",
        "12.5": "say the currency: 12.50 USD, 12.50 EUR",
        "-5 USD": "write an amount that is not negative",
        "12.505 EUR": "write at most two decimals, such as 12.50 EUR",
        "50 XYZ": f"write one of the currencies {', '.join(CURRENCIES)}",
        "cheap": "write a number with at most two decimals and a currency, such as 50 USD",
    },
    Rate: {
        "100": "say in what time: 100 per minute",
        "5 per 0s": "write the time in which they come, such as 5 per minute",
        "5 per 15": "say the unit: 15s, 15m",
        "often": "write a count and a time, such as 100 per minute or 5 per 15m",
    },
    Factor: {
        "0x": "write more than 0x, such as 2x",
        "double": "write a number and x, such as 10x or 14.4x",
    },
    Quorum: {
        "2": "say of how many, such as 2 of 3",
        "3 of 2": "write 2 of 2 at most",
        "50 of 101": "write at most 100 after of",
        "most": "write two numbers, such as 2 of 3",
    },
    TimeOfDay: {
        "25:00": A_TIME,
        "07:60": A_TIME,
        "13pm": A_TIME,
    },
    TimeSpan: {
        "08:00–08:00": "write 00:00–24:00 for the whole day, or a later end",
        "00:00–00:00": "write 00:00–24:00 for the whole day, or a later end",
        "24:00–06:00": "write 00:00",
        "08:00": "write two times, such as 08:00–18:00",
    },
    Weekdays: {
        "1-5": DAYS,
        "": DAYS,
    },
    Date: {
        "2026-02-30": "February 2026 has 28 days: write 2026-02-28 at the latest",
        "2100-02-29": "February 2100 has 28 days: write 2100-02-28 at the latest",
        "2026-04-31": "April 2026 has 30 days: write 2026-04-30 at the latest",
        "2026-24-12": "the month stands before the day: write 2026-12-24",
        "2026-13-32": "write a month from 01 to 12",
        "1999-12-31": "write a date from 2000-01-01 to 2199-12-31",
        "12-25": "say the year too, such as 2026-12-25",
        "24 December": "say the year too, such as 2026-12-24",
        "2026-12": "write year, month and day, such as 2026-12-24",
        "tomorrow": "write year, month and day, such as 2026-12-24",
    },
    YearlyDate: {
        "02-30": "February has 29 days: write 02-29 at the latest",
        "25-12": "the month stands before the day: write 12-25",
        "Christmas": "write month and day, such as 12-25",
    },
    Holiday: {
        "24.12.": "write 12-24 for every year",
        "Dec 25": "write 12-25 for every year",
        "24.12.2026": "write 2026-12-24",
        "2026-02-30": "February 2026 has 28 days: write 2026-02-28 at the latest",
        "Christmas": "write a day such as 2026-12-24, or 12-25 for every year",
    },
    Moment: {
        "2026-12-24": "say the time too, such as 2026-12-24 22:00",
        "2026-12-24T22:00:00Z": ELSEWHERE,
        "2026-12-24 22:00+01:00": ELSEWHERE,
        "2026-02-30 10:00": "February 2026 has 28 days: write 2026-02-28 at the latest",
        "now": "write day and time, such as 2026-12-24 22:00",
    },
    Zone: {
        "+01:00": f"an offset knows no summer time: {A_ZONE}",
        "UTC+1": f"an offset knows no summer time: {A_ZONE}",
        "Etc/GMT+5": f"an offset knows no summer time: {A_ZONE}",
        "../x": A_ZONE,
        "/etc/localtime": A_ZONE,
        "localtime": A_ZONE,
        "posixrules": A_ZONE,
        "America": A_ZONE,
        "Mars/Olympus": A_ZONE,
    },
    Cron: {
        "* * * *": FIVE_FIELDS,
        "every 7 minutes": FIVE_FIELDS,
        "0 */5 * * * *": "Cloudflare knows no seconds: write */5 * * * *",
        "@reboot": "a Worker has no start: write a time, such as */5 * * * *",
        "60 * * * *": "write one between 0 and 59",
        "0 24 * * *": "write one between 0 and 23",
        "0 0 0 * *": "write one between 1 and 31",
        "0 0 * 13 *": "write one between 1 and 12",
        "0 0 * * 0": "Cloudflare counts from 1: write SUN",
        "0 0 * * 8": "write one between 1 and 7",
        "*/60 * * * *": "write a step between 1 and 59",
        "*/0 * * * *": "write a step between 1 and 59",
        "5* * * * *": "write */5",
        "/5 * * * *": "write */5",
        "0 0 ? * MON": "write *",
        "0,* * * * *": "write * alone",
        "0 0 1,L * *": "write L alone, in an expression of its own",
        "0 0 * * MONDAY": "write MON",
        "0 0 * MARCH *": "write MAR",
        "0 0 * * XYZ": "write *, or numbers between 1 and 7, or SUN to SAT",
        "0 22-4 * * *": "write 22-23,0-4",
        "0 0 * * FRI-MON": "write FRI-SAT,SUN-MON",
        "0 0 * * SAT-SUN": "write SAT,SUN",
        "0 22-4/2 * * *": "begin with the smaller",
        "0 0 30 2 *": "write a day of the month up to 29, or L for the last",
        "0 0 31 4,6 *": "write a day of the month up to 30, or L for the last",
        "0 0 31W FEB *": "write a day of the month up to 29, or L for the last",
        "0 0 L-30 2 *": "write a day of the month up to 29, or L for the last",
    },
    HeaderName: {
        "Host": "leave it out",
        "content-length": "leave it out",
        "Transfer-Encoding": "leave it out",
        "x" * 101: "write a name of at most 100 letters, digits and hyphens, such as X-Request-Id",
        "é": "write letters, digits and hyphens, such as X-Request-Id",
    },
    JsonPath: {
        "items[*].id": "a place is one value: write keys and positions, such as items[0].id",
        "items[-1]": "a place is one value: write keys and positions, such as items[0].id",
        "a..b": "a place is one value: write keys and positions, such as items[0].id",
        "": "write keys with points between them, such as services.database.status or items[0]",
        ".".join("a" * 21): "write at most 20 steps",
        "a" * 301: "write at most 300 characters",
    },
    Comparison: {
        "at leest 5": "write at least 5; if the text itself is meant, is at leest 5",
        "atleast 80": "write at least 80; if the text itself is meant, is atleast 80",
        "atmost": "write at most 80; if the text itself is meant, is atmost",
        "above80": "write above 80; if the text itself is meant, is above80",
        "presnt": "write present; if the text itself is meant, is presnt",
        "oneof a, b": "write one of a, b; if the text itself is meant, is oneof a, b",
        "macthes ^v": "write matches ^v; if the text itself is meant, is macthes ^v",
        "below 2s": "write below 2, without a unit and as the answer counts",
        "over 80 %": "write above 80, without a unit and as the answer counts",
        "at least eighty": "write at least and a number, such as at least 80",
        ">=": "write at least and a number, such as at least 80",
        "between 1 and 5": "write the limit that matters: at least 1, or at most 5",
        "not one of a, b": "write one of, with the words that are good",
        "is not one of a, b": "write one of, with the words that are good",
        "is": "say what, such as is healthy",
        "one of a,,b": "write one of healthy, degraded",
        "matches": "say which pattern, such as matches ^v[0-9]+$",
        "matches (": "missing ), unterminated subpattern: write a regular expression, such as "
        "^v[0-9]+$",
        "matches (?i)ok": "write both capitals and small letters, such as [Hh]ealthy",
        r"matches \Aok": "write ^ for the beginning",
        r"matches ok\Z": "write $ for the end",
        "matches (?P<v>a)": "write a group without a name, ( )",
        "matches a++": "write a repetition without the second +",
        "matches [[a]": "it cannot be read: write a regular expression, such as ^v[0-9]+$",
        "matches a{99999999999999999999}": "it cannot be read: write a regular expression, such as "
        "^v[0-9]+$",
        "": "write a condition, such as at least 80 or is healthy",
        "a\tb": "write a condition, such as at least 80 or is healthy",
        "x" * 301: "write at most 300 characters",
    },
}  # fmt: skip
"""By type: the text, and the whole remedy."""


def cases(table: dict[Any, dict[str, str]]) -> list[Any]:
    return [
        pytest.param(made, text, right, id=f"{made.__name__}: {text[:40]!r}")
        for made, texts in table.items()
        for text, right in texts.items()
    ]


def refusal(made: Any, text: str) -> Nonsense:
    with pytest.raises(Nonsense) as refused:
        made.parse(text)
    return refused.value


@pytest.mark.parametrize(("made", "text", "meant"), cases(MEANT))
def test_who_means_something_is_told_how_to_write_it(made: Any, text: str, meant: str) -> None:
    assert refusal(made, text).right == f"write {meant}"
    for way in meant.split(" or ") if " of " not in meant else [meant]:
        made.parse(way)


@pytest.mark.parametrize(("made", "text", "right"), cases(SAID))
def test_who_means_nothing_clear_is_told_what_would_be_right(
    made: Any, text: str, right: str
) -> None:
    assert refusal(made, text).right == right


@pytest.mark.parametrize(("made", "text", "right"), [*cases(MEANT), *cases(SAID)])
def test_a_refusal_names_what_is_wrong_on_one_line(made: Any, text: str, right: str) -> None:
    del right
    wrong = refusal(made, text).wrong
    assert re.search(r"\b(is|has|runs|begins|stands?|cannot|holds|know) ", wrong)
    assert wrong.isprintable()
