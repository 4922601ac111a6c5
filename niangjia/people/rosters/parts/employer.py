"""The employer of a row, known by its unified social credit code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import Employer
from niangjia.people.rosters.judging import FirstRows, Frame, Row
from niangjia.people.rosters.parts.place import place
from niangjia.people.services.roster_pen import Pen

_TWICE = _(
    "This credit code stands in the table already, %(where)s. Only that row is entered. "
    "Please take this row out, or compare its code with the licence."
)
_KNOWN_ELSEWHERE = _(
    "This credit code is registered with a union you do not look after. Nothing was changed. "
    "Please compare the code with the licence; if it is right, ask the county union to enter this row."
)
_BELONGS_ELSEWHERE = _("This employer belongs to %(union)s. Please correct the union in the table.")


class EmployerPart:
    """Adds employers and brings name, staff and zone up to date."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._first = FirstRows()
        self._found: dict[str, Employer] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read employers with these codes."""
        codes = [row.values["credit_code"] for row in rows if "credit_code" in row.values]
        firms = self._frame.hold(Employer.objects.filter(credit_code__in=codes))
        self._found = {firm.credit_code: firm for firm in firms}

    def plan(self, row: Row) -> None:
        """New, or what differs."""
        code = row.values["credit_code"]
        firm = self._found.get(code)
        if firm is not None and firm.union_id not in self._frame.reach:
            row.refuse("credit_code", _KNOWN_ELSEWHERE)
            return
        place(row, self._frame, firm.union_id if firm else None, _BELONGS_ELSEWHERE)
        row.employer, row.is_new = firm, firm is None
        if firm is not None:
            row.plans["employer"] = self._differences(row, firm)

    def compare(self, row: Row) -> None:
        """No employer goes in twice."""
        if first := self._first.find(row.values["credit_code"]):
            row.refuse_second("credit_code", _TWICE, first)

    def note(self, row: Row) -> None:
        """Remember which one goes in."""
        self._first.note(row, row.values["credit_code"])

    def _differences(self, row: Row, firm: Employer) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for column, name in (("employer", "name"), ("staff_count", "staff_count"), ("in_zone", "in_zone")):
            told = row.values.get(column)
            if told is not None and told != getattr(firm, name):
                fields[name] = told
                row.differences.append({"column": column, "old": getattr(firm, name), "new": told})
        return fields

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Create and change."""
        made = [
            (
                row,
                Employer(
                    union_id=row.union_id, name=row.values["employer"], credit_code=row.values["credit_code"],
                    staff_count=row.values.get("staff_count"), in_zone=row.values.get("in_zone", False),
                ),
            )
            for row in rows
            if row.employer is None
        ]  # fmt: skip
        changed = [(row, row.employer, row.plans["employer"]) for row in rows if row.plans.get("employer")]
        pen.make(made)
        pen.change(changed)
        for row, firm in made:
            row.employer = firm
        for row in rows:
            if row.employer is not None:
                pen.tell(row, "employer", row.employer.pk, row.employer.union_id, "employer")
