"""公示, approval, handing out: each in its order, each by who may, each undone by a row."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from niangjia.benefits import history, papers, underway
from niangjia.benefits.models import FrozenList, Serving
from niangjia.benefits.services import freeze, holds, notice, serve
from niangjia.benefits.services.load import PastServingLine, load_past_servings
from niangjia.benefits.tests import world
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import scope_of, system_scope
from niangjia.federation.services import approvals
from niangjia.people import queries as people
from niangjia.people.filepage import OpenedFile
from niangjia.people.timeline import timeline_of

pytestmark = pytest.mark.one_database

if TYPE_CHECKING:
    from niangjia.benefits.tests.world import Village

DAY = date(2026, 8, 11)


@pytest.fixture
def on_notice(village: Village) -> FrozenList:
    found = world.frozen(village, world.consolation(village))
    world.noticed(village, found)
    return found


@pytest.fixture
def after(village: Village, on_notice: FrozenList) -> Iterator[FrozenList]:
    """The day after the notice, the list approved."""
    with clock.frozen(world.AFTER_NOTICE):
        world.approved(village, on_notice)
        yield on_notice


def _ids(found: FrozenList) -> list[int]:
    return list(found.rows.order_by("position").values_list("pk", flat=True))


def _serve(village: Village, found: FrozenList, rows: list[int], **more: Any) -> list[Serving]:
    words = {"served_on": DAY, "reference": "付字1号", "acting_user": village.user("su"), **more}
    return serve.record_servings(list_public_id=found.public_id, row_ids=rows, **words)


def test_five_working_days_from_monday_end_on_the_next_monday(on_notice: FrozenList) -> None:
    assert (on_notice.notice.starts_on, on_notice.notice.ends_on) == (date(2026, 8, 3), date(2026, 8, 10))


def test_a_notice_needs_a_place_and_a_telephone_and_is_put_up_once(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    words = {"list_public_id": found.public_id, "acting_user": village.user("su")}
    with pytest.raises(notice.PhoneMissing):
        notice.start_notice(**words, objection_phone="", place="栏")
    with pytest.raises(notice.PlaceMissing):
        notice.start_notice(**words, objection_phone="1", place=" ")
    notice.start_notice(**words, objection_phone="1", place="栏")
    with pytest.raises(notice.NoticeAlreadyUp):
        notice.start_notice(**words, objection_phone="1", place="栏")


def test_approval_waits_until_the_notice_is_over(village: Village, on_notice: FrozenList) -> None:
    words = {"list_public_id": on_notice.public_id, "acting_user": village.user("su")}
    with clock.frozen(datetime(2026, 8, 10, 17, 0, tzinfo=clock.LOCAL)), pytest.raises(notice.WrongOrder):
        notice.ask_list_approval(**words)
    with clock.frozen(world.AFTER_NOTICE):
        notice.ask_list_approval(**words)
        with pytest.raises(approvals.AlreadyAsked):
            notice.ask_list_approval(**words)


def test_who_froze_cannot_approve_and_a_changed_list_is_refused(village: Village, on_notice: FrozenList) -> None:
    with clock.frozen(world.AFTER_NOTICE):
        asked = notice.ask_list_approval(list_public_id=on_notice.public_id, acting_user=village.user("su"))
        with pytest.raises((approvals.SamePerson, RightMissing)):
            approvals.decide(public_id=asked.public_id, verdict="confirmed", acting_user=village.user("su"))
        freeze.exclude_row(
            list_public_id=on_notice.public_id,
            row_id=_ids(on_notice)[0],
            reason="异议成立",
            acting_user=village.user("su"),
        )
        with pytest.raises(approvals.ChangedSince):
            approvals.decide(public_id=asked.public_id, verdict="confirmed", acting_user=village.user("lian"))
        assert not hasattr(FrozenList.objects.get(pk=on_notice.pk), "confirmation")


def test_returned_it_can_be_asked_for_again(village: Village, on_notice: FrozenList) -> None:
    with clock.frozen(world.AFTER_NOTICE):
        words = {"list_public_id": on_notice.public_id, "acting_user": village.user("su")}
        asked = notice.ask_list_approval(**words)
        answer = {"public_id": asked.public_id, "verdict": "returned", "acting_user": village.user("lian")}
        with pytest.raises(notice.ReturnNeedsSentence):
            notice.answer_list_approval(**answer, note=" ")
        notice.answer_list_approval(**answer, note="纪要缺页")
        assert on_notice.returns.get().note == "纪要缺页"
        notice.ask_list_approval(**words)
        assert open_approvals(system_scope(), notice.APPROVAL_KIND).count() == 1


def test_nothing_is_handed_out_before_notice_and_approval(village: Village) -> None:
    found = world.frozen(village, world.consolation(village))
    with pytest.raises(serve.WrongOrder):
        _serve(village, found, _ids(found), served_on=date(2026, 8, 3))
    world.noticed(village, found)
    with clock.frozen(world.AFTER_NOTICE), pytest.raises(serve.WrongOrder):
        _serve(village, found, _ids(found))
    assert not Serving.objects.exists()


@pytest.mark.parametrize(
    ("more", "refusal"),
    [
        ({"reference": " "}, serve.ReferenceMissing), ({"served_on": None}, serve.DayImpossible),
        ({"served_on": date(2026, 8, 12)}, serve.DayImpossible),
        ({"served_on": date(2026, 8, 10)}, serve.DayImpossible),  # the last day of the notice
    ],
)  # fmt: skip
def test_a_record_without_paper_or_day_is_refused(
    village: Village, after: FrozenList, more: dict, refusal: type
) -> None:
    with pytest.raises(refusal):
        _serve(village, after, _ids(after), **more)
    assert not Serving.objects.exists()


def test_all_chosen_rows_are_recorded_or_none(village: Village, after: FrozenList) -> None:
    first, *rest = _ids(after)
    _serve(village, after, [first])
    with pytest.raises(serve.AlreadyServed):
        _serve(village, after, [*rest, first])
    with pytest.raises(NotFoundHere):
        _serve(village, after, [*rest, 10_000_000])
    with pytest.raises(serve.NobodyChosen):
        _serve(village, after, [])
    assert Serving.objects.count() == 1


def test_on_hold_after_the_freeze_is_not_handed_out(village: Village, after: FrozenList) -> None:
    holds.place_hold(
        version_public_id=_version(after), subject_kind="person", subject_id=village.persons["谷满仓"],
        reason="他有第二套房", acting_user=village.user("su"),
    )  # fmt: skip
    with pytest.raises(serve.OnHold):
        _serve(village, after, _ids(after))


def _version(found: FrozenList) -> str:
    return str(found.version.public_id)


def test_undone_the_same_day_by_a_row_and_recorded_again(village: Village, after: FrozenList) -> None:
    row = _ids(after)[0]
    serving = _serve(village, after, [row])[0]
    words = {"public_id": serving.public_id, "acting_user": village.user("su")}
    serve.end_serving(**words, how="undone", reason="")
    with pytest.raises(serve.AlreadyServed):
        serve.end_serving(**words, how="undone", reason="")
    assert _serve(village, after, [row])[0].follows.serving_id == serving.pk
    assert Serving.objects.count() == 2


def test_the_day_after_it_can_only_be_sent_back_with_a_reason(village: Village, after: FrozenList) -> None:
    serving = _serve(village, after, _ids(after)[:1])[0]
    words = {"public_id": serving.public_id, "acting_user": village.user("su")}
    with clock.frozen(world.AFTER_NOTICE + timedelta(days=1)):
        with pytest.raises(serve.NoLongerToday):
            serve.end_serving(**words, how="undone", reason="")
        with pytest.raises(serve.ReferenceMissing):
            serve.end_serving(**words, how="returned", reason=" ")
        assert serve.end_serving(**words, how="returned", reason="账号有误").how == "returned"


def test_the_database_lets_one_serving_stand_and_none_be_changed(village: Village, after: FrozenList) -> None:
    _serve(village, after, _ids(after)[:1])
    columns = "list_row_id, served_on, reference, amount_fen, recorded_by_id, recorded_at"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO benefits_serving (public_id, {columns}) SELECT 'x', {columns} FROM benefits_serving"
        )
    for statement in ("UPDATE benefits_serving SET amount_fen = 1", "DELETE FROM benefits_serving"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_what_was_handed_out_can_not_be_taken_back_as_a_whole(village: Village, after: FrozenList) -> None:
    _serve(village, after, _ids(after)[:1])
    with pytest.raises(freeze.NotCancellable):
        freeze.cancel_list(public_id=after.public_id, reason="重来", acting_user=village.user("su"))
    with pytest.raises(freeze.NotCancellable):
        freeze.exclude_row(
            list_public_id=after.public_id, row_id=_ids(after)[0], reason="重来", acting_user=village.user("su")
        )


def test_history_tells_who_was_served_here_or_on_paper(village: Village, after: FrozenList) -> None:
    row = after.rows.get(subject_id=village.persons["谷满仓"])
    _serve(village, after, [row.pk])
    line = PastServingLine(
        "yantai-consolation", "慰问金", "person", village.persons["艾草青"], village.union("town-a"), date(2024, 1, 20),
        "2023年慰问花名册", village.homes["艾草青"], 200_000,
    )  # fmt: skip
    assert load_past_servings(lines=[line, line], union_id=village.root) == 1
    assert load_past_servings(lines=[line], union_id=village.root) == 0
    both = {village.persons["谷满仓"], village.persons["艾草青"]}
    assert history.ever_served(after.programme_id, "person", None) == both
    assert history.served_anything("household", None) == {village.homes["谷满仓"], village.homes["艾草青"]}
    assert history.ever_served(after.programme_id, "person", [village.persons["桑果红"]]) == set()
    assert [one.amount_fen for one in history.received_by(village.homes["谷满仓"])] == [200_000]


def test_the_household_s_file_tells_past_help_newest_first_and_no_neighbour_s(
    village: Village, after: FrozenList
) -> None:
    pk, home = village.persons["桑果红"], village.homes["杜仲山"]
    taken = _serve(village, after, [after.rows.get(subject_id=pk).pk, after.rows.get(subject_id=pk - 1).pk])
    town, paid_on = village.union("town-a"), date(2024, 1, 20)
    old = PastServingLine("winter", "冬送温暖", "household", home, town, paid_on, "2023年花名册", home, 50_000)
    other = village.homes["谷满仓"]
    stranger = dataclasses.replace(old, subject_id=other, household_id=other, programme_name="别家的")
    load_past_servings(lines=[old, stranger], union_id=village.root)
    wrong = next(one for one in taken if one.list_row.subject_id != pk)
    serve.end_serving(public_id=wrong.public_id, how="undone", reason="", acting_user=village.user("su"))
    help_given = [one for one in timeline_of([home], [pk]) if one.kind == "help"]
    assert [(one.on, one.title, one.detail, one.amount_fen) for one in help_given] == [
        (DAY, "在档困难职工慰问金", "county工会（县级） · 桑果红 · 付字1号", 200_000),
        (paid_on, "冬送温暖", "2023年花名册", 50_000),
    ]
    client = Client()
    client.force_login(village.user("jiang"))
    household = people.subject_cards("household", [home], today=DAY)[home]
    page = client.get(reverse("household_file", args=[household.public_id])).content.decode()
    line = page[page.index('class="timeline"') :]
    for word in ("在档困难职工慰问金", "2,000.00", "桑果红 · 付字1号", "冬送温暖"):
        assert word in line
    assert "别家的" not in page


def test_what_is_on_the_list_and_not_handed_out_is_under_way(village: Village, after: FrozenList) -> None:
    pk, home = village.persons["谷满仓"], village.homes["谷满仓"]
    opened = OpenedFile(home, "", village.union("town-b"), village.user("su"), (pk,))
    assert [str(one.title) for one in underway.lists_under_way(opened)] == ["在档困难职工慰问金：已列入名单，还没发放"]
    _serve(village, after, [after.rows.get(subject_id=pk).pk])
    assert underway.lists_under_way(opened) == []


def test_undone_it_was_never_served(village: Village, after: FrozenList) -> None:
    serving = _serve(village, after, _ids(after)[:1])[0]
    serve.end_serving(public_id=serving.public_id, how="undone", reason="", acting_user=village.user("su"))
    assert history.served_anything("person", None) == set()


def test_the_notice_prints_masked_names_and_towns_only(village: Village, on_notice: FrozenList) -> None:
    rows = papers.notice_rows(scope_of(village.user("su"), "benefits.list:export"), on_notice)
    assert {(row.name, row.town) for row in rows} == {
        ("艾*青", "town-a"), ("杜*山", "town-a"), ("桑*红", "town-a"), ("谷*仓", "town-b"),
    }  # fmt: skip


def test_the_roster_adds_up_page_by_page(village: Village, on_notice: FrozenList, monkeypatch: Any) -> None:
    monkeypatch.setattr(papers, "ROSTER_ROWS", 3)
    pages = papers.roster(scope_of(village.user("su"), "benefits.list:export"), on_notice)
    assert [(page.subtotal_fen, page.running_fen, page.is_last) for page in pages] == [
        (600_000, 600_000, False),
        (200_000, 800_000, True),
    ]
    assert [row.number for page in pages for row in page.rows] == [1, 2, 3, 4]
    assert all(row.masked.startswith("990") and "*" * 8 in row.masked for page in pages for row in page.rows)


def test_a_town_prints_its_own_rows(village: Village, on_notice: FrozenList) -> None:
    rows = papers.notice_rows(scope_of(village.user("bai"), "benefits.list:read"), on_notice)
    assert [row.name for row in rows] == ["谷*仓"]
