"""Which files of the register are an officer's own: himself, and the household he lives in.

The one way of asking it. He is known by what a colleague said when he was appointed, by a role over his own data,
and by the telephone of his account.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from niangjia.accounts.models import User
from niangjia.federation.scopes import scope_of
from niangjia.people import merged
from niangjia.people.models import HouseholdMember, OfficerPerson, Person


@dataclass(frozen=True)
class OwnFiles:
    """Persons and households, by id; files that went into one of them count too."""

    persons: frozenset[int]
    households: frozenset[int]

    def __or__(self, other: OwnFiles) -> OwnFiles:
        return OwnFiles(self.persons | other.persons, self.households | other.households)

    def has(self, subject_kind: str, subject_id: int) -> bool:
        """Whether a subject is among them; employers and unions are nobody's own."""
        return subject_id in {"person": self.persons, "household": self.households}.get(subject_kind, frozenset())


NOTHING = OwnFiles(frozenset(), frozenset())


def own_files(user: User) -> OwnFiles:
    """Everything in the register that is this user's own matter today."""
    persons = set(scope_of(user, "people.own:state").persons)
    said = OfficerPerson.objects.filter(user=user, ended_at__isnull=True, person__isnull=False)
    persons |= {pk for pk in said.values_list("person_id", flat=True) if pk is not None}
    if user.phone_key:
        persons |= set(Person.objects.filter(phone_key=user.phone_key).values_list("pk", flat=True))
    return _with_household(persons)


def is_own(user: User, subject_kind: str, subject_id: int) -> bool:
    """Whether a subject is the user himself, his household, or a member of it."""
    return own_files(user).has(subject_kind, subject_id)


def lies_with(persons: Collection[int], subject_kind: str, subject_id: int) -> bool:
    """Whether a subject is one of these persons, a household of theirs, or a member of it."""
    return _with_household(set(persons)).has(subject_kind, subject_id)


def _with_household(persons: set[int]) -> OwnFiles:
    if not persons:
        return NOTHING
    open_rows = HouseholdMember.objects.filter(valid_to__isnull=True)
    homes = set(open_rows.filter(person_id__in=persons).values_list("household_id", flat=True))
    family = persons | set(open_rows.filter(household_id__in=homes).values_list("person_id", flat=True))
    # What tells of the past still names the file that went into another.
    return OwnFiles(frozenset(family | merged.led_into(family).keys()), frozenset(homes))
