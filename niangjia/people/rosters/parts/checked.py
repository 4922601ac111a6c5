"""The row of a bureau's answer: only about those it was asked about and may be asked, and only what it was asked."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext_lazy as _

from niangjia.people.bureaux.authorities import asked_of, said_no
from niangjia.people.models import CrossCheckSubject, HouseholdMember
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.services.consents import hold_answers
from niangjia.people.services.roster_pen import Pen

_NOT_ASKED = _(
    "Nobody asked about this person in this batch, so the answer is not entered. "
    "If the check is needed, please put this person into a new batch."
)
_TOOK_BACK = _(
    "This person, or an adult of the household, has taken back consent since the question went out. "
    "The answer is not stored. Please leave it out; only after a new signature may the bureau be asked again."
)
_FACT = "fact:"


class CheckedPart:
    """Refuses answers about others, and leaves out what was not asked: the signed authority covers no more."""

    def __init__(self, frame: Frame) -> None:
        sent = CrossCheckSubject.objects.filter(check_batch__results__roster_id=frame.roster_id, sent=True)
        rows = list(sent.values_list("person_id", "household_id", "check_batch__facts"))
        self._asked = {person_id: home for person_id, home, _ in rows}
        self._columns = {_FACT + key for _, _, keys in rows[:1] for key in keys}
        self._today = frame.today
        self._refused: set[int] = set()

    def load(self, rows: Sequence[Row]) -> None:
        """Who has said no since, himself or for his household."""
        persons = {row.person.pk for row in rows if row.person is not None and row.person.pk in self._asked}
        homes = {home: pk for pk, home in self._asked.items() if home is not None and pk in persons}
        word = asked_of("household", homes, self._today) | asked_of("person", persons, self._today)
        if connection.in_atomic_block:  # while it is entered; a preview holds nobody up
            hold_answers(word)
        _withdrew, refused = said_no(word)
        members = HouseholdMember.objects.filter(household_id__in=homes, person_id__in=refused, valid_to__isnull=True)
        said = {homes[home] for home in members.values_list("household_id", flat=True)}
        self._refused = (persons & refused) | said

    def plan(self, row: Row) -> None:
        """Whether the bureau was asked, and may be."""
        if row.person is not None and row.person.pk not in self._asked:
            row.refuse("id_number", _NOT_ASKED)
        elif row.person is not None and row.person.pk in self._refused:
            row.refuse("id_number", _TOOK_BACK)
            row.values = {name: value for name, value in row.values.items() if not name.startswith(_FACT)}
        for column in [name for name in row.values if name.startswith(_FACT) and name not in self._columns]:
            del row.values[column]

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Nothing of its own."""
