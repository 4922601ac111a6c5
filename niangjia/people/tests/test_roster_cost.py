"""What a roster asks the database does not grow with its rows: each question would be asked 100,000 times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from niangjia.core import clock
from niangjia.people.models import RosterImport
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, take_back, workbook
from niangjia.people.tests.test_rosters import rows
from niangjia.people.tests.world import World


class Asked:
    """Counts questions to the database, and to the clock: within a transaction PostgreSQL is the clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock, self._now = 0, clock.now
        monkeypatch.setattr(clock, "now", self._counted)

    def _counted(self) -> datetime:
        self.clock += 1
        return self._now()

    def by(self, step: Any, roster: RosterImport, world: World) -> tuple[RosterImport, tuple[int, int]]:
        """A step of a roster, and what it asked."""
        self.clock = 0
        with CaptureQueriesContext(connection) as seen:
            roster = step(roster, world.user("su"))
        return roster, (len(seen), self.clock)


def costs(world: World, table: Sequence[Sequence[Any]], asked: Asked) -> tuple[tuple[int, int], tuple[int, int]]:
    """What entering these rows and taking them back asks."""
    roster = hand_in(workbook([MEMBERS, *table]), world.user("su"), world.union("town-a").pk)
    roster, entered = asked.by(enter, roster, world)
    roster, taken_back = asked.by(take_back, roster, world)
    assert (roster.state, roster.counts["taken_back"]) == ("undone", len(table))
    return entered, taken_back


def test_five_times_the_rows_ask_no_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked(monkeypatch)
    costs(world, rows(1), asked)  # what is asked once in a process
    few, many = costs(world, rows(2), asked), costs(world, rows(10), asked)
    assert many == few
