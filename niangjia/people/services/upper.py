"""Typing households into an upper system: copying one value under the task's reason, and marking what is typed."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.core.money import yuan
from niangjia.federation.scopes import require
from niangjia.federation.services import audit, looks
from niangjia.people.models import Household, UpperRecord
from niangjia.people.upper.records import marks_of, ours, statuses
from niangjia.people.upper.systems import UpperSystem

READ, WRITE = "people.registry:read", "people.registry:write"


class NoOpenTask(Refusal):
    """Sixty reasons a day would be sixty times the same."""

    sentence = _("Give one reason for the whole task first; then each copy is kept with it. Nothing was shown.")


class NotMarked(Refusal):
    """Taken back already, or never marked."""

    sentence = _("This household is not marked as recorded. Nothing was changed.")


@transaction.atomic
def copy_value(*, household: Household, system: UpperSystem, field: str, acting_user: User) -> str:
    """A value in full, to be typed into the system; a sensitive one is written down with the task's reason."""
    scope = require(acting_user, READ, household.union_id)
    wanted = next((one for one in system.fields if one.code == field), None)
    if wanted is None:
        raise NotFoundHere
    if wanted.is_sensitive:
        task = looks.open_task_of(acting_user)
        if task is None:
            raise NoOpenTask
        looks.note_look(
            action="people.upper:copy", object_kind="household", object_id=household.pk, union_id=household.union_id,
            reason=task.reason, counted_as=("household", household.pk), acting_user=acting_user,
        )  # fmt: skip
    value = ours([household.pk], clock.today(), scope).get(household.pk, {}).get(field)
    return "" if value in (None, "") else typed_text(system, field, value)


def typed_text(system: UpperSystem, field: str, value: object) -> str:
    """A value as it is typed there: whole numbers and telephones unmasked, amounts without their unit."""
    wanted = next(one for one in system.fields if one.code == field)
    if field == "income" and isinstance(value, int):
        return yuan(value).replace(",", "")
    if field in ("id_number", "phone"):
        return str(value).removeprefix("+86")
    return str(wanted.type.show(value))


@transaction.atomic
def mark_recorded(*, household: Household, system: UpperSystem, acting_user: User) -> UpperRecord:
    """Note that a household was typed into the system as it stands here today; marked so already, it stays."""
    require(acting_user, WRITE, household.union_id)
    standing = statuses(system, {household.pk: household.union_id})[household.pk]
    if standing.is_marked and not standing.changed:
        return UpperRecord.objects.get(household=household, system=system.code)
    today = clock.today()
    marks = marks_of(system, household.pk, ours([household.pk], today).get(household.pk, {}))
    row, _is_new = UpperRecord.objects.update_or_create(
        household=household, system=system.code,
        defaults={"marked_on": today, "marked_by": acting_user, "marked_marks": marks},
    )  # fmt: skip
    audit.record(
        "people.upper:mark", acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id, after={"system": system.code, "version": system.version},
    )  # fmt: skip
    return row


@transaction.atomic
def take_mark_back(*, household: Household, system: UpperSystem, acting_user: User) -> None:
    """Take a mark back: the household stands again as the newest export says of it, or as not recorded."""
    require(acting_user, WRITE, household.union_id)
    marked = UpperRecord.objects.filter(household=household, system=system.code, marked_on__isnull=False)
    row = marked.select_for_update().first()
    if row is None:
        raise NotMarked
    before = {"system": system.code, "marked_on": row.marked_on}
    if row.seen_on is None:
        row.delete()  # nothing else said that it stands there
    else:
        row.marked_on, row.marked_by, row.marked_marks = None, None, {}
        row.save(update_fields=["marked_on", "marked_by", "marked_marks"])
    audit.record(
        "people.upper:unmark", acting_user=acting_user, object_kind="household", object_id=household.pk,
        union_id=household.union_id, before=before,
    )  # fmt: skip
