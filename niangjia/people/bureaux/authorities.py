"""Who may be asked about: everybody whose household's adults have all signed, for this bureau and still today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope
from niangjia.files.queries import papers_of
from niangjia.people.models import AuthoritySigner, CheckAuthority, Household, HouseholdMember, Person
from niangjia.people.paperwork import AUTHORITY
from niangjia.people.queries import is_minor

PURPOSE = "困难职工家庭认定、复核和工会服务资格核对"


@dataclass(frozen=True)
class Adult:
    """Somebody whose signature is needed."""

    person_id: int
    name: str
    relation: str


@dataclass(frozen=True)
class Missing:
    """Whose signature a household, or a person, still lacks; empty when the paper is complete."""

    names: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether everybody has signed."""
        return not self.names


def adults_of(household_ids: Collection[int], on: date) -> dict[int, list[Adult]]:
    """The adults of households; who has no birthday on file counts as one."""
    found: dict[int, list[Adult]] = {pk: [] for pk in household_ids}
    rows = HouseholdMember.objects.filter(household_id__in=household_ids, valid_to__isnull=True).order_by("pk")
    columns = ("household_id", "person_id", "person__name", "relation", "person__born_on")
    for household_id, person_id, name, relation, born_on in rows.values_list(*columns):
        if born_on is None or not is_minor(born_on, on):
            found[household_id].append(Adult(person_id, name, relation))
    return found


def standing_papers(on: date) -> Q:
    """The condition that an authority counts on a day."""
    return Q(signed_on__lte=on, valid_until__gte=on) & (Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=on))


def signed_by(person_ids: Collection[int], bureau: str, on: date) -> set[int]:
    """Those among these persons whose signature lets this bureau be asked on a day."""
    papers = CheckAuthority.objects.filter(standing_papers(on), signers__person_id__in=person_ids)
    valid = [pk for pk, named in papers.values_list("pk", "bureaus").distinct() if bureau in named]
    return set(AuthoritySigner.objects.filter(authority_id__in=valid).values_list("person_id", flat=True))


def missing_of(subject: str, ids: Collection[int], bureau: str, on: date) -> Mapping[int, Missing]:
    """Whose signature is missing for each household, or each person; a fixed number of queries.

    A person under age is asked about on the signatures of his household's adults.
    """
    if subject == "household":
        return _of_households(ids, bureau, on)
    members = HouseholdMember.objects.filter(person_id__in=ids, valid_to__isnull=True)
    homes = dict(members.values_list("person_id", "household_id"))
    people = {pk: (name, born_on) for pk, name, born_on in
              Person.objects.filter(pk__in=ids).values_list("pk", "name", "born_on")}  # fmt: skip
    young = {pk for pk, (_, born_on) in people.items() if born_on is not None and is_minor(born_on, on) and pk in homes}
    by_home = _of_households({homes[pk] for pk in young}, bureau, on)
    signed = signed_by(people, bureau, on)
    return {
        pk: by_home[homes[pk]] if pk in young else Missing(() if pk in signed else (name,))
        for pk, (name, _) in people.items()
    }


def _of_households(ids: Collection[int], bureau: str, on: date) -> dict[int, Missing]:
    adults = adults_of(ids, on)
    signed = signed_by({one.person_id for some in adults.values() for one in some}, bureau, on)
    return {
        pk: Missing(tuple(one.name for one in some if one.person_id not in signed) if some else ("—",))
        for pk, some in adults.items()
    }


def papers_about(household: Household | None, person: Person | None) -> QuerySet[CheckAuthority]:
    """The papers of a household or person that the caller found in scope, newest first."""
    wanted = Q(household=household) if household is not None else Q(person=person)
    rows = CheckAuthority.objects.filter(wanted).select_related("file", "recorded_by")
    return rows.prefetch_related("signers__person").order_by("-signed_on", "-pk")


def photographs_waiting(subject_kind: str, subject_id: int) -> list[Any]:
    """Photographs of signed authorities that filed themselves and were not entered yet; the caller found the subject.

    Newest first.
    """
    found = [one for one in papers_of(subject_kind, subject_id) if one.code and one.code.kind == AUTHORITY]
    entered = set(
        CheckAuthority.objects.filter(file_id__in=[one.file_id for one in found]).values_list("file_id", flat=True)
    )
    return [one for one in found if one.file_id not in entered]


def authority_in(scope: Scope, public_id: str) -> CheckAuthority:
    """One paper in scope, or `NotFoundHere`."""
    mine = scope.unions("household__union_id") | scope.unions("person__union_id")
    row = CheckAuthority.objects.filter(mine, public_id=public_id).select_related("household", "person", "file").first()
    if row is None:
        raise NotFoundHere
    return row


def standing_of(ids: Collection[int], on: date) -> dict[int, list[CheckAuthority]]:
    """Papers of households that count on a day."""
    found: dict[int, list[CheckAuthority]] = defaultdict(list)
    for row in CheckAuthority.objects.filter(standing_papers(on), household_id__in=ids).order_by("-valid_until"):
        if row.household_id is not None:
            found[row.household_id].append(row)
    return found
