"""S53 · 蹲点京东物流兴茂站点: gifts after asking, needs with owner and date, and an answer back to the site.

What of the row waits: the survey on the couriers' own telephones (`visits`), stock and hand-over of the gifts
(`places`), housing subsidy and serious-illness pool as programmes of their own. The stay is a small record here.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from niangjia.cases.models import Need
from tests.scenarios import steps
from tests.scenarios.village import Village
from tests.scenarios.visitor import Visitor

pytestmark = pytest.mark.one_database

SITE, DAY = "向日葵快递兴茂站点", "2026-08-03"
WISHES = "\n".join(["毛巾"] * 18 + ["冰丝袖套"] * 9 + ["保温杯"] * 4)
QUOTE = "我干快递五年了，很喜欢这个工作，和小区里的人都处成了朋友"


@pytest.fixture
def stay(village: Village) -> Visitor:
    """Planned before the day: the site is entered, and its 31 couriers are asked."""
    desk = village.desk()
    desk.open("stay_new")
    desk.press("记录", {"地点": SITE, "行业": "快递", "蹲点日期": DAY})
    return desk


def test_gifts_are_ordered_after_asking_and_as_the_wishes_say(stay: Visitor) -> None:
    """31 wishes: for all the towel that most wished for, 31 pieces; not before anybody was asked, and once."""
    assert "订购慰问品" not in stay.page.text, "before asking there is nothing to order"
    stay.press("录入意愿", {"gifts": WISHES})
    assert "31人已征求意愿： 毛巾 18人、冰丝袖套 9人、保温杯 4人" in stay.page.text
    stay.press("订购慰问品", {"按多数意愿统一订": True})
    assert "按多数意愿统一订购： 毛巾 31件" in stay.page.text
    assert "录入意愿" not in stay.page.text


def test_or_for_each_what_he_wished_for(stay: Visitor) -> None:
    """Individual preference: the order is the wishes, 18 + 9 + 4 = 31 pieces."""
    stay.press("录入意愿", {"gifts": WISHES})
    stay.press("订购慰问品", {"按各人意愿订": True})
    for line in ("毛巾 18件", "冰丝袖套 9件", "保温杯 4件"):
        assert line in stay.page.text


def test_without_a_majority_nothing_is_ordered_for_all(stay: Visitor) -> None:
    """Two and two: the machine does not choose."""
    stay.press("录入意愿", {"gifts": "毛巾\n毛巾\n水杯\n水杯"})
    stay.press("订购慰问品", {"按多数意愿统一订": True}, expect=422)
    assert "没有哪一样最多" in stay.page.problems[0]


def test_needs_become_tasks_with_owner_and_day_and_each_has_an_answer(stay: Visitor, village: Village) -> None:
    """Three directions, each need with who and until when; late shows; the site is told when all have an answer."""
    for code, words, owner in (
        ("有人倾诉求助", "家人不在本地，想有人说说话", "su·葵"), ("公租房补贴", "想租公租房", "su·葵"),
        ("学习通道", "没时间学习", "su·葵"),
    ):  # fmt: skip
        values = {"需求类别": code, "他们的原话": words, "谁来办": owner, "截止": "2026-08-17"}
        stay.press("登记需求", values)
    town = _visitor(village, "jiang")
    town.open("desk")
    assert "有人倾诉求助" not in town.page.text, "the county's need is the county's to see"
    desk = village.desk()
    desk.open("desk")
    assert "公租房补贴" in desk.page.part("由您办的需求")
    stay.press("已答复站点", {"怎么答复站点的": "贴在驿站"}, expect=422)
    assert "还有需求没有答复" in stay.page.problems[0]
    answers = {"有人倾诉求助": "已解决", "公租房补贴": "正在办", "学习通道": "暂不能办"}
    for label, state in answers.items():
        desk.open("needs")
        desk.click(label)
        desk.press("记录", {"状态": state, "办得怎样": f"{label}：{state}"})
    with steps.later(date(2026, 8, 19)):
        desk.open("needs")
        assert desk.page.row("公租房补贴")["状态"] == "!已超时2个工作日"
        assert [row for row in desk.page.rows if "合计" in row] == [
            {"行业": "快递", "组织有覆盖": "1件", "服务有保障": "1件", "技能有提升": "1件", "合计": "3件",
             "已解决": "1件", "逾期": "1件"},
        ]  # fmt: skip
    stay.open("stay", stay.page.address.split("/")[3])
    stay.press("已答复站点", {"怎么答复站点的": "贴在驿站"})
    assert "8月3日已答复站点：贴在驿站" in stay.page.text
    assert set(Need.objects.values_list("state", flat=True)) == {"met", "under_way", "declined"}


def test_quotes_carry_no_name_and_stand_in_the_answer_to_the_site(stay: Visitor, village: Village) -> None:
    """A registered person's name or a telephone in it is refused, with the piece; what is kept is printed."""
    village.person("蒲公英")
    for words, piece in ((f"蒲公英说：{QUOTE}", "蒲公英"), ("打我电话 100 0000 0007", "100 0000 0007")):
        stay.press("留下这句话", {"他们中有人说": words}, expect=422)
        assert piece in stay.page.problems[0]
        stay.open("stay", stay.page.address.split("/")[3])
    stay.press("留下这句话", {"他们中有人说": QUOTE})
    values = {"需求类别": "学习通道", "他们的原话": "没时间", "谁来办": "su·葵", "截止": "2026-08-17"}
    stay.press("登记需求", values)
    stay.click("答复站点")
    assert QUOTE in stay.page.text
    assert "学习通道" in stay.page.text
    assert "su·葵" not in stay.page.main.text


def _visitor(village: Village, name: str) -> Visitor:
    client = Client()
    client.force_login(village.world.user(name))
    return Visitor(client)
