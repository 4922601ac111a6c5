"""What officers and the night answer to requests: not against the number, not by a stranger's telephone, one by one."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.accounts.services.users import create_user
from niangjia.core import clock
from niangjia.federation.services.grants import grant_role, ten_years_from_now
from niangjia.people.erasure import NOBODY, Plan
from niangjia.people.models import Mandate, OwnAnswer, OwnRequest, Person
from niangjia.people.services import erasure, requests
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number

pytestmark = pytest.mark.one_database
NUMBER = identity_number(date(1980, 1, 2), 3)
NEW_PHONE = "13800000012"


@pytest.fixture
def mai(world: World) -> Person:
    """Somebody in town A."""
    return register_person(
        union_id=world.union("town-a").pk, name="麦芒种", id_number=NUMBER, phone="13800000009",
        acting_user=world.user("su"),
    )  # fmt: skip


def account(person: Person) -> User:
    user = create_user(username=f"worker-{person.pk}", display_name=person.name)
    grant_role(user=user, role="worker", person_id=person.pk, expires_at=ten_years_from_now(), acting_user=None)
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_correction_cannot_contradict_the_identity_number(world: World, mai: Person) -> None:
    worker, desk = account(mai), client_of(world.user("jiang"))
    for what, wanted, fits in (("born_on", "1981-01-02", "1980-01-02"), ("sex", "女", "男")):
        row = requests.ask_correction(
            person_id=mai.pk, what=what, wanted=wanted, says="", photograph=None, request_id=what, acting_user=worker
        )
        page = desk.post(reverse("desk_request", args=[row.public_id]), {"answer": "done"})
        assert page.status_code == 422
        assert "和身份证号对不上" in page.content.decode()
        mai.refresh_from_db()
        assert (mai.born_on, mai.sex) == (date(1980, 1, 2), "male")
        row.wanted = fits
        row.save()
        requests.answer_correction(public_id=row.public_id, verdict="done", note="", acting_user=world.user("jiang"))


def test_who_acts_for_a_person_asks_for_no_other_telephone_of_his(world: World, mai: Person) -> None:
    wife = register_person(union_id=mai.union_id, name="麦二花", acting_user=world.user("su"))
    user = account(wife)
    mandate = Mandate.objects.create(
        person=mai, deputy=wife, union_id=mai.union_id, way="own", given_by=account(mai), given_at=clock.now()
    )
    asked = {"what": "phone", "wanted": NEW_PHONE, "request_id": "t-2", "whose": mai.public_id}
    page = client_of(user).post(reverse("my_correction"), asked)
    assert page.status_code == 422
    assert "本人" in page.content.decode()
    assert not OwnRequest.objects.exists()
    # Asked for before that was refused, it is not done either.
    row = OwnRequest.objects.create(
        person=mai, union_id=mai.union_id, kind="correct", what="phone", wanted=NEW_PHONE, mandate=mandate,
        asked_by=user, asked_at=clock.now(), due_on=clock.today(), request_id="t-3",
    )  # fmt: skip
    with pytest.raises(requests.TelephoneByHimself):
        requests.answer_correction(public_id=row.public_id, verdict="done", note="", acting_user=world.user("jiang"))
    mai.refresh_from_db()
    assert mai.phone == "+8613800000009"


def test_one_that_cannot_be_finished_stops_no_other_and_stands_on_the_desk(
    world: World, mai: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    su = world.user("su")
    stuck = register_person(union_id=mai.union_id, name="卡住", acting_user=su)
    for person in (stuck, mai):
        row = OwnRequest.objects.create(
            person=person, union_id=person.union_id, kind="erase", asked_by=world.user("jiang"), asked_at=clock.now(),
            due_on=clock.today(), request_id=f"n-{person.pk}", answered_at=clock.now(),
        )  # fmt: skip
        OwnAnswer.objects.create(request=row, verdict="partly", answered_by=su, answered_at=clock.now())
    carry_out = erasure.carry_out

    def breaks(plan: Plan) -> None:
        carry_out(plan)
        if plan.person_id == stuck.pk:
            raise ProtectedError("points at it", set())

    monkeypatch.setattr(erasure, "carry_out", breaks)
    desk = client_of(su)
    assert "没能删完" not in desk.get(reverse("desk")).content.decode()
    assert erasure.finish_erasures() == "1 deletions finished, 1 failed"
    mai.refresh_from_db()
    stuck.refresh_from_db()
    assert (mai.name, stuck.name) == (NOBODY, "卡住")
    assert "没能删完" in desk.get(reverse("desk")).content.decode()
    monkeypatch.undo()
    assert erasure.finish_erasures() == "1 deletions finished"
    assert "没能删完" not in desk.get(reverse("desk")).content.decode()
