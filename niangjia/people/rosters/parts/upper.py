"""A row of an upper system's export: compared with the household's file, and noted beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import HouseholdMember, UpperRecord
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.services.roster_pen import Pen, as_kept
from niangjia.people.upper.records import differing, marks_of, ours
from niangjia.people.upper.systems import SEEN_ON, systems

_NO_HOUSEHOLD = _(
    "This person heads no household here, so there is no file to compare with. "
    "Please register the household first, or leave this row out."
)


class UpperPart:
    """Notes which fields differ; the files of people stay as they are."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._system = next(one for one in systems().values() if one.kind == frame.kind.code)
        self._homes: dict[int, tuple[int, int]] = {}
        self._ours: dict[int, dict[str, Any]] = {}
        self._stored: dict[int, UpperRecord] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read the households of these heads, what stands in their files, and what was noted before."""
        ids = [row.person.pk for row in rows if row.person]
        heads = HouseholdMember.objects.filter(
            person_id__in=ids, relation="head", valid_to__isnull=True, household__union_id__in=self._frame.reach
        )
        self._homes = {person: (home, union) for person, home, union in
                       heads.values_list("person_id", "household_id", "household__union_id")}  # fmt: skip
        homes = [home for home, _union in self._homes.values()]
        self._ours = ours(homes, self._frame.true_on)
        stored = UpperRecord.objects.filter(system=self._system.code, household_id__in=homes)
        self._stored = {record.household_id: record for record in stored}

    def plan(self, row: Row) -> None:
        """Which fields differ, and whether anything new is noted."""
        if row.person is None:
            return
        if row.person.pk not in self._homes:
            row.refuse("id_number", _NO_HOUSEHOLD)
            return
        home, union_id = self._homes[row.person.pk]
        codes = differing(self._system, self._ours.get(home, {}), row.values)
        record, day = self._stored.get(home), self._frame.true_on
        row.union_id, row.is_new = union_id, record is None
        marks = marks_of(self._system, home, self._ours.get(home, {}))
        row.plans["upper"] = (home, union_id, record, {"seen_on": day, "differs": codes, "seen_marks": marks})
        if record is not None and record.seen_on is not None and record.seen_on > day:
            row.plans["upper"] = None  # an older export tells nothing about a newer one
            return
        if record is None or (record.seen_on, record.differs, record.seen_marks) != (day, codes, marks):
            old = record.seen_on if record is not None else None
            row.differences.append({"column": SEEN_ON, "old": as_kept(old), "new": as_kept(day)})
            row.differences += [
                {"column": code, "old": as_kept(self._ours[home].get(code)), "new": as_kept(row.values[code])}
                for code in codes
            ]

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Note them."""
        planned = [(row, row.plans["upper"]) for row in rows if row.plans.get("upper")]
        pen.make([
            (row, UpperRecord(household_id=home, system=self._system.code, **seen))
            for row, (home, _union, record, seen) in planned if record is None
        ])  # fmt: skip
        pen.change((row, record, seen) for row, (_home, _union, record, seen) in planned if record is not None)
        for row, (home, union_id, _record, _seen) in planned:
            pen.tell(row, "household", home, union_id, "upper")
