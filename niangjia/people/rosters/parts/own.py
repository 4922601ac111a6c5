"""Rows about the officer himself or his household: he enters none of them, whatever the table is of."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from niangjia.people.rosters.judging import CHANGED, NEW, Frame, Row
from niangjia.people.services.roster_pen import Pen

_OWN = _(
    "This is about yourself or your own household, so it was not entered. Please let a colleague hand this row in."
)


class OwnPart:
    """The last part of every kind: refuses what the others planned about one's own files.

    A row that changes nothing is left alone.
    """

    def __init__(self, frame: Frame) -> None:
        self._own = frame.own

    def load(self, rows: Sequence[Row]) -> None:
        """What is his own was read with the frame."""

    def plan(self, row: Row) -> None:
        """Refuse what would change his own file, or put somebody into his household."""
        if row.verdict not in (NEW, CHANGED):
            return
        person, home = row.person, row.household
        theirs = (person is not None and self._own.has("person", person.pk)) or (
            home is not None and self._own.has("household", home.pk)
        )
        if theirs:
            row.refuse("id_number" if "id_number" in row.values else "name", _OWN)

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """It writes nothing."""
