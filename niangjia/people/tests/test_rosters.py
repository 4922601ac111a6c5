"""A roster goes in: checked row by row, approved, entered whole, entered twice without effect, taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import OperationalError

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import AuditRow
from niangjia.people.models import Employer, EmploymentSpell, MembershipSpell, Person, RosterImport
from niangjia.people.services import rosters
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.persons import register_person
from niangjia.people.services.roster_forgetting import forget_old_rows
from niangjia.people.tests.tables import (
    MEMBERS,
    digests,
    enter,
    hand_in,
    rows_of,
    sentences,
    take_back,
    text_table,
    work,
    workbook,
)
from niangjia.people.tests.world import World, credit_code, identity_number

BORN = date(1990, 4, 5)
EMPLOYERS = ("单位名称", "统一社会信用代码")
NUMBERS = [identity_number(BORN, order) for order in range(100, 140)]
NAMES = "车前草 艾草青 麦芒种 向日葵 向阳花 谷满仓 石榴红 金银花 杜仲山 桑果红".split()


def rows(count: int = 3) -> list[list[object]]:
    """Members who are nobody."""
    return [[NAMES[at], NUMBERS[at], f"1380000{at:04d}", date(2024, 3, at + 1)] for at in range(count)]


def counts_of(roster: RosterImport) -> dict[str, int]:
    """How many rows of each verdict, and read in all."""
    return {name: many for name, many in roster.counts.items() if name != "new_by_union"}


def test_a_roster_is_checked_approved_and_entered(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    before = digests()
    roster = hand_in(workbook([MEMBERS, *rows()]), su, town.pk)
    assert (roster.state, roster.fault) == ("checked", "")
    assert counts_of(roster) == {"refused": 0, "changed": 0, "new": 3, "same": 0, "left_out": 0, "read": 3}
    assert roster.counts["new_by_union"] == {"town-a工会": 3}
    assert digests() == before, "a check enters nothing"
    roster = enter(roster, su)
    assert roster.state == "done"
    assert list(Person.objects.order_by("pk").values_list("name", "union_id", "sex", "born_on")) == [
        (name, town.pk, "male" if int(number[16]) % 2 else "female", BORN)
        for name, number in zip(NAMES[:3], NUMBERS, strict=False)
    ]
    joined = MembershipSpell.objects.order_by("pk").values_list("person__name", "union_id", "joined_on")
    assert list(joined) == [(NAMES[at], town.pk, date(2024, 3, at + 1)) for at in range(3)]
    found = Person.objects.get(name="车前草")
    assert (found.id_number, found.phone) == (NUMBERS[0], "+8613800000000")


def test_each_person_entered_has_a_row_in_the_trail_without_values(world: World) -> None:
    su = world.user("su")
    enter(hand_in(workbook([MEMBERS, *rows()]), su, world.union("town-a").pk), su)
    written = AuditRow.objects.filter(action="people.roster:write", object_kind="person")
    assert set(written.values_list("object_id", flat=True)) == set(Person.objects.values_list("pk", flat=True))
    assert all(row.actor == su and "车前草" not in row.after and NUMBERS[0] not in row.after for row in written)


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    content = workbook([MEMBERS, *rows()])
    enter(hand_in(content, su, town.pk), su)
    before = digests()
    again = hand_in(content, su, town.pk)
    assert again.counts["same"] == 3
    assert digests() == before
    with pytest.raises(rosters.NothingToEnter):
        rosters.approve_roster(public_id=again.public_id, acting_user=su)


def test_what_differs_is_shown_and_entered(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    enter(hand_in(workbook([MEMBERS, *rows()]), su, town.pk), su)
    changed = rows()
    changed[1][2] = "13900000009"
    roster = hand_in(workbook([MEMBERS, *changed]), su, town.pk)
    assert counts_of(roster) == {"refused": 0, "changed": 1, "new": 0, "same": 2, "left_out": 0, "read": 3}
    assert rows_of(roster, "changed")[0]["d"] == [{"column": "phone", "old": "+8613800000001", "new": "+8613900000009"}]
    enter(roster, su)
    found = Person.objects.get(name="艾草青")
    assert found.phone == "+8613900000009"
    assert found.phone_key == Person(name="x", phone="+8613900000009").phone_key or found.phone_key
    trail = AuditRow.objects.filter(action="people.roster:write", object_id=found.pk).last()
    assert trail is not None
    assert "values" in trail.before
    assert "13900000009" not in trail.before + trail.after


def test_a_wrong_row_is_refused_in_words_and_the_others_go_in(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    table = rows(8)
    table[0][1] = NUMBERS[0][:17]
    table[1][1] = int(NUMBERS[1].replace("X", "1"))
    table[2][2] = "1380000"
    table[3][3] = "2024年3月"
    table[4][0] = ""
    table[5][1] = table[5][2] = ""
    table[6][1] = NUMBERS[7]
    roster = hand_in(workbook([("小满镇会员名册",), MEMBERS, *table]), su, town.pk)
    told = sentences(roster)
    assert set(told) == {3, 4, 5, 6, 7, 8, 10}
    assert told[3] == "身份证号少一位：填了17位，应为18位。"
    assert "按数字录入" in told[4]
    assert "11位" in told[5]
    assert "2024年3月" in told[6]
    assert "必须填写" in told[7]
    assert "身份证号" in told[8]
    assert "手机号" in told[8]
    assert "第9行" in told[10]
    enter(roster, su)
    assert set(Person.objects.values_list("name", flat=True)) == {"石榴红"}


def test_a_town_officer_learns_nothing_of_somebody_elsewhere(world: World) -> None:
    su, jiang = world.user("su"), world.user("jiang")
    hidden = register_person(
        union_id=world.union("town-b").pk, name="柏青松", id_number=NUMBERS[0], phone="13700000001", acting_user=su
    )
    table = [["车前草", NUMBERS[0], "13800000000", date(2024, 3, 1)], ["柏青松", "", "13700000001", date(2024, 3, 1)]]
    roster = hand_in(workbook([MEMBERS, *table]), jiang, world.union("town-a").pk)
    told = sentences(roster)
    assert "已在别处登记" in told[2]
    assert "柏青松" not in told[2]
    assert "town-b" not in told[2]
    # Without a number nobody is recognised beyond one's own people: he is new here.
    assert [row["v"]["name"] for row in rows_of(roster, "new")] == ["柏青松"]
    assert Person.objects.get() == hidden


def test_a_roster_goes_only_where_its_officer_writes(world: World) -> None:
    with pytest.raises(NotFoundHere):
        hand_in(workbook([MEMBERS, *rows()]), world.user("jiang"), world.union("town-b").pk)
    headings = (*MEMBERS, "所属工会")
    table = [[*row, name] for row, name in zip(rows(), ("town-a工会", "town-b工会", "grid-a工会"), strict=True)]
    roster = hand_in(workbook([headings, *table]), world.user("jiang"), world.union("town-a").pk)
    assert "town-b工会" in sentences(roster)[3]
    enter(roster, world.user("jiang"))
    assert dict(Person.objects.values_list("name", "union__code")) == {"车前草": "town-a", "麦芒种": "grid-a"}


def test_a_strangers_roster_is_not_there(world: World) -> None:
    roster = hand_in(workbook([MEMBERS, *rows()]), world.user("jiang"), world.union("town-a").pk)
    with pytest.raises(NotFoundHere):
        rosters.approve_roster(public_id=roster.public_id, acting_user=world.user("bai"))


def test_columns_stand_in_any_order_and_what_an_officer_said_is_remembered(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    headings = ("序号", "入会日期", "同志", "手机号", "身份证号")
    table = [[at, row[3], row[0], row[2], row[1]] for at, row in enumerate(rows(), start=1)]
    roster = hand_in(workbook([headings, *table]), su, town.pk)
    assert roster.state == "columns"
    roster = work(rosters.say_columns(public_id=roster.public_id, meanings={"同志": "name"}, acting_user=su))
    assert roster.counts["new"] == 3
    again = hand_in(workbook([headings, *table]), su, town.pk)
    assert (again.state, again.counts["new"]) == ("checked", 3)


def test_two_rows_of_headings_titles_and_merged_cells(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    table = [
        ("云禾县小满镇会员花名册", "", "", "", "", ""),
        ("填报单位：小满镇总工会", "", "", "", "", ""),
        ("序号", "姓名", "身份证号", "联系方式", "", "入会日期"),
        ("", "", "", "手机", "住址", ""),
        *([at, row[0], row[1], row[2], "小满镇1号", row[3]] for at, row in enumerate(rows(), start=1)),
        ("合计", "", "3人", "", "", ""),
    ]

    def merge(book: object) -> None:
        sheet = book.worksheets()[0]  # type: ignore[attr-defined]
        sheet.merge_range(0, 0, 0, 5, table[0][0])
        sheet.merge_range(2, 3, 2, 4, "联系方式")
        for column in (0, 1, 2, 5):
            sheet.merge_range(2, column, 3, column, table[2][column])

    roster = hand_in(workbook(table, touch=merge), su, town.pk)
    assert roster.state == "checked", roster.layout
    assert (roster.counts["new"], roster.counts["left_out"]) == (3, 1)
    assert [row["l"] for row in rows_of(roster, "new")] == [5, 6, 7]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_text_tables_in_every_encoding(world: World, encoding: str) -> None:
    content = text_table([MEMBERS, *rows()], encoding)
    roster = hand_in(content, world.user("su"), world.union("town-a").pk, name="名册.csv")
    assert roster.counts["new"] == 3
    assert rows_of(roster, "new")[0]["v"]["name"] == "车前草"


def test_full_width_digits_numbers_as_numbers_and_six_forms_of_date(world: World) -> None:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    forms = ("2024-03-01", "2024/3/1", "2024.3.1", 20240301, "2024年3月1日", date(2024, 3, 1), 45352)
    table = [[NAMES[at], NUMBERS[at].translate(wide), int(f"1380000{at:04d}"), form] for at, form in enumerate(forms)]
    roster = hand_in(workbook([MEMBERS, *table]), world.user("su"), world.union("town-a").pk)
    found = rows_of(roster, "new")
    assert [row["v"]["joined_on"] for row in found] == ["2024-03-01"] * len(forms)
    assert [row["v"]["id_number"] for row in found] == NUMBERS[: len(forms)]
    assert [row["v"]["phone"] for row in found] == [f"+861380000{at:04d}" for at in range(len(forms))]


def test_a_person_known_by_name_and_telephone_gets_the_number(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    known = register_person(union_id=town.pk, name="车前草", phone="13800000000", acting_user=su)
    enter(hand_in(workbook([MEMBERS, *rows(1)]), su, town.pk), su)
    found = Person.objects.get()
    assert (found.pk, found.id_number, found.born_on) == (known.pk, NUMBERS[0], BORN)


def test_a_mistyped_digit_does_not_make_a_second_person(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    register_person(union_id=town.pk, name="车前草", id_number=NUMBERS[9], phone="13800000000", acting_user=su)
    roster = hand_in(workbook([MEMBERS, *rows(1)]), su, town.pk)
    assert "另一个身份证号" in sentences(roster)[2]


def test_what_changed_since_the_check_is_checked_again_and_nothing_is_entered(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([MEMBERS, *rows()]), su, town.pk)
    rosters.approve_roster(public_id=roster.public_id, acting_user=su)
    register_person(union_id=town.pk, name="艾草青", id_number=NUMBERS[1], acting_user=su)
    roster = work(roster)
    assert (roster.state, roster.fault) == ("checked", "changed_since")
    assert (roster.counts["new"], roster.counts["changed"]) == (2, 1)
    assert Person.objects.count() == 1


def test_an_import_that_fails_leaves_nothing_behind(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([MEMBERS, *rows()]), su, town.pk)
    before = digests()

    def fail(*args: object, **words: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("niangjia.people.services.roster_work.RosterDeed.objects.create", fail)
    roster = enter(roster, su)
    assert (roster.state, roster.fault) == ("checked", "work_failed")
    assert digests() == before


def test_a_busy_database_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([MEMBERS, *rows()]), su, town.pk)

    def busy(*args: object, **words: object) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr("niangjia.people.services.roster_work.RosterDeed.objects.create", busy)
        assert enter(roster, su).state == "approved"
    RosterImport.objects.filter(pk=roster.pk).update(held_until=0)
    assert work(roster).state == "done"


def test_what_was_read_is_forgotten_after_ninety_days(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    entered_on = clock.today()
    old = enter(hand_in(workbook([MEMBERS, *rows()]), su, town.pk), su)
    with clock.frozen(entered_on + timedelta(days=89)):
        forget_old_rows()
        assert old.blocks.exists()
        assert old.deeds.exists()
    with clock.frozen(entered_on + timedelta(days=92)):
        forget_old_rows()
    assert not old.blocks.exists()
    assert not old.deeds.exists()
    assert Person.objects.count() == 3
    with pytest.raises(rosters.TrailForgotten):
        rosters.undo_roster(public_id=old.public_id, acting_user=su)
    old.refresh_from_db()
    assert (old.state, Person.objects.count()) == ("done", 3)


def test_what_nobody_approved_is_laid_aside_in_sight_after_ninety_days(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    handed_in_on = clock.today()
    checked = hand_in(workbook([MEMBERS, *rows()]), su, town.pk)
    asked = hand_in(workbook([("同志", *MEMBERS[1:]), *rows()]), su, town.pk)
    with clock.frozen(handed_in_on + timedelta(days=92)):
        forget_old_rows()
    for roster in (checked, asked):
        roster.refresh_from_db()
        assert (roster.state, roster.fault, roster.blocks.exists()) == ("dropped", "too_old", False)
        assert roster.file is None
    with pytest.raises(rosters.NotAtThisStep):
        rosters.approve_roster(public_id=checked.public_id, acting_user=su)


def test_an_entry_without_rows_is_no_entry(world: World) -> None:
    """However its rows were lost, an approved roster does not end as if they were in: it is checked anew."""
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([MEMBERS, *rows()]), su, town.pk)
    roster.blocks.all().delete()
    assert enter(roster, su).state == "checked"


def test_taken_back_every_table_is_as_before(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    register_person(union_id=town.pk, name="车前草", phone="13800000000", acting_user=su)
    firm = register_employer(union_id=town.pk, name="榴红食品", credit_code=credit_code(1), acting_user=su)
    before = digests()
    headings = (*MEMBERS, "单位", "入职日期")
    table = [[*row, firm.name, date(2024, 1, 8)] for row in rows()]
    roster = enter(hand_in(workbook([headings, *table]), su, town.pk), su)
    assert EmploymentSpell.objects.count() == 3
    assert digests() != before
    roster = take_back(roster, su)
    assert (roster.state, roster.counts["taken_back"], roster.counts["kept"]) == ("undone", 3, 0)
    assert digests() == before


def test_what_was_edited_since_stays_and_is_listed(world: World) -> None:
    su, jiang, town = world.user("su"), world.user("jiang"), world.union("town-a")
    firm = register_employer(union_id=town.pk, name="榴红食品", credit_code=credit_code(1), acting_user=su)
    roster = enter(hand_in(workbook([MEMBERS, *rows()]), su, town.pk), su)
    edited = Person.objects.get(name="艾草青")
    start_employment(
        person_id=edited.pk, employer_id=firm.pk, started_on=date(2026, 8, 1), source="合同", acting_user=jiang
    )
    kept = (digests()["people.EmploymentSpell"], Person.objects.values().get(pk=edited.pk))
    roster = take_back(roster, su)
    assert (roster.counts["taken_back"], roster.counts["kept"]) == (2, 1)
    assert "jiang·葵" in sentences(roster, "kept")[3]
    assert (digests()["people.EmploymentSpell"], Person.objects.values().get(pk=edited.pk)) == kept
    assert MembershipSpell.objects.get().person_id == edited.pk


def test_a_later_import_holds_what_it_built_on(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    first = enter(hand_in(workbook([EMPLOYERS, ("榴红食品", credit_code(1))]), su, town.pk, "employers"), su)
    headings = (*MEMBERS, "单位", "入职日期")
    table = [[*row, "榴红食品", date(2024, 1, 8)] for row in rows(1)]
    enter(hand_in(workbook([headings, *table]), su, town.pk), su)
    first = take_back(first, su)
    assert (first.counts["taken_back"], first.counts["kept"]) == (0, 1)
    assert Employer.objects.count() == 1


def test_a_roster_is_worked_on_by_one_and_taken_over_when_its_worker_is_gone(world: World) -> None:
    su, town = world.user("su"), world.union("town-a")
    roster = rosters_waiting(world)
    RosterImport.objects.filter(pk=roster.pk).update(held_until=2**40)
    assert work(roster).state == "received", "somebody has it in hand"
    RosterImport.objects.filter(pk=roster.pk).update(held_until=1)
    assert work(roster).state == "checked", "whoever had it is gone"
    assert su.pk
    assert town.pk


def rosters_waiting(world: World) -> RosterImport:
    """One that waits for the worker."""
    roster = hand_in(workbook([MEMBERS, *rows()]), world.user("su"), world.union("town-a").pk)
    RosterImport.objects.filter(pk=roster.pk).update(state="received")
    return RosterImport.objects.get(pk=roster.pk)
