"""What a person's own pages about himself show: purposes with his answers, family, requests with their clocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.queries import open_approval_of, open_approvals
from niangjia.federation.scopes import Scope, scope_of
from niangjia.people.consents import ConsentState, consents
from niangjia.people.models import HouseholdMember, Mandate, OwnRequest, Person
from niangjia.people.purposes import GROUNDS, Purpose, purposes

OWN = "people.own:state"
ERASURE = "people.erasure"  # the kind of confirmation
ENTRY_NAMES: dict[str, str | Promise] = {
    "name": _("Name"), "id_number": _("Identity number"), "phone": _("Telephone"), "born_on": _("Date of birth"),
    "sex": _("Sex"), "jobs": _("A job"), "membership": _("Membership"), "household": _("Household"),
    "facts": _("One of the facts"), "other": _("Something else"),
}  # fmt: skip


@dataclass(frozen=True)
class PurposeLine:
    """One purpose with the person's answer."""

    purpose: Purpose
    ground: str | Promise
    state: ConsentState


def purpose_lines(person_id: int) -> list[PurposeLine]:
    """Every purpose: those that rest on consent first."""
    lines = [
        PurposeLine(one, GROUNDS.get(one.ground, ""), consents(one.code, [person_id])[person_id])
        for one in purposes.all()
    ]
    return sorted(lines, key=lambda line: not line.purpose.rests_on_consent)


def myself(user: User) -> Person:
    """The person behind an account, or `NotFoundHere`."""
    found = Person.objects.filter(pk__in=scope_of(user, OWN).persons, erased_at__isnull=True).order_by("pk").first()
    if found is None:
        raise NotFoundHere
    return found


def whom(user: User, public_id: str) -> Person:
    """Oneself, or the member of the family one has a mandate for; `NotFoundHere` for anybody else."""
    me = myself(user)
    if public_id in {"", me.public_id}:
        return me
    mandate = Mandate.objects.filter(person__public_id=public_id, deputy=me, ended_at__isnull=True)
    found = mandate.select_related("person").first()
    if found is None:
        raise NotFoundHere
    return found.person


def mandates_of(person: Person) -> tuple[list[Mandate], list[Mandate]]:
    """Who acts for a person, and for whom he acts; open ones."""
    rows = Mandate.objects.filter(ended_at__isnull=True).select_related("person", "deputy").order_by("pk")
    return list(rows.filter(person=person)), list(rows.filter(deputy=person))


def family_of(person: Person) -> list[Person]:
    """The other members of a person's household."""
    homes = HouseholdMember.objects.filter(person=person, valid_to__isnull=True).values("household_id")
    members = HouseholdMember.objects.filter(household_id__in=homes, valid_to__isnull=True).exclude(person=person)
    return [member.person for member in members.select_related("person").order_by("pk")]


def requests_of(person_id: int) -> list[OwnRequest]:
    """A person's requests, newest first, each with its answer where there is one."""
    return list(OwnRequest.objects.filter(person_id=person_id).select_related("answer").order_by("-pk"))


def open_requests(scope: Scope, kinds: Collection[str] = ("correct", "erase")) -> QuerySet[OwnRequest]:
    """Requests in scope that wait for an answer, the most urgent first."""
    rows = OwnRequest.objects.filter(scope.unions(), answered_at__isnull=True, kind__in=kinds)
    return rows.select_related("person", "evidence", "mandate__deputy").order_by("due_on", "pk")


def request_in(scope: Scope, public_id: str) -> OwnRequest:
    """One request in scope, or `NotFoundHere`."""
    rows = OwnRequest.objects.filter(scope.unions(), public_id=public_id)
    found = rows.select_related("person", "evidence", "mandate__deputy", "answer").first()
    if found is None:
        raise NotFoundHere
    return found


def present_value(request: OwnRequest) -> str:
    """What stands in the entry now, for the officer who compares it."""
    if request.what not in {"name", "id_number", "phone", "born_on", "sex"}:
        return ""
    value = getattr(request.person, request.what)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def days_late(request: OwnRequest) -> int:
    """Days over the day by which it was to be answered; 0 while there is time."""
    return max(0, (clock.today() - request.due_on).days)


def request_rows(rows: Iterable[OwnRequest]) -> list[dict[str, Any]]:
    """Requests for the list and the first page: what, whose, by when, where."""
    return [
        {
            "row": row, "late": days_late(row), "url": reverse("desk_request", args=[row.public_id]),
            "what": str(ENTRY_NAMES[row.what]) if row.what else gettext("Deletion"),
        }
        for row in rows
    ]  # fmt: skip


def open_confirmation(row: OwnRequest) -> Any:
    """The confirmation of a deletion that waits for the second person; None when none was asked for."""
    return open_approval_of(ERASURE, row.pk)


def waiting_erasures(scope: Scope) -> list[OwnRequest]:
    """Deletions in scope that wait for the second person."""
    ids = open_approvals(scope, ERASURE).values_list("object_id", flat=True)
    return list(OwnRequest.objects.filter(pk__in=list(ids)).select_related("person").order_by("due_on", "pk"))


def unfinished_erasures(scope: Scope) -> list[OwnRequest]:
    """Deletions in scope whose rest the night could not delete: somebody must look."""
    rows = OwnRequest.objects.filter(scope.unions(), answer__failed_at__isnull=False, person__erased_at__isnull=True)
    return list(rows.select_related("person").order_by("pk"))
