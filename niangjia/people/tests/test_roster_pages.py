"""An officer's way with a roster over the pages: hand in, look, approve, take back; and what is refused there."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from niangjia.people.models import Person, RosterImport
from niangjia.people.rosters.headings import Headings
from niangjia.people.rosters.kinds import roster_kinds
from niangjia.people.services.roster_work import work_rosters
from niangjia.people.tests.tables import MEMBERS, hand_in, workbook
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.test_rosters import NUMBERS, rows
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database


def send(client: Client, world: World, content: bytes, **words: str) -> RosterImport:
    """Hand a table in through the form."""
    values = {
        "kind": "members", "union": world.union("town-a").public_id, "true_on": "2026-08-03", "source": "",
        "request_id": "r-1", "file": SimpleUploadedFile("小满镇名册.xlsx", content), **words,
    }  # fmt: skip
    response = client.post(reverse("roster_new"), values)
    assert response.status_code == 302, response.content.decode()[:3000]
    return RosterImport.objects.latest("pk")


def page(client: Client, roster: RosterImport, query: str = "") -> str:
    """The roster's page."""
    response = client.get(reverse("roster_file", args=[roster.public_id]) + query, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def act(client: Client, roster: RosterImport, name: str, **button: str) -> str:
    """Press a button of it, and let the worker do what waits."""
    assert client.post(reverse(name, args=[roster.public_id]), button).status_code == 302
    work_rosters()
    return page(client, roster)


def test_from_handing_in_to_taking_back(world: World) -> None:
    client = client_of(world, "jiang")
    table = rows()
    table[2][1] = NUMBERS[2][:16]
    roster = send(client, world, workbook([MEMBERS, *table]))
    assert "hx-get" in page(client, roster), "it tells how far it is"
    work_rosters()
    shown = page(client, roster)
    assert "确认录入" in shown
    assert "新增，将录入" in shown
    assert "麦芒种" in shown
    assert "“Sheet1”表第4行" in shown
    assert "填了16位，应为18位" in shown
    assert NUMBERS[0] not in page(client, roster, "?show=new")
    assert "车前草" in page(client, roster, "?show=new")
    returned = client.post(reverse("roster_refused", args=[roster.public_id])).content
    with zipfile.ZipFile(io.BytesIO(returned)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "填了16位，应为18位" in strings
    assert "车前草" not in strings
    assert "已录入" in act(client, roster, "roster_approve")
    assert set(Person.objects.values_list("name", flat=True)) == {"车前草", "艾草青"}
    asked = client.get(reverse("roster_undo", args=[roster.public_id])).content.decode()
    assert "后来有人改过的行保持不动" in asked
    act(client, roster, "roster_undo", look="yes")
    assert Person.objects.count() == 2, "looking takes nothing back"
    assert "2行已恢复原样" in act(client, roster, "roster_undo", take_back="yes")
    assert not Person.objects.exists()


def test_the_progress_is_a_fragment_that_ends_by_itself(world: World) -> None:
    client = client_of(world, "jiang")
    roster = send(client, world, workbook([MEMBERS, *rows()]))
    address = reverse("roster_file", args=[roster.public_id])
    response = client.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    work_rosters()
    done = client.get(address, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["HX-Refresh"]) == (286, "true")


def test_sent_twice_it_is_one_roster(world: World) -> None:
    client = client_of(world, "jiang")
    content = workbook([MEMBERS, *rows()])
    assert send(client, world, content) == send(client, world, content)
    assert RosterImport.objects.count() == 1


def test_columns_are_asked_for_and_remembered(world: World) -> None:
    client = client_of(world, "jiang")
    headings = ("同志", *MEMBERS[1:])
    roster = send(client, world, workbook([headings, *rows()]))
    work_rosters()
    asked = page(client, roster)
    assert "同志" in asked
    assert "还缺" in asked
    address = reverse("roster_columns", args=[roster.public_id])
    twice = client.post(address, {"column_0": "phone", "column_1": "id_number", "column_2": "phone"})
    assert twice.status_code == 422
    values = {"column_0": "name", "column_1": "id_number", "column_2": "phone", "column_3": "joined_on"}
    assert client.post(address, values).status_code == 302
    work_rosters()
    assert "新增，将录入" in page(client, roster)


def test_a_column_that_is_not_entered_is_named(world: World) -> None:
    client = client_of(world, "jiang")
    roster = send(client, world, workbook([(*MEMBERS, "所在班组"), *([*row, "一组"] for row in rows())]))
    work_rosters()
    shown = page(client, roster)
    assert "这些列没有录：" in shown
    assert "所在班组" in shown


@pytest.mark.parametrize("kind", [kind.code for kind in roster_kinds.all() if kind.is_offered])
def test_a_blank_table_is_known_again(world: World, kind: str) -> None:
    client = client_of(world, "jiang")
    blank = client.get(reverse("roster_blank", args=[kind])).content
    with zipfile.ZipFile(io.BytesIO(blank)) as book:
        strings = book.read("xl/sharedStrings.xml").decode()
    labels = re.findall(r"<t[^>]*>([^<]+)</t>", strings)
    columns = roster_kinds.get(kind).all_columns()
    known = Headings(roster_kinds.get(kind), {})
    assert [known.meaning(label) for label in labels] == list(columns)


def test_what_waits_stands_on_the_first_page(world: World) -> None:
    client = client_of(world, "jiang")
    assert "待看的名册" not in client.get("/desk/").content.decode()
    send(client, world, workbook([MEMBERS, *rows()]))
    work_rosters()
    first = client.get("/desk/").content.decode()
    assert "待看的名册" in first
    assert "小满镇名册.xlsx" in first
    assert "小满镇名册.xlsx" not in client_of(world, "bai").get("/desk/").content.decode()


def test_no_row_says_what_stands_in_a_file_of_another_town(world: World) -> None:
    su = world.user("su")
    hand_in(workbook([MEMBERS, *rows()]), su, world.union("town-b").pk)
    client = client_of(world, "bai")
    assert "车前草" in page(client, RosterImport.objects.get())
    stranger = client_of(world, "jiang")
    assert stranger.get(reverse("roster_file", args=[RosterImport.objects.get().public_id])).status_code == 404
    assert "名册.xlsx" not in stranger.get(reverse("roster_list")).content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "这不是表格文件"),
        (b"%PDF-1.4", "这不是表格文件"),
        ("<html><table><tr><td>姓名".encode(), "这个文件其实是网页"),
    ],
)
def test_what_is_no_table_is_refused_at_the_door(world: World, content: bytes, sentence: str) -> None:
    response = client_of(world, "jiang").post(
        reverse("roster_new"),
        {
            "kind": "members", "union": world.union("town-a").public_id, "true_on": "2026-08-03",
            "request_id": "r-1", "file": SimpleUploadedFile("名册.xlsx", content),
        },
    )  # fmt: skip
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not RosterImport.objects.exists()


def test_who_may_not_write_finds_no_rosters(world: World) -> None:
    for name in ("yun", "lian", "yuan"):
        assert client_of(world, name).get(reverse("roster_list")).status_code == 404
        assert client_of(world, name).get(reverse("roster_new")).status_code == 404
