"""The file of public holidays: what it holds, what it refuses, and who hears of a year that is missing."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.core import clock
from niangjia.core.holidays import FILE, BadHolidays, holidays_are_known, notices, read_notices


def test_each_notice_has_title_number_and_date_and_as_many_days_as_it_says() -> None:
    found = notices()
    assert found[2026].number == "国办发明电〔2025〕7号"
    assert {year: (len(one.off), len(one.work)) for year, one in found.items()} == {2025: (28, 5), 2026: (33, 6)}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("to: 2026-02-23", "to: 2026-02-22"),
        ("2026-02-14,", "2026-02-13,"),  # a Friday
        ("2026-01-04,", "2026-01-03,"),  # a day off
        ("国办发明电〔2025〕7号", "国办发明电〔2026〕7号"),
        ("关于2026年", "关于2027年"),
        ("dated: 2025-11-04", "dated: 2026-11-04"),
        ("from: 2026-06-19, to: 2026-06-21", "from: 2026-04-19, to: 2026-04-21"),
        ("2026-10-10]", "2027-10-10]"),
        ("format: 1", "format: 2"),
        ("    working: [2026", "    wroking: [2026"),
    ],
)
def test_what_no_notice_can_have_said_is_refused(said: str, wrong: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert said in text
    with pytest.raises(BadHolidays):
        read_notices(text.replace(said, wrong))


@pytest.mark.parametrize(
    ("today", "missing"), [(date(2026, 8, 3), []), (date(2026, 11, 17), ["2027"]), (date(2027, 3, 1), ["2027"])]
)
def test_whoever_runs_it_hears_of_a_missing_year_before_it_begins(today: date, missing: list[str]) -> None:
    with clock.frozen(today):
        told = holidays_are_known(None)
    assert [one.msg.split()[4] for one in told] == missing
