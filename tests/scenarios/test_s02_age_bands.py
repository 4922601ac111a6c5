"""S02 · 年龄阶段分配法: 120 vouchers for 195 people in three groups; 75 wait, and move up when somebody declines."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.test import Client

from niangjia.cli.main import main
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "按年龄阶段分配就业券"
GROUPS = ("20至30岁在家待业", "征地时没能参保", "4050人员缴社保有困难")
BIRTHDAY, DRAWN_ON = date(2026, 8, 20), date(2026, 8, 6)
SOURCE = "福利彩票双色球第2026089期"


def _sheet(county: DemoCounty, only: str = "") -> list[list[str]]:
    """The rows of the exported list: number, name, …, place."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    if only:
        desk.open("desk_list", desk.page.address.split("/")[3], tab="yes", place=only)
    return [row for row in sheet_of(steps.export(desk)) if row[0].isdigit()]


def _place(county: DemoCounty, name: str) -> str:
    return next(row[9] for row in _sheet(county) if row[1] == name)


def test_three_groups_of_58_41_and_96_share_120_vouchers_and_75_wait(county: DemoCounty) -> None:
    """58 + 41 + 96 people, 120 places, 75 wait: on the page, by group, and in the export."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    assert desk.page.figures["符合"].note == "195人"
    assert desk.page.figures["名额"].number == "120个"
    assert desk.page.figures["名额"].note == "候补75人"
    rows = [row for row in desk.page.rows if "有名额" in row]
    assert [row["类别（按优先顺序）"] for row in rows] == [f"{at}. {name}" for at, name in enumerate(GROUPS, start=1)]
    assert [(row["人数"], row["有名额"], row["候补"]) for row in rows] == [
        ("58", "58", "0"), ("41", "41", "0"), ("96", "21", "75"),
    ]  # fmt: skip
    sheet = _sheet(county)
    assert len(sheet) == 195
    assert [row[9].split(" · ")[0] for row in sheet[:120]] == [f"第{n}号名额" for n in range(1, 121)]
    turns = [re.match(r"候补第(\d+)位(?:（(\d+)人并列）)?", row[9]) for row in sheet[120:]]
    assert {turn and turn.groups() for turn in turns} == {("1", "37"), ("38", "38")}


def test_mugwort_is_number_113_of_120_and_never_asked(county: DemoCounty) -> None:
    """艾草青 stands fourteenth of the third group: place 113 of 120."""
    assert _place(county, "艾草青") == f"第113号名额 · {GROUPS[2]}"


def test_who_is_in_two_groups_has_one_voucher_by_the_earlier(county: DemoCounty) -> None:
    """谷满仓 lost his land and is one of the 4050: he stands once, in the second group."""
    rows = [row for row in _sheet(county) if row[1] == "谷满仓"]
    assert len(rows) == 1
    assert rows[0][9].endswith(GROUPS[1])


@pytest.mark.nightly
def test_sorghum_is_a_no_until_his_fiftieth_birthday(county: DemoCounty) -> None:
    """高粱红 is 49 until 20 August 2026; on that day the night's sweep finds him by itself, and he waits."""
    assert "高粱红" not in {row[1] for row in _sheet(county)}
    with steps.morning(date(2026, 8, 19)):
        assert "高粱红" not in {row[1] for row in _sheet(county)}
    with steps.morning(BIRTHDAY):
        assert _place(county, "高粱红").startswith("候补第")
        assert _place(county, "艾草青").startswith("第113号名额")


def test_a_declined_voucher_goes_to_the_next_by_lots_and_the_frozen_list_stands(county: DemoCounty) -> None:
    """120 frozen; one declines; 37 owe equally long, so lots decide, and only that one is new; nobody else moves."""
    first = steps.freeze(steps.visit(county, "苏木"), PROGRAMME)
    desk = steps.visit(county, "苏木")
    before = _listed(desk, first)
    assert len(before) == 120
    _decline(desk, "谷满仓")
    steps.open_list(desk, PROGRAMME)
    assert "37人并列，只剩1个名额，要摇号。" in desk.page.text
    desk.open("desk_list_freeze", desk.page.address.split("/")[3])
    assert "要先摇号。" in desk.page.text
    steps.open_list(desk, PROGRAMME).press("定下摇号名单", {"种子来源": SOURCE, "公布日期": DRAWN_ON.isoformat()})
    list_hash = re.search(r"名单哈希（请公布）： ([0-9a-f]{64})", desk.page.text)
    assert list_hash, desk.page.text[:900]
    with steps.morning(DRAWN_ON):
        desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
        desk.press("摇号", {"种子": "03 07 12 19 24 33 + 05"})
        second = steps.freeze(steps.visit(county, "苏木"), PROGRAMME)
        (winner,) = _listed(desk, second)
        assert winner not in before
        assert _listed(desk, first) == before
        steps.open_list(desk, PROGRAMME)
        assert desk.page.figures["名额"].note == "候补74人"
        assert list_hash[1] in desk.page.text
        assert {row[9].split(" · ")[0] for row in _sheet(county, "waiting")} == {f"候补第{n}位" for n in range(1, 75)}


def _listed(desk: Visitor, frozen: str) -> list[str]:
    """The names on a frozen list, in its order."""
    desk.open("desk_notice", frozen)
    return [row["姓名"].split()[0] for row in desk.page.rows if "凭证号" in row]


def _decline(desk: Visitor, name: str) -> None:
    """Somebody on the open list gives his place back: the form in his row, with the box ticked."""
    row = next(row for row in desk.page.main.walk("tr") if name in row.text)
    form = next(form for form in row.walk("form") if form.attrs["action"].endswith("/exclude/"))
    assert "本人放弃：名额给下一位" in form.text
    done = desk.client.post(form.attrs["action"], {"reason": "本人放弃", "declined": "1"}, follow=True)
    assert "已移出名单" in done.content.decode()


def test_the_worker_reads_place_or_turn_once_the_list_is_released(county: DemoCounty) -> None:
    """Before the release nothing is said of a place; afterwards 艾草青 reads 113 of 120."""
    frozen = steps.freeze(steps.visit(county, "苏木"), PROGRAMME)
    assert "第113号" not in _own(county.client("艾草青"))
    steps.give_notice(steps.visit(county, "苏木"), frozen)
    assert "您有名额：第113号，共120个。" in _own(county.client("艾草青"))


def _own(client: Client) -> str:
    worker = Visitor(client)
    worker.open("my_home")
    return worker.page.text


def test_the_file_of_the_places_is_checked_by_the_command(
    county: DemoCounty, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """The downloaded file names nobody, agrees with itself, and one changed rank in it is found."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    desk.click("可供核对的文件")
    path = tmp_path_factory.mktemp("places") / "places.json"
    path.write_text(desk.page.html, encoding="utf-8")
    assert "艾草青" not in desk.page.html
    assert main(["draw", str(path)]) == 0
    assert "候补: 75" in capsys.readouterr().out
    whole = json.loads(desk.page.html)
    whole["committed"]["entrants"][0]["rank"] += 1
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert main(["draw", str(path)]) == 1
