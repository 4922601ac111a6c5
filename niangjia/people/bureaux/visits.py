"""Doubtful answers become visits to make: open until a visit has recorded the fact."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest

from niangjia.core import clock
from niangjia.core.facts import VISIT
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.bureaux.answers import VISIT as TO_VISIT
from niangjia.people.models import CrossCheck, CrossCheckChoice, HouseholdMember
from niangjia.people.queries import SubjectCard, subject_cards
from niangjia.people.recorded import standing_facts

FIRST_PAGE_ROWS = 8


@dataclass(frozen=True)
class VisitToMake:
    """A household that a bureau's answer makes doubtful."""

    card: SubjectCard
    household_id: int | None
    check_public_id: str
    bureau: str
    chosen_on: date


def visits_of(check: CrossCheck) -> list[VisitToMake]:
    """The visits that one batch asks for and that nobody has made."""
    return _open(Q(result__check_batch=check))


def visits_to_make(scope: Scope) -> list[VisitToMake]:
    """All of them in scope, the oldest first."""
    return _open(scope.unions("person__union_id"))


def due_visits(request: HttpRequest) -> dict[str, Any]:
    """For the officer's first page."""
    found = visits_to_make(scope_of(request.user, "people.check:read"))
    return {"rows": found[:FIRST_PAGE_ROWS], "count": len(found)}


def _open(wanted: Q) -> list[VisitToMake]:
    rows = CrossCheckChoice.objects.filter(wanted, choice=TO_VISIT, result__roster__state__in=("approved", "done"))
    choices = list(rows.select_related("result__check_batch").order_by("pk"))
    people = {one.person_id for one in choices}
    members = HouseholdMember.objects.filter(person_id__in=people, valid_to__isnull=True)
    homes = dict(members.values_list("person_id", "household_id"))
    cards = subject_cards("person", people, today=clock.today())
    seen = _seen(people, set(homes.values()))
    found = []
    for one in choices:
        check, home = one.result.check_batch, homes.get(one.person_id)
        subject_id = home if check.subject == "household" else one.person_id
        moments = [seen.get((check.subject, subject_id, key.partition(".")[2])) for key in check.facts]
        if not any(moment is not None and moment > one.chosen_at for moment in moments):
            found.append(VisitToMake(cards[one.person_id], home, check.public_id, check.bureau, _day(one.chosen_at)))
    return found


def _seen(people: Collection[int], homes: Collection[int]) -> dict[tuple[str, int | None, str], datetime]:
    """When a visit last recorded each fact of these."""
    about = Q(subject_kind="person", subject_id__in=people) | Q(subject_kind="household", subject_id__in=homes)
    rows = standing_facts().filter(about, proof=VISIT).order_by("recorded_at")
    return {
        (kind, pk, code): at
        for kind, pk, code, at in rows.values_list("subject_kind", "subject_id", "code", "recorded_at")
    }


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()
