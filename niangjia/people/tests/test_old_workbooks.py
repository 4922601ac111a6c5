"""An .xls is read like an .xlsx: numbers that are numbers, real dates, merged cells, two rows of headings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from niangjia.people.models import Person, RosterImport
from niangjia.people.tests.oldbooks import old_workbook
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, rows_of, sentences, workbook
from niangjia.people.tests.test_rosters import NAMES, NUMBERS, rows
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database


def read(world: World, content: bytes) -> RosterImport:
    """Hand it in and let it be checked."""
    return hand_in(content, world.user("su"), world.union("town-a").pk, name="名册.xls")


def both_ways(world: World, table: list[Any]) -> tuple[RosterImport, RosterImport]:
    """The same table as either kind of workbook."""
    return read(world, old_workbook(table)), read(world, workbook(table))


def test_numbers_and_dates_are_what_they_are_in_an_xlsx(world: World) -> None:
    forms = (date(2024, 3, 1), 45352, 20240301, "2024.3.1", "2024年3月1日", date(2024, 3, 1), 45352.0)
    table = [MEMBERS, *([NAMES[at], NUMBERS[at], 13800000000 + at, form] for at, form in enumerate(forms))]
    old, new = both_ways(world, table)
    found = rows_of(old, "new")
    assert [row["v"] for row in found] == [row["v"] for row in rows_of(new, "new")]
    assert [row["v"]["joined_on"] for row in found] == ["2024-03-01"] * len(forms)
    assert [row["v"]["phone"] for row in found] == [f"+861380000{at:04d}" for at in range(len(forms))]
    assert enter(old, world.user("su")).state == "done"
    assert set(Person.objects.values_list("name", "id_number")) == set(zip(NAMES, NUMBERS[: len(forms)], strict=False))


def test_an_identity_number_typed_as_a_number_is_refused_in_the_same_words(world: World) -> None:
    table = [MEMBERS, *rows(2)]
    table[1][1] = int(NUMBERS[0].replace("X", "1"))
    old, new = both_ways(world, table)
    assert "按数字录入" in sentences(old)[2]
    assert sentences(old) == sentences(new)
    assert [row["v"]["name"] for row in rows_of(old, "new")] == [NAMES[1]]


def test_numbers_in_a_column_of_text_and_days_before_1900_are_told_alike(world: World) -> None:
    table: list[Any] = [MEMBERS, *rows(4)]
    table[1][0], table[2][3], table[3][3], table[4][2] = 12, 0, 3.75, 1380000
    old, new = both_ways(world, table)
    assert set(sentences(old)) == {2, 3, 4, 5}
    assert sentences(old) == sentences(new)


def test_titles_two_rows_of_headings_and_merged_cells(world: World) -> None:
    table: list[Any] = [
        ("云禾县小满镇会员花名册", "", "", "", "", ""),
        ("序号", "姓名", "身份证号", "联系方式", "", "入会日期"),
        ("", "", "", "手机", "住址", ""),
        *([at, row[0], row[1], row[2], "小满镇1号", row[3]] for at, row in enumerate(rows(), start=1)),
        ("合计", "", "3人", "", "", ""),
    ]
    down = [(1, column, 2, column) for column in (0, 1, 2, 5)]
    roster = read(world, old_workbook(table, merged=[(0, 0, 0, 5), (1, 3, 1, 4), *down]))
    assert roster.state == "checked", roster.layout
    assert (roster.counts["new"], roster.counts["left_out"]) == (3, 1)
    assert [row["l"] for row in rows_of(roster, "new")] == [4, 5, 6]
    assert [row["v"]["phone"] for row in rows_of(roster, "new")] == [f"+861380000{at:04d}" for at in range(3)]


def test_texts_that_fill_more_than_one_record_are_read_whole(world: World) -> None:
    """The table of shared strings goes on in further records in every roster of some size."""
    table = [(*MEMBERS, "备注"), *([*row, f"{at}" + "绿" * 1_500] for at, row in enumerate(rows(10)))]
    roster = read(world, old_workbook(table))
    assert [row["v"]["name"] for row in rows_of(roster, "new")] == NAMES[:10]
