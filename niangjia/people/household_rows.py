"""Households as a list shows them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from niangjia.federation.scopes import Scope
from niangjia.people.models import HardshipFile, Household, HouseholdMember
from niangjia.people.queries import subject_cards
from niangjia.people.upper.records import UpperStatus, statuses
from niangjia.people.upper.systems import systems


def households_in(scope: Scope, *, in_file: bool) -> QuerySet[Household]:
    """Households in scope, newest first; only those with an open file of difficulty when asked."""
    rows = Household.objects.filter(scope.unions()).defer("address").order_by("-registered_on", "-pk")
    if in_file:
        return rows.filter(pk__in=HardshipFile.objects.filter(exited_on__isnull=True).values("household_id"))
    return rows


@dataclass(frozen=True)
class HouseholdRow:
    """One household on a list."""

    public_id: str
    head_name: str
    masked_number: str
    union_name: str
    members: int
    grade: str
    review_due_on: date | None
    registered_on: date
    upper: UpperStatus | None = None


def household_rows(households: Collection[Household], today: date) -> list[HouseholdRow]:
    """Households found in scope, as rows; a fixed number of queries."""
    ids = [household.pk for household in households]
    cards = subject_cards("household", ids, today=today, numbers=True)
    sizes = dict(
        HouseholdMember.objects.filter(household_id__in=ids, valid_to__isnull=True)
        .values_list("household_id")
        .annotate(n=Count("pk"))
    )
    files = {
        f.household_id: f
        for f in HardshipFile.objects.filter(household_id__in=ids, exited_on__isnull=True).defer("cause")
    }
    system = next(iter(systems().values()))
    upper = statuses(system, {household.pk: household.union_id for household in households if household.pk in files})
    return [
        HouseholdRow(
            household.public_id,
            cards[household.pk].name,
            cards[household.pk].masked_number,
            cards[household.pk].union_name,
            sizes.get(household.pk, 0),
            files[household.pk].grade if household.pk in files else "",
            files[household.pk].review_due_on if household.pk in files else None,
            household.registered_on,
            upper.get(household.pk),
        )
        for household in households
    ]
