"""What is counted: a number is shown with its unit or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext as _, ngettext, ngettext_lazy, npgettext_lazy

from niangjia.core.registries import Registry

units: Registry[Any] = Registry("units of counting")


@dataclass(frozen=True)
class Count:
    """A whole number with its unit; an unknown unit raises when it is made, not when it is read."""

    number: int
    unit: str
    at_least: bool = False  # nobody counted to the end
    url: str = field(default="", compare=False)  # the list that holds exactly these

    def __post_init__(self) -> None:
        units.get(self.unit)

    def __str__(self) -> str:
        return _words(self.number, self.unit, self.at_least, get_language())


@lru_cache(maxsize=5_000)
def _words(number: int, unit: str, at_least: bool, language: str | None) -> str:
    # Read from the catalogue once: a page says its count four times, and fifty rows say "2 persons".
    words = str(units.get(unit) % {"number": number, "shown": f"{number:,}"})
    return _("over %(count)s") % {"count": words} if at_least else words


def word_of(number: int, unit: str) -> str:
    """The unit alone, as it stands behind a number that is written larger: 户, household or households."""
    return str(units.get(unit) % {"number": number, "shown": ""}).strip()


def overdue(days: int) -> str:
    """By how many working days something is late."""
    return ngettext("%(days)s working day overdue", "%(days)s working days overdue", days) % {"days": days}


UNITS = {
    "person": ngettext_lazy("%(shown)s person", "%(shown)s persons", "number"),
    "household": ngettext_lazy("%(shown)s household", "%(shown)s households", "number"),
    "employer": ngettext_lazy("%(shown)s employer", "%(shown)s employers", "number"),
    "provider": ngettext_lazy("%(shown)s provider", "%(shown)s providers", "number"),
    "union": ngettext_lazy("%(shown)s union", "%(shown)s unions", "number"),
    # The same beside a number of a programme or a task, where 家 says enough.
    "body": npgettext_lazy("asked or entitled", "%(shown)s union", "%(shown)s unions", "number"),
    "act": ngettext_lazy("%(shown)s act", "%(shown)s acts", "number"),
    "time": ngettext_lazy("%(shown)s time", "%(shown)s times", "number"),
    "roster": ngettext_lazy("%(shown)s roster", "%(shown)s rosters", "number"),
    "row": ngettext_lazy("%(shown)s row", "%(shown)s rows", "number"),
    "file": ngettext_lazy("%(shown)s file", "%(shown)s files", "number"),
    "programme": ngettext_lazy("%(shown)s programme", "%(shown)s programmes", "number"),
    "place": ngettext_lazy("%(shown)s place", "%(shown)s places", "number"),
    "answer": ngettext_lazy("%(shown)s answer", "%(shown)s answers", "number"),
    "matter": ngettext_lazy("%(shown)s matter", "%(shown)s matters", "number"),
    "workday": ngettext_lazy("%(shown)s working day", "%(shown)s working days", "number"),
    "task": ngettext_lazy("%(shown)s task", "%(shown)s tasks", "number"),
    "stay": ngettext_lazy("%(shown)s stay", "%(shown)s stays", "number"),
    "pair": ngettext_lazy("%(shown)s pair", "%(shown)s pairs", "number"),
    "batch": ngettext_lazy("%(shown)s batch", "%(shown)s batches", "number"),
    "fact": ngettext_lazy("%(shown)s fact", "%(shown)s facts", "number"),
    "register": ngettext_lazy("%(shown)s register", "%(shown)s registers", "number"),
    "request": ngettext_lazy("%(shown)s request", "%(shown)s requests", "number"),
    "export": ngettext_lazy("%(shown)s export", "%(shown)s exports", "number"),
    "role": ngettext_lazy("%(shown)s role", "%(shown)s roles", "number"),
    "person_time": ngettext_lazy("%(shown)s person-time", "%(shown)s person-times", "number"),
    "household_time": ngettext_lazy("%(shown)s household-time", "%(shown)s household-times", "number"),
}


def register() -> None:
    """Offer the units of the house."""
    for code, words in UNITS.items():
        units.register(code, words)
