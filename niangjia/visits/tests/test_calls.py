"""A call noted by mistake is taken back with a reason: what it said is kept and counts no more, and it is due again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.core import clock
from niangjia.core.errors import NotFoundHere
from niangjia.federation.models import AuditRow
from niangjia.federation.scopes import scope_of
from niangjia.files.tests.pictures import png
from niangjia.people.services.households import close_hardship_file, open_hardship_file, register_household
from niangjia.people.services.officer_persons import say_person
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World
from niangjia.visits import queries
from niangjia.visits.householdpage import past_visits
from niangjia.visits.models import CallTakenBack, FollowUp
from niangjia.visits.permissions import RECORD
from niangjia.visits.services.leaving import NoCallToTakeBack, WhyTakenBack, record_call, take_call_back
from niangjia.visits.services.visits import Table, record_visit


@pytest.fixture
def call(world: World) -> FollowUp:
    """The first call back to a household of town A that left its file."""
    su, today = world.user("su"), clock.today()
    union = world.union("town-a").pk
    head = register_person(union_id=union, name="麦芒种", acting_user=su)
    home = register_household(
        union_id=union, head_id=head.pk, address="某街1号", registered_on=date(2020, 1, 1), acting_user=su
    )
    open_hardship_file(
        household_id=home.pk, grade="deep", cause="病", entered_on=date(2020, 1, 1), review_due_on=date(2030, 1, 1),
        acting_user=su,
    )  # fmt: skip
    record_visit(
        household_id=home.pk, table=Table("review", today, "better", today - timedelta(days=200)),
        photos=[SimpleUploadedFile("x.png", png(), "image/png")], request_id="v", acting_user=su,
    )  # fmt: skip
    close_hardship_file(household_id=home.pk, exited_on=today, reason="好转", acting_user=su)
    return FollowUp.objects.earliest("due_on")


def note(call: FollowUp, world: World, result: str = "back", by: str = "jiang") -> None:
    record_call(
        public_id=call.public_id, done_on=clock.today(), result=result, note="说又病了", acting_user=world.user(by)
    )


def test_taken_back_it_is_due_again_and_what_it_said_is_kept(world: World, call: FollowUp) -> None:
    home, jiang = call.household_id, world.user("jiang")
    with pytest.raises(NoCallToTakeBack):
        take_call_back(public_id=call.public_id, reason="没打过", acting_user=jiang)
    note(call, world)
    before = len(past_visits([home], []))
    client = Client()
    client.force_login(jiang)
    page = client.get(reverse("household_file", args=[call.household.public_id])).content.decode()
    address = reverse("call_take_back", args=[call.public_id])
    assert address in page
    asked = client.get(address).content.decode()
    assert f"已记为{clock.today()}完成，记录人{jiang.display_name}" in asked
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "打给了别人家"}).status_code == 302
    call.refresh_from_db()
    assert (call.done_on, call.result, call.note, call.done_by) == (None, "", "", None)
    taken = CallTakenBack.objects.get()
    assert (taken.done_on, taken.result, taken.note, taken.done_by, taken.taken_back_by, taken.reason) == (
        clock.today(), "back", "说又病了", jiang, jiang, "打给了别人家",
    )  # fmt: skip
    assert len(past_visits([home], [])) == before - 1, "it counts no more"
    due = queries.calls_due(scope_of(jiang, RECORD), call.due_on)
    assert call in due
    row = AuditRow.objects.get(action="visits.follow_up:take_back")
    assert (row.object_id, row.reason) == (home, "打给了别人家")
    assert "说又病了" not in str(row.before) + str(row.after)
    page = client.get(reverse("household_file", args=[call.household.public_id])).content.decode()
    assert "打给了别人家" in page
    assert reverse("call_record", args=[call.public_id]) in page
    assert "无可撤回" in client.post(address, {"reason": "又来"}).content.decode()
    note(call, world, "steady")
    assert FollowUp.objects.get(pk=call.pk).result == "steady"


def test_it_takes_a_reason_the_right_and_a_household_that_is_not_ones_own(world: World, call: FollowUp) -> None:
    note(call, world)
    with pytest.raises(WhyTakenBack):
        take_call_back(public_id=call.public_id, reason=" ", acting_user=world.user("jiang"))
    with pytest.raises(NotFoundHere):
        take_call_back(public_id=call.public_id, reason="x", acting_user=world.user("bai"))
    person = call.household.members.get().person.public_id
    say_person(user_id=world.user("jiang").pk, person_public_id=person, source="身份证", acting_user=world.user("su"))
    with pytest.raises(OwnMatter):
        take_call_back(public_id=call.public_id, reason="x", acting_user=world.user("jiang"))
    assert FollowUp.objects.get(pk=call.pk).result == "back", "nothing was changed"
    take_call_back(public_id=call.public_id, reason="x", acting_user=world.user("su"))
    with pytest.raises(IntegrityError), transaction.atomic():
        CallTakenBack.objects.update(reason="")
