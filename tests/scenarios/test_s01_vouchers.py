"""S01 · 就业券: vouchers for those the survey found; the employer's plaque and 20,000 yuan; a subsidy not yet set."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.benefits.models import Voucher
from niangjia.benefits.services import vouchers
from niangjia.site.demo.world import Person
from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.pages import sheet_of
from tests.scenarios.visitor import Visitor

VOUCHER, PLAQUE, SUBSIDY = "就业券", "促进就业社会责任感企业", "吸纳就业一次性补贴"
FIRM = "云禾县榴红食品有限公司"
FIFTH_DAY = date(2026, 8, 19)


def _listed(county: DemoCounty) -> list[Person]:
    """People of the survey's list without a voucher."""
    world = county.stage.world
    holders = {voucher.person for voucher in world.vouchers}
    found = [fact.subject for fact in world.facts if fact.code == "employment_aid_listed" and fact.value is True]
    return [world.persons[int(pk)] for pk in found if pk not in holders]


def _taken_on(county: DemoCounty, person: Person, since: date, last_day: date | None = None) -> None:
    """The firm took a holder on: voucher bound, job recorded, and its end where there is one, by the officer."""
    officer = county.user("苏木")
    voucher = vouchers.issue_voucher(
        person_id=county.stage.persons[person.index], programme_id=Voucher.objects.all()[0].programme_id,
        issued_on=date(2025, 3, 3), expires_on=date(2027, 3, 2), acting_user=officer,
    )  # fmt: skip
    vouchers.bind_voucher(
        serial=voucher.serial, employer_id=county.employer_id(FIRM), bound_on=since, acting_user=officer
    )
    desk = steps.visit(county, "苏木")
    desk.open("person_file", person.public_id)
    desk.click("新增工作")
    code = next(firm.credit_code for firm in county.stage.world.employers if firm.name == FIRM)
    desk.press("记录工作", {"用人单位的统一社会信用代码": code, "开始日期": since.isoformat(), "来源": "劳动合同"})
    if last_day is not None:
        row = next(row for row in desk.page.rows if row.get("开始日期") == since.isoformat())
        assert row["用人单位"] == FIRM
        desk.click("登记离职")
        desk.press("记录结束", {"结束日期": last_day.isoformat()})


def _employer(county: DemoCounty) -> Visitor:
    owner = steps.visit(county, "石榴红")
    owner.open("employer_home")
    return owner


def test_195_people_of_the_survey_meet_the_voucher(county: DemoCounty) -> None:
    """The list has 195 people, 艾草青 among them and 高粱红 not, and no money is counted on it."""
    desk = steps.open_list(steps.visit(county, "苏木"), VOUCHER)
    assert desk.page.figures["符合"].note == "195人"
    assert desk.page.tabs["符合未办"] == "195"
    assert "金额" not in desk.page.figures
    rows = [row for row in sheet_of(steps.export(desk)) if row[0].isdigit()]
    names = {row[1] for row in rows}
    assert len(rows) == 195
    assert {"艾草青", "谷满仓"} <= names
    assert "高粱红" not in names


def test_a_worker_finds_the_voucher_on_her_page_without_having_asked(county: DemoCounty) -> None:
    """艾草青 never applied: her page says 初步符合, why, and who holds it."""
    worker = steps.visit(county, "艾草青")
    worker.open("my_home")
    card = worker.page.part("就业券")
    assert "✓初步符合" in card
    assert "入户排摸时列入就业帮扶名单" in card
    assert "在苏木手里" in card


def test_four_holders_are_four_of_five_and_the_fifth_has_a_day(county: DemoCounty) -> None:
    """榴红食品 reads 4 of 5 and 19 August; no plaque and no yuan until then."""
    assert "4名持券人已干满一年，第5名8月19日满。" in _employer(county).page.text
    desk = steps.open_list(steps.visit(county, "苏木"), PLAQUE)
    assert desk.page.tabs["符合未办"] == "0"
    assert desk.page.figures["金额"].number == "0.00元"
    desk.click("差一点")
    assert desk.page.row(FIRM)["金额"] == ""


@pytest.mark.nightly
def test_on_the_day_of_the_fifth_the_plaque_and_20000_yuan_come_once(county: DemoCounty) -> None:
    """After the sweep of 19 August: yes, plaque, 20,000.00 yuan; handed out, a sixth gives nothing more."""
    with steps.morning(FIFTH_DAY):
        page = _employer(county).page
        assert "5名持券人已干满一年" in page.text
        assert "✓初步符合" in page.part(PLAQUE)
        desk = steps.open_list(steps.visit(county, "苏木"), PLAQUE)
        assert desk.page.row(FIRM)["金额"] == "20,000.00元"
        assert desk.page.figures["金额"].number == "20,000.00元"
        frozen = steps.freeze(desk, PLAQUE)
        steps.give_notice(desk, frozen)
        assert "奖牌" in steps.visit(county, "石榴红").open("employer_home").part(PLAQUE)
    with steps.later(date(2026, 8, 27)):
        steps.approve(county, frozen)
        steps.hand_out(steps.visit(county, "苏木"), frozen)
        _taken_on(county, _listed(county)[0], date(2025, 4, 1))
        steps.ticker()
        page = _employer(county).page
        assert "6名持券人已干满一年" in page.text
        assert "✓已发放·8月27日" in page.part(PLAQUE)
        desk = steps.open_list(steps.visit(county, "苏木"), PLAQUE)
        assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "1")
        assert desk.page.figures["金额"].number == "20,000.00元"
        desk.open("desk_list_freeze", desk.page.address.split("/")[3])
        assert "没有可定稿的人。" in desk.page.text


@pytest.mark.nightly
def test_ten_holders_are_still_20000_yuan(county: DemoCounty) -> None:
    """Six more who have their year: ten holders, and the amount is 20,000.00 yuan as at five."""
    people = _listed(county)
    _taken_on(county, people[0], date(2025, 4, 1))
    steps.ticker()
    desk = steps.open_list(steps.visit(county, "苏木"), PLAQUE)
    assert desk.page.row(FIRM)["金额"] == "20,000.00元"
    for person in people[1:6]:
        _taken_on(county, person, date(2025, 4, 1))
    steps.ticker()
    assert "10名持券人已干满一年" in _employer(county).page.text
    steps.open_list(desk, PLAQUE)
    assert desk.page.row(FIRM)["金额"] == "20,000.00元"
    assert desk.page.figures["金额"].number == "20,000.00元"


@pytest.mark.parametrize(
    ("last_day", "holders"), [(date(2026, 3, 31), "5名"), (date(2026, 3, 30), "4名"), (date(2026, 2, 28), "4名")]
)
def test_who_leaves_before_the_year_is_full_does_not_count(county: DemoCounty, last_day: date, holders: str) -> None:
    """From 1 April 2025: a last day of 31 March counts; a day less, or eleven months, does not."""
    _taken_on(county, _listed(county)[0], date(2025, 4, 1), last_day)
    assert f"{holders}持券人已干满一年" in _employer(county).page.text


def test_the_county_s_leaver_after_eleven_months_is_not_counted(county: DemoCounty) -> None:
    """Six vouchers are bound to the firm, one holder left after eleven months: on 19 August it has five, not six."""
    world = county.stage.world
    firm = next(firm for firm in world.employers if firm.name == FIRM)
    bound = [voucher for voucher in world.vouchers if voucher.employer == firm.index]
    assert len(bound) == 6
    leaver = next(world.persons[voucher.person] for voucher in bound if voucher.bound_on == date(2025, 5, 12))
    desk = steps.visit(county, "苏木")
    desk.open("person_file", leaver.public_id)
    job = next(row for row in desk.page.rows if row.get("用人单位") == FIRM)
    assert (job["开始日期"], job["结束日期"]) == ("2025-05-12", "2026-04-11")
    with steps.later(FIFTH_DAY):
        assert "5名持券人已干满一年" in _employer(county).page.text


def test_the_subsidy_refuses_until_amount_wage_level_and_split_are_entered(county: DemoCounty) -> None:
    """The recipe loads; what the page lost is asked for one by one, and only with all three it goes to be confirmed."""
    assert "招用补贴标准县里还没定，定之前我们不写数。" in _employer(county).page.text
    desk = steps.visit(county, "苏木")
    paper = {"文号": "云工发〔2026〕22号", "通过的会议": "主席办公会", "会议日期": "2026-07-30"}
    version = steps.take_over(desk, SUBSIDY, paper)
    left = 3
    for field, value in (("subsidy_per_holder", "1000"), ("wage_level", "3000"), ("district_share", "60")):
        desk.open("desk_version_request", version)
        assert len(desk.page.problems) == left, desk.page.problems
        assert all("来源没有写" in problem for problem in desk.page.problems)
        assert desk.client.post(desk.page.address).status_code == 422
        desk.open("desk_version_draft", version)
        desk.press("保存", {f"number_{field}": value})
        left -= 1
    steps.send(county, version)
    owner = _employer(county)
    assert "1,000.00元" in owner.page.part(SUBSIDY)
    assert "招用补贴标准县里还没定" not in owner.page.text


def test_the_employer_sees_counts_and_days_and_nothing_of_anybody_s_circumstances(county: DemoCounty) -> None:
    """No holder's name, number or hardship stands on the employer's pages, and the desk is not there for him."""
    owner = _employer(county)
    pages = [owner.page, owner.click(PLAQUE)]
    world = county.stage.world
    firm = next(firm for firm in world.employers if firm.name == FIRM)
    holders = [world.persons[voucher.person] for voucher in world.vouchers if voucher.employer == firm.index]
    for page in pages:
        for holder in holders:
            assert holder.name not in page.html
            assert holder.public_id not in page.html
        for word in ("困难", "帮扶", "低保", "大病", "收入"):
            assert word not in page.main.text
    assert "员工家里的情况这里不显示，也请不要问。" in pages[0].text
    for address in ("/desk/", "/desk/lists/", "/desk/households/", f"/desk/persons/{holders[0].public_id}/"):
        assert owner.client.get(address).status_code == 404
