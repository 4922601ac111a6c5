"""The lists of the registry: what is asked in the address is what is shown, and taking one out is on record."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from niangjia.core import clock
from niangjia.federation.listing.kinds import list_kinds, list_url
from niangjia.federation.models import AuditRow, Export, SavedList
from niangjia.people.models import Employer, Household, Person
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.households import open_hardship_file, register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, credit_code, identity_number

pytestmark = pytest.mark.django_db
PLANTS = ("柳絮飞", "榆钱儿", "槐米香", "桐花开")


def number_of(at: int) -> str:
    """The identity number of one of the plants: the first is a man, the others are women."""
    return identity_number(date(1980 + at, 1, 2), 700 + 2 * at + (at == 0))


@pytest.fixture
def world(db: None) -> World:
    """Four households in town A, one child, one person far away."""
    world = build_world()
    su, town = world.user("su"), world.union("town-a").pk
    for at, name in enumerate(PLANTS):
        person = register_person(
            union_id=town, name=name, id_number=number_of(at), phone=f"1380001{at:04d}", acting_user=su,
        )  # fmt: skip
        register_household(
            union_id=town, head_id=person.pk, address=f"{name}巷", registered_on=date(2020, 1, 1 + at), acting_user=su
        )
    register_person(union_id=town, name="柳芽芽", born_on=date(2024, 1, 1), acting_user=su)
    register_employer(union_id=town, name="槐乙纺织", credit_code=credit_code(1), acting_user=su)
    return world


def client_of(world: World, name: str) -> Client:
    """A browser of one officer."""
    client = Client()
    client.force_login(world.user(name))
    return client


def rows_of(content: bytes) -> list[list[object]]:
    """The cells of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def names_on(client: Client, address: str) -> list[str]:
    """Which of the plants stand on a page, in their order."""
    page = client.get(address).content.decode()
    page = page[page.index('id="content"') :]
    rows = page.partition("<tbody>")[2]
    return sorted((name for name in (*PLANTS, "柳芽芽") if name in rows), key=rows.index)


def test_a_list_is_filtered_sorted_saved_and_taken_out(world: World) -> None:
    su = client_of(world, "su")
    persons = reverse("person_list")
    assert set(names_on(su, persons)) == set(PLANTS)  # the child is on no list
    assert names_on(su, f"{persons}?name=柳") == ["柳絮飞"]
    assert names_on(su, f"{persons}?sex=female&sort=-born") == ["桐花开", "槐米香", "榆钱儿"]
    assert names_on(su, f"{persons}?sex=female&sort=born") == ["榆钱儿", "槐米香", "桐花开"]

    save = f"{reverse('list_save', args=['people.persons'])}?sex=female&sort=-born"
    saved = su.post(save, {"name": "女工", "shared": "on"})
    assert saved["Location"] == f"{persons}?sex=female&sort=-born"
    assert "女工" in su.get(persons).content.decode()

    address = f"{reverse('list_export', args=['people.persons'])}?sex=female&sort=-born"
    assert "3人" in su.get(address).content.decode()
    assert su.post(address, {"way": "xlsx", "columns": ["name"], "purpose": " "}).status_code == 422
    file = su.post(address, {"way": "xlsx", "columns": ["name", "masked", "born"], "purpose": "周一部务会=1+1"})
    rows, export = rows_of(file.content)[3:], Export.objects.get()
    assert rows[0] == ["姓名", "身份证号", "出生日期"]
    assert [row[0] for row in rows[1:4]] == ["桐花开", "槐米香", "榆钱儿"]
    assert number_of(3) not in str(rows)
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        sheet, properties = book.read("xl/worksheets/sheet1.xml").decode(), book.read("docProps/core.xml").decode()
    header, footer = (sheet.partition(f"<{part}>")[2].partition(f"</{part}>")[0] for part in ("oddHeader", "oddFooter"))
    assert all(export.serial in text for text in (header, properties, str(rows)))
    assert all("su·葵" in text for text in (header, properties, str(rows)))
    assert "周一部务会=1+1" in footer
    assert "周一部务会=1+1" in properties
    assert "landscape" in sheet
    audit = AuditRow.objects.get(action="federation.export:take")
    assert (audit.reason, export.rows) == ("周一部务会=1+1", 3)
    assert export.digest in audit.after
    assert '"columns":"name,masked,born"' in audit.after


def test_a_list_on_paper_says_who_when_and_for_what(world: World) -> None:
    address = f"{reverse('list_export', args=['people.households'])}?head=槐"
    paper = client_of(world, "su").post(address, {"way": "paper", "columns": ["head", "members"], "purpose": "上墙"})
    text = paper.content.decode()
    assert "槐米香" in text
    assert "1人" in text
    assert "sheet-list" in text
    assert Export.objects.get().serial in text
    assert "su·葵" in text
    assert "上墙" in text


def test_full_numbers_leave_with_their_right_and_a_second_person_only(world: World) -> None:
    su, address = client_of(world, "su"), reverse("list_export", args=["people.persons"])
    wanted = {"way": "xlsx", "columns": ["name", "id_number"], "purpose": "送民政核对"}
    assert client_of(world, "jiang").post(address, wanted).status_code == 404
    waits = su.post(f"{address}?name=柳", wanted)
    export = Export.objects.get()
    assert waits["Location"] == reverse("export", args=[export.public_id])
    assert su.post(waits["Location"], {}).status_code == 422  # not allowed yet
    assert su.post(waits["Location"], {"answer": "confirmed"}).status_code == 404
    lian = client_of(world, "lian")
    assert "送民政核对" in lian.get("/desk/").content.decode()
    assert lian.post(waits["Location"], {"answer": "confirmed"}).status_code == 302
    taken = su.post(waits["Location"], {})
    number = number_of(0)
    assert number in str(rows_of(taken.content))
    look = AuditRow.objects.get(action="people.identity:export")
    assert (look.object_kind, look.reason) == ("person", "送民政核对")
    assert su.post(waits["Location"], {}).status_code == 422  # once


def test_over_a_days_measure_it_waits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("niangjia.federation.services.exports.MOST_ROWS_A_DAY", 5)
    su, address = client_of(world, "su"), reverse("list_export", args=["people.persons"])
    wanted = {"way": "xlsx", "columns": ["name"], "purpose": "核对"}
    assert su.post(address, wanted).status_code == 200
    assert su.post(address, wanted).status_code == 302
    found = [(one.is_over, one.taken_at is None) for one in Export.objects.order_by("pk")]
    assert found == [(False, False), (True, True)]


@pytest.mark.parametrize(
    ("name", "query", "shown"),
    [
        ("household_list", "head=桐", "桐花开"), ("employer_list", "name=槐乙", "槐乙纺织"),
        ("roster_list", "", "还没有上传过名册"),
        ("union_list", "level=town", "town-b工会"),
    ],
)  # fmt: skip
def test_each_list_shows_its_rows_and_says_how_to_find_more(world: World, name: str, query: str, shown: str) -> None:
    su = client_of(world, "su")
    assert shown in su.get(f"{reverse(name)}?{query}").content.decode()
    if query:
        code = query.partition("=")[0]
        empty = su.get(f"{reverse(name)}?{code}=zzz").content.decode()
        assert "没找到，去掉一个条件试试" in empty
        assert "zzz" in empty


def test_a_page_of_a_list_asks_as_many_queries_for_many_rows_as_for_few(world: World) -> None:
    su, town = client_of(world, "su"), world.union("town-a").pk
    lists = [reverse(name) for name in ("person_list", "household_list", "employer_list", "union_list")]
    few = [_queries(su, address) for address in lists]
    for at in range(3):
        person = register_person(union_id=town, name=f"楸叶{at}", acting_user=world.user("su"))
        register_household(
            union_id=town, head_id=person.pk, address="巷", registered_on=date(2021, 1, 1), acting_user=world.user("su")
        )
        register_employer(
            union_id=town, name=f"楸戊{at}", credit_code=credit_code(9 + at), acting_user=world.user("su")
        )
    assert [_queries(su, address) for address in lists] == few


def _queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def test_too_many_to_count_are_said_to_be_more_and_not_counted_again_while_pages_are_turned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niangjia.federation.listing.pages.COUNTED_TO", 2)
    monkeypatch.setattr("niangjia.federation.listing.pages.ROWS_PER_PAGE", 1)
    su, persons = client_of(world, "su"), reverse("person_list")

    def counting(address: str) -> tuple[str, int]:
        with CaptureQueriesContext(connection) as seen:
            page = su.get(address).content.decode()
        return page[page.index('id="content"') :], sum("COUNT(*) FROM (SELECT" in one["sql"] for one in seen)

    page, counted = counting(persons)
    assert ("第1页，共2页" in page, "2人以上" in page, "数到底" in page, counted) == (True, True, True, 1)
    page, counted = counting(f"{persons}?page=2")
    assert ("第2页，共2页" in page, "2人以上" in page, counted) == (True, True, 0)
    # Under other conditions, and to the end, it is another question; few are counted each time.
    assert [counting(f"{persons}?sex=female")[1] for _again in range(2)] == [1, 0]
    assert ["人以上" in counting(f"{persons}?sex=male")[0], counting(f"{persons}?sex=male")[1]] == [False, 1]
    assert "4人" in counting(f"{persons}?count=whole")[0]
    su.post(f"{reverse('list_save', args=['people.persons'])}?sex=female", {"name": "女工"})
    assert counting(persons)[1] == 1  # whoever did something sees at once what is so now


def test_who_turns_a_page_gets_its_rows_and_what_stands_under_them_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niangjia.federation.listing.pages.ROWS_PER_PAGE", 3)
    su, persons = client_of(world, "su"), reverse("person_list")
    whole = su.get(persons)
    assert 'rel="next" href="?page=2" hx-get="?page=2"' in whole.content.decode()
    assert whole["Vary"].count("HX-Target") == 1

    turned = su.get(f"{persons}?page=2", headers={"HX-Request": "true", "HX-Target": "list-page"}).content.decode()
    assert turned.strip().startswith('<div class="stack" id="list-page">')
    assert turned.strip().endswith("</div>")
    assert [name for name in PLANTS if name in turned] == names_on(su, f"{persons}?page=2")[:1]
    assert (turned.count("<tr>"), turned.count("data-focus>第2页，共2页")) == (2, 1)
    assert ("<form" in turned, "<select" in turned, "list-sentence" in turned) == (False, False, False)
    # Another fragment asked for of the same page is none of this.
    assert "<html" in su.get(persons, headers={"HX-Request": "true", "HX-Target": "found"}).content.decode()


def test_a_saved_list_is_seen_by_the_unit_and_removed_by_its_owner_only(world: World) -> None:
    su = client_of(world, "su")
    world.officer("second", "county_officer", "county")
    for name, shared in (("我的", ""), ("大家的", "on")):
        su.post(f"{reverse('list_save', args=['people.persons'])}?sex=male", {"name": name, "shared": shared})
    page = client_of(world, "second").get(reverse("person_list")).content.decode()
    assert "大家的" in page
    assert "我的<" not in page
    (drop,) = [f"{reverse('list_drop', args=[one])}" for one in su_saved(world, "大家的")]
    assert client_of(world, "second").post(drop).status_code == 404
    assert su.post(drop)["Location"] == reverse("person_list")


def su_saved(world: World, name: str) -> list[str]:
    """Public ids of what was saved under a name."""
    return list(SavedList.objects.filter(name=name).values_list("public_id", flat=True))


def test_files_whose_review_is_due_stand_on_the_first_page_and_open_to_their_list(world: World) -> None:
    today, homes = clock.today(), Household.objects.order_by("pk")
    for home, days in zip(homes, (0, -40, 20, 90), strict=True):
        open_hardship_file(
            household_id=home.pk, grade="deep", cause="因病", entered_on=date(2020, 1, 1),
            review_due_on=today + timedelta(days=days), acting_user=world.user("su"),
        )  # fmt: skip
    jiang, households = client_of(world, "jiang"), reverse("household_list")
    first = jiang.get(reverse("desk")).content.decode()
    assert "复核到期" in first
    due = f"{households}?review=due&amp;sort=review"
    assert due in first
    assert names_on(jiang, due.replace("&amp;", "&")) == ["榆钱儿", "柳絮飞"]
    assert names_on(jiang, f"{households}?review=soon&sort=-review") == ["槐米香", "柳絮飞", "榆钱儿"]
    assert "复核到期" not in client_of(world, "bai").get(reverse("desk")).content.decode(), "another town's"


def test_the_sentence_says_what_always_holds_and_an_order_alone_is_saved(world: World) -> None:
    su, persons = client_of(world, "su"), reverse("person_list")
    assert "4人，口径：成年人（满18岁）。" in su.get(persons).content.decode()
    assert "口径：成年人（满18岁）；性别：女。" in su.get(f"{persons}?sex=female").content.decode()
    assert "保存这个排序" not in su.get(persons).content.decode()
    assert "保存这个排序" in su.get(f"{persons}?sort=-born").content.decode()
    su.post(f"{reverse('list_save', args=['people.persons'])}?sort=-born", {"name": "年轻的在前"})
    assert SavedList.objects.get().query == "sort=-born"


def test_an_employer_opens_to_those_who_work_there(world: World) -> None:
    """The number on the list, on the page, and behind both; a child with a job is no grown person."""
    su, firm = world.user("su"), Employer.objects.get()
    young = register_person(
        union_id=world.union("town-a").pk, name="柳小工", born_on=date(2009, 9, 1), acting_user=su,
    )  # fmt: skip
    for person in (*Person.objects.filter(name__in=PLANTS[:2]), young):
        start_employment(
            person_id=person.pk, employer_id=firm.pk, started_on=date(2026, 1, 5), source="合同", acting_user=su
        )
    client, address = client_of(world, "su"), list_url("people.persons", employer=firm.public_id)
    count = f'<a href="{address}" data-count="2">2人</a>'
    assert count in client.get(reverse("employer_list")).content.decode()
    assert count in client.get(reverse("employer_file", args=[firm.public_id])).content.decode()
    page = client.get(address).content.decode()
    assert 'data-total="2"' in page
    assert "在这里工作：槐乙纺织" in page, "the condition is said by its name"
    assert page.count('<template id="copy-count">') == 1, "the button that copies stands once, for scripts to take"
    told = client.get(address, headers={"accept": "text/plain"})
    assert told.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert f'<p id="list-sentence">{told.content.decode()}</p>' in page, "what is copied is what the list says"
    other = client_of(world, "bai").get(address, headers={"accept": "text/plain"}).content.decode()
    assert "2人" not in other, "whoever may not see the rows is not told their number"
    assert set(names_on(client, address)) == set(PLANTS[:2])
    assert names_on(client_of(world, "bai"), address) == []


@pytest.mark.parametrize(
    ("address", "found"),
    [("/desk/persons/?name=柳　絮", "柳絮飞"), ("/desk/employers/?name=槐乙", "槐乙纺织"),
     ("/desk/search/?q=ｌｘｆ", "柳絮飞"),
     ("/desk/search/?q={tail}", "柳絮飞")],
)  # fmt: skip
def test_full_width_is_found_as_half_width(world: World, address: str, found: str) -> None:
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    page = client_of(world, "su").get(address.format(tail=number_of(0)[-4:].translate(wide))).content.decode()
    assert found in page[page.index('id="content"') :]


def test_each_list_of_what_waits_opens_leaves_and_can_be_saved(world: World) -> None:
    """Every kind, as somebody who holds its right: the page, a saved list of it, and the way out."""
    su = client_of(world, "su")
    for kind in (one for one in list_kinds.all() if one.code.startswith(("people.", "cases."))):
        if kind.code in {"cases.returns", "people.check_rows"}:  # of one task, of one batch
            continue
        assert su.get(kind.address("")).status_code == 200, kind.code
        save = f"{reverse('list_save', args=[kind.code])}?sort={kind.columns[0].code}"
        assert su.post(save, {"name": "我的"})["Location"].startswith(kind.address("")), kind.code
        assert su.get(reverse("list_export", args=[kind.code])).status_code == 200, kind.code


@pytest.mark.parametrize("about", ["", "zzzzzzzzzzzzzz", "a b/?"])
def test_of_what_is_not_there_no_list_leaves_or_is_saved(world: World, about: str) -> None:
    su = client_of(world, "su")
    for kind in list_kinds.all():
        left = su.get(reverse("list_export", args=[kind.code]), {"about": about})
        saved = su.post(f"{reverse('list_save', args=[kind.code])}?{urlencode({'about': about})}", {"name": "我的"})
        assert left.status_code in {200, 404}, kind.code
        assert saved.status_code in {302, 404}, kind.code
        if kind.code in {"visits.drawn", "visits.recheck", "cases.returns"}:
            assert (left.status_code, saved.status_code) == (404, 404)
