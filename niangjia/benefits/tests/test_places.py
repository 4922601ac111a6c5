"""Few places: who has one, who waits; lots that are fixed before their seed; what is kept with a frozen list."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from niangjia.benefits import lists, own
from niangjia.benefits.models import Draw, ListPlaces
from niangjia.benefits.places import PLACED, WAITING, Places, places_now
from niangjia.benefits.placesection import check_places
from niangjia.benefits.services import draws, freeze, holds, notice
from niangjia.benefits.tests import world
from niangjia.core import clock
from niangjia.core.errors import Refusal, RightMissing
from niangjia.engines import allocation
from niangjia.policy import queries as policy

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village

SEED_ON = world.MORNING.date() + timedelta(days=3)
SOURCE = "双色球第2026089期"


@pytest.fixture
def shelf(settings: LazySettings, tmp_path: Path) -> Callable[..., None]:
    """A shelf with the consolation given for a few places only; by birth where it is ranked."""
    source = Path(settings.PROGRAMMES_DIR) / world.CONSOLATION

    def put(places: dict[str, Any], rank: str = "") -> None:
        folder = tmp_path / "shelf" / world.CONSOLATION
        folder.mkdir(parents=True, exist_ok=True)
        for item in source.iterdir():
            text = item.read_text(encoding="utf-8")
            if item.name == "programme.yaml":
                text = text.replace("decide: rule", "decide: rank") + f"places: {json.dumps(places)}\n"
            if item.name == "rules.yaml" and rank:
                text += f"rank_key: {rank}\n"
            (folder / item.name).write_text(text, encoding="utf-8")
        settings.PROGRAMMES_DIR = folder.parent

    return put


def _places(version: str, village: Village) -> Places:
    found = places_now(policy.version_card(world.scope_to_freeze(village), version))
    assert found is not None
    return found


def _stands(found: Places, village: Village) -> dict[str, str]:
    return {name: found.of("person", village.persons[name]).code for name in world.WORKERS}


def test_the_order_gives_places_and_the_rest_wait(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 2}, "0 - years_since(born_on)")
    version = world.consolation(village)
    stands = _stands(_places(version, village), village)
    assert stands == {"谷满仓": PLACED, "杜仲山": PLACED, "桑果红": WAITING, "艾草青": WAITING}
    frozen = world.frozen(village, version)
    names = {pk: name for name, pk in village.persons.items()}
    assert [names[pk] for pk in frozen.rows.order_by("position").values_list("subject_id", flat=True)] == [
        "谷满仓", "杜仲山",
    ]  # fmt: skip


def test_who_declines_is_followed_by_the_next_and_the_list_stands(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 2}, "0 - years_since(born_on)")
    version = world.consolation(village)
    frozen = world.frozen(village, version)
    scope, su = world.scope_to_freeze(village), village.user("su")
    card = policy.version_card(scope, version)
    assert not lists.difference(scope, card, frozen)
    row = frozen.rows.get(subject_id=village.persons["谷满仓"])
    freeze.exclude_row(list_public_id=frozen.public_id, row_id=row.pk, reason="本人放弃", declined=True, acting_user=su)
    new = lists.difference(scope, card, frozen).new
    assert [one.subject_id for one in new] == [village.persons["桑果红"]]
    second = world.frozen(village, version, "two")
    assert list(second.rows.values_list("subject_id", flat=True)) == [village.persons["桑果红"]]
    assert frozen.rows.filter(excluded_at__isnull=True).count() == 1
    kept = [allocation.read_draw(one.file).run() for one in ListPlaces.objects.order_by("frozen_list_id")]
    assert [(len(one.placed), len(one.waiting)) for one in kept] == [(2, 2), (2, 1)]


def test_taken_off_for_another_reason_the_place_is_still_his(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 2}, "0 - years_since(born_on)")
    frozen = world.frozen(village, world.consolation(village))
    row = frozen.rows.get(subject_id=village.persons["谷满仓"])
    freeze.exclude_row(list_public_id=frozen.public_id, row_id=row.pk, reason="缺材料", acting_user=village.user("su"))
    scope = world.scope_to_freeze(village)
    card = policy.cards_of([frozen.version_id])[frozen.version_id]
    assert [one.subject_id for one in lists.difference(scope, card, frozen).new] == [village.persons["谷满仓"]]


def test_whoever_is_on_hold_leaves_his_turn_to_the_next(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 2}, "0 - years_since(born_on)")
    version = world.consolation(village)
    holds.place_hold(
        version_public_id=version, subject_kind="person", subject_id=village.persons["杜仲山"], reason="他不要",
        acting_user=village.user("su"),
    )  # fmt: skip
    stands = _stands(_places(version, village), village)
    assert [name for name, code in stands.items() if code == PLACED] == ["桑果红", "谷满仓"]


def _fix(village: Village, version: str, source: str = SOURCE, on: date | None = SEED_ON, who: str = "su") -> Draw:
    return draws.fix_list(version_public_id=version, seed_source=source, seed_on=on, acting_user=village.user(who))


def test_equals_are_drawn_from_a_list_that_was_fixed_before(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 3})
    version = world.consolation(village)
    assert len(_places(version, village).found.drawn) == 4
    with pytest.raises(freeze.DrawFirst):
        world.frozen(village, version)
    draw = _fix(village, version)
    with pytest.raises(draws.NothingToDraw):
        _fix(village, version)
    with pytest.raises(draws.SeedNotOutYet):
        draws.enter_seed(draw_public_id=draw.public_id, value="1", acting_user=village.user("su"))
    with clock.frozen(SEED_ON):
        with pytest.raises(draws.SeedMissing):
            draws.enter_seed(draw_public_id=draw.public_id, value="  ", acting_user=village.user("su"))
        draws.enter_seed(draw_public_id=draw.public_id, value=" 03  07 ", acting_user=village.user("su"))
        with pytest.raises(draws.SeedStands):
            draws.enter_seed(draw_public_id=draw.public_id, value="2", acting_user=village.user("su"))
        frozen = world.frozen(village, version)
    assert frozen.rows.count() == 3
    kept = frozen.places.file
    assert allocation.recheck(kept) == []
    drawn = allocation.read_draw(kept)
    assert (drawn.list_hash, drawn.seed.value) == (draw.list_hash, "03 07")
    assert not set(village.persons) & set(kept)


@pytest.mark.parametrize(
    ("source", "on", "refusal"),
    [
        (" ", SEED_ON, draws.SeedSourceMissing),
        (SOURCE, world.MORNING.date(), draws.SeedTooEarly),
        (SOURCE, None, draws.SeedTooEarly),
    ],
)
def test_a_seed_that_somebody_could_choose_is_refused(
    village: Village, shelf: Callable[..., None], source: str, on: date | None, refusal: type[Refusal]
) -> None:
    shelf({"number": 3})
    version = world.consolation(village)
    with pytest.raises(refusal):
        _fix(village, version, source, on)
    assert not Draw.objects.exists()


def test_a_town_s_officer_fixes_no_list_of_the_county(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 3})
    version = world.consolation(village)
    with pytest.raises(RightMissing):
        _fix(village, version, who="jiang")


@pytest.mark.parametrize("table", ["draw", "drawseed", "listplaces"])
def test_the_database_refuses_to_change_a_draw(village: Village, shelf: Callable[..., None], table: str) -> None:
    shelf({"number": 3})
    version = world.consolation(village)
    draw = _fix(village, version)
    with clock.frozen(SEED_ON):
        draws.enter_seed(draw_public_id=draw.public_id, value="1", acting_user=village.user("su"))
        world.frozen(village, version)
    column = {"draw": "list_hash", "drawseed": "value", "listplaces": "file"}[table]
    for statement in (f"UPDATE benefits_{table} SET {column} = 'x'", f"DELETE FROM benefits_{table}"):
        refused = pytest.raises(DatabaseError, match="append-only")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_worker_is_told_after_the_release_and_only_of_himself(village: Village, shelf: Callable[..., None]) -> None:
    shelf({"number": 2}, "0 - years_since(born_on)")
    frozen = world.frozen(village, world.consolation(village))

    users = {name: world.worker(village, name) for name in ("谷满仓", "艾草青")}

    def told(name: str) -> list[str]:
        return [one.place for one in own.own_matters(users[name], clock.today()) if one.is_me]

    assert told("谷满仓") == [""]
    world.noticed(village, frozen)
    notice.release_list(list_public_id=frozen.public_id, acting_user=village.user("su"))
    assert told("谷满仓")[0].startswith("您有名额：第1号，共2个。")
    assert told("艾草青")[0].startswith("您在候补第2位；")


def test_pages_of_a_draw_open_and_answer(village: Village, shelf: Callable[..., None], client: Any) -> None:
    shelf({"number": 3, "groups": [{"zh": "一类", "en": "first"}]})
    version = world.consolation(village)
    client.force_login(village.user("su"))
    page = client.get(reverse("desk_list", args=[version])).content.decode()
    assert "4人并列，只剩3个名额，要摇号。" in page
    wrong = client.post(reverse("desk_draw_fix", args=[version]), {"seed_source": SOURCE, "seed_on": "2026-08-03"})
    assert wrong.status_code == 422
    assert "种子的公布日期要在今天以后" in wrong.content.decode()
    client.post(reverse("desk_draw_fix", args=[version]), {"seed_source": SOURCE, "seed_on": "2026-08-06"})
    draw = Draw.objects.get()
    assert draw.list_hash in client.get(reverse("desk_list", args=[version])).content.decode()
    with clock.frozen(SEED_ON):
        empty = client.post(reverse("desk_draw_seed", args=[version, draw.public_id]), {"value": ""})
        assert empty.status_code == 422
        client.post(reverse("desk_draw_seed", args=[version, draw.public_id]), {"value": "7"})
    file = client.get(reverse("desk_places", args=[version])).content.decode()
    assert allocation.read_draw(file).seed.value == "7"
    assert allocation.recheck(file) == []


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({"number": "places", "colour": "red"}, "colour"),
        ({}, "number"),
        ({"number": True}, "number"),
        ({"number": -1}, "number"),
        ({"number": 1, "groups": [{"zh": "一"}]}, "groups"),
        ({"number": 1, "ties": ["by-mood"]}, "never-served"),
        (["places"], "places"),
    ],
)
def test_what_is_wrong_in_the_section_is_said_with_advice(value: object, word: str) -> None:
    found = list(check_places(value))
    assert len(found) == 1
    zh, en, advice_zh, advice_en = found[0]
    assert word in zh
    assert word in en
    assert advice_zh
    assert advice_en


def test_a_good_section_has_no_faults() -> None:
    text = "{number: vouchers, groups: [{zh: 一, en: one}], ties: [never-served]}"
    assert not list(check_places(yaml.safe_load(text)))
    assert not list(check_places({"number": 120}))
