"""The person of a row: found by identity number, else by telephone and name together; or new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.core import crypto
from niangjia.people.identity import IdentityNumber, parse_identity_number
from niangjia.people.models import Person
from niangjia.people.models.person import searched_name
from niangjia.people.rosters.judging import FirstRows, Frame, Row
from niangjia.people.rosters.parts.place import place
from niangjia.people.services.persons import KnownElsewhere, NumberSaysOtherwise
from niangjia.people.services.roster_pen import Pen, as_kept

_KEYS = ("id_key", "id_tail_key", "phone_key", "phone_tail_key")
_UNRECOGNISABLE = _(
    "There is neither an identity number nor a mobile number, so this person could be entered twice. "
    "Please add one of the two."
)
_TWICE = _(
    "This person stands in the table already, %(where)s. Only that row is entered. "
    "Please take this row out, or compare its name and numbers with the card."
)
_TWO_NUMBERS = _(
    "Somebody of this name and mobile number stands in the table already, %(where)s, with another identity number. "
    "Only that row is entered. Please compare both numbers with the cards: one of the two is mistyped."
)
_OTHER_NAME = _("This identity number is registered under another name. Please compare name and number with the card.")
_OTHER_NUMBER = _(
    "Somebody of this name and mobile number is registered with another identity number. "
    "Please compare the number with the card: one of the two is mistyped."
)
_NOT_TOLD = _(
    "Your tables have named %(most)s people today who are registered elsewhere, and no more is told in a day. "
    "Whether this person is new or registered elsewhere stays open, and the row is not entered. "
    "Please ask the county union to check the table, or upload these rows again tomorrow."
)
_SEVERAL = _("Several persons of this name and mobile number are registered. Please add the identity number.")
_BELONGS_ELSEWHERE = _("This person belongs to %(union)s. Move the file first, or correct the union in the table.")
_STORED_OTHERWISE = _("The file of this person says something else here. Please compare it with the card.")


def id_key(number: str) -> str:
    """The keyed index of an identity number."""
    return crypto.keyed_index("id-number", number)


def _marks(row: Row) -> tuple[str, str, str]:
    """What a person of the table is known by: number, telephone with name, the file; empty where there is none."""
    by_number, by_phone = row.plans["keys"]
    alike = f"alike {by_phone} {searched_name(row.values['name'])}" if by_phone else ""
    return by_number or "", alike, f"file {row.person.pk}" if row.person else ""


class PersonPart:
    """Finds persons in reach, adds new ones, corrects telephones and fills gaps."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._first = FirstRows()
        self._by_number: dict[str, Person] = {}
        self._by_phone: dict[tuple[str, str], list[Person]] = {}
        self._phones: dict[int, str] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read persons with these numbers, and with these telephones and names."""
        for row in rows:
            number, phone = row.values.get("id_number"), row.values.get("phone")
            row.plans["keys"] = (
                id_key(number) if number else None, crypto.keyed_index("phone", phone) if phone else None
            )  # fmt: skip
        keys = [row.plans["keys"][0] for row in rows if row.plans["keys"][0]]
        persons = self._frame.hold(Person.objects.defer("id_number", "phone", "data_key"))
        self._by_number = {p.id_key: p for p in persons.filter(id_key__in=keys)}  # type: ignore[misc]
        phones = [row.plans["keys"][1] for row in rows if row.plans["keys"][0] not in self._by_number]
        self._by_phone = defaultdict(list)
        # Whose they are is asked here: asked for both, SQLite read all people of these unions for each block of rows.
        for person in persons.filter(phone_key__in=[key for key in phones if key]):
            if person.union_id in self._frame.reach:
                self._by_phone[person.phone_key or "", person.name_key].append(person)
        self._phones = {}
        changed = [
            self._by_number[number].pk
            for number, phone in (row.plans["keys"] for row in rows)
            if number in self._by_number and phone and self._by_number[number].phone_key not in (None, phone)
        ]
        for pk, phone in Person.objects.filter(pk__in=changed).values_list("pk", "phone"):
            self._phones[pk] = phone

    def plan(self, row: Row) -> None:
        """Who it is, and what differs."""
        by_number, by_phone = row.plans["keys"]
        if not by_number and not by_phone:
            row.refuse("id_number", _UNRECOGNISABLE)
            return
        self._agree_with_number(row)
        if not row.problems:
            row.person = self._find(row, by_number, by_phone)
        if not row.problems:
            place(row, self._frame, row.person.union_id if row.person else None, _BELONGS_ELSEWHERE)
        if row.problems:
            return
        if row.person is None:
            row.is_new = True
        else:
            row.plans["person"] = self._differences(row, row.person)

    def compare(self, row: Row) -> None:
        """Nobody goes in twice, known by the number, by his file, or by telephone and name as `_find` knows him."""
        number, alike, file = _marks(row)
        first = (number and self._first.find(number)) or (file and self._first.find(file))
        if first:
            row.refuse_second("name", _TWICE, first)
            return
        # Whose number is registered is found by it, whatever telephone an earlier row gives.
        found_by_number = bool(number) and row.person is not None and row.person.id_key == number
        if not alike or found_by_number:
            return
        if first := self._first.find(alike):
            sentence = _TWO_NUMBERS if number and first.has_number else _TWICE
            row.refuse_second("id_number" if number else "name", sentence, first)

    def note(self, row: Row) -> None:
        """Remember who goes in, by all he may be known by."""
        self._first.note(row, *_marks(row))

    def _agree_with_number(self, row: Row) -> None:
        if not row.values.get("id_number") or not row.values.keys() & {"sex", "born_on"}:
            return
        told = self._told_by_number(row)
        for column, value in (("sex", told.sex), ("born_on", told.born_on)):
            if row.values.get(column, value) != value:
                row.refuse(column, NumberSaysOtherwise.sentence)

    def _told_by_number(self, row: Row) -> IdentityNumber:
        if "told" not in row.plans:
            row.plans["told"] = parse_identity_number(row.values["id_number"], today=self._frame.today)
        told: IdentityNumber = row.plans["told"]
        return told

    def _find(self, row: Row, by_number: str | None, by_phone: str | None) -> Person | None:
        name = searched_name(row.values["name"])
        found = self._by_number.get(by_number or "")
        if by_number and (found is None or found.union_id not in self._frame.reach):
            self._not_ours(row, found)
            if row.problems:
                return None
        if found is not None:
            if found.name_key != name:
                row.refuse("name", _OTHER_NAME)
            return found
        alike = self._by_phone.get((by_phone or "", name), [])
        if len(alike) > 1:
            row.refuse("id_number", _SEVERAL)
        if by_number and any(person.id_key for person in alike):
            row.refuse("id_number", _OTHER_NUMBER)
        return alike[0] if alike else None

    def _not_ours(self, row: Row, found: Person | None) -> None:
        """Somebody elsewhere, or somebody new; when enough was told today, the two get the same words."""
        elsewhere = self._frame.elsewhere
        if found is not None and (elsewhere is None or elsewhere.tells(found.pk, row.line)):
            row.refuse("id_number", KnownElsewhere.sentence)
        elif elsewhere is not None and elsewhere.is_used_up:
            elsewhere.withheld += 1
            row.refuse("id_number", _NOT_TOLD, most=elsewhere.most)

    def _differences(self, row: Row, person: Person) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        values = row.values
        if values.get("id_number") and not person.id_key:
            told = self._told_by_number(row)
            fields |= {"id_number": told.number, "born_on": told.born_on, "sex": told.sex}
            row.differences.append({"column": "id_number", "old": None, "new": told.number})
        if values.get("phone") and person.phone_key != row.plans["keys"][1]:
            fields["phone"] = values["phone"]
            row.differences.append({"column": "phone", "old": self._phones.get(person.pk), "new": values["phone"]})
        for column in ("sex", "born_on"):
            stored, given = getattr(person, column) or None, values.get(column)
            if given is None or stored == given or column in fields:
                continue
            if stored is not None:
                row.refuse(column, _STORED_OTHERWISE)
            fields[column] = given
            row.differences.append({"column": column, "old": None, "new": as_kept(given)})
        return fields

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Create the new persons, change the others."""
        made = [(row, self._new(row)) for row in rows if row.is_new and row.person is None]
        pen.make(made)
        for row, person in made:
            row.person = person
            pen.tell(row, "person", person.pk, person.union_id, "person")
        ids = [row.person.pk for row in rows if row.person and row.differences]
        whole = Person.objects.in_bulk(ids)
        changed = []
        for row in rows:
            if row.person is not None and row.person.pk in whole:
                row.person = whole[row.person.pk]
                pen.seal_with(row.person)
                if row.plans.get("person"):
                    changed.append((row, row.person, row.plans["person"]))
                    pen.tell(row, "person", row.person.pk, row.person.union_id, "person")
        for _row, person, fields in changed:
            keys = Person(**{"name": person.name, "id_number": person.id_number, "phone": person.phone, **fields})
            keys.fill_keys()
            for name in _KEYS:
                setattr(person, name, getattr(keys, name))
        pen.change(changed, also=_KEYS)

    def _new(self, row: Row) -> Person:
        values = row.values
        person = Person(
            union_id=row.union_id, name=values["name"], sex=values.get("sex", ""), born_on=values.get("born_on"),
            phone=values.get("phone", ""),
        )  # fmt: skip
        if values.get("id_number"):
            told = self._told_by_number(row)
            person.id_number, person.born_on, person.sex = told.number, told.born_on, told.sex
        person.fill_keys()
        return person


class KnownPersonPart:
    """Finds the person of a row and adds none: for what others answer about people who have a file."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._found: dict[str, Person] = {}
        self._first = FirstRows()

    def load(self, rows: Sequence[Row]) -> None:
        """Read persons with these numbers, in reach."""
        numbers = {row.number: row.values.get("id_number", "") for row in rows}
        keys = {number: id_key(text) for number, text in numbers.items() if text}
        persons = Person.objects.filter(id_key__in=keys.values(), union_id__in=self._frame.reach)
        self._found = {person.id_key: person for person in persons.defer("id_number", "phone")}  # type: ignore[misc]
        for row in rows:
            row.person = self._found.get(keys.get(row.number, ""))

    def plan(self, row: Row) -> None:
        """Whether there is such a file, under this name."""
        if row.person is None:
            # The same words whether nobody has this number or somebody elsewhere.
            row.refuse("id_number", _NO_FILE)
            return
        name = row.values.get("name")
        if name and searched_name(name) != row.person.name_key:
            row.refuse("name", _OTHER_NAME)

    def compare(self, row: Row) -> None:
        """Nobody is answered about twice."""
        if row.person is not None and (first := self._first.find(str(row.person.pk))):
            row.refuse_second("id_number", _TWICE, first)

    def note(self, row: Row) -> None:
        """Remember whom this row is about."""
        if row.person is not None:
            self._first.note(row, str(row.person.pk))

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Nothing of the person is written; facts about him are sealed with his key."""
        for row in rows:
            if row.person is not None:
                pen.seal_with(row.person)


_NO_FILE = _("No file with this identity number among those you look after. Enter the person first.")
