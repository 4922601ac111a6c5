"""Facts that follow from records: membership, a worker in the household, children at school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from niangjia.core.facts import BUREAU, FactReading
from niangjia.people import readers
from niangjia.people.models import HouseholdMember, MembershipSpell
from niangjia.people.readers import Readings, Wanted

# 《中华人民共和国义务教育法》: a child of six goes to school; before that nobody asks for a stage.
SCHOOL_AGE = 6
_ROLLS = ("会员名册", "Rolls of members")
_HOME_JOBS = ("家庭成员和用工登记", "Members of the household and register of employment")
_HOME_SCHOOL = ("家庭成员的就读情况", "Schools of the household's members")


def union_member(ids: Wanted, on: date) -> Readings:
    """Whether a person is a member on a date; on no roll is no only where the rolls were complete."""
    found: Readings = {}
    spells = MembershipSpell.objects.filter(readers.only(ids, "person_id")).order_by("joined_on", "pk")
    for person_id, joined, ended in spells.values_list("person_id", "joined_on", "ended_on"):
        if joined > on:  # enters later: what is known today holds until then
            earlier = found.get(person_id)
            if earlier is not None and earlier.value is False:
                found[person_id] = FactReading(False, BUREAU, earlier.on, *_ROLLS, next_change_on=joined)
            continue
        if ended is None or ended > on:
            found[person_id] = FactReading(True, BUREAU, joined, *_ROLLS, next_change_on=ended)
        elif person_id not in found or found[person_id].value is False:
            found[person_id] = FactReading(False, BUREAU, ended, *_ROLLS)
    for person_id, complete_on in readers.covered_people("membership", ids, on).items():
        found.setdefault(person_id, FactReading(False, BUREAU, complete_on, *_ROLLS))
    return found


def has_worker(ids: Wanted, on: date) -> Readings:
    """Whether anybody in the household is a worker; no only when that is known of every member."""
    homes = _homes(ids, on)
    workers = readers.is_worker([person for people in homes.values() for person in people], on)
    found: Readings = {}
    for household_id, people in homes.items():
        known = [workers.get(person) for person in people]
        yes = [one for one in known if one is not None and one.value is True]
        if yes:
            found[household_id] = FactReading(True, BUREAU, min(one.on for one in yes if one.on), *_HOME_JOBS)
        elif all(one is not None for one in known):
            found[household_id] = FactReading(False, BUREAU, None, *_HOME_JOBS)
    return found


def children_at_school(ids: Wanted, on: date) -> Readings:
    """How many children of the household are at school or university.

    The household's own register says who its children are: none in it is none. A child of school age
    whose stage nobody recorded makes the number unknown.
    """
    members, children = _homes(ids, on), _homes(ids, on, relation="child")
    read = readers.recorded("person", "school_stage")
    stages = read([person for births in children.values() for person in births], on)
    found: Readings = {}
    for household_id in members:
        births = children.get(household_id, {})
        known = [stages[person] for person in births if person in stages and stages[person].value is not None]
        others = [birth for person, birth in births.items() if person not in stages or stages[person].value is None]
        starts = [birth and readers.birthday(birth, SCHOOL_AGE) for birth in others]
        ahead = [day for day in starts if day is not None and day > on]
        if len(ahead) < len(starts):
            continue
        found[household_id] = FactReading(
            sum(one.value != "none" for one in known), min((one.proof for one in known), default=BUREAU),
            max((one.on for one in known if one.on), default=None), *_HOME_SCHOOL,
            next_change_on=min(ahead, default=None),
        )  # fmt: skip
    return found


def _homes(ids: Wanted, on: date, **more: str) -> Mapping[int, dict[int, date | None]]:
    """The members of each household on a date, with their birthdays."""
    rows = HouseholdMember.objects.filter(readers.only(ids, "household_id"), valid_from__lte=on, **more).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    )
    homes: dict[int, dict[int, date | None]] = defaultdict(dict)
    for household_id, person_id, born in rows.values_list("household_id", "person_id", "person__born_on"):
        homes[household_id][person_id] = born
    return homes
