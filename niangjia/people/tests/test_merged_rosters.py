"""Cells merged over the people of a roster count for each of them, in both kinds of workbook and however many."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from niangjia.files.sheets import LIMITS
from niangjia.people.models import Person, RosterImport
from niangjia.people.tests.malformed import in_sheet, with_parts
from niangjia.people.tests.oldbooks import old_workbook
from niangjia.people.tests.tables import MEMBERS, enter, hand_in, rows_of, sentences, workbook
from niangjia.people.tests.test_malformed_rosters import PEAK_KB, cost_of
from niangjia.people.tests.test_rosters import NAMES, rows
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database

Ranges = list[tuple[int, int, int, int]]  # first line, first column, last line, last column
HEADINGS = (*MEMBERS, "所属工会")
KINDS = ("xlsx", "xls")


def merged(kind: str, table: list[Any], ranges: Ranges) -> bytes:
    """A workbook with these ranges merged: their first cells hold what is written there, the others nothing."""
    if kind == "xls":
        return old_workbook(table, merged=ranges)

    def merge(book: Workbook) -> None:
        sheet = book.worksheets()[0]
        for top, first, bottom, last in ranges:
            sheet.merge_range(top, first, bottom, last, "")
            value = table[top][first] if first < len(table[top]) else ""
            if isinstance(value, date):
                sheet.write_datetime(top, first, value, book.add_format({"num_format": "yyyy-mm-dd"}))
            else:
                sheet.write(top, first, value)

    return workbook(table, touch=merge)


def read(world: World, content: bytes) -> RosterImport:
    """Hand it in for the whole county."""
    return hand_in(content, world.user("su"), world.union("county").pk)


@pytest.mark.parametrize("kind", KINDS)
def test_a_town_merged_over_its_people_is_the_town_of_each(world: World, kind: str) -> None:
    table: list[Any] = [HEADINGS, *([*row, ""] for row in rows(5))]
    table[1][4], table[4][4] = "town-a工会", "town-b工会"
    # The day too stands once for three of them.
    table[2][3] = table[3][3] = ""
    roster = read(world, merged(kind, table, [(1, 4, 3, 4), (4, 4, 5, 4), (1, 3, 3, 3)]))
    assert roster.counts["new_by_union"] == {"town-a工会": 3, "town-b工会": 2}
    assert enter(roster, world.user("su")).state == "done"
    joined = {row["v"]["name"]: row["v"]["joined_on"] for row in rows_of(roster, "new")}
    assert [joined[name] for name in NAMES[:5]] == ["2024-03-01"] * 3 + ["2024-03-04", "2024-03-05"]
    assert dict(Person.objects.values_list("name", "union__code")) == {
        NAMES[0]: "town-a", NAMES[1]: "town-a", NAMES[2]: "town-a", NAMES[3]: "town-b", NAMES[4]: "town-b",
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_each_take_two_lines_are_read_once(world: World, kind: str) -> None:
    """As tables made for printing have them: every cell merged over two lines."""
    table: list[Any] = [MEMBERS]
    for row in rows(3):
        table += [row, [""] * 4]
    ranges = [(line, column, line + 1, column) for line in (1, 3, 5) for column in range(4)]
    roster = read(world, merged(kind, table, ranges))
    assert (roster.counts["new"], roster.counts["refused"], roster.counts["read"]) == (3, 0, 3)
    assert [row["l"] for row in rows_of(roster, "new")] == [2, 4, 6]


@pytest.mark.parametrize("kind", KINDS)
def test_blank_lines_and_columns_before_the_table_move_nothing(world: World, kind: str) -> None:
    table: list[Any] = [[""] * 7] * 3 + [["", "", *HEADINGS], *(["", "", *row, ""] for row in rows(3))]
    table[4][6], table[6][6] = "town-a工会", "town-b工会"
    roster = read(world, merged(kind, table, [(4, 6, 5, 6)]))
    assert roster.counts["new_by_union"] == {"town-a工会": 2, "town-b工会": 1}


def test_a_value_of_its_own_stands_and_the_line_below_a_range_is_empty_again(world: World) -> None:
    table: list[Any] = [HEADINGS, *([*row, ""] for row in rows(4))]
    table[1][4] = "town-a工会"
    content = merged("xls", [*table[:2], [*table[2][:4], "town-b工会"], *table[3:]], [(1, 4, 3, 4)])
    roster = hand_in(content, world.user("su"), world.union("county").pk)
    assert roster.counts["new_by_union"] == {"county工会": 1, "town-a工会": 2, "town-b工会": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_no_number_of_merged_cells_is_too_many(world: World, kind: str) -> None:
    """What is merged far below counts like what is merged above it: the table is read to its end."""
    many = 110
    table: list[Any] = [("云禾县会员花名册", *[""] * 199), HEADINGS]
    for at in range(many):
        number = identity_number(date(1981, 2, 3), 100 + at)
        table.append([NAMES[at % 10], number, f"139{at:08d}", date(2024, 3, 1), ""])
    table[2][4], table[-2][4] = "town-a工会", "town-b工会"
    wide = [(0, 0, 0, 199), *((line, 6, line, 199) for line in range(1, many))]
    roster = read(world, merged(kind, table, [*wide, (2, 4, many - 1, 4), (many, 4, many + 1, 4)]))
    assert sentences(roster) == {}
    assert roster.counts["new_by_union"] == {"town-a工会": many - 2, "town-b工会": 2}


@pytest.mark.nightly
def test_the_largest_table_merged_all_over_costs_hardly_more(tmp_path: Path) -> None:
    """200,000 rows whose first three columns are merged over every two of them."""
    path, many = tmp_path / "large.xlsx", LIMITS.rows
    book = Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for line in range(many):
        for column in range(3 * (line % 2), 11):
            sheet.write_string(line, column, f"{column}栏{line:09d}" if column < 7 else "柳絮飞")
    book.close()
    cells = "".join(f'<mergeCell ref="{c}{at}:{c}{at + 1}"/>' for at in range(1, many, 2) for c in "ABC")
    whole = f"</sheetData><mergeCells>{cells}</mergeCells>".encode()
    content = with_parts(path.read_bytes(), in_sheet(lambda part: part.replace(b"</sheetData>", whole)))
    seconds, peak = cost_of(content, tmp_path)
    last = (tmp_path / "out").read_text(encoding="utf-8").splitlines()[-2]
    assert last.startswith(f'[{many},["0栏{many - 2:09d}","1栏{many - 2:09d}","2栏{many - 2:09d}","3栏{many - 1:09d}"')
    assert peak <= PEAK_KB
    assert seconds <= LIMITS.seconds
