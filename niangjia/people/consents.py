"""Where consent stands: asked by whatever rests on it, at the moment it is used."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from niangjia.people.models import Consent, HouseholdMember
from niangjia.people.purposes import purposes

# Above this many ids everything is read: withdrawals are few, and SQLite allows 32,766 parameters.
_MOST_IDS = 2_000


@dataclass(frozen=True)
class ConsentState:
    """One person's answer to one purpose: whether it may be used, and what was said last."""

    allowed: bool
    answered: bool = False
    given: bool = False
    version: int = 0
    at: datetime | None = None


def consents(purpose: str, person_ids: Collection[int]) -> dict[int, ConsentState]:
    """Whether each of these persons lets this be used now; one query."""
    found = purposes.get(purpose)
    if not found.rests_on_consent:
        return dict.fromkeys(person_ids, ConsentState(True))
    states = dict.fromkeys(person_ids, ConsentState(found.silent))
    columns = ("person_id", "given", "version", "recorded_at")
    for pk, given, version, at in _rows(purpose, person_ids).order_by("id").values_list(*columns):
        if pk in states:
            # Consent to an older text does not cover the new one; a withdrawal goes on counting.
            allowed = given and version >= found.version
            states[pk] = ConsentState(allowed, True, given, version, at)
    return states


def _rows(purpose: str, person_ids: Collection[int]) -> QuerySet[Consent]:
    rows = Consent.objects.filter(purpose=purpose)
    return rows if len(person_ids) > _MOST_IDS else rows.filter(person_id__in=list(person_ids))


def withdrawn(purpose: str) -> set[int]:
    """Persons who said no to a purpose; one query, however many are registered."""
    newest = dict(Consent.objects.filter(purpose=purpose).order_by("id").values_list("person_id", "given"))
    return {pk for pk, given in newest.items() if not given}


def refused_subjects(fact_key: str) -> set[int]:
    """Subjects of a fact that no rule may read: they, or somebody of their household, said no to its purpose."""
    kind = fact_key.partition(".")[0]
    persons: set[int] = set()
    for purpose in purposes.all():
        if fact_key in purpose.facts:  # nearly no fact is: most readings ask nothing more
            persons |= withdrawn(purpose.code)
    if kind == "person" or not persons:
        return persons
    homes = HouseholdMember.objects.filter(person_id__in=persons, valid_to__isnull=True)
    return set(homes.values_list("household_id", flat=True))
