"""A batch that no bureau answers: closed with the reason, its people asked again, reopened when the answer comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.core.facts import BUREAU
from niangjia.federation.models import AuditRow
from niangjia.people.bureaux.batches import BACK, CLOSED, SENT, SETTLED, step_of
from niangjia.people.models import CrossCheck, RecordedFact
from niangjia.people.services import check_close as closing, check_leave, cross_checks as checks
from niangjia.people.tests.tables import digests, workbook
from niangjia.people.tests.test_check_rows import names_on
from niangjia.people.tests.test_cross_checks import (
    BORN,
    PLANTS,
    again,
    answer,
    draft,
    home,
    send,
    settle,
    sign,
)
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database
WHY = "电话催过两次，对方系统更换"


@pytest.fixture
def sent(world: World) -> CrossCheck:
    """Three households, two of them signed and asked about."""
    homes = [home(world, at, name) for at, name in enumerate(PLANTS[:3])]
    for one in homes[:2]:
        sign(world, one)
    return send(world, draft(world, homes))


def close(world: World, check: CrossCheck, why: str = WHY) -> None:
    """Over the page."""
    made = client_of(world, "su").post(reverse("check_close", args=[check.public_id]), {"why": why})
    assert made.status_code == 302, made.content.decode()


def page(world: World, route: str, *args: str) -> str:
    """A page as the county's officer reads it."""
    return client_of(world, "su").get(reverse(route, args=args)).content.decode()


def hand_in(client: Client, check: CrossCheck) -> str:
    """The table that came back, over the page; what the page says to it."""
    table = workbook([("姓名", "身份证号", "家庭人均月收入"), (PLANTS[0], identity_number(BORN, 0), 900)])
    sent = {
        "file": SimpleUploadedFile("民政.xlsx", table), "paper": "", "true_on": str(clock.today()),
        "request_id": "late",
    }  # fmt: skip
    made = client.post(reverse("check_answers", args=[check.public_id]), sent)
    return made.content.decode() if made.status_code == 422 else ""


def test_a_batch_that_nobody_answers_is_closed_and_says_when_by_whom_and_why(world: World, sent: CrossCheck) -> None:
    assert reverse("check_close", args=[sent.public_id]) in page(world, "check_file", sent.public_id)
    asked = page(world, "check_close", sent.public_id)
    assert "2户" in asked
    nothing = client_of(world, "su").post(reverse("check_close", args=[sent.public_id]), {"why": " "})
    assert nothing.status_code == 422
    assert step_of(again(sent), clock.today()) == SENT
    close(world, sent)
    assert step_of(again(sent), clock.today()) == CLOSED
    told = f"{clock.today()} · {world.user('su').display_name} · {WHY}"
    for shown in (page(world, "check_file", sent.public_id), page(world, "check_list")):
        assert told in shown
        assert "结束，未收到结果" in shown
    row = AuditRow.objects.get(action="people.check:close")
    assert (row.actor, row.object_id, row.reason) == (world.user("su"), sent.pk, WHY)
    assert names_on(world, sent, verdict="never") == set(PLANTS[:2])
    assert names_on(world, sent, part="named") == set(PLANTS[:2])


def test_its_people_are_asked_again_from_its_page(world: World, sent: CrossCheck) -> None:
    homes = [one.household for one in sent.subjects.order_by("pk") if one.household is not None]
    with pytest.raises(checks.NobodyToCheck):
        draft(world, homes[:2])
    close(world, sent)
    address = reverse("check_rest", args=[sent.public_id])
    assert address in page(world, "check_file", sent.public_id)
    made = client_of(world, "su").post(address, {"request_id": "again"})
    second = CrossCheck.objects.latest("pk")
    assert made["Location"] == reverse("check_file", args=[second.public_id])
    assert set(second.subjects.values_list("household_id", flat=True)) == {one.pk for one in homes}
    send(world, second)
    answer(world, second, [(PLANTS[0], identity_number(BORN, 0), 900)])
    settle(world, second)
    assert RecordedFact.objects.get(proof=BUREAU).subject_id == homes[0].pk
    assert step_of(again(sent), clock.today()) == CLOSED


def test_an_answer_after_all_is_refused_with_what_to_do_and_comes_in_once_it_is_reopened(
    world: World, sent: CrossCheck
) -> None:
    client, before = client_of(world, "su"), CrossCheck.objects.filter(pk=sent.pk).values().get()
    close(world, sent)
    kept = digests()
    assert "请先在这一批的页面上重新打开，再上传" in hand_in(client, sent)
    taken = client.post(reverse("check_take", args=[sent.public_id]), follow=True)
    assert "请先在这一批的页面上重新打开" in taken.content.decode()
    assert digests() == kept
    assert not AuditRow.objects.filter(action="people.check:reveal").exists()
    address = reverse("check_reopen", args=[sent.public_id])
    assert address in page(world, "check_file", sent.public_id)
    client.post(address)
    assert CrossCheck.objects.filter(pk=sent.pk).values().get() == before
    assert AuditRow.objects.get(action="people.check:reopen").reason == WHY
    assert client.post(reverse("check_take", args=[sent.public_id]))["Content-Type"].endswith("sheet")
    assert hand_in(client, sent) == ""
    assert step_of(again(sent), clock.today()) == BACK
    client.post(address)
    assert step_of(again(sent), clock.today()) == BACK, "open already: nothing happens"


def test_it_is_not_reopened_while_somebody_of_it_is_asked_again(world: World, sent: CrossCheck) -> None:
    client, address = client_of(world, "su"), reverse("check_reopen", args=[sent.public_id])
    first = sent.subjects.order_by("pk")[0].household
    assert first is not None
    close(world, sent)
    second = draft(world, [first])
    shown = client.post(address, follow=True).content.decode()
    assert f"没有重新打开：{PLANTS[0]}已在更新的一批里" in shown
    send(world, second)
    client.post(address)
    assert step_of(again(sent), clock.today()) == CLOSED
    close(world, second)
    client.post(address)
    assert step_of(again(sent), clock.today()) == SENT, "nobody of it is in an open batch any more"
    assert "没有重新打开" in client.post(reverse("check_reopen", args=[second.public_id]), follow=True).content.decode()


def test_a_draft_laid_aside_lets_it_be_reopened(world: World, sent: CrossCheck) -> None:
    first = sent.subjects.order_by("pk")[0].household
    assert first is not None
    close(world, sent)
    second = draft(world, [first])
    with pytest.raises(closing.AskedAgain):
        closing.reopen_check(public_id=sent.public_id, acting_user=world.user("su"))
    checks.drop_check(public_id=second.public_id, acting_user=world.user("su"))
    closing.reopen_check(public_id=sent.public_id, acting_user=world.user("su"))
    assert step_of(again(sent), clock.today()) == SENT


def test_only_what_is_with_the_bureau_and_unanswered_is_closed(
    world: World, sent: CrossCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    su = world.user("su")
    answer(world, sent, [(PLANTS[0], identity_number(BORN, 0), 900)])
    for _step in ("back", "settled"):
        with pytest.raises(closing.NothingToClose):
            closing.close_check(public_id=sent.public_id, why=WHY, acting_user=su)
        if _step == "back":
            settle(world, sent)
    assert step_of(again(sent), clock.today()) == SETTLED
    household = home(world, 7, "苏铁叶")
    sign(world, household)
    check = draft(world, [household])
    with pytest.raises(closing.NothingToClose):
        closing.close_check(public_id=check.public_id, why=WHY, acting_user=su)
    monkeypatch.setattr(check_leave, "MOST_ALONE", 0)
    send(world, check)
    refused = client_of(world, "su").post(reverse("check_close", args=[check.public_id]), {"why": WHY})
    assert refused.status_code == 422, "its file waits for the second person"
    check_leave.answer(public_id=check.public_id, verdict="confirmed", note="", acting_user=world.user("lian"))
    close(world, check)
    again_closed = client_of(world, "su").post(reverse("check_close", args=[check.public_id]), {"why": "又一次"})
    assert again_closed.status_code == 422
    assert again(check).closed_why == WHY


def test_a_closed_batch_is_late_no_more_and_leaves_the_first_page(world: World, sent: CrossCheck) -> None:
    with clock.frozen(clock.now() + timedelta(days=40)):
        badge = '比对 <span class="badge">1</span>'
        assert ("复核" in page(world, "desk"), badge in page(world, "desk")) == (True, True)
        assert "超时" in page(world, "check_list")
        close(world, sent)
        assert ("复核" in page(world, "desk"), badge in page(world, "desk")) == (False, False)
        assert "超时" not in page(world, "check_list")


def test_nobody_else_closes_it_and_the_database_keeps_it_whole(world: World, sent: CrossCheck) -> None:
    stranger = world.officer("other", "county_officer", "other-county")
    with pytest.raises(NotFoundHere):
        closing.close_check(public_id=sent.public_id, why=WHY, acting_user=stranger)
    with pytest.raises(NotFoundHere):
        closing.close_check(public_id=sent.public_id, why=WHY, acting_user=world.user("jiang"))
    close(world, sent)
    with pytest.raises(NotFoundHere):
        closing.reopen_check(public_id=sent.public_id, acting_user=stranger)
    open_one = draft(world, [home(world, 8, "金银花")])
    for check, wrong in ((sent, {"closed_why": ""}), (sent, {"closed_by": None}), (open_one, {"closed_why": WHY})):
        with pytest.raises(IntegrityError), transaction.atomic():
            CrossCheck.objects.filter(pk=check.pk).update(**wrong)
