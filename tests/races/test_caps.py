"""Two programmes under one cap, frozen at the same moment: together they give no more than the cap."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from django.db import connection

from niangjia.benefits.models import ListRow, Received
from niangjia.benefits.services import caps, freeze, holds
from niangjia.benefits.tests.capped import write_capped
from niangjia.core.errors import Refusal
from niangjia.federation.scopes import scope_of
from niangjia.policy import queries as policy
from niangjia.site.demo.adoptions import Adoption, adopt
from tests.races.test_lists import WAIT, _freeze, _race

if TYPE_CHECKING:
    from datetime import date

    from tests.demo_stage import DemoCounty

LIMIT = 200_000


@pytest.fixture
def two_programmes(own_county: DemoCounty, settings: LazySettings, tmp_path: Path, meeting_on: date) -> list[str]:
    """1,500 yuan each, at most 2,000 for a household in a year; of each household one worker, the others wait."""
    settings.PROGRAMMES_DIR = str(tmp_path)
    su = own_county.user("苏木")
    found = []
    for name in ("one", "two"):
        adoption = Adoption(write_capped(tmp_path, name), "云工发〔2026〕30号", "主席办公会", meeting_on)
        version = adopt(adoption, own_county.stage.users).public_id
        seen: set[int | None] = set()
        for row in freeze.plan_freeze(scope_of(su, "benefits.list:freeze"), version).rows:
            if row.household_id in seen:
                holds.place_hold(
                    version_public_id=version, subject_kind=row.subject_kind, subject_id=row.subject_id,
                    reason="一户一份", acting_user=su,
                )  # fmt: skip
            seen.add(row.household_id)
        found.append(version)
    return found


@pytest.fixture
def meeting_on() -> date:
    from niangjia.core import clock  # noqa: PLC0415  the county's own day, once it stands

    return clock.today()


def _race_of_two(county: DemoCounty, versions: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Both have counted what remains before either writes, if let."""
    both, check = threading.Barrier(2), freeze._check

    def check_when_both_have_counted(plan: freeze.FreezePlan, seen: str) -> None:
        with suppress(threading.BrokenBarrierError):
            both.wait(WAIT)
        check(plan, seen)

    monkeypatch.setattr(freeze, "_check", check_when_both_have_counted)
    return _race(lambda number: _freeze(county, versions[number], number), 2)


def _most_of_a_household() -> int:
    homes: Counter[int | None] = Counter()
    live = ListRow.objects.filter(excluded_at__isnull=True, frozen_list__document_number="云工发〔2026〕21号")
    for home, fen in live.values_list("household_id", "amount_fen"):
        homes[home] += fen or 0
    return max(homes.values())


def test_two_programmes_frozen_at_once_give_no_household_more_than_the_cap(
    own_county: DemoCounty, two_programmes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = _race_of_two(own_county, two_programmes, monkeypatch)
    assert ends["done"] == 1, ends
    # On SQLite the second sees the amounts of after the first, which are not those that were confirmed.
    assert set(ends) <= {"done", "OverCap", "ChangedWhileReading"}
    assert _most_of_a_household() <= LIMIT


def test_control_a_guard_that_reads_first_and_writes_then_lets_both_pay(
    own_county: DemoCounty, two_programmes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)

    def read_then_write(*, rows: Sequence[ListRow], card: policy.VersionCard) -> None:
        wanted = [one for row in rows for one in caps._held(row, caps.grant_of(row, card), card)]
        given = {
            (kind, holder, period): fen
            for kind, holder, period, fen in Received.objects.values_list("kind", "holder", "period", "fen")
        }
        if any(given.get(one.key, 0) + one.adds > one.cap.limit for one in wanted):
            raise OverCapOfTheControl
        with suppress(threading.BrokenBarrierError):
            both.wait(WAIT)
        caps._add({one.key: (one.adds, 1) for one in sorted(wanted, key=lambda one: one.key)})

    monkeypatch.setattr(freeze, "hold_under_caps", read_then_write)
    ends = _race_of_two(own_county, two_programmes, monkeypatch)
    # SQLite lets one writer in at a time, so there even this guard holds.
    assert ends["done"] == (2 if connection.vendor == "postgresql" else 1), ends
    assert (_most_of_a_household() > LIMIT) == (connection.vendor == "postgresql")


class OverCapOfTheControl(Refusal):
    """What the wrong guard says."""

    sentence = "over"
