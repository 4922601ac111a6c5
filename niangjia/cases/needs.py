"""Needs and stays as their pages show them, and how many there are by industry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.cases.models import Need, Stay
from niangjia.cases.permissions import NEED
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.workdays import workdays_late
from niangjia.federation.listing.kinds import list_url
from niangjia.federation.listing.units import Count as Counted
from niangjia.federation.scopes import scope_of

State = Need.State
FIRST_PAGE_ROWS = 6
LIST = "cases.needs"
INDUSTRIES: dict[str, str | Promise] = {
    "courier": _("Couriers"), "rider": _("Food delivery"), "driver": _("Drivers"), "sanitation": _("Sanitation"),
    "building": _("Building"), "factory": _("Factories"), "other": _("Other industries"),
}  # fmt: skip
DIRECTIONS: dict[str, str | Promise] = {
    "covered": _("The union is there"), "served": _("Services and cover"), "skilled": _("Skills and advancement"),
}  # fmt: skip
# What is needed, by the direction it belongs to: some of it is what a union can offer at once.
CODES: dict[str, tuple[str, str | Promise]] = {
    "joining": ("covered", _("Joining the union")), "listening": ("covered", _("Somebody to turn to")),
    "station": ("served", _("A warm station")), "serious_illness_pool": ("served", _("Serious-illness pool")),
    "housing_subsidy": ("served", _("Subsidy for public rental housing")), "income": ("served", _("Pay and income")),
    "learning": ("skilled", _("A way to learn")), "promotion": ("skilled", _("A way to be promoted")),
    "other": ("served", _("Something else")),
}  # fmt: skip
STATES: dict[str, tuple[str, str | Promise]] = {
    State.OPEN: ("ask", _("no answer yet")), State.UNDER_WAY: ("go", _("under way")), State.MET: ("yes", _("solved")),
    State.DECLINED: ("no", _("not possible for now")),
}  # fmt: skip


def codes_of(direction: str) -> list[str]:
    """The kinds of need of one direction."""
    return [code for code, (where, _words) in CODES.items() if where == direction]


@dataclass(frozen=True)
class NeedLine:
    """One need in a list."""

    need: Need
    label: str | Promise
    direction: str | Promise
    industry: str | Promise
    state: tuple[str, str | Promise]
    late: int


def line_of(need: Need) -> NeedLine:
    """Its words, state, and by how many working days it is late."""
    direction, label = CODES.get(need.code, CODES["other"])
    late = 0 if need.settled_at else workdays_late(need.due_on, clock.today())
    return NeedLine(need, label, DIRECTIONS[direction], INDUSTRIES[need.industry], STATES[need.state], late)


def needs_in(user: User) -> QuerySet[Need]:
    """Needs of unions in scope, those without an answer first."""
    rows = Need.objects.filter(scope_of(user, NEED).unions()).select_related("owner", "stay", "union")
    return rows.order_by("settled_at", "due_on", "pk")


def stays_in(user: User) -> QuerySet[Stay]:
    """Stays of unions in scope, newest first."""
    return (
        Stay.objects.filter(scope_of(user, NEED).unions()).select_related("union", "stayed_by").order_by("-on", "-pk")
    )


def stay_in(user: User, public_id: str) -> Stay:
    """One stay in scope, or `NotFoundHere`."""
    row = stays_in(user).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def need_in(user: User, public_id: str) -> Need:
    """One need in scope, or `NotFoundHere`."""
    row = needs_in(user).filter(public_id=public_id).first()
    if row is None:
        raise NotFoundHere
    return row


def by_industry(user: User) -> list[dict[str, Any]]:
    """How many needs each industry has, by direction and by what became of them."""
    today, open_ = clock.today(), Q(settled_at__isnull=True)
    wanted = {
        direction: Count("pk", filter=Q(code__in=codes_of(direction))) for direction in DIRECTIONS
    }  # fmt: skip
    late = open_ & Q(due_on__lt=today)
    rows = needs_in(user).order_by().values("industry")
    rows = rows.annotate(
        all=Count("pk"), met=Count("pk", filter=Q(state="met")), late=Count("pk", filter=late), **wanted
    )
    return [_industry(row) for row in sorted(rows, key=lambda row: -row["all"])]


def _industry(row: Mapping[str, Any]) -> dict[str, Any]:
    def counted(number: int, **asked: str) -> Counted:
        return Counted(number, "matter", url=list_url(LIST, industry=row["industry"], **asked))

    return {
        "name": INDUSTRIES[row["industry"]],
        "counts": [
            *((word, counted(row[code], direction=code)) for code, word in DIRECTIONS.items()),
            (_("In all"), counted(row["all"])), (_("Met"), counted(row["met"], state=str(State.MET))),
            (_("Late"), counted(row["late"], state="late")),
        ],
    }  # fmt: skip


def block(request: HttpRequest) -> dict[str, Any]:
    """For the first page: what one sees to oneself."""
    rows = needs_in(request.user).filter(owner=request.user, settled_at__isnull=True)
    shown, url = [line_of(row) for row in rows[:FIRST_PAGE_ROWS]], list_url(LIST, owner="me", state="unsettled")
    return {"rows": shown, "count": rows.count(), "all_url": url}
