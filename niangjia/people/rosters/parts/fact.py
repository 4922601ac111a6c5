"""The facts of a row: what another bureau answered about a person, or about the household he lives in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from niangjia.core.facts import BUREAU, facts
from niangjia.people.models import HouseholdMember, RecordedFact
from niangjia.people.recorded import standing_facts
from niangjia.people.rosters.judging import First, Frame, Row
from niangjia.people.services.roster_pen import Pen, as_kept
from niangjia.people.values import from_text, to_text

_PREFIX = "fact:"
_NO_HOUSEHOLD = _(
    "This person belongs to no household, so nothing can be recorded about one. "
    "Please register the household first, then hand the table in again."
)
_NEWER = _(
    "A value of %(day)s is on record, newer than this one. Nothing is recorded over it. "
    "Please check on which day the table was true; if that day is right, leave this row out."
)
_TWO_ANSWERS = _("Another row gives this household another value, %(where)s. Please ask the bureau.")
Key = tuple[str, int, str]


def _in_english(source: str) -> str:
    """Whose word it is, for readers of English; the paper keeps the name it bears."""
    return source if source.isascii() else f"Answer of a bureau ({source})"


class FactPart:
    """Adds facts with the bureau's proof; what is known already with the same day and proof is not repeated."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._homes: dict[int, int] = {}
        self._owners: dict[int, int] = {}
        self._newest: dict[Key, RecordedFact] = {}
        self._said: dict[Key, tuple[str, First]] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read the newest value of each fact that is told."""
        ids = [row.person.pk for row in rows if row.person]
        members = HouseholdMember.objects.filter(
            person_id__in=ids, valid_to__isnull=True, household__union_id__in=self._frame.reach
        )
        homes = list(members.values_list("person_id", "household_id", "household__union_id"))
        self._homes = {person_id: home for person_id, home, _ in homes}
        self._owners = {home: union_id for _, home, union_id in homes}
        subjects = {"person": ids, "household": list(self._owners)}
        codes = {tuple(column.removeprefix(_PREFIX).split(".", 1)) for row in rows for column in self._told(row)}
        self._newest = {}
        for kind, code in codes:
            stored = standing_facts().filter(subject_kind=kind, code=code, subject_id__in=subjects[kind])
            for fact in stored.order_by("true_on", "id"):
                self._newest[kind, fact.subject_id, code] = fact

    def _told(self, row: Row) -> Iterator[str]:
        return (column for column in row.values if column.startswith(_PREFIX))

    def plan(self, row: Row) -> None:
        """Which facts are new, and from what to what."""
        if row.person is None:
            return
        row.plans["facts"] = []
        for column in self._told(row):
            key = self._key(row, column)
            if key is not None:
                self._plan_one(row, column, key)

    def _key(self, row: Row, column: str) -> Key | None:
        kind, code = column.removeprefix(_PREFIX).split(".", 1)
        if row.person is None:
            return None
        if kind == "person":
            return kind, row.person.pk, code
        home = self._homes.get(row.person.pk)
        if home is None:
            row.refuse(column, _NO_HOUSEHOLD)
            return None
        return kind, home, code

    def _plan_one(self, row: Row, column: str, key: Key) -> None:
        value = to_text(row.values[column])
        newest = self._newest.get(key)
        if newest is not None and newest.true_on > self._frame.true_on:
            row.refuse(column, _NEWER, day=newest.true_on.isoformat())
            return
        if newest is not None and (newest.value, newest.true_on, newest.proof) == (
            value, self._frame.true_on, BUREAU
        ):  # fmt: skip
            return
        old = None
        if newest is not None:
            old = as_kept(from_text(facts.get(f"{key[0]}.{key[2]}").type, newest.value))
        row.plans["facts"].append((key, value))
        told = {"column": column, "old": old, "new": as_kept(row.values[column])}
        row.differences.append(told | ({"on": newest.true_on.isoformat()} if newest is not None else {}))

    def compare(self, row: Row) -> None:
        """Two rows may tell of one household: the same once, and nothing else."""
        for key, value in list(row.plans.get("facts", ())):
            if key not in self._said:
                continue
            column = f"{_PREFIX}{key[0]}.{key[2]}"
            said, first = self._said[key]
            if said != value:
                row.refuse_second(column, _TWO_ANSWERS, first)
                continue
            row.plans["facts"].remove((key, value))
            row.differences = [told for told in row.differences if told["column"] != column]

    def note(self, row: Row) -> None:
        """Remember what goes in."""
        for key, value in row.plans.get("facts", ()):
            self._said.setdefault(key, (value, First(row.sheet, row.line, True)))

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Record them."""
        made = []
        for row in rows:
            if row.person is None:
                continue
            for (kind, subject_id, code), value in row.plans.get("facts", ()):
                union_id = row.person.union_id if kind == "person" else self._owners[subject_id]
                fact = RecordedFact(
                    subject_kind=kind, subject_id=subject_id, union_id=union_id, code=code, value=value,
                    true_on=self._frame.true_on, proof=BUREAU, source_zh=self._frame.source,
                    source_en=_in_english(self._frame.source), recorded_at=pen.now, recorded_by=pen.user,
                )  # fmt: skip
                made.append((row, fact))
                pen.tell(row, kind, subject_id, union_id, code)
        pen.make(made)
