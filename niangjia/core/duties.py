"""Periodic duties: rooms register them, the ticker runs each exactly once when it is due."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from croniter import croniter
from django.db import IntegrityError, transaction

from niangjia.core import clock
from niangjia.core.models import DutyRun
from niangjia.core.registries import Registry

logger = logging.getLogger(__name__)
OUTCOME_LENGTH = 300
NOT_YET = "installed: starts with the next time"
_FAILED = "failed"


@dataclass(frozen=True)
class Duty:
    """Something the installation does by itself at set times.

    `cron` is five fields of local time (Asia/Shanghai); the function's text tells what came of it.
    """

    name: str
    cron: str
    function: Callable[[], str | None]


duties: Registry[Duty] = Registry("duties")


def register_duty(name: str, cron: str, function: Callable[[], str | None]) -> Duty:
    """Offer a duty; a cron text that cannot be read raises ValueError."""
    if not croniter.is_valid(cron):
        raise ValueError(f"{name}: {cron!r} is not a cron text")
    return duties.register(name, Duty(name, cron, function))


def last_due(duty: Duty, at: datetime) -> datetime:
    """The latest time at or before `at` when the duty was due."""
    just_after = at.astimezone(clock.LOCAL) + timedelta(microseconds=1)
    found: datetime = croniter(duty.cron, just_after).get_prev(datetime)
    return found


def failing_since(name: str) -> datetime | None:
    """When a duty that failed the last time began to fail; None when its last run was well, or there was none."""
    runs = DutyRun.objects.filter(name=name, finished_at__isnull=False)
    well = runs.exclude(outcome__startswith=_FAILED).order_by("-due_at").first()
    failed = runs.filter(outcome__startswith=_FAILED)
    first = (failed.filter(due_at__gt=well.due_at) if well else failed).order_by("due_at").first()
    return first.started_at if first else None


def run_due() -> list[str]:
    """Run every duty that is due and that nobody has run; returns the names of those run. System act.

    A duty missed while the machine was off is made up for once, however many times were missed.
    A duty that has never run waits for its next time. One that fails is noted and tried again at
    its next time; the others run all the same.
    """
    return [duty.name for duty in duties.all() if _run_if_due(duty)]


def _run_if_due(duty: Duty) -> bool:
    due_at = last_due(duty, clock.now())
    if DutyRun.objects.filter(name=duty.name, due_at__gte=due_at).exists():
        return False
    is_new = not DutyRun.objects.filter(name=duty.name).exists()
    run = _claim(duty.name, due_at)
    if run is None:
        return False
    if is_new:
        _finish(run, NOT_YET)
        return False
    try:
        outcome = duty.function() or "done"
    except Exception as error:  # one broken duty must not stop the ticker or the others
        logger.exception("The duty %s failed; it is tried again at its next time.", duty.name)
        outcome = f"{_FAILED}: {type(error).__name__}"  # its words, which may hold a number, stand masked in the log
    _finish(run, outcome)
    return True


def _claim(name: str, due_at: datetime) -> DutyRun | None:
    try:
        with transaction.atomic():
            return DutyRun.objects.create(name=name, due_at=due_at, started_at=clock.now())
    except IntegrityError:
        return None  # another ticker was faster


def _finish(run: DutyRun, outcome: str) -> None:
    DutyRun.objects.filter(pk=run.pk).update(finished_at=clock.now(), outcome=outcome[:OUTCOME_LENGTH])
