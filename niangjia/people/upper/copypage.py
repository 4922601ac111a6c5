"""The page beside which a household is typed into an upper system: its fields in that system's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from niangjia.core import clock
from niangjia.federation.scopes import Scope
from niangjia.people.models import Household
from niangjia.people.services.upper import typed_text
from niangjia.people.upper.records import ours
from niangjia.people.upper.systems import UpperField, UpperSystem


@dataclass(frozen=True)
class CopyLine:
    """One field: what is typed there, or that it is opened first."""

    number: int
    field: UpperField
    shown: str
    is_hidden: bool
    is_current: bool

    @property
    def next_number(self) -> int:
        """The field behind it."""
        return self.number + 1


def copy_lines(
    household: Household, system: UpperSystem, scope: Scope, current: int, opened: str = "", value: str = ""
) -> list[CopyLine]:
    """The fields; a sensitive one shows its value only in the answer to the look at it."""
    here = ours([household.pk], clock.today(), scope).get(household.pk, {})
    return [_line(number, field, here, system, current, opened, value)
            for number, field in enumerate(system.fields, start=1)]  # fmt: skip


def _line(
    number: int, field: UpperField, here: dict[str, Any], system: UpperSystem, current: int, opened: str, value: str
) -> CopyLine:
    told = here.get(field.code)
    is_hidden = field.is_sensitive and field.code != opened and told not in (None, "")
    shown = value if field.code == opened else ""
    if not field.is_sensitive and told not in (None, ""):
        shown = typed_text(system, field.code, told)
    return CopyLine(number, field, shown, is_hidden, number == current)
