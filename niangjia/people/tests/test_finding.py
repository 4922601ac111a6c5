"""The one search box: by reading, tail, employer and place, in scope only, as a page and as results while typing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from niangjia.federation.scopes import scope_of
from niangjia.people.finding import find
from niangjia.people.services.employers import register_employer, start_employment
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, credit_code, identity_number

pytestmark = pytest.mark.django_db
NAMES = ("单蓝桂", "车前草", "阿娜尔·沙枣", "㛃薇", "车前子")


@pytest.fixture
def peopled(world: World) -> World:
    """Some with two readings, a dot, a rare character; one employed, one with a household; a namesake elsewhere."""
    su = world.user("su")
    for order, name in enumerate(NAMES, start=1):
        union = world.union("town-a" if order < 5 else "town-b")
        person = register_person(
            union_id=union.pk, name=name, id_number=identity_number(date(1990, 1, order), order),
            phone=f"1380000{order:04d}", acting_user=su,
        )  # fmt: skip
        if name == "车前草":
            firm = register_employer(
                union_id=union.pk, name="云禾榆甲食品厂", credit_code=credit_code(3), acting_user=su
            )
            start_employment(
                person_id=person.pk, employer_id=firm.pk, started_on=date(2020, 1, 1), source="合同", acting_user=su
            )
        if name == "单蓝桂":
            register_household(
                union_id=union.pk, head_id=person.pk, address="", registered_on=date(2020, 1, 1), acting_user=su
            )
    return world


def names(world: World, user: str, text: str) -> list[str]:
    return [hit.person.name for hit in find(scope_of(world.user(user), "people.registry:read"), text).persons]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("slg", ["单蓝桂"]), ("shanlan", ["单蓝桂"]), ("danlangui", ["单蓝桂"]), ("dlg", ["单蓝桂"]),
        ("单", ["单蓝桂"]),
        ("che qian cao", ["车前草"]), ("CQ", ["车前草", "车前子"]),
        ("阿娜尔沙枣", ["阿娜尔·沙枣"]), ("anaer", ["阿娜尔·沙枣"]),
        ("㛃", ["㛃薇"]), ("jw", ["㛃薇"]), ("0002", ["车前草"]), (identity_number(date(1990, 1, 4), 4)[-4:], ["㛃薇"]),
        ("车前 town-b工会", ["车前子"]), ("车前草 榆甲", ["车前草"]), ("车前子 榆甲", []),
        ("木槿", []), ("'", []), ("%", []),
    ],
)  # fmt: skip
def test_a_person_is_found_however_he_is_said(peopled: World, typed: str, found: list[str]) -> None:
    assert names(peopled, "su", typed) == found


def test_employers_households_and_unions_are_found_in_scope_only(peopled: World) -> None:
    def told(user: str, text: str) -> tuple[list[str], list[str], list[str]]:
        found = find(scope_of(peopled.user(user), "people.registry:read"), text)
        return [h.head_name for h in found.persons], [e.name for e in found.employers], [u.name for u in found.unions]

    assert told("jiang", "榆甲") == ([], ["云禾榆甲食品厂"], [])
    assert told("jiang", "单蓝桂") == (["单蓝桂"], [], [])
    assert told("su", "town-a") == ([], [], ["town-a工会"])
    for text in ("榆甲", "单蓝桂", "slg", "town-a", "0002", "单蓝桂 town-a工会", credit_code(3)):
        assert told("bai", text) == ([], [], []), text


def test_results_while_typing_are_the_same_as_on_the_page_and_say_how_many(peopled: World) -> None:
    client = Client()
    client.force_login(peopled.user("su"))
    page = client.get(reverse("desk_search"), {"q": "cq"})
    part = client.get(reverse("desk_search"), {"q": "cq"}, headers={"HX-Request": "true"})
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()
    for answer in (page, part):
        assert "HX-Request" in answer["Vary"]
        assert answer.content.decode().count("data-hit") == 2 + (answer is page), "rows, and the box on the page"
    assert 'id="live"' in part.content.decode()
    assert "找到：2人" in part.content.decode()


def test_the_list_of_a_union_shows_its_persons_and_a_foreign_one_is_as_none(peopled: World) -> None:
    client = Client()
    client.force_login(peopled.user("jiang"))
    asked = (peopled.union("town-a").public_id, peopled.union("town-b").public_id, "zzzzzzzzzzzzzzzzzzzz")
    own, foreign, nowhere = (client.get(reverse("person_list"), {"union": one}).content.decode() for one in asked)
    assert "单蓝桂" in own
    assert "车前子" not in own
    assert "车前子" not in foreign
    assert _plain(foreign).replace(asked[1], "") == _plain(nowhere).replace(asked[2], "")


def _plain(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"|nonce="[^"]+"', "", page)
