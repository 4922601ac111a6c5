"""What a list says of its rows and figures, and who may open its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import translation

from niangjia.benefits import listpage, wording
from niangjia.benefits.services import holds
from niangjia.benefits.tests import world
from niangjia.benefits.tests.test_pages import client_of, text_of
from niangjia.core import clock
from niangjia.federation.listing.units import word_of
from niangjia.federation.looking import LookedAt, looks_at
from niangjia.people.services.facts import record_fact

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


def test_near_misses_that_leave_are_looks_too(village: Village) -> None:
    version, su = world.study_aid(village), village.user("su")
    record_fact(
        subject_kind="household", subject_id=village.homes["麦芒种"], code="income_per_head", value=210_000, proof=4,
        true_on=clock.today(), source_zh="存折", source_en="bank book", acting_user=su,
    )  # fmt: skip
    world.letter(village)
    about = LookedAt("person", village.persons["麦冬冬"])
    address = f"{reverse('list_export', args=['benefits.list'])}?about={version}&tab=near"
    sent = {"way": "xlsx", "purpose": "部务会", "columns": ["town", "state"]}
    client_of(su).post(address, sent)
    assert looks_at([about]) == [], "without the reason no value left"
    client_of(su).post(address, {**sent, "columns": ["name", "why"]})
    (look,) = looks_at([about])
    assert (look.actor, look.action, look.reason) == (su, "policy.decision:look", "部务会")


def test_one_is_singular_in_english() -> None:
    with translation.override("en"):
        assert [wording.counted(many, "household") for many in (1, 2)] == ["1 household", "2 households"]
        assert [word_of(many, "body") for many in (1, 2)] == ["union", "unions"]


def test_a_narrowed_list_tells_its_own_count(village: Village) -> None:
    version = world.consolation(village)
    client, here = client_of(village.user("su")), reverse("desk_list", args=[version])
    for asked in ("", "?tab=met&first=1", "?tab=served"):
        told = client.get(here + asked, headers={"accept": "text/plain"}).content.decode()
        assert f'<p id="list-sentence">{told}</p>' in client.get(here + asked).content.decode()
    assert "分类：已发放" in told
