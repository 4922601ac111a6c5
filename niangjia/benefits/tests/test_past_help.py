"""Ledgers of earlier years and of other levels go in as a roster: one line of time of all help, and no loss."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.benefits.models import PastServing, Received
from niangjia.core import clock
from niangjia.people.models import Household, HouseholdMember, Person
from niangjia.people.services.households import register_household
from niangjia.people.services.persons import register_person
from niangjia.people.tests.tables import digests, enter, hand_in, rows_of, sentences, take_back, workbook
from niangjia.people.tests.world import World, build_world, identity_number
from niangjia.policy.models import Programme

HEADS = ("身份证号", "姓名", "帮扶项目", "发放日期", "金额（元）", "救助类别", "发放级别", "发放单位")
NUMBER = identity_number(date(1980, 1, 2), 21)
LEDGER = "《困难职工帮扶台账》"


@pytest.fixture
def world(db: None, settings: object) -> World:
    """A small federation."""
    settings.DEMO_NUMBERS = True  # type: ignore[attr-defined]
    return build_world()


@pytest.fixture
def mai(world: World) -> Person:
    """Head of a household of town A since 2020."""
    su, town = world.user("su"), world.union("town-a")
    found = register_person(union_id=town.pk, name="麦芒种", id_number=NUMBER, acting_user=su)
    register_household(
        union_id=town.pk, head_id=found.pk, address="", registered_on=date(2020, 1, 1), acting_user=su
    )  # fmt: skip
    return found


def ledger() -> list[tuple[object, ...]]:
    """One help of each level, and what is known of it."""
    return [
        (NUMBER, "麦芒种", "省总送温暖", date(2023, 1, 12), 1_000, "生活救助", "省级", "省总工会"),
        (NUMBER, "麦芒种", "金秋助学", date(2023, 8, 20), 3_000, "助学", "市", "市总工会"),
        (NUMBER, "麦芒种", "大病救助", date(2022, 5, 6), 5_000.5, "医疗", "县级", ""),
        (NUMBER, "麦芒种", "技能培训", date(2019, 5, 6), None, "就业帮扶", "", ""),
    ]


def test_help_of_all_levels_stands_on_one_line_of_time(world: World, mai: Person) -> None:
    su, town = world.user("su"), world.union("town-a")
    roster = hand_in(workbook([HEADS, *ledger()]), su, town.pk, "past_help", source=LEDGER)
    assert (roster.state, sentences(roster)) == ("checked", {})
    assert roster.counts["new_by_union"] == {"town-a工会": 4}
    assert [(row["v"]["what"], row["v"].get("amount")) for row in rows_of(roster, "new")] == [
        ("省总送温暖", 100_000), ("金秋助学", 300_000), ("大病救助", 500_050), ("技能培训", None),
    ]  # fmt: skip
    assert not PastServing.objects.exists(), "nothing before the approval"
    enter(roster, su)
    home = Household.objects.get()
    kept = PastServing.objects.order_by("served_on").values_list("amount_fen", "household_id", "aid", "level")
    assert list(kept) == [
        (None, None, "work", ""), (500_050, home.pk, "medical", "county"), (100_000, home.pk, "living", "province"),
        (300_000, home.pk, "school", "city"),
    ], "in 2019 the household was not registered yet"  # fmt: skip
    client = Client()
    client.force_login(su)
    page = client.get(reverse("household_file", args=[home.public_id])).content.decode()
    timeline = page.partition('class="timeline"')[2].partition("</ol>")[0]
    assert [timeline.find(word) for word in ("2023-08-20", "2023-01-12", "2022-05-06", "2019-05-06")] == sorted(
        timeline.find(word) for word in ("2023-08-20", "2023-01-12", "2022-05-06", "2019-05-06")
    ), "the newest first"
    for words in (
        "生活救助 · 省总工会（省级）",
        "子女就学救助 · 市总工会（市级）",
        "医疗救助 · 县级",
        LEDGER,
        "5,000.50",
    ):
        assert words in timeline


def test_a_ledger_twice_changes_nothing_and_taken_back_leaves_nothing(world: World, mai: Person) -> None:
    su, town = world.user("su"), world.union("town-a")
    before = digests()
    roster = enter(hand_in(workbook([HEADS, *ledger()]), su, town.pk, "past_help", source=LEDGER), su)
    counted = dict(Received.objects.values_list("holder", "fen"))
    assert counted[f"person:{mai.pk}"] > 0, "what was given counts where caps are kept"
    entered = digests()
    again = hand_in(workbook([HEADS, *ledger()]), su, town.pk, "past_help", source=LEDGER)
    assert (again.counts["same"], again.counts["new"], again.counts["changed"]) == (4, 0, 0)
    assert digests() == entered
    back = take_back(roster, su)
    assert (back.state, back.fault, sentences(back, "kept")) == ("undone", "", {})
    assert not PastServing.objects.exists()
    assert set(Received.objects.values_list("fen", "times")) == {(0, 0)}
    after = digests()
    assert {name for name in before if before[name] != after[name]} <= {"benefits.Received"}, "but counters at nought"


def test_what_cannot_be_so_is_refused_in_words_that_say_what_to_do(world: World, mai: Person) -> None:
    su, town = world.user("su"), world.union("town-a")
    enter(hand_in(workbook([HEADS, *ledger()]), su, town.pk, "past_help", source=LEDGER), su)
    table = [
        HEADS,
        (NUMBER, "麦芒种", "省总送温暖", date(2023, 1, 12), 1_200, "", "", ""),
        (NUMBER, "麦芒种", "端午慰问", date(2024, 6, 10), 200, "", "", ""),
        (NUMBER, "麦芒种", "端午慰问", date(2024, 6, 10), 300, "", "", ""),
        (NUMBER, "麦芒种", "中秋慰问", date(2099, 9, 20), 200, "", "", ""),
        (identity_number(date(1980, 1, 2), 23), "车前草", "中秋慰问", date(2024, 9, 20), 200, "", "", ""),
        (NUMBER, "麦芒种", "中秋慰问", date(2024, 9, 20), 200, "旅游", "", ""),
    ]
    found = sentences(hand_in(workbook(table), su, town.pk, "past_help", source=LEDGER))
    assert sorted(found) == [2, 4, 5, 6, 7]
    assert "1,000.00元" in found[2]
    assert "第3行" in found[4]
    assert "还没到" in found[5]
    assert "档案" in found[6]
    assert "旅游" in found[7]


def test_a_programme_of_ours_is_known_by_its_name(world: World, mai: Person) -> None:
    su, town = world.user("su"), world.union("town-a")
    programme = Programme.objects.first()
    if programme is None:
        programme = Programme.objects.create(
            slug="autumn-study", recipe="autumn-study", name_zh="金秋助学", name_en="Autumn study",
            owner_union=world.union("county"), subject="person", created_at="2026-01-01T00:00:00Z",
        )  # fmt: skip
    table = [HEADS, (NUMBER, "麦芒种", programme.name_zh, date(2023, 8, 20), 3_000, "", "", "")]
    enter(hand_in(workbook(table), su, town.pk, "past_help", source=LEDGER), su)
    assert PastServing.objects.get().programme_slug == programme.slug


def test_help_goes_to_the_household_of_that_day(world: World, mai: Person) -> None:
    su, town = world.user("su"), world.union("town-a")
    HouseholdMember.objects.update(valid_to=date(2023, 1, 1))
    enter(hand_in(workbook([HEADS, *ledger()]), su, town.pk, "past_help", source=LEDGER), su)
    home = Household.objects.get()
    assert set(PastServing.objects.filter(household_id=home.pk).values_list("served_on", flat=True)) == {
        date(2022, 5, 6)
    }


def test_help_on_record_is_never_changed_and_goes_only_with_the_table_that_brought_it(
    world: World, mai: Person
) -> None:
    su, town = world.user("su"), world.union("town-a")
    enter(hand_in(workbook([HEADS, *ledger()]), su, town.pk, "past_help", source=LEDGER), su)
    PastServing.objects.create(
        programme_slug="x", programme_name="旧台账", subject_kind="person", subject_id=mai.pk, union=town,
        served_on=date(2018, 1, 1), source=LEDGER, recorded_at=clock.now(),
    )  # fmt: skip
    for change in (
        lambda: PastServing.objects.filter(served_on=date(2023, 1, 12)).update(amount_fen=1),
        lambda: PastServing.objects.filter(roster__isnull=True).update(amount_fen=1),
        lambda: PastServing.objects.filter(roster__isnull=True).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    assert PastServing.objects.count() == 5
