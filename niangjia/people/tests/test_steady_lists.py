"""Lists whose statement is kept: they show what stands in the database now, for these seats, on this day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models.sql.compiler import SQLCompiler
from django.test import Client
from django.utils.html import strip_tags

from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.core.prepared import PreparedBy
from niangjia.federation.listing import pages
from niangjia.federation.listing.kinds import list_kinds
from niangjia.federation.listing.pages import page_of
from niangjia.federation.scopes import scope_of, system_scope
from niangjia.federation.services.tree import found_union
from niangjia.people.models import Person
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, identity_number

pytestmark = pytest.mark.django_db
STEADY = [code for code in list_kinds if list_kinds.get(code).is_steady]


@pytest.fixture
def world(db: None) -> World:
    """Persons and households in two towns."""
    world = build_world()
    for at, (place, name) in enumerate((("town-a", "柳絮飞"), ("town-b", "榆钱儿"), ("town-a", "槐米香"))):
        add(world, at, place, name)
    return world


def add(world: World, at: int, place: str, name: str) -> Person:
    """One person and his household."""
    union, su = world.union(place).pk, world.user("su")
    number = identity_number(date(1980 + at, 1, 2), 701 + 2 * at)
    person = register_person(union_id=union, name=name, id_number=number, acting_user=su)
    register_household(
        union_id=union, head_id=person.pk, address="巷", registered_on=date(2020, 1, 1 + at), acting_user=su
    )
    return person


def client_of(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def names(client: Client, path: str) -> set[str]:
    """Which of the people stand on a page."""
    text = strip_tags(client.get(path).content.decode())
    return {name for name in ("柳絮飞", "榆钱儿", "槐米香", "桐花开") if name in text}


def test_some_lists_are_steady():
    assert {"people.persons", "people.households"} <= set(STEADY)


@pytest.mark.parametrize("code", STEADY)
@pytest.mark.parametrize("who", ["su", "jiang", "yuan"])
def test_the_kept_statement_brings_what_the_usual_way_brings(world, code, who):
    kind = list_kinds.get(code)
    for sort in [column.code for column in kind.columns if column.sorts and not column.right]:
        for turned in ("", "-"):
            for _again in range(2):
                page = page_of(world.user(who), code, {"sort": f"{turned}{sort}"})
                assert [row.pk for row in page.objects] == [row.pk for row in page.in_order()[:50]], (sort, turned)
                assert page.objects or who != "su"


def test_the_second_asking_puts_nothing_together(world, monkeypatch):
    compiled: list[Any] = []
    as_sql = SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda self, *a, **k: compiled.append(1) or as_sql(self, *a, **k))

    def asked(**sent: str) -> int:
        compiled.clear()
        assert page_of(world.user("su"), "people.persons", sent).objects
        return len(compiled)

    asked()
    plain, narrowed = asked(), asked(sex="male")
    assert narrowed > plain  # control: with a condition it is put together each time


def test_what_was_entered_since_is_shown(world):
    client = client_of(world, "su")
    assert names(client, "/desk/persons/") == {"柳絮飞", "榆钱儿", "槐米香"}

    add(world, 5, "town-a", "桐花开")

    assert names(client, "/desk/persons/") == {"柳絮飞", "榆钱儿", "槐米香", "桐花开"}
    assert names(client, "/desk/households/") == {"柳絮飞", "榆钱儿", "槐米香", "桐花开"}


def test_each_seat_has_its_own_rows_and_a_unit_founded_since_is_below_it(world):
    county, town = client_of(world, "su"), client_of(world, "jiang")
    paths = ("/desk/persons/", "/desk/households/")
    for path in (*paths, *paths):
        assert names(county, path) == {"柳絮飞", "榆钱儿", "槐米香"}
        assert names(town, path) == {"柳絮飞", "槐米香"}

    world.unions["grid"] = found_union(
        code="grid", name="新网格", kind="grid", level="primary", parent=world.union("town-a"), on=clock.today(),
        acting_user=None,
    )  # fmt: skip
    add(world, 5, "grid", "桐花开")

    for path in paths:
        assert names(town, path) == {"柳絮飞", "槐米香", "桐花开"}
        assert names(client_of(world, "bai"), path) == {"榆钱儿"}


def test_who_comes_of_age_overnight_is_on_the_list_in_the_morning(world, monkeypatch):
    today = clock.today()
    born = (today + timedelta(days=1)).replace(year=today.year - 18)
    register_person(union_id=world.union("town-a").pk, name="桐花开", born_on=born, acting_user=world.user("su"))
    client = client_of(world, "su")
    assert "桐花开" not in names(client, "/desk/persons/")

    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))

    assert "桐花开" in names(client, "/desk/persons/")


@pytest.mark.parametrize("who", ["su", "jiang", "bai", "yun", "yuan", "nobody"])
def test_units_looked_up_once_are_those_looked_up_for_each_row(world, who):
    user = create_user(username="nobody", display_name="葵") if who == "nobody" else world.user(who)
    scope = scope_of(user, "people.registry:read")

    found = set(Person.objects.filter(scope.unions_walked()).values_list("pk", flat=True))

    assert found == set(Person.objects.filter(scope.unions()).values_list("pk", flat=True))
    assert bool(found) == (who in {"su", "jiang", "bai"})
    assert Person.objects.filter(system_scope().unions_walked()).count() == 3


def test_a_page_further_on_brings_the_rows_that_follow(world, monkeypatch):
    for at in range(4, 9):
        add(world, at, "town-a", "桐花开")
    monkeypatch.setattr(pages, "ROWS_PER_PAGE", 3)
    monkeypatch.setattr(pages, "_steady", PreparedBy(9))

    for code in STEADY:
        ids = [[row.pk for row in page_of(world.user("su"), code, {"page": str(n)}).objects] for n in (1, 2, 3)]
        assert [len(some) for some in ids] == [3, 3, 2], code
        assert [pk for some in ids for pk in some] == [
            row.pk for row in page_of(world.user("su"), code, {}).in_order()
        ], code
