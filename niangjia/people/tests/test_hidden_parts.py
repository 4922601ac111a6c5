"""What is hidden in a table is told on its page: sheets that were not read, rows and columns that were."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from xlsxwriter import Workbook

from niangjia.core import clock
from niangjia.files.hidden import HiddenScan
from niangjia.people.models import RosterImport
from niangjia.people.services.cross_checks import receive_answers
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.oldbooks import old_workbook
from niangjia.people.tests.tables import MEMBERS, hand_in, text_table, workbook
from niangjia.people.tests.test_cross_checks import BORN, draft, home, send as send_check, sign
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_roster_pages import page, send
from niangjia.people.tests.test_rosters import rows
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database

HIDDEN = "隐藏"


def shown(world: World, content: bytes) -> str:
    """The page of a roster that was handed in and checked."""
    client = client_of(world, "jiang")
    roster = send(client, world, content)
    work_rosters()
    return page(client, roster)


def hide(lines: Any = (), columns: Any = (), sheets: Any = ()) -> Any:
    """Hide lines, columns and sheets, counted from zero."""

    def touch(book: Workbook) -> None:
        first = book.worksheets()[0]
        for line in lines:
            first.set_row(line, None, None, {"hidden": True})
        for column in columns:
            first.set_column(column, column, None, None, {"hidden": True})
        for sheet in sheets:
            book.worksheets()[sheet].hide()

    return touch


def test_nothing_is_said_where_nothing_is_hidden(world: World) -> None:
    assert HIDDEN not in shown(world, workbook([MEMBERS, *rows()]))
    assert HIDDEN not in page(client_of(world, "jiang"), csv(world))


def csv(world: World) -> RosterImport:
    """A text table, which can hide nothing."""
    return hand_in(text_table([MEMBERS, *rows()]), world.user("jiang"), world.union("town-a").pk, name="名册.csv")


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_hidden_sheet_is_named_and_not_read(world: World, kind: str) -> None:
    sheets, names = ([MEMBERS, *rows(2)], [MEMBERS, *rows(4)[2:]]), ("在册", "去年退出")
    content = (
        workbook(*sheets, names=names, touch=hide(sheets=[1])) if kind == "xlsx"
        else old_workbook(*sheets, names=names, hidden=[1])
    )  # fmt: skip
    told = shown(world, content)
    assert RosterImport.objects.get().counts["new"] == 2
    assert "隐藏的工作表不读" in told
    assert told.split("隐藏的工作表不读")[1].index("去年退出") < 200


def test_hidden_rows_are_read_and_counted_with_the_first(world: World) -> None:
    told = shown(world, workbook([MEMBERS, *rows(5)], touch=hide(lines=[2, 4, 40])))
    assert RosterImport.objects.get().counts["new"] == 5
    assert "“Sheet1”表有2行是隐藏的" in told
    assert "从第3行起" in told


def test_hidden_columns_that_hold_something_are_named(world: World) -> None:
    told = shown(world, workbook([MEMBERS, *rows(2)], touch=hide(columns=[2, 9])))
    assert RosterImport.objects.get().counts["new"] == 2
    assert "“Sheet1”表有隐藏的列，也照样读了： C</p>" in told


def test_the_rows_of_a_hidden_sheet_are_not_told_as_read(world: World) -> None:
    def touch(book: Workbook) -> None:
        book.worksheets()[1].set_row(1, None, None, {"hidden": True})
        book.worksheets()[1].hide()

    told = shown(world, workbook([MEMBERS, *rows(2)], [MEMBERS, *rows(4)[2:]], touch=touch))
    assert "隐藏的工作表不读" in told
    assert "照样读了" not in told


def test_of_an_old_workbook_it_is_said_that_hidden_rows_cannot_be_told(world: World) -> None:
    assert "看不出有没有隐藏的行和列" in shown(world, old_workbook([MEMBERS, *rows(2)]))


def test_it_is_told_where_columns_are_asked_for_too(world: World) -> None:
    told = shown(world, workbook([("同志", *MEMBERS[1:]), *rows(2)], touch=hide(lines=[1])))
    assert "认列" in told
    assert "有1行是隐藏的" in told


def test_what_a_bureau_hid_in_its_answers_is_told_on_the_page_of_the_batch(world: World) -> None:
    household = home(world, 1, "柏青松")
    sign(world, household)
    check = send_check(world, draft(world, [household]))
    table = [("姓名", "身份证号", "家庭人均月收入"), ("柏青松", identity_number(BORN, 1), 900)]
    receive_answers(
        public_id=check.public_id, upload=SimpleUploadedFile("民政.xlsx", workbook(table, touch=hide(lines=[1]))),
        paper="", true_on=clock.today(), request_id="r", acting_user=world.user("su"),
    )  # fmt: skip
    work_rosters()
    told = client_of(world, "su").get(reverse("check_file", args=[check.public_id])).content.decode()
    assert "有1行是隐藏的" in told


def test_what_other_programs_write_is_found_wherever_the_pieces_are_cut() -> None:
    part = (
        b"<x:sheetData><x:cols><x:col min='3' max='4' hidden='true'/><x:col min='9' max='9' hidden='0'/></x:cols>"
        b'<x:row r="7" hidden="1" ht="0"><x:c r="A7"><x:v>hidden</x:v></x:c></x:row><x:row r="8" hidden="0"/>'
    )
    for cut in range(len(part)):
        scan = HiddenScan()
        scan.feed(part[:cut])
        scan.feed(part[cut:])
        found = scan.end()
        assert (found.lines, found.columns) == ({7}, {3, 4}), cut
