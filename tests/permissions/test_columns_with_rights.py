"""Columns with a right of their own: whoever lacks it gets neither the column nor a value, in whatever way he asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from niangjia.federation.listing.asked import SORT
from niangjia.federation.listing.kinds import Column, ListKind, list_kinds
from niangjia.federation.listing.pages import PLAIN, page_of
from niangjia.federation.rights import roles
from niangjia.federation.scopes import rights_of
from niangjia.federation.services import exports
from niangjia.federation.services.saved import save_list
from niangjia.people.models import Household, Person
from tests.permissions.asking import Asker
from tests.permissions.planted import Caller, Planted
from tests.permissions.test_canaries_outside import texts_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# Where each value stands: list and column -> what is in a row. A column that is new fails until it stands here.
VALUES: dict[tuple[str, str], Callable[[], set[str]]] = {
    ("people.persons", "id_number"): lambda: {person.id_number for person in Person.objects.all()} - {""},
    ("people.persons", "phone"): lambda: {person.phone for person in Person.objects.all()} - {""},
    ("people.households", "address"): lambda: {home.address for home in Household.objects.all()} - {""},
}
# Fields a column with a right might be sorted by, if somebody declared an order for it.
ORDER = {"people.persons": ("id_key",), "people.households": ("registered_on",)}


def hidden() -> list[tuple[ListKind, Column]]:
    """Every column with a right of its own, with its list."""
    return [(kind, column) for kind in list_kinds.all() for column in kind.columns if column.right]


@pytest.fixture
def without(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> Planted:
    """Officers who take lists out, and may not take out what stands in those columns."""
    role = roles.get("county_officer")
    rights = role.rights - {column.right for _kind, column in hidden()}
    monkeypatch.setitem(roles._things, role.code, replace(role, rights=rights))
    for kind, column in hidden():  # sortable, if that were all it takes
        columns = tuple(replace(c, order=ORDER[kind.code], indexed=True) if c.right else c for c in kind.columns)
        monkeypatch.setitem(list_kinds._things, kind.code, replace(list_kinds.get(kind.code), columns=columns))
        assert column.right not in rights_of(planted.callers["county_officer at county"].user)
    return planted


def questions(kind: ListKind, column: Column) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """A list asked for this column in every way there is."""
    page, out = kind.address(""), reverse("list_export", args=[kind.code])
    for query in (
        "",
        f"?{SORT}={column.code}",
        f"?{SORT}=-{column.code}",
        f"?{column.code}=1",
        f"?columns={column.code}",
    ):
        yield "GET", page + query, {}, "*/*"
        yield "GET", page + query, {}, PLAIN
        yield "GET", out + query, {}, "*/*"
        for way in ("xlsx", "paper"):
            for chosen in ([column.code], [one.code for one in kind.columns]):
                yield "POST", out + query, {"way": way, "purpose": "核对", "columns": chosen}, "*/*"


def given_away(planted: Planted, caller: Caller) -> list[str]:
    """What somebody without the right is shown of these columns: the label or a value."""
    asker, found = Asker(caller), []
    for kind, column in hidden():
        marks = {str(column.label), *VALUES[kind.code, column.code]()}
        for method, address, sent, accept in questions(kind, column):
            answer = asker.ask(method, address, sent, accept)
            words = texts_in(answer.body)
            found += [f"{method} {address} {sent} {mark}" for mark in marks if mark in words and mark not in address]
            if method == "POST" and sent["columns"] == [column.code] and answer.status != 422:
                found.append(f"{method} {address} {sent}: {answer.status}, and nothing else was chosen")
    return found


def orders_told(user: Any, columns: list[tuple[ListKind, Column]]) -> list[str]:
    """Where the order of a list, its count or what is saved of it follows from such a column."""
    found = []
    for kind, column in columns:
        usual = [row.pk for row in page_of(user, kind.code, {}).in_order()]
        for sign in ("", "-"):
            page = page_of(user, kind.code, {SORT: f"{sign}{column.code}", column.code: "1"})
            if [row.pk for row in page.in_order()] != usual or column.code in page.asked.query():
                found.append(f"{kind.code} {sign}{column.code}")
        found += [f"{kind.code} narrows by {one.code}" for one in kind.conditions if one.code == column.code]
    return found


def test_every_such_column_is_known_and_stands_on_no_page() -> None:
    assert {(kind.code, column.code) for kind, column in hidden()} == set(VALUES)
    assert not [column for _kind, column in hidden() if column.is_shown]


def test_whoever_lacks_the_right_gets_neither_column_nor_value(without: Planted) -> None:
    caller = without.callers["county_officer at county"]
    found = given_away(without, caller)
    assert found == [], "\n".join(found[:20])


def test_nobody_sorts_narrows_or_saves_by_such_a_column(without: Planted) -> None:
    user = without.callers["county_officer at county"].user
    assert orders_told(user, hidden()) == []
    assert user is not None
    for kind, column in hidden():
        page = page_of(user, kind.code, {SORT: column.code, column.code: "1"})
        assert save_list(page=page, name="存下", shared=True, acting_user=user).query == ""


def test_a_permission_for_such_a_column_ends_with_the_right(planted: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    su, lian = planted.world.user("su"), planted.world.user("lian")
    page = page_of(su, "people.persons", {})
    asked = exports.take_list(page=page, columns=["name", "phone"], way="xlsx", purpose="送核", acting_user=su)
    exports.answer(public_id=asked.export.public_id, verdict="confirmed", acting_user=lian)
    role = roles.get("county_officer")
    with monkeypatch.context() as patch:
        patch.setitem(roles._things, role.code, replace(role, rights=role.rights - {"people.identity:export"}))
        with pytest.raises(exports.NotAllowedYet):
            exports.take_allowed(public_id=asked.export.public_id, acting_user=su)
    taken = exports.take_allowed(public_id=asked.export.public_id, acting_user=su)
    assert taken.table is not None
    assert {row[1] for row in taken.table.rows} >= {planted.units["town-a"].person.phone}  # type: ignore[union-attr]


def test_control_columns_offered_to_everybody_are_found(without: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("listing.leaving", "views.lists"):
        monkeypatch.setattr(f"niangjia.federation.{module}.columns_for", lambda page: list(page.kind.columns))
    found = given_away(without, without.callers["county_officer at county"])
    for kind, column in hidden():
        assert [line for line in found if str(column.label) in line], f"{kind.code} {column.code}"


def test_control_a_list_sorted_by_such_a_column_is_found(without: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = hidden()
    for kind, _column in columns:
        freed = tuple(replace(column, right="") for column in list_kinds.get(kind.code).columns)
        monkeypatch.setitem(list_kinds._things, kind.code, replace(kind, columns=freed))
    found = orders_told(without.callers["county_officer at county"].user, columns)
    assert {line.split()[0] for line in found} == {kind.code for kind, _column in columns}
