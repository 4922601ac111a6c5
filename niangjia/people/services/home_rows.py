"""What every step of a household is made of: rows changed and noted, so that the step can be undone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import Refusal
from niangjia.core.facts import leave_with
from niangjia.federation.scopes import require
from niangjia.federation.services import audit
from niangjia.people.filepage import OpenedFile, open_matters
from niangjia.people.models import HardshipFile, Household, HouseholdMember, Mandate
from niangjia.people.services.households import DatesOutOfOrder, locked
from niangjia.people.services.own_matters import not_his_own
from niangjia.people.services.persons import WRITE

Row = dict[str, Any]


class FromTomorrow(Refusal):
    """What is entered has happened."""

    sentence = _("The day cannot lie after today. Nothing was changed.")


def household_of(household_id: int, acting_user: User) -> Household:
    """A household, locked for the transaction, that the acting user writes for and does not live in."""
    household = locked(household_id)
    require(acting_user, WRITE, household.union_id)
    not_his_own(acting_user, "household", household_id)
    return household


def open_places(household: Household) -> QuerySet[HouseholdMember]:
    """Who belongs to it now."""
    return HouseholdMember.objects.filter(household=household, valid_to__isnull=True)


def checked_day(on: date, since: date) -> date:
    """A day that lies neither after today nor before another one."""
    if on > clock.today():
        raise FromTomorrow(field="on")
    if on < since:
        raise DatesOutOfOrder(field="on")
    return on


def change_row(row: Household | HouseholdMember | Mandate, **now: date | int) -> list[Any]:
    """Change columns of a row; returns where, and what they were and are. System act.

    Part of a step, which checks the right and tells the trail.
    """
    was = {name: _told(getattr(row, name)) for name in now}
    type(row).objects.filter(pk=row.pk).update(**now)
    return [row._meta.model_name, row.pk, was, {name: _told(value) for name, value in now.items()}]


def _told(value: date | int | None) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def running_in(household: Household, acting_user: User) -> str:
    """What is open in a household in its own name, in words; empty when nothing is."""
    running = [_("the file of difficulty")] if _in_file(household) else []
    opened = OpenedFile(household.pk, household.public_id, household.union_id, acting_user, ())
    running += [matter.title for matter in open_matters(opened)]
    return "、".join(str(one) for one in running)


def close_household(household: Household, on: date, acting_user: User, refusal: type[Refusal]) -> list[Any]:
    """Close a household of which nobody is left; where something runs in it, the refusal that says so. System act.

    Part of a step, which checks the right and tells the trail.
    """
    if running := running_in(household, acting_user):
        raise refusal(refusal.sentence % {"what": running})
    change = change_row(household, closed_on=max(on, household.registered_on))
    # Derived rows go with the subject; undone, the household is decided about anew.
    for leave in leave_with.all():
        leave("household", [household.pk])
    return change


def _in_file(household: Household) -> bool:
    return HardshipFile.objects.filter(household=household, exited_on__isnull=True).exists()


def tell(action: str, household: Household, acting_user: User, after: Row, reason: str) -> None:
    """Write the act into the trail of the household."""
    audit.record(
        action, acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id, after=after, reason=reason,
    )  # fmt: skip
