"""What the demo county asks of other bureaus: one batch is late, and one file settles what a list lacks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from niangjia.federation.services import audit
from niangjia.people.bureaux.answers import Answers
from niangjia.people.models import CrossCheck, Employer, Person
from niangjia.people.services import check_leave, cross_checks, firms
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import workbook
from niangjia.site.demo.adoptions import STUDY_AID, adopt
from niangjia.site.demo.tests.test_sizes import swept
from niangjia.site.demo.tree import STORY_FIRM
from tests.demo_stage import DemoCounty


def test_the_county_waits_for_the_housing_bureau_since_two_working_days(county: DemoCounty) -> None:
    shown = county.client("苏木").get(reverse("check_list")).content.decode()
    assert "在档户住房核对（7月复核）" in shown
    assert "已超时2个工作日" in shown
    check = CrossCheck.objects.get()
    assert (check.subjects.count(), check.subjects.filter(sent=True).count()) == (12, 10)
    assert "在档户住房核对" not in county.client("江篱").get(reverse("check_list")).content.decode()


def test_one_file_of_civil_affairs_settles_what_study_aid_lacks(county: DemoCounty) -> None:
    users = {user.username: user for user in (county.user("苏木"), county.user("连翘"))}
    version, officer, client = adopt(STUDY_AID, users), county.user("苏木"), county.client("苏木")
    offered = client.get(reverse("desk_list", args=[version.public_id]) + "?tab=one_missing").content.decode()
    assert "导出比对表" in offered
    assert offered.count("导出比对表") == 1, "civil affairs knows incomes, and nobody but the person the letter"
    address = f"{reverse('check_new')}?list=list:{version.public_id}&ask=household.income_per_head"
    drafted = client.get(address)
    assert "5户" in drafted.content.decode()
    form = drafted.context["form"]
    sent = client.post(address, {**form.initial, "facts": ["household.income_per_head"]})
    check = CrossCheck.objects.latest("pk")
    assert sent["Location"] == reverse("check_file", args=[check.public_id])
    assert '?part=out" data-count="1"' in client.get(sent["Location"]).content.decode()
    cross_checks.send_check(public_id=check.public_id, due_on=date(2026, 8, 17), letter="", acting_user=officer)
    check_leave.answer(public_id=check.public_id, verdict="confirmed", note="", acting_user=county.user("连翘"))
    heads = Person.objects.filter(cross_checks__check_batch=check, cross_checks__sent=True)
    table = workbook([("姓名", "身份证号", "家庭人均月收入"), *((one.name, one.id_number, 900) for one in heads)])
    result = cross_checks.receive_answers(
        public_id=check.public_id, upload=SimpleUploadedFile("民政.xlsx", table), paper="民函8号",
        true_on=date(2026, 8, 3), request_id="answers", acting_user=officer,
    )  # fmt: skip
    work_rosters()
    for row in Answers(result).undecided:  # incomes of two years ago
        cross_checks.choose(public_id=check.public_id, number=row.number, choice="take", acting_user=officer)
    before = swept("henan-autumn-study-aid")
    assert (before["one_missing"][0], before["yes"][0]) == (19, 67)
    cross_checks.settle(public_id=check.public_id, acting_user=officer)
    work_rosters()
    audit.advance_feed()
    after = swept("henan-autumn-study-aid")
    assert (after["one_missing"][0], after["yes"][0]) == (15, 71)


@pytest.mark.parametrize(("fact", "bureau"), [("household.medical_slips_complete", "医保局也能答")])
def test_the_missing_slip_can_be_asked_of_the_insurance(county: DemoCounty, fact: str, bureau: str) -> None:
    listed = county.client("苏木").get(reverse("desk_lists")).content.decode()
    assert "困难职工医疗费二次报销" in listed
    address = listed.split("困难职工医疗费二次报销")[0].rsplit('href="', 1)[1].split('"')[0]
    shown = county.client("苏木").get(address.split("?")[0] + "?tab=one_missing").content.decode()
    assert bureau in shown
    assert f"ask={fact}" in shown


def test_a_related_firm_is_named_where_holders_are_counted_per_employer(county: DemoCounty) -> None:
    firm, other = Employer.objects.get(name=STORY_FIRM), Employer.objects.exclude(name=STORY_FIRM).order_by("pk")[0]
    client = county.client("苏木")
    listed = client.get(reverse("desk_lists")).content.decode()
    address = re.findall(r'href="(/desk/lists/[^/"]+/)[^"]*"[^>]*>[^<]*(?:促进就业|奖牌|吸纳)', listed)
    assert address, listed
    words = f"关联企业：{other.name}"
    assert words not in client.get(address[0] + "?tab=near").content.decode()
    firms.decide_pair(employer=firm, other=other, is_related=True, acting_user=county.user("苏木"))
    assert words in client.get(address[0] + "?tab=near").content.decode()
