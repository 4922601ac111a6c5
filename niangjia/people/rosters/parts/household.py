"""The household of a row: its head, or a member of the head's named or standing above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from niangjia.people.models import Household, HouseholdMember
from niangjia.people.rosters.judging import Frame, Row
from niangjia.people.rosters.parts.person import id_key
from niangjia.people.services.households import InAnotherHousehold
from niangjia.people.services.roster_pen import Pen

_NO_HEAD = _(
    "It is not clear whose household this is: put the head's row above, with its identity number, "
    "or write the head's identity number."
)
_HEAD_NOT_THERE = _(
    "The head of this household is not registered and not entered from this table either. "
    "Please mend the head's row first, or put it above this one."
)
_HOUSEHOLD_ELSEWHERE = _(
    "The household of this person belongs to a union you do not look after. Nothing was changed. "
    "Please ask the county union to enter this row."
)
_NOT_THE_HEAD = _(
    "This person belongs to a household already, and not as its head. Nothing was changed. "
    "Please write the household under its head, or first name a new head on the page of the household."
)


class HouseholdPart:
    """Opens households for heads without one, and adds members."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._above: dict[str, str] = {}  # sheet -> identity number of the last head
        self._new_heads: set[str] = set()
        self._made: dict[str, Household] = {}
        self._of_person: dict[int, HouseholdMember] = {}
        self._of_head: dict[str, Household] = {}

    def load(self, rows: Sequence[Row]) -> None:
        """Read where these persons live, and the households of the heads named."""
        for row in rows:
            self._name_head(row)
        ids = [row.person.pk for row in rows if row.person]
        members = HouseholdMember.objects.filter(valid_to__isnull=True).select_related("household")
        members = self._frame.hold(members, "household")
        self._of_person = {member.person_id: member for member in members.filter(person_id__in=ids)}
        keys = {id_key(row.values["head_number"]): row.values["head_number"] for row in rows if self._follows(row)}
        heads = members.filter(relation="head", person__id_key__in=keys, household__union_id__in=self._frame.reach)
        heads = heads.select_related("household", "person").defer("person__id_number", "person__phone")
        self._of_head = {keys[member.person.id_key or ""]: member.household for member in heads}

    def _relation(self, row: Row) -> str:
        return str(row.values.get("relation", "head"))

    def _follows(self, row: Row) -> bool:
        return self._relation(row) != "head" and "head_number" in row.values

    def _name_head(self, row: Row) -> None:
        """Write down whose household it is: rows are written later without those that change nothing."""
        if self._relation(row) == "head":
            self._above[row.sheet] = row.values.get("id_number", "")
        elif "head_number" not in row.values and self._above.get(row.sheet):
            row.values["head_number"] = self._above[row.sheet]

    def plan(self, row: Row) -> None:
        """A new household, a new member, or what is there."""
        current = self._of_person.get(row.person.pk) if row.person else None
        if self._relation(row) == "head":
            self._plan_head(row, current)
        else:
            self._plan_member(row, current)

    def _plan_head(self, row: Row, current: HouseholdMember | None) -> None:
        if current is None:
            row.plans["household"] = "new"
            self._joins(row)
            return
        if current.relation != "head":
            row.refuse("name", _NOT_THE_HEAD)
            return
        if current.household.union_id not in self._frame.reach:
            row.refuse("name", _HOUSEHOLD_ELSEWHERE)
            return
        row.household = current.household
        address = row.values.get("address")
        if address and address != row.household.address:
            row.plans["household"] = {"address": address}
            row.differences.append({"column": "address", "old": row.household.address, "new": address})

    def _plan_member(self, row: Row, current: HouseholdMember | None) -> None:
        number = row.values.get("head_number")
        if not number:
            row.refuse("relation", _NO_HEAD)
            return
        row.household = self._of_head.get(number)
        if current is None:
            row.plans["member"] = True
            self._joins(row)
        elif row.household is None or current.household_id != row.household.pk:
            row.refuse("relation", InAnotherHousehold.sentence)
        elif current.relation != self._relation(row):
            row.plans["relation"] = current
            row.differences.append({"column": "relation", "old": current.relation, "new": self._relation(row)})

    def compare(self, row: Row) -> None:
        """Whoever joins a household that is not there yet stands below a head who goes in."""
        joins_new = self._relation(row) != "head" and row.household is None
        if joins_new and row.values["head_number"] not in self._new_heads:
            row.refuse("relation", _HEAD_NOT_THERE)

    def note(self, row: Row) -> None:
        """Remember the heads who go in."""
        if row.plans.get("household") == "new" and (number := row.values.get("id_number")):
            self._new_heads.add(number)

    def _joins(self, row: Row) -> None:
        if row.person is not None:
            row.differences.append({"column": "relation", "old": None, "new": self._relation(row)})

    def write(self, rows: Sequence[Row], pen: Pen) -> None:
        """Open households, then let members join them."""
        opened = [row for row in rows if row.plans.get("household") == "new"]
        homes = [(row, self._new_household(row)) for row in opened]
        pen.make(homes)
        for row, home in homes:
            row.household = home
            self._made[row.values.get("id_number", "")] = home
        joining = opened + [row for row in rows if row.plans.get("member")]
        members = [(row, self._new_member(row)) for row in joining]
        pen.make(members)
        for row, member in members:
            self._tell(pen, row, member.household_id)
        changed: list[tuple[Row, Any, dict[str, Any]]] = []
        for row in rows:
            if isinstance(row.plans.get("household"), dict) and row.household is not None:
                changed.append((row, row.household, row.plans["household"]))
            if row.plans.get("relation") is not None:
                changed.append((row, row.plans["relation"], {"relation": self._relation(row)}))
        pen.change([one for one in changed if isinstance(one[1], Household)])
        pen.change([one for one in changed if isinstance(one[1], HouseholdMember)])
        for row, thing, _fields in changed:
            self._tell(pen, row, thing.pk if isinstance(thing, Household) else thing.household_id)

    def _new_household(self, row: Row) -> Household:
        return Household(union_id=row.union_id, address=row.values.get("address", ""), registered_on=self._since(row))

    def _new_member(self, row: Row) -> HouseholdMember:
        home = row.household or self._made[row.values["head_number"]]
        row.household = home
        return HouseholdMember(
            household_id=home.pk, person=row.person, relation=self._relation(row), valid_from=self._since(row)
        )

    def _since(self, row: Row) -> Any:
        return row.values.get("registered_on") or row.values.get("entered_on") or self._frame.true_on

    def _tell(self, pen: Pen, row: Row, household_id: int) -> None:
        if row.person is not None:
            pen.tell(row, "person", row.person.pk, row.person.union_id, "household", household=household_id)
