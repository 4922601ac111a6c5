"""The file of difficulty of a row's household: opened, or its cause and review brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import HardshipFile
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.services.households import DatesOutOfOrder
from niangjia.people.services.roster_pen import Pen, as_kept

_OTHER_FILE = _(
    "The household has an open file of difficulty with another grade or day of entry. "
    "Close that one first, after a fresh check."
)


class HardshipPart:
    """Opens files of difficulty; a changed grade is a new file, and never made by a table."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._open: dict[int, HardshipFile] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read the open files of the households these persons live in."""
        ids = [row.person.pk for row in rows if row.person]
        files = HardshipFile.objects.filter(
            exited_on__isnull=True, household__members__person_id__in=ids, household__members__valid_to__isnull=True
        )
        self._open = {file.household_id: file for file in files}

    def plan(self, row: Row) -> None:
        """A new file, or what differs in the open one."""
        values = row.values
        if values["review_due_on"] < values["entered_on"]:
            row.refuse("review_due_on", DatesOutOfOrder.sentence)
            return
        file = self._open.get(row.household.pk) if row.household else None
        if file is None:
            row.plans["hardship"] = "new"
            if row.person is not None:
                row.differences.append({"column": "grade", "old": None, "new": values["grade"]})
            return
        if (file.grade, file.entered_on) != (values["grade"], values["entered_on"]):
            row.refuse("grade", _OTHER_FILE)
            return
        fields: dict[str, Any] = {}
        for column in ("cause", "review_due_on"):
            if getattr(file, column) != values[column]:
                fields[column] = values[column]
                old, new = as_kept(getattr(file, column)), as_kept(values[column])
                row.differences.append({"column": column, "old": old, "new": new})
        if fields:
            row.plans["hardship"] = (file, fields)

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Open and bring up to date."""
        made, changed = [], []
        for row in rows:
            planned = row.plans.get("hardship")
            if planned is None or row.household is None or row.person is None:
                continue
            if planned == "new":
                names = ("grade", "cause", "entered_on", "review_due_on")
                file = HardshipFile(household_id=row.household.pk, **{name: row.values[name] for name in names})
                made.append((row, file))
            else:
                changed.append((row, *planned))
            pen.tell(row, "person", row.person.pk, row.person.union_id, "hardship", household=row.household.pk)
        pen.make(made)
        pen.change(changed)
