"""The one clock: the database's time, frozen in tests, fixed to a date on a demo stage."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")
_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
_process_start = time.monotonic()


def now() -> datetime:
    """The present instant, aware: frozen in tests, on the demo date on a demo stage.

    On PostgreSQL it is the time of the transaction, so all rows of one act carry one time.
    """
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    if settings.DEMO_NOW is not None:
        return _demo_now()
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            row = cursor.fetchone()
        return row[0]  # type: ignore[no-any-return]
    return timezone.now()


def today() -> date:
    """The local date in Asia/Shanghai: what an officer calls today."""
    return now().astimezone(LOCAL).date()


def is_demo() -> bool:
    """Whether this installation shows the demo county on its fixed date."""
    return settings.DEMO_NOW is not None


def _demo_now() -> datetime:
    # The demo day never ends: its clock runs from half past eight, but stays on its date,
    # so that the story's figures hold however long the stage is open.
    start: datetime = settings.DEMO_NOW
    end_of_day = start.astimezone(LOCAL).replace(hour=23, minute=59, second=0)
    return min(start + timedelta(seconds=time.monotonic() - _process_start), end_of_day)


@contextlib.contextmanager
def frozen(at: datetime | date) -> Iterator[datetime]:
    """Freeze the clock inside the block; a date means nine in the morning there."""
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 9, tzinfo=LOCAL)
    token = _frozen.set(moment)
    try:
        yield moment
    finally:
        _frozen.reset(token)
