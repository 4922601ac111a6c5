"""What a standard says, read from its row; and the house's own minimum where no union has adopted one."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date

GRADES = ("deep", "relative", "sudden")


@dataclass(frozen=True)
class PaperNeed:
    """A paper that files need: of which grades, for which words in the cause, fresh for how long (None: for good).

    Where it is a form printed here, `form` says which kind: its photograph, filed by its code, is the paper.
    """

    name: str
    fresh_days: int | None = None
    grades: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    form: str = ""

    def is_needed(self, grade: str, cause: str) -> bool:
        """Whether a file of this grade and cause needs it; no grade, or no word, named means all."""
        return (not self.grades or grade in self.grades) and (
            not self.causes or any(word in cause for word in self.causes)
        )


@dataclass(frozen=True)
class Rules:
    """One edition of a standard as plain values."""

    check_days: int = 30  # a check older than this lets nobody leave the file
    steady_months: int = 2  # better for at least so many whole months: one good month is none
    above_fen: int | None = None  # income per head must lie above this; None where the union has set no line
    call_back_months: tuple[int, ...] = (3, 6, 12)
    return_days: int = 90  # a household with nobody in work is seen again within so many days
    grades: dict[str, str] = field(default_factory=dict)  # code -> who belongs there, in the document's words
    papers: tuple[PaperNeed, ...] = ()
    questions: tuple[str, ...] = ("household.income_per_head",)

    def to_text(self) -> str:
        """The canonical text that is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def needed(self, grade: str, cause: str) -> list[PaperNeed]:
        """The papers a file of this grade and cause needs."""
        return [paper for paper in self.papers if paper.is_needed(grade, cause)]


# Not a union's rule: what holds where none has adopted its own, so that nobody leaves the file unseen.
MINIMUM = Rules()


def read_rules(text: str) -> Rules:
    """The rules in a kept text."""
    values = json.loads(text)
    values["papers"] = tuple(_need(paper) for paper in values["papers"])
    for name in ("call_back_months", "questions"):
        values[name] = tuple(values[name])
    return Rules(**values)


def _need(values: dict[str, object]) -> PaperNeed:
    def words(name: str) -> tuple[str, ...]:
        found = values[name]
        return tuple(str(word) for word in found) if isinstance(found, Iterable) else ()

    days = values["fresh_days"]
    return PaperNeed(
        str(values["name"]), days if isinstance(days, int) else None, words("grades"), words("causes"),
        str(values.get("form", "")),  # editions of before know of no forms
    )  # fmt: skip


def whole_months(since: date, on: date) -> int:
    """Completed months between two days; never less than none."""
    months = (on.year - since.year) * 12 + on.month - since.month
    # The last day of a short month completes what began on a day it does not have.
    ends_early = on.day < since.day and on.day != calendar.monthrange(on.year, on.month)[1]
    return max(0, months - ends_early)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a month that has no such day."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
