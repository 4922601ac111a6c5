"""The row of a bureau's answer: only about those it was asked about, and only what it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import CrossCheckSubject
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.services.roster_pen import Pen

_NOT_ASKED = _("Nobody asked about this person in this batch, so the answer is not entered.")
_FACT = "fact:"


class CheckedPart:
    """Refuses answers about others, and leaves out what was not asked: the signed authority covers no more."""

    def __init__(self, frame: Frame) -> None:
        sent = CrossCheckSubject.objects.filter(check_batch__results__roster_id=frame.roster_id, sent=True)
        rows = list(sent.values_list("person_id", "check_batch__facts"))
        self._asked = {person_id for person_id, _ in rows}
        self._columns = {_FACT + key for _, keys in rows[:1] for key in keys}

    def load(self, rows: Sequence[Row]) -> None:
        """All of it is known from the batch."""

    def plan(self, row: Row) -> None:
        """Whether the bureau was asked."""
        if row.person is not None and row.person.pk not in self._asked:
            row.refuse("id_number", _NOT_ASKED)
        for column in [name for name in row.values if name.startswith(_FACT) and name not in self._columns]:
            del row.values[column]

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Nothing of its own."""
