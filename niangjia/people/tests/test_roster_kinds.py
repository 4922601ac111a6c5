"""The usual rosters beside that of members: outdoor workers, difficulty, households, employers, bureau results."""

from __future__ import annotations

from datetime import date

import pytest

from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import BUREAU, facts
from niangjia.people.models import (
    Employer,
    EmploymentSpell,
    HardshipFile,
    Household,
    HouseholdMember,
    Person,
    RecordedFact,
)
from niangjia.people.services.employers import register_employer
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.services.rosters import SourceMissing
from niangjia.people.tests.tables import DAY, digests, enter, hand_in, rows_of, sentences, take_back, workbook
from niangjia.people.tests.world import World, credit_code, identity_number

pytestmark = pytest.mark.one_database

BORN = date(1980, 4, 5)
NUMBERS = [identity_number(BORN, order) for order in range(300, 320)]
HOME = ("姓名", "身份证号", "与户主关系", "家庭住址")
HARDSHIP = ("姓名", "身份证号", "困难类别", "致困原因", "建档日期", "复核日期")
OPENED, REVIEW = date(2026, 1, 5), date(2027, 1, 5)


def there_and_back(world: World, content: bytes, kind: str, source: str = "") -> None:
    """Enter a roster; twice changes nothing; taken back all is as before."""
    su, town = world.user("su"), world.union("town-a")
    before = digests()
    roster = enter(hand_in(content, su, town.pk, kind, source=source), su)
    assert roster.state == "done", (roster.state, roster.fault, sentences(roster))
    entered = digests()
    assert entered != before
    again = hand_in(content, su, town.pk, kind, source=source)
    assert (again.counts["new"], again.counts["changed"]) == (0, 0)
    assert digests() == entered
    roster = take_back(roster, su)
    assert (roster.state, roster.counts["kept"]) == ("undone", 0), sentences(roster, "kept")
    assert digests() == before


def test_outdoor_workers_with_whom_they_work_for(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    firm = register_employer(union_id=town.pk, name="风铃快送", credit_code=credit_code(1), acting_user=su)
    headings = ("姓名", "手机号", "单位", "入职日期", "用工形式", "月收入")
    table = [
        ("车前草", "13800000001", "风铃快送", "2025.3.1", "外卖", 5800),
        ("艾草青", "13800000002", "", "", "", ""),
        ("麦芒种", "13800000003", "没有这家", "2025.3.1", "", ""),
        ("向日葵", "13800000004", "风铃快送", "", "", ""),
    ]
    content = workbook([headings, *table])
    roster = enter(hand_in(content, su, town.pk, "outdoor"), su)
    assert set(sentences(roster)) == {4, 5}
    job = EmploymentSpell.objects.get()
    assert (job.employer, job.form, job.monthly_wage_fen, job.started_on) == (
        firm, "platform", 580_000, date(2025, 3, 1),
    )  # fmt: skip
    take_back(roster, su)
    there_and_back(world, content, "outdoor")


def test_households_with_their_members(world: World) -> None:
    table = [
        ("杜仲山", NUMBERS[0], "户主", "小满镇2号"),
        ("桑果红", NUMBERS[1], "妻子", ""),
        ("杜仲小", NUMBERS[2], "长子", ""),
        ("谷满仓", NUMBERS[3], "本人", "小满镇3号"),
    ]
    content = workbook([HOME, *table])
    there_and_back(world, content, "households")
    su = world.user("su")
    enter(hand_in(content, su, world.union("town-a").pk, "households"), su)
    members = HouseholdMember.objects.order_by("pk").values_list("person__name", "relation", "household_id")
    first, second = Household.objects.order_by("pk")
    assert set(members) == {
        ("杜仲山", "head", first.pk), ("桑果红", "spouse", first.pk), ("杜仲小", "child", first.pk),
        ("谷满仓", "head", second.pk),
    }  # fmt: skip
    assert first.address == "小满镇2号"


def test_nobody_joins_the_household_above_when_the_head_was_refused(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    table = [
        ("谷满仓", NUMBERS[3], "户主", ""),
        ("杜仲山", NUMBERS[0][:17], "户主", ""),
        ("桑果红", NUMBERS[1], "配偶", ""),
    ]
    roster = hand_in(workbook([HOME, *table]), su, town.pk, "households")
    assert set(sentences(roster)) == {3, 4}
    assert "户主" in sentences(roster)[4]


def test_a_member_may_come_later_and_name_the_head(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    head = register_person(union_id=town.pk, name="杜仲山", id_number=NUMBERS[0], acting_user=su)
    home = register_household(union_id=town.pk, head_id=head.pk, address="", registered_on=OPENED, acting_user=su)
    headings = ("姓名", "身份证号", "与户主关系", "户主身份证号")
    table = [("桑果红", NUMBERS[1], "配偶", NUMBERS[0]), ("杜仲小", NUMBERS[2], "子", NUMBERS[5])]
    roster = enter(hand_in(workbook([headings, *table]), su, town.pk, "households"), su)
    assert set(sentences(roster)) == {3}
    assert HouseholdMember.objects.get(person__name="桑果红").household == home


def test_workers_in_difficulty_get_a_file(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    table = [
        ("杜仲山", NUMBERS[0], "深度困难", "本人患病", OPENED, REVIEW),
        ("谷满仓", NUMBERS[3], "很困难", "失地", OPENED, REVIEW),
        ("金银花", NUMBERS[4], "相对困难", "子女上学", REVIEW, OPENED),
    ]
    content = workbook([HARDSHIP, *table])
    there_and_back(world, content, "hardship")
    roster = enter(hand_in(content, su, town.pk, "hardship"), su)
    assert "深度困难、相对困难、意外致困" in sentences(roster)[3]
    file = HardshipFile.objects.get()
    assert (file.grade, file.cause, file.review_due_on) == ("deep", "本人患病", REVIEW)
    later = (("杜仲山", NUMBERS[0], "深度困难", "本人患病", OPENED, date(2027, 6, 1)),)
    changed = hand_in(workbook([HARDSHIP, *later]), su, town.pk, "hardship")
    assert rows_of(changed, "changed")[0]["d"] == [
        {"column": "review_due_on", "old": "2027-01-05", "new": "2027-06-01"}
    ]
    other = (("杜仲山", NUMBERS[0], "相对困难", "本人患病", OPENED, REVIEW),)
    assert "先复核并退出" in sentences(hand_in(workbook([HARDSHIP, *other]), su, town.pk, "hardship"))[2]


def test_employers(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    headings = ("企业名称", "统一社会信用代码", "职工人数", "所属工会")
    table = [("榴红食品", credit_code(1), 46, "grid-a工会"), ("风铃快送", credit_code(2), "", "")]
    content = workbook([headings, *table])
    there_and_back(world, content, "employers")
    enter(hand_in(content, su, town.pk, "employers"), su)
    assert set(Employer.objects.values_list("name", "staff_count", "union__code")) == {
        ("榴红食品", 46, "grid-a"), ("风铃快送", None, "town-a"),
    }  # fmt: skip
    more = hand_in(workbook([headings[:3], ("榴红食品", credit_code(1), 48)]), su, town.pk, "employers")
    assert rows_of(more, "changed")[0]["d"] == [{"column": "staff_count", "old": 46, "new": 48}]
    elsewhere = hand_in(content, world.user("bai"), world.union("town-b").pk, "employers")
    assert all("不归您管" in sentence for sentence in sentences(elsewhere).values())


def test_what_a_bureau_answered_becomes_facts_with_its_proof(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    head = register_person(union_id=town.pk, name="杜仲山", id_number=NUMBERS[0], acting_user=su)
    home = register_household(union_id=town.pk, head_id=head.pk, address="", registered_on=OPENED, acting_user=su)
    income = facts.get("household.income_per_head")
    headings = ("身份证号", "姓名", income.zh)
    hidden = register_person(union_id=world.union("far-town").pk, name="柏青松", id_number=NUMBERS[6],
                             acting_user=world.officer("far-su", "county_officer", "other-county"))  # fmt: skip
    table = [
        (NUMBERS[0], "杜仲山", 1180.5),
        (NUMBERS[5], "没有人", 900),
        (NUMBERS[6], "柏青松", 900),
        (NUMBERS[0], "杜仲山", 1180.5),
    ]
    content = workbook([headings, *table])
    with pytest.raises(SourceMissing):
        hand_in(content, su, town.pk, "bureau")
    source = "县民政局核对函〔2026〕7号"
    roster = hand_in(content, su, town.pk, "bureau", source=source)
    told = sentences(roster)
    assert set(told) == {3, 4, 5}
    assert told[3] == told[4], "whether nobody has this number or somebody elsewhere is not told"
    enter(roster, su)
    fact = RecordedFact.objects.get()
    assert (fact.subject_kind, fact.subject_id, fact.code, fact.value, fact.proof, fact.true_on, fact.source_zh) == (
        "household", home.pk, "income_per_head", "118050", BUREAU, DAY, source,
    )  # fmt: skip
    assert fact.source_en == f"Answer of a bureau ({source})", "readers of English are told whose word it is"
    assert Person.objects.filter(pk=hidden.pk).exists()
    take_back(roster, su)
    there_and_back(world, content, "bureau", source)


def test_a_kind_asks_for_its_own_right(world: World) -> None:
    with pytest.raises(NotFoundHere):
        hand_in(b"x", world.user("jiang"), world.union("county").pk, "bureau", source="县民政局")
