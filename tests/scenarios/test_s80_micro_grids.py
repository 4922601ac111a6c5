"""S80 · 微网格建会: 12 micro-grids and 14 employers hand in their rosters; 1,080 people join, each in one grid.

What of the row waits for rooms that are not built: the map of the grids (`places`), joining by oneself, leaving
and the funnel from contact to member (`membership`), the calendar of whom to call on and "not seen for 90 days"
(`contacts`). What a registry can do of it runs here: the roster, workload and movement by grid, and who works where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from niangjia.core import clock, crypto
from niangjia.core.turns import take_turns
from niangjia.federation.models import Union
from niangjia.federation.services.tree import found_union
from niangjia.people.models import Employer, EmploymentSpell, MembershipSpell, Person
from niangjia.people.tests.tables import text_table, workbook
from niangjia.people.tests.world import FOUNDED, World, build_world, credit_code, identity_number
from tests.scenarios.visitor import Visitor

pytestmark = pytest.mark.one_database

GRIDS, FIRMS, PEOPLE = 12, 14, 1_080
AUGUST = date(2017, 8, 31)
JOINED = date(2017, 7, 1)
HEADINGS = ("姓名", "公民身份号码", "联系电话", "所属微网格", "单位名称", "入职日期", "入会时间")
PLANTS = "柳絮飞 榆钱儿 槐米香 桐花开 椿芽嫩 楸叶红 梓叶青 柏籽圆 栎果实".split()


@dataclass
class Street:
    """A street's joint union with its grids, and the officer at its desk."""

    world: World

    def desk(self, officer: str = "jiang") -> Visitor:
        client = Client()
        client.force_login(self.world.user(officer))
        return Visitor(client)

    def members(self, number: int, officer: str = "jiang") -> str:
        """The list of a grid's members, as it is on the screen."""
        desk = self.desk(officer)
        union = Union.objects.get(code=f"grid-{number}")
        desk.open("person_list", union=union.public_id, member="yes")
        return words(desk)

    def hand_in(self, kind: str, name: str, content: bytes) -> Visitor:
        """Hand a roster in over the page, and look at it when it has been checked."""
        desk = self.desk()
        desk.open("roster_new")
        table = SimpleUploadedFile(name, content)
        desk.press("上传核对", {kind: True, "工会": "town-a工会", "表格": table, "来源": "街道总工会"})
        take_turns()
        desk._get(desk.page.address)
        return desk

    def approve(self, desk: Visitor) -> str:
        """Approve what is on the screen; returns what the page says when it is in."""
        address = desk.page.address
        desk.press("确认录入")
        take_turns()
        desk._get(address)
        return words(desk)


def words(desk: Visitor) -> str:
    """What is on the screen, without blanks."""
    return "".join(desk.page.text.split())


def grid(number: int) -> str:
    """The name of a grid."""
    return f"第{number}微网格工会"


def firm(number: int) -> tuple[str, str]:
    """An employer and its code."""
    return f"洋槐{number}号快递站", credit_code(800 + number)


def people() -> list[list[Any]]:
    """1,080 people who are nobody: by turns over the grids, and over the employers."""
    return [
        [PLANTS[at % len(PLANTS)], identity_number(date(1980, 1, 1) + timedelta(days=at), at % 1_000),
         f"139{at:08d}", grid(at % GRIDS + 1), firm(at % FIRMS)[0], date(2016, 5, 1), JOINED]
        for at in range(PEOPLE)
    ]  # fmt: skip


@pytest.fixture
def street(db: None, settings: LazySettings) -> Iterator[Street]:
    """The street in August, its grids founded, its employers entered from their own table."""
    settings.DEMO_NUMBERS = True
    with clock.frozen(AUGUST):
        world = build_world()
        for number in range(1, GRIDS + 1):
            found_union(
                code=f"grid-{number}", name=grid(number), kind="grid", level="primary", parent=world.union("town-a"),
                on=FOUNDED, acting_user=None,
            )  # fmt: skip
        street = Street(world)
        table = text_table([("企业名称", "统一社会信用代码"), *(firm(number) for number in range(FIRMS))], "gbk")
        desk = street.hand_in("用人单位", "重点企业.csv", table)
        assert "新增，将录入14行" in words(desk)
        assert "新增14行" in street.approve(desk)
        yield street


def test_twelve_grids_and_fourteen_employers_bring_1080_members(street: Street) -> None:
    """1,080 people from one table: 90 in each of 12 grids, 77.1 for each of 14 employers; twice brings nobody more.

    Each grid's own officer sees her 90; in September one moves to another grid and one leaves his employer.
    """
    content = workbook([("洋槐街道灵活就业人员入会名册",), HEADINGS, *people()])
    desk = street.hand_in("会员", "名册.xlsx", content)
    assert "新增，将录入1080行" in words(desk)
    for number in range(1, GRIDS + 1):
        assert f"{grid(number)}90行" in words(desk)
    assert "新增1080行" in street.approve(desk)
    working = [_working(street, number) for number in range(FIRMS)]
    assert sum(working) == PEOPLE
    assert round(sum(working) / FIRMS, 1) == 77.1
    again = street.hand_in("会员", "名册.xlsx", content)
    assert "核对完了：没有要录的" in words(again)
    assert "已经有了，不用动1080行" in words(again)
    _workload(street)
    _movement_of_september(street, working)


def _workload(street: Street) -> None:
    """90 members in a grid, first and last; and the officer of one has her own on her desk and nobody else's."""
    for number in (1, GRIDS):
        assert f"{PEOPLE // GRIDS}人" in street.members(number)
    street.world.unions["grid-1"] = Union.objects.get(code="grid-1")
    street.world.officer("qiu", "town_officer", "grid-1")
    desk = street.desk("qiu")
    desk.open("person_list", member="yes")
    assert f"{PEOPLE // GRIDS}人" in words(desk)
    assert grid(2) not in words(desk)
    desk = street.desk()
    desk.open("employer_list")
    assert all(firm(number)[0] in words(desk) for number in range(FIRMS))


def _movement_of_september(street: Street, working: list[int]) -> None:
    """Somebody moves from grid 1 to grid 7, somebody else leaves employer 2: the counts follow, both are on record."""
    mover, leaver = (Person.objects.get(phone_key=_phone_key(at)) for at in (0, 2))
    with clock.frozen(date(2017, 9, 30)):
        desk = street.desk("su")
        desk.open("person_move", mover.public_id)
        desk.press("转移", {"新工会": grid(7), "转移日期": "2017-09-11"})
        desk.open("job_end", leaver.public_id, EmploymentSpell.objects.get(person=leaver).pk)
        desk.press("记录结束", {"结束日期": "2017-09-15"})
        assert f"{PEOPLE // GRIDS - 1}人" in street.members(1)
        assert f"{PEOPLE // GRIDS + 1}人" in street.members(7)
        assert _working(street, 2) == working[2] - 1
        desk = street.desk("yuan")
        desk.open("audit_trail")
        assert "把个人转到别的工会" in words(desk)
        assert "记录了工作结束" in words(desk)
    spells = MembershipSpell.objects.filter(person=mover).order_by("joined_on").values_list("joined_on", "ended_on")
    assert list(spells) == [(JOINED, date(2017, 9, 11)), (date(2017, 9, 11), None)]


def _phone_key(at: int) -> str:
    return crypto.keyed_index("phone", f"+86139{at:08d}")


def _working(street: Street, number: int) -> int:
    """How many work for an employer, as its page says."""
    desk = street.desk()
    desk.open("employer_file", Employer.objects.get(credit_code=firm(number)[1]).public_id)
    found = re.search(r"登记在这里工作(\d+)", words(desk))
    assert found, words(desk)
    return int(found[1])


def test_nobody_stands_in_two_grids(street: Street) -> None:
    """Whoever is in one grid's table is refused in another's, in a sentence that says where he is."""
    some = people()[:3]
    assert "新增3行" in street.approve(street.hand_in("会员", "名册.xlsx", workbook([HEADINGS, *some])))
    moved = [[*row[:3], grid(7), *row[4:]] for row in some[:1]]
    desk = street.hand_in("会员", "名册.xlsx", workbook([HEADINGS, *moved]))
    assert f"这个人归{grid(1)}。请先转移档案，或改正表里的工会。" in words(desk)
