"""The membership of a row: since when, with the union of the row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import MembershipSpell
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.services.roster_pen import Pen

_MEMBER_ELSEWHERE = _("This person is a member of another union already. Move the file first: that is a transfer.")
_OVERLAPS = _("This day lies inside an earlier membership of this person. Please compare it with the paper.")
_IN_FUTURE = _("This day has not come yet. Please check the date.")


class MembershipPart:
    """Opens a membership where there is none, and corrects the day of joining."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._spells: dict[int, list[MembershipSpell]] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read the memberships of these persons."""
        self._spells = defaultdict(list)
        ids = [row.person.pk for row in rows if row.person]
        for spell in MembershipSpell.objects.filter(person_id__in=ids).order_by("joined_on"):
            self._spells[spell.person_id].append(spell)

    def plan(self, row: Row) -> None:
        """A new membership, another day, or nothing."""
        joined_on = row.values["joined_on"]
        if joined_on > self._frame.today:
            row.refuse("joined_on", _IN_FUTURE)
            return
        spells = self._spells.get(row.person.pk, []) if row.person else []
        if any(spell.joined_on == joined_on for spell in spells):
            return
        current = next((spell for spell in spells if spell.ended_on is None), None)
        past = [spell for spell in spells if spell.ended_on is not None]
        if any(spell.ended_on and joined_on < spell.ended_on for spell in past):
            row.refuse("joined_on", _OVERLAPS)
            return
        if current is not None and current.union_id != row.union_id:
            row.refuse("joined_on", _MEMBER_ELSEWHERE)
            return
        row.plans["membership"] = current or "new"
        if row.person is not None:
            old = current.joined_on.isoformat() if current else None
            row.differences.append({"column": "joined_on", "old": old, "new": joined_on.isoformat()})

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Open and correct memberships."""
        made, changed = [], []
        for row in rows:
            planned = row.plans.get("membership")
            if planned is None or row.person is None:
                continue
            joined_on = row.values["joined_on"]
            if planned == "new":
                made.append((row, MembershipSpell(person_id=row.person.pk, union_id=row.union_id, joined_on=joined_on)))
            else:
                changed.append((row, planned, {"joined_on": joined_on}))
            pen.tell(row, "person", row.person.pk, row.person.union_id, "membership")
        pen.make(made)
        pen.change(changed)
