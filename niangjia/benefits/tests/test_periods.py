"""Editions of one programme that count by different periods: nobody is paid by both."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import LazySettings
from django.db import connection

from niangjia.benefits import own
from niangjia.benefits.models import ListRow
from niangjia.benefits.periods import overlap, overlapping
from niangjia.benefits.services import freeze
from niangjia.benefits.tests import world
from niangjia.core import clock

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village

ONCE, YEARLY, MONTHLY, HOME_YEARLY = ["person"], ["person", "year"], ["person", "month"], ["household", "year"]
PERIODS = ("once", "2026", "2026-08", "2026-09", "2027", "2027-08", "20")


@pytest.fixture
def village(village: Village, settings: LazySettings, tmp_path: Path) -> Village:
    """The village with a shelf whose consolation may be counted once, by year or by month."""
    folder = tmp_path / "shelf" / world.CONSOLATION
    shutil.copytree(Path(settings.PROGRAMMES_DIR) / world.CONSOLATION, folder)
    text = (folder / "programme.yaml").read_text(encoding="utf-8")
    kinds = ", ".join(f"[{', '.join(kind)}]" for kind in (ONCE, YEARLY, MONTHLY, HOME_YEARLY))
    (folder / "programme.yaml").write_text(text.replace("[person], [household]", kinds), encoding="utf-8")
    settings.PROGRAMMES_DIR = folder.parent
    return village


def _edition(village: Village, per: list[str]) -> str:
    numbers = {"cut_off_day": date(2026, 7, 31)}
    return world.adopt(village, world.CONSOLATION, budget_fen=2_000_000, numbers=numbers, per=per)


@pytest.mark.parametrize(
    ("first", "second"),
    [(ONCE, YEARLY), (YEARLY, ONCE), (YEARLY, MONTHLY), (MONTHLY, YEARLY), (MONTHLY, ONCE), (ONCE, HOME_YEARLY)],
)
def test_an_edition_that_counts_by_another_period_pays_nobody_again(
    village: Village, first: list[str], second: list[str]
) -> None:
    world.frozen(village, _edition(village, first), "one")
    again = _edition(village, second)
    with pytest.raises(freeze.NobodyToFreeze):
        world.frozen(village, again, "two")


@pytest.mark.parametrize(("per", "later"), [(YEARLY, date(2027, 2, 1)), (MONTHLY, date(2026, 9, 1))])
def test_control_in_the_next_period_it_is_given_again(village: Village, per: list[str], later: date) -> None:
    version = _edition(village, per)
    world.frozen(village, version, "one")
    with clock.frozen(later):
        again = world.frozen(village, version, "two")
        assert again.rows.count() == 4


def test_the_worker_s_page_shows_the_row_of_the_edition_that_counts_otherwise(village: Village) -> None:
    world.frozen(village, _edition(village, YEARLY), "one")
    _edition(village, ONCE)
    matters = own.own_matters(world.worker(village, "谷满仓"), clock.today())
    assert [(one.own.card.per, one.on_list) for one in matters] == [(("person",), True)]


def test_the_database_and_the_page_agree_on_which_periods_have_days_in_common(village: Village) -> None:
    world.frozen(village, _edition(village, ONCE))
    columns = (
        "frozen_list_id, programme_id, {}, position{}, subject_kind, subject_id, union_id, household_id, decision_id, "
        "per_key, amount_fen, first_time, exclusion_reason"
    )
    with connection.cursor() as cursor:
        for number, period in enumerate(PERIODS[1:], start=1):
            cursor.execute(
                f"INSERT INTO benefits_listrow ({columns.format('period', '')}) SELECT "
                f"{columns.format('%s', f' + {10 * number}')} FROM benefits_listrow WHERE period = 'once'",
                [period],
            )
    meets = {one: set(ListRow.objects.filter(overlapping(one)).values_list("period", flat=True)) for one in PERIODS}
    assert meets == {one: {other for other in PERIODS if overlap(one, other)} for one in PERIODS}
    assert meets["once"] == set(PERIODS)
    assert meets["2026"] == {"once", "2026", "2026-08", "2026-09"}
    assert meets["2026-08"] == {"once", "2026", "2026-08"}
    assert meets["20"] == {"once", "20"}
