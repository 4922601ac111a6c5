"""Two households side by side, before one joins the other: what somebody compares who must be sure."""

from __future__ import annotations

from django.utils.translation import gettext as _

from niangjia.people.dossier import HouseholdFile, PersonLine
from niangjia.people.forms import GRADES, RELATIONS
from niangjia.people.pairs import Side


def sides_of(stays: HouseholdFile, goes: HouseholdFile) -> list[Side]:
    """Line by line; what the remaining household does not take over is marked where it differs."""
    lines = [
        (_("Head"), stays.head_name, goes.head_name, False),
        (_("Members"), _members(stays), _members(goes), False),
        (_("Address"), stays.household.address, goes.household.address, True),
        (_("Union"), stays.household.union.name, goes.household.union.name, True),
        (_("Registered on"), *(one.household.registered_on.isoformat() for one in (stays, goes)), False),
        (_("File of difficulty"), _grade(stays), _grade(goes), False),
    ]
    return [Side("", label, left, right, marked and left != right) for label, left, right, marked in lines]


def _members(file: HouseholdFile) -> str:
    return "、".join(_member(line) for line in file.members)


def _member(line: PersonLine) -> str:
    told = {"name": line.person.name, "relation": RELATIONS[line.relation], "age": line.age}
    # A file with another union tells no age.
    words = _("%(name)s (%(relation)s)") if line.age is None else _("%(name)s (%(relation)s, %(age)s years old)")
    return words % told


def _grade(file: HouseholdFile) -> str:
    return str(GRADES[file.hardship.grade]) if file.hardship else ""
