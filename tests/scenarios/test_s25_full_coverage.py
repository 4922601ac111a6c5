"""S25 · 在档困难职工100%覆盖和重大疾病专项救助: every file helped in the year; 800,000 yuan for serious illness."""

from __future__ import annotations

from datetime import date

import pytest

from tests.demo_stage import DemoCounty
from tests.scenarios import steps
from tests.scenarios.village import ON_PAPER, Village
from tests.scenarios.visitor import Visitor

COVERAGE, ILLNESS = "在档困难职工年度帮扶", "困难职工家庭重大疾病专项救助"
AID = {"number_aid_per_household": "1000"}
TABLE = {"number_deductible": "5000", "number_ratio": "50", "number_cap": "500000", "预算": "800000"}
PAYERS = ("medical_insurance_paid", "serious_illness_paid", "medical_assistance_paid", "mutual_aid_paid")


def _serve(place: DemoCounty | Village, desk: Visitor) -> None:
    """From the list of this morning to handed out, a week later."""
    frozen = steps.freeze(desk, COVERAGE)
    steps.give_notice(desk, frozen)
    with steps.later(date(2026, 8, 11)):
        steps.approve(place, frozen)
        steps.hand_out(steps.visit(place, "苏木"), frozen)


def _bill(village: Village, head: str, bill_fen: int, *paid_fen: int) -> None:
    """A household in file with a diagnosis and a bill; what is not given of the payers is nothing."""
    village.household(head)
    paid = dict(zip(PAYERS, (*paid_fen, 0, 0, 0, 0), strict=False))
    village.take_over_facts("household", head, serious_illness=True, medical_bill=bill_fen, **paid)


@pytest.mark.nightly
def test_all_96_files_of_the_county_are_covered_when_nobody_is_left(county: DemoCounty) -> None:
    """96 files, 96 not covered; handed out, 96 of 96 are: nobody is left at the same cut-off."""
    steps.publish(county, COVERAGE, {**ON_PAPER, **AID})
    desk = steps.open_list(steps.visit(county, "苏木"), COVERAGE)
    assert desk.page.figures["符合"].number == "96户"
    assert desk.page.figures["金额"].number == "96,000.00元"
    assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("96", "0")
    _serve(county, desk)
    steps.open_list(desk, COVERAGE)
    assert (desk.page.tabs["符合未办"], desk.page.tabs["已发放"]) == ("0", "96")


@pytest.mark.nightly
def test_a_household_filed_today_is_not_covered_and_one_that_left_is_not_counted(village: Village) -> None:
    """Covered, a new file opens the gap again at once; a file closed before it was covered leaves it."""
    for head in ("向日葵", "金银花"):
        village.household(head)
    village.household("无患子", in_file=False)
    village.publish(COVERAGE, AID)
    village.close_file("金银花")
    assert village.names(COVERAGE) == ["向日葵"]
    _serve(village, village.desk())
    with steps.later(date(2026, 8, 11)):
        assert village.names(COVERAGE) == []
        village.open_file("无患子")
        assert village.names(COVERAGE) == ["无患子"]
        assert village.names(COVERAGE, "已发放") == ["向日葵"]


@pytest.mark.nightly
def test_the_fund_of_800000_yuan_is_never_exceeded_and_nobody_is_refused_silently(village: Village) -> None:
    """Two cases of 500,000 yuan: freezing both names the missing sum and both stay; one alone leaves 300,000."""
    for head in ("向日葵", "金银花"):
        _bill(village, head, 100_500_000)
    village.publish(ILLNESS, TABLE)
    desk = steps.open_list(village.desk(), ILLNESS)
    assert desk.page.figures["金额"].number == "1,000,000.00元"
    desk.click("定稿")
    steps.confirm_freeze(desk, expect=422)
    assert [one for one in desk.page.problems if "1,000,000.00元" in one and "800,000.00元" in one]
    assert village.names(ILLNESS) == ["向日葵", "金银花"]
    village.close_file("金银花")
    steps.freeze(desk, ILLNESS)
    steps.open_list(desk, ILLNESS)
    assert desk.page.figures["金额"].note == "预算800,000.00元，结余300,000.00元"


def test_every_other_payer_comes_first_and_together_they_never_exceed_the_bill(village: Village) -> None:
    """100,000 yuan less four payers and 5,000 of one's own, half of the rest; nothing when nothing is left."""
    _bill(village, "向日葵", 10_000_000, 5_000_000, 2_000_000, 800_000, 200_000)
    village.publish(ILLNESS, TABLE)
    desk = steps.open_list(village.desk(), ILLNESS)
    assert [row["金额"] for row in desk.page.rows] == ["7,500.00元"]
    for civil_affairs, amounts in (("22999.98", ["0.01元"]), ("23000", []), ("29000", [])):
        village.know_home("向日葵", "medical_assistance_paid", civil_affairs)
        steps.open_list(desk, ILLNESS)
        assert [row["金额"] for row in desk.page.rows] == amounts
