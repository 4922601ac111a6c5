"""定稿: what is frozen stands, nobody stands twice, the budget holds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from niangjia.benefits import lists
from niangjia.benefits.models import FrozenList, ListRow
from niangjia.benefits.services import freeze, holds
from niangjia.benefits.tests import world
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.core.facts import VISIT
from niangjia.federation.scopes import scope_of
from niangjia.federation.services.audit import advance_feed
from niangjia.people.services.facts import record_fact
from niangjia.policy import queries as policy

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village


def test_everybody_who_meets_the_rule_is_frozen_with_decision_and_amount(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    rows = list(found.rows.order_by("position"))
    assert {row.subject_id for row in rows} == {village.persons[name] for name in world.WORKERS}
    assert [row.amount_fen for row in rows] == [200_000] * 4
    assert found.total_fen == 800_000
    assert [row.position for row in rows] == [1, 2, 3, 4]


def test_once_per_household_two_workers_of_one_home_stand_once(village: Village) -> None:
    found = world.frozen(village, world.consolation(village, per="household"))
    assert found.rows.count() == 3
    assert found.total_fen == 600_000


def test_pressed_twice_it_is_one_list(village: Village) -> None:
    version = world.consolation(village)
    assert world.frozen(village, version, "same").pk == world.frozen(village, version, "same").pk
    assert FrozenList.objects.count() == 1


def test_who_is_on_a_list_is_not_frozen_again(village: Village) -> None:
    version = world.consolation(village)
    world.frozen(village, version, "one")
    with pytest.raises(freeze.NobodyToFreeze):
        world.frozen(village, version, "two")


def test_on_hold_stays_off_the_list_until_lifted(village: Village) -> None:
    version = world.consolation(village)
    held = village.persons["谷满仓"]
    su = village.user("su")
    hold = holds.place_hold(
        version_public_id=version, subject_kind="person", subject_id=held, reason="他有第二套房", acting_user=su
    )
    assert held not in set(world.frozen(village, version, "one").rows.values_list("subject_id", flat=True))
    holds.lift_hold(public_id=hold.public_id, acting_user=su)
    assert set(world.frozen(village, version, "two").rows.values_list("subject_id", flat=True)) == {held}


def test_a_hold_needs_a_reason_and_is_one(village: Village) -> None:
    version = world.consolation(village)
    words = {"version_public_id": version, "subject_kind": "person", "subject_id": village.persons["谷满仓"]}
    with pytest.raises(holds.HoldNeedsReason):
        holds.place_hold(**words, reason="  ", acting_user=village.user("su"))
    holds.place_hold(**words, reason="存疑", acting_user=village.user("su"))
    with pytest.raises(holds.AlreadyHeld):
        holds.place_hold(**words, reason="存疑", acting_user=village.user("su"))


def test_a_town_officer_holds_his_own_people_only(village: Village) -> None:
    version = world.consolation(village)
    words = {
        "version_public_id": version,
        "subject_kind": "person",
        "reason": "存疑",
        "acting_user": village.user("bai"),
    }
    with pytest.raises(NotFoundHere):
        holds.place_hold(**words, subject_id=village.persons["艾草青"])
    assert holds.place_hold(**words, subject_id=village.persons["谷满仓"]).union_id == village.union("town-b")


def test_above_the_budget_nothing_is_frozen_and_the_sentence_says_by_how_much(village: Village) -> None:
    version = world.consolation(village, budget_fen=799_999)
    with pytest.raises(freeze.OverBudget) as refusal:
        world.frozen(village, version)
    for figure in ("8,000.00", "7,999.99"):
        assert figure in str(refusal.value.sentence)
    assert not FrozenList.objects.exists()
    assert not ListRow.objects.exists()


def test_exactly_the_budget_is_enough(village: Village) -> None:
    assert world.frozen(village, world.consolation(village, budget_fen=800_000)).total_fen == 800_000


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"document_number": " "}, "document_number"), ({"meeting": ""}, "meeting"),
        ({"meeting_on": None}, "meeting_on"), ({"meeting_on": date(2026, 8, 4)}, "meeting_on"),
        ({"attachment": None}, "attachment"),
    ],
)  # fmt: skip
def test_a_list_without_its_paper_is_refused_at_the_field(village: Village, missing: dict, field: str) -> None:
    version = world.consolation(village)
    whole = {
        "document_number": "云工发〔2026〕21号", "meeting": "主席办公会", "meeting_on": date(2026, 8, 3),
        "attachment": world.pdf(), "seen": freeze.plan_freeze(world.scope_to_freeze(village), version).seen,
        "version_public_id": version, "request_id": "r", "acting_user": village.user("su"),
    }  # fmt: skip
    with pytest.raises(freeze.PaperMissing) as refusal:
        freeze.freeze_list(**{**whole, **missing})
    assert refusal.value.field == field
    assert not FrozenList.objects.exists()


def test_what_changed_while_reading_is_not_frozen(village: Village) -> None:
    version = world.consolation(village)
    with pytest.raises(freeze.ChangedWhileReading):
        freeze.freeze_list(
            version_public_id=version, document_number="1号", meeting="会", meeting_on=date(2026, 8, 3),
            attachment=world.pdf(), seen="3-600000-1", request_id="r", acting_user=village.user("su"),
        )  # fmt: skip


@pytest.mark.parametrize("name", ["jiang", "lian", "yun"])
def test_only_the_county_officer_freezes(village: Village, name: str) -> None:
    version = world.consolation(village)
    with pytest.raises((RightMissing, NotFoundHere)):
        freeze.freeze_list(
            version_public_id=version, document_number="1号", meeting="会", meeting_on=date(2026, 8, 3),
            attachment=world.pdf(), seen="x", request_id="r", acting_user=village.user(name),
        )  # fmt: skip


def _income(village: Village, fen: int) -> None:
    record_fact(
        subject_kind="household", subject_id=village.homes["麦芒种"], code="income_per_head", value=fen, proof=VISIT,
        true_on=date(2026, 8, 3), source_zh="入户", source_en="Visit", acting_user=village.user("jiang"),
    )  # fmt: skip
    advance_feed()


def test_what_changes_after_the_freeze_is_a_difference_and_moves_nothing(village: Village) -> None:
    version = world.study_aid(village)
    world.letter(village)
    found = world.frozen(village, version)
    before = list(found.rows.values_list("subject_id", "decision_id", "amount_fen", "excluded_at"))
    scope = world.scope_to_freeze(village)
    card = policy.version_card(scope, version)
    assert not lists.difference(scope, card, found)
    _income(village, 260_000)
    changed = lists.difference(scope, card, found)
    assert [row.subject_id for row in changed.changed] == [village.persons["麦冬冬"]]
    assert changed.new == ()
    assert list(found.rows.values_list("subject_id", "decision_id", "amount_fen", "excluded_at")) == before
    _income(village, 118_000)
    assert not lists.difference(scope, card, found)


def test_taken_back_its_people_are_free_and_the_list_stays_on_record(village: Village) -> None:
    version = world.consolation(village)
    first = world.frozen(village, version, "one")
    with pytest.raises(freeze.ReasonMissing):
        freeze.cancel_list(public_id=first.public_id, reason="", acting_user=village.user("su"))
    freeze.cancel_list(public_id=first.public_id, reason="会议改期", acting_user=village.user("su"))
    second = world.frozen(village, version, "two")
    assert (second.number, second.rows.count()) == (2, 4)
    assert first.rows.filter(excluded_at__isnull=False).count() == 4


def test_one_row_taken_off_leaves_the_others(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    row = found.rows.get(subject_id=village.persons["谷满仓"])
    freeze.exclude_row(list_public_id=found.public_id, row_id=row.pk, reason="异议成立", acting_user=village.user("su"))
    scope = scope_of(village.user("su"), "benefits.list:read")
    assert lists.figures_of(scope, [found])[found.pk].total_fen == 600_000


@pytest.mark.parametrize(("subject", "key"), [("subject_id + 9000", "per_key"), ("subject_id", "'another'")])
def test_the_database_lets_nobody_stand_on_two_live_lists(village: Village, subject: str, key: str) -> None:
    version = world.consolation(village)
    first = world.frozen(village, version)
    row = first.rows.order_by("pk").first()
    other = FrozenList.objects.create(
        version_id=first.version_id, programme_id=first.programme_id, number=9, union_id=first.union_id,
        period=first.period, document_number="1号", meeting="会", meeting_on=date(2026, 8, 3),
        attachment_id=first.attachment_id, registry_day=date(2026, 8, 3), total_fen=0, frozen_by=village.user("su"),
        frozen_at=first.frozen_at, request_id="other",
    )  # fmt: skip
    columns = (
        "programme_id, period, position, subject_kind, {subject}, union_id, household_id, decision_id, {key}, "
        "amount_fen, first_time, exclusion_reason"
    )
    into = columns.format(subject="subject_id", key="per_key")
    again = (
        f"INSERT INTO benefits_listrow (frozen_list_id, {into}) "
        f"SELECT %s, {columns.format(subject=subject, key=key)} FROM benefits_listrow WHERE id = %s"
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(again, [other.pk, row.pk])
    elsewhen = again.replace("SELECT %s, programme_id, period", "SELECT %s, programme_id, '2027'")
    with connection.cursor() as cursor:  # the control: another period is another entitlement
        cursor.execute(elsewhen, [other.pk, row.pk])


@pytest.mark.parametrize(
    ("first", "second"), [("person", "household"), ("household", "person"), ("household", "household")]
)
def test_an_edition_that_counts_otherwise_finds_nobody_who_is_on_a_list(
    village: Village, first: str, second: str
) -> None:
    world.frozen(village, world.consolation(village, per=first), "one")
    again = world.consolation(village, per=second)
    with pytest.raises(freeze.NobodyToFreeze):
        world.frozen(village, again, "two")


def test_per_person_two_members_of_one_household_do_not_stand_for_each_other(village: Village) -> None:
    found = world.frozen(village, world.consolation(village), "one")
    row = found.rows.get(subject_id=village.persons["桑果红"])
    freeze.exclude_row(list_public_id=found.public_id, row_id=row.pk, reason="缺材料", acting_user=village.user("su"))
    again = world.frozen(village, world.consolation(village), "two")
    assert list(again.rows.values_list("subject_id", flat=True)) == [village.persons["桑果红"]]


def test_a_member_taken_off_is_not_paid_by_the_household_s_edition_while_another_member_stands(
    village: Village,
) -> None:
    found = world.frozen(village, world.consolation(village), "one")
    row = found.rows.get(subject_id=village.persons["桑果红"])
    freeze.exclude_row(list_public_id=found.public_id, row_id=row.pk, reason="缺材料", acting_user=village.user("su"))
    again = world.consolation(village, per="household")
    with pytest.raises(freeze.NobodyToFreeze):
        world.frozen(village, again, "two")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE benefits_listrow SET amount_fen = amount_fen + 1",
        "UPDATE benefits_listrow SET subject_id = subject_id + 1",
        "UPDATE benefits_listrow SET subject_kind = 'household'",
        "UPDATE benefits_listrow SET per_key = per_key || 'x'",
        "DELETE FROM benefits_listrow",
        "UPDATE benefits_frozenlist SET total_fen = 1",
        "DELETE FROM benefits_frozenlist",
    ],
)
def test_the_database_refuses_to_move_a_frozen_list(village: Village, statement: str) -> None:
    world.frozen(village, world.consolation(village))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", ["excluded_at = NULL", "exclusion_reason = 'x'"])
def test_the_database_refuses_to_put_a_row_that_was_taken_off_back(village: Village, statement: str) -> None:
    found = world.frozen(village, world.consolation(village))
    freeze.cancel_list(public_id=found.public_id, reason="会议改期", acting_user=village.user("su"))
    refused = pytest.raises(DatabaseError, match=r"stands still|append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE benefits_listrow SET {statement}")
