"""Looks at sealed values: each is written down with its reason, and a reason may be given for a whole task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal
from niangjia.federation.models import LookDay, LookTask, LookTaskSubject
from niangjia.federation.models.look import MOST_IN_A_DAY, MOST_IN_A_TASK
from niangjia.federation.scopes import require
from niangjia.federation.services import audit

OPEN = "federation.look:open_task"
MOST_HOURS = 8


class TaskOutOfBounds(Refusal):
    """A task is small and short."""

    sentence = _("A task is for 1 to 100 households and for 1 to 8 hours. Nothing was opened.")


class ReasonMissing(Refusal):
    """The person looked at will read it."""

    sentence = _("Please say why: the people whose numbers you open can read it.")


class TaskUsedUp(Refusal):
    """As many as were said."""

    sentence = _("This task was for %(most)s households, and they are used up. Nothing was shown. Open a new task.")


class DayUsedUp(Refusal):
    """A day's measure."""

    sentence = _(
        "You have opened %(most)s numbers today, the most for one day. Nothing was shown. "
        "If the work needs more, it is a signed file for the bureau, not look by look."
    )


@transaction.atomic
def open_task(*, reason: str, most: int, hours: int, acting_user: User) -> LookTask:
    """Give one reason for a task of so many households and hours; an older open task ends."""
    require(acting_user, OPEN)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    if not (1 <= most <= MOST_IN_A_TASK and 1 <= hours <= MOST_HOURS):
        raise TaskOutOfBounds(field="most" if not 1 <= most <= MOST_IN_A_TASK else "hours")
    # Locked, so that two windows do not open two.
    User.objects.select_for_update().get(pk=acting_user.pk)
    moment = clock.now()
    LookTask.objects.filter(user=acting_user, closed_at__isnull=True).update(closed_at=moment)
    task = LookTask.objects.create(
        user=acting_user, reason=reason.strip(), most=most, opened_at=moment, expires_at=moment + timedelta(hours=hours)
    )
    audit.record(
        "federation.look:open_task", acting_user=acting_user, object_kind="look_task", object_id=task.pk,
        after={"most": most, "until": task.expires_at}, reason=task.reason,
    )  # fmt: skip
    return task


@transaction.atomic
def close_task(*, public_id: str, acting_user: User) -> None:
    """End one's own task before its time."""
    task = LookTask.objects.filter(public_id=public_id, user=acting_user).first()
    if task is None:
        raise NotFoundHere
    if LookTask.objects.filter(pk=task.pk, closed_at__isnull=True).update(closed_at=clock.now()):
        audit.record(
            "federation.look:close_task", acting_user=acting_user, object_kind="look_task", object_id=task.pk,
            after={"used": task.used},
        )  # fmt: skip


def open_task_of(user: Any) -> LookTask | None:
    """The task somebody has open at this moment."""
    if not getattr(user, "is_authenticated", False):
        return None
    return LookTask.objects.filter(user=user, closed_at__isnull=True, expires_at__gt=clock.now()).first()


def with_task_reason(user: Any, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with the reason of the open task where none was typed."""
    filled = {name: sent[name] for name in sent}
    task = open_task_of(user)
    if task is not None and not str(filled.get("reason", "")).strip():
        filled["reason"] = task.reason
    return filled


@transaction.atomic
def note_look(
    *,
    action: str,
    object_kind: str,
    object_id: int,
    union_id: int,
    reason: str,
    counted_as: tuple[str, int],
    acting_user: User,
) -> None:
    """Write a look at a sealed value down before it is shown; over the measure it is refused.

    `counted_as` is what a task counts: the household, so that its three members are one.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    task = open_task_of(acting_user)
    within = task if task is not None and task.reason == reason.strip() else None
    _use_up_one_of_the_day(acting_user)
    if within is not None:
        _use_up_one_of_the_task(within, counted_as)
    audit.record(
        action, acting_user=acting_user, object_kind=object_kind, object_id=object_id, union_id=union_id,
        after={"task": within.public_id} if within else None, reason=reason.strip(),
    )  # fmt: skip


def _use_up_one_of_the_day(user: User) -> None:
    today = clock.today()
    LookDay.objects.get_or_create(user=user, day=today)
    if not LookDay.objects.filter(user=user, day=today, used__lt=MOST_IN_A_DAY).update(used=F("used") + 1):
        raise DayUsedUp(DayUsedUp.sentence % {"most": MOST_IN_A_DAY})


def _use_up_one_of_the_task(task: LookTask, counted_as: tuple[str, int]) -> None:
    kind, pk = counted_as
    try:
        with transaction.atomic():
            LookTaskSubject.objects.create(task=task, subject_kind=kind, subject_id=pk)
    except IntegrityError:
        return  # looked at in this task before
    if not LookTask.objects.filter(pk=task.pk, used__lt=F("most")).update(used=F("used") + 1):
        raise TaskUsedUp(TaskUsedUp.sentence % {"most": task.most})
