"""T34: whatever is typed into an address, no query changes: no error, no other rows, no waiting."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from niangjia.federation.listing.asked import COUNT, PAGE, SORT
from niangjia.federation.listing.kinds import list_kinds
from niangjia.people.services.employers import register_employer
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, build_world, credit_code
from tests.hostile.payloads import payloads
from tests.permissions.asking import routes

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
SLOW_SECONDS = 2.0
AT_EACH_COMMIT = 30
# The list of a programme wants a programme; the scenarios ask it with real ones.
LEFT_OUT = {"benefits.list"}
# What lists of one thing each are about, where nothing of it is here: their pages answer that there is none.
ABOUT = dict.fromkeys(("visits.recheck", "visits.drawn"), "zzzzzzzzzzzzzz")
_FORM = re.compile(r'<form[^>]*(?:method="get"|role="search")[^>]*>(.*?)</form>', re.S)
_NAME = re.compile(r'<(?:input|select)[^>]*\bname="([^"]+)"')
_LINK = re.compile(r'href="(?:/desk/[^"?]*)?\?([^"]+)"')


@dataclass(frozen=True)
class Door:
    """One parameter of one address, and who may use it; `narrows` says that nothing hostile may find a row."""

    user: str
    address: str
    name: str
    narrows: bool = False


@dataclass(frozen=True)
class Hit:
    """One thing a payload did."""

    door: Door
    payload: str
    what: str


@pytest.fixture
def world(db: None) -> World:
    """One of everything a list may show."""
    world = build_world()
    su, town = world.user("su"), world.union("town-a").pk
    for name in ("柳絮飞", "榆钱儿"):
        person = register_person(union_id=town, name=name, acting_user=su)
        register_household(
            union_id=town, head_id=person.pk, address="巷", registered_on=date(2020, 1, 1), acting_user=su
        )
    register_employer(union_id=town, name="槐乙纺织", credit_code=credit_code(1), acting_user=su)
    return world


def doors(clients: dict[str, Client]) -> list[Door]:
    """Every parameter of every page: what lists declare, and what forms and links of the pages send."""
    found = set(_declared())
    for route in routes():
        if route.keys() or not route.path.startswith("desk/") or "<" in route.path:
            continue
        for user, client in clients.items():
            page: Any = client.get("/" + route.path, follow=True)
            if page.status_code == 200 and "html" in page["Content-Type"]:
                address = page.request["PATH_INFO"]
                found |= {Door(user, address, name) for name in _parameters(page.content.decode())}
                break
    known = {(door.address, door.name) for door in found if door.narrows}
    return sorted(
        (door for door in found if door.narrows or (door.address, door.name) not in known),
        key=lambda door: (door.address, door.name),
    )


def _declared() -> Iterator[Door]:
    for kind in list_kinds.all():
        if kind.code in LEFT_OUT:
            continue
        user = "yuan" if kind.right == "federation.audit:read" else "su"
        address = kind.address(ABOUT.get(kind.code, ""))
        yield from (Door(user, address, one.code, narrows=True) for one in kind.conditions)
        yield from (Door(user, address, name) for name in (SORT, PAGE, COUNT, "about"))
        yield Door(user, reverse("list_export", args=[kind.code]), SORT)


def _parameters(html: str) -> set[str]:
    names = {name for form in _FORM.findall(html) for name in _NAME.findall(form)}
    pairs = [pair for link in _LINK.findall(html) for pair in unescape(link).split("&")]
    return {
        name for name in names | {pair.partition("=")[0] for pair in pairs} if name not in {"", "csrfmiddlewaretoken"}
    }


def strike(clients: dict[str, Client], aimed: list[tuple[Door, str]]) -> Iterator[Hit]:
    """Send each payload through its door; yields what it did."""
    before = {door.address: _rows(clients[door.user], door.address) for door, _payload in aimed}
    for door, payload in aimed:
        address = f"{door.address}?{urlencode({door.name: payload})}"
        began = time.monotonic()
        status, rows = _answer(clients[door.user], address)
        if status >= 500:
            yield Hit(door, payload, f"answers {status}")
        if time.monotonic() - began > SLOW_SECONDS:
            yield Hit(door, payload, f"takes {time.monotonic() - began:.1f} s")
        if door.narrows and rows:
            yield Hit(door, payload, f"finds {len(rows)} rows")
        if rows - before[door.address]:
            yield Hit(door, payload, "shows rows that are not on the page")


def _rows(client: Client, address: str) -> set[str]:
    return _answer(client, address)[1]


def _answer(client: Client, address: str) -> tuple[int, set[str]]:
    with transaction.atomic():
        response: Any = client.get(address)
        broken = connection.needs_rollback
        transaction.set_rollback(True)
    if broken or response.status_code != 200 or "html" not in response["Content-Type"]:
        return (500 if broken else response.status_code), set()
    bodies = re.findall(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S)
    return 200, {link for body in bodies for link in re.findall(r'<th scope="row"><a href="([^"]+)"', body)}


def _clients(world: World) -> dict[str, Client]:
    found = {}
    for name in ("su", "lian", "yuan"):
        found[name] = Client(raise_request_exception=False)
        found[name].force_login(world.user(name))
    return found


def test_no_parameter_of_any_page_reaches_a_query(world: World) -> None:
    """Every fourth door meets one of some thirty payloads at each commit; all of them are used."""
    clients, some = _clients(world), payloads()[:AT_EACH_COMMIT]
    found = doors(clients)
    assert len(found) > 40, "the parameters were not found"
    assert {"q", "on", "actor", "sort", "page"} <= {door.name for door in found}
    aimed = [(door, some[at % len(some)]) for at, door in enumerate(found[::4])]
    assert len(aimed) > len(some)
    assert list(strike(clients, aimed)) == []


@pytest.mark.nightly
def test_no_parameter_of_any_page_reaches_a_query_with_any_payload(world: World) -> None:
    """Each door meets two of the three hundred as a page, its neighbours the others.

    All at all are put through the lists themselves, without the pages around them: `test_every_payload`.
    """
    clients = _clients(world)
    found = doors(clients)
    every = payloads()
    assert len(set(every)) == 300
    assert list(strike(clients, [(door, one) for at, door in enumerate(found) for one in every[at % 150 :: 150]])) == []


@pytest.mark.nightly
def test_control_a_condition_that_writes_sql_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = list_kinds.get("people.persons")
    opened = replace(
        kind.conditions[0], narrow=lambda rows, text: rows.extra(where=[f"people_person.name = '{text}'"]), most=300
    )
    monkeypatch.setitem(list_kinds._things, kind.code, replace(kind, conditions=(opened, *kind.conditions[1:])))
    door = Door("su", reverse("person_list"), "name", narrows=True)
    long = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c WHERE x<3e7) SELECT max(x) FROM c"
    sleepy = f"' OR ({long}) < 0 OR '1'='2"
    aimed = [(door, "'"), (door, "' OR '1'='1")]
    if connection.vendor == "postgresql":
        sleepy = "' OR (SELECT count(*) FROM pg_sleep(2.1)) = 0 OR '1'='2"
    hits = list(strike(_clients(world), [*aimed, (door, sleepy)]))
    assert {hit.what.split()[0] for hit in hits} >= {"answers", "finds", "takes"}
