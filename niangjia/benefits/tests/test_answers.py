"""Until when: the union promises a day, the worker reads it with who holds it; a day that passed is not promised."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.benefits.models import AnswerDay
from niangjia.benefits.services import answers
from niangjia.benefits.tests import world
from niangjia.benefits.tests.world import Village
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, RightMissing

pytestmark = pytest.mark.one_database


def _client(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def _own(village: Village, worker: Client) -> str:
    return worker.get(reverse("my_home")).content.decode()


def test_the_worker_reads_the_promised_day_with_who_holds_it(village: Village) -> None:
    version = world.consolation(village)
    worker, su = _client(world.worker(village, "艾草青")), _client(village.user("su"))
    assert "8月10日" not in _own(village, worker)
    here = reverse("desk_list", args=[version])
    assert "还没定几时以前答复" in su.get(here).content.decode()
    su.post(reverse("desk_list_answer", args=[version]), {"answer_by": "2026-08-10"})
    assert "答复日子：8月10日以前" in su.get(here).content.decode()
    page = _own(village, worker)
    assert '最晚<b class="num">8月10日</b>' in page
    assert "在<b>county工会</b>手里" in page
    # A later promise takes its place; the earlier one stays on record.
    su.post(reverse("desk_list_answer", args=[version]), {"answer_by": "2026-08-12"})
    assert "8月12日" in _own(village, worker)
    assert list(AnswerDay.objects.order_by("pk").values_list("day", flat=True)) == [
        date(2026, 8, 10), date(2026, 8, 12),
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        AnswerDay.objects.update(day=date(2026, 9, 1))


def test_a_day_that_has_passed_is_said_and_not_promised_again(village: Village) -> None:
    version = world.consolation(village)
    user = world.worker(village, "艾草青")
    answers.set_answer_day(version_public_id=version, day=date(2026, 8, 10), acting_user=village.user("su"))
    with clock.frozen(date(2026, 8, 11)):
        page = _own(village, _client(user))
        assert "最晚<b" not in page
        assert "工会说好8月10日以前答复，现在晚了" in page
        assert "已经过了" in _client(village.user("su")).get(reverse("desk_list", args=[version])).content.decode()


def test_freezing_may_promise_it_too(village: Village) -> None:
    version = world.consolation(village)
    su = _client(village.user("su"))
    page = su.get(reverse("desk_list_freeze", args=[version]))
    form = page.context["form"]
    data = {
        "document_number": "云工发〔2026〕21号", "meeting": "主席办公会", "meeting_on": "2026-08-03",
        "attachment": world.pdf(), "answer_by": "2026-08-20", "seen": form.initial["seen"],
        "request_id": form.initial["request_id"],
    }  # fmt: skip
    assert su.post(reverse("desk_list_freeze", args=[version]), {**data, "answer_by": "2026-07-01"}).status_code == 422
    assert not AnswerDay.objects.exists()
    answer = su.post(reverse("desk_list_freeze", args=[version]), {**data, "attachment": world.pdf("again")})
    assert answer.status_code == 302
    assert AnswerDay.objects.get().day == date(2026, 8, 20)


@pytest.mark.parametrize("day", [None, date(2026, 8, 2), date(2090, 1, 1)], ids=["none", "past", "after the end"])
def test_a_day_that_cannot_be_promised(village: Village, day: date | None) -> None:
    version = world.consolation(village)
    with pytest.raises((answers.DayMissing, answers.DayNotPossible)):
        answers.set_answer_day(version_public_id=version, day=day, acting_user=village.user("su"))


def test_only_who_freezes_promises(village: Village) -> None:
    version = world.consolation(village)
    with pytest.raises((RightMissing, NotFoundHere)):
        answers.set_answer_day(version_public_id=version, day=date(2026, 8, 10), acting_user=village.user("jiang"))
