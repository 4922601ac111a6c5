"""Public holidays and the working days that make up for them: read from the yearly notices, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.core.checks import CheckMessage, Warning as CheckWarning

from niangjia.core import clock

FILE = Path(__file__).with_name("holidays.yaml")
SATURDAY = 5
# A notice comes out in November; whoever runs an installation hears of a missing one this long before.
EARLY = timedelta(days=45)


class BadHolidays(Exception):
    """The file says something that no notice can have said."""


@dataclass(frozen=True)
class Notice:
    """One year's notice."""

    title: str
    number: str
    dated: date
    off: frozenset[date]
    work: frozenset[date]


@cache
def notices() -> Mapping[int, Notice]:
    """The notices that are known, by year."""
    return read_notices(FILE.read_text(encoding="utf-8"))


def read_notices(text: str) -> dict[int, Notice]:
    """Read the file; raises `BadHolidays` with the year and what cannot be."""
    loaded = yaml.safe_load(text)
    if not isinstance(loaded, dict) or loaded.get("format") != 1 or set(loaded) != {"format", "years"}:
        raise BadHolidays("format: 1 and years, and nothing else")
    return {year: _notice(year, told) for year, told in loaded["years"].items()}


def _notice(year: int, told: Mapping[str, Any]) -> Notice:
    def hold(true: bool, what: str) -> None:
        if not true:
            raise BadHolidays(f"{year}: {what}")

    hold(isinstance(told, dict) and set(told) == {"title", "number", "dated", "days_off", "working"}, "which keys")
    hold(told["title"] == f"国务院办公厅关于{year}年部分节假日安排的通知", "the title names the year")
    hold(f"〔{told['dated'].year}〕" in told["number"], "the number is of the year of the notice")
    hold(told["dated"] < date(year, 1, 1), "the notice comes before its year")
    off: list[date] = []
    for one in told["days_off"]:
        days = [one["from"] + timedelta(days=at) for at in range((one["to"] - one["from"]).days + 1)]
        hold(len(days) == one["days"], f"{one['name']}: as many days as the notice says")
        hold(not off or days[0] > off[-1], f"{one['name']}: after the holiday before")
        off += days
    work = list(told["working"])
    hold(work == sorted(set(work)), "working days in order, each once")
    hold(all(day.weekday() >= SATURDAY for day in work), "only a day of a weekend is made a working day")
    hold(not set(work) & set(off), "no day is both")
    # New Year's holiday may begin in the old year.
    hold(all(date(year - 1, 12, 30) <= day <= date(year, 12, 31) for day in (*off, *work)), "days of the year")
    return Notice(told["title"], told["number"], told["dated"], frozenset(off), frozenset(work))


def exception_on(day: date) -> bool | None:
    """Whether a notice makes this day a working day (True) or a day off (False); None where none speaks of it."""
    # The last days of December may stand in the next year's notice.
    for year in (day.year, day.year + 1):
        notice = notices().get(year)
        if notice is not None and day in notice.work:
            return True
        if notice is not None and day in notice.off:
            return False
    return None


def holidays_are_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn before a year begins whose notice is not entered: until then its holidays count as working days."""
    today = clock.today()
    missing = sorted({today.year, (today + EARLY).year} - notices().keys())
    hint = f"Enter the State Council's notice of that year in {FILE.name}; see its first lines."
    return [
        CheckWarning(
            f"The public holidays of {year} are not known; due dates count Monday to Friday.", hint, id="core.W001"
        )
        for year in missing
    ]
