"""What a list says of its rows and figures, and who may open its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from niangjia.benefits import listpage
from niangjia.benefits.services import holds
from niangjia.benefits.tests import world
from niangjia.benefits.tests.test_pages import client_of, text_of

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from niangjia.benefits.candidates import Candidate
    from niangjia.benefits.tests.world import Village


def test_who_is_on_hold_is_said_beside_the_figures(village: Village) -> None:
    version = world.consolation(village)
    found = lists_of(village, version)
    holds.place_hold(
        version_public_id=version, subject_kind=found.subject_kind, subject_id=found.subject_id, reason="有第二套房",
        acting_user=village.user("su"),
    )  # fmt: skip
    words = text_of(client_of(village.user("su")), reverse("desk_list", args=[version]))
    assert "4人 · 其中暂缓1人" in words
    assert "合计8,000.00元，其中暂缓1人" in words


def lists_of(village: Village, version: str) -> Candidate:
    """The first of those who meet the rule."""
    return listpage.open_list(world.scope_to_freeze(village), version, listpage.Filters()).met[0]


def test_a_row_says_by_which_facts_the_rule_is_met(village: Village) -> None:
    version = world.consolation(village)
    words = text_of(client_of(village.user("su")), reverse("desk_list", args=[version]))
    assert "在档困难职工家庭" in words
    assert "否" not in words


def test_the_paper_of_a_list_is_for_those_who_reach_all_its_people(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    address, page = (reverse(name, args=[found.public_id]) for name in ("desk_notice_paper", "desk_notice"))
    scan = client_of(village.user("su")).get(address)
    assert b"".join(scan.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    for close in scan._resource_closers:  # the file only: the answer would take the database with it
        close()
    town = client_of(village.user("bai"))
    assert town.get(page).status_code == 200
    assert town.get(address).status_code == 404
    assert address not in town.get(page).content.decode()


def test_the_address_of_a_button_leads_back_to_its_page(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    page = reverse("desk_notice", args=[found.public_id])
    desk = client_of(village.user("su"))
    for name, more in (("desk_notice_start", ()), ("desk_notice_exclude", (found.rows.first().pk,))):
        answer = desk.get(reverse(name, args=[found.public_id, *more]))
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
