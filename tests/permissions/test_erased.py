"""Somebody who was deleted stands nowhere: on no page, list, paper, table or trail, in no search and in no row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import pytest
from django.apps import apps
from django.urls import reverse

from niangjia.core import clock
from niangjia.federation.listing.kinds import list_kinds
from niangjia.federation.listing.pages import PLAIN
from niangjia.federation.services import audit
from niangjia.people.erasure import parts, plan_of
from niangjia.people.models import Person, RosterImport, SuspectedPair
from niangjia.people.tests.tables import enter
from tests.permissions.asking import Asker, routes
from tests.permissions.planted import Planted
from tests.permissions.planted_leaver import MARKS, NAME, NUMBER, PHONE, Leaver, erase, plant_leaver
from tests.permissions.test_canaries_outside import ABOUT, texts_in

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
# Words officers typed to find somebody, kept with their own doing: why each may.
TYPED = {
    "federation.SavedList": "its saver's own words, and he drops it when he likes",
    "federation.Export": "what was asked for, which its second person confirmed and an auditor reads",
}
SEARCHED = (NAME, NUMBER, NUMBER[-4:], PHONE, PHONE[-4:], "feimusheng", "fms")


@pytest.fixture
def leaver(planted: Planted) -> Leaver:
    """He, before he is forgotten."""
    return plant_leaver(planted, planted.world.user("su"))


def rows_that_tell() -> list[str]:
    """Every row, opened with every key the installation has, that holds one of his marks, and of which table it is."""
    return [
        f"{model._meta.label} {values}"
        for model in apps.get_models()
        if model.__module__.startswith("niangjia.")
        for values in model._default_manager.values_list()
        if any(mark in unquote_plus(str(value)) for value in values for mark in MARKS)
    ]


def questions(leaver: Leaver) -> Iterator[tuple[str, str, dict[str, object], str]]:
    """Every page about his things, every list as page, sentence, table and paper, and each way to search for him."""
    for route in routes():
        yield "GET", route.address_of(leaver.unit) if route.keys() else route.address({}), {}, "*/*"
    for kind in list_kinds.all():
        about = leaver.unit.ids[ABOUT[kind.code]] if kind.code in ABOUT else ""
        yield "GET", kind.address(about), {}, PLAIN
        out = reverse("list_export", args=[kind.code]) + (f"?about={about}" if about else "")
        for way in ("xlsx", "paper"):
            yield (
                "POST",
                out,
                {"purpose": "核对", "columns": [c.code for c in kind.columns if not c.right], "way": way},
                "*/*",
            )
    for word in SEARCHED:
        yield "GET", f"{reverse('desk_search')}?{urlencode({'q': word})}", {}, "*/*"


def told(planted: Planted, names: list[str], leaver: Leaver) -> list[str]:
    """Where one of them is told of him: question and mark."""
    found = []
    for name in names:
        asker = Asker(planted.callers[name])
        for method, address, sent, accept in questions(leaver):
            answer = asker.ask(method, address, sent, accept)
            words = texts_in(answer.body)
            for mark in MARKS:
                if mark in address:  # a number that was typed: how a page speaks of one depends on its digits
                    continue
                if words.count(mark) > _echoed(asker, method, address, sent, accept, mark):
                    found.append(f"{name} {method} {address} {mark}")
    return found


def _echoed(asker: Asker, method: str, address: str, sent: Any, accept: Any, mark: str) -> int:
    """How often a page repeats what was asked: as often as it repeats a word that means nobody."""
    if quote(mark) not in address:
        return 0
    nobody = "苍" * len(mark)
    return texts_in(asker.ask(method, address.replace(quote(mark), quote(nobody)), sent, accept).body).count(nobody)


@pytest.mark.nightly
def test_nobody_is_told_of_somebody_who_was_deleted(planted: Planted, leaver: Leaver) -> None:
    officers = [f"{role} at county" for role in ("county_officer", "deputy_chair", "auditor")]
    everybody = [*officers, "town_officer at town-a", "worker of town-a", "provider_assessor of town-a"]
    before = told(planted, ["county_officer at county"], leaver)
    assert {line.rpartition(" ")[2] for line in before} >= {NAME, "榧木巷9号"}, "the control: he was told of before"
    erase(leaver, planted.world.user("lian"))
    found = told(planted, everybody, leaver)
    assert found == [], "\n".join(found[:20])


def test_no_row_tells_of_somebody_who_was_deleted(planted: Planted, leaver: Leaver) -> None:
    before = {row.split()[0] for row in rows_that_tell()}
    assert before >= {"people.Person", "people.RosterBlock", "people.RosterDeed", "visits.HomeVisit", *TYPED}
    erase(leaver, planted.world.user("lian"))
    assert leaver.person.erased_at is not None
    assert {row.split()[0] for row in rows_that_tell()} == set(TYPED)
    audit.seal_all()
    assert audit.verify_chain().broken is None


def test_a_table_with_somebody_deleted_is_checked_anew_before_it_is_entered(planted: Planted, leaver: Leaver) -> None:
    roster = RosterImport.objects.get(public_id=leaver.unit.ids["roster"])
    erase(leaver, planted.world.user("lian"))
    places = [row for block in roster.blocks.all() for row in json.loads(block.rows)]
    assert {tuple(row) for row in places if row["n"] == 1} == {("n", "s", "l")}
    assert [row["v"]["name"] for row in places if row["n"] == 2] == ["榧二"]
    entered = enter(roster, planted.world.user("su"))
    assert (entered.state, entered.fault) == ("checked", "changed_since")
    assert not Person.objects.filter(name=NAME).exists()


def test_the_plan_says_that_a_file_alike_would_stay(planted: Planted) -> None:
    person = planted.units["town-b"].person
    assert person is not None
    alike = SuspectedPair.objects.filter(person=person)
    assert "另有一份档案" in "".join(str(line.tells) for line in plan_of(person.pk).lines)
    alike.update(told_apart_at=clock.now(), told_apart_by=planted.world.user("su"), reason="两个人")
    assert "另有一份档案" not in "".join(str(line.tells) for line in plan_of(person.pk).lines)


@pytest.mark.parametrize(
    ("part", "model"),
    [
        ("people.rosters", "people.RosterBlock"),
        ("visits.table", "visits.HomeVisit"),
        ("people.merges", "people.PersonMerge"),
    ],
)
def test_control_a_room_that_leaves_its_part_out_is_found(
    planted: Planted, leaver: Leaver, monkeypatch: pytest.MonkeyPatch, part: str, model: str
) -> None:
    lazy = replace(parts.get(part), carry_out=lambda person_id, keep: None)
    monkeypatch.setitem(parts._things, part, lazy)
    erase(leaver, planted.world.user("lian"))
    assert model in {row.split()[0] for row in rows_that_tell()}
