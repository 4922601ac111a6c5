"""T34: every payload in every parameter of every list and page: no fault, no other row, no other query, no waiting.

On PostgreSQL, which real registries stand on and which is the stricter one; SQLite meets a tenth of them at each.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from niangjia.accounts.kept import Keep
from niangjia.federation.listing import pages
from niangjia.federation.listing.asked import SORT, Asked
from niangjia.federation.listing.kinds import ListKind, list_kinds
from niangjia.federation.listing.pages import ListPage
from niangjia.federation.scopes import Scope
from niangjia.people import finding
from niangjia.people.models import Person
from tests.hostile import striking
from tests.hostile.payloads import payloads
from tests.hostile.reading_pages import Pages, page_doors, search_door
from tests.hostile.striking import TIMEOUT_MS, ListDoors, list_doors
from tests.permissions.planted import Planted, plant

pytestmark = [pytest.mark.django_db, pytest.mark.nightly]
KIND = "people.persons"
SLEEP = "' OR (SELECT count(*) FROM (SELECT pg_sleep(2.1)) AS slept) = 0 OR '1'='2"
Narrow = Callable[[QuerySet[Any], str], QuerySet[Any]]


@pytest.fixture
def planted(db: None) -> Planted:
    """The world with something in every list, and a database that waits no longer than it does for a page."""
    planted = plant()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {TIMEOUT_MS}")
    else:
        knows_sleep()
    return planted


def knows_sleep() -> None:
    """SQLite has no function that waits; with this one the payloads that call it would be noticed there too."""
    connection.connection.create_function("pg_sleep", 1, lambda seconds: time.sleep(float(seconds)))


def some(at: int, each: int) -> list[str]:
    """Of the payloads one in so many, at the next place the others; ten times fewer on SQLite."""
    each *= 1 if connection.vendor == "postgresql" else 10
    return payloads()[at % each :: each]


def hits(doors: list[ListDoors]) -> Iterator[str]:
    """What the texts do in every parameter of these lists."""
    for at, (one, name) in enumerate((door, name) for door in doors for name in door.names):
        for text in some(at, 1):
            for what in one.strike(name, text):
                yield f"{one.kind.code} {name}={text!r}: {what}"


def test_no_payload_in_any_parameter_of_any_list_changes_a_query(planted: Planted) -> None:
    doors = list(list_doors(planted))
    assert len(set(payloads())) == 300
    assert len(doors) == len(list(list_kinds.all()))
    assert sum(len(one.names) for one in doors) > 120, "the parameters were not found"
    empty = {one.kind.code for one in doors if not one.plain.rows}
    assert empty == set(), "a list without rows shows no wrong ones"
    found = list(hits(doors))
    assert found == [], "\n".join(found[:40])


def test_no_payload_in_any_other_parameter_of_any_page_changes_a_query(planted: Planted) -> None:
    pages = Pages(planted)
    doors = page_doors(planted, list(list_doors(planted)))
    assert {"q", "against", "show", "for", "next", "keep", "who"} <= {door.name for door in doors}
    found = [
        f"{door.address} {door.name}={text!r}: {what}"
        for at, door in enumerate(doors)
        for text in some(at, 10)  # thirty at each: all at all took ten minutes
        for what in pages.strike(door, text)
    ]
    assert found == [], "\n".join(found[:40])


def _written(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.extra(where=[f"people_person.name = '{text}'"])


def _names(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(**{text: "x"})


def _forgotten(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows


def _writing(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    Person.objects.update(name=text)
    return rows.none()


def _elsewhere(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    with connection.cursor() as cursor:
        other = "SELECT count(*) FROM accounts_user WHERE username <> %s"
        cursor.execute(other if "--" in text else "SELECT %s", [text])
    return rows.none()


HOLES: dict[str, tuple[Narrow, str, str]] = {
    "SQL by hand: a fault": (_written, "'", "breaks"),
    "SQL by hand: rows": (_written, "' OR '1'='1", "finds"),
    "SQL by hand: another statement": (_written, "'; DROP TABLE people_person", "breaks"),
    "SQL by hand: waiting": (_written, SLEEP, "takes"),
    "a dictionary from the address": (_names, "union__name", "asks the database something else"),
    "a condition that narrows nothing": (_forgotten, "zz'--", "finds"),
    "reading that writes": (_writing, "a", "breaks"),
    "a query of another table": (_elsewhere, "'--", "asks the database something else"),
}  # fmt: skip


def test_control_each_class_of_hole_is_found(planted: Planted) -> None:
    door = next(one for one in list_doors(planted) if one.kind.code == KIND)
    missed = {}
    for hole, (narrow, text, what) in HOLES.items():
        kind = door.kind
        others = tuple(replace(one, narrow=narrow, most=300) if one.code == "name" else one for one in kind.conditions)
        found = list(ListDoors(replace(kind, conditions=others), door.scope, "").strike("name", text))
        if not [one for one in found if one.startswith(what)]:
            missed[hole] = found
    assert missed == {}, missed
    assert list(ListDoors(door.kind, door.scope, "").strike("name", "' OR '1'='1")) == []


def test_control_an_order_or_a_page_that_takes_names_and_texts_is_found(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = next(one for one in list_doors(planted) if one.kind.code == KIND)
    understood, searched, last = striking.read, finding.find, {SORT: ""}

    def by_name(kind: ListKind, scope: Scope, sent: Mapping[str, str], keep: Keep) -> Asked:
        last[SORT] = sent.get(SORT, "")
        return replace(understood(kind, scope, sent, keep), sort=last[SORT] or kind.default)

    def by_text(scope: Scope, text: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{text}'")
        return searched(scope, text)

    monkeypatch.setattr(striking, "read", by_name)
    monkeypatch.setattr(ListPage, "in_order", lambda page: page.found.order_by(last[SORT] or "name_key"))
    # A list that keeps the statements of its pages would go on with those from before it was broken.
    monkeypatch.setattr(pages, "_steady", lambda _key, rows: list(rows()))
    door = ListDoors(door.kind, door.scope, "")
    assert [one for one in door.strike(SORT, "-data_key") if one.startswith("asks the database something else")]
    assert [one for one in door.strike(SORT, "?id") if one.startswith("breaks")]
    monkeypatch.setattr(finding, "find", by_text)
    for text in ("'", "x' AS y --"):
        assert list(Pages(planted).strike(search_door(), text)), text
