"""A file for a bureau that names many leaves on two persons' word; one that names few on one's."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import Approval, AuditRow
from niangjia.federation.services.approvals import ChangedSince, SamePerson
from niangjia.people.models import CrossCheck, CrossCheckSubject
from niangjia.people.services import check_leave, cross_checks as checks
from niangjia.people.tests.test_check_consent import file_text, say
from niangjia.people.tests.test_cross_checks import PLANTS, again, draft, home, send, sign, table_of
from niangjia.people.tests.test_pages import client_of
from niangjia.people.tests.world import World

pytestmark = pytest.mark.one_database


class Left(AssertionError):
    """A file of many left on one person's word."""


@pytest.fixture
def sent(world: World, monkeypatch: pytest.MonkeyPatch) -> CrossCheck:
    """A batch of four numbers where three are the most for one officer."""
    monkeypatch.setattr(check_leave, "MOST_ALONE", 3)
    homes = [home(world, at, name, spouse=at == 0) for at, name in enumerate(PLANTS[:3])]
    for one in homes:
        sign(world, one)
    return send(world, draft(world, homes))


def stays(world: World, check: CrossCheck) -> None:
    """One officer alone tries."""
    try:
        checks.take_file(public_id=check.public_id, acting_user=world.user("su"))
    except check_leave.SecondPersonFirst:
        assert not AuditRow.objects.filter(action="people.check:reveal").exists()
    else:
        raise Left


def answer(world: World, check: CrossCheck, verdict: str, note: str = "", who: str = "lian") -> CrossCheck:
    return check_leave.answer(public_id=check.public_id, verdict=verdict, note=note, acting_user=world.user(who))


def test_the_file_waits_for_the_second_person_who_sees_whom_it_names(world: World, sent: CrossCheck) -> None:
    stays(world, sent)
    officer, deputy = client_of(world, "su"), client_of(world, "lian")
    shown = officer.get(reverse("check_file", args=[sent.public_id])).content.decode()
    assert "等第二人确认" in shown
    assert reverse("check_take", args=[sent.public_id]) not in shown
    page = reverse("check_confirm", args=[sent.public_id])
    assert page in deputy.get("/desk/").content.decode()
    asked = deputy.get(page).content.decode()
    assert all(name in asked for name in PLANTS[:3])
    assert officer.get(page).status_code in {403, 404}, "who sends does not confirm"
    with pytest.raises(NotFoundHere):
        answer(world, sent, "confirmed", who="bai")
    assert deputy.post(page, {"answer": "confirmed"})["Location"] == reverse("desk")
    content = checks.take_file(public_id=sent.public_id, acting_user=world.user("su"))
    assert PLANTS[0] in json.dumps(table_of(content), ensure_ascii=False)
    assert deputy.get(page).status_code == 404, "answered once"


def test_control_without_the_second_word_it_leaves(
    world: World, sent: CrossCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "check_allowed", lambda check, numbers: None)
    with pytest.raises(Left):
        stays(world, sent)


def test_sent_back_it_is_a_draft_again_with_the_sentence(world: World, sent: CrossCheck) -> None:
    with pytest.raises(check_leave.AnswerNeedsWords):
        answer(world, sent, "returned")
    answer(world, sent, "returned", "函号写错了")
    check = again(sent)
    assert (check.sent_on, check.due_on, check.subjects.filter(sent=True).count()) == (None, None, 0)
    shown = client_of(world, "su").get(reverse("check_file", args=[check.public_id])).content.decode()
    assert "函号写错了" in shown
    send(world, check)
    stays(world, check)
    answer(world, check, "confirmed")
    assert checks.take_file(public_id=check.public_id, acting_user=world.user("su"))


def test_what_was_confirmed_is_what_stood_there_and_nobody_confirms_his_own(world: World, sent: CrossCheck) -> None:
    Approval.objects.filter(object_id=sent.pk).update(asked_by=world.user("lian"))
    with pytest.raises(SamePerson):
        answer(world, sent, "confirmed")
    Approval.objects.filter(object_id=sent.pk).update(asked_by=world.user("su"))
    CrossCheckSubject.objects.filter(check_batch=sent).first().delete()  # type: ignore[union-attr]
    with pytest.raises(ChangedSince):
        answer(world, sent, "confirmed")


def test_few_need_nobody_and_who_says_no_after_the_yes_is_left_out(
    world: World, sent: CrossCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(world, sent, "confirmed")
    say(world, sent.subjects.order_by("pk")[1].person, False)
    assert PLANTS[1] not in file_text(world, sent)
    monkeypatch.setattr(check_leave, "MOST_ALONE", 4)
    few = [home(world, at, name) for at, name in enumerate(("苏铁叶", "金银花"), start=7)]
    for one in few:
        sign(world, one)
    check = send(world, draft(world, few))
    assert not Approval.objects.filter(object_id=check.pk).exists()
    assert checks.take_file(public_id=check.public_id, acting_user=world.user("su"))
