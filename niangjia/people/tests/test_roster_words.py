"""What a table means by 无, by a name two unions have, and by a second sheet: asked or told, never guessed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from niangjia.core.facts import Fact, facts
from niangjia.federation.services.tree import found_union
from niangjia.people.models import Person, RecordedFact
from niangjia.people.rosters import cells
from niangjia.people.rosters.kinds import roster_kinds
from niangjia.people.services import rosters
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import DAY, MEMBERS, enter, hand_in, sentences, work, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_rosters import NUMBERS, rows
from niangjia.people.tests.world import FOUNDED, World

pytestmark = pytest.mark.one_database


def _fact(kind: str) -> Fact:
    return next(fact for fact in facts.all() if fact.recorded and (fact.subject, fact.type) == ("person", kind))


def test_none_is_a_bureaus_answer_to_whether_there_is_something(world: World) -> None:
    """To yes or no 无 is no; to a number it may be zero or not known, and is asked; a dash says nothing to either."""
    su, town = world.user("su"), world.union("town-a")
    for at in range(3):
        register_person(union_id=town.pk, name=rows(3)[at][0], id_number=NUMBERS[at], acting_user=su)
    asked, counted = _fact("bool"), _fact("fen")
    table = [(NUMBERS[0], "无", ""), (NUMBERS[1], "—", "无"), (NUMBERS[2], "有", "—")]
    content = workbook([("身份证号", asked.zh, counted.zh), *table])
    roster = hand_in(content, su, town.pk, "bureau", source="县不动产中心函")
    assert set(sentences(roster)) == {3}
    assert "没有请填0" in sentences(roster)[3]
    enter(roster, su)
    found = RecordedFact.objects.order_by("pk").values_list("subject_id", "code", "true_on")
    people = [Person.objects.get(name=rows(3)[at][0]).pk for at in (0, 2)]
    assert list(found) == [(pk, asked.code, DAY) for pk in people]
    assert [fact.value for fact in RecordedFact.objects.order_by("pk")] == ["false", "true"]


@pytest.mark.parametrize(
    ("kind", "cell", "empty"),
    [
        (cells.YES_NO, "无", False), (cells.YES_NO, "/", True), (cells.text(20), "无", True), (cells.YUAN, "无", True),
        (cells.choice({"none": ("无", "none")}), "无", False), (cells.choice({"a": ("甲", "a")}), "无", True),
        (cells.counted(cells.WHOLE), "无", False), (cells.counted(cells.WHOLE), 0, False), (cells.DAY, "无", True),
    ],
)  # fmt: skip
def test_the_column_says_what_is_empty(kind: cells.CellType, cell: Any, empty: bool) -> None:
    assert kind.is_empty(cell) is empty


def test_of_unions_with_one_name_the_table_must_say_which(world: World) -> None:
    su = world.user("su")
    for number, above in enumerate(("town-a", "town-b")):
        found_union(
            code=f"green-{number}", name="青禾网格工会", kind="grid", level="primary", parent=world.union(above),
            on=FOUNDED, acting_user=None,
        )  # fmt: skip
    said = ("青禾网格工会", "town-b工会青禾网格工会", "green-0", "town-a/青禾网格工会")
    table = [[*row, name] for row, name in zip(rows(4), said, strict=True)]
    roster = hand_in(workbook([(*MEMBERS, "所属网格"), *table]), su, world.union("county").pk)
    assert set(sentences(roster)) == {2}
    assert "town-a工会、town-b工会" in sentences(roster)[2]
    assert "写成“town-a工会青禾网格工会”" in sentences(roster)[2]
    enter(roster, su)
    codes = Person.objects.order_by("pk").values_list("union__code", flat=True)
    assert list(codes) == ["green-1", "green-0", "green-0"]


SUMMARY = [("姓名", "手机号"), ("车前草", "13800000000")]


def test_a_second_sheet_is_named_and_can_be_left_out(world: World) -> None:
    jiang = world.user("jiang")
    content = workbook([MEMBERS, *rows()], SUMMARY, names=("名册", "骨干"))
    roster = hand_in(content, jiang, world.union("town-a").pk)
    assert roster.state == "columns"
    client = client_of(world, "jiang")
    address = reverse("roster_columns", args=[roster.public_id])
    shown = "".join(client.get(address).content.decode().split())
    assert "“骨干”表还缺：<b>入会日期</b>" in shown
    assert "“名册”表还缺" not in shown
    form = client.get(address).context["form"]
    kept = {name: field.initial for name, field in form.fields.items() if name.startswith("column")}
    assert client.post(address, {**kept, "left_out": ["骨干"]}).status_code == 302
    roster = work(roster)
    assert (roster.state, roster.counts["new"]) == ("checked", 3)
    page = client.get(reverse("roster_file", args=[roster.public_id])).content.decode()
    assert "不录的工作表： 骨干" in page
    form = client.get(address).context["form"]
    assert form.fields["left_out"].initial == ["骨干"], "it can be taken in again"


def test_not_all_sheets_can_be_left_out(world: World) -> None:
    jiang = world.user("jiang")
    roster = hand_in(workbook(SUMMARY, SUMMARY, names=("一", "二")), jiang, world.union("town-a").pk)
    with pytest.raises(rosters.NoSheetLeft):
        rosters.say_columns(public_id=roster.public_id, meanings={}, left_out=["一", "二"], acting_user=jiang)


def test_two_sheets_may_call_one_column_by_two_names(world: World) -> None:
    jiang = world.user("jiang")
    content = workbook([MEMBERS, *rows(2)], [("同志", *MEMBERS[1:]), *rows(3)[2:]], names=("一", "二"))
    roster = hand_in(content, jiang, world.union("town-a").pk)
    client, address = client_of(world, "jiang"), reverse("roster_columns", args=[roster.public_id])
    fields = client.get(address).context["form"].fields
    said = {name: field.initial or "name" for name, field in fields.items() if name.startswith("column")}
    assert client.post(address, said).status_code == 302
    assert work(roster).counts["new"] == 3


def test_control_no_fact_column_takes_none_for_nothing() -> None:
    """Each column of a bureau's answer that is no day, code or text hears 无."""
    columns = roster_kinds.get("bureau").all_columns()
    heard = {f"fact:{f.subject}.{f.code}" for f in facts.all() if f.recorded and f.type not in ("date", "code", "text")}
    assert heard & columns.keys()
    assert all(not columns[code].type.is_empty("无") for code in heard & columns.keys())
