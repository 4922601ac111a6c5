"""S74 · 高新区返岗一次性补贴: by the end of February at work in the zone, three unbroken months, 300 yuan once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from niangjia.core import clock
from niangjia.people.tests.world import World, build_world, credit_code, identity_number
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

PROGRAMME = "高新区返岗一次性补贴"
PUBLISHED = date(2020, 3, 2)
PAPER = {"文号": "江华发〔2020〕3号", "通过的会议": "主席办公会", "会议日期": "2020-02-28"}
FIRM, OTHER_FIRM = credit_code(11), credit_code(12)


@dataclass
class Zone:
    """A small federation of 2020; everybody and every job in it came through the officer's forms."""

    world: World
    people: dict[str, str]

    def client(self, name: str) -> Client:
        client = Client()
        client.force_login(self.world.user({"苏木": "su", "连翘": "lian"}[name]))
        return client

    def desk(self) -> Visitor:
        return steps.visit(self, "苏木")

    def start(self, name: str, on: date, firm: str = FIRM) -> None:
        """Record the first day of a job."""
        desk = self.desk()
        if name not in self.people:
            number = identity_number(date(1990, 1, 1) + timedelta(days=len(self.people)), len(self.people) + 1)
            desk.open("person_new")
            desk.press("录入个人", {"工会": "town-a工会", "姓名": name, "身份证号": number})
            self.people[name] = desk.page.address.split("/")[3]
        desk.open("person_file", self.people[name])
        desk.click("新增工作")
        desk.press(
            "记录工作", {"用人单位的统一社会信用代码": firm, "开始日期": on.isoformat(), "来源": "园区用工花名册"}
        )

    def end(self, name: str, on: date) -> None:
        """Record the last day of a job."""
        desk = self.desk()
        desk.open("person_file", self.people[name])
        desk.click("登记离职")
        desk.press("记录结束", {"结束日期": on.isoformat()})

    def names(self, tab: str = "") -> list[str]:
        """Who stands under a tab of the list."""
        rows = steps.open_list(self.desk(), PROGRAMME, tab).page.rows
        return sorted(row["姓名"].split()[0] for row in rows)


@pytest.fixture
def zone(db: None, settings: LazySettings) -> Iterator[Zone]:
    """The zone on 2 March 2020: the recipe published with its own dates, two firms in the zone, nobody yet."""
    settings.DEMO_NUMBERS = True
    with clock.frozen(PUBLISHED):
        found = Zone(build_world(), {})
        desk = found.desk()
        for code, name in ((FIRM, "葵园电子"), (OTHER_FIRM, "葵园制衣")):
            desk.open("employer_new")
            desk.press("录入单位", {
                "工会": "town-a工会", "name": name, "统一社会信用代码": code, "在高新区或其乡镇扶贫车间": True,
            })  # fmt: skip
        steps.publish(found, PROGRAMME, PAPER)
        yield found


def test_the_recipe_keeps_its_own_dates_of_2020(zone: Zone) -> None:
    """The shelf's own edition: 300 yuan, by 29 February 2020, three months, each number stated in the source."""
    desk = zone.desk()
    desk.open("desk_programmes")
    desk.click(PROGRAMME)
    numbers = {row["数值"] for row in desk.page.rows if row.get("出处", "").startswith("来源写明")}
    assert numbers == {"2020年2月29日", "3个月", "300.00元"}
    assert "2020-02-01 – 2020-12-31" in desk.page.text


def test_who_began_on_29_february_is_eligible_on_29_may_and_who_began_on_1_march_is_not(zone: Zone) -> None:
    """29 February counts and has matured on 29 May, not on 28 May; 1 March is a near miss for good."""
    zone.start("向日葵", date(2020, 2, 29))
    zone.start("向阳花", date(2020, 3, 1))
    with steps.morning(date(2020, 5, 28)):
        assert zone.names() == []
    with steps.morning(date(2020, 5, 29)):
        assert zone.names() == ["向日葵"]
        assert steps.open_list(zone.desk(), PROGRAMME).page.figures["金额"].number == "300.00元"
    with steps.morning(date(2020, 7, 1)):
        assert zone.names() == ["向日葵"]
        assert zone.names("差一点") == ["向阳花"]
        desk = steps.open_list(zone.desk(), PROGRAMME)
        desk.click("向日葵")
        assert "按哪天算 5月29日" in desk.page.text
        steps.open_list(desk, PROGRAMME, "差一点").click("向阳花")
        assert "这条按日期算，工会改不了" in desk.page.text
        assert "到园区上班的日子：3月1日" in desk.page.text


def test_three_months_are_unbroken_when_the_next_job_is_in_the_zone_and_begins_after_a_weekend(zone: Zone) -> None:
    """Changing the employer inside the zone keeps the chain over a weekend; a week's gap breaks it."""
    zone.start("葵小满", date(2020, 2, 14))
    zone.end("葵小满", date(2020, 3, 27))
    zone.start("葵小满", date(2020, 3, 30), OTHER_FIRM)
    zone.start("葵小暑", date(2020, 2, 14))
    zone.end("葵小暑", date(2020, 3, 27))
    zone.start("葵小暑", date(2020, 4, 6), OTHER_FIRM)
    with steps.morning(date(2020, 6, 29)):
        assert zone.names() == ["葵小满"]


@pytest.mark.nightly
def test_who_is_hired_again_is_not_paid_a_second_time(zone: Zone) -> None:
    """Paid once, left, hired again: nobody is left to freeze, and the person stands under 已发放 once."""
    zone.start("向日葵", date(2020, 2, 17))
    with steps.morning(date(2020, 6, 1)):
        frozen = steps.freeze(zone.desk(), PROGRAMME)
        steps.give_notice(zone.desk(), frozen)
    with steps.morning(date(2020, 6, 9)):
        steps.approve(zone, frozen)
        steps.hand_out(zone.desk(), frozen)
        zone.end("向日葵", date(2020, 6, 8))
        zone.start("向日葵", date(2020, 6, 15), OTHER_FIRM)
    with steps.morning(date(2020, 10, 9)):
        desk = steps.open_list(zone.desk(), PROGRAMME)
        assert desk.page.tabs["符合未办"] == "0"
        assert desk.page.tabs["已发放"] == "1"
        desk.open("desk_list_freeze", desk.page.address.split("/")[3])
        assert "没有可定稿的人。" in desk.page.text
        assert zone.names("已发放") == ["向日葵"]


def test_the_county_finds_412_people_for_123600_yuan_and_nine_near_misses(county: DemoCounty) -> None:
    """The county's 2026 edition: 412 people, 123,600.00 yuan, nine missed by at most three days."""
    desk = steps.open_list(steps.visit(county, "苏木"), PROGRAMME)
    assert desk.page.figures["符合"].note == "412人"
    assert desk.page.figures["金额"].number == "123,600.00元"
    assert desk.page.tabs["差一点"] == "9"
    sheet = sheet_of(steps.export(desk))
    paid = [row for row in sheet if row[0].isdigit()]
    assert len(paid) == 412
    assert {row[6] for row in paid} == {"300"}
    assert "123600" in next(row for row in sheet if "合计" in row)
    assert "向日葵" in {row[1] for row in paid}
    assert "向阳花" not in {row[1] for row in paid}


def test_by_one_day_it_is_yes_and_no_and_the_no_is_honest(county: DemoCounty) -> None:
    """向日葵 began on 28 February and meets it; 向阳花 began on 1 March, and reads that no one can change it."""
    desk = steps.visit(county, "苏木")
    steps.open_list(desk, PROGRAMME, "差一点").click("向阳花")
    assert "这条按日期算，工会改不了：在2月28日以前到园区企业或乡镇扶贫车间上班。" in desk.page.text
    assert "到园区上班的日子：3月1日" in desk.page.text
    assert "拒绝" not in desk.page.text
    assert "不合格" not in desk.page.text
    desk.open("desk_search", q="向日葵")
    desk.click("向日葵")
    assert "2026-02-28" in desk.page.text
