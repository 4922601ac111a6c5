"""Whose authority a page is about."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope
from niangjia.people.bureaux.authorities import Adult, adults_of
from niangjia.people.models import Household, Person
from niangjia.people.queries import household_by_public_id, household_ids_of, person_by_public_id


@dataclass(frozen=True)
class Whose:
    """A household, or a person who belongs to none, with the adults who sign."""

    kind: str
    public_id: str
    name: str
    union_name: str
    household: Household | None
    person: Person | None
    adults: list[Adult]

    @property
    def subject(self) -> Household | Person:
        """The household or the person."""
        found = self.household or self.person
        if found is None:
            raise NotFoundHere
        return found

    @property
    def address(self) -> str:
        """The file it belongs to."""
        return reverse(f"{self.kind}_file", args=[self.public_id])


def whose(scope: Scope, kind: str, public_id: str) -> Whose:
    """The household or person in scope, or `NotFoundHere`; who lives in a household signs with it."""
    if kind == "household":
        return _household(household_by_public_id(scope, public_id))
    if kind != "person":
        raise NotFoundHere
    person = person_by_public_id(scope, public_id)
    home = next(iter(household_ids_of(person.pk, clock.today())), None)
    household = Household.objects.filter(scope.unions(), pk=home).first() if home else None
    if household is not None:
        return _household(household)
    return Whose("person", public_id, person.name, person.union.name, None, person, [Adult(person.pk, person.name, "")])


def _household(household: Household) -> Whose:
    adults = adults_of([household.pk], clock.today())[household.pk]
    head = next((one.name for one in adults if one.relation == "head"), "")
    return Whose("household", household.public_id, head, household.union.name, household, None, adults)
