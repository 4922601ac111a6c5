"""首问登记 as its pages show it: the first union sees state and dates, the holder sees the matter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts import phones
from niangjia.accounts.models import User
from niangjia.cases.models import ContactStep, FirstContact
from niangjia.cases.permissions import CONTACT
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.workdays import workdays_late
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.listing.units import Count as Counted
from niangjia.federation.queries import public_ids, union_names
from niangjia.federation.scopes import Scope, scope_of
from niangjia.federation.services import audit

State = FirstContact.State
STATES: dict[str, tuple[str, str | Promise]] = {
    State.WAITING: ("go", _("handed over, not accepted yet")),
    State.ACCEPTED: ("go", _("accepted")),
    State.ANSWERED: ("yes", _("answered")),
}
FIRST_PAGE_ROWS = 6
LIST = "cases.contacts"
OURS_TO_ANSWER = {"side": "mine", "state": "open"}


@dataclass(frozen=True)
class ContactLine:
    """One first contact in a list."""

    contact: FirstContact
    state: tuple[str, str | Promise]
    late: int

    @property
    def telephone(self) -> str:
        """As people read it."""
        return phones.local(self.contact.phone)


def line_of(contact: FirstContact) -> ContactLine:
    """Its state, and by how many working days it is late."""
    late = 0 if contact.state == State.ANSWERED else workdays_late(contact.due_on, clock.today())
    return ContactLine(contact, STATES[contact.state], late)


def handed_to_us(user: User) -> QuerySet[FirstContact]:
    """First contacts that unions in scope hold, the most urgent first."""
    rows = FirstContact.objects.filter(scope_of(user, CONTACT).unions("holder_id"))
    return rows.select_related("union", "holder").order_by("due_on", "pk")


def open_with_us(user: User) -> QuerySet[FirstContact]:
    """What waits for one's own union, and what is late below it."""
    return handed_to_us(user).filter(is_mine(scope_of(user, CONTACT))).exclude(state=State.ANSWERED)


def is_mine(scope: Scope) -> Q:
    """The condition that one's own union holds a matter, or was told that it is late below."""
    return Q(holder_id__in=scope.roots) | Q(escalated_at__isnull=False)


@dataclass(frozen=True)
class ContactPage:
    """One first contact, as far as this reader may see it."""

    line: ContactLine
    is_ours: bool  # we registered it
    is_held: bool  # we handle it
    steps: list[ContactStep]


def contact_page(user: User, public_id: str) -> ContactPage:
    """The union that registered it, or the one that holds it, or `NotFoundHere`."""
    scope = scope_of(user, CONTACT)
    rows = FirstContact.objects.filter(scope.unions() | scope.unions("holder_id"), public_id=public_id)
    contact = rows.select_related("union", "holder", "registered_by").first()
    if contact is None:
        raise NotFoundHere
    held = scope.reaches_union(contact.holder_id)
    steps = list(contact.steps.select_related("by", "holder").order_by("pk")) if held else []
    return ContactPage(line_of(contact), scope.reaches_union(contact.union_id), held, steps)


@transaction.atomic
def note_opening(*, page: ContactPage, acting_user: User) -> None:
    """Write down that the holder opened it: name and telephone stand on that page."""
    contact = page.line.contact
    audit.record(
        "cases.contact:open", acting_user=acting_user, object_kind="first_contact", object_id=contact.pk,
        union_id=contact.holder_id, after={"contact": contact.public_id},
    )  # fmt: skip


@dataclass(frozen=True)
class UnionCount:
    """How many first contacts one union registered and answered."""

    name: str
    registered: Counted
    held: Counted
    answered: Counted
    late: Counted


def counts(user: User) -> list[UnionCount]:
    """Per union in scope: persons at the window (人次), matters held, answered, late."""
    scope, today = scope_of(user, CONTACT), clock.today()
    first = dict(FirstContact.objects.filter(scope.unions()).values_list("union_id").annotate(n=Count("pk")).order_by())
    held = {
        row["holder_id"]: row
        for row in FirstContact.objects.filter(scope.unions("holder_id"))
        .values("holder_id")
        .annotate(
            n=Count("pk"), answered=Count("pk", filter=Q(state="answered")),
            late=Count("pk", filter=~Q(state="answered") & Q(due_on__lt=today)),
        )
        .order_by()
    }  # fmt: skip
    names, ids = union_names({*first, *held}), public_ids({*first, *held})
    none = {"n": 0, "answered": 0, "late": 0}
    return [
        _union_count(name, ids[pk], first.get(pk, 0), held.get(pk, none)) for pk, name in sorted(names.items())
    ]  # fmt: skip


def _union_count(name: str, union: str, registered: int, held: Mapping[str, int]) -> UnionCount:
    def kept(number: int, **asked: str) -> Counted:
        return Counted(number, "matter", url=list_url(LIST, holder=union, **asked))

    return UnionCount(
        name, Counted(registered, "person_time", url=list_url(LIST, by=union)), kept(held["n"]),
        kept(held["answered"], state=str(State.ANSWERED)), kept(held["late"], state="late"),
    )  # fmt: skip


def tabs(user: User, found: ListPage) -> list[dict[str, Any]]:
    """What one comes for: what waits here for an answer, what was registered here, and everything."""
    held = open_with_us(user).count()
    asked = {key: text for key, text in found.asked.pairs().items() if key in {"side", "state"}}
    views: list[tuple[Any, dict[str, str], int | None]] = [
        (_("Waits for us"), OURS_TO_ANSWER, held), (_("Registered by us"), {"side": "ours"}, None),
        (_("Answered"), {"state": str(State.ANSWERED)}, None), (_("All"), {}, None),
    ]  # fmt: skip
    return [
        {"label": label, "url": list_url(LIST, **view), "count": number, "unit": _("matters"), "current": view == asked}
        for label, view, number in views
    ]  # fmt: skip


def block(request: HttpRequest) -> dict[str, Any]:
    """For the first page."""
    rows = open_with_us(request.user)
    shown, url = [line_of(row) for row in rows[:FIRST_PAGE_ROWS]], list_url(LIST, **OURS_TO_ANSWER)
    return {"rows": shown, "count": rows.count(), "all_url": url}


def badge(request: HttpRequest) -> int | None:
    """For the menu."""
    return open_with_us(request.user).count() or None
