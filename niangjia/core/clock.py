"""The one clock: the database's time, frozen in tests, fixed to a date on a demo stage."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

LOCAL = ZoneInfo("Asia/Shanghai")
# Seconds since the epoch at which the demo stage's clock stood at its start. All processes of
# one stage get the same, or the web server and the ticker would each live at another minute.
STARTED_VARIABLE = "NIANGJIA_DEMO_STARTED"
_demo_started = float(os.environ.get(STARTED_VARIABLE, "") or time.time())
# One for the whole process, not one per thread: in a test the server's threads stand still too.
_frozen: datetime | None = None


def now() -> datetime:
    """The present instant, aware: frozen in tests, on the demo date on a demo stage.

    On PostgreSQL it is the time of the transaction, so all rows of one act carry one time.
    """
    if _frozen is not None:
        return _frozen
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


def end_of(day: date) -> datetime:
    """The first instant after a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=LOCAL) + timedelta(days=1)


def is_demo() -> bool:
    """Whether this installation shows the demo county on its fixed date."""
    return settings.DEMO_NOW is not None


def _demo_now() -> datetime:
    # The demo day never ends: its clock runs from half past eight, but stays on its date,
    # so that the story's figures hold however long the stage is open.
    start = settings.DEMO_NOW
    if start is None:
        raise RuntimeError("There is no demo stage.")
    end_of_day = start.astimezone(LOCAL).replace(hour=23, minute=59, second=0)
    passed = timedelta(seconds=max(0.0, time.time() - _demo_started))
    return min(start + passed, max(start, end_of_day))


@contextlib.contextmanager
def frozen(at: datetime | date) -> Iterator[datetime]:
    """Freeze the clock inside the block; a date means nine in the morning there."""
    global _frozen
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 9, tzinfo=LOCAL)
    if moment.tzinfo is None:
        raise ValueError("The clock needs an instant with a time zone.")
    before, _frozen = _frozen, moment
    try:
        yield moment
    finally:
        _frozen = before
