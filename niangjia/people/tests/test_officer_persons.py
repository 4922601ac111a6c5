"""Which file an officer is: asked when he is appointed, said by a colleague afterwards, taken back, and kept."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from niangjia.accounts.models import User
from niangjia.core import clock
from niangjia.core.errors import NotFoundHere, Refusal, RightMissing
from niangjia.federation.models import AuditRow
from niangjia.federation.queries import open_approvals
from niangjia.federation.scopes import system_scope
from niangjia.federation.services import approvals
from niangjia.files.tests.pictures import png
from niangjia.people.erasure import NOBODY
from niangjia.people.holdings import held_of
from niangjia.people.models import OfficerPerson, Person
from niangjia.people.oneself import own_files
from niangjia.people.services import erasure, officer_persons as officers, requests
from niangjia.people.services.households import register_household
from niangjia.people.services.own_matters import OwnMatter
from niangjia.people.services.persons import register_person
from niangjia.people.tests.world import World, identity_number

NUMBER = identity_number(date(1985, 5, 6), 9)
CARD = "身份证"


@pytest.fixture
def mai(world: World) -> Person:
    """Somebody of town A."""
    return person_of(world, "麦芒种", NUMBER)


def person_of(world: World, name: str, number: str, union: str = "town-a", by: str = "su") -> Person:
    return register_person(
        union_id=world.union(union).pk, name=name, id_number=number, acting_user=world.user(by)
    )  # fmt: skip


def desk(world: World, name: str = "su") -> Client:
    client = Client()
    client.force_login(world.user(name))
    return client


def form(world: World, **more: Any) -> dict[str, Any]:
    return {
        "username": "maimai", "name": "麦芒种", "post": "干事", "role": "town_officer",
        "union": world.union("town-a").public_id, "until": (clock.today() + timedelta(days=99)).isoformat(),
        "reason": "新任", **more,
    }  # fmt: skip


def say(world: World, person: Person | None, officer: str = "jiang", by: str = "su") -> OfficerPerson:
    return officers.say_person(
        user_id=world.user(officer).pk, person_public_id=person.public_id if person else "", source=CARD,
        acting_user=world.user(by),
    )  # fmt: skip


def correct(client: Client, person: Person) -> str:
    told = {"name": "麦忙种", "source": CARD}
    return client.post(reverse("person_correct", args=[person.public_id]), told).content.decode()


def test_the_way_from_the_appointment_to_the_first_act_that_is_refused(world: World, mai: Person) -> None:
    other = person_of(world, "谷满仓", identity_number(date(1970, 1, 1), 2))
    su = desk(world)
    page = su.post(reverse("right_new"), form(world)).content.decode()
    assert "这名工作人员是登记库中的哪份档案" in page
    assert f"{NUMBER[:3]}*" in page
    assert NUMBER not in page, "the number is masked"
    assert mai.public_id in page
    assert other.public_id not in page
    assert not User.objects.filter(username="maimai").exists(), "nothing is given before it is answered"
    page = su.post(reverse("right_new"), form(world, who="")).content.decode()
    assert "请选择档案" in page
    page = su.post(reverse("right_new"), form(world, who=mai.public_id, number="")).content.decode()
    assert "maimai" in page
    officer = User.objects.get(username="maimai")
    told = AuditRow.objects.filter(object_kind="user", object_id=officer.pk).order_by("pk")
    assert list(told.values_list("action", "actor__username")) == [
        ("federation.account:open", "su"), ("federation.grant:give", "su"), ("people.officer:say", "su"),
    ]  # fmt: skip
    said = OfficerPerson.objects.get(user=officer)
    assert (said.person, said.source, said.said_by) == (mai, "新任", world.user("su"))
    # A second role asks no second time.
    page = su.post(reverse("right_new"), form(world, union=world.union("grid-a").public_id)).content.decode()
    assert "哪份档案" not in page
    client = Client()
    client.force_login(officer)
    assert "同事" in correct(client, mai)
    mai.refresh_from_db()
    assert mai.name == "麦芒种"
    assert correct(client, other) == ""


def test_without_the_answer_the_same_officer_corrects_himself(world: World, mai: Person) -> None:
    """The control: what the way above refuses is done where nobody said who he is."""
    desk(world).post(reverse("right_new"), form(world, who="later"))
    client = Client()
    client.force_login(User.objects.get(username="maimai"))
    assert correct(client, mai) == ""
    mai.refresh_from_db()
    assert mai.name == "麦忙种"


def test_a_file_under_another_name_is_found_by_its_whole_number_in_scope_only(world: World, mai: Person) -> None:
    world.officer("bei", "county_officer", "other-county")
    far = person_of(world, "白头翁", identity_number(date(1980, 1, 1), 1), "far-town", "bei")
    su, told = desk(world), {"name": "麦芒种芒", "look": "1"}
    assert mai.public_id not in su.post(reverse("right_new"), form(world, **told)).content.decode()
    page = su.post(reverse("right_new"), form(world, number=NUMBER, **told)).content.decode()
    assert mai.public_id in page
    page = su.post(reverse("right_new"), form(world, number=far.id_number, **told)).content.decode()
    assert far.public_id not in page
    assert "白头翁" not in page
    answer = su.post(reverse("right_new"), form(world, who=far.public_id))
    assert "请选择档案" in answer.content.decode()
    assert not User.objects.filter(username="maimai").exists()
    with pytest.raises(NotFoundHere):
        say(world, far)


def test_who_may_read_no_files_is_not_asked_and_the_officer_stands_on_the_list(world: World) -> None:
    told = form(world, role="auditor", union=world.union("county").public_id)
    page = desk(world, "yuan").post(reverse("right_new"), told).content.decode()
    assert "哪份档案" not in page
    assert User.objects.filter(username="maimai").exists()
    assert "麦芒种" in desk(world).get(reverse("officer_persons"), {"said": "never"}).content.decode()


def test_the_count_of_those_never_said_opens_its_list_and_each_is_said_from_there(world: World, mai: Person) -> None:
    su = desk(world)
    page = su.get(reverse("rights")).content.decode()
    found = re.search(r'<a href="([^"]+)" data-count="(\d+)[^"]*">', page)
    assert found is not None
    assert found[1] == reverse("officer_persons") + "?said=never"
    listed = su.get(found[1]).content.decode()
    assert listed.count("<tr") - 1 == int(found[2]) == 5, "su, lian, jiang, bai and yuan; the province is out of reach"
    jiang = world.user("jiang")
    address = reverse("officer_person_say", args=[jiang.public_id])
    assert reverse("officer_person", args=[jiang.public_id]) in listed
    page = su.post(address, {"number": NUMBER, "look": "1", "source": ""}).content.decode()
    assert mai.public_id in page
    assert su.post(address, {"who": mai.public_id, "number": NUMBER, "source": ""}).status_code == 422
    assert su.post(address, {"who": mai.public_id, "number": NUMBER, "source": CARD}).status_code == 302
    assert own_files(jiang).has("person", mai.pk)
    page = su.get(reverse("officer_person", args=[jiang.public_id])).content.decode()
    assert "麦芒种" in page
    assert "su·葵" in page
    assert NUMBER not in page
    assert f'data-count="{int(found[2]) - 1}' in su.get(reverse("rights")).content.decode()
    # The auditor reads no files: he sees that it was said, by whom, and not whose file it is.
    page = desk(world, "yuan").get(reverse("officer_person", args=[jiang.public_id])).content.decode()
    assert "麦芒种" not in page
    assert "su·葵" in page


def test_that_an_officer_stands_in_no_file_is_said_with_day_and_name(world: World) -> None:
    say(world, None)
    page = desk(world).get(reverse("officer_persons"), {"said": "none"}).content.decode()
    assert page.count("<tr") == 2
    page = desk(world).get(reverse("officer_person", args=[world.user("jiang").public_id])).content.decode()
    assert "本登记库中没有其档案" in page
    assert "su·葵" in page
    assert own_files(world.user("jiang")).persons == frozenset()


def test_nobody_says_it_of_himself_or_without_the_right_and_none_twice(world: World, mai: Person) -> None:
    with pytest.raises(officers.HimselfSaid):
        say(world, mai, "su", "su")
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficerPerson.objects.create(
            user=world.user("su"), person=mai, source=CARD, said_by=world.user("su"), said_at=clock.now()
        )
    with pytest.raises(RightMissing):
        say(world, mai, "bai", "jiang")
    with pytest.raises(NotFoundHere):
        say(world, mai, "yun", "su")  # of the province
    with pytest.raises(RightMissing):
        say(world, mai, "jiang", "yuan")  # gives auditors' roles, and reads no files
    with pytest.raises(officers.SourceMissing):
        officers.say_person(
            user_id=world.user("jiang").pk, person_public_id="", source=" ", acting_user=world.user("su")
        )
    say(world, mai)
    with pytest.raises(officers.SaidAlready):
        say(world, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficerPerson.objects.create(user=world.user("jiang"), source=CARD, said_at=clock.now())
    assert desk(world, "jiang").get(reverse("officer_persons")).status_code == 200
    for route in ("officer_person_say", "officer_person_take"):
        address = reverse(route, args=[world.user("jiang").public_id])
        assert desk(world, "jiang").get(address).status_code == 404


def test_taken_back_it_stays_on_record_and_holds_nobody_back_any_more(world: World, mai: Person) -> None:
    say(world, mai)
    jiang, take = world.user("jiang"), reverse("officer_person_take", args=[world.user("jiang").public_id])
    with pytest.raises(officers.WhyMissing):
        officers.take_person_back(user_id=jiang.pk, reason=" ", acting_user=world.user("su"))
    assert desk(world).post(take, {"reason": "认错了人"}).status_code == 302
    said = OfficerPerson.objects.get()
    assert (said.ended_by, said.end_reason, said.person) == (world.user("su"), "认错了人", mai)
    assert AuditRow.objects.get(action="people.officer:unsay").reason == "认错了人"
    assert not own_files(jiang).has("person", mai.pk)
    assert "已不存在" in desk(world).post(take, {"reason": "再来"}).content.decode()
    page = desk(world).get(reverse("officer_person", args=[jiang.public_id])).content.decode()
    assert "认错了人" in page
    say(world, mai)
    assert own_files(jiang).has("person", mai.pk)


def test_nobody_takes_it_back_for_himself_or_from_his_own_household(world: World, mai: Person) -> None:
    xun = world.officer("xun", "county_officer", "county")
    register_household(
        union_id=mai.union_id, head_id=mai.pk, address="", registered_on=date(2024, 1, 1), acting_user=xun,
    )  # fmt: skip
    say(world, mai, "su", "xun")
    with pytest.raises(officers.HimselfSaid):
        officers.take_person_back(user_id=world.user("su").pk, reason="x", acting_user=world.user("su"))
    say(world, mai, "lian", "xun")  # husband and wife share one file here: enough for the rule
    with pytest.raises(OwnMatter):
        officers.take_person_back(user_id=world.user("su").pk, reason="x", acting_user=world.user("lian"))
    officers.take_person_back(user_id=world.user("su").pk, reason="x", acting_user=xun)


def test_it_opens_nothing(world: World, mai: Person) -> None:
    say(world, mai)
    client = desk(world, "jiang")
    assert client.get(reverse("my_home")).status_code == 404
    assert client.get(reverse("my_data")).status_code in {302, 404}


def test_the_person_is_told_of_it_and_deleted_it_ends(world: World, mai: Person) -> None:
    say(world, mai)
    rows = {one.code: one.rows for one in held_of(mai.pk)}
    assert [(row.label, row.source) for row in rows["people.officer"]] == [("jiang·葵", CARD)]
    zi = world.officer("zi", "county_officer", "county")
    say(world, mai, "zi")
    asked = requests.note_erasure(
        person_id=mai.pk, says="", photograph=SimpleUploadedFile("x.png", png(), "image/png"), request_id="e",
        acting_user=world.user("su"),
    )  # fmt: skip
    for act in (erasure.propose_erasure, partial(erasure.refuse_erasure, note="不行")):
        with pytest.raises(OwnMatter):
            act(public_id=asked.public_id, acting_user=zi)
    erasure.propose_erasure(public_id=asked.public_id, acting_user=world.user("su"))
    waiting = open_approvals(system_scope(), erasure.KIND).get()
    approvals.decide(public_id=waiting.public_id, verdict="confirmed", note="", acting_user=world.user("lian"))
    assert Person.objects.get(pk=mai.pk).name == NOBODY
    assert set(OfficerPerson.objects.values_list("ended_by", "end_reason")) == {(None, NOBODY)}
    assert not own_files(world.user("jiang")).has("person", mai.pk)


def test_every_refusal_is_a_sentence() -> None:
    for refusal in (officers.HimselfSaid, officers.SaidAlready, officers.NothingSaid, officers.SourceMissing):
        assert issubclass(refusal, Refusal)
        assert "Nothing was changed" in str(refusal.sentence) or "未作任何更改" in str(refusal.sentence)
