"""Pairs of files that may be of one person, and merges, as pages show them; every read starts from a scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.phones import masked
from niangjia.core.errors import NotFoundHere
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.likeness import SIGNS, SLIP, signs_between
from niangjia.people.models import EmploymentSpell, HouseholdMember, MembershipSpell, Person, PersonMerge, SuspectedPair
from niangjia.people.queries import mask_number

MERGE = "people.registry:merge"
FIRST_PAGE_ROWS = 5
SEX_WORDS = {"female": _("Female"), "male": _("Male")}


def pairs_in(scope: Scope) -> QuerySet[SuspectedPair]:
    """Pairs of which both files lie in scope: of half a pair nobody learns anything."""
    rows = SuspectedPair.objects.filter(scope.unions("person__union_id"), scope.unions("other__union_id"))
    return rows.select_related("person__union", "other__union", "told_apart_by")


def open_pairs(scope: Scope) -> QuerySet[SuspectedPair]:
    """Pairs nobody has answered, oldest first."""
    return pairs_in(scope).filter(told_apart_at__isnull=True).order_by("pk")


def open_pairs_of(scope: Scope, person_ids: Collection[int]) -> list[SuspectedPair]:
    """Pairs nobody has answered to which one of these persons belongs."""
    return list(open_pairs(scope).filter(Q(person_id__in=person_ids) | Q(other_id__in=person_ids)))


def pair_of(scope: Scope, public_id: str) -> SuspectedPair:
    """One pair in scope, or `NotFoundHere`."""
    row = pairs_in(scope).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def merges_in(scope: Scope) -> QuerySet[PersonMerge]:
    """Merges into files in scope."""
    return PersonMerge.objects.filter(scope.unions("survivor__union_id")).select_related(
        "survivor__union", "merged_by", "undone_by"
    )


def merge_of(scope: Scope, public_id: str) -> PersonMerge:
    """One merge in scope, or `NotFoundHere`."""
    row = merges_in(scope).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def leads_to(scope: Scope, public_id: str) -> Person:
    """The file in scope that took up another one, by the other's address; or `NotFoundHere`."""
    row = merges_in(scope).filter(absorbed_public_id=public_id, undone_at__isnull=True).first()
    if row is None:
        raise NotFoundHere
    return row.survivor


@dataclass(frozen=True)
class Side:
    """One line of two files side by side."""

    field: str
    label: str | Promise
    left: str
    right: str
    differs: bool


def side_by_side(left: Person, right: Person) -> list[Side]:
    """Two files line by line, numbers masked; lines that differ are marked."""
    return [
        Side("", _("Union"), left.union.name, right.union.name, left.union_id != right.union_id),
        _side("name", _("Name"), left, right, str),
        _side("sex", _("Sex"), left, right, lambda code: str(SEX_WORDS.get(code, ""))),
        _side("born_on", _("Date of birth"), left, right, lambda day: day.isoformat() if day else ""),
        _side("id_number", _("Identity number"), left, right, mask_number),
        _side("phone", _("Telephone"), left, right, lambda phone: masked(phone) if phone else ""),
        *_histories(left, right),
    ]


def _side(field: str, label: Any, left: Person, right: Person, shown: Any) -> Side:
    ours, theirs = getattr(left, field), getattr(right, field)
    return Side(field, label, shown(ours), shown(theirs), bool(ours and theirs and ours != theirs))


def _histories(left: Person, right: Person) -> list[Side]:
    found = []
    for label, words in ((_("Employers"), _firms), (_("Membership"), _member_since), (_("Household"), _home)):
        ours, theirs = (words(person.pk) if person.pk else "" for person in (left, right))
        found.append(Side("", label, ours, theirs, bool(ours and theirs and ours != theirs)))
    return found


def _firms(person_id: int) -> str:
    rows = EmploymentSpell.objects.filter(person_id=person_id).order_by("-started_on")
    return "、".join(dict.fromkeys(rows.values_list("employer__name", flat=True)))


def _member_since(person_id: int) -> str:
    row = MembershipSpell.objects.filter(person_id=person_id, ended_on__isnull=True).select_related("union").first()
    return f"{row.union.name} {_iso(row.joined_on)}" if row else ""


def _home(person_id: int) -> str:
    place = HouseholdMember.objects.filter(person_id=person_id, valid_to__isnull=True).first()
    if place is None:
        return ""
    heads = HouseholdMember.objects.filter(household_id=place.household_id, valid_to__isnull=True, relation="head")
    return heads.values_list("person__name", flat=True).first() or ""


def _iso(day: date) -> str:
    return day.isoformat()


def signs_of(pair: SuspectedPair) -> list[str | Promise]:
    """In what the two files are alike, in words."""
    return [SIGNS[sign] for sign in signs_between(pair.person, pair.other)]


@dataclass(frozen=True)
class PairLine:
    """One pair on a page."""

    pair: SuspectedPair
    signs: list[str | Promise]
    sides: list[Side]
    slip: bool = False


def line_of(pair: SuspectedPair, *, first: int | None = None) -> PairLine:
    """A pair side by side, the file that stays on the left when one is named."""
    left, right = (pair.other, pair.person) if first == pair.other_id else (pair.person, pair.other)
    slip = SLIP in signs_between(left, right)
    return PairLine(pair, signs_of(pair), side_by_side(left, right), slip)


def due_pairs(request: HttpRequest) -> dict[str, Any]:
    """For the officer's first page: pairs that wait for an answer, oldest first."""
    rows = open_pairs(scope_of(request.user, MERGE))
    shown = [{"pair": pair, "signs": signs_of(pair)} for pair in rows[:FIRST_PAGE_ROWS]]
    return {
        "rows": shown,
        "count": rows.count() if shown else 0,
        "unit": "pair",
        "all_url": reverse("duplicate_list"),
    }
