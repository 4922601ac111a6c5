"""Who may be asked about: everybody whose household's adults have all signed, for this bureau and still today.

And nobody of whom one adult has taken his consent back since: the signature gave it, the ledger says whether it stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.scopes import Scope
from niangjia.files.queries import papers_of
from niangjia.people.consents import consents, refused_subjects
from niangjia.people.models import AuthoritySigner, CheckAuthority, Household, HouseholdMember, Person
from niangjia.people.paperwork import AUTHORITY
from niangjia.people.purposes import BUREAU_CHECK
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
    """What a household, or a person, still lacks before a bureau may be asked."""

    names: tuple[str, ...] = ()  # whose signature
    refused: tuple[str, ...] = ()  # who signed and does not consent (any more)
    is_unused: bool = False  # the use of such facts was taken back: nobody could read the answer

    @property
    def is_complete(self) -> bool:
        """Whether everybody has signed and nobody has said no."""
        return not (self.names or self.refused or self.is_unused)


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


def said_no(person_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Those among these who took back that other offices are asked, and all about whom none may be asked now."""
    states = consents(BUREAU_CHECK, person_ids)
    withdrew = {pk for pk, state in states.items() if state.answered and not state.given}
    return withdrew, {pk for pk, state in states.items() if not state.allowed}


def asked_of(subject: str, ids: Collection[int], on: date) -> set[int]:
    """Everybody on whose word it rests that a bureau is asked about these households, or persons."""
    if subject == "household":
        return {one.person_id for some in adults_of(ids, on).values() for one in some}
    homes = set(_homes_of_the_young(ids, on).values())
    return {*ids, *(one.person_id for some in adults_of(homes, on).values() for one in some)}


def missing_of(
    subject: str, ids: Collection[int], bureau: str, on: date, keys: Collection[str] = ()
) -> Mapping[int, Missing]:
    """What is missing for each household, or each person, about these facts; a fixed number of queries.

    A person under age is asked about on the word of his household's adults.
    """
    unused = {pk for key in keys for pk in refused_subjects(key)}
    found = _of_households(ids, bureau, on) if subject == "household" else _of_persons(ids, bureau, on)
    return {pk: replace(one, is_unused=True) if pk in unused else one for pk, one in found.items()}


def _of_persons(ids: Collection[int], bureau: str, on: date) -> dict[int, Missing]:
    homes = _homes_of_the_young(ids, on)
    by_home = _of_households(set(homes.values()), bureau, on)
    signed, (withdrew, refused) = signed_by(ids, bureau, on), said_no(ids)
    found = {}
    for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name"):
        if pk in homes:
            theirs = by_home[homes[pk]]
            found[pk] = replace(theirs, refused=(*theirs.refused, name)) if pk in withdrew else theirs
        else:
            found[pk] = _lacking([(pk, name)], signed, withdrew, refused)
    return found


def _homes_of_the_young(ids: Collection[int], on: date) -> dict[int, int]:
    rows = HouseholdMember.objects.filter(person_id__in=ids, valid_to__isnull=True, person__born_on__isnull=False)
    columns = ("person_id", "household_id", "person__born_on")
    return {pk: home for pk, home, born_on in rows.values_list(*columns) if is_minor(born_on, on)}


def _of_households(ids: Collection[int], bureau: str, on: date) -> dict[int, Missing]:
    adults = adults_of(ids, on)
    everybody = {one.person_id for some in adults.values() for one in some}
    signed, (withdrew, refused) = signed_by(everybody, bureau, on), said_no(everybody)
    return {
        pk: _lacking([(one.person_id, one.name) for one in some], signed, withdrew, refused)
        if some
        else Missing(("—",))
        for pk, some in adults.items()
    }


def _lacking(adults: Iterable[tuple[int, str]], signed: set[int], withdrew: set[int], refused: set[int]) -> Missing:
    # Whoever said no is not asked for a signature too: first his no would have to change.
    names = tuple(name for pk, name in adults if pk not in signed and pk not in withdrew)
    return Missing(names, tuple(name for pk, name in adults if pk in withdrew or (pk in refused and pk in signed)))


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


def authorities_on(file_ids: Collection[int]) -> dict[int, CheckAuthority]:
    """What was entered from papers that the caller found in scope, by the paper's file."""
    rows = CheckAuthority.objects.filter(file_id__in=file_ids)
    return {row.file_id: row for row in rows if row.file_id is not None}


class EnteredFromIt(Refusal):
    """The paper of an authority that counts."""

    sentence = _(
        "An authority was entered from this photograph and has not been withdrawn. Nothing was changed. "
        "Note first, on the page of authorities, that it was withdrawn; then file the photograph anew."
    )


def keep_where_it_is(file_id: int) -> None:
    """Refuse that a photograph is filed anew while an authority stands on it."""
    if CheckAuthority.objects.filter(file_id=file_id, withdrawn_on__isnull=True).exists():
        raise EnteredFromIt


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
