"""Households as a list shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from niangjia.core.crypto import keyed_index
from niangjia.core.errors import Refusal
from niangjia.federation.queries import descendants
from niangjia.federation.scopes import Scope
from niangjia.people.models import HardshipFile, Household, HouseholdMember
from niangjia.people.models.person import searched_name
from niangjia.people.queries import mask_number
from niangjia.people.upper.records import UpperStatus, statuses
from niangjia.people.upper.systems import systems


def as_shown(rows: QuerySet[Household], scope: Scope) -> QuerySet[Household]:
    """Households with what a row says of them.

    The head's name is known to whoever looks after the household, the number to whoever looks after the head's own
    file, with the same union or in the reader's scope.
    """
    places = HouseholdMember.objects.filter(household=OuterRef("pk"), valid_to__isnull=True)
    # Beside each row, and no EXISTS: that PostgreSQL answers by reading the heads of a whole town for one page.
    heads = places.filter(relation="head")
    known = heads.filter(Q(person__union_id=OuterRef("union_id")) | scope.unions("person__union_id"))
    open_file = HardshipFile.objects.filter(household=OuterRef("pk"), exited_on__isnull=True)
    return rows.annotate(
        union_name=F("union__name"), head_name=Subquery(heads.values("person__name")[:1]),
        head_number=Subquery(known.values("person__id_number")[:1]),
        size=Coalesce(Subquery(places.order_by().values("household").annotate(n=Count("pk")).values("n")), 0),
        review_due_on=Subquery(open_file.values("review_due_on")[:1]), grade=Subquery(open_file.values("grade")[:1]),
    )  # fmt: skip


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


def household_rows(households: Collection[Any]) -> list[HouseholdRow]:
    """Households found in scope and read `as_shown`, as rows; a fixed number of queries."""
    system = next(iter(systems().values()))
    upper = statuses(system, {household.pk: household.union_id for household in households if household.grade})
    return [
        HouseholdRow(
            household.public_id,
            household.head_name or "",
            mask_number(household.head_number or ""),
            household.union_name,
            household.size,
            household.grade or "",
            household.review_due_on,
            household.registered_on,
            upper.get(household.pk),
        )
        for household in households
    ]


@dataclass(frozen=True)
class OpenFile:
    """An open file of difficulty: whose, and the union that owns the household today."""

    file_id: int
    household_id: int
    public_id: str
    union_id: int


def open_files_below(union_id: int) -> list[OpenFile]:
    """All open files of difficulty of a union and those below it; the caller has checked that it is in scope."""
    rows = HardshipFile.objects.filter(exited_on__isnull=True, household__union_id__in=descendants(union_id))
    columns = ("pk", "household_id", "household__public_id", "household__union_id")
    return [OpenFile(*row) for row in rows.order_by("pk").values_list(*columns)]


def ids_by_public_id(public_ids: Collection[str]) -> dict[str, int]:
    """Ids of households by their public ids; the caller has them from a list in scope."""
    return dict(Household.objects.filter(public_id__in=public_ids).values_list("public_id", "pk"))


def homes_of(person_id: int) -> list[int]:
    """Every household somebody belongs or belonged to; the caller has checked the right."""
    rows = HouseholdMember.objects.filter(person_id=person_id).order_by("household_id")
    return list(rows.values_list("household_id", flat=True).distinct())


def homes_without(person_id: int) -> list[int]:
    """Those of them of which nobody else is or was a member: without him nobody is left."""
    homes = homes_of(person_id)
    others = HouseholdMember.objects.filter(household_id__in=homes).exclude(person_id=person_id)
    shared = set(others.values_list("household_id", flat=True))
    return [pk for pk in homes if pk not in shared]


def address_of(household_id: int) -> str:
    """Where a household lives; the caller has checked the right and written the look down."""
    return Household.objects.values_list("address", flat=True).get(pk=household_id)


@dataclass(frozen=True)
class FileFlow:
    """Files of difficulty between two days, each number counted by itself."""

    start: int
    entered: int
    left: int
    end: int


def file_flow(scope: Scope, since: date, until: date) -> FileFlow:
    """Open on the eve of the first day, entered and left from then to the last day, open in its evening."""
    files = HardshipFile.objects.filter(scope.unions("household__union_id"))

    def open_after(day: date) -> int:
        return files.filter(entered_on__lte=day).exclude(exited_on__lte=day).count()

    entered = files.filter(entered_on__gte=since, entered_on__lte=until).count()
    left = files_left(scope, since, until).count()
    return FileFlow(open_after(since - timedelta(days=1)), entered, left, open_after(until))


def files_left(scope: Scope, since: date, until: date) -> QuerySet[HardshipFile]:
    """Files of households in scope that were left from one day to another."""
    rows = HardshipFile.objects.filter(scope.unions("household__union_id"))
    return rows.filter(exited_on__gte=since, exited_on__lte=until).defer("cause")


def open_file_of(household_id: int) -> HardshipFile | None:
    """The open file of difficulty of a household that the caller may see."""
    return HardshipFile.objects.filter(household_id=household_id, exited_on__isnull=True).first()


def homes_on(people: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """The household each of these persons belonged to on his day; nothing for who belonged to none."""
    places: dict[int, list[HouseholdMember]] = defaultdict(list)
    ids = {person_id for person_id, _day in people}
    for place in HouseholdMember.objects.filter(person_id__in=ids).order_by("valid_from", "pk"):
        places[place.person_id].append(place)
    return {
        (person_id, day): place.household_id
        for person_id, day in people
        for place in places[person_id]
        if place.valid_from <= day and (place.valid_to is None or day < place.valid_to)
    }


def in_file_ids(scope: Scope) -> list[int]:
    """Ids of the households in scope with an open file of difficulty."""
    files = HardshipFile.objects.filter(scope.unions("household__union_id"), exited_on__isnull=True)
    return list(files.order_by("household_id").values_list("household_id", flat=True))


def reviews_due(scope: Scope, until: date) -> QuerySet[HardshipFile]:
    """Open files of households in scope that are to be reviewed by a day, the longest overdue first."""
    files = HardshipFile.objects.filter(scope.unions("household__union_id"), exited_on__isnull=True)
    return files.filter(review_due_on__lte=until).defer("cause").order_by("review_due_on", "pk")


def without_head(rows: QuerySet[Household]) -> QuerySet[Household]:
    """Those of these households that people live in and nobody heads, since their head was deleted.

    The day of the deletion finds the few that may be meant; whether a head is missing still, the places say.
    """
    places = HouseholdMember.objects.filter(household=OuterRef("pk"), valid_to__isnull=True)
    lost = rows.filter(head_erased_on__isnull=False, closed_on__isnull=True)
    return lost.filter(Exists(places), ~Exists(places.filter(relation="head")))


def left_without_head(person_id: int) -> int:
    """How many people a person's household would hold without a head if he were deleted; none where nobody would."""
    headed = HouseholdMember.objects.filter(person_id=person_id, relation="head", valid_to__isnull=True)
    places = HouseholdMember.objects.filter(household__in=headed.values("household_id"), valid_to__isnull=True)
    return places.exclude(person_id=person_id).count()


class HeadUnclear(Refusal):
    """None, or several, are called so."""

    sentence = _(
        "No single head of a household you look after is found by this. Type the head's identity number, as on the "
        "card; somebody without one is added on the page of the household."
    )


def household_headed_by(scope: Scope, text: str) -> Household:
    """The open household in scope whose head has this identity number, or alone has this name; or `HeadUnclear`."""
    number = "".join(text.split()).upper()
    heads = HouseholdMember.objects.filter(scope.unions("household__union_id"), relation="head", valid_to__isnull=True)
    heads = heads.filter(scope.unions("person__union_id"))
    found = list(heads.filter(person__id_key=keyed_index("id-number", number)).select_related("household")[:1])
    found = found or list(heads.filter(person__name_key=searched_name(text)).select_related("household")[:2])
    if len(found) != 1:
        raise HeadUnclear(field="head")
    return found[0].household
