"""The rows inside a batch as a list: each number opens exactly the rows it counts, and no value stands there."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from niangjia.people.models import CrossCheck
from niangjia.people.services import cross_checks as checks
from niangjia.people.tests.test_cross_checks import (
    BORN,
    PLANTS,
    answer,
    draft,
    home,
    send,
    settle,
    sign,
    state,
)
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database
COUNT = re.compile(r'href="([^"]+/rows/[^"]*)" data-count="(\d+)"')


@pytest.fixture
def check(world: World) -> CrossCheck:
    """Five households, four of them signed and asked about: one differs, one is new, one the same, one is silent."""
    homes = [home(world, at, name, union="grid-a" if at == 0 else "town-a") for at, name in enumerate(PLANTS)]
    for one in homes[:4]:
        sign(world, one)
    for one in homes[:2]:
        state(world, one, 100_000)
    check = send(world, draft(world, homes))
    answer(
        world, check, [(PLANTS[at], identity_number(BORN, at), fen) for at, fen in ((0, 1000), (1, 2222), (2, 3333))]
    )
    return check


def names_on(world: World, check: CrossCheck, who: str = "su", **asked: str) -> set[str]:
    page = client_of(world, who).get(reverse("check_rows", args=[check.public_id]), asked).content.decode()
    return {name for name in PLANTS if re.search(rf'<th scope="row"><a href="[^"]+">{name}</a>', page)}


def test_every_number_of_a_batch_opens_the_rows_it_counts(world: World, check: CrossCheck) -> None:
    client = client_of(world, "su")
    pages = [client.get(reverse("check_file", args=[check.public_id])), client.get(reverse("check_list"))]
    counts = {pair for page in pages for pair in COUNT.findall(page.content.decode())}
    assert len(counts) == 8, counts
    for address, number in counts:
        assert f'data-total="{number}"' in client.get(address.replace("&amp;", "&")).content.decode(), address


def test_rows_narrow_by_what_came_back_and_by_who_is_in_the_file(world: World, check: CrossCheck) -> None:
    first, second, third, fourth, fifth = PLANTS
    assert names_on(world, check) == set(PLANTS)
    assert names_on(world, check, verdict="differs") == {second}
    assert names_on(world, check, verdict="filled") == {third}
    assert names_on(world, check, verdict="same") == {first}
    assert names_on(world, check, verdict="silent") == {fourth}
    assert names_on(world, check, answered="no") == {fourth, fifth}
    assert names_on(world, check, part="out") == {fifth}
    assert names_on(world, check, union=world.union("grid-a").public_id) == {first}
    assert names_on(world, check, decision="open") == {second}
    checks.choose(public_id=check.public_id, number=2, choice="visit", acting_user=world.user("su"))
    assert names_on(world, check, decision="open") == set()
    assert names_on(world, check, decision="visit") == {second}
    settle(world, check)
    assert names_on(world, check, decision="visit") == {second}, "settled, it still says what was decided"


def test_no_value_stands_on_the_list_and_nobody_else_opens_it(world: World, check: CrossCheck) -> None:
    address = reverse("check_rows", args=[check.public_id])
    page = client_of(world, "su").get(address).content.decode()
    assert "3,333" not in page
    assert "2,222" not in page
    assert identity_number(BORN, 1) not in page
    assert client_of(world, "jiang").get(address).status_code == 404
    sent = {"way": "xlsx", "purpose": "部务会", "columns": ["name", "state"]}
    export = f"{reverse('list_export', args=['people.check_rows'])}?about={check.public_id}"
    assert client_of(world, "su").post(export, sent).headers["Content-Type"].endswith("sheet")
